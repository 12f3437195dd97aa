"""Events as updates for a client with a view of its own, and as words for a status line."""

import asyncio
import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.wire import misfits
from tests.unit.sessions.events import EVENT_KINDS, instances_of

from droid.domain.decisions import Answer, ApprovalRequest, Decision, Question, Step, TraceEntry
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    DecisionMade,
    Event,
    FilesChanged,
    FilesRestored,
    QuestionAsked,
    Record,
    Rewound,
    SessionRenamed,
    Steered,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    TodosChanged,
    ToolFinished,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    UsageReported,
)
from droid.domain.files import FileChange
from droid.domain.levels import AutonomyLevel, Risk, Verdict
from droid.domain.messages import ImagePart, Message, Role, TextPart, ThinkingPart, Usage
from droid.domain.tools import Todo, TodoStatus, ToolResult
from droid.lsp.activity import ActivityReader, Busy
from droid.lsp.negotiation import ClientProfile, DroidClient, Transcript
from droid.lsp.protocol_updates import SessionUpdate
from droid.lsp.session_updates import SessionUpdates, joined
from droid.lsp.update_kinds import bounded
from droid.lsp.update_stream import MAX_STREAMED, Standing, UpdateStream


def record(event: Event, turn_id: str | None = "t1") -> Record:
    return Record(seq=1, at=7.0, turn_id=turn_id, event=event)


def told(*events: Event, replayed: bool = False, standing: Standing | None = None) -> list[dict[str, Any]]:
    """The updates of these events, as a client gets them."""
    stream = UpdateStream()
    tell = stream.stored if replayed else stream.live
    found = [one for event in events for one in tell(record(event), lambda: standing or Standing())]
    return json.loads(json.dumps([update for _, update in joined(found)]))


@pytest.mark.parametrize("kind", EVENT_KINDS)
@settings(max_examples=25, deadline=None)
@given(st.data(), st.booleans())
def test_every_event_is_sent_as_its_type_says(kind: type, data: st.DataObject, replayed: bool) -> None:
    event = data.draw(instances_of(kind))
    for update in told(event, replayed=replayed):
        assert misfits(update, SessionUpdate) == []
    reader = ActivityReader()
    activity = reader.read(record(event))
    if activity is not None:
        assert "\n" not in activity.message
        assert activity.busy is not isinstance(event, TurnEnded)


def said(text: str, role: Role = Role.ASSISTANT) -> Message:
    return Message(role=role, parts=(TextPart(text=text),))


PICTURE = ImagePart(media_type="image/png", data="AA==")
REQUEST = ApprovalRequest(
    approval_id="a",
    call_id="c",
    tool="Execute",
    subject="ls -l",
    cwd="/",
    risk=Risk.LOW,
    reason="",
    options=(Answer.ONCE,),
)
ASKED_FIRST = TraceEntry(step=Step.AUTONOMY, verdict=Verdict.ASK, rule="ask first", matched="ls")
CHANGE = FileChange(path="a.py", before="1", after="2", added_lines=1, removed_lines=1, diff="--- a/a.py\n")


def test_a_decision_brings_what_each_step_of_the_gate_said() -> None:
    decision = Decision(verdict=Verdict.ASK, input={}, risk=Risk.HIGH, trace=(ASKED_FIRST,))
    [update] = told(DecisionMade(call_id="c", tool="Execute", decision=decision))
    assert (update["verdict"], update["risk"], update["reason"]) == ("ask", "high", "ask first: ls")
    assert update["trace"] == [
        {
            "step": "autonomy",
            "verdict": "ask",
            "rule": "ask first",
            "level": "built-in",
            "file": None,
            "matched": "ls",
        }
    ]


@pytest.mark.parametrize("replayed", [False, True])
def test_a_turn_begins_before_its_message_which_says_how_many_images_it_has(replayed: bool) -> None:
    message = Message(role=Role.USER, parts=(TextPart(text="look, with context"), PICTURE, PICTURE))
    updates = told(
        TurnStarted(prompt="look", message=message),
        Steered(prompt="and here", message=said("and here", Role.USER)),
        replayed=replayed,
    )
    assert [update["sessionUpdate"] for update in updates] == [
        "turn_started",
        "user_message_chunk",
        "user_message_chunk",
    ]
    assert updates[0]["startedAt"] == 7.0
    assert (updates[1]["content"]["text"], updates[1]["images"]) == ("look", 2)
    assert "images" not in updates[2]


def test_what_a_hook_dropped_is_not_told() -> None:
    updates = told(TurnStarted(prompt="", message=said("", Role.USER), dropped=True))
    assert [update["sessionUpdate"] for update in updates] == ["turn_started"]


def test_the_first_prompt_names_the_session_and_a_rename_does_again() -> None:
    stream = UpdateStream()
    events = [
        TurnStarted(prompt="Tidy up", message=said("Tidy up", Role.USER)),
        SessionRenamed(title="Tidied"),
    ]
    titles = [
        update["title"]
        for event, title in zip(events, ["Tidy up", "Tidied"], strict=True)
        for _, update in stream.live(record(event), lambda title=title: Standing(title=title))
        if update["sessionUpdate"] == "session_info_update"
    ]
    assert titles == ["Tidy up", "Tidied"]


def test_usage_says_what_the_session_cost_so_far_and_how_full_the_window_is() -> None:
    event = UsageReported(
        model="m", usage=Usage(input_tokens=5, output_tokens=7), cost_usd=0.5, duration_s=1.0
    )
    standing = Standing(cost_usd=2.5, context_tokens=1200, context_window=200_000)
    [update] = told(event, standing=standing)
    assert (update["costUsd"], update["totalCostUsd"]) == (0.5, 2.5)
    assert (update["contextTokens"], update["contextWindow"]) == (1200, 200_000)


def test_the_changes_of_a_call_stay_when_its_result_comes_and_the_other_way_round() -> None:
    changed = FilesChanged(call_id="c", changes=(CHANGE,))
    finished = ToolFinished(call_id="c", tool="Edit", result=ToolResult(text="done"), duration_s=0.1)
    diff = {"type": "diff", "path": "a.py", "diff": "--- a/a.py\n"}
    text = {"type": "content", "content": {"type": "text", "text": "done"}}
    for events in ((changed, finished), (finished, changed)):
        assert told(*events)[-1]["content"] == [diff, text]


def test_a_call_says_which_file_it_is_about_and_what_it_was_given() -> None:
    proposed = ToolProposed(
        call_id="c", tool="Read", arguments='{"file_path": "a.py", "offset": 30}', title="Read a.py"
    )
    began, running = told(proposed, ToolStarted(call_id="c", tool="Read"))
    assert (began["kind"], began["rawInput"]) == ("read", {"file_path": "a.py", "offset": 30})
    assert (running["status"], running["locations"]) == ("in_progress", [{"path": "a.py", "line": 30}])


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ("", {}),
        ("{not json", {"unreadable": "{not json"}),
        ("[1]", {"unreadable": "[1]"}),
        (json.dumps({"content": "x" * 50_000}), {"content": bounded("x" * 50_000, 20_000)}),
    ],
)
def test_what_a_call_was_given_is_an_object_of_bounded_size(arguments: str, shown: object) -> None:
    [began] = told(ToolProposed(call_id="c", tool="Create", arguments=arguments, title=""))
    assert began["rawInput"] == shown


def test_output_that_floods_is_cut_and_its_end_comes_with_the_result() -> None:
    flood = [ToolOutputDelta(call_id="c", text="x" * 10_000) for _ in range(100)]
    result = ToolResult(text="y" * 100_000 + "the end")
    updates = told(*flood, ToolFinished(call_id="c", tool="Execute", result=result, duration_s=1.0))
    assert sum(len(update.get("output", "")) for update in updates) < MAX_STREAMED + 100
    text = updates[-1]["content"][0]["content"]["text"]
    assert len(text) < 17_000
    assert text.endswith("the end")


@pytest.mark.parametrize("replayed", [False, True])
def test_the_answers_of_two_steps_with_nothing_between_are_two_paragraphs(replayed: bool) -> None:
    step = StepStarted(step=1, model="m")
    answers: list[Event] = []
    for text in ("One.", "Two."):
        answers += [step] if replayed else [step, TextDelta(text=text)]
        answers.append(AssistantAnswered(message=said(text), stop_reason=None))
    [update] = told(*answers, replayed=replayed)
    assert update["content"]["text"] == "One.\n\nTwo."


def test_a_replay_tells_answers_whole_with_what_the_model_thought() -> None:
    message = Message(role=Role.ASSISTANT, parts=(ThinkingPart(text="hm"), TextPart(text="So.")))
    updates = told(AssistantAnswered(message=message, stop_reason=None), replayed=True)
    kinds = [(update["sessionUpdate"], update["content"]["text"]) for update in updates]
    assert kinds == [("agent_thought_chunk", "hm"), ("agent_message_chunk", "So.")]
    assert told(AssistantAnswered(message=message, stop_reason=None)) == []


def test_what_was_said_since_the_last_stored_answer_is_told_at_a_replay_too() -> None:
    before = UpdateStream()
    for event in (
        TextDelta(text="stored"),
        AssistantAnswered(message=said("stored"), stop_reason=None),
        TextDelta(text="so "),
        TextDelta(text="far"),
    ):
        before.live(record(event), Standing)
    after = UpdateStream()
    texts = [update["content"]["text"] for _, update in after.take_over(before)]
    assert texts == ["so ", "far"]


def test_a_question_that_is_withdrawn_is_answered_with_null() -> None:
    wanted, answered = told(
        ApprovalWanted(request=REQUEST), ApprovalAnswered(approval_id="a", call_id="c", answer=None)
    )
    assert (wanted["approvalId"], answered["approvalId"]) == ("a", "a")
    assert (answered["answer"], answered["toolCallId"]) == (None, "c")


def test_other_kinds_bring_what_they_are_about() -> None:
    question = Question(question_id="q", text="Which?", options=("a", "b"))
    asked, plan, rewound, restored = told(
        QuestionAsked(call_id="c", question=question),
        TodosChanged(todos=(Todo(content="x", status=TodoStatus.IN_PROGRESS),)),
        Rewound(turn_id="t2"),
        FilesRestored(turn_id="t2", changes=(CHANGE,), conflicts=("b.py",)),
    )
    assert (asked["text"], asked["options"]) == ("Which?", ["a", "b"])
    assert plan["entries"] == [{"content": "x", "priority": "medium", "status": "in_progress"}]
    assert rewound == {"sessionUpdate": "rewound", "turnId": "t2"}
    assert (restored["sessionUpdate"], restored["paths"], restored["conflicts"]) == (
        "undone",
        ["a.py"],
        ["b.py"],
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of([instances_of(kind) for kind in EVENT_KINDS]), max_size=8))
def test_nothing_in_any_order_fails(events: Sequence[Event]) -> None:
    """What is stored may be damaged or come from another version."""
    for replayed in (False, True):
        assert all(misfits(one, SessionUpdate) == [] for one in told(*events, replayed=replayed))


DELTAS = st.one_of(
    st.builds(TextDelta, text=st.text(min_size=1, max_size=5)),
    st.builds(ThinkingDelta, text=st.text(min_size=1, max_size=5)),
    st.builds(ToolOutputDelta, call_id=st.sampled_from("ab"), text=st.text(min_size=1, max_size=5)),
    st.builds(ToolStarted, call_id=st.sampled_from("ab"), tool=st.just("Read")),
)


def spelled(updates: Sequence[tuple[str | None, Any]]) -> list[tuple[object, ...]]:
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


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["t1", "t2", None]), DELTAS), max_size=20))
def test_joining_pieces_changes_nothing_but_their_number(events: list[tuple[str | None, Event]]) -> None:
    stream = UpdateStream()
    updates = [one for turn_id, event in events for one in stream.live(record(event, turn_id), Standing)]
    before = json.dumps(updates)
    assert spelled(joined(updates)) == spelled(updates)
    assert len(joined(updates)) <= len(updates)
    assert json.dumps(updates) == before


def test_two_messages_of_a_person_stay_two() -> None:
    steers = [Steered(prompt=text, message=said(text, Role.USER)) for text in ("a", "b")]
    assert [update["content"]["text"] for update in told(*steers)] == ["a", "b"]


def test_a_stream_of_text_is_one_word() -> None:
    reader = ActivityReader()
    said = [reader.read(record(TextDelta(text="x"))) for _ in range(100)]
    assert [one.message for one in said if one is not None] == ["Writing"]


def test_a_tool_and_an_approval_are_named_by_their_title() -> None:
    reader = ActivityReader()
    reader.read(
        record(ToolProposed(call_id="c", tool="Execute", arguments="{}", title="Execute\u202e ls\n-l"))
    )
    waiting = reader.read(record(ApprovalWanted(request=REQUEST)))
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


class Client:
    """An editor with a view of its own, as far as updates need one; `sent` is what it was told, in order."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.profile = ClientProfile(droid=DroidClient(declared=True, transcript=Transcript.STREAM))
        self.requests = self

    def notify(self, method: str, params: Any) -> None:
        assert method == "droid/sessionUpdate"
        self.sent.append(params["update"])


async def test_what_happens_during_a_long_replay_is_told_after_it() -> None:
    turns = 400
    told_before = [
        record(event, f"t{number}")
        for number in range(turns)
        for event in (
            TurnStarted(prompt="x", message=said("x", Role.USER)),
            TurnEnded(reason=TurnEndReason.DONE),
        )
    ]
    session = SimpleNamespace(
        id="s", title="x", model="m", autonomy=AutonomyLevel.OFF, records=told_before, cost_usd=0.0,
        context_tokens=0, context_window=lambda _=None: None,
    )  # fmt: skip
    client = Client()
    updates = SessionUpdates(cast("Any", client))
    updates.replay(cast("Any", session))
    first = len(client.sent)
    assert 0 < first < 2 * turns
    updates.on_record(cast("Any", session), record(TextDelta(text="now"), "t401"))
    while not client.sent or client.sent[-1]["sessionUpdate"] != "agent_message_chunk":
        await asyncio.sleep(0.01)
    kinds = [update["sessionUpdate"] for update in client.sent]
    assert (kinds[0], kinds[-2]) == ("replay_started", "replay_ended")
    assert (kinds.count("turn_started"), kinds.count("turn_ended")) == (turns, turns)
