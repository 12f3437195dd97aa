import pytest
from tests.unit.sessions.events import Sequencer, one_turn, started

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    Event,
    QuestionAnswered,
    QuestionAsked,
    RetryScheduled,
    TextDelta,
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
from droid.sessions.closing import closing_records
from droid.sessions.reader import without_replaced_deltas

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
ASKED = QuestionAsked(call_id="c2", question=Question(question_id="q1", text="?"))


def closing(*events: Event) -> list[Event]:
    number = Sequencer()
    records = [number(started()), *(number(event, "t1") for event in events)]
    closed = closing_records(records, at=1.0, message="cut off")
    assert all(record.turn_id == "t1" for record in closed)
    assert [record.seq for record in closed] == list(range(number.seq + 1, number.seq + 1 + len(closed)))
    return [record.event for record in closed]


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([PROMPT, TurnEnded(reason=TurnEndReason.DONE)], []),
        ([PROMPT], [TurnEnded]),
        ([PROMPT, TextDelta(text="Hel")], [AssistantAnswered, TurnEnded]),
        ([PROMPT, TextDelta(text="Hel"), RetryScheduled(attempt=1, delay_s=1, reason="r")], [TurnEnded]),
        ([PROMPT, CALLS], [ToolFinished, ToolFinished, TurnEnded]),
        ([PROMPT, CALLS, READ], [ToolFinished, TurnEnded]),
        ([PROMPT, CALLS, READ, WANTED], [ApprovalAnswered, ToolFinished, TurnEnded]),
        (
            [
                PROMPT,
                CALLS,
                READ,
                WANTED,
                ApprovalAnswered(approval_id="a1", call_id="c2", answer=Answer.ONCE),
            ],
            [ToolFinished, TurnEnded],
        ),
        ([PROMPT, CALLS, READ, ASKED], [QuestionAnswered, ToolFinished, TurnEnded]),
        (
            [PROMPT, CALLS, READ, ASKED, QuestionAnswered(question_id="q1", answer="x")],
            [ToolFinished, TurnEnded],
        ),
    ],
)
def test_each_open_end_is_closed_and_nothing_else(events: list[Event], expected: list[type]) -> None:
    assert kinds(closing(*events)) == expected


def test_a_closed_session_has_nothing_left_to_close() -> None:
    number = Sequencer()
    records = [
        number(started()),
        *one_turn(number),
        *(number(event, "t2") for event in (PROMPT, CALLS, WANTED)),
    ]
    records += closing_records(records, at=1.0, message="cut off")
    assert closing_records(records, at=2.0, message="cut off") == []


def test_what_the_person_has_read_stays_and_the_pieces_go() -> None:
    number = Sequencer()
    records = [number(started()), number(PROMPT, "t1"), number(TextDelta(text="Hel"), "t1")]
    records.append(number(TextDelta(text="lo"), "t1"))
    closed = without_replaced_deltas([*records, *closing_records(records, at=1.0, message="")])
    answer = closed[2].event
    assert isinstance(answer, AssistantAnswered)
    assert (answer.message.text, answer.stop_reason) == ("Hello", None)
    assert len(closed) == 4


def test_the_end_sums_up_what_the_turn_cost() -> None:
    def usage(cost_usd: float | None) -> UsageReported:
        return UsageReported(model="m", usage=Usage(input_tokens=5), cost_usd=cost_usd, duration_s=1)

    end = closing(PROMPT, usage(0.25), usage(0.5))[-1]
    assert isinstance(end, TurnEnded)
    assert (end.reason, end.message, end.usage.input_tokens, end.cost_usd) == (
        "cancelled",
        "cut off",
        10,
        0.75,
    )
    end = closing(PROMPT, usage(0.25), usage(None))[-1]
    assert isinstance(end, TurnEnded)
    assert end.cost_usd is None
