"""Events as updates for a client with a view of its own, and as words for a status line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sessions.events import EVENT_KINDS, instances_of

from droid.domain.decisions import ApprovalRequest
from droid.domain.events import (
    ApprovalWanted,
    Event,
    Record,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
)
from droid.domain.levels import Risk
from droid.lsp.activity import ActivityReader, Busy
from droid.lsp.session_updates import Update, joined, update_of


def record(event: Event) -> Record:
    return Record(seq=1, at=0.0, turn_id="t1", event=event)


@pytest.mark.parametrize("kind", EVENT_KINDS)
@settings(max_examples=25)
@given(st.data())
def test_every_event_can_be_sent(kind: type, data: st.DataObject) -> None:
    one = record(data.draw(instances_of(kind)))
    update = update_of(one)
    assert update is None or json.loads(json.dumps(update))["sessionUpdate"]
    reader = ActivityReader()
    activity = reader.read(one)
    if activity is not None:
        assert "\n" not in activity.message
        assert activity.busy is not isinstance(one.event, TurnEnded)


DELTAS = st.one_of(
    st.builds(TextDelta, text=st.text(max_size=5)),
    st.builds(ThinkingDelta, text=st.text(max_size=5)),
    st.builds(ToolOutputDelta, call_id=st.sampled_from("ab"), text=st.text(max_size=5)),
    st.builds(StepStarted, step=st.just(1), model=st.just("m")),
    st.builds(ToolStarted, call_id=st.sampled_from("ab"), tool=st.just("Read")),
)


def spelled(updates: list[tuple[str | None, Update]]) -> list[tuple[object, ...]]:
    """Every character on its own, with what it belongs to; other updates as they are."""
    found: list[tuple[object, ...]] = []
    for turn_id, update in updates:
        kind = update["sessionUpdate"]
        if kind.endswith("_chunk"):
            found += [(turn_id, kind, character) for character in update["content"]["text"]]
        elif "output" in update:
            found += [(turn_id, update["toolCallId"], character) for character in update["output"]]
        else:
            found.append((turn_id, json.dumps(update)))
    return found


@given(st.lists(st.tuples(st.sampled_from(["t1", "t2", None]), DELTAS), max_size=20))
def test_joining_pieces_changes_nothing_but_their_number(events: list[tuple[str | None, Event]]) -> None:
    updates = [
        (turn_id, update) for turn_id, event in events if (update := update_of(record(event))) is not None
    ]
    before = json.dumps(updates)
    assert spelled(joined(updates)) == spelled(updates)
    assert len(joined(updates)) <= len(updates)
    assert json.dumps(updates) == before


def test_a_stream_of_text_is_one_word() -> None:
    reader = ActivityReader()
    said = [reader.read(record(TextDelta(text="x"))) for _ in range(100)]
    assert [one.message for one in said if one is not None] == ["Writing"]


def test_a_tool_and_an_approval_are_named_by_their_title() -> None:
    reader = ActivityReader()
    reader.read(
        record(ToolProposed(call_id="c", tool="Execute", arguments="{}", title="Execute\u202e ls\n-l"))
    )
    request = ApprovalRequest(
        approval_id="a",
        call_id="c",
        tool="Execute",
        subject="ls -l",
        cwd="/",
        risk=Risk.LOW,
        reason="",
        options=(),
    )
    waiting = reader.read(record(ApprovalWanted(request=request)))
    assert waiting is not None
    assert waiting.kind is Busy.WAITING
    assert "ls -l" in waiting.message
    assert "\u202e" not in waiting.message
    running = reader.read(record(ToolStarted(call_id="c", tool="Execute")))
    assert running is not None
    assert running.kind is Busy.TOOL


@pytest.mark.parametrize(
    ("reason", "message", "said"),
    [
        (TurnEndReason.DONE, "", "Done"),
        (TurnEndReason.CANCELLED, "", "Cancelled"),
        (TurnEndReason.PROVIDER, "no such model", "no such model"),
        (TurnEndReason.BUDGET, "", "budget"),
    ],
)
def test_how_a_turn_ended_is_said(reason: TurnEndReason, message: str, said: str) -> None:
    reader = ActivityReader()
    reader.read(record(TextDelta(text="x")))
    ended = reader.read(record(TurnEnded(reason=reason, message=message)))
    assert ended is not None
    assert (ended.message, ended.busy) == (said, False)
