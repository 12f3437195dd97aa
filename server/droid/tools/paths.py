"""Real paths, as the operating system resolves them."""

import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from droid.safety.git_facts import GitFacts
from droid.safety.names import fold_name

_FileId = tuple[int, int]
_MAX_FILES = 2_000
_MAX_DEPTH = 3
_ATTEMPTS = 100
_MAX_LINKS = 40
_MAX_LOOKED_AT = 20_000


class OsPaths:
    """Implements the `PathResolver` port."""

    def real(self, path: Path) -> Path:
        """Absolute, symlinks and `..` resolved as far as the path exists.

        A path that cannot be resolved (a loop, a NUL) comes back absolute and unresolved: no file can be
        opened under it, so nothing is lost by judging its name.
        """
        for _ in range(_ATTEMPTS):
            try:
                return Path(os.path.realpath(path))
            except OSError:  # a link was replaced while it was read
                continue
            except ValueError:
                break
        return Path(os.path.abspath(str(path).replace("\0", "\\0")))  # noqa: PTH100  resolve() raises too

    def shared(self, path: Path) -> _FileId | None:
        """Which file it is, where a file has several names (hard links); None for all else."""
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return None
        if status.st_nlink < 2 or not stat.S_ISREG(status.st_mode):
            return None
        return status.st_dev, status.st_ino

    def identities(self, places: Iterable[Path]) -> Mapping[_FileId, Path]:
        """Which files these are, those of folders among them, as far as they exist.

        Links are followed: what counts is the file that is read in the end.
        """
        found: dict[_FileId, Path] = {}
        for path, status in _files(places):
            found.setdefault((status.st_dev, status.st_ino), path)
        return found

    def ways(self, path: Path) -> Sequence[Path]:
        """The names that a path takes one after the other while its links are followed."""
        found: list[Path] = []
        here, todo = Path(path.anchor), deque(path.parts[1:])
        while todo and len(found) < _MAX_LINKS:
            part = todo.popleft()
            if part == "..":
                here = here.parent
                continue
            try:
                target = Path(os.readlink(here / part))  # noqa: PTH115  most parts are no links
            except (OSError, ValueError):
                here = here / part
                continue
            todo.extendleft(reversed(target.parts[1:] if target.is_absolute() else target.parts))
            here = Path(target.anchor) if target.is_absolute() else here
            found.append(Path(os.path.normpath(here.joinpath(*todo))))
        return found

    def is_folder(self, path: Path) -> bool:
        """Whether a folder is there."""
        try:
            return path.is_dir()
        except ValueError:
            return False

    def expand(self, pattern: Path, limit: int, *, widely: bool) -> Sequence[Path] | None:
        """The files that a shell takes a glob for, and perhaps some more: names compare without case."""
        from droid.safety.globs import is_glob, name_glob

        found = [Path(pattern.anchor)]
        looked_at = 0
        for part in pattern.parts[1:]:
            if not is_glob(part):
                found = [place / part for place in found]
                continue
            if widely and part == "**":
                below = [self.below(place, limit) for place in found]
                if not all(complete for _, complete in below):
                    return None
                found += [path for paths, _ in below for path in paths]
                continue
            glob, matched = name_glob(part), list[Path]()
            hidden = widely or part[0] in ".[?"
            for place in found:
                for name in _names(place):
                    looked_at += 1
                    if (hidden or name[0] != ".") and glob.matches(fold_name(name)):
                        matched.append(place / name)
                if looked_at > _MAX_LOOKED_AT:
                    return None
            found = matched
        found = [path for path in found if os.path.lexists(path)]
        return found if len(found) <= limit else None

    def below(self, folder: Path, limit: int) -> tuple[Sequence[Path], bool]:
        """What a folder holds, the nearest first, and whether that is all of it."""
        found: list[Path] = []
        todo = deque([folder])
        while todo:
            try:
                with os.scandir(todo.popleft()) as entries:
                    for entry in entries:
                        if len(found) >= limit:
                            return found, False
                        found.append(Path(entry.path))
                        if entry.is_dir(follow_symlinks=False):
                            todo.append(found[-1])
            except (OSError, ValueError):
                continue
        return found, True

    def linked_files(self, folder: Path, limit: int) -> Mapping[_FileId, Sequence[Path]]:
        """Files below a folder that have several names (hard links), with those that are seen there."""
        found: dict[_FileId, list[Path]] = {}
        todo, left = deque([folder]), limit
        while todo:
            try:
                with os.scandir(todo.popleft()) as entries:
                    for entry in entries:
                        left -= 1
                        if left < 0:
                            return found
                        if entry.is_dir(follow_symlinks=False):
                            todo.append(Path(entry.path))
                        elif (identity := self.shared(Path(entry.path))) is not None:
                            found.setdefault(identity, []).append(Path(entry.path))
            except (OSError, ValueError):
                continue
        return found

    def repository(self, folder: Path, git_dir: Path | None, home: Path) -> GitFacts:
        """What a repository's files say of it."""
        from droid.tools.git_folder import read_repository  # few calls have to do with one

        return read_repository(folder, git_dir, os.environ, home)


def _names(folder: Path) -> Sequence[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  names are all that is needed
    except (OSError, ValueError):
        return ()


def _files(places: Iterable[Path], depth: int = 0) -> Iterator[tuple[Path, os.stat_result]]:
    for place in places:
        try:
            status = os.stat(place)  # noqa: PTH116  a hundred of these are looked for at once
            if not stat.S_ISDIR(status.st_mode):
                yield place, status
            elif depth < _MAX_DEPTH:
                names = os.listdir(place)[:_MAX_FILES]  # noqa: PTH208  likewise
                yield from _files([place / name for name in names], depth + 1)
        except (OSError, ValueError):
            continue
