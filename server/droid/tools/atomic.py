"""Several file changes, all or none.

Each new content is written beside its target and flushed to the disk first; only when all are there
does the first one take its place, by a rename, which nobody can see half done. What was there before
stays reachable by a second name until the last change is made, so that taking changes back needs no
space and cannot fail where making them did not. A process that is killed in between leaves whole
files, old or new, never a mixture.

No symbolic link is followed: paths were judged as they are, so what stands behind a link that has appeared
since was not. Where a change says so, a link itself is made, replaced or taken away.

Everything here blocks; `tools.files` calls it from a thread.
"""

import logging
import os
import stat
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileWrite, digest_of
from droid.tools.folders import Folder, Folders
from droid.tools.regular import NO_WAIT, read_in

logger = logging.getLogger(__name__)

_CHUNK_BYTES = 1024 * 1024
# Two sessions of this process must not both find a file unchanged and then both replace it.
_committing = threading.Lock()


class Stopped(Exception):
    """The caller gave up before the first change was made."""


def apply(changes: Sequence[FileWrite], stop: threading.Event) -> None:
    """Make all the changes or none; `stop` is heeded until the first change is made.

    Raises:
        StaleFile: a file is not as `before` says.
        ToolFailed: the disk refused.
        Stopped: `stop` was set in time.
    """
    lost: list[Path] = []
    try:
        # Left from the last to the first: take changes back, drop passing names, drop new folders.
        with closing(Folders()) as opened, ExitStack() as made, ExitStack() as passing, ExitStack() as undo:
            steps = [_Step(change, opened, made, passing, undo, lost) for change in changes]
            if len({step.path for step in steps}) < len(steps):
                raise ToolFailed("one file is changed twice in one go")
            for step in steps:
                step.stage(stop)
            with _committing:
                _raise_if(stop)
                for step in steps:
                    step.commit(keep_old=len(steps) > 1)
            undo.pop_all()
            made.pop_all()
    except StaleFile:
        if not lost:
            raise
        raise _not_taken_back("a file changed meanwhile", lost) from None
    except ToolFailed as error:
        if not lost:
            raise ToolFailed(f"{error}; nothing was changed") from error.__cause__
        raise _not_taken_back(str(error), lost) from error


class _Step:
    """One change on its way to the disk.

    `opened` are the folders that the changes are in. `passing` drops the names that exist for the time of
    the change only; `undo` takes back what was done, and `made` the folders that were made, unless both
    are emptied in the end. What `undo` could not take back is put into `lost`.
    """

    def __init__(
        self,
        change: FileWrite,
        opened: Folders,
        made: ExitStack,
        passing: ExitStack,
        undo: ExitStack,
        lost: list[Path],
    ) -> None:
        if not change.path.is_absolute() or ".." in change.path.parts:
            raise ValueError(f"not an absolute path: {change.path}")
        self.change = change
        self.path = change.path
        self.name = change.path.name
        self.opened = opened
        self.made = made
        self.passing = passing
        self.undo = undo
        self.lost = lost
        self.folder: Folder | None = None
        self.staged: str | None = None

    def stage(self, stop: threading.Event) -> None:
        with _explained(self.path):
            status = self._find()
            if self.change.data is not None:
                self.folder = folder = self.opened.get(
                    self.path.parent, lambda remove: self.made.callback(_quietly, remove)
                )
                if self.change.link:
                    self.staged = self._link_beside(folder, self.change.data)
                    return
                old = None if self.change.before_link else status
                if old is not None and not self.change.set_mode and not folder.is_writable(self.name):
                    raise ToolFailed(f"{self.path} is read-only; change its mode first")
                self.staged = self._write_beside(folder, self.change.data, old, stop)

    def commit(self, *, keep_old: bool) -> None:
        with _explained(self.path):
            if self.folder is None:
                self._find()  # no file is there, and none is wanted
                return
            status = self._check(self.folder)
            self.opened.check_place(self.folder)
            if status is None:
                self._create(self.folder)
                return
            if keep_old:
                self._keep_old(self.folder)
            # This is as close to the rename as it gets.
            if _identity(self.folder.status(self.name)) != _identity(status):
                raise self._changed()
            if self.staged is not None:
                self.folder.replace(self.staged, self.name)
            else:
                self.folder.unlink(self.name)

    def _find(self) -> os.stat_result | None:
        """Open the folder, where there is one, and compare."""
        try:
            self.folder = self.opened.get(self.path.parent)
        except FileNotFoundError:
            if self.change.before is not None:
                raise self._deleted() from None
            return None
        return self._check(self.folder)

    def _check(self, folder: Folder) -> os.stat_result | None:
        """Compare the disk with what the change is based on."""
        try:
            data, status = self._now(folder)
        except FileNotFoundError:
            if self.change.before is not None:
                raise self._deleted() from None
            return None
        if self.change.before is None:
            raise StaleFile(f"{self.path} exists already")
        if digest_of(data) != self.change.before:
            raise self._changed()
        return status

    def _now(self, folder: Folder) -> tuple[bytes, os.stat_result]:
        if self.change.before_link:
            status = folder.status(self.name)
            if not stat.S_ISLNK(status.st_mode):
                raise self._changed()
            return os.fsencode(folder.readlink(self.name)), status
        return read_in(folder, self.path)

    def _changed(self) -> StaleFile:
        return StaleFile(f"{self.path} changed since it was read; read it again")

    def _deleted(self) -> StaleFile:
        return StaleFile(f"{self.path} was deleted since it was read")

    def _write_beside(
        self, folder: Folder, data: bytes, old: os.stat_result | None, stop: threading.Event
    ) -> str:
        staged = _passing_name()
        # A new file gets what the umask leaves; one that replaces another starts out private, and
        # is opened up only when its owner is right.
        descriptor = folder.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if old else 0o666)
        self.passing.callback(_quietly, lambda: _drop(folder, staged))
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            for start in range(0, len(data), _CHUNK_BYTES):
                _raise_if(stop)
                chunk = memoryview(data)[start : start + _CHUNK_BYTES]
                while chunk:
                    chunk = chunk[file.write(chunk) :]
            if old is not None:
                with open(folder.open(self.name, os.O_RDONLY | NO_WAIT), "rb") as predecessor:  # noqa: PTH123
                    _copy_status(predecessor.fileno(), old, descriptor)
            if self.change.mode is not None and (old is None or self.change.set_mode):
                os.fchmod(descriptor, self.change.mode)
            os.fsync(descriptor)
        return staged

    def _link_beside(self, folder: Folder, target: bytes) -> str:
        staged = _passing_name()
        folder.symlink(os.fsdecode(target), staged)
        self.passing.callback(_quietly, lambda: _drop(folder, staged))
        return staged

    def _create(self, folder: Folder) -> None:
        if self.staged is None:
            return  # no file is there, and none is wanted
        try:
            folder.link(self.staged, self.name)  # unlike a rename, this never replaces a file
        except FileExistsError:
            raise StaleFile(f"{self.path} exists already") from None
        except OSError:  # a file system without hard links
            with suppress(FileNotFoundError):
                folder.status(self.name)
                raise StaleFile(f"{self.path} exists already") from None
            folder.replace(self.staged, self.name)
        self.undo.callback(self._taking_back, lambda: folder.unlink(self.name))

    def _keep_old(self, folder: Folder) -> None:
        """Give the old file a second name, or, where there are no such names, remember its content."""
        kept = _passing_name()
        try:
            folder.link(self.name, kept)
        except OSError:
            data, status = self._now(folder)
            self.undo.callback(self._taking_back, lambda: self._rewrite(folder, data, status))
        else:
            self.passing.callback(_quietly, lambda: _drop(folder, kept))
            self.undo.callback(self._taking_back, lambda: folder.replace(kept, self.name))

    def _rewrite(self, folder: Folder, data: bytes, status: os.stat_result) -> None:
        if stat.S_ISLNK(status.st_mode):
            _drop(folder, self.name)
            folder.symlink(os.fsdecode(data), self.name)
            return
        descriptor = folder.open(self.name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(descriptor, stat.S_IMODE(status.st_mode))

    def _taking_back(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            # Raised on, this would hide why changes are being taken back at all.
            logger.error("could not take back a file change", extra={"errno": error.errno})
            self.lost.append(self.path)


def _passing_name() -> str:
    return f".droid-{os.urandom(8).hex()}.tmp"


def _drop(folder: Folder, name: str) -> None:
    with suppress(FileNotFoundError):
        folder.unlink(name)


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _copy_status(predecessor: int, old: os.stat_result, descriptor: int) -> None:
    """Give a new file its predecessor's owner, access lists and mode, as far as that is allowed."""
    mode = stat.S_IMODE(old.st_mode)
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except OSError:
            # The program's rights must not pass to another owner: no set-user-id, no set-group-id.
            mode &= 0o1777
            with suppress(OSError):
                os.fchown(descriptor, -1, old.st_gid)
    os.fchmod(descriptor, mode)
    if hasattr(os, "listxattr"):
        names: list[str] = []
        with suppress(OSError):  # the file system has none
            names = os.listxattr(predecessor)
        for name in names:
            with suppress(OSError):  # not ours to set
                os.setxattr(descriptor, name, os.getxattr(predecessor, name))


@contextmanager
def _explained(path: Path) -> Generator[None]:
    """Turn what the operating system says into a line with a path."""
    try:
        yield
    except IsADirectoryError:
        raise ToolFailed(f"{path} is a folder") from None
    except (FileExistsError, NotADirectoryError) as error:
        raise ToolFailed(f"cannot write {path}: a part of its path is a file, not a folder") from error
    except OSError as error:
        raise ToolFailed(f"cannot write {path}: {error.strerror or error}") from error


def _quietly(action: Callable[[], object]) -> None:
    """Tidy up: what resists (a folder that somebody else uses by now) does not change the outcome."""
    try:
        action()
    except OSError as error:
        logger.info("could not tidy up after a file change", extra={"errno": error.errno})


def _raise_if(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopped


def _not_taken_back(reason: str, lost: Sequence[Path]) -> ToolFailed:
    return ToolFailed(f"{reason}; changes that could not be taken back: {', '.join(map(str, lost))}")
