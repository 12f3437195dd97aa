"""Streams a session to a client that shows it in a view of its own: `droid/sessionUpdate`.

The kinds of update are those of the Agent Client Protocol where it has them. Pieces of text are joined
for a thirtieth of a second, so that a fast model does not become a flood of messages.
Source: https://agentclientprotocol.com/protocol/prompt-turn
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AutonomySet,
    Compacted,
    FilesChanged,
    InjectionFlagged,
    ModelSet,
    QuestionAnswered,
    QuestionAsked,
    Record,
    RetryScheduled,
    SessionRenamed,
    Steered,
    TextDelta,
    ThinkingDelta,
    TodosChanged,
    ToolFinished,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnStarted,
    Undone,
    UsageReported,
    Warned,
)
from droid.engine.session import Session
from droid.lsp.editor import Editor
from droid.lsp.negotiation import Transcript
from droid.lsp.protocol import SessionUpdateParams
from droid.lsp.throttle import Throttle

if TYPE_CHECKING:
    from droid.lsp.protocol_updates import SessionUpdate

_INTERVAL_S = 1 / 30
_MAX_OUTPUT = 16_000

Update = dict[str, Any]


def update_of(record: Record) -> Update | None:
    """One event as an update; None where a client need not know."""
    event = record.event
    match event:
        case TurnStarted() | Steered():
            return {"sessionUpdate": "user_message_chunk", "content": _text(event.prompt)}
        case TextDelta():
            return {"sessionUpdate": "agent_message_chunk", "content": _text(event.text)}
        case ThinkingDelta():
            return {"sessionUpdate": "agent_thought_chunk", "content": _text(event.text)}
        case ToolProposed():
            return {
                "sessionUpdate": "tool_call",
                "toolCallId": event.call_id,
                "title": event.title,
                "kind": _KINDS.get(event.tool, "other"),
                "status": "pending",
                "tool": event.tool,
                "rawInput": event.arguments,
            }
        case ToolStarted():
            return _call(event.call_id, status="in_progress")
        case ToolOutputDelta():
            return _call(event.call_id, output=event.text)
        case ToolFinished():
            status = "failed" if event.result.is_error else "completed"
            content = [{"type": "content", "content": _text(event.result.text[:_MAX_OUTPUT])}]
            return _call(event.call_id, status=status, content=content, durationS=event.duration_s)
        case FilesChanged():
            diffs = [{"type": "diff", "path": one.path, "diff": one.diff} for one in event.changes]
            return _call(
                event.call_id, content=diffs, locations=[{"path": one.path} for one in event.changes]
            )
        case TodosChanged():
            entries = [
                {"content": todo.content, "priority": "medium", "status": todo.status} for todo in event.todos
            ]
            return {"sessionUpdate": "plan", "entries": entries}
        case _:
            return _own_update_of(record)


def _own_update_of(record: Record) -> Update | None:
    """Events that the Agent Client Protocol has no kind for."""
    event = record.event
    match event:
        case ApprovalWanted():
            request = event.request
            return {
                "sessionUpdate": "approval_wanted",
                "approvalId": request.approval_id,
                "toolCallId": request.call_id,
            }
        case ApprovalAnswered():
            return {
                "sessionUpdate": "approval_answered",
                "approvalId": event.approval_id,
                "answer": event.answer,
            }
        case QuestionAsked():
            return {"sessionUpdate": "question_asked", "questionId": event.question.question_id}
        case QuestionAnswered():
            return {"sessionUpdate": "question_answered", "questionId": event.question_id}
        case UsageReported():
            usage = event.usage
            return {
                "sessionUpdate": "usage",
                "inputTokens": usage.input_tokens,
                "outputTokens": usage.output_tokens,
                "cacheReadTokens": usage.cache_read_tokens,
                "cacheWriteTokens": usage.cache_write_tokens,
                "costUsd": event.cost_usd,
            }
        case RetryScheduled():
            return {
                "sessionUpdate": "retry",
                "attempt": event.attempt,
                "delayS": event.delay_s,
                "reason": event.reason,
            }
        case Warned() | InjectionFlagged():
            return {"sessionUpdate": "warning", "message": event.message}
        case Compacted():
            return {"sessionUpdate": "compacted"}
        case Undone():
            return {
                "sessionUpdate": "undone",
                "turnId": event.turn_id,
                "paths": [one.path for one in event.changes],
                "conflicts": list(event.conflicts),
            }
        case SessionRenamed():
            return {"sessionUpdate": "session_info_update", "title": event.title}
        case ModelSet():
            return {"sessionUpdate": "session_info_update", "model": event.model}
        case AutonomySet():
            return {"sessionUpdate": "session_info_update", "autonomy": event.autonomy}
        case TurnEnded():
            return {
                "sessionUpdate": "turn_ended",
                "reason": event.reason,
                "message": event.message,
                "costUsd": event.cost_usd,
                "durationS": event.duration_s,
            }
        case _:
            return None


def joined(updates: Sequence[tuple[str | None, Update]]) -> list[tuple[str | None, Update]]:
    """The same, with neighbouring pieces of one text made one; each comes with its turn's id."""
    result: list[tuple[str | None, Update]] = []
    for turn_id, update in updates:
        kind = update["sessionUpdate"]
        last = result[-1][1] if result and result[-1][0] == turn_id else None
        if last is not None and last["sessionUpdate"] == kind and kind in _CHUNKS:
            last["content"] = _text(last["content"]["text"] + update["content"]["text"])
        elif (
            last is not None
            and "output" in update
            and set(last) == set(update)
            and last["toolCallId"] == update["toolCallId"]
        ):
            last["output"] += update["output"]
        else:
            result.append((turn_id, dict(update)))
    return result


class SessionUpdates:
    """Sends the updates of all live sessions."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._waiting: dict[str, list[tuple[str | None, Update]]] = {}
        self._throttle = Throttle(self._send, _INTERVAL_S)

    def on_record(self, session: Session, record: Record) -> None:
        if self._editor.profile.droid.transcript is not Transcript.STREAM:
            return
        update = update_of(record)
        if update is None:
            return
        self._waiting.setdefault(session.id, []).append((record.turn_id, update))
        self._throttle.poke()

    def replay(self, session: Session) -> None:
        """Send what a session already holds, to a client that has just taken it up."""
        if self._editor.profile.droid.transcript is not Transcript.STREAM:
            return
        updates = [
            (record.turn_id, update) for record in session.records for update in _stored_updates_of(record)
        ]
        self._waiting.setdefault(session.id, []).extend(updates)
        self._throttle.poke()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for session_id, updates in waiting.items():
            for turn_id, update in joined(updates):
                params = SessionUpdateParams(
                    sessionId=session_id, turnId=turn_id, update=cast("SessionUpdate", update)
                )
                self._editor.requests.notify("droid/sessionUpdate", params)


def _stored_updates_of(record: Record) -> list[Update]:
    """As `update_of`; text is taken from the whole messages, since its pieces are not stored."""
    from droid.domain.events import AssistantAnswered

    event = record.event
    if isinstance(event, AssistantAnswered):
        text = event.message.text
        return [{"sessionUpdate": "agent_message_chunk", "content": _text(text)}] if text else []
    update = update_of(record)
    return [update] if update is not None else []


def _call(call_id: str, **fields: Any) -> Update:
    return {"sessionUpdate": "tool_call_update", "toolCallId": call_id, **fields}


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


_CHUNKS = {"user_message_chunk", "agent_message_chunk", "agent_thought_chunk"}
_KINDS = {
    "Read": "read",
    "LS": "read",
    "Grep": "search",
    "Glob": "search",
    "Create": "edit",
    "Edit": "edit",
    "ApplyPatch": "edit",
    "Execute": "execute",
    "FetchUrl": "fetch",
    "WebSearch": "fetch",
    "TodoWrite": "think",
}
