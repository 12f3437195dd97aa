"""Numbered lines, as every tool that shows a file's text has them.

A line is `%6d→text`. The arrow is rare in files, so a number that a model copies into an edit by mistake
can be told from the file's own text.
"""

import re
from collections.abc import Iterable, Sequence

MAX_LINE_CHARS = 2000
_PREFIX = re.compile(r"^ *\d+→", re.MULTILINE)


def numbered(lines: Iterable[str], first: int) -> list[str]:
    """Put numbers before lines, from `first` on; a very long line is cut and says by how much."""
    return [f"{number:6d}→{_cut(line)}" for number, line in enumerate(lines, first)]


def has_numbers(text: str) -> bool:
    """Whether every line that is not blank begins like a numbered one."""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and all(_PREFIX.match(line) for line in lines)


def around(lines: Sequence[str], start: int, end: int, *, context: int = 3, limit: int = 40) -> str:
    """A numbered excerpt of `lines[start:end]` with some lines around it; a long middle is left out."""
    first, last = max(0, start - context), min(len(lines), end + context)
    shown = numbered(lines[first:last], first + 1)
    if len(shown) <= limit:
        return "\n".join(shown)
    half = limit // 2
    return "\n".join([*shown[:half], f"     … {len(shown) - 2 * half} more lines …", *shown[-half:]])


def _cut(line: str) -> str:
    if len(line) <= MAX_LINE_CHARS:
        return line
    return f"{line[:MAX_LINE_CHARS]}… [{len(line) - MAX_LINE_CHARS:,} more characters]"
