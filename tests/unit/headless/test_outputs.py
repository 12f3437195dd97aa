"""What a run prints, in each format."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from droid.domain.decisions import Decision, Step, TraceEntry
from droid.domain.events import (
    DecisionMade,
    Event,
    FilesChanged,
    Record,
    RetryScheduled,
    TextDelta,
    ToolFinished,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
)
from droid.domain.files import FileChange
from droid.domain.levels import Risk, Verdict
from droid.domain.messages import Usage
from droid.domain.tools import ToolResult
from droid.headless.exit_codes import ExitCode, exit_code_of_turn
from droid.headless.json_output import JsonOutput
from droid.headless.progress import Progress
from droid.headless.sink import Sink
from droid.headless.stream_json import StreamJsonOutput
from droid.headless.summary import Summary, mend_of_ask, summarize
from droid.headless.text import TextOutput

ASKED = TraceEntry(step=Step.AUTONOMY, verdict=Verdict.ASK, rule="medium risk is above autonomy low")
NOBODY = TraceEntry(step=Step.AUTONOMY, verdict=Verdict.DENY, rule="nobody can be asked")


def records(*events: Event) -> list[Record]:
    return [Record(seq=i + 1, at=10.0, turn_id="t1", event=event) for i, event in enumerate(events)]


def change(path: str) -> FilesChanged:
    one = FileChange(path=path, before=None, after="x", added_lines=1, removed_lines=0)
    return FilesChanged(call_id="c1", changes=(one,))


def decided(*trace: TraceEntry, call_id: str = "c2") -> DecisionMade:
    verdict = trace[-1].verdict or Verdict.ALLOW
    decision = Decision(verdict=verdict, input={"command": "make"}, risk=Risk.MEDIUM, trace=trace)
    return DecisionMade(call_id=call_id, tool="Execute", decision=decision)


RUN = records(
    ToolProposed(call_id="c1", tool="Edit", arguments="{}", title="Edit a.py"),
    ToolStarted(call_id="c1", tool="Edit"),
    change("a.py"),
    change("b.py"),
    change("a.py"),
    ToolFinished(call_id="c1", tool="Edit", result=ToolResult(text="ok"), duration_s=0.51),
    ToolProposed(call_id="c2", tool="Execute", arguments="{}", title="Execute make"),
    decided(ASKED),
    decided(ASKED, NOBODY),
    ToolFinished(call_id="c2", tool="Execute", result=ToolResult(text="no", is_error=True), duration_s=0),
    TextDelta(text="all "),
    TurnEnded(
        reason=TurnEndReason.DONE,
        answer="all good",
        steps=3,
        usage=Usage(input_tokens=10, output_tokens=2, cache_read_tokens=3, cache_write_tokens=4),
        cost_usd=0.25,
    ),
)


class FakeSession:
    """As much of a session as a summary reads."""

    id = "s1"

    def __init__(self, run: list[Record]) -> None:
        self.records = run


def summary_of(run: list[Record]) -> Summary:
    return summarize(FakeSession(run), "t1", 1.234)  # type: ignore[arg-type]


def test_json_prints_one_object_with_what_happened() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = JsonOutput(Sink(out), Sink(err))
    for record in RUN:
        output.event(record)
    assert out.getvalue() == ""
    output.finish(summary_of(RUN))
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue()) == snapshot(
        {
            "type": "result",
            "subtype": "success",
            "is_error": False,
            "duration_ms": 1234,
            "num_turns": 3,
            "result": "all good",
            "session_id": "s1",
            "usage": {
                "input_tokens": 10,
                "output_tokens": 2,
                "cache_read_tokens": 3,
                "cache_write_tokens": 4,
                "cost_usd": 0.25,
            },
            "files_changed": ["a.py", "b.py"],
            "denials": [
                {
                    "call_id": "c2",
                    "tool": "Execute",
                    "input": {"command": "make"},
                    "risk": "medium",
                    "step": "autonomy",
                    "reason": "medium risk is above autonomy low; nobody can be asked",
                }
            ],
        }
    )


@pytest.mark.parametrize("reason", [reason for reason in TurnEndReason if reason is not TurnEndReason.DONE])
def test_json_of_a_run_that_failed_says_why_in_result(reason: TurnEndReason) -> None:
    run = records(TurnEnded(reason=reason, message="why", answer="half"))
    out = io.StringIO()
    JsonOutput(Sink(out), Sink(None)).finish(summary_of(run))
    printed: dict[str, Any] = json.loads(out.getvalue())
    name = "internal" if reason is TurnEndReason.ERROR else reason
    assert (printed["subtype"], printed["is_error"], printed["result"]) == (f"error_{name}", True, "why")


def test_a_summary_is_of_one_turn() -> None:
    earlier = [replace(record, turn_id="t0") for record in records(change("old.py"))]
    assert summary_of([*earlier, *RUN]).files_changed == ("a.py", "b.py")


def test_a_turn_that_never_ended_is_a_failure_that_says_so() -> None:
    for made in (summary_of(records(change("a.py"))), summarize(None, None, 1.0)):
        assert (made.code, made.message) == (ExitCode.FAILED, "the turn ended without a word")


@pytest.mark.parametrize(
    ("trace", "mend"),
    [
        ((ASKED, NOBODY), "; --auto medium allows it, --on-ask continue goes on without it"),
        (
            (replace(ASKED, step=Step.FILES), replace(NOBODY, step=Step.FILES)),
            "; --on-ask continue goes on without it",
        ),
    ],
)
def test_a_call_that_needed_a_person_comes_with_how_to_allow_it(
    trace: tuple[TraceEntry, ...], mend: str
) -> None:
    assert mend_of_ask(summary_of(records(decided(*trace)))) == mend


def test_without_a_denial_there_is_nothing_to_allow() -> None:
    assert mend_of_ask(summary_of(records())) == ""


def test_every_way_to_end_has_an_exit_code() -> None:
    codes = {reason: int(exit_code_of_turn(reason)) for reason in TurnEndReason}
    assert codes == {
        "done": 0, "cancelled": 130, "budget": 5, "provider": 4, "policy": 3, "loop": 1, "error": 1,
    }  # fmt: skip


def test_text_prints_the_answer_alone_and_denials_beside_it() -> None:
    out, err = io.StringIO(), io.StringIO()
    output = TextOutput(Sink(out), Sink(err), None)
    for record in RUN:
        output.event(record)
    output.finish(summary_of(RUN))
    assert out.getvalue() == "all good\n"
    assert err.getvalue() == snapshot(
        "denied: Execute make: medium risk is above autonomy low; nobody can be asked\n"
    )


def test_progress_is_one_line_for_each_thing_that_happens() -> None:
    err = io.StringIO()
    progress = Progress(Sink(err), colour=False)
    for record in [*RUN, *records(RetryScheduled(attempt=1, delay_s=2, reason="status 429"))]:
        progress.event(record)
    progress.finish(summary_of(RUN))
    assert err.getvalue() == snapshot("""\
● Edit a.py
  ✓ 0.5 s
✗ Execute make: denied, medium risk is above autonomy low; nobody can be asked
… status 429; trying again in 2 s
3 model requests, 19 tokens, $0.2500, 2 files changed, 1.2 s; session s1
""")


def test_progress_does_not_let_a_model_steer_the_terminal() -> None:
    err = io.StringIO()
    progress = Progress(Sink(err), colour=False)
    title = "Execute \x1b]0;owned\x07" + "x" * 500
    for record in records(
        ToolProposed(call_id="c", tool="Execute", arguments="", title=title),
        ToolStarted(call_id="c", tool="Execute"),
    ):
        progress.event(record)
    assert "\x1b" not in err.getvalue()
    assert "\x07" not in err.getvalue()
    assert len(err.getvalue()) < 210


def test_stream_json_prints_each_event_as_the_transcript_has_it() -> None:
    out = io.StringIO()
    output = StreamJsonOutput(Sink(out), Sink(None))
    for record in RUN:
        output.event(record)
    output.finish(summary_of(RUN))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["type"] for line in lines] == [record.event.type for record in RUN]
    assert lines[-2] == {"seq": 11, "at": 10.0, "turn": "t1", "type": "text_delta", "text": "all "}


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_sink_tells_once_that_its_reader_has_gone_and_swallows_the_rest() -> None:
    told: list[int] = []
    sink = Sink(Broken(), lambda: told.append(1))
    sink.write_line("a")
    sink.write_line("b")
    assert told == [1]
    assert isinstance(sink.failure, BrokenPipeError)


def test_a_sink_without_a_stream_swallows_everything() -> None:
    sink = Sink(None)
    sink.write_line("a")
    assert sink.failure is None
