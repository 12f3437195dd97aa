"""Finding the places of a patch's hunks in a file, and changing them.

A hunk must fit exactly, or but for white space: first lines must be the same, then the same without
the blanks at their ends, then the same with every run of blanks squeezed. Lines of context are left as
the file has them. Hunks are in the order of the file; one that fits at more than one place, with
nothing to choose by, is refused rather than guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from droid.domain.errors import ToolFailed
from droid.tools.patch import Hunk
from droid.tools.text import Text, replace_spans

_SHOWN_LINES = 15
_SHOWN_CHARS = 200


def _squeezed(line: str) -> str:
    return " ".join(line.split())


_LEVELS: tuple[Callable[[str], str], ...] = (str, str.rstrip, _squeezed)


@dataclass(slots=True)
class _Place:
    """Where a hunk fits.

    Attributes:
        fits: Every place, in lines from 0, the chosen one first.
        fixed: There was something to choose by.
    """

    hunk: Hunk
    fits: list[int]
    fixed: bool

    @property
    def start(self) -> int:
        return self.fits[0]

    @property
    def reach(self) -> int:
        """How many lines from its start to its last change: what no later hunk may touch."""
        reach = position = 0
        for kind, _ in self.hunk.lines:
            position += kind != "+"
            if kind != " ":
                reach = position
        return reach


def apply_hunks(text: Text, hunks: Sequence[Hunk], *, name: str) -> Text:
    """Change a text; a missing newline at its end stays missing.

    Raises:
        ToolFailed: a hunk does not fit; the message names it and the lines it expects.
    """
    unended = bool(text.raw) and not text.raw.endswith("\n")
    whole = Text(raw=text.raw + text.ending, encoding=text.encoding, mark=text.mark) if unended else text
    file = _File(whole.lines, name)
    places = [file.place(hunk, number) for number, hunk in enumerate(hunks, 1)]
    _refuse_guesses(places, len(file.lines), name)
    offsets = [0]
    for line in file.lines:
        offsets.append(offsets[-1] + len(line) + 1)
    spans = [span for place in places for span in _spans(place, offsets)]
    changed = replace_spans(whole, spans)
    raw = changed.raw
    if unended:
        raw = raw.removesuffix("\n") if text.raw.endswith("\r") else raw.removesuffix("\n").removesuffix("\r")
    return Text(raw=raw, encoding=text.encoding, mark=text.mark)


def _spans(place: _Place, offsets: Sequence[int]) -> list[tuple[int, int, str]]:
    """The changes of one hunk, without its lines of context, in characters."""
    spans: list[tuple[int, int, str]] = []
    position = place.start
    begin: int | None = None
    added: list[str] = []
    for kind, line in (*place.hunk.lines, (" ", "")):
        if kind == " ":
            if begin is not None:
                spans.append((offsets[begin], offsets[position], "".join(f"{new}\n" for new in added)))
            begin, added = None, []
        elif begin is None:
            begin = position
        if kind == "+":
            added.append(line)
        else:
            position += 1
    return spans


def _refuse_guesses(places: Sequence[_Place], length: int, name: str) -> None:
    """Refuse where hunks, kept in order, could as well go further down."""
    bound = length
    for number in range(len(places), 0, -1):
        place = places[number - 1]
        last = place.start
        if not place.fixed:
            last = max((at for at in place.fits if at + place.reach <= bound), default=place.start)
        if last != place.start:
            raise ToolFailed(
                f"hunk {number} of {name} fits at line {place.start + 1} and at line {last + 1}; "
                "add lines of context, or `@@ ` with the line of the function or class around it"
            )
        bound = last


class _File:
    """A file's lines, and how far the hunks before have come."""

    def __init__(self, lines: list[str], name: str) -> None:
        self.lines = lines
        self._name = name
        self._levels: dict[int, list[str]] = {0: lines}
        self._cursor = 0

    def place(self, hunk: Hunk, number: int) -> _Place:
        after = self._cursor
        for anchor in hunk.anchors:
            after = self._anchor(anchor, after, number)
        if not hunk.old:
            place = _Place(hunk, [self._insertion(hunk, after)], fixed=True)
        elif hunk.at_end and (end := self._fits_at_end(hunk.old, after)) is not None:
            place = _Place(hunk, [end], fixed=True)
        else:
            fits = self._fits(hunk.old, after)
            if not fits:
                raise ToolFailed(self._misfit(hunk, number, after))
            place = _Place(hunk, fits, fixed=bool(hunk.anchors))
        self._cursor = place.start + place.reach
        return place

    def _insertion(self, hunk: Hunk, after: int) -> int:
        """Lines alone go after their anchor, else to the end."""
        return min(after + 1, len(self.lines)) if hunk.anchors and not hunk.at_end else len(self.lines)

    def _anchor(self, anchor: str, after: int, number: int) -> int:
        """The line of an anchor; one that was passed already is no step back."""
        for level, normal in enumerate(_LEVELS):
            lines, wanted = self._at_level(level), normal(anchor)
            for start, stop in ((after, len(lines)), (0, after)):
                if wanted in lines[start:stop]:
                    return max(lines.index(wanted, start, stop), after)
        squeezed, wanted = self._at_level(2), _squeezed(anchor)
        for start, stop in ((after, len(squeezed)), (0, after)):
            for index in range(start, stop):
                if squeezed[index].startswith(wanted):
                    return max(index, after)
        raise ToolFailed(f"hunk {number} of {self._name}: no line `@@ {anchor.strip()[:_SHOWN_CHARS]}`")

    def _fits(self, old: Sequence[str], after: int) -> list[int]:
        for level, normal in enumerate(_LEVELS):
            lines, wanted = self._at_level(level), [normal(line) for line in old]
            starts = range(after, len(lines) - len(wanted) + 1)
            first, rest = wanted[0], len(wanted)
            fits = [
                start for start in starts if lines[start] == first and lines[start : start + rest] == wanted
            ]
            if fits:
                return fits
        return []

    def _fits_at_end(self, old: Sequence[str], after: int) -> int | None:
        start = len(self.lines) - len(old)
        if start < after:
            return None
        for level, normal in enumerate(_LEVELS):
            if self._at_level(level)[start:] == [normal(line) for line in old]:
                return start
        return None

    def _at_level(self, level: int) -> list[str]:
        if level not in self._levels:
            self._levels[level] = [_LEVELS[level](line) for line in self.lines]
        return self._levels[level]

    def _misfit(self, hunk: Hunk, number: int, after: int) -> str:
        expected = [line[:_SHOWN_CHARS] for line in hunk.old]
        more = f"\n… {len(expected) - _SHOWN_LINES} more" if len(expected) > _SHOWN_LINES else ""
        message = f"hunk {number} of {self._name} does not fit"
        if earlier := self._fits(hunk.old, 0):
            return (
                f"{message} after line {after}, but it does at line {earlier[0] + 1}; "
                "hunks must be in the order of the file"
            )
        best, same = self._nearest(hunk.old)
        if same:
            there = self.lines[best + same][:_SHOWN_CHARS] if best + same < len(self.lines) else "[the end]"
            more += (
                f"\nIts first {same} {'line is' if same == 1 else 'lines are'} at line {best + 1}, "
                f"but line {best + same + 1} reads:\n{there}"
            )
        return f"{message}; it expects these lines:\n" + "\n".join(expected[:_SHOWN_LINES]) + more

    def _nearest(self, old: Sequence[str]) -> tuple[int, int]:
        """Where most lines from its beginning fit, and how many."""
        squeezed, wanted = self._at_level(2), [_squeezed(line) for line in old]
        best, same = 0, 0
        for start, line in enumerate(squeezed):
            if line != wanted[0] or not line:
                continue
            count = 0
            while start + count < len(squeezed) and wanted[count : count + 1] == [squeezed[start + count]]:
                count += 1
            if count > same:
                best, same = start, count
        return best, same
