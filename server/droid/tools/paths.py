"""Real paths, as the operating system resolves them."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_FileId = tuple[int, int]
_MAX_FILES = 2_000
_MAX_DEPTH = 3
_ATTEMPTS = 100


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
