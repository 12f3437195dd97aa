"""Keeps what the editor shows of settings files true: while somebody types, and when files change on disk.

Nothing of it is imported before a settings file is open, a workspace has a `.factory` folder, or a runtime
is open. All reading and merging happens in threads; the loop only sends what came of it.
"""

import asyncio
import importlib
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from droid.lsp.background import Background
from droid.lsp.convert import NotAFile, path_of
from droid.lsp.documents import Document, Documents, Edit
from droid.lsp.editor import Editor, MessageKind
from droid.lsp.session_host import SessionHost
from droid.lsp.settings_policies import FolderPolicies
from droid.lsp.settings_questions import SettingsQuestions
from droid.lsp.text_map import TextMap

if TYPE_CHECKING:
    from droid.app.policies import Policies
    from droid.app.runtime import Runtime
    from droid.app.settings_files import Draft, SettingsFile, SettingsFiles
    from droid.app.settings_watch import SettingsWatch

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_DEBOUNCE_S = 0.15
_LOOK_S = 0.5
_REST_S = 1.0
_WATCHED = "**/.factory/**"
_MAX_WARNINGS = 5


@dataclass(frozen=True, slots=True)
class View:
    """One buffer as it was when somebody asked.

    Attributes:
        api: `droid.app.settings_files`: what there is to say of the draft.
        version: Of the buffer.
        place: The folder that the file holds for; None for the user's.
    """

    api: Any
    version: int
    place: Path | None
    draft: "Draft"
    text: TextMap


@dataclass(frozen=True, slots=True)
class _Loaded:
    api: ModuleType
    files: "SettingsFiles"


class SettingsService:
    """The settings files of one editor."""

    def __init__(
        self, *, editor: Editor, documents: Documents, background: Background, host: SessionHost
    ) -> None:
        self._editor = editor
        self._documents = documents
        self._background = background
        self._host = host
        self._policies = FolderPolicies(background)
        self.questions = SettingsQuestions(editor, background, self._settle)
        self._loading: asyncio.Task[_Loaded] | None = None
        self._open: dict[str, tuple[Document, SettingsFile]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._polling: asyncio.Task[None] | None = None
        self._looked = asyncio.Lock()
        self._told: dict[Path, frozenset[str]] = {}
        self._used = float("-inf")
        documents.listeners.append(self._edited)

    # What the editor tells

    def restrict(self, restricted: bool) -> None:
        """Whether the editor has its folders in Restricted Mode, said before anything is read of them."""
        self._policies.restricted = self.questions.restricted = restricted

    def opened(self, document: Document) -> None:
        """A buffer was opened."""
        if _may_be_settings(document.uri, document.path):
            self._background.start(self._open_file(document), "settings:open")

    def closed(self, uri: str) -> None:
        """A buffer was closed: what was said of it goes."""
        document = self._documents.get(uri)
        known = self._open.pop(document.uri if document is not None else uri, None)
        if known is None:
            return
        document, file = known
        if (timer := self._timers.pop(document.uri, None)) is not None:
            timer.cancel()
        if self._loading is not None and self._loading.done() and not self._loading.cancelled():
            self._loading.result().files.forget(file.path)
        self._editor.publish(document.uri, None, [])

    def saved(self, uri: str) -> None:
        """A buffer was saved: everybody looks again."""
        self.files_changed([uri])

    def files_changed(self, uris: Iterable[str]) -> None:
        """Files have changed on disk."""
        if any(_may_be_settings(uri, None) for uri in uris):
            self._background.start(self._changed(), "settings:changed")

    def runtime_opened(self, runtime: "Runtime") -> None:
        """A runtime has the settings that count; those are what is shown from now on."""
        self._policies.adopt(runtime)
        self._background.start(self._start(), "settings:start")

    async def begin(self) -> None:
        """Look whether there is anything to watch."""
        folders = tuple(self._host.folders)
        if await asyncio.to_thread(_any_settings, folders):
            await self._start()

    # Buffers

    async def look(self, uri: str, at: Callable[[View], _T]) -> _T | None:
        """What a function finds, in a thread, in a buffer as it is now; None where it is no settings file."""
        document = self._documents.get(uri)
        if document is None or not _may_be_settings(document.uri, document.path):
            return None
        self._used = asyncio.get_running_loop().time()
        known = self._open.get(document.uri)
        if known is None or known[0] is not document:
            await self._open_file(document)
            known = self._open.get(document.uri)
        return None if known is None else await self._look_at(*known, at)

    async def _look_at(self, document: Document, file: "SettingsFile", at: Callable[[View], _T]) -> _T:
        text, version = document.text, document.version
        loaded, watch = await self._load(), await self._watch_of(file)

        # One way to a thread and back: while the interpreter is busy, each costs milliseconds.
        def look() -> _T:
            draft = loaded.files.draft(watch.policies, file, text)
            return at(View(loaded.api, version, file.place, draft, TextMap(text, document.encoding)))

        return await asyncio.to_thread(look)

    async def _watch_of(self, file: "SettingsFile") -> "SettingsWatch":
        return await self._policies.of(self._host.folder_for(file.place))

    async def policies(self, path: Path | None) -> "Policies":
        """The settings of the workspace folder that a file belongs to."""
        return (await self._policies.of(self._host.folder_for(path))).policies

    async def _open_file(self, document: Document) -> None:
        files = (await self._load()).files
        file = None
        for path in _names_of(document):
            file = file or await asyncio.to_thread(files.file_at, path)
        if file is None or self._documents.get(document.uri) is not document:
            return
        self._open[document.uri] = (document, file)
        await self._start()
        await self._check(document.uri)

    def _edited(self, document: Document, _: Edit) -> None:
        if document.uri not in self._open:
            return
        if (timer := self._timers.pop(document.uri, None)) is not None:
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._used = loop.time()
        self._timers[document.uri] = loop.call_later(_DEBOUNCE_S, self._due, document.uri)

    def _due(self, uri: str) -> None:
        self._timers.pop(uri, None)
        self._background.start(self._check(uri), "settings:check")

    async def _check(self, uri: str) -> None:
        """Say what is wrong with a buffer; where it has changed meanwhile, it is checked again anyway."""
        known = self._open.get(uri)
        if known is None:
            return
        document, file = known
        version = document.version
        diagnostics = await self._look_at(document, file, self._diagnostics)
        if self._open.get(uri) == known and document.version == version and uri not in self._timers:
            self._editor.publish(uri, version, diagnostics)

    def _diagnostics(self, view: View) -> Sequence[Mapping[str, Any]]:
        from droid.lsp.settings_render import diagnostic

        profile = self._editor.profile
        return [diagnostic(one, view.text, profile) for one in view.api.findings_of(view.draft)]

    # Loading

    async def _load(self) -> _Loaded:
        if self._loading is None:
            self._loading = self._background.start(self._import(), "settings:load")
        return await asyncio.shield(self._loading)

    async def _import(self) -> _Loaded:
        api: Any = await asyncio.to_thread(importlib.import_module, "droid.app.settings_files")
        return _Loaded(api, api.SettingsFiles(os.environ))

    # Watching

    async def _start(self) -> None:
        """Watch from now on, once."""
        if self._polling is not None:
            return
        self._polling = self._background.start(self._poll(), "settings:poll")
        home = os.environ.get("FACTORY_HOME")
        patterns = [_WATCHED, *([f"{home.rstrip('/')}/**"] if home else [])]
        self._background.start(self._editor.watch("droid-settings", patterns), "settings:watch")

    async def _poll(self) -> None:
        while True:
            try:
                await self._look()
            except OSError as error:
                logger.warning("settings could not be looked at: %s", error.strerror)
            await asyncio.sleep(_LOOK_S)

    async def _changed(self) -> None:
        """Look now: something was written."""
        for _, watch in self._policies:
            await asyncio.to_thread(watch.changed)
        await self._look()

    async def _settle(self) -> None:
        """Look now: a person has trusted or confirmed something."""
        await self._changed()

    async def _look(self) -> None:
        """Look whether the settings of any place are others than before, and show what follows."""
        async with self._looked:
            for folder in tuple(self._host.folders):
                await self._policies.of(folder)
            changed: list[SettingsWatch] = []
            for folder, watch in tuple(self._policies):
                places = [
                    file.place
                    for _, file in tuple(self._open.values())
                    if file.place is not None and self._host.folder_for(file.place) == folder
                ]
                at_rest = asyncio.get_running_loop().time() - self._used > _REST_S
                if await asyncio.to_thread(partial(watch.look, places, at_rest=at_rest)):
                    changed.append(watch)
        if changed:
            await self._show(changed)

    async def _show(self, changed: "Sequence[SettingsWatch]") -> None:
        for uri in tuple(self._open):
            await self._check(uri)
        self._background.start(self._editor.refresh_hints(), "settings:hints")
        for watch in changed:
            for change in await asyncio.to_thread(watch.unconfirmed):
                self.questions.confirm(watch, change)
            await self._tell(watch)
            folder = watch.policies.workspace
            if folder in self._host.folders:
                await self.questions.consider_trust(folder)

    async def _tell(self, watch: "SettingsWatch") -> None:
        """What makes a file unusable is said when it comes about, and again when it comes back."""
        policies = watch.policies
        policy = await asyncio.to_thread(policies.of, policies.workspace)
        before = self._told.get(policies.workspace, frozenset())
        self._told[policies.workspace] = frozenset(policy.malformed)
        for line in [line for line in policy.malformed if line not in before][:_MAX_WARNINGS]:
            self._editor.message(f"Droid: {line}", MessageKind.WARNING)

    def was_told(self, line: str) -> bool:
        """Whether the person knows already what is wrong with a file, and it is wrong still."""
        return any(line in told for told in self._told.values())

    async def close(self) -> None:
        """Stop watching."""
        if self._polling is not None:
            self._polling.cancel()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        await self._policies.close()


def _names_of(document: Document) -> list[Path]:
    """The path as the editor spells it, and where it really is: a `.factory` may be a link."""
    names: list[Path] = []
    try:
        names.append(Path(os.path.normpath(path_of(document.uri))))
    except NotAFile:
        return []
    if document.path is not None and document.path not in names:
        names.append(document.path)
    return names


def _may_be_settings(uri: str, path: Path | None) -> bool:
    """Whether it is worth a closer look: cheap, since it is asked of every document."""
    if not uri.endswith((".json", ".md")):
        return False
    home = os.environ.get("FACTORY_HOME")
    if "/.factory/local/" in uri:
        return False
    if "/.factory/" in uri or (path is not None and ".factory" in path.parts):
        return True
    return home is not None and (
        home in uri or (path is not None and path.is_relative_to(os.path.realpath(home)))
    )


def _any_settings(folders: Sequence[Path]) -> bool:
    """Whether a workspace folder, or one that it lies in, has a `.factory` folder."""
    is_there: Callable[[Path], bool] = lambda folder: os.path.lexists(folder / ".factory")  # noqa: E731
    home = Path(os.path.realpath(os.environ.get("HOME") or "/"))
    return any(is_there(place) for folder in folders for place in (folder, *folder.parents) if place != home)
