"""`.diff` documents: how changes are reviewed in an editor that has no view of its own for them.

Each is a private file below `.factory/local`, shown once it is asked for, and brought up to date as hunks are
decided: in its buffer where it is open, else on the disk.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from droid.domain.errors import DroidError
from droid.engine.changesets import Changeset, HunkState, Phase, Purpose
from droid.engine.session import Session
from droid.lsp.background import Background
from droid.lsp.convert import split_lines, uri_of
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor
from droid.lsp.private_files import remove_quietly, write_private
from droid.lsp.review_diff import Place, Rendering, render
from droid.lsp.session_document import Lens
from droid.lsp.text_edits import edits_of, hunks_between, same_text

logger = logging.getLogger(__name__)

_LAND_S = 3.0
_ATTEMPTS = 3


class CannotShow(DroidError):
    """The document could not be written."""


@dataclass(slots=True, eq=False)
class _Shown:
    workspace: Path
    path: Path
    rendering: Rendering
    writing: asyncio.Task[None] | None = None


class ReviewDocuments:
    """The `.diff` documents of one editor.

    Attributes:
        on_change: Called when what can be done in one may have changed.
        cursor: The document and line, from 0, where the person last asked what can be done.
    """

    def __init__(self, *, editor: Editor, documents: Documents, background: Background) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.cursor: tuple[str, int] | None = None
        self._editor = editor
        self._documents = documents
        self._background = background
        self._shown: dict[str, _Shown] = {}

    def shows(self, changeset_id: str) -> bool:
        return changeset_id in self._shown

    async def open(self, session: Session, changeset: Changeset) -> Path:
        """Write the document of a changeset and show it.

        Raises:
            CannotShow: it cannot be written.
        """
        shown = self._shown.get(changeset.changeset_id)
        if shown is None or self._buffer(shown) is None:
            rendering = render(changeset)
            name = f"{changeset.changeset_id.replace(':', '-')}.diff"
            try:
                path = await asyncio.to_thread(
                    write_private, session.workspace, "reviews", name, rendering.text
                )
            except OSError as error:
                raise CannotShow(f"the changes cannot be written to a file: {error.strerror}") from error
            shown = _Shown(workspace=session.workspace, path=path, rendering=rendering)
            self._shown[changeset.changeset_id] = shown
        else:
            self.changed(changeset)
        first = next((place for place in shown.rendering.places if _is_open(place)), None)
        if not await self._editor.show(shown.path, line=first.line + 1 if first else 1):
            self._editor.message(f"The changes are in {shown.path}.")
        return shown.path

    def changed(self, changeset: Changeset) -> None:
        """A changeset stands otherwise than before; its document, if it has one, says so."""
        shown = self._shown.get(changeset.changeset_id)
        if shown is None:
            return
        shown.rendering = render(changeset)
        self.on_change()
        if shown.writing is None or shown.writing.done():
            shown.writing = self._background.start(self._write(shown), "review-document")

    async def _write(self, shown: _Shown) -> None:
        for _ in range(_ATTEMPTS):
            buffer, rendering = self._buffer(shown), shown.rendering
            if buffer is None:
                await asyncio.to_thread(self._rewrite, shown, rendering)
            elif not same_text(buffer.text, rendering.text):
                await self._edit(buffer, rendering.text)
            if shown.rendering is rendering and (buffer is None or same_text(buffer.text, rendering.text)):
                break
        else:
            logger.warning("the editor does not take edits of a review document")
        self.on_change()
        if shown.rendering.changeset.phase is Phase.CLOSED and self._buffer(shown) is None:
            self._shown.pop(shown.rendering.changeset.changeset_id, None)
            remove_quietly(shown.path)

    def _rewrite(self, shown: _Shown, rendering: Rendering) -> None:
        try:
            write_private(shown.workspace, "reviews", shown.path.name, rendering.text)
        except OSError as error:
            logger.warning("a review document cannot be written: %s", error.strerror)

    async def _edit(self, buffer: Document, text: str) -> None:
        version, old = buffer.version, tuple(buffer.lines)
        edits = edits_of(old, hunks_between(old, split_lines(text)), buffer.encoding)
        claim = await self._editor.apply_edit(buffer, edits, "Droid: review")
        await self._documents.wait_until(
            lambda: buffer.version > version and same_text(buffer.text, text),
            0 if claim is False else _LAND_S,
        )

    def _buffer(self, shown: _Shown) -> Document | None:
        return self._documents.at(shown.path) or self._documents.get(uri_of(shown.path))

    # What can be done in one

    def rendering_of(self, document: Document) -> Rendering | None:
        """What is rendered in a document, if it is one of ours."""
        if document.path is None:
            return None
        for shown in self._shown.values():
            if shown.path == document.path or shown.path.resolve() == document.path:
                return shown.rendering
        return None

    def place(self, document: Document, line: int) -> tuple[Changeset, Place] | None:
        """The changeset of a document, and what stands in a line of it."""
        rendering = self.rendering_of(document)
        if rendering is None or not rendering.stands_in(document.lines):
            return None  # somebody edits it: nobody can say which hunk a line belongs to
        place = rendering.at(line)
        return (rendering.changeset, place) if place is not None else None

    def lenses(self, document: Document) -> list[Lens]:
        """Buttons: all at the top, a file's at its heading, a hunk's at its own."""
        rendering = self.rendering_of(document)
        if rendering is None or not rendering.stands_in(document.lines):
            return []
        found = _all(rendering.changeset)
        for place in rendering.places:
            found += _of_place(rendering.changeset, place)
        return found

    def actions(self, document: Document, line: int) -> list[Lens]:
        """The same as code actions: the hunk at the cursor, its file, all."""
        rendering = self.rendering_of(document)
        if rendering is None:
            return []
        self.cursor = (document.uri, line)
        found: list[Lens] = []
        if not rendering.stands_in(document.lines):
            # What it shows is not what accepting would write, but nothing of it can be refused at all times.
            return [one for one in _all(rendering.changeset) if one.verb == "droid.review.rejectAll"]
        if (at := self.place(document, line)) is not None:
            changeset, place = at
            found += _of_place(changeset, place)
            if place.hunk is not None:
                found += _of_place(changeset, replace(place, hunk=None))
        return found + _all(rendering.changeset)


def _is_open(place: Place) -> bool:
    return place.hunk is not None and place.file.state_of(place.hunk) is HunkState.PENDING


def _of_place(changeset: Changeset, place: Place) -> list[Lens]:
    arguments = {"changesetId": changeset.changeset_id, "uri": uri_of(place.file.path)}
    if place.hunk is None:
        if len(place.file.hunks.hunks) < 2:
            return []  # the hunk's own buttons say the same
        states = {place.file.state_of(hunk) for hunk in place.file.hunks.hunks}
        return _pair("file", "File", place.line, arguments, changeset, states)
    arguments["hunkId"] = place.hunk.hunk_id
    return _pair("hunk", "Hunk", place.line, arguments, changeset, {place.file.state_of(place.hunk)})


def _all(changeset: Changeset) -> list[Lens]:
    states = {file.state_of(hunk) for file in changeset.files for hunk in file.hunks.hunks}
    return _pair("all changes", "All", 0, {"changesetId": changeset.changeset_id}, changeset, states)


def _pair(
    what: str, verb: str, line: int, arguments: dict[str, str], changeset: Changeset, states: set[HunkState]
) -> list[Lens]:
    """What would still change something."""
    waits = changeset.approval_id is not None or changeset.purpose is Purpose.RESTORE
    if changeset.phase is Phase.CLOSED and waits:
        return []
    can_accept = states - {HunkState.ACCEPTED} if waits else states & {HunkState.PENDING}
    can_reject = states - {HunkState.REJECTED}
    found: list[Lens] = []
    if can_accept:
        found.append(
            Lens(line=line, title=f"Accept {what}", verb=f"droid.review.accept{verb}", arguments=arguments)
        )
    if can_reject:
        found.append(
            Lens(line=line, title=f"Reject {what}", verb=f"droid.review.reject{verb}", arguments=arguments)
        )
    return found
