"""One event as one update of `droid/sessionUpdate`, where the event alone tells all of it.

What needs to be known of the events before it is in `update_stream`. The kinds are those of the Agent
Client Protocol where it has them.
Source: https://agentclientprotocol.com/protocol/prompt-turn
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from droid.domain.decisions import Decision
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AutonomySet,
    Compacted,
    DecisionMade,
    Event,
    FilesRestored,
    InjectionFlagged,
    ModelSet,
    QuestionAnswered,
    QuestionAsked,
    RetryScheduled,
    Rewound,
    TodosChanged,
    ToolProposed,
    TurnEnded,
    Undone,
    Warned,
)
from droid.lsp import protocol_updates as wire

ToolKind = Literal["read", "search", "edit", "execute", "fetch", "think", "other"]

_MAX_VALUE = 20_000
_MAX_DEPTH = 6
_MAX_ITEMS = 200


def update_of(event: Event) -> wire.SessionUpdate | None:
    """One event as an update; None where it is none, or not by itself."""
    match event:
        case ToolProposed():
            return wire.ToolCallStarted(
                sessionUpdate="tool_call",
                toolCallId=event.call_id,
                title=event.title,
                kind=_KINDS.get(event.tool, "other"),
                status="pending",
                tool=event.tool,
                rawInput=_input(event.arguments),
            )
        case DecisionMade():
            return wire.DecisionUpdate(
                sessionUpdate="decision",
                toolCallId=event.call_id,
                verdict=event.decision.verdict.value,
                risk=event.decision.risk.value,
                reason=event.decision.reason,
                trace=trace_of(event.decision),
            )
        case TodosChanged():
            entries = [
                wire.PlanEntry(content=todo.content, priority="medium", status=todo.status.value)
                for todo in event.todos
            ]
            return wire.PlanUpdate(sessionUpdate="plan", entries=entries)
        case ApprovalWanted() | ApprovalAnswered() | QuestionAsked() | QuestionAnswered():
            return _question(event)
        case _:
            return _of_the_session(event)


def _question(
    event: ApprovalWanted | ApprovalAnswered | QuestionAsked | QuestionAnswered,
) -> wire.SessionUpdate:
    match event:
        case ApprovalWanted(request=request):
            return wire.ApprovalWantedUpdate(
                sessionUpdate="approval_wanted", approvalId=request.approval_id, toolCallId=request.call_id
            )
        case ApprovalAnswered():
            return wire.ApprovalAnsweredUpdate(
                sessionUpdate="approval_answered",
                approvalId=event.approval_id,
                toolCallId=event.call_id,
                answer=event.answer.value if event.answer is not None else None,
                instruction=event.instruction,
            )
        case QuestionAsked(question=question):
            return wire.QuestionAskedUpdate(
                sessionUpdate="question_asked",
                questionId=question.question_id,
                text=question.text,
                options=list(question.options),
            )
        case QuestionAnswered():
            return wire.QuestionAnsweredUpdate(
                sessionUpdate="question_answered", questionId=event.question_id, answer=event.answer
            )


def _of_the_session(event: Event) -> wire.SessionUpdate | None:
    match event:
        case RetryScheduled():
            return wire.RetryUpdate(
                sessionUpdate="retry", attempt=event.attempt, delayS=event.delay_s, reason=event.reason
            )
        case Warned() | InjectionFlagged():
            return wire.WarningUpdate(sessionUpdate="warning", message=event.message)
        case Compacted():
            return wire.CompactedUpdate(sessionUpdate="compacted")
        case Undone() | FilesRestored():
            return wire.UndoneUpdate(
                sessionUpdate="undone",
                turnId=event.turn_id,
                paths=[one.path for one in event.changes],
                conflicts=list(event.conflicts),
            )
        case Rewound():
            return wire.RewoundUpdate(sessionUpdate="rewound", turnId=event.turn_id)
        case ModelSet():
            return wire.SessionInfoUpdate(sessionUpdate="session_info_update", model=event.model)
        case AutonomySet():
            return wire.SessionInfoUpdate(sessionUpdate="session_info_update", autonomy=event.autonomy.value)
        case TurnEnded():
            return wire.TurnEndedUpdate(
                sessionUpdate="turn_ended",
                reason=event.reason.value,
                message=event.message,
                costUsd=event.cost_usd,
                durationS=event.duration_s,
            )
        case _:
            return None


def trace_of(decision: Decision) -> Sequence[wire.TraceRow]:
    """What each step of the gate said."""
    return [
        wire.TraceRow(
            step=entry.step.value,
            verdict=entry.verdict.value if entry.verdict is not None else None,
            rule=entry.rule,
            level=entry.level.value,
            file=entry.file,
            matched=entry.matched,
        )
        for entry in decision.trace
    ]


def locations_of(proposed: ToolProposed) -> Sequence[wire.ToolCallLocation]:
    """The file or folder that a call names, as the model wrote it."""
    given = _input(proposed.arguments)
    path = next((one for key in _PATH_KEYS if isinstance(one := given.get(key), str) and one), None)
    if path is None:
        return ()
    location = wire.ToolCallLocation(path=path)
    offset = given.get("offset")
    if proposed.tool == "Read" and isinstance(offset, int) and not isinstance(offset, bool) and offset > 0:
        location["line"] = offset
    return (location,)


def text_content(text: str) -> wire.TextContent:
    return wire.TextContent(type="text", text=text)


def bounded(text: str, size: int) -> str:
    """The beginning and the end of a text that is longer than `size` characters, and how much is left out."""
    if len(text) <= size:
        return text
    half = size // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters are left out here …\n{text[-half:]}"


def _input(arguments: str) -> Mapping[str, Any]:
    try:
        parsed: object = json.loads(arguments)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        return {"unreadable": bounded(arguments, _MAX_VALUE)} if arguments.strip() else {}
    return _bounded_value(cast("dict[str, Any]", parsed), _MAX_DEPTH)


def _bounded_value(value: Any, depth: int) -> Any:
    """The same JSON value, so large at most that a client can show it."""
    if isinstance(value, str):
        return bounded(value, _MAX_VALUE)
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        return "…"
    if isinstance(value, list):
        return [_bounded_value(one, depth - 1) for one in cast("list[Any]", value)[:_MAX_ITEMS]]
    fields = cast("dict[str, Any]", value)
    return {key: _bounded_value(fields[key], depth - 1) for key in list(fields)[:_MAX_ITEMS]}


_PATH_KEYS = ("file_path", "directory_path", "path")
_KINDS: Mapping[str, ToolKind] = {
    "Read": "read",
    "LS": "read",
    "Grep": "search",
    "Glob": "search",
    "Create": "edit",
    "Edit": "edit",
    "ApplyPatch": "edit",
    "Execute": "execute",
    "TaskOutput": "execute",
    "TaskStop": "execute",
    "FetchUrl": "fetch",
    "WebSearch": "fetch",
    "TodoWrite": "think",
}
