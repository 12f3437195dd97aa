"""Streams sessions to a client that shows them in a view of its own: `droid/sessionUpdate`.

Pieces of text are joined for a thirtieth of a second, so that a fast model does not become a flood of
messages. A replay of thousands of updates is made and sent in parts, with room for other messages between.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
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
_AT_ONCE = 250


class SessionUpdates:
    """Sends the updates of all live sessions."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._streams: dict[str, UpdateStream] = {}
        self._waiting: dict[str, deque[Told]] = {}
        # What is still to be told of what happened before; it goes before all that waits.
        self._replays: dict[str, Iterator[Told]] = {}
        self._throttle = Throttle(self._send, _INTERVAL_S)

    @property
    def _wanted(self) -> bool:
        return self._editor.profile.droid.transcript is Transcript.STREAM

    def on_record(self, session: Session, record: Record) -> None:
        if not self._wanted:
            return
        if (rest := self._replays.pop(session.id, None)) is not None:
            self._tell(session.id, rest)  # what happens now comes after it, and depends on it
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
        self._replays[session.id] = _replay(session, tuple(session.records), stream, before)
        self._throttle.poke()

    def on_delete(self, session_id: str, folder: Path) -> None:
        """A session is gone: nothing more is told of it."""
        self._streams.pop(session_id, None)
        self._waiting.pop(session_id, None)
        self._replays.pop(session_id, None)

    def _tell(self, session_id: str, updates: Iterable[Told]) -> None:
        waiting = self._waiting.setdefault(session_id, deque())
        waiting.extend(updates)
        if waiting:
            self._throttle.poke()

    def _send(self) -> None:
        for session_id, replay in list(self._replays.items()):
            part = list(islice(replay, _AT_ONCE))
            if len(part) < _AT_ONCE:
                del self._replays[session_id]
            self._notify(session_id, part)
        for session_id, waiting in list(self._waiting.items()):
            part = [waiting.popleft() for _ in range(min(len(waiting), _AT_ONCE))]
            if not waiting:
                del self._waiting[session_id]
            self._notify(session_id, part)
        if self._waiting or self._replays:
            self._throttle.poke()

    def _notify(self, session_id: str, updates: Iterable[Told]) -> None:
        for turn_id, update in joined(updates):
            params = SessionUpdateParams(sessionId=session_id, turnId=turn_id, update=update)
            self._editor.requests.notify("droid/sessionUpdate", params)


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


def _replay(
    session: Session, records: Sequence[Record], stream: UpdateStream, before: UpdateStream | None
) -> Iterator[Told]:
    """All that is stored, each with how the session stood then, and what has been said since.

    Args:
        before: What the client was told from until now.
    """
    yield None, ReplayStarted(sessionUpdate="replay_started")
    state = SessionState()
    for record in records:
        state.apply(record)
        yield from stream.stored(record, lambda: _stood(session, state))
    if before is not None:
        yield from stream.take_over(before)
    yield None, _info(session)
    yield None, ReplayEnded(sessionUpdate="replay_ended")


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
