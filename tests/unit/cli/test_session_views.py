"""Sessions as people and scripts see them."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from droid.cli.session_views import (
    hit_line,
    iso,
    printable,
    session_object,
    session_text,
    summary_line,
    summary_object,
)
from droid.domain.decisions import Decision, Step, TraceEntry
from droid.domain.events import (
    DecisionMade,
    Event,
    FilesChanged,
    ModelSet,
    Record,
    SessionRenamed,
    SessionStarted,
    ToolProposed,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
)
from droid.domain.files import FileChange
from droid.domain.levels import AutonomyLevel, Risk, Verdict
from droid.domain.messages import Usage, user_message
from droid.sessions.summaries import SearchHit, SessionSummary

STARTED = SessionStarted(
    session_id="s1",
    workspace="/w",
    cwd="/w",
    model="m1",
    autonomy=AutonomyLevel.LOW,
    surface="exec",
    system="",
)


def records(*turns: tuple[str | None, Event]) -> list[Record]:
    return [Record(seq=n, at=1.7e9, turn_id=turn, event=event) for n, (turn, event) in enumerate(turns, 1)]


def prompt(text: str) -> TurnStarted:
    return TurnStarted(prompt=text, message=user_message(text))


def decided(verdict: Verdict) -> DecisionMade:
    entry = TraceEntry(step=Step.AUTONOMY, verdict=verdict, rule="r")
    decision = Decision(verdict=verdict, input={}, risk=Risk.LOW, trace=(entry,))
    return DecisionMade(call_id="c", tool="Edit", decision=decision)


def changed(path: str) -> FilesChanged:
    change = FileChange(path=path, before=None, after="x", added_lines=1, removed_lines=0)
    return FilesChanged(call_id="c", changes=(change,))


SESSION = records(
    (None, STARTED),
    ("t1", prompt("mend it\nplease")),
    ("t1", ToolProposed(call_id="c", tool="Edit", arguments="{}", title="Edit a.py")),
    ("t1", decided(Verdict.ASK)),
    ("t1", decided(Verdict.ALLOW)),
    ("t1", changed("/w/a.py")),
    ("t1", changed("/w/a.py")),
    ("t1", TurnEnded(reason=TurnEndReason.DONE, answer="Mended.", usage=Usage(input_tokens=5), cost_usd=0.5)),
    (None, ModelSet(model="m2")),
    ("t2", prompt("more")),
    ("t2", TurnEnded(reason=TurnEndReason.BUDGET, message="the limit is reached", cost_usd=0.25)),
    ("t3", prompt("and more")),
)


def test_a_session_is_shown_turn_by_turn() -> None:
    assert session_text(SESSION) == snapshot("""\
s1  mend it
/w, m2, 5 tokens, $0.7500

> mend it please
  allow: Edit a.py
  changed /w/a.py
  Mended.

> more
  [budget] the limit is reached

> and more
  [not ended]\
""")


def test_an_object_for_scripts_holds_the_same() -> None:
    shown = session_object(SESSION)
    assert (shown["id"], shown["title"], shown["model"], shown["cost_usd"]) == ("s1", "mend it", "m2", 0.75)
    first = shown["turns"][0]
    assert first["tools"] == [{"call_id": "c", "title": "Edit a.py", "verdict": "allow"}]
    assert first["files_changed"] == ["/w/a.py"]
    assert [turn["reason"] for turn in shown["turns"]] == ["done", "budget", None]


def test_a_title_that_was_given_wins_and_an_unknown_price_makes_the_sum_unknown() -> None:
    more = records(
        (None, SessionRenamed(title="Named")),
        ("t9", prompt("x")),
        ("t9", TurnEnded(reason=TurnEndReason.DONE, cost_usd=None)),
    )
    shown = session_object([*SESSION, *more])
    assert (shown["title"], shown["cost_usd"]) == ("Named", None)


def test_a_transcript_that_is_nearly_empty_is_shown() -> None:
    assert session_object([])["turns"] == []
    assert session_text(SESSION[:1]).startswith("s1")


def test_a_line_of_the_list() -> None:
    summary = SessionSummary(
        id="s1", title="mend\x1b[31m it", workspace="/w", started_at=1.7e9, updated_at=1.7e9, turns=1, tokens=5,
        cost_usd=0.5, model="m", locked=True, parent=None, path=Path("/h/s1.jsonl"),
    )  # fmt: skip
    line = summary_line(summary, with_workspace=True)
    assert line.startswith("s1  2023-11-1")
    assert line.endswith("   1 turn    $0.50  mend [31m it (open)  /w")
    assert summary_object(summary)["started_at"] == "2023-11-14T22:13:20Z"
    hit = SearchHit(
        session_id="s1", title="t", workspace="/w", kind="prompt", seq=1, at=1.7e9, snippet="a\nb"
    )  # fmt: skip
    assert hit_line(hit).endswith("prompt   a b")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\n b", "a b"), ("\x1b]0;x\x07", "]0;x"), ("\u202eabc", "abc"), ("", ""), ("ü→", "ü→")],
)
def test_nothing_in_a_transcript_steers_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_moments_are_told_in_utc() -> None:
    assert iso(0) == "1970-01-01T00:00:00Z"
