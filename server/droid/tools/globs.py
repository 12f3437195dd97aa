"""Glob patterns for choosing files.

ripgrep could match these itself, but a glob given to it overrides `.gitignore`: `*.py` would bring every
vendored and generated file back. So ripgrep walks, ignoring what is ignored, and the globs choose
among what it found. As in `.gitignore`, a pattern without a slash matches a name at any depth, one
with a slash is taken from the folder that is searched; a name that begins with a dot is matched only
by a pattern that writes the dot.
"""

import re
from collections.abc import Sequence

from droid.domain.errors import ToolFailed

_NAMES_HIDDEN = re.compile(r"(?:^|[/{,])\.(?!\.?(?:/|$))")
_ANY_FOLDERS = r"(?:(?!\.)[^/]+/)*"


def compile_globs(patterns: Sequence[str]) -> re.Pattern[str]:
    """An expression that fully matches the paths that any of the patterns chooses.

    Raises:
        ToolFailed: a pattern is malformed.
    """
    return re.compile("|".join(f"(?:{_Translation(pattern).expression})" for pattern in patterns))


def names_hidden(patterns: Sequence[str]) -> bool:
    """Whether a pattern asks for names that begin with a dot."""
    return any(_NAMES_HIDDEN.search(pattern) for pattern in patterns)


def name_globs(patterns: Sequence[str]) -> list[str]:
    """Globs for the file name alone, which choose at least what the patterns do; empty: any name."""
    names: list[str] = []
    for pattern in patterns:
        name = pattern.rsplit("/", 1)[-1]
        # A slash within braces, or a colon, which has a meaning where ripgrep takes these.
        if name in ("", "**") or name.count("{") != name.count("}") or ":" in name:
            return []
        names.append(name)
    return names


class _Translation:
    """One pattern's regular expression."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._text = pattern.removeprefix("./")
        anchored = "/" in pattern
        if self._text.endswith("/"):
            self._text += "**"
        self._text = self._text.lstrip("/")
        self._at = 0
        body = self._sequence(at_start=True, depth=0)
        if self._at < len(self._text):
            raise self._malformed("a `}` too many")
        self.expression = body if anchored else _ANY_FOLDERS + body

    def _sequence(self, *, at_start: bool, depth: int) -> str:
        """Translate up to the end, or, within braces, up to a `,` or `}` of theirs."""
        parts: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "}" or (depth and char == ","):
                break
            self._at += 1
            visible = r"(?!\.)" if at_start else ""
            at_start = False
            if char == "/":
                parts.append("/")
                at_start = True
            elif char == "*":
                stars = len(self._text[self._at :]) - len(self._text[self._at :].lstrip("*"))
                self._at += stars
                at_start = self._stars(parts, visible, whole=bool(stars and visible))
            elif char == "?":
                parts.append(f"{visible}[^/]")
            elif char == "[":
                parts.append(visible + self._character_class())
            elif char == "{":
                parts.append(self._alternatives(at_start=bool(visible), depth=depth + 1))
            elif char == "\\" and self._at < len(self._text):
                parts.append(re.escape(self._text[self._at]))
                self._at += 1
            else:
                parts.append(re.escape(char))
        return "".join(parts)

    def _stars(self, parts: list[str], visible: str, *, whole: bool) -> bool:
        """Add `*` or `**`; returns whether a new name begins after it."""
        after = self._text[self._at : self._at + 1]
        if whole and after == "/":
            self._at += 1
            parts.append(_ANY_FOLDERS)
            return True
        parts.append(f"{_ANY_FOLDERS}(?!\\.)[^/]+" if whole and not after else f"{visible}[^/]*")
        return False

    def _character_class(self) -> str:
        end = self._text.find("]", self._at + (2 if self._text[self._at : self._at + 1] in "!^" else 1))
        if end < 0:
            raise self._malformed("a `[` without `]`")
        inside = self._text[self._at : end]
        self._at = end + 1
        negated = inside[:1] in ("!", "^")
        escaped = re.sub(r"([\\\[\]&~|^])", r"\\\1", inside[1:] if negated else inside)
        expression = f"(?!/)[{'^' if negated else ''}{escaped}]"
        try:
            re.compile(expression)
        except re.error:
            raise self._malformed(f"the range [{inside}]") from None
        return expression

    def _alternatives(self, *, at_start: bool, depth: int) -> str:
        options = [self._sequence(at_start=at_start, depth=depth)]
        while self._text[self._at : self._at + 1] == ",":
            self._at += 1
            options.append(self._sequence(at_start=at_start, depth=depth))
        if self._at >= len(self._text):
            raise self._malformed("a `{` without `}`")
        self._at += 1
        return f"(?:{'|'.join(options)})"

    def _malformed(self, what: str) -> ToolFailed:
        return ToolFailed(f"the glob {self._pattern!r} has {what}; put a literal bracket in [ ]")
