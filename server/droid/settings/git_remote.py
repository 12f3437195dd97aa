"""Which remote a git root came from, read from its configuration without starting git.

What git itself adds (`insteadOf`, included files, the worktree's own configuration) is not looked at: the
remote only says which entries of the organisation are compared, and the hash in them decides.

Source: https://git-scm.com/docs/git-config and https://git-scm.com/docs/gitrepository-layout
"""

import os
import stat
from pathlib import Path

from droid.safety.git_config import config_entries
from droid.safety.remotes import normalise_remote

__all__ = ["normalise_remote", "remote_of"]

_MAX_BYTES = 1024 * 1024
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)


def remote_of(root: Path) -> str | None:
    """The normalised URL of the remote `origin`; None where there is none, or none that can be told."""
    folder = _git_folder(root)
    if folder is None:
        return None
    common = _first_line(folder / "commondir")
    text = _text((folder / common if common else folder) / "config")
    if text is None:
        return None
    for key, value in config_entries(text):
        if key == "remote.origin.url":
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
