"""The buffers that are open in the editor, kept in step with every keystroke.

A document is a list of lines, so that a keystroke costs a splice of that list and not a copy of the
text. pygls keeps documents too, but splits lines at form feeds and other characters that LSP does not
count as line ends, after which every edit lands in the wrong place; its copy is not used
(see `pygls_workarounds`).
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lsprotocol import types

from droid.lsp.convert import NotAFile, index_of, path_of, split_lines

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Edit:
    """One change of a document, as it was applied; lines count from 0, columns are string indices.

    Attributes:
        removed: The text that was there between start and end.
        text: What is there now, beginning at start.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    removed: str
    text: str


class Document:
    """An open buffer.

    Attributes:
        path: Symlinks resolved; None where the document is not a file.
        lines: With their ends, by LSP's rule; the last one has no end and may be empty.
        saved: True or False where the editor told us, None where nobody knows whether the buffer is as
            on disk.
    """

    __slots__ = ("_text", "encoding", "language_id", "lines", "path", "saved", "uri", "version")

    def __init__(self, uri: str, text: str, *, version: int, language_id: str, encoding: str) -> None:
        self.uri = uri
        self.version = version
        self.language_id = language_id
        self.encoding = encoding
        self.lines = split_lines(text)
        self.saved: bool | None = None
        self._text: str | None = text
        try:
            self.path: Path | None = Path(os.path.realpath(path_of(uri)))
        except NotAFile:
            self.path = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = "".join(self.lines)
        return self._text

    def change(self, range_: types.Range | None, text: str) -> Edit:
        """Apply one change; no range replaces everything. Places outside the text mean its nearest end."""
        lines = self.lines
        if range_ is None:
            start, end = (0, 0), (len(lines) - 1, len(lines[-1]))
        else:
            start = self.place_of(range_.start)
            end = max(start, self.place_of(range_.end))
        removed = self.between(start, end)
        (first, start_index), (last, end_index) = start, end
        joined = lines[first][:start_index] + text + lines[last][end_index:]
        if start_index == 0 and first and joined.startswith("\n") and lines[first - 1].endswith("\r"):
            first -= 1
            joined = lines[first] + joined
        fresh = split_lines(joined)
        if last < len(lines) - 1:
            fresh.pop()
        lines[first : last + 1] = fresh
        self.saved = False
        self._text = None
        return Edit(start=start, end=end, removed=removed, text=text)

    def place_of(self, position: types.Position) -> tuple[int, int]:
        """Line from 0 and string index of an LSP position."""
        line = position.line
        if line < 0:
            return 0, 0
        if line >= len(self.lines):
            return len(self.lines) - 1, len(self.lines[-1])
        return line, index_of(self.lines[line], position.character, self.encoding)

    def between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """The text between two places."""
        (first, start_index), (last, end_index) = start, end
        if first == last:
            return self.lines[first][start_index:end_index]
        inner = self.lines[first + 1 : last]
        return "".join([self.lines[first][start_index:], *inner, self.lines[last][:end_index]])

    def text_in(self, range_: types.Range) -> str:
        """The text in a range; costs as much as the range is long."""
        start = self.place_of(range_.start)
        return self.between(start, max(start, self.place_of(range_.end)))


Listener = Callable[[Document, Edit], None]


class Documents:
    """All open buffers, by URI and by path.

    Attributes:
        encoding: The position encoding that was negotiated.
        listeners: Called after every change, on the loop; they must be quick.
    """

    def __init__(self, encoding: str = types.PositionEncodingKind.Utf16.value) -> None:
        self.encoding = encoding
        self.listeners: list[Listener] = []
        self._by_uri: dict[str, Document] = {}
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[bool]]] = []

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._by_uri.values()))

    def get(self, uri: str) -> Document | None:
        return self._by_uri.get(unquote(uri))

    def at(self, path: Path) -> Document | None:
        """The document open on a file, the last one opened where there are several names for it."""
        real = Path(os.path.realpath(path))
        for document in reversed(self._by_uri.values()):
            if document.path == real:
                return document
        return None

    def open(self, item: types.TextDocumentItem) -> Document:
        """Take a document in; a second opening replaces the first, as eglot sends it."""
        document = Document(
            item.uri,
            item.text,
            version=item.version,
            language_id=item.language_id,
            encoding=self.encoding,
        )
        self._by_uri.pop(unquote(item.uri), None)
        self._by_uri[unquote(item.uri)] = document
        self._check_waiters()
        return document

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Apply the changes of one notification, in order."""
        document = self.get(params.text_document.uri)
        if document is None:
            logger.warning("change of a document that is not open")
            return
        document.version = params.text_document.version
        for change in params.content_changes:
            range_ = change.range if isinstance(change, types.TextDocumentContentChangePartial) else None
            edit = document.change(range_, change.text)
            for listener in self.listeners:
                listener(document, edit)
            self._check_waiters()

    def close(self, uri: str) -> None:
        self._by_uri.pop(unquote(uri), None)
        self._check_waiters()

    def was_saved(self, uri: str) -> None:
        if document := self.get(uri):
            document.saved = True
            self._check_waiters()

    async def wait_until(self, condition: Callable[[], bool], timeout_s: float | None) -> bool:
        """Wait until a condition on the documents holds; it is looked at after every single change."""
        if condition():
            return True
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        entry = (condition, future)
        self._waiters.append(entry)
        try:
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            return False
        finally:
            self._waiters.remove(entry)

    def _check_waiters(self) -> None:
        for condition, future in self._waiters:
            if not future.done() and condition():
                future.set_result(True)
