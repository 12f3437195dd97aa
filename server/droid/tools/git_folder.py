"""What a repository's own files say of it. Git is not started: a hostile configuration could run things.

Only regular files of bounded size are read; what is too large, too much or of a kind that is not known
makes the answer incomplete, which the gate takes for a doubt.

Source: https://git-scm.com/docs/gitrepository-layout and https://git-scm.com/docs/git-config#FILES
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from droid.engine.git_files import common_folder, first_line, repository_of, text_of
from droid.safety.git_config import config_entries
from droid.safety.git_facts import GitFacts

_MAX_FILES = 32
_MAX_REFS = 2_000
_HEADS = "refs/heads/"
_REFTABLE = "refs/heads/.invalid"
_OBJECT_SIZES = frozenset({40, 41, 64, 65})
"""Of the files of ordinary branches: a hash, and a line feed."""
_SYSTEM = ("/etc/gitconfig", "/usr/local/etc/gitconfig", "/opt/homebrew/etc/gitconfig")
_DECIDES = ("alias.", "push.", "remote.", "branch.")


def read_repository(folder: Path, git_dir: Path | None, environ: Mapping[str, str], home: Path) -> GitFacts:
    """Look at the repository of a folder, or at one that is named.

    Args:
        environ: Of the commands that will run there.
        home: The person's.
    """
    found = git_dir or _find(folder)
    reading = _Reading(home)
    if found is None:
        # One may be made there before git looks.
        reading.user_files(environ)
        return GitFacts(place=str(folder), settings=tuple(reading.settings), complete=False)
    common = common_folder(found)
    reading.user_files(environ)
    reading.file(common / "config")
    reading.file(found / "config.worktree")
    reading.environment(environ)
    head = _head(found)
    if head is None or head == _REFTABLE:
        reading.complete = False
    links, branches = reading.branches(common)
    branch = head.removeprefix(_HEADS) if head and head.startswith(_HEADS) and head != _REFTABLE else None
    return GitFacts(
        place=os.path.realpath(found),
        branch=branch,
        rebasing=_rebasing(found),
        links=links,
        branches=branches,
        settings=tuple(reading.settings),
        complete=reading.complete,
    )


def _find(folder: Path) -> Path | None:
    for place in (folder, *folder.parents):
        if (found := repository_of(place)) is not None:
            return found
        if (place / "HEAD").is_file() and (place / "objects").is_dir() and (place / "refs").is_dir():
            return place
    return None


def _head(found: Path) -> str | None:
    """The reference that is checked out; empty for a commit, None where it cannot be told."""
    place = found / "HEAD"
    if place.is_symlink():
        return str(place.readlink())
    line = first_line(place)
    if line is None:
        return None
    return line.removeprefix("ref:").strip() if line.startswith("ref:") else ""


def _rebasing(found: Path) -> str | None:
    for name in ("rebase-merge/head-name", "rebase-apply/head-name"):
        line = first_line(found / name)
        if line is not None and line.startswith(_HEADS):
            return line.removeprefix(_HEADS)
    return None


class _Reading:
    """The configuration so far."""

    def __init__(self, home: Path) -> None:
        self.settings: list[tuple[str, str]] = []
        self.complete = True
        self._home = home
        self._files = 0

    def user_files(self, environ: Mapping[str, str]) -> None:
        for name in (environ["GIT_CONFIG_SYSTEM"],) if environ.get("GIT_CONFIG_SYSTEM") else _SYSTEM:
            self.file(Path(name))
        chosen = environ.get("GIT_CONFIG_GLOBAL")
        if chosen:
            self.file(Path(chosen))
            return
        self.file(Path(environ.get("XDG_CONFIG_HOME") or self._home / ".config") / "git/config")
        self.file(self._home / ".gitconfig")

    def environment(self, environ: Mapping[str, str]) -> None:
        """Settings that are given by variables."""
        count = environ.get("GIT_CONFIG_COUNT", "0")
        for index in range(min(int(count), _MAX_FILES) if count.isdecimal() else 0):
            key, value = environ.get(f"GIT_CONFIG_KEY_{index}"), environ.get(f"GIT_CONFIG_VALUE_{index}")
            if key and value is not None:
                section, dot, rest = key.partition(".")
                middle, dot2, name = rest.rpartition(".")
                self.settings.append((f"{section.lower()}{dot}{middle}{dot2}{name.lower()}", value))
        if "GIT_CONFIG_PARAMETERS" in environ:
            self.complete = False

    def file(self, path: Path, *, sure: bool = True) -> None:
        """Read a file and those that it includes.

        Args:
            sure: Git reads it too; else only under a condition.
        """
        self._files += 1
        text = text_of(path)
        if text is None:
            self.complete = self.complete and not os.path.lexists(path)
            return
        if self._files > _MAX_FILES:
            self.complete = False
            return
        for key, value in config_entries(text):
            self.settings.append((key, value))
            if not sure and key.startswith(_DECIDES):
                self.complete = False
            if key == "include.path" or (key.startswith("includeif.") and key.endswith(".path")):
                self.file(self._included(path, value), sure=sure and key == "include.path")

    def _included(self, path: Path, value: str) -> Path:
        if value.startswith("~/"):
            return self._home / value[2:]
        return path.parent / value

    def branches(self, common: Path) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
        """Branches that are links to others, and the names of all that are seen."""
        links: list[tuple[str, str]] = []
        names: set[str] = set()
        left = _MAX_REFS
        for path, entry in _files(common / "refs/heads"):
            left -= 1
            if left < 0:
                self.complete = False
                break
            name = path.relative_to(common / "refs/heads").as_posix()
            names.add(name)
            if entry.is_symlink() or entry.stat(follow_symlinks=False).st_size not in _OBJECT_SIZES:
                target = str(path.readlink()) if entry.is_symlink() else first_line(path)
                if target is None:
                    self.complete = False
                elif entry.is_symlink() or target.startswith("ref:"):
                    links.append((name, target.removeprefix("ref:").strip().removeprefix(_HEADS)))
        for path, _ in _files(common / "refs/remotes"):
            left -= 1
            if left < 0:
                break
            names.add(path.relative_to(common / "refs/remotes").as_posix().partition("/")[2])
        for line in (text_of(common / "packed-refs") or "").splitlines():
            ref = line.partition(" ")[2]
            if ref.startswith(_HEADS):
                names.add(ref.removeprefix(_HEADS))
            elif ref.startswith("refs/remotes/"):
                names.add(ref.removeprefix("refs/remotes/").partition("/")[2])
        return tuple(links), frozenset(names)


def _files(folder: Path) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    """Everything in a folder that is none, links not followed."""
    todo = [folder]
    while todo:
        try:
            with os.scandir(todo.pop()) as entries:
                found = list(entries)
        except OSError:
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                todo.append(Path(entry.path))
            else:
                yield Path(entry.path), entry
