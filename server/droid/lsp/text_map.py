"""Between offsets in a text and LSP's positions in it, as the text was at one moment."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from lsprotocol import types

from droid.lsp.convert import index_of, split_lines, units_of


class TextMap:
    """Where the lines of a text begin.

    Args:
        encoding: The position encoding that was negotiated.
    """

    def __init__(self, text: str, encoding: str) -> None:
        self._lines = split_lines(text)
        self._starts = [0, *accumulate(len(line) for line in self._lines[:-1])]
        self._encoding = encoding

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one outside the text means its nearest end."""
        if position.line >= len(self._lines):
            return self._starts[-1] + len(self._lines[-1])
        line = self._lines[position.line]
        return self._starts[position.line] + index_of(line, position.character, self._encoding)

    def position(self, offset: int) -> Mapping[str, int]:
        """The position of an offset, as JSON."""
        line = bisect_right(self._starts, max(offset, 0)) - 1
        index = max(offset, 0) - self._starts[line]
        return {"line": line, "character": units_of(self._lines[line], index, self._encoding)}

    def range(self, span: tuple[int, int]) -> Mapping[str, Any]:
        """The range of a span, as JSON."""
        return {"start": self.position(span[0]), "end": self.position(span[1])}

    def touches(self, range_: types.Range, span: tuple[int, int]) -> bool:
        """Whether a range and a span have a place in common; ends count."""
        return self.offset(range_.start) <= span[1] and span[0] <= self.offset(range_.end)
