"""Feeds what happens to the open buffers to `CommentProvenance`, at next to no cost for those without
a `droid:` comment.

Only once a changed line holds the marker is a document followed: the text before that change, which the
change itself gives back, is where following begins.
"""

from collections.abc import Sequence
from typing import overload

from droid.lsp.comment_provenance import CommentProvenance
from droid.lsp.comment_syntax import MARKER
from droid.lsp.comments import DroidComment, find_comments_in, has_marker
from droid.lsp.documents import Document, Edit


class CommentWatch:
    """The `droid:` comments of all open buffers, and whether they were typed here."""

    def __init__(self) -> None:
        self._provenance = CommentProvenance()
        self._followed: set[str] = set()

    def opened(self, document: Document) -> None:
        self._followed.discard(document.uri)
        self._provenance.closed(document.uri)
        if has_marker(document.text):
            self._follow(document, document.text)

    def closed(self, uri: str) -> None:
        self._followed.discard(uri)
        self._provenance.closed(uri)

    def changed(self, document: Document, edit: Edit) -> None:
        """A buffer was changed by the client."""
        if document.uri not in self._followed:
            first, count = edit.start[0], edit.text.count("\n") + edit.text.count("\r") + 1
            if not any(MARKER in line.lower() for line in document.lines[first : first + count]):
                return
            self._follow(document, _before(document, edit))
        self._provenance.changed(document.uri, document.text)

    def expect(self, document: Document, text_after: str) -> None:
        """The server is about to edit a buffer."""
        if document.uri not in self._followed:
            if not has_marker(text_after):
                return
            self._follow(document, document.text)
        self._provenance.expect_server_edit(document.uri, text_after)

    def done(self, document: Document) -> None:
        self._provenance.server_edit_done(document.uri)

    def comments_in(
        self, document: Document, first: int = 0, last: int | None = None
    ) -> tuple[DroidComment, ...]:
        """The comments that start in lines `first` up to `last` (not included, from 0)."""
        if document.uri not in self._followed:
            return ()
        return find_comments_in(_Lines(document.lines), document.language_id, first, last)

    def is_trusted(self, document: Document, comment: DroidComment) -> bool:
        return self._provenance.is_trusted(document.uri, comment)

    def _follow(self, document: Document, text: str) -> None:
        self._followed.add(document.uri)
        self._provenance.opened(document.uri, text, document.language_id)


class _Lines(Sequence[str]):
    """Lines of a document without their ends, taken off as they are asked for."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [line.rstrip("\r\n") for line in self._lines[index]]
        return self._lines[index].rstrip("\r\n")


def _before(document: Document, edit: Edit) -> str:
    text, (line, index) = document.text, edit.start
    offset = sum(map(len, document.lines[:line])) + index
    return text[:offset] + edit.removed + text[offset + len(edit.text) :]
