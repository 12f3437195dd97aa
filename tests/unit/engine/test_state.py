"""What a session is, from its events alone."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.sessions.events import EVENTS, Sequencer, one_turn, records, started

from droid.domain.events import (
    AssistantAnswered,
    AutonomySet,
    Compacted,
    CwdChanged,
    Event,
    FilesChanged,
    ModelSet,
    Record,
    SessionRenamed,
    TextDelta,
    ThinkingDelta,
    ToolFinished,
    ToolOutputDelta,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    Undone,
    UsageReported,
)
from droid.domain.files import FileChange
from droid.domain.levels import AutonomyLevel
from droid.domain.messages import Message, Role, ToolCallPart, ToolResultPart, Usage, user_message
from droid.domain.models import StopReason
from droid.domain.tools import ToolResult
from droid.engine.state import SessionState


def state_of(*given_records: Record) -> SessionState:
    state = SessionState()
    for record in given_records:
        state.apply(record)
    return state


def after(*events: Event, turn_id: str = "t1") -> SessionState:
    number = Sequencer()
    return state_of(number(started()), *(number(event, turn_id) for event in events))


def asks(*call_ids: str) -> AssistantAnswered:
    calls = tuple(ToolCallPart(call_id=call_id, name="Read", arguments="{}") for call_id in call_ids)
    return AssistantAnswered(
        message=Message(role=Role.ASSISTANT, parts=calls), stop_reason=StopReason.TOOL_CALLS
    )


def finished(call_id: str) -> ToolFinished:
    result = ToolResult(text=f"result of {call_id}")
    return ToolFinished(call_id=call_id, tool="Read", result=result, duration_s=0.1)


def prompt(text: str) -> TurnStarted:
    return TurnStarted(prompt=text, message=user_message(text))


def results(state: SessionState) -> list[list[str]]:
    found = [[p.call_id for p in m.parts if isinstance(p, ToolResultPart)] for m in state.messages]
    return [ids for ids in found if ids]


def test_results_are_handed_on_together_in_the_order_of_the_calls() -> None:
    assert results(after(prompt("x"), asks("a", "b"), finished("b"))) == []
    assert results(after(prompt("x"), asks("a", "b"), finished("b"), finished("a"))) == [["a", "b"]]


def test_a_result_that_nobody_asked_for_or_that_comes_twice_is_no_message() -> None:
    state = after(prompt("x"), finished("z"), asks("a"), finished("a"), finished("a"))
    assert results(state) == [["a"]]


def test_a_result_that_is_lost_is_said_to_be() -> None:
    for later in (prompt("y"), asks("c"), TurnEnded(reason=TurnEndReason.DONE)):
        state = after(prompt("x"), asks("a", "b"), finished("b"), later)
        assert results(state)[0] == ["a", "b"]
        [message] = [m for m in state.messages if any(isinstance(p, ToolResultPart) for p in m.parts)]
        texts = [part.text for part in message.parts if isinstance(part, ToolResultPart)]
        assert texts[1] == "result of b"
        assert "lost" in texts[0]


def test_deltas_are_no_records() -> None:
    output = ToolOutputDelta(call_id="c", text="out")
    state = after(prompt("x"), ThinkingDelta(text="hm"), TextDelta(text="Hel"), output)
    assert [record.event.type for record in state.records] == ["session_started", "turn_started"]
    assert state.partial_text == ["Hel"]


def test_the_number_of_a_turn_is_never_given_again() -> None:
    number = Sequencer()
    lost_its_beginning = [number(TurnEnded(reason=TurnEndReason.DONE), "t7")]
    assert state_of(number(started()), *one_turn(number), *lost_its_beginning).turns == 7


def test_money_is_known_only_while_every_price_is() -> None:
    def cost(cost_usd: float | None) -> UsageReported:
        return UsageReported(model="m", usage=Usage(input_tokens=1), cost_usd=cost_usd, duration_s=1)

    assert after(cost(0.5), cost(0.25)).cost_usd == 0.75
    assert after(cost(0.5), cost(None), cost(0.25)).cost_usd is None


def test_what_was_set_last_holds() -> None:
    state = after(
        prompt("first line\nsecond"),
        ModelSet(model="other"),
        AutonomySet(autonomy=AutonomyLevel.HIGH),
        CwdChanged(cwd="/elsewhere"),
    )
    assert (state.model, state.autonomy, state.cwd) == ("other", AutonomyLevel.HIGH, Path("/elsewhere"))
    assert state.title == "first line"
    assert after(prompt("x"), SessionRenamed(title="named"), prompt("y")).title == "named"
    assert len(after(prompt("x" * 500)).title) == 80


def test_a_summary_begins_another_conversation() -> None:
    kept = (user_message("summary"),)
    state = after(prompt("x"), asks("a"), Compacted(summary="summary", kept=kept))
    assert (state.messages, state.conversation_id) == ([user_message("summary")], "s1#1")
    assert state.unfinished_calls == {}


def test_only_what_changed_files_can_be_undone_and_only_once() -> None:
    change = FileChange(path="/a", before=None, after="x", added_lines=1, removed_lines=0)
    number = Sequencer()
    said = [number(started())]
    said += [number(FilesChanged(call_id="c", changes=(change,)), turn) for turn in ("t1", "t3")]
    assert state_of(*said).last_undoable_turn() == "t3"
    said.append(number(Undone(turn_id="t3", changes=())))
    assert state_of(*said).last_undoable_turn() == "t1"
    said.append(number(Undone(turn_id="t1", changes=())))
    assert state_of(*said).last_undoable_turn() is None


def roles_are_sane(messages: list[Message]) -> bool:
    owed: list[str] = []
    for message in messages:
        answered = [part.call_id for part in message.parts if isinstance(part, ToolResultPart)]
        if answered != owed:
            return False
        owed = list(dict.fromkeys(call.call_id for call in message.tool_calls))
    return True


CALL_IDS = st.sampled_from(["a", "b", "c"])
STEPS: st.SearchStrategy[Any] = st.one_of(
    st.builds(prompt, st.just("x")),
    st.lists(CALL_IDS, max_size=3, unique=True).map(lambda ids: asks(*ids)),
    CALL_IDS.map(finished),
    st.just(TurnEnded(reason=TurnEndReason.DONE)),
    st.just(Compacted(summary="s", kept=(user_message("s"),))),
    st.just(TextDelta(text="x")),
)


@given(st.lists(STEPS, max_size=20))
def test_whatever_is_missing_from_a_transcript_a_call_is_answered_where_it_must_be(events: list[Any]) -> None:
    state = after(*events, prompt("and now"))
    assert roles_are_sane(state.messages)


@given(st.lists(records(EVENTS), max_size=8))
def test_any_events_in_any_order_make_a_session(given_records: list[Record]) -> None:
    state_of(*given_records)
