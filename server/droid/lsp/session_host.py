"""The runtimes of the open workspace folders and the sessions of this editor, open or resting.

Nothing of the engine is imported until a person needs it: starting the server costs no more than a
language server does. Then importing and loading happen in a thread, once, whoever asks first.
"""

import asyncio
import contextlib
import gc
import importlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.domain.errors import AmbiguousSession, DroidError, SessionNotFound
from droid.lsp.background import Background
from droid.lsp.resting import RestingSession, Uses

if TYPE_CHECKING:
    from droid.app.runtime import Runtime
    from droid.domain.events import Record
    from droid.domain.levels import AutonomyLevel
    from droid.domain.ports import Files
    from droid.engine.session import Session
    from droid.lsp.resting import KnownSession

logger = logging.getLogger(__name__)

Sink = Callable[["Session", "Record"], None]

_LOOK_S = 30.0
# Until what a turn left to write and to show has been, and a session that has just begun is being used.
_SETTLE_S = 1.0


class NoSession(DroidError):
    """There is no session yet, or none of that name."""


class SessionHost:
    """Sessions, by id, and the current one of each folder.

    Attributes:
        folders: The workspace folders, in the editor's order.
        restricted: The editor has them in Restricted Mode.
        sinks: Told of every event of every open session.
        in_use: Say of an open session that it must not be closed now.
        on_rest: Told of a session that is about to be closed for want of use.
        on_wake: Told of one that was taken up again, and of how it rested.
        on_delete: Told of a session that was deleted, by its id and the folder that it belonged to.
        on_list: Called when a session came, went or was renamed.
        on_open: Called with a runtime that was opened.
    """

    def __init__(
        self,
        background: Background,
        overlay: "Callable[[Files], Files]",
        load_surfaces: Callable[[], Awaitable[None]],
        uses: Uses | None = None,
    ) -> None:
        self.folders: list[Path] = []
        self.restricted = False
        self.sinks: list[Sink] = []
        self.in_use: list[Callable[[Session], bool]] = []
        self.on_rest: list[Callable[[RestingSession], None]] = []
        self.on_wake: list[Callable[[Session, RestingSession], None]] = []
        self.on_delete: list[Callable[[str, Path], None]] = []
        self.on_list: Callable[[], None] = lambda: None
        self.on_open: Callable[[Runtime], None] = lambda _: None
        self._background = background
        self._overlay = overlay
        self._load_surfaces = load_surfaces
        self._opening: dict[Path, asyncio.Task[Runtime]] = {}
        self._known: dict[str, KnownSession] = {}
        self._folders: dict[str, Path] = {}
        self._uses = uses or Uses()
        self._moving = asyncio.Lock()
        self._came = asyncio.Event()
        self._resting: asyncio.Task[None] | None = None
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
            options.RuntimeOptions(
                workspace=folder,
                surface="lsp",
                interactive=True,
                overlay=self._overlay,
                restricted=self.restricted,
            )
        )
        # What was imported stays: the collector need not walk all of it while somebody types.
        gc.freeze()
        self.on_open(opened)
        return opened

    @property
    def _runtimes(self) -> "Sequence[Runtime]":
        """Those that are open."""
        done = [one for one in self._opening.values() if one.done() and not one.cancelled()]
        return tuple(one.result() for one in done if one.exception() is None)

    @property
    def busy(self) -> "Sequence[Session]":
        return tuple(session for session in self._awake if session.busy)

    @property
    def _awake(self) -> "Sequence[Session]":
        return tuple(one for one in self._known.values() if not isinstance(one, RestingSession))

    def current(self, folder: Path | None = None) -> "KnownSession | None":
        """The folder's current session, or, without a folder, the busy or last one of any."""
        if folder is not None:
            return self._known.get(self._current.get(folder, ""))
        return next(iter(self.busy), None) or next(reversed(self._known.values()), None)

    def known(self, session_id: str) -> "KnownSession | None":
        """A session of this editor by its whole id."""
        return self._known.get(session_id)

    async def find(self, session_id: str) -> "KnownSession | None":
        """A session of this editor by its id or a beginning of it.

        Raises:
            AmbiguousSession: other sessions begin so too; stored ones count.
        """
        if session_id in self._known or not session_id:
            return self._known.get(session_id)
        fits = {id_ for id_ in self._known if id_.startswith(session_id)}
        for runtime in self._runtimes:
            fits.update(await asyncio.to_thread(runtime.store.beginning_with, session_id))
        if len(fits) > 1:
            raise AmbiguousSession(session_id, sorted(fits))
        return self._known.get(next(iter(fits), ""))

    async def find_or_current(
        self, session_id: str | None, folder: Path | None = None
    ) -> "KnownSession | None":
        """The session that somebody named, or, where they named none, the current one.

        Raises:
            AmbiguousSession: see `find`.
        """
        return await self.find(session_id) if session_id else self.current(folder)

    async def session(self, folder: Path, session_id: str | None = None) -> "Session":
        """A session to work in: the one named, taken up if need be; else the current one, begun if need be.

        Raises:
            DroidError: it does not exist, is open elsewhere, or cannot be begun.
        """
        if session_id is not None:
            await self.runtime(folder)
            known = await self.find(session_id)
            return await (self.wake(known) if known is not None else self.resume(folder, session_id))
        async with self._creating.setdefault(folder, asyncio.Lock()):
            current = self.current(folder)
            if current is not None:
                with contextlib.suppress(SessionNotFound):  # somebody has deleted it while it was closed
                    return await self.wake(current)
            return await self.create(folder)

    async def wake(self, known: "KnownSession") -> "Session":
        """A session of this editor, taken up again where it rests.

        Raises:
            DroidError: it has been deleted, or another process has it open.
        """
        now = self._known.get(known.id, known)
        if isinstance(now, RestingSession):
            async with self._moving:
                now = self._known.get(known.id, now)
                if isinstance(now, RestingSession):
                    return await self._wake(now)
        self._uses.note(now.id, self._now())
        return now

    async def _wake(self, resting: RestingSession) -> "Session":
        folder = self.folder_of(resting)
        runtime = await self.runtime(folder)
        try:
            session = await runtime.resume_session(resting.id)
        except SessionNotFound:
            del self._known[resting.id], self._folders[resting.id]
            self.on_list()
            raise
        self._register(folder, session)
        for tell in self.on_wake:
            tell(session, resting)
        return session

    async def create(
        self, folder: Path, *, model: str | None = None, autonomy: "AutonomyLevel | None" = None
    ) -> "Session":
        """Begin a session, which becomes the folder's current one."""
        runtime = await self.runtime(folder)
        return self._keep(folder, await runtime.create_session(model=model, autonomy=autonomy))

    async def resume(self, folder: Path, session_id: str) -> "Session":
        """Take up a stored session, which becomes the folder's current one.

        Raises:
            DroidError: it does not exist, is open elsewhere, or belongs to another folder.
        """
        runtime = await self.runtime(folder)
        known = await self.find(session_id)
        if known is not None and self.folder_of(known) == folder:
            return self._keep(folder, await self.wake(known))
        return self._keep(folder, await runtime.resume_session(session_id))

    async def fork(self, folder: Path, session_id: str) -> "Session":
        runtime = await self.runtime(folder)
        return self._keep(folder, await runtime.fork_session(session_id))

    async def delete(self, folder: Path, session_id: str) -> str:
        """Delete a stored session with all that is kept of it; returns its whole id.

        Raises:
            DroidError: it does not exist, another process has it open, or something runs in it.
        """
        runtime = await self.runtime(folder)
        async with self._moving:
            session_id = await runtime.delete_session(session_id)
            self._known.pop(session_id, None)
            self._folders.pop(session_id, None)
            self._uses.forget(session_id)
            self._current = {path: id_ for path, id_ in self._current.items() if id_ != session_id}
        for tell in self.on_delete:
            tell(session_id, folder)
        self.on_list()
        return session_id

    def folder_of(self, session: "KnownSession") -> Path:
        """The workspace folder that a session of this editor belongs to."""
        return self._folders.get(session.id, session.workspace)

    def _keep(self, folder: Path, session: "Session") -> "Session":
        self._current[folder] = session.id
        is_new = session.id not in self._known
        if self._known.get(session.id) is not session:
            self._register(folder, session)
        if is_new:
            self.on_list()
        return session

    def _register(self, folder: Path, session: "Session") -> None:
        self._known[session.id] = session
        self._folders[session.id] = folder
        session.subscribe(lambda record: self._tell(session, record))
        self._uses.note(session.id, self._now())
        self._came.set()
        if self._resting is None or self._resting.done():
            self._resting = self._background.start(self._rest_unused(), "sessions:rest")

    def _tell(self, session: "Session", record: "Record") -> None:
        self._uses.note(session.id, self._now())
        for sink in self.sinks:
            sink(session, record)

    async def _rest_unused(self) -> None:
        while self._awake:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._came.wait()
            self._came.clear()
            await asyncio.sleep(_SETTLE_S)
            able = [one.id for one in self._awake if self._can_rest(one)]
            for session_id in self._uses.due(able, self._now()):
                try:
                    await self._rest(session_id)
                except DroidError as error:
                    logger.warning("a session was closed, but not properly: %s", error)

    def _can_rest(self, session: "Session") -> bool:
        return session.can_rest and not any(in_use(session) for in_use in self.in_use)

    async def _rest(self, session_id: str) -> None:
        async with self._moving:
            runtime = await self.runtime(self._folders[session_id])
            session = self._known.get(session_id)
            if session is None or isinstance(session, RestingSession) or not self._can_rest(session):
                return
            # From here on nobody gets hold of it: whoever wants it waits until it is closed, then resumes it.
            resting = self._known[session_id] = RestingSession.of(session)
            self._uses.forget(session_id)
            for tell in self.on_rest:
                tell(resting)
            await runtime.rest_session(session)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def close(self) -> None:
        """End every turn and every runtime."""
        self._closed = True
        for opening in self._opening.values():
            opening.cancel()
        for runtime in self._runtimes:
            await runtime.aclose()
        self._opening.clear()
        self._known.clear()
