"""Shows each turn as a work-done progress, with a cancel where the client has one, and as `droid/status`.

Only what changed is told, ten times a second at most: a stream of text is one word, not one message for
each piece.
"""

import itertools
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from droid.domain.events import Record, TurnEnded, TurnStarted
from droid.engine.session import Session
from droid.lsp.activity import Activity, ActivityReader
from droid.lsp.background import Background
from droid.lsp.convert import shortened
from droid.lsp.editor import Editor
from droid.lsp.markdown_text import visible
from droid.lsp.protocol import StatusParams
from droid.lsp.throttle import Throttle

logger = logging.getLogger(__name__)

_INTERVAL_S = 0.1
_MAX_TITLE = 60


class TurnProgress:
    """The progress of one turn."""

    def __init__(self, editor: Editor, token: str, title: str) -> None:
        self._editor = editor
        self.token = token
        self._title = title
        self._shown = False
        self._ended: str | None = None
        self._message = ""
        self._told = ""
        self._throttle = Throttle(self._report, _INTERVAL_S)

    async def begin(self) -> None:
        """Show it. A turn that is over before the client has made room is still shown to have ended."""
        if not await self._editor.create_progress(self.token):
            return
        self._shown = True
        value: dict[str, Any] = {"kind": "begin", "title": self._title, "cancellable": True}
        if self._message:
            value["message"] = self._told = self._message
        self._send(value)
        if self._ended is not None:
            self.end(self._ended)

    def say(self, message: str) -> None:
        self._message = message
        if self._shown:
            self._throttle.poke()

    def end(self, message: str) -> None:
        self._throttle.cancel()
        self._ended = message
        if self._shown:
            self._shown = False
            self._send({"kind": "end", "message": message})

    def _report(self) -> None:
        if self._shown and self._message != self._told:
            self._told = self._message
            self._send({"kind": "report", "message": self._message})

    def _send(self, value: dict[str, Any]) -> None:
        self._editor.requests.notify("$/progress", {"token": self.token, "value": value})


class ProgressBoard:
    """The running turns of all sessions, as progress and as status."""

    def __init__(self, editor: Editor, background: Background) -> None:
        self._editor = editor
        self._background = background
        self._numbers = itertools.count(1)
        self._turns: dict[str, tuple[Session, TurnProgress]] = {}
        self._readers: dict[str, ActivityReader] = {}
        self._status: dict[str, Throttle] = {}

    def on_record(self, session: Session, record: Record) -> None:
        if isinstance(record.event, TurnStarted):
            self._begin(session, record.event.prompt)
        reader = self._readers.setdefault(session.id, ActivityReader())
        activity = reader.read(record)
        if activity is None:
            return
        if self._editor.profile.droid.status:
            self._tell(session.id)
        if entry := self._turns.get(session.id):
            if isinstance(record.event, TurnEnded):
                del self._turns[session.id]
                entry[1].end(activity.message)
            else:
                entry[1].say(activity.message)

    def cancel(self, token: str | int) -> Coroutine[Any, Any, bool] | None:
        """What cancels the turn behind a progress token; None where there is none."""
        for session, progress in self._turns.values():
            if progress.token == str(token):
                return session.cancel()
        return None

    def activity(self, session_id: str) -> Activity | None:
        """What a session is doing; None where it has not done anything here."""
        reader = self._readers.get(session_id)
        return reader.now if reader is not None else None

    def _begin(self, session: Session, prompt: str) -> None:
        title = f"Droid: {shortened(visible(prompt), _MAX_TITLE)}"
        progress = TurnProgress(self._editor, f"droid-turn-{next(self._numbers)}", title)
        if old := self._turns.get(session.id):
            old[1].end("")
        self._turns[session.id] = (session, progress)
        if self._editor.profile.progress:
            self._background.start(progress.begin(), "progress:begin")

    def _tell(self, session_id: str) -> None:
        if session_id not in self._status:
            self._status[session_id] = Throttle(self._teller(session_id), _INTERVAL_S)
        self._status[session_id].poke()

    def _teller(self, session_id: str) -> Callable[[], None]:
        def tell() -> None:
            activity = self.activity(session_id)
            if activity is not None:
                params = StatusParams(
                    sessionId=session_id,
                    busy=activity.busy,
                    kind=activity.kind,
                    message=activity.message,
                )
                self._editor.requests.notify("droid/status", params)

        return tell
