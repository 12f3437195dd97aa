"""Which remote a git root came from, read from its configuration without starting git.

What git itself adds (`insteadOf`, included files, the worktree's own configuration) is not looked at: the
remote only says which entries of the organisation are compared, and the hash in them decides.

Source: https://git-scm.com/docs/git-config and https://git-scm.com/docs/gitrepository-layout
"""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from droid.safety.remotes import normalise_remote

__all__ = ["normalise_remote", "remote_of"]

_MAX_BYTES = 1024 * 1024
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
_SECTION = re.compile(r'\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\\n]|\\.)*)")?\s*\]')
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*(=?)[ \t]*")
_UNESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"'}


def remote_of(root: Path) -> str | None:
    """The normalised URL of the remote `origin`; None where there is none, or none that can be told."""
    folder = _git_folder(root)
    if folder is None:
        return None
    common = _first_line(folder / "commondir")
    text = _text((folder / common if common else folder) / "config")
    if text is None:
        return None
    for section, key, value in _entries(text):
        if section in ('remote "origin"', "remote.origin") and key == "url":
            return normalise_remote(value)
    return None


def _git_folder(root: Path) -> Path | None:
    """The folder behind `.git`; worktrees and submodules have a file that says where it is."""
    place = root / ".git"
    if place.is_dir():
        return place
    line = _first_line(place)
    if line is None or not line.startswith("gitdir:"):
        return None
    return root / line.removeprefix("gitdir:").strip()


def _first_line(path: Path) -> str | None:
    text = _text(path)
    return text.split("\n", 1)[0].rstrip("\r") if text is not None else None


def _text(path: Path) -> str | None:
    """A small regular file's text; None for anything else, since a repository may put there what it likes."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with os.fdopen(os.open(path, _READ), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    return data.decode(errors="replace") if len(data) <= _MAX_BYTES else None


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Section, key and value of each line that sets something; what git would not accept ends it."""
    section, at = "", 0
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif character in "#;":
            at = _line_end(text, at)
        elif character == "[":
            match = _SECTION.match(text, at)
            if match is None:
                return
            name = match[1].lower()
            below = match[2] and _UNESCAPED.sub(r"\1", match[2])
            section = name if below is None else f'{name} "{below}"'
            at = match.end()
        else:
            match = _KEY.match(text, at)
            if match is None:
                return
            value, at = _value(text, match.end()) if match[2] else ("true", _line_end(text, match.end()))
            yield section, match[1].lower(), value


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _value(text: str, at: int) -> tuple[str, int]:
    """A value up to the end of its line: quotes, escapes, comments, and lines that go on."""
    pieces: list[str] = []
    quoted = False
    kept = 0
    while at < len(text) and text[at] != "\n":
        character = text[at]
        at += 1
        if character == "\\" and at < len(text):
            escaped = text[at]
            at += 1
            if escaped != "\n":
                pieces.append(_ESCAPES.get(escaped, escaped))
                kept = len(pieces)
        elif character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            at = _line_end(text, at)
        else:
            pieces.append(character)
            if quoted or not character.isspace():
                kept = len(pieces)
    return "".join(pieces[:kept]), at
