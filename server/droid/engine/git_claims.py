"""Whether a repository is the folder's own: what git is asked of a folder must not be told of another.

A `.git` that came with an archive may say that history, branches or files are somewhere else: it may be a
file or a link that names another repository, share the references of one, or be none at all, so that git
looks further up. Where others lie legitimately (linked worktrees, submodules), they point back.

Source: https://git-scm.com/docs/gitrepository-layout
"""

import os
from pathlib import Path

from droid.engine.git_files import first_line, text_of

_TOLD = ("HEAD", "index", "logs", "objects", "packed-refs", "refs", "refs/heads", "reftable", "shallow")
"""What of a repository decides what it tells."""


def claims_another(root: Path) -> bool:
    """Whether what lies at `root/.git` would have git tell of another repository.

    Args:
        root: A folder with a `.git`, symlinks resolved.
    """
    place = root / ".git"
    if place.is_symlink():
        return True
    if place.is_dir():
        return _shares(place)
    line = first_line(place)
    if line is None or not line.startswith("gitdir:"):
        return True
    folder = Path(os.path.realpath(root / line.removeprefix("gitdir:").strip()))
    back = first_line(folder / "gitdir")
    if back is not None:
        return Path(os.path.realpath(folder / back)) != place  # a linked worktree
    return _worktree(folder) != root or _shares(folder)


def _shares(folder: Path) -> bool:
    """Whether a repository takes from another what it tells."""
    return os.path.lexists(folder / "commondir") or any((folder / name).is_symlink() for name in _TOLD)


def _worktree(folder: Path) -> Path | None:
    """Where the files of a repository are, by its own word: a submodule's says it."""
    from droid.safety.git_config import config_entries  # most repositories lie where they are looked for

    text = text_of(folder / "config")
    named = [value for key, value in config_entries(text or "") if key == "core.worktree"]
    return Path(os.path.realpath(folder / named[-1])) if named else None
