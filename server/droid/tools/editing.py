"""Replacing an exact piece of text, and telling a model why a piece is not there."""

from dataclasses import dataclass

from droid.domain.errors import ToolFailed
from droid.tools.numbering import around, has_numbers, numbered
from droid.tools.text import Text, replace_spans

_LISTED_LINES = 10
_SHOWN_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A text after an edit.

    Attributes:
        places: Line of each replacement in the new text, from 1.
        excerpt: The first replacement, numbered, with some lines around it.
    """

    text: Text
    places: tuple[int, ...]
    excerpt: str


def edit(text: Text, old: str, new: str, *, everywhere: bool, name: str) -> Edited:
    """Replace `old`, which must occur once, or any number of times with `everywhere`.

    Raises:
        ToolFailed: it does not; the message helps to do better.
    """
    plain = text.plain
    if not old:
        if plain:
            raise ToolFailed("old_str is empty; give the text to replace, or a line to add after")
        starts = [0]
    else:
        starts = _occurrences(plain, old, overlapping=not everywhere)
    if not starts:
        raise ToolFailed(_not_found(text, old, name))
    if len(starts) > 1 and not everywhere:
        lines = [plain.count("\n", 0, start) + 1 for start in starts[:_LISTED_LINES]]
        listed = ", ".join(map(str, lines)) + (", …" if len(starts) > _LISTED_LINES else "")
        raise ToolFailed(
            f"old_str occurs {len(starts)} times in {name} (lines {listed}); "
            "add lines around it until it is unique, or set change_all"
        )
    edited = replace_spans(text, [(start, start + len(old), new) for start in starts])
    return _described(edited, plain, starts, old, new)


def _occurrences(plain: str, old: str, *, overlapping: bool) -> list[int]:
    starts: list[int] = []
    at = plain.find(old)
    while at >= 0:
        starts.append(at)
        at = plain.find(old, at + (1 if overlapping else len(old)))
    return starts


def _described(edited: Text, plain: str, starts: list[int], old: str, new: str) -> Edited:
    shift = new.count("\n") - old.count("\n")
    places: list[int] = []
    line = at = 0
    for index, start in enumerate(starts):
        line += plain.count("\n", at, start)
        places.append(line + index * shift + 1)
        at = start
    # An edit that ends in a newline ends before the next line, not in it.
    height = len(new.removesuffix("\n").split("\n")) if new else 0
    excerpt = around(edited.lines, places[0] - 1, places[0] - 1 + height)
    return Edited(text=edited, places=tuple(places), excerpt=excerpt)


def _not_found(text: Text, old: str, name: str) -> str:
    if has_numbers(old):
        return (
            "old_str contains the line numbers that Read shows; "
            "leave out each number and the arrow after it, in new_str too"
        )
    wanted = [" ".join(line.split()) for line in old.strip("\n").split("\n")]
    lines = text.lines
    squeezed = [" ".join(line.split()) for line in lines]
    for first in _positions(squeezed, wanted):
        shown = "\n".join(numbered(lines[first : first + min(len(wanted), _SHOWN_LINES)], first + 1))
        last = first + len(wanted)
        where = f"line {last} differs" if len(wanted) == 1 else f"lines {first + 1}–{last} differ"
        return (
            f"old_str is not in {name}, but {where} in white space only "
            f"(indentation, tabs, blanks at line ends); copy it exactly:\n{shown}"
        )
    begins = next((line for line in wanted if line), "")
    near = [number for number, line in enumerate(squeezed, 1) if begins and line == begins][:3]
    if near:
        return (
            f"old_str is not in {name}: its first line is there (line {', '.join(map(str, near))}), "
            f"but what follows differs:\n{around(lines, near[0] - 1, near[0] - 1 + len(wanted), context=1)}"
        )
    return f"old_str is not in {name}; read the part that you mean and copy it exactly"


def _positions(lines: list[str], wanted: list[str]) -> list[int]:
    """Where a run of lines occurs, blanks squeezed; a run of blank lines occurs nowhere."""
    if not any(wanted):
        return []
    starts = range(len(lines) - len(wanted) + 1)
    return [start for start in starts if lines[start : start + len(wanted)] == wanted]
