"""Ends a turn that nobody will end: what a fork of a session in mid-turn, or of a killed one, begins with.

A conversation in which a call has no result, or a turn no end, is refused by every provider, so each
open end is closed with what is true: it was interrupted.
"""

from collections.abc import Sequence

from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    Event,
    QuestionAnswered,
    QuestionAsked,
    Record,
    RetryScheduled,
    StepStarted,
    TextDelta,
    ToolFinished,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    UsageReported,
)
from droid.domain.messages import Message, Role, TextPart, Usage
from droid.domain.tools import ToolResult

_INTERRUPTED = ToolResult(text="Interrupted before it finished; it may have had effects.", is_error=True)


def closing_records(records: Sequence[Record], *, at: float, message: str) -> list[Record]:
    """What is missing to end the last turn; empty where it has ended.

    Args:
        at: The time that the new records carry, in seconds since the epoch.
        message: Why the turn ends here, for the person.
    """
    turn = _open_turn(records)
    if not turn:
        return []
    turn_id = turn[0].turn_id
    events = [*_open_ends(turn), _end_of(turn, message)]
    first = max((record.seq for record in records), default=0) + 1
    return [
        Record(seq=seq, at=at, turn_id=turn_id, event=event) for seq, event in enumerate(events, start=first)
    ]


def _open_turn(records: Sequence[Record]) -> Sequence[Record]:
    for index in range(len(records) - 1, -1, -1):
        event = records[index].event
        if isinstance(event, TurnEnded):
            return ()
        if isinstance(event, TurnStarted):
            return records[index:]
    return ()


def _open_ends(turn: Sequence[Record]) -> list[Event]:
    partial: list[str] = []
    calls: dict[str, str] = {}
    approvals: dict[str, str] = {}
    questions: set[str] = set()
    for record in turn:
        match record.event:
            case TextDelta(text=text):
                partial.append(text)
            case RetryScheduled():
                partial.clear()
            case AssistantAnswered(message=answer):
                partial.clear()
                calls = {call.call_id: call.name for call in answer.tool_calls}
            case ToolFinished(call_id=call_id):
                calls.pop(call_id, None)
            case ApprovalWanted(request=request):
                approvals[request.approval_id] = request.call_id
            case ApprovalAnswered(approval_id=approval_id):
                approvals.pop(approval_id, None)
            case QuestionAsked(question=question):
                questions.add(question.question_id)
            case QuestionAnswered(question_id=question_id):
                questions.discard(question_id)
            case _:
                pass
    events: list[Event] = [
        ApprovalAnswered(approval_id=approval_id, call_id=call_id, answer=None)
        for approval_id, call_id in approvals.items()
    ]
    events += [QuestionAnswered(question_id=question_id, answer=None) for question_id in sorted(questions)]
    events += [
        ToolFinished(call_id=call_id, tool=tool, result=_INTERRUPTED, duration_s=0.0)
        for call_id, tool in calls.items()
    ]
    if partial:
        answer = Message(role=Role.ASSISTANT, parts=(TextPart(text="".join(partial)),))
        events.append(AssistantAnswered(message=answer, stop_reason=None))
    return events


def _end_of(turn: Sequence[Record], message: str) -> TurnEnded:
    reports = [record.event for record in turn if isinstance(record.event, UsageReported)]
    costs = [report.cost_usd for report in reports]
    return TurnEnded(
        reason=TurnEndReason.CANCELLED,
        message=message,
        steps=sum(isinstance(record.event, StepStarted) for record in turn),
        usage=sum((report.usage for report in reports), Usage()),
        cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        duration_s=max(0.0, turn[-1].at - turn[0].at),
    )
