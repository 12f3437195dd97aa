"""Lines of a content, compared without their ends, and found again in a content that has changed since."""

from collections.abc import Sequence
from functools import cached_property

_AROUND = (3, 2, 1, 0)


class Text:
    """Lines, compared without their ends: an editor has its own idea of those."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines = lines
        self.bare = bare_of(lines)

    @cached_property
    def _index(self) -> dict[bytes, list[int]]:
        index: dict[bytes, list[int]] = {}
        for number, line in enumerate(self.bare):
            index.setdefault(line, []).append(number)
        return index

    def place_of(self, other: "Text", first: int, last: int) -> int | None:
        """Where the lines `first` up to `last` of another text stand in this one."""
        for around in _AROUND:
            start, end = max(0, first - around), min(len(other.bare), last + around)
            wanted = other.bare[start:end]
            if not any(line.strip() for line in wanted) or (first == last and not around):
                return None
            before, here = other._places(wanted), self._places(wanted)
            # With fewer lines around it, the third of three may be another one than it was.
            if here and len(here) == len(before) and (around == _AROUND[0] or len(here) == 1):
                return here[before.index(start)] + first - start
        return None

    def _places(self, wanted: Sequence[bytes]) -> list[int]:
        return [
            place
            for place in self._index.get(wanted[0], ())
            if self.bare[place : place + len(wanted)] == wanted
        ]


def lines_of(data: bytes | None) -> list[bytes]:
    """The lines with their ends; none where there is no content."""
    return (data or b"").splitlines(keepends=True)


def bare_of(lines: Sequence[bytes]) -> list[bytes]:
    """The lines without their ends."""
    return [line.rstrip(b"\r\n") for line in lines]


def texts_of(lines: Sequence[bytes]) -> list[str]:
    """The lines as text, for people."""
    return [line.decode("utf-8", "replace") for line in lines]


def same_but_ends(one: bytes | None, other: bytes | None) -> bool:
    """Whether two contents are the same but for line ends."""
    if one is None or other is None or one == other:
        return one == other
    return lines_of(one.replace(b"\r\n", b"\n").removesuffix(b"\n")) == lines_of(
        other.replace(b"\r\n", b"\n").removesuffix(b"\n")
    )


def with_ends_of(now: bytes | None, wanted: bytes | None) -> bytes | None:
    """A content with the line ends that are there now."""
    return wanted if now is None or wanted is None else joined(lines_of(wanted), now)


def joined(lines: Sequence[bytes], now: bytes) -> bytes:
    """Lines as a content that ends its lines as `now` does, where that does it in one way only."""
    pairs, single = now.count(b"\r\n"), now.count(b"\n")
    end = b"\r\n" if pairs else b"\n"
    is_even = pairs in (0, single) and single > 0
    result: list[bytes] = []
    for number, line in enumerate(lines):
        bare = line.rstrip(b"\r\n")
        if len(bare) == len(line):
            result.append(line if number == len(lines) - 1 else line + end)
        else:
            result.append(bare + end if is_even and line.endswith(b"\n") else line)
    return b"".join(result)
