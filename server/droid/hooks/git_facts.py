"""The branch and the remote of a repository, read from its files: git itself would run what they name."""

import os
from pathlib import Path

_MAX_BYTES = 1024 * 1024
_REF = "ref: refs/heads/"
_USUAL_REMOTE = "origin"


def current_branch(folder: Path) -> str | None:
    """The branch that is checked out; None where there is none, or no repository."""
    git = _git_folder(folder)
    head = _text(git / "HEAD").strip() if git is not None else ""
    return head.removeprefix(_REF) if head.startswith(_REF) else None


def remote_of(folder: Path, branch: str | None) -> str | None:
    """The name of the remote that a branch goes to; None where there is none."""
    git = _git_folder(folder)
    if git is None:
        return None
    remotes, tracked = list[str](), dict[str, str]()
    section = ""
    for line in _text(_common_folder(git) / "config").splitlines():
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped
            if section.startswith('[remote "'):
                remotes.append(section.removeprefix('[remote "').rstrip('"]'))
        elif section.startswith('[branch "') and stripped.partition("=")[0].strip() == "remote":
            tracked[section.removeprefix('[branch "').rstrip('"]')] = stripped.partition("=")[2].strip()
    if branch is not None and branch in tracked:
        return tracked[branch]
    return _USUAL_REMOTE if _USUAL_REMOTE in remotes else next(iter(remotes), None)


def _git_folder(folder: Path) -> Path | None:
    for place in (folder, *folder.parents):
        git = place / ".git"
        if git.is_dir():
            return git
        if git.is_file():  # a worktree or a submodule
            named = _text(git).strip().removeprefix("gitdir:").strip()
            return place / named if named else None
    return None


def _common_folder(git: Path) -> Path:
    """Where a worktree's shared files are."""
    named = _text(git / "commondir").strip()
    return git / named if named else git


def _text(path: Path) -> str:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(fd, "rb") as file:
            return file.read(_MAX_BYTES).decode(errors="replace")
    except OSError:
        return ""
