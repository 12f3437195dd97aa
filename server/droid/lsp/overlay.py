"""Files as the person sees them: open buffers over the disk.

An open buffer is read as it stands in the editor and changed only through the editor, so that undo
works and unsaved work is never lost. What an editor answers to `workspace/applyEdit` proves nothing
(Neovim says yes to an edit that it refused, LSP4IJ applies stale ones), so every edit is read back
from the changes that the editor then reports.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from droid.domain.errors import DroidError, StaleFile, ToolFailed
from droid.domain.files import FileSnapshot, FileWrite, digest_of
from droid.domain.ports import Files
from droid.lsp.background import Background
from droid.lsp.convert import split_lines
from droid.lsp.documents import Document, Documents, Edit
from droid.lsp.misplaced_edits import put_back, reported_edits
from droid.lsp.text_edits import edits_of, holds, hunks_between, same_text, with_line_ends_of, without

logger = logging.getLogger(__name__)

_READ_BACK_S = 3.0


class EditSender(Protocol):
    """What the overlay needs of the client."""

    @property
    def can_edit(self) -> bool: ...

    async def apply_edit(
        self, document: Document, edits: Sequence[dict[str, Any]], label: str
    ) -> bool | None:
        """Send one document's edits; returns what the client claims, None where it did not answer."""
        ...

    def server_edit(self, document: Document, text_after: str) -> AbstractContextManager[None]:
        """While it is entered, changes that arrive for the document may be ours."""
        ...


StillUnsaved = Callable[[], Awaitable[Sequence[Path]]]
SaveAll = Callable[[Sequence[Document], StillUnsaved], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class _Change:
    """A change of an open buffer, that is made or can be taken back.

    Attributes:
        sent: The edits, once they were sent.
        reported: What the editor reported while it was asked, other people's changes included.
    """

    document: Document
    before: str
    after: str
    sent: Sequence[dict[str, Any]] = ()
    reported: list[Edit] = field(default_factory=list[Edit])


class OverlayFiles:
    """The `Files` port of an editor.

    Args:
        disk: What holds the files that are not open.
        save_all: Brings buffers to disk by asking the client or the person; returns when they had
            their say. It is given what tells which of them are not on disk yet.
    """

    def __init__(
        self,
        disk: Files,
        documents: Documents,
        editor: EditSender,
        save_all: SaveAll,
        background: Background,
    ) -> None:
        self._disk = disk
        self._background = background
        self._documents = documents
        self._editor = editor
        self._save_all = save_all

    async def read(self, path: Path) -> FileSnapshot:
        document = self._documents.at(path)
        if document is None or document.path is None:
            return await self._disk.read(path)
        return FileSnapshot(
            path=document.path,
            data=_data_of(document),
            version=document.version,
            mode=_mode_of(document.path),
        )

    async def write(self, changes: Sequence[FileWrite]) -> None:
        closed: list[FileWrite] = []
        opened: list[tuple[FileWrite, Document]] = []
        for change in changes:
            # A link is never open: what it leads to may be.
            is_link = change.link or change.before_link
            document = None if is_link else self._documents.at(change.path)
            if document is None:
                closed.append(change)
            elif self._belongs_on_disk(change, document):
                if await self.unsaved([change.path]):
                    raise ToolFailed(f"{change.path} is open with unsaved changes; save or close it first")
                closed.append(change)
            else:
                _check(change, document)
                opened.append((change, document))
        done: list[_Change] = []
        complete = False
        try:
            for change, document in opened:
                done.append(await self._edit(change, document))
            if closed:
                await self._disk.write(closed)
            complete = True
        except asyncio.CancelledError:
            # Half of a change is never left behind, and a cancel does not wait for the editor.
            complete = True
            self._background.start(self._take_back(done), "edit:take-back")
            raise
        except (DroidError, OSError) as error:
            complete = True
            if left := await self._take_back(done):
                raise ToolFailed(
                    f"{error}; the change of {', '.join(left)} could not be taken back"
                ) from error
            raise
        finally:
            if not complete:
                self._background.start(self._take_back(done), "edit:take-back")

    async def open_files(self) -> Sequence[Path]:
        return [document.path for document in self._documents if document.path is not None]

    async def unsaved(self, paths: Sequence[Path]) -> Sequence[Path]:
        doubtful = [
            (path, document)
            for path in paths
            if (document := self._documents.at(path)) is not None and document.saved is not True
        ]
        if not doubtful:
            return ()
        differs = await asyncio.to_thread(
            lambda: [_differs_from_disk(document.path, document.text) for _, document in doubtful]
        )
        for (_, document), different in zip(doubtful, differs, strict=True):
            if not different and document.saved is None:
                document.saved = True
        return [path for (path, _), different in zip(doubtful, differs, strict=True) if different]

    async def save(self, paths: Sequence[Path]) -> Sequence[Path]:
        unsaved = await self.unsaved(paths)
        if not unsaved:
            return ()
        documents = [document for path in unsaved if (document := self._documents.at(path))]
        await self._save_all(documents, lambda: self.unsaved(unsaved))
        return await self.unsaved(unsaved)

    def _belongs_on_disk(self, change: FileWrite, document: Document) -> bool:
        """Deleting a file, bytes that are no text, and everything where the client cannot edit."""
        if not self._editor.can_edit:
            return True
        on_disk = document.path is not None and document.path.exists()
        return on_disk and (change.data is None or _text_of(change.data) is None)

    async def _edit(self, change: FileWrite, document: Document) -> _Change:
        before, version = document.text, document.version
        text = _text_of(change.data or b"")
        if text is None:
            raise ToolFailed(f"{change.path} is open in the editor, and the new content is not text")
        wanted = with_line_ends_of(before, text)
        old = tuple(document.lines)
        hunks = hunks_between(old, split_lines(wanted))
        done = _Change(document=document, before=before, after=wanted)
        if not hunks:
            return done
        label = f"Droid: {change.path.name}"
        edit = self._background.start(self._apply(done, label), "edit:apply")
        try:
            taken = await asyncio.shield(edit)
        except asyncio.CancelledError:
            self._background.start(self._take_back_when_taken(done, edit), "edit:take-back")
            raise
        if not taken and not (document.version > version and holds(document.text, old, hunks)):
            if not await put_back(self._editor, self._documents, document, done.reported, done.sent):
                raise ToolFailed(
                    f"the editor changed {change.path} otherwise than asked; the person must look"
                )
            raise StaleFile(f"the editor did not change {change.path} as asked; read it again")
        return done

    async def _apply(self, done: _Change, label: str) -> bool:
        """Send an edit, and see whether the editor then reports the text that was asked for.

        The report may come before the answer (VS Code) or half a second after it (eglot).
        """
        document, version = done.document, done.document.version
        old = tuple(document.lines)
        done.sent = edits_of(old, hunks_between(old, split_lines(done.after)), document.encoding)
        with (
            self._editor.server_edit(document, done.after),
            reported_edits(self._documents, document) as done.reported,
        ):
            seen = asyncio.ensure_future(
                self._documents.wait_until(
                    lambda: document.version > version and same_text(document.text, done.after), None
                )
            )
            try:
                claim = await self._editor.apply_edit(document, done.sent, label)
                await asyncio.wait({seen}, timeout=0 if claim is False else _READ_BACK_S)
                return seen.done() and seen.result()
            finally:
                seen.cancel()

    async def _take_back_when_taken(self, done: _Change, edit: asyncio.Task[bool]) -> None:
        if await edit:
            await self._take_back([done])

    async def _take_back(self, done: Sequence[_Change]) -> list[str]:
        """Undo edits, the last one first; returns the names of those that could not be."""
        left: list[str] = []
        for one in reversed(done):
            document = one.document
            if same_text(document.text, one.before):
                continue
            # The person may have typed since; that stays.
            wanted = without(document.text, one.before, one.after)
            if wanted is None or not await self._apply(
                _Change(document=document, before=document.text, after=wanted), "Droid: take back"
            ):
                left.append(document.uri)
        return left


def _check(change: FileWrite, document: Document) -> None:
    if change.before is None:
        if document.text.strip():
            raise StaleFile(f"{change.path} is open in the editor with content that is not on disk yet")
    elif digest_of(_data_of(document)) != change.before:
        raise StaleFile(f"{change.path} was changed in the editor since it was read; read it again")


def _data_of(document: Document) -> bytes:
    # A lone surrogate cannot be UTF-8; kept as it is, tools see bytes that are not text and refuse.
    return document.text.encode(errors="surrogatepass")


def _text_of(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _mode_of(path: Path) -> int | None:
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        return None


def _differs_from_disk(path: Path | None, text: str) -> bool:
    """Whether a buffer holds something that its file does not.

    Editors hide a byte order mark, carriage returns and a missing last line end, so these do not count.
    A file in another encoding than UTF-8 cannot be compared, and counts as different.
    """
    if path is None:
        return False
    try:
        return not same_text(path.read_bytes().decode("utf-8-sig"), text.removeprefix("\ufeff"))
    except FileNotFoundError:
        return bool(text.strip())
    except (OSError, ValueError):
        return True
