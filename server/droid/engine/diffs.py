"""Unified diffs of file contents, bounded in time and size.

Lines that both ends share are set aside first, so that a small change of a large file costs what the
change costs; a middle that is too large to compare is shown as replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import AnyStr

_CONTEXT_LINES = 3
_COMPARED_LINES = 2_000
_DIFF_CHARACTERS = 60_000
_BINARY_PROBE_BYTES = 8_192

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """`text` is empty for binary content and where nothing changed."""

    text: str
    added_lines: int
    removed_lines: int


def diff_of(name: str, before: bytes | None, after: bytes | None) -> Diff:
    """The difference of two contents; None means that there is no file."""
    if is_binary(before) or is_binary(after):
        return Diff(text="", added_lines=0, removed_lines=0)
    old, new = _lines(before), _lines(after)
    steps = opcodes(old, new)
    added = sum(j2 - j1 for tag, _, _, j1, j2 in steps if tag != "equal")
    removed = sum(i2 - i1 for tag, i1, i2, _, _ in steps if tag != "equal")
    head = file_heading(name, before is None, after is None)
    body = [line for group in grouped(steps) for line in _hunk(group, old, new)]
    text = "\n".join((*head, *body)) + "\n" if body else ""
    if len(text) > _DIFF_CHARACTERS:
        cut = text.rfind("\n", 0, _DIFF_CHARACTERS) + 1
        text = f"{text[:cut]}… {text.count(chr(10), cut)} more lines of this diff are not shown\n"
    return Diff(text=text, added_lines=added, removed_lines=removed)


def file_heading(name: str, is_new: bool, is_gone: bool) -> tuple[str, str]:
    """The two lines of a unified diff that name a file."""
    return (
        f"--- {'/dev/null' if is_new else f'a/{name}'}",
        f"+++ {'/dev/null' if is_gone else f'b/{name}'}",
    )


def is_binary(data: bytes | None) -> bool:
    """Whether content is no text; None is."""
    return data is not None and b"\0" in data[:_BINARY_PROBE_BYTES]


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").splitlines(keepends=True)


def opcodes(old: Sequence[AnyStr], new: Sequence[AnyStr]) -> list[Opcode]:
    """How lines become others, as `difflib` tells it."""
    shortest = min(len(old), len(new))
    head = 0
    while head < shortest and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(middle_old), len(middle_new)) <= _COMPARED_LINES:
        from difflib import SequenceMatcher  # 10 ms to import, and most sessions only read

        middle = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
    else:
        middle = [("replace", 0, len(middle_old), 0, len(middle_new))]
    shifted = [(tag, i1 + head, i2 + head, j1 + head, j2 + head) for tag, i1, i2, j1, j2 in middle]
    first: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    last: list[Opcode] = [("equal", len(old) - tail, len(old), len(new) - tail, len(new))] if tail else []
    return [*first, *shifted, *last]


def grouped(steps: Sequence[Opcode]) -> list[list[Opcode]]:
    """Changes with their context, split where more than twice the context lies between."""
    groups: list[list[Opcode]] = []
    group: list[Opcode] = []
    for tag, i1, i2, j1, j2 in steps:
        if tag != "equal":
            group.append((tag, i1, i2, j1, j2))
        elif not group:
            skip = max(0, i2 - i1 - _CONTEXT_LINES)
            group = [(tag, i1 + skip, i2, j1 + skip, j2)]
        elif i2 - i1 > 2 * _CONTEXT_LINES:
            group.append((tag, i1, i1 + _CONTEXT_LINES, j1, j1 + _CONTEXT_LINES))
            groups.append(group)
            group = [(tag, i2 - _CONTEXT_LINES, i2, j2 - _CONTEXT_LINES, j2)]
        else:
            group.append((tag, i1, i2, j1, j2))
    if group:
        last_tag, i1, i2, j1, j2 = group[-1]
        if last_tag == "equal":
            group[-1] = (last_tag, i1, min(i2, i1 + _CONTEXT_LINES), j1, min(j2, j1 + _CONTEXT_LINES))
        groups.append(group)
    return [g for g in groups if any(op[0] != "equal" for op in g)]


def _hunk(group: list[Opcode], old: list[str], new: list[str]) -> list[str]:
    i1, i2, j1, j2 = group[0][1], group[-1][2], group[0][3], group[-1][4]
    lines = [f"@@ -{_range(i1, i2)} +{_range(j1, j2)} @@"]
    for tag, a1, a2, b1, b2 in group:
        if tag == "equal":
            lines += marked(" ", old[a1:a2])
        else:
            lines += marked("-", old[a1:a2]) + marked("+", new[b1:b2])
    return lines


def marked(mark: str, lines: Sequence[str]) -> list[str]:
    """Lines as they stand in a diff: a mark before each, no line ends."""
    marked: list[str] = []
    for line in lines:
        body = line.rstrip("\r\n")
        marked.append(mark + body)
        if body == line:
            marked.append("\\ No newline at end of file")
    return marked


def _range(start: int, stop: int) -> str:
    length = stop - start
    if length == 1:
        return f"{start + 1}"
    return f"{start if length == 0 else start + 1},{length}"
