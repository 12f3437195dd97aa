"""Takes back an edit that an editor applied to another text than it was made for.

LSP4IJ does not look at versions: an edit that crosses the person's typing lands lines off, over text that
nobody meant. What it replaced is in the change that the editor then reports, so it can be put back.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from droid.lsp.convert import split_lines, units_of
from droid.lsp.documents import Document, Documents, Edit

_PUT_BACK_S = 2.0


class _Sender(Protocol):
    async def apply_edit(
        self, document: Document, edits: Sequence[dict[str, Any]], label: str
    ) -> bool | None: ...


@contextmanager
def reported_edits(documents: Documents, document: Document) -> Generator[list[Edit]]:
    """Collects the changes that the client reports for a document while this is entered."""
    seen: list[Edit] = []

    def listen(changed: Document, edit: Edit) -> None:
        if changed is document:
            seen.append(edit)

    documents.listeners.append(listen)
    try:
        yield seen
    finally:
        documents.listeners.remove(listen)


async def put_back(
    editor: _Sender,
    documents: Documents,
    document: Document,
    seen: Sequence[Edit],
    sent: Sequence[dict[str, Any]],
) -> bool:
    """Undo those of the reported changes that are edits we sent; True where none is left in the text.

    A change is known by the text that it brought; it is undone only where that text still stands.
    """
    texts = {one["newText"] for one in sent if one["newText"]}
    clean = True
    for edit in reversed(seen):
        if edit.text not in texts:
            continue
        end = _end_of(edit)
        if end[0] >= len(document.lines) or document.between(edit.start, end) != edit.text:
            clean = False
            continue
        version = document.version
        inverse = {
            "range": {"start": _position(document, edit.start), "end": _position(document, end)},
            "newText": edit.removed,
        }
        await editor.apply_edit(document, [inverse], "Droid: take back")
        clean &= await documents.wait_until(lambda version=version: document.version > version, _PUT_BACK_S)
    return clean


def _end_of(edit: Edit) -> tuple[int, int]:
    lines = split_lines(edit.text)
    if len(lines) == 1:
        return edit.start[0], edit.start[1] + len(edit.text)
    return edit.start[0] + len(lines) - 1, len(lines[-1])


def _position(document: Document, place: tuple[int, int]) -> dict[str, int]:
    line, index = place
    return {"line": line, "character": units_of(document.lines[line], index, document.encoding)}
