"""Choosing hunks in the editor's own preview of an edit, where it is known to show one.

The edit carries an annotation for each hunk that the person must confirm. What the editor then says proves
nothing, so the text is read back: the hunks that stand in it were chosen. They are taken out again before the
question is answered, and what is written goes the way of every write. So nothing is left in a buffer that was
not decided, also where the question was withdrawn while the person looked.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from droid.domain.errors import DroidError
from droid.engine.changesets import ChangedFile, Changeset
from droid.lsp.convert import split_lines
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor
from droid.lsp.markdown_text import one_line
from droid.lsp.text_edits import edits_of, hunks_between, same_text

_LAND_S = 3.0


class PreviewFailed(DroidError):
    """The editor changed a file otherwise than asked."""


@dataclass(slots=True, eq=False)
class _Part:
    file: ChangedFile
    document: Document
    version: int
    before: str


def can_preview(changeset: Changeset, documents: Documents) -> bool:
    """Whether all of it is text in buffers that stand as they did when it was proposed."""
    return bool(changeset.files) and all(_part(file, documents) is not None for file in changeset.files)


async def choose(changeset: Changeset, editor: Editor, documents: Documents) -> frozenset[str]:
    """The ids of the hunks that the person confirmed; every buffer is left as it was.

    Raises:
        PreviewFailed: one could not be.
    """
    parts = [part for file in changeset.files if (part := _part(file, documents)) is not None]
    changes, annotations = _edit(parts)
    chosen = frozenset[str]()
    with ExitStack() as ours:
        for part in parts:
            ours.enter_context(editor.server_edit(part.document, _text(part.file.hunks.after)))
        claim = await editor.preview_edit(changes, annotations, f"Droid: {one_line(changeset.title, 200)}")
        if claim is not False:
            # Some editors report the change after they have answered.
            await documents.wait_until(lambda: any(map(_is_changed, parts)), _LAND_S)
        for part in parts:
            if _is_changed(part):
                taken = _taken(part)
                chosen |= taken or frozenset()
                await _put_back(part, taken, editor, documents)
    return chosen


def _is_changed(part: _Part) -> bool:
    return part.document.version > part.version and not same_text(part.document.text, part.before)


def _edit(parts: Sequence[_Part]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    changes: list[dict[str, Any]] = []
    annotations: dict[str, Any] = {}
    for part in parts:
        old = tuple(part.document.lines)
        edits: list[dict[str, Any]] = []
        for number, hunk in enumerate(part.file.hunks.hunks, 1):
            only = _text(part.file.hunks.with_only({hunk.hunk_id}))
            label = f"{one_line(part.file.name, 200)}: hunk {number} of {len(part.file.hunks.hunks)}"
            where = f"line {hunk.old_first + 1}"
            annotations[hunk.hunk_id] = {"label": label, "needsConfirmation": True, "description": where}
            own = edits_of(old, hunks_between(old, split_lines(only)), part.document.encoding)
            edits += [{**one, "annotationId": hunk.hunk_id} for one in own]
        identifier = {"uri": part.document.uri, "version": part.version}
        changes.append({"textDocument": identifier, "edits": edits})
    return changes, annotations


def _part(file: ChangedFile, documents: Documents) -> _Part | None:
    document = documents.at(file.path)
    if document is None or file.hunks.is_whole or document.text != _text(file.hunks.before):
        return None
    return _Part(file=file, document=document, version=document.version, before=document.text)


def _taken(part: _Part) -> frozenset[str] | None:
    """The hunks that stand in the buffer; None where it holds something else besides."""
    return part.file.hunks.taken_in(part.document.text.encode(errors="surrogatepass"))


async def _put_back(part: _Part, taken: frozenset[str] | None, editor: Editor, documents: Documents) -> None:
    """Take out what was confirmed; what the person typed meanwhile stays."""
    document, hunks = part.document, part.file.hunks
    now = document.text.encode(errors="surrogatepass")
    there = hunks.ids if taken is None else taken
    data, lost = hunks.taken_back(now, there, there)
    wanted, version, old = _text(data), document.version, tuple(document.lines)
    if not lost:
        edits = edits_of(old, hunks_between(old, split_lines(wanted)), document.encoding)
        claim = await editor.apply_edit(document, edits, "Droid: take back")
        wait_s = 0 if claim is False else _LAND_S
        if await documents.wait_until(
            lambda: document.version > version and same_text(document.text, wanted), wait_s
        ):
            return
    raise PreviewFailed(f"the editor changed {part.file.name} otherwise than asked; look at it")


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "surrogatepass")
