"""The few lines by which two versions of a text differ, as LSP edits.

Small edits keep cursors, folds and marks of the person where they are. Finding them costs one pass
over the lines, because it runs on the event loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from droid.lsp.convert import split_lines, units_of

_MAX_HUNKS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines `start` up to `end` (not included, from 0) become `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def hunks_between(old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    """What must change, in order.

    Where as many lines come as go, each run of changed lines is a hunk; else one hunk holds all.
    """
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    end = len(old) - tail
    if head == end and head == len(new) - tail:
        return ()
    if len(old) == len(new):
        runs = _runs(old, new, head, end)
        if len(runs) <= _MAX_HUNKS:
            return tuple(Hunk(start=first, end=last, lines=tuple(new[first:last])) for first, last in runs)
    return (Hunk(start=head, end=end, lines=tuple(new[head : len(new) - tail])),)


def _runs(old: Sequence[str], new: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    first: int | None = None
    for index in range(start, end):
        if old[index] != new[index]:
            first = index if first is None else first
        elif first is not None:
            runs.append((first, index))
            first = None
    if first is not None:
        runs.append((first, end))
    return runs


def edits_of(old: Sequence[str], hunks: Sequence[Hunk], encoding: str) -> list[dict[str, Any]]:
    """The hunks as `TextEdit` objects."""
    return [
        {
            "range": {
                "start": _position(old, hunk.start, encoding),
                "end": _position(old, hunk.end, encoding),
            },
            "newText": "".join(hunk.lines),
        }
        for hunk in hunks
    ]


def _position(lines: Sequence[str], line: int, encoding: str) -> dict[str, int]:
    if line < len(lines):
        return {"line": line, "character": 0}
    last = lines[-1]
    return {"line": len(lines) - 1, "character": units_of(last, len(last), encoding)}


def with_line_ends_of(old: str, new: str) -> str:
    """A text that knows only line feeds, for a buffer that knows only carriage returns with them."""
    if "\r" in new or not old.count("\r\n") or old.count("\n") != old.count("\r\n"):
        return new
    return new.replace("\n", "\r\n")


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for what an editor normalises: line ends, and the last one."""
    return one == other or _normal(one) == _normal(other)


def holds(text: str, old: Sequence[str], hunks: Sequence[Hunk]) -> bool:
    """Whether a text shows the hunks taken, though it may have changed elsewhere.

    Each hunk must be found with a line around it on both sides, or more where these are blank; for one
    that only removes lines, these stand together.
    """
    normal = _normal(text)
    if normal == _normal("".join(old)):
        return False
    new: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0
    for hunk in hunks:
        new += old[done : hunk.start]
        places.append((len(new), len(new) + len(hunk.lines)))
        new += hunk.lines
        done = hunk.end
    new += old[done:]
    shown = [_recognisable(new, start, end) for start, end in places]
    return all(one in normal if one else not normal for one in shown)


def _recognisable(new: Sequence[str], start: int, end: int) -> str:
    """Changed lines, with as many around them as it takes to have something to look for."""
    around = 1
    while True:
        first, last = max(0, start - around), min(len(new), end + around)
        shown = _normal("".join(new[first:last]))
        if shown.strip() or (first == 0 and last == len(new)):
            return shown
        around += 1


def without(text: str, before: str, after: str) -> str | None:
    """A text in which the change from `before` to `after` was made, and others, without that change.

    None where the change cannot be found in it, or could be in more than one place.
    """
    if same_text(text, after):
        return before
    old, new = split_lines(before), split_lines(after)
    for hunk in hunks_between(new, old):
        there, wanted = _surrounded(new, _same_lines(new, hunk)), _surrounded(new, hunk)
        if not there or text.count(there) != 1:
            return None
        text = text.replace(there, wanted)
    return text


def _same_lines(lines: Sequence[str], hunk: Hunk) -> Hunk:
    return Hunk(start=hunk.start, end=hunk.end, lines=tuple(lines[hunk.start : hunk.end]))


def _surrounded(old: Sequence[str], hunk: Hunk) -> str:
    before = old[hunk.start - 1] if hunk.start else ""
    after = old[hunk.end] if hunk.end < len(old) else ""
    return "".join((before, *hunk.lines, after))


def _normal(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return text.removesuffix("\n")
