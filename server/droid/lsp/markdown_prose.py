"""A model's Markdown, made safe to place in a session document while it streams in.

A model writes Markdown, and mostly it should show as it was meant. Four things it must not do: pose as
the document's structure, hide what follows, fetch something, or make a button. So, outside code,

- its headings move below ours (`#` becomes `####`), and a line of a code block that would be read as
  structure is moved one column to the right;
- HTML is shown, not rendered; images become links, since a preview would fetch them;
- a link goes to `http`, `https` or a relative path; any other (`command:`) is shown as text;
- a code block that is left open is closed at the end.

The result does not depend on how the text was cut: what cannot be decided yet is held back, at most to
the end of its line. White space at the end is held back too, until something follows it.
Source: https://spec.commonmark.org/0.31.2/
"""

import re
from dataclasses import dataclass

from droid.lsp.markdown_text import visible
from droid.lsp.session_headings import is_structural

_LOWEST = 6
_PUSHED_DOWN = 3
# Indentation, list markers and quote signs, and nothing yet that tells what the line is.
_PREFIX_SO_FAR = re.compile(r"[ \t]*+(?:(?:[-*+>]|\d++[.)]?)[ \t]*+)*+")
_PREFIX = re.compile(r"[ \t]*+(?:(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])[ \t]*+)*+")
_FENCE = re.compile(r"(?P<run>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)", re.DOTALL)
_HEADING = re.compile(r"(?P<indent> {0,3})(?P<signs>#{1,6})(?=[ \t]|$)")
_BLANK_START = re.compile(r"(?:[ \t]*\n)+")
_PLAIN = re.compile(r"[^`<\]\\!]+")
_BACKTICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<https?://[^\s<>`]*>", re.IGNORECASE)
_AUTOLINK_SO_FAR = re.compile(r"<h?t?t?p?s?:?/?/?|<https?://[^\s<>`]*", re.IGNORECASE)
_FIRST_SEGMENT = re.compile(r"[^\s)/?#]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fence:
    """An open code block: what closes it, and what it stands in."""

    run: str
    indent: int
    quotes: int


class ProseStream:
    """One text of a model, piece by piece."""

    def __init__(self) -> None:
        self._half = ""
        self._pending = ""
        self._held = ""
        self._started = False
        self._at_line_start = True
        self._fence: _Fence | None = None
        self._margin = 0
        self._deep = False

    def feed(self, text: str) -> str:
        """What can be placed now that `text` has come."""
        text = self._half + text
        # Half of a line break cannot be told from a whole one yet.
        self._half = "\r" if text.endswith("\r") else ""
        self._pending += visible(text.removesuffix("\r"))
        return self._placed(self._drain(final=False))

    def close(self) -> str:
        """What was held back, and the end of a code block that is still open; the last call."""
        self._pending += visible(self._half)
        output = self._placed(self._drain(final=True))
        if self._fence is not None:
            lead = " " * self._fence.indent + "> " * self._fence.quotes
            output += f"\n{lead}{self._fence.run}"
        return output

    def _placed(self, output: str) -> str:
        output = self._held + output
        placed = output.rstrip(" \t\n")
        self._held = output[len(placed) :]
        if placed and not self._started:
            self._started = True
            blank = _BLANK_START.match(placed)
            placed = placed[blank.end() :] if blank else placed
        return placed

    def _drain(self, *, final: bool) -> str:
        output: list[str] = []
        while self._pending:
            line, newline, rest = self._pending.partition("\n")
            whole = final or bool(newline)
            if self._at_line_start:
                if not whole and self._undecided(line):
                    break
                self._at_line_start = False
                if self._fence is None:
                    self._measure(line)
                if whole and (done := self._special(line)) is not None:
                    output.append(done + newline)
                    self._pending, self._at_line_start = rest, True
                    continue
            if self._fence is not None:
                decided, left = line, ""
            else:
                decided, left = _inline(line, whole=whole)
            output.append(decided)
            if left or not newline:
                self._pending = left
                break
            output.append(newline)
            self._pending, self._at_line_start = rest, True
        return "".join(output)

    def _measure(self, line: str) -> None:
        self._deep = _indent(line) - self._margin > 3
        self._margin = self._margin if self._deep else _margin(line, self._margin)

    def _undecided(self, line: str) -> bool:
        """Whether the beginning of a line may still become one that needs a look at the whole."""
        start = line[_match_end(_PREFIX_SO_FAR, line) :]
        if not start or line.startswith("#") or start[0] in "`~#":
            return True
        return self._fence is not None and _leaves(self._fence, line)

    def _special(self, line: str) -> str | None:
        """A whole line that is structure of the Markdown: code fences, headings; None for any other."""
        if self._fence is not None:
            if not _leaves(self._fence, line):
                if _closes(self._fence, line):
                    self._fence = None
                return f" {line}" if is_structural(line) else line
            self._fence = None
            self._measure(line)
        prefix = _match_end(_PREFIX, line)
        if not self._deep and (opening := _FENCE.fullmatch(line[prefix:])):
            before, *_ = line[:prefix].partition(">")
            self._fence = _Fence(
                run=opening["run"], indent=len(before.expandtabs(4)), quotes=line.count(">", 0, prefix)
            )
            return line
        if heading := _HEADING.match(line):
            level = min(len(heading["signs"]) + _PUSHED_DOWN, _LOWEST)
            rest, _ = _inline(line[heading.end() :], whole=True)
            return f"{heading['indent']}{'#' * level}{rest}"
        return None


def prose(text: str) -> str:
    """A whole text of a model."""
    stream = ProseStream()
    return stream.feed(text) + stream.close()


def prose_line(text: str) -> str:
    """A text of a model on one line, behind something that begins the line."""
    decided, _ = _inline(" ".join(visible(text).split()), whole=True)
    return decided


def _match_end(pattern: re.Pattern[str], text: str, at: int = 0) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _indent(line: str) -> int:
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip(" "))


def _margin(line: str, before: int) -> int:
    """The column from which the text of the innermost list item is indented, as far as it can be told.

    Four columns beyond it, a line is code or goes on with a paragraph, and opens nothing.
    """
    if not line.strip(" \t"):
        return before
    prefix = line[: _match_end(_PREFIX, line)]
    return len(prefix.expandtabs(4)) if prefix.strip(" \t>") else min(before, _indent(line))


def _closes(fence: _Fence, line: str) -> bool:
    bare = line.lstrip(" \t>" if fence.quotes else " \t").rstrip()
    if not fence.quotes and _indent(line) > fence.indent + 3:
        return False
    return len(bare) >= len(fence.run) and not bare.strip(fence.run[0])


def _leaves(fence: _Fence, line: str) -> bool:
    """Whether a line ends the quote or the list item that a code block stands in, and so the block."""
    lead = line[: len(line) - len(line.lstrip(" \t>"))]
    if lead.count(">") < fence.quotes:
        return True
    return bool(line.strip()) and _indent(line) < fence.indent


def _inline(line: str, *, whole: bool) -> tuple[str, str]:
    """The decided part of a line, made safe, and what is left to decide when more has come."""
    output: list[str] = []
    at = 0
    while at < len(line):
        if plain := _PLAIN.match(line, at):
            output.append(plain[0])
            at = plain.end()
            continue
        step = _STEPS[line[at]](line, at, whole)
        if step is None:
            break
        text, at = step
        output.append(text)
    return "".join(output), line[at:]


def _backslash(line: str, at: int, whole: bool) -> tuple[str, int] | None:
    if at + 1 == len(line) and not whole:
        return None
    return line[at : at + 2], at + 2


def _code(line: str, at: int, whole: bool) -> tuple[str, int] | None:
    opened = _match_end(_BACKTICKS, line, at)
    if opened == len(line) and not whole:
        return None
    for closing in _BACKTICKS.finditer(line, opened):
        if closing.end() == len(line) and not whole:
            return None
        if closing[0] == line[at:opened]:
            return line[at : closing.end()], closing.end()
    # Left open, it could pair up with a later one and turn code into text.
    return ("\\`" * (opened - at), opened) if whole else None


def _tag(line: str, at: int, whole: bool) -> tuple[str, int] | None:
    if link := _AUTOLINK.match(line, at):
        return link[0], link.end()
    if not whole and _AUTOLINK_SO_FAR.fullmatch(line, at):
        return None
    after = line[at + 1 : at + 2]
    return ("\\<" if after.isalpha() or after in {"/", "!", "?"} else "<"), at + 1


def _image(line: str, at: int, whole: bool) -> tuple[str, int] | None:
    if at + 1 == len(line) and not whole:
        return None
    return ("\\!" if line[at + 1 : at + 2] == "[" else "!"), at + 1


def _link(line: str, at: int, whole: bool) -> tuple[str, int] | None:
    if at + 1 == len(line):
        return ("]", at + 1) if whole else None
    sign = line[at + 1]
    if sign not in "(:":
        return "]", at + 1
    start = at + 2
    if sign == ":":
        start = len(line) - len(line[start:].lstrip(" \t"))
    end = _match_end(_FIRST_SEGMENT, line, start)
    if end + 1 >= len(line) and not whole:
        return None
    segment = line[start:end]
    scheme = segment.lower() in {"http:", "https:"} and line.startswith("//", end)
    # Escapes and entities in an address are decoded by readers, so they could spell a scheme.
    relative = bool(segment or line[end : end + 1] in {"/", "#", "?"})
    safe = scheme or (relative and not set(segment) & set(":&%\\<"))
    return ("]" if safe else "]\\") + sign, at + 2


_STEPS = {"`": _code, "<": _tag, "]": _link, "\\": _backslash, "!": _image}
