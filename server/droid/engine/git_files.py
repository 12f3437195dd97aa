"""Reads the files of a repository as somebody else's: git itself would run what they name.

Source: https://git-scm.com/docs/gitrepository-layout
"""

import os
import stat
from pathlib import Path

MAX_BYTES = 1024 * 1024
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)


def repository_of(root: Path) -> Path | None:
    """The repository of a folder that has a `.git`: worktrees and submodules have a file that says where."""
    place = root / ".git"
    if place.is_dir():
        return place
    line = first_line(place)
    if line is None or not line.startswith("gitdir:"):
        return None
    return root / line.removeprefix("gitdir:").strip()


def common_folder(repository: Path) -> Path:
    """Where the files are that a linked worktree shares with others: configuration, branches."""
    named = first_line(repository / "commondir")
    return repository / named if named else repository


def first_line(path: Path) -> str | None:
    """The first line of a file that `text_of` can read."""
    text = text_of(path)
    return text.split("\n", 1)[0].rstrip("\r") if text is not None else None


def text_of(path: Path) -> str | None:
    """A small regular file's text; None for anything else, since a repository may put there what it likes."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None  # opening some things does something already
        with os.fdopen(os.open(path, _READ), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    return data.decode(errors="replace") if len(data) <= MAX_BYTES else None
