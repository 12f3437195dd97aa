"""The runtimes of the open workspace folders and the sessions that are live in this editor.

Nothing of the engine is imported until a person needs it: starting the server costs no more than a
language server does. Then importing and loading happen in a thread, once, whoever asks first.
"""

import asyncio
import gc
import importlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.domain.errors import DroidError
from droid.lsp.background import Background

if TYPE_CHECKING:
    from droid.app.runtime import Runtime
    from droid.domain.events import Record
    from droid.domain.levels import AutonomyLevel
    from droid.domain.ports import Files
    from droid.engine.session import Session

logger = logging.getLogger(__name__)

Sink = Callable[["Session", "Record"], None]


class NoSession(DroidError):
    """There is no session yet, or none of that name."""


class SessionHost:
    """Sessions, by id, and the current one of each folder.

    Attributes:
        folders: The workspace folders, in the editor's order.
        sinks: Told of every event of every live session.
        on_list: Called when a session came, went or was renamed.
        on_open: Called with a runtime that was opened.
    """

    def __init__(
        self,
        background: Background,
        overlay: "Callable[[Files], Files]",
        load_surfaces: Callable[[], Awaitable[None]],
    ) -> None:
        self.folders: list[Path] = []
        self.sinks: list[Sink] = []
        self.on_list: Callable[[], None] = lambda: None
        self.on_open: Callable[[Runtime], None] = lambda _: None
        self._background = background
        self._overlay = overlay
        self._load_surfaces = load_surfaces
        self._opening: dict[Path, asyncio.Task[Runtime]] = {}
        self._sessions: dict[str, Session] = {}
        self._current: dict[Path, str] = {}
        self._creating: dict[Path, asyncio.Lock] = {}
        self._closed = False

    def folder_for(self, path: Path | None) -> Path:
        """The workspace folder that a file belongs to; the first one where it belongs to none."""
        if path is not None:
            holding = [folder for folder in self.folders if path.is_relative_to(folder)]
            if holding:
                return max(holding, key=lambda folder: len(folder.parts))
        if self.folders:
            return self.folders[0]
        return path.parent if path is not None else Path.cwd()

    async def runtime(self, folder: Path) -> "Runtime":
        """The folder's runtime, opened when it is first needed.

        Raises:
            DroidError: it cannot be opened; the next call tries again.
        """
        if self._closed:
            raise NoSession("the server is shutting down")
        opening = self._opening.get(folder)
        if opening is None:
            opening = self._background.start(self._open(folder), f"runtime:{folder.name}")
            self._opening[folder] = opening
        try:
            return await asyncio.shield(opening)
        finally:
            if opening.done() and (opening.cancelled() or opening.exception() is not None):
                self._opening.pop(folder, None)

    async def _open(self, folder: Path) -> "Runtime":
        runtime = await asyncio.to_thread(importlib.import_module, "droid.app.runtime")
        options = await asyncio.to_thread(importlib.import_module, "droid.app.options")
        await self._load_surfaces()
        opened: Runtime = await runtime.Runtime.open(
            options.RuntimeOptions(workspace=folder, surface="lsp", interactive=True, overlay=self._overlay)
        )
        # What was imported stays: the collector need not walk all of it while somebody types.
        gc.freeze()
        self.on_open(opened)
        return opened

    @property
    def live(self) -> Sequence["Session"]:
        """Sessions that are open in this process."""
        return tuple(self._sessions.values())

    @property
    def busy(self) -> Sequence["Session"]:
        return tuple(session for session in self._sessions.values() if session.busy)

    def current(self, folder: Path | None = None) -> "Session | None":
        """The folder's current session, or, without a folder, the busy or last one of any."""
        if folder is not None:
            return self._sessions.get(self._current.get(folder, ""))
        return next(iter(self.busy), None) or next(reversed(self._sessions.values()), None)

    def find(self, session_id: str) -> "Session | None":
        """A live session by its id or a beginning of it that no other has."""
        exact = self._sessions.get(session_id)
        if exact is not None:
            return exact
        found = [session for id_, session in self._sessions.items() if id_.startswith(session_id)]
        return found[0] if len(found) == 1 else None

    async def session(self, folder: Path, session_id: str | None = None) -> "Session":
        """A session to work in: the one named, taken up if need be; else the current one, begun if need be.

        Raises:
            DroidError: it does not exist, is open elsewhere, or cannot be begun.
        """
        if session_id is not None:
            return self.find(session_id) or await self.resume(folder, session_id)
        async with self._creating.setdefault(folder, asyncio.Lock()):
            return self.current(folder) or await self.create(folder)

    async def create(
        self, folder: Path, *, model: str | None = None, autonomy: "AutonomyLevel | None" = None
    ) -> "Session":
        """Begin a session, which becomes the folder's current one."""
        runtime = await self.runtime(folder)
        return self._keep(folder, await runtime.create_session(model=model, autonomy=autonomy))

    async def resume(self, folder: Path, session_id: str) -> "Session":
        runtime = await self.runtime(folder)
        return self._keep(folder, await runtime.resume_session(session_id))

    async def fork(self, folder: Path, session_id: str) -> "Session":
        runtime = await self.runtime(folder)
        return self._keep(folder, await runtime.fork_session(session_id))

    def folder_of(self, session: "Session") -> Path:
        """The workspace folder that a live session belongs to."""
        return next((f for f in self._opening if session.workspace == f), session.workspace)

    def _keep(self, folder: Path, session: "Session") -> "Session":
        self._current[folder] = session.id
        if session.id not in self._sessions:
            self._sessions[session.id] = session
            session.subscribe(lambda record: self._tell(session, record))
            self.on_list()
        return session

    def _tell(self, session: "Session", record: "Record") -> None:
        for sink in self.sinks:
            sink(session, record)

    async def close(self) -> None:
        """End every turn and every runtime."""
        self._closed = True
        for opening in self._opening.values():
            if not opening.done():
                opening.cancel()
                continue
            if opening.cancelled() or opening.exception() is not None:
                continue
            await opening.result().aclose()
        self._opening.clear()
        self._sessions.clear()
