"""Tells what commands for a line editor do: `!` runs a command, `w` writes a file.

`ed` and `ex` share their addresses and most letters; `ex` has names of several letters and `|` between
commands.
"""

import re

from droid.safety.commands.languages.findings import Findings, Unreadable
from droid.safety.commands.model import Touch

_ADDRESS = re.compile(r"(?:[\d.$%,;+\-\s]|'[a-zA-Z<>]|/(?:\\.|[^/\\])*(?:/|$)|\?(?:\\.|[^?\\])*(?:\?|$))*")
_NAME = re.compile(r"[a-zA-Z]+|[=#&~<>@!]?")
_FED = ": | "
"""Before a command that is given lines of the file: a shell among them would run what cannot be seen."""
_INSERTS = frozenset({"a", "i", "c", "append", "insert", "change"})
_PLAIN = frozenset(
    {
        "d", "delete", "p", "P", "print", "n", "l", "nu", "number", "m", "move", "t", "co", "copy", "j",
        "join", "k", "mark", "u", "undo", "H", "h", "q", "Q", "qa", "quit", "y", "yank", "pu", "put", "x",
        "qall", "wa", "wall", "xa", "xall", "wqall",
        "wq", "wqa", "xit", "z", "set", "se", "noh", "retab", "sort", "", "=", "#", "&", "~", "<", ">",
    }
)  # fmt: skip
_EVERYWHERE = frozenset({"g", "v", "G", "V", "global", "vglobal"})
_WRITES = frozenset({"w", "W", "wq", "x", "f", "write", "update", "up", "sav", "saveas"})
_READS = frozenset({"r", "e", "E", "read", "edit"})


def read(code: str, found: Findings, language: str = "ed") -> None:
    """Collect what the commands do.

    Raises:
        Unreadable: they cannot be followed.
    """
    inserting = False
    for line in code.split("\n"):
        inserting = line != "." if inserting else _line(line, found, language)


def _line(line: str, found: Findings, language: str) -> bool:
    """Read one line; True where text to insert follows."""
    rest, everywhere = line.lstrip(": \t"), False
    while True:
        start = _end(_ADDRESS, rest)
        rest = rest[start:]
        end = _end(_NAME, rest)
        name, rest = rest[:end], rest[end:]
        if language == "ed" and name != "wq":
            # One letter: `ka`, `wq`, `pn`.
            name, rest = name[:1], name[1:] + rest
        if name == "!":
            found.runs(_FED + rest if start or everywhere else rest)
            return False
        if name in _EVERYWHERE:
            rest, everywhere = _behind_pattern(rest.lstrip("!"), 1), True
            continue
        if name in _INSERTS:
            if everywhere:
                raise Unreadable("text to insert within a command for many lines")
            return True
        if name in ("s", "substitute"):
            rest = rest if rest[:1] in ("", "|") else _behind_pattern(rest, 2)
        elif name in _WRITES | _READS:
            if language == "ex":
                rest = rest.removeprefix("!")  # `wq!`: without asking
            if "!" in rest:
                found.runs(_FED + rest.partition("!")[2] if name in _WRITES else rest.partition("!")[2])
                return False
            _file(name, rest.partition("|")[0] if language == "ex" else rest, found)
        elif name not in _PLAIN:
            raise Unreadable(f"the command {name[:20]!r}")
        if language == "ed":
            return False
        _, more, rest = rest.partition("|")
        if not more:
            return False
        rest = rest.lstrip(": \t")


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0


def _behind_pattern(text: str, parts: int) -> str:
    """What follows `/…/`, or `/…/…/`."""
    mark = text[:1]
    if not mark or mark.isalnum() or mark in '\\ "|':
        raise Unreadable("an expression without a mark")
    at = 1
    while parts and at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == mark:
            parts -= 1
        at += 1
    return text[at:]


def _file(name: str, rest: str, found: Findings) -> None:
    target = rest.strip("> \t")
    if target:
        found.touches(Touch.WRITE if name in _WRITES else Touch.READ, target)
