"""Closes what was left open, so that a conversation can go on after a cancel, a crash or a fork."""

from collections.abc import Iterator

from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    Event,
    QuestionAnswered,
    QuestionAsked,
    Record,
    StepStarted,
    ToolFinished,
    TurnEnded,
    TurnEndReason,
    UsageReported,
)
from droid.domain.messages import Message, Role, TextPart, Usage
from droid.domain.tools import ToolResult
from droid.engine.core import SessionCore
from droid.engine.state import added_cost

CutOff = tuple[TurnEndReason, str]
"""Why a turn did not come to its end, and what the person is told of it."""
BY_A_CRASH: CutOff = (TurnEndReason.ERROR, "the transcript ends in the middle of this turn")
BY_A_FORK: CutOff = (TurnEndReason.CANCELLED, "this turn was cut off by the fork")

_INTERRUPTED = ToolResult(
    text="Interrupted while this ran, or before; look at what it left behind.", is_error=True
)


def close_open_calls(core: SessionCore, result: ToolResult) -> None:
    """Give every call that still owes one this result."""
    for call_id, tool in tuple(core.state.unfinished_calls.items()):
        core.emit_regardless(ToolFinished(call_id=call_id, tool=tool, result=result, duration_s=0.0))


def keep_partial_answer(core: SessionCore) -> None:
    """What the person has read stays in the conversation; calls that were half written do not."""
    text = "".join(core.state.partial_text)
    if text:
        message = Message(role=Role.ASSISTANT, parts=(TextPart(text=text),))
        core.emit(AssistantAnswered(message=message, stop_reason=None))


def close_open_turn(core: SessionCore, reason: TurnEndReason, message: str) -> None:
    """End a turn that nobody lived to end, as one that began and got as far as its records say."""
    state = core.state
    if state.open_turn is None:
        return
    core.turn_id = state.open_turn
    turn = [record for record in state.records if record.turn_id == state.open_turn]
    for event in list(_open_questions(turn)):
        core.emit(event)
    keep_partial_answer(core)
    close_open_calls(core, _INTERRUPTED)
    core.emit(_end_of(turn, reason, message))
    core.turn_id = None


def _open_questions(turn: list[Record]) -> Iterator[Event]:
    answered = {
        record.event.approval_id if isinstance(record.event, ApprovalAnswered) else record.event.question_id
        for record in turn
        if isinstance(record.event, ApprovalAnswered | QuestionAnswered)
    }
    for record in turn:
        match record.event:
            case ApprovalWanted(request=request) if request.approval_id not in answered:
                yield ApprovalAnswered(approval_id=request.approval_id, call_id=request.call_id, answer=None)
            case QuestionAsked(question=question) if question.question_id not in answered:
                yield QuestionAnswered(question_id=question.question_id, answer=None)
            case _:
                pass


def _end_of(turn: list[Record], reason: TurnEndReason, message: str) -> TurnEnded:
    usage = Usage()
    cost_usd: float | None = 0.0
    for record in turn:
        if isinstance(record.event, UsageReported):
            usage += record.event.usage
            cost_usd = added_cost(cost_usd, record.event.cost_usd)
    return TurnEnded(
        reason=reason,
        message=message,
        steps=sum(isinstance(record.event, StepStarted) for record in turn),
        usage=usage,
        cost_usd=cost_usd,
        duration_s=max(0.0, turn[-1].at - turn[0].at) if turn else 0.0,
    )
