"""The language server of one client: what every handler is given.

Starting costs no more than a language server does; the engine comes with the first prompt.
"""

import asyncio
import importlib
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.lsp.server import LanguageServer

import droid
from droid.domain.errors import DroidError
from droid.lsp.background import Background
from droid.lsp.client_requests import ClientRequests
from droid.lsp.comment_watch import CommentWatch
from droid.lsp.convert import NotAFile, path_of
from droid.lsp.documents import Document, Documents, Edit
from droid.lsp.editor import Editor, MessageKind
from droid.lsp.editor_context import EditorFocus, is_code
from droid.lsp.handlers import register_all
from droid.lsp.negotiation import answer_to, profile_of
from droid.lsp.pygls_workarounds import DroidProtocol
from droid.lsp.session_host import SessionHost
from droid.lsp.settings_service import SettingsService
from droid.lsp.transport import Outbox

if TYPE_CHECKING:
    from droid.app.runtime import Runtime
    from droid.domain.ports import Files
    from droid.lsp.surfaces import Surfaces

logger = logging.getLogger(__name__)

_CLOSE_S = 1.5
_MAX_WARNINGS = 5


class DroidLanguageServer(LanguageServer):
    """One client's server.

    Attributes:
        rpc: Messages in and out.
        documents: The open buffers.
        focus: Where the person is.
        comments: `droid:` comments and whether they were typed here.
        client: Questions to the client.
        editor: The same in the editor's words.
        host: Runtimes and sessions.
        settings: What is shown of settings files.
        background: What runs beside the handlers.
        shown: Everything that shows sessions, once it was needed.
        left: Set when the client has gone or wants us to.
    """

    def __init__(self) -> None:
        super().__init__("droid", droid.__version__, protocol_cls=DroidProtocol)  # pyright: ignore[reportUnknownMemberType]
        self.rpc = cast("DroidProtocol", self.protocol)
        self.background = Background()
        self.documents = Documents()
        self.client = ClientRequests(self.rpc.send)
        self.comments = CommentWatch()
        self.editor = Editor(self.client, self.comments)
        self.focus = EditorFocus(self.documents)
        self.host = SessionHost(self.background, self._overlay, self._load_surfaces)
        self.host.on_list = self._list_changed
        self.host.on_open = self._runtime_opened
        self.settings = SettingsService(
            editor=self.editor, documents=self.documents, background=self.background, host=self.host
        )
        self.shown: Surfaces | None = None
        self.left = asyncio.Event()
        self._loading: asyncio.Task[Surfaces] | None = None
        self._closing: asyncio.Task[None] | None = None
        self.documents.listeners += [self._edited]
        register_all(self)

    async def surfaces(self) -> "Surfaces":
        """Everything that shows sessions; imported when it is first needed, off the loop."""
        if self.shown is not None:
            return self.shown
        if self._loading is None:
            self._loading = self.background.start(self._load(), "surfaces")
        return await asyncio.shield(self._loading)

    async def _load_surfaces(self) -> None:
        await self.surfaces()

    async def _load(self) -> "Surfaces":
        module = await asyncio.to_thread(importlib.import_module, "droid.lsp.surfaces")
        surfaces: Surfaces = module.Surfaces(
            editor=self.editor,
            background=self.background,
            documents=self.documents,
            host=self.host,
        )
        self.shown = surfaces
        return surfaces

    def later(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Go on after the request was answered; what goes wrong is told to the person."""

        async def run() -> None:
            try:
                await work
            except DroidError as error:
                self.editor.message(f"Droid: {error}", MessageKind.WARNING)

        self.background.start(run(), name)

    def _overlay(self, disk: "Files") -> "Files":
        """Called, in a thread, when a runtime is opened."""
        from droid.lsp.overlay import OverlayFiles

        async def save(
            documents: Sequence[Document], still_unsaved: Callable[[], Awaitable[Sequence[Path]]]
        ) -> None:
            await (await self.surfaces()).saving.save(documents, still_unsaved)

        return OverlayFiles(disk, self.documents, self.editor, save, self.background)

    def _edited(self, document: Document, edit: Edit) -> None:
        if is_code(document):
            self.comments.changed(document, edit)
            self.focus.changed(document, edit)

    def _runtime_opened(self, runtime: "Runtime") -> None:
        self._tell_warnings(runtime)
        self.settings.runtime_opened(runtime)

    def _tell_warnings(self, runtime: "Runtime") -> None:
        """What is wrong with the settings is said once, when they are first used."""
        new = [warning for warning in runtime.policy.warnings if not self.settings.was_told(warning)]
        for warning in new[:_MAX_WARNINGS]:
            self.editor.message(f"Droid: {warning}", MessageKind.WARNING)

    def _list_changed(self) -> None:
        if self.editor.profile.droid.sessions:
            self.client.notify("droid/sessionListChanged", {})

    # What the protocol asks of its host

    def begin(self, params: types.InitializeParams, raw: Mapping[str, Any], encoding: str) -> None:
        self.documents.encoding = encoding
        self.editor.profile = profile_of(raw)
        self.host.folders = _folders_of(params)
        self.host.restricted = self.editor.profile.restricted
        self.settings.restrict(self.editor.profile.restricted)

    def experimental_capabilities(self) -> Mapping[str, Any]:
        methods = [name for name in self.rpc.handlers if name.startswith("droid/")]
        return answer_to(self.editor.profile, version=droid.__version__, methods=methods)

    def settle(self, reply: Mapping[str, Any]) -> None:
        self.client.settle(reply)

    async def close(self) -> None:
        """End everything, once: questions are withdrawn, turns cancelled, transcripts closed."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="close")
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self.settings.close()
                await self.host.close()
        except TimeoutError:
            logger.warning("sessions did not end in time")
        except Exception:  # the process ends whatever a session's end runs into
            logger.exception("closing the sessions failed")
        self.client.close()
        await self.background.close(0.3)

    def leave(self) -> None:
        self.left.set()

    # Running

    async def run(
        self, outbox: Outbox, read: Callable[["DroidLanguageServer"], "asyncio.Task[None]"]
    ) -> bool:
        """Serve one client until it leaves or its connection ends; True when it said goodbye properly."""
        self.rpc.outbox = outbox
        reading = read(self)
        leaving = asyncio.create_task(self.left.wait(), name="left")
        try:
            await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            reading.cancel()
            leaving.cancel()
            # Nobody reads any more: questions end as unanswered, before anything waits for them.
            self.client.close()
            await self.close()
        return self.rpc.shutting_down


def _folders_of(params: types.InitializeParams) -> list[Path]:
    uris = [folder.uri for folder in params.workspace_folders or ()]
    if not uris and params.root_uri:
        uris = [params.root_uri]
    folders: list[Path] = []
    for uri in uris:
        try:
            folders.append(Path(os.path.realpath(path_of(uri))))
        except NotAFile as error:
            logger.warning("%s", error)
    if not folders and not uris and params.root_path:
        folders.append(Path(os.path.realpath(params.root_path)))
    return list(dict.fromkeys(folders))
