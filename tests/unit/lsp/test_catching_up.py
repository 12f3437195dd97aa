"""A session document that was left at any moment, and is brought up to date from the session's records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.events import (
    AssistantAnswered,
    Event,
    ModelSet,
    Record,
    RetryScheduled,
    TextDelta,
    ToolFinished,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
)
from droid.domain.messages import Message, Role, TextPart, user_message
from droid.domain.models import StopReason
from droid.domain.tools import ToolResult
from droid.lsp.catching_up import catch_up, missing_text, turns_of
from droid.lsp.session_document import Speaker, parse
from droid.lsp.session_edits import AppendPlan, apply
from droid.lsp.session_text import new_document
from droid.lsp.transcript_markdown import Renderer, render_document

START = new_document("s1", "Title")
STORY = "Once there was `a` tree.\n\n```py\nx = 1\n\n## You\n```\n\n- one\n- two\n\nThe end of it"


def answer(text: str, cuts: int = 7) -> list[Event]:
    """A step as it streams."""
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text=text),))
    deltas: list[Event] = [TextDelta(text=text[at : at + cuts]) for at in range(0, len(text), cuts)]
    return [*deltas, AssistantAnswered(message=message, stop_reason=StopReason.END)]


def turn(number: int, prompt: str, *events: Event) -> list[Record]:
    whole = (
        TurnStarted(prompt=prompt, message=user_message(prompt)),
        *events,
        TurnEnded(reason=TurnEndReason.DONE, steps=number),
    )
    return [Record(seq=0, at=0.0, turn_id=f"t{number}", event=event) for event in whole]


def tool(call_id: str) -> list[Event]:
    result = ToolResult(text="made", exit_code=0)
    return [
        ToolProposed(call_id=call_id, tool="Execute", title="Execute make", arguments="{}"),
        ToolStarted(call_id=call_id, tool="Execute"),
        ToolFinished(call_id=call_id, tool="Execute", result=result, duration_s=1.0),
    ]


PLAIN = [
    Record(seq=1, at=0.0, turn_id=None, event=ModelSet(model="m")),
    *turn(1, "one", *tool("c1"), *answer(STORY)),
    *turn(2, "```\nopen", *answer("the second answer")),
]
RETRIED = turn(
    1,
    "one",
    TextDelta(text="An attempt th"),
    RetryScheduled(attempt=1, delay_s=1.0, reason="it broke off."),
    *answer(STORY),
)


def stored(records: list[Record]) -> list[Record]:
    return [record for record in records if not isinstance(record.event, TextDelta)]


def states(records: list[Record]) -> list[str]:
    """The document after each piece that streams in."""
    renderer, text, found = Renderer(), START, [START]
    for record in records:
        piece = renderer.feed(record)
        edit = AppendPlan(text).piece(piece) if piece is not None else None
        if edit is not None:
            text = apply(text, edit)
            found.append(text)
    return found


def caught_up(text: str, records: list[Record]) -> str:
    renderer = Renderer()
    turns = turns_of(piece for record in records if (piece := renderer.feed(record)) is not None)
    order = {one.turn_id: place for place, one in enumerate(turns)}
    for one in turns:
        if (edit := catch_up(AppendPlan(text), one, order)) is not None:
            text = apply(text, edit)
            assert catch_up(AppendPlan(text), one, order) is None
    return text


def said(text: str) -> list[tuple[str, str]]:
    """Who says what, in order."""
    return [(one.turn_id or "you", one.text) for one in parse(text).sections]


@pytest.mark.parametrize("draft", ["", "and now?"])
def test_from_any_moment_of_a_stream_each_turn_is_shown_once(draft: str):
    whole = render_document(stored(PLAIN), session_id="s1", title="Title") + draft
    for state in states(PLAIN):
        assert said(caught_up(state + draft, stored(PLAIN))) == said(whole), state


def test_a_turn_that_streamed_on_after_a_failed_attempt_is_shown_to_its_end():
    for state in states(RETRIED):
        text = caught_up(f"{state}mine", stored(RETRIED))
        assert text.count("The end of it") == 1, state
        assert text.count("Once there was") == 1, state
        assert text.count("*Done") == 1, state
        assert text.endswith("## You\n\nmine")


def test_what_a_killed_process_had_shown_stays_and_the_end_is_told_below_it():
    records = turn(1, "one", *answer(STORY))
    kept = [record for record in stored(records) if not isinstance(record.event, AssistantAnswered)]
    for state in states(records)[2:-2]:
        text = caught_up(state, kept)
        assert text.replace("\n\n*Done · 1 step · 0 tokens · cost unknown · 0.0 s*", "") == state


def test_a_turn_that_is_missing_is_put_in_its_place():
    last = states(PLAIN)[-1]
    first = last[last.index("## You\n\none") : last.index("## You\n\n```\nopen")]
    assert caught_up(last.replace(first, ""), stored(PLAIN)) == last


CHANGED = [
    # of the whole turn, held, appended
    ("\n\nan answer\n\n*Done · 1 step*", "an answer\n\n_Done · 1 step_", ""),
    ("\n\nan answer\n\n*Done · 1 step*", "my own words\n\n*Done · 1 step*", ""),
    ("\n\nan answer\n\n*Done · 1 step*", "an answer\n\n*Done · 1 step*\n\nmy note", ""),
    ("\n\nan answer\n\n*Done · 1 step*", "an answer", "\n\n*Done · 1 step*"),
    ("\n\nan answer\n\n*Done · 1 step*", "an answer, with my note", "\n\nan answer\n\n*Done · 1 step*"),
    ("\n\na\n\n```\nx\n```", "b\n\n```\nx\n```\n\nmy note", ""),
    ("\n\na\n\n```\nx\n```\n\nend", "b\n\n```\nx\n```\n\nmy note", "\n\nend"),
    ("\n\na\n\nbcd\n\nend", "A\n\na\n\nbc", "d\n\nend"),
    ("", "mine", ""),
    ("", "", ""),
    ("\n\na", "", "\n\na"),
]


@pytest.mark.parametrize(("whole", "held", "appended"), CHANGED)
def test_what_a_person_or_a_formatter_changed_is_recognised(whole: str, held: str, appended: str):
    assert missing_text(whole, held) == appended


_LINES = st.lists(st.sampled_from(["a", "b c", "", "```", "- d", "*Done*", "_Done_", "---"]), max_size=8)


@given(_LINES, _LINES)
def test_catching_up_takes_nothing_away_and_is_done_once(whole: list[str], held: list[str]):
    record = turn(1, "p", TextDelta(text="\n".join(whole)))
    text = "\n".join(["## You", "", "p", "", "## Droid · t1", "", *held, "", "## You", ""])
    after = caught_up(text, record)
    words = iter(after.split())
    assert all(word in words for word in text.split())
    assert [one.speaker for one in parse(after).sections] == [Speaker.YOU, Speaker.DROID, Speaker.YOU]
