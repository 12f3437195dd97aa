"""Puts text of others into Markdown where it cannot break out: fences, code spans, one-line text.

Characters that do not show, or that make text show in another order, are replaced by their code point
(`⟨U+202E⟩`): what a person approves must be what they see. Everything that some reader counts as a line
break becomes a line feed, so that all agree on the lines.
"""

import re

from droid.lsp.session_headings import is_structural

# Controls but tab and line feed, lone surrogates, bidirectional marks, zero-width and tag characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# Joiners have their use in words and emoji; in a command they only hide.
_JOINERS = re.compile("[\u200c\u200d\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_BACKTICKS = re.compile(r"`+")


def visible(text: str) -> str:
    """Text with line feeds only, and with hidden characters shown by their code points."""
    return _HIDDEN.sub(_code_point, _BREAKS.sub("\n", text))


def exact(text: str) -> str:
    """Like `visible`, for what is approved: joiners and lone carriage returns show too."""
    return _JOINERS.sub(_code_point, visible(re.sub("\r(?!\n)", "⟨U+000D⟩", text)))


def without_ansi(text: str) -> str:
    """A command's output without colours and cursor movements."""
    return _ANSI.sub("", text) if "\x1b" in text else text


def code_block(text: str, language: str = "", *, indent: int = 0) -> str:
    """A fenced block that holds `text` exactly, its fence longer than any run of backticks in it.

    A block is indented where a line of it would be read as structure: Markdown takes the indentation
    away again, so what shows is exact. `text` is one that `visible` or `exact` made.
    """
    text = text.removesuffix("\n")
    lines = text.split("\n")
    if not indent and any(map(is_structural, lines)):
        indent = 2
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    pad = " " * indent
    body = (f"{pad}{line}" if line else "" for line in lines)
    return "\n".join((f"{pad}{fence}{language}", *body, f"{pad}{fence}"))


def code_span(text: str, limit: int = 100) -> str:
    """Text as code on one line, cut to `limit` characters."""
    line = one_line(text, limit) or " "
    fence = "`" * (max(map(len, _BACKTICKS.findall(line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def one_line(text: str, limit: int) -> str:
    """Text on one line, cut to `limit` characters with `…` at the end."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def head(text: str, lines: int) -> str:
    """The first lines, and how many more there are."""
    kept = text.removesuffix("\n").split("\n")
    more = len(kept) - lines
    return text if more <= 1 else "\n".join((*kept[:lines], f"… {more} more lines"))


def tail(text: str, lines: int, width: int = 200) -> str:
    """The last lines, each cut to `width`, and how many there are before them."""
    kept = text.rstrip("\n").split("\n")
    more = len(kept) - lines
    shown = kept if more <= 1 else [f"… {more} lines before", *kept[-lines:]]
    return "\n".join(line if len(line) <= width else line[: width - 1] + "…" for line in shown)


def _code_point(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"
