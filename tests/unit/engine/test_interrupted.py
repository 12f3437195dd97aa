"""What a turn that nobody lived to end is closed with."""

import pytest
from tests.unit.engine.cores import new_core

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    Event,
    QuestionAnswered,
    QuestionAsked,
    RetryScheduled,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    ToolFinished,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    UsageReported,
)
from droid.domain.levels import Risk
from droid.domain.messages import Message, Role, ToolCallPart, Usage, user_message
from droid.domain.models import StopReason
from droid.domain.tools import ToolResult
from droid.engine.interrupted import BY_A_FORK, close_open_turn

PROMPT = TurnStarted(prompt="Go", message=user_message("Go"))
CALLS = AssistantAnswered(
    message=Message(
        role=Role.ASSISTANT,
        parts=(
            ToolCallPart(call_id="c1", name="Read", arguments="{}"),
            ToolCallPart(call_id="c2", name="Edit", arguments="{}"),
        ),
    ),
    stop_reason=StopReason.TOOL_CALLS,
)
READ = ToolFinished(call_id="c1", tool="Read", result=ToolResult(text="ok"), duration_s=0.1)
WANTED = ApprovalWanted(
    request=ApprovalRequest(
        approval_id="a1", call_id="c2", tool="Edit", subject="a.py", cwd="/", risk=Risk.LOW, reason="r",
        options=tuple(Answer),
    )
)  # fmt: skip
ANSWERED = ApprovalAnswered(approval_id="a1", call_id="c2", answer=Answer.ONCE)
ASKED = QuestionAsked(call_id="c2", question=Question(question_id="q1", text="?"))
HEL, LO = TextDelta(text="Hel"), TextDelta(text="lo")


def closing(*events: Event) -> list[Event]:
    core = new_core(*(("t1", event) for event in events))
    before = len(core.state.records)
    close_open_turn(core, *BY_A_FORK)
    new = core.state.records[before:]
    assert all(record.turn_id == "t1" for record in new)
    assert (core.turn_id, core.state.open_turn) == (None, None)
    return [record.event for record in new]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([PROMPT, TurnEnded(reason=TurnEndReason.DONE)], []),
        ([PROMPT], [TurnEnded]),
        ([PROMPT, ThinkingDelta(text="hm")], [TurnEnded]),
        ([PROMPT, HEL], [AssistantAnswered, TurnEnded]),
        ([PROMPT, HEL, RetryScheduled(attempt=1, delay_s=1, reason="r")], [TurnEnded]),
        ([PROMPT, CALLS], [ToolFinished, ToolFinished, TurnEnded]),
        ([PROMPT, CALLS, READ], [ToolFinished, TurnEnded]),
        ([PROMPT, CALLS, READ, WANTED], [ApprovalAnswered, ToolFinished, TurnEnded]),
        ([PROMPT, CALLS, READ, WANTED, ANSWERED], [ToolFinished, TurnEnded]),
        ([PROMPT, CALLS, READ, ASKED], [QuestionAnswered, ToolFinished, TurnEnded]),
        ([PROMPT, CALLS, READ, ASKED, QuestionAnswered(question_id="q1", answer="x")], [ToolFinished, TurnEnded]),
    ],
)  # fmt: skip
def test_each_open_end_is_closed_and_nothing_else(events: list[Event], expected: list[type]) -> None:
    assert [type(event) for event in closing(*events)] == expected


def test_what_the_person_has_read_stays() -> None:
    [answer, _] = closing(PROMPT, HEL, LO)
    assert isinstance(answer, AssistantAnswered)
    assert (answer.message.text, answer.stop_reason) == ("Hello", None)


def test_the_end_sums_up_what_the_turn_cost() -> None:
    def usage(cost_usd: float | None) -> UsageReported:
        return UsageReported(model="m", usage=Usage(input_tokens=5), cost_usd=cost_usd, duration_s=1)

    step = StepStarted(step=1, model="m")
    end = closing(PROMPT, step, usage(0.25), step, usage(0.5))[-1]
    assert isinstance(end, TurnEnded)
    assert (end.reason, end.steps, end.usage.input_tokens, end.cost_usd) == ("cancelled", 2, 10, 0.75)
    assert "fork" in end.message
    end = closing(PROMPT, usage(0.25), usage(None))[-1]
    assert isinstance(end, TurnEnded)
    assert end.cost_usd is None
