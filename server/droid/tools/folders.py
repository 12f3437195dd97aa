"""Opened folders, so that a name in one leads to the same place whatever becomes of its path meanwhile.

Who may swap a folder of the path for a symbolic link could otherwise send a write that was judged for one
place to another. Each folder is opened from the one above it, and no link is followed on the way; files
are then named by folder and name alone. Where the platform cannot do that (`os.supports_dir_fd`), paths
are used, links are looked for, and the window between look and use stays open.
"""

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from droid.domain.errors import StaleFile

_NEEDED = {os.open, os.stat, os.mkdir, os.link, os.rename, os.unlink, os.rmdir, os.readlink, os.symlink}
_BY_DESCRIPTOR = os.supports_dir_fd >= _NEEDED
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# Only to be passed through, a folder need not be readable.
_PASS = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | _NO_LINK | os.O_CLOEXEC
_LINK_KEPT = {"follow_symlinks": False} if os.link in os.supports_follow_symlinks else {}

OnMade = Callable[[Callable[[], None]], object]
"""Told how to remove a folder that was made."""


class Folder:
    """One folder; `path` is where it was found."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self._fd = descriptor

    @classmethod
    def root(cls, path: Path) -> "Folder":
        """The folder that an absolute path begins from."""
        start = Path(path.anchor)
        return cls(start, os.open(start, _PASS) if _BY_DESCRIPTOR else None)

    def enter(self, name: str) -> "Folder":
        """A folder in this one.

        Raises:
            StaleFile: it is a symbolic link.
            OSError: as `open` would.
        """
        path = self.path / name
        if self._fd is None:
            status = self.status(name)
            if stat.S_ISLNK(status.st_mode):
                raise _is_a_link(path)
            if not stat.S_ISDIR(status.st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            return Folder(path, None)
        try:
            return Folder(path, os.open(name, _PASS, dir_fd=self._fd))
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ELOOP) and stat.S_ISLNK(self.status(name).st_mode):
                raise _is_a_link(path) from None
            raise

    def open(self, name: str, flags: int, mode: int = 0o777) -> int:
        """Open a file, but never through a symbolic link."""
        return os.open(self._at(name), flags | _NO_LINK | os.O_CLOEXEC, mode, dir_fd=self._fd)

    def status(self, name: str) -> os.stat_result:
        """Of a file, or of the link that stands there."""
        return os.stat(self._at(name), dir_fd=self._fd, follow_symlinks=False)

    def readlink(self, name: str) -> str:
        """What a symbolic link leads to."""
        return os.readlink(self._at(name), dir_fd=self._fd)

    def symlink(self, target: str, name: str) -> None:
        """Make a symbolic link."""
        os.symlink(target, self._at(name), dir_fd=self._fd)

    def is_writable(self, name: str) -> bool:
        return os.access(self._at(name), os.W_OK, dir_fd=self._fd)

    def link(self, name: str, also: str) -> None:
        """Give a file a second name."""
        os.link(self._at(name), self._at(also), src_dir_fd=self._fd, dst_dir_fd=self._fd, **_LINK_KEPT)

    def replace(self, name: str, target: str) -> None:
        """Rename a file; one that has the other name goes."""
        os.replace(self._at(name), self._at(target), src_dir_fd=self._fd, dst_dir_fd=self._fd)

    def unlink(self, name: str) -> None:
        os.unlink(self._at(name), dir_fd=self._fd)

    def mkdir(self, name: str) -> None:
        os.mkdir(self._at(name), dir_fd=self._fd)

    def rmdir(self, name: str) -> None:
        os.rmdir(self._at(name), dir_fd=self._fd)

    def is_same_as(self, other: "Folder") -> bool:
        if self._fd is None or other._fd is None:
            return self.path == other.path
        return os.path.samestat(os.fstat(self._fd), os.fstat(other._fd))

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _at(self, name: str) -> str:
        return name if self._fd is not None else str(self.path / name)


class Folders:
    """The folders of one write, each opened once."""

    def __init__(self) -> None:
        self._kept: dict[Path, Folder] = {}

    def get(self, path: Path, made: OnMade | None = None) -> Folder:
        """Open a folder.

        Args:
            made: Makes what is missing, and is told of it; None makes nothing.

        Raises:
            StaleFile: a part of the path is a symbolic link.
            OSError: as `open` would.
        """
        return self._kept.get(path) or self._keep(self._walk(path, made))

    def check_place(self, folder: Folder) -> None:
        """Make sure that an opened folder is still where it was found.

        Raises:
            StaleFile: it is not.
        """
        try:
            now = self._walk(folder.path, None)
        except OSError:
            raise StaleFile(f"{folder.path} was moved or removed meanwhile") from None
        try:
            if not now.is_same_as(folder):
                raise StaleFile(f"{folder.path} was replaced by another folder meanwhile")
        finally:
            now.close()

    def close(self) -> None:
        for folder in self._kept.values():
            folder.close()
        self._kept.clear()

    def _walk(self, path: Path, made: OnMade | None) -> Folder:
        here = Folder.root(path)
        try:
            for name in path.parts[1:]:
                try:
                    inner = here.enter(name)
                except FileNotFoundError:
                    if made is None:
                        raise
                    here = self._keep(here)
                    with suppress(FileExistsError):
                        here.mkdir(name)
                        made(partial(here.rmdir, name))
                    inner = here.enter(name)
                self._let_go(here)
                here = inner
        except BaseException:
            self._let_go(here)
            raise
        return here

    def _keep(self, folder: Folder) -> Folder:
        kept = self._kept.setdefault(folder.path, folder)
        if kept is not folder:
            folder.close()
        return kept

    def _let_go(self, folder: Folder) -> None:
        if self._kept.get(folder.path) is not folder:
            folder.close()


def _is_a_link(path: Path) -> StaleFile:
    return StaleFile(f"{path} is a symbolic link; use the path that it leads to")
