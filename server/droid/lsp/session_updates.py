"""Streams sessions to a client that shows them in a view of its own: `droid/sessionUpdate`.

Pieces of text are joined for a thirtieth of a second, so that a fast model does not become a flood of
messages, and a replay of thousands of updates goes out in parts, with room for other messages between.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from droid.domain.events import ApprovalWanted, QuestionAsked, Record, TurnEnded
from droid.engine.session import Session
from droid.engine.state import SessionState
from droid.lsp.editor import Editor
from droid.lsp.negotiation import Transcript
from droid.lsp.protocol import SessionUpdateParams
from droid.lsp.protocol_updates import ReplayEnded, ReplayStarted, SessionInfoUpdate
from droid.lsp.throttle import Throttle
from droid.lsp.update_kinds import text_content
from droid.lsp.update_stream import Standing, Told, UpdateStream

if TYPE_CHECKING:
    from droid.lsp.protocol_updates import AgentMessageChunk, SessionUpdate, ToolCallUpdate

_INTERVAL_S = 1 / 30
_AT_ONCE = 500


class SessionUpdates:
    """Sends the updates of all live sessions."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._streams: dict[str, UpdateStream] = {}
        self._waiting: dict[str, deque[Told]] = {}
        self._throttle = Throttle(self._send, _INTERVAL_S)

    @property
    def _wanted(self) -> bool:
        return self._editor.profile.droid.transcript is Transcript.STREAM

    def on_record(self, session: Session, record: Record) -> None:
        if not self._wanted:
            return
        stream = self._streams.get(session.id)
        if stream is None:
            stream = self._streams[session.id] = UpdateStream(session.title)
            self._tell(session.id, [(None, _info(session))])
        self._tell(session.id, stream.live(record, lambda: _standing(session)))
        if isinstance(record.event, ApprovalWanted | QuestionAsked | TurnEnded):
            # A client knows of a call, and of what led to it, before it is asked about it.
            self._throttle.flush()

    def replay(self, session: Session) -> None:
        """Tell a client that has just taken a session up all of it, from its beginning."""
        if not self._wanted:
            return
        before = self._streams.get(session.id)
        stream = self._streams[session.id] = UpdateStream()
        self._waiting.pop(session.id, None)
        told: list[Told] = [(None, ReplayStarted(sessionUpdate="replay_started"))]
        told += _stored(session, stream)
        if before is not None:
            told += stream.take_over(before)
        told += [(None, _info(session)), (None, ReplayEnded(sessionUpdate="replay_ended"))]
        self._tell(session.id, told)

    def on_delete(self, session_id: str, folder: Path) -> None:
        """A session is gone: nothing more is told of it."""
        self._streams.pop(session_id, None)
        self._waiting.pop(session_id, None)

    def _tell(self, session_id: str, updates: Iterable[Told]) -> None:
        waiting = self._waiting.setdefault(session_id, deque())
        waiting.extend(updates)
        if waiting:
            self._throttle.poke()

    def _send(self) -> None:
        for session_id, waiting in list(self._waiting.items()):
            part = [waiting.popleft() for _ in range(min(len(waiting), _AT_ONCE))]
            if not waiting:
                del self._waiting[session_id]
            for turn_id, update in joined(part):
                params = SessionUpdateParams(sessionId=session_id, turnId=turn_id, update=update)
                self._editor.requests.notify("droid/sessionUpdate", params)
        if self._waiting:
            self._throttle.poke()


def joined(updates: Iterable[Told]) -> list[Told]:
    """The same, with neighbouring pieces of one text made one."""
    result: list[Told] = []
    for turn_id, update in updates:
        last = result[-1][1] if result and result[-1][0] == turn_id else None
        both = _both(last, update) if last is not None else None
        if both is not None:
            result[-1] = (turn_id, both)
        else:
            result.append((turn_id, update))
    return result


def _both(last: "SessionUpdate", update: "SessionUpdate") -> "SessionUpdate | None":
    """Two pieces of one text as one piece; None where they are none."""
    kind = update["sessionUpdate"]
    if last["sessionUpdate"] != kind:
        return None
    if kind in _CHUNKS:
        first, second = cast("AgentMessageChunk", last), cast("AgentMessageChunk", update)
        text = first["content"]["text"] + second["content"]["text"]
        return cast("SessionUpdate", {**first, "content": text_content(text)})
    if kind == "tool_call_update":
        one, more = cast("ToolCallUpdate", last), cast("ToolCallUpdate", update)
        if one.keys() == more.keys() == _OUTPUT and one["toolCallId"] == more["toolCallId"]:
            return cast("SessionUpdate", {**one, "output": one.get("output", "") + more.get("output", "")})
    return None


def _stored(session: Session, stream: UpdateStream) -> Iterator[Told]:
    """All that is stored, each with how the session stood then."""
    state = SessionState()
    for record in session.records:
        state.apply(record)
        yield from stream.stored(record, lambda: _stood(session, state))


def _standing(session: Session) -> Standing:
    return Standing(
        title=session.title,
        cost_usd=session.cost_usd,
        context_tokens=session.context_tokens,
        context_window=session.context_window(),
    )


def _stood(session: Session, state: SessionState) -> Standing:
    return Standing(
        title=state.title,
        cost_usd=state.cost_usd,
        context_tokens=state.size.tokens,
        context_window=session.context_window(state.model),
    )


def _info(session: Session) -> SessionInfoUpdate:
    return SessionInfoUpdate(
        sessionUpdate="session_info_update",
        title=session.title,
        model=session.model,
        autonomy=session.autonomy.value,
    )


_CHUNKS = frozenset({"agent_message_chunk", "agent_thought_chunk"})
_OUTPUT = frozenset({"sessionUpdate", "toolCallId", "output"})
