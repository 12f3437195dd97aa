"""Several file changes, all or none.

Each new content is written beside its target and flushed to the disk first; only when all are there
does the first one take its place, by a rename, which nobody can see half done. What was there before
stays reachable by a second name until the last change is made, so that taking changes back needs no
space and cannot fail where making them did not. A process that is killed in between leaves whole
files, old or new, never a mixture.

Everything here blocks; `tools.files` calls it from a thread.
"""

import logging
import os
import stat
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileWrite, digest_of

logger = logging.getLogger(__name__)

MAX_FILE_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
# Two sessions of this process must not both find a file unchanged and then both replace it.
_committing = threading.Lock()


class Stopped(Exception):
    """The caller gave up before the first change was made."""


def read_regular(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a regular file, and nothing that could block or have an effect.

    Raises:
        OSError: as `open` would.
        ToolFailed: it is no regular file, or too large.
    """
    check_regular(path, path.stat())  # before opening: opening some devices does something already
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        check_regular(path, status)
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(path)
    return data, status


def check_regular(path: Path, status: os.stat_result) -> None:
    """Refuse what is not a file with content.

    Raises:
        IsADirectoryError, ToolFailed: what it is instead.
    """
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(f"{path} is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise ToolFailed(f"{path} is not a regular file (a pipe, socket or device)")
    if status.st_size > MAX_FILE_BYTES:
        raise _too_large(path)


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
        with ExitStack() as folders, ExitStack() as passing, ExitStack() as undo:
            steps = [_Step(change, folders, passing, undo, lost) for change in changes]
            if len({step.path for step in steps}) < len(steps):
                raise ToolFailed("one file is changed twice in one go")
            for step in steps:
                step.stage(stop)
            with _committing:
                _raise_if(stop)
                for step in steps:
                    step.commit(keep_old=len(steps) > 1)
            undo.pop_all()
            folders.pop_all()
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

    `passing` drops the names that exist for the time of the change only; `undo` takes back what was
    done, and `folders` the folders that were made, unless both are emptied in the end. What `undo`
    could not take back is put into `lost`.
    """

    def __init__(
        self,
        change: FileWrite,
        folders: ExitStack,
        passing: ExitStack,
        undo: ExitStack,
        lost: list[Path],
    ) -> None:
        if not change.path.is_absolute():
            raise ValueError(f"not an absolute path: {change.path}")
        if change.data is None and os.path.islink(change.path):  # noqa: PTH114 - never raises
            raise ToolFailed(f"{change.path} is a symbolic link; only the file it points to can be deleted")
        self.change = change
        self.path = Path(os.path.realpath(change.path))
        self.folders = folders
        self.passing = passing
        self.undo = undo
        self.lost = lost
        self.staged: Path | None = None

    def stage(self, stop: threading.Event) -> None:
        with _explained(self.change.path):
            status = self._check()
            if self.change.data is not None:
                if status is not None and not os.access(self.path, os.W_OK):
                    raise ToolFailed(f"{self.change.path} is read-only; change its mode first")
                self._make_parents()
                self.staged = self._write_beside(self.change.data, status, stop)

    def commit(self, *, keep_old: bool) -> None:
        with _explained(self.change.path):
            self._check()  # again: this is as close to the rename as it gets
            if self.change.before is None:
                self._create()
            else:
                if keep_old:
                    self._keep_old()
                if self.staged is not None:
                    self.staged.replace(self.path)
                else:
                    self.path.unlink()

    def _check(self) -> os.stat_result | None:
        """Compare the disk with what the change is based on."""
        try:
            data, status = read_regular(self.path)
        except FileNotFoundError:
            if self.change.before is not None:
                raise StaleFile(f"{self.change.path} was deleted since it was read") from None
            return None
        if self.change.before is None:
            raise StaleFile(f"{self.change.path} exists already")
        if digest_of(data) != self.change.before:
            raise StaleFile(f"{self.change.path} changed since it was read; read it again")
        return status

    def _make_parents(self) -> None:
        missing = [folder for folder in self.path.parents if not folder.exists()]
        for folder in reversed(missing):
            with suppress(FileExistsError):
                folder.mkdir()
                self.folders.callback(_quietly, folder.rmdir)

    def _beside(self) -> Path:
        return self.path.with_name(f".droid-{os.urandom(8).hex()}.tmp")

    def _write_beside(self, data: bytes, old: os.stat_result | None, stop: threading.Event) -> Path:
        staged = self._beside()
        # A new file gets what the umask leaves; one that replaces another starts out private, and
        # is opened up only when its owner is right.
        descriptor = os.open(
            staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600 if old else 0o666
        )
        self.passing.callback(_quietly, lambda: staged.unlink(missing_ok=True))
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            for start in range(0, len(data), _CHUNK_BYTES):
                _raise_if(stop)
                chunk = memoryview(data)[start : start + _CHUNK_BYTES]
                while chunk:
                    chunk = chunk[file.write(chunk) :]
            if old is not None:
                _copy_status(self.path, old, descriptor)
            elif self.change.mode is not None:
                os.fchmod(descriptor, self.change.mode)
            os.fsync(descriptor)
        return staged

    def _create(self) -> None:
        if self.staged is None:
            return  # no file is there, and none is wanted
        try:
            os.link(self.staged, self.path)  # unlike a rename, this never replaces a file
        except FileExistsError:
            raise StaleFile(f"{self.change.path} exists already") from None
        except OSError:  # a file system without hard links
            if os.path.lexists(self.path):
                raise StaleFile(f"{self.change.path} exists already") from None
            self.staged.replace(self.path)
        self.undo.callback(self._taking_back, self.path.unlink)

    def _keep_old(self) -> None:
        """Give the old file a second name, or, where there are no such names, remember its content."""
        kept = self._beside()
        try:
            os.link(self.path, kept)
        except OSError:
            data, status = read_regular(self.path)
            self.undo.callback(self._taking_back, lambda: self._rewrite(data, status))
        else:
            self.passing.callback(_quietly, lambda: kept.unlink(missing_ok=True))
            self.undo.callback(self._taking_back, lambda: kept.replace(self.path))

    def _rewrite(self, data: bytes, status: os.stat_result) -> None:
        self.path.write_bytes(data)
        self.path.chmod(stat.S_IMODE(status.st_mode))

    def _taking_back(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            # Raised on, this would hide why changes are being taken back at all.
            logger.error("could not take back a file change", extra={"errno": error.errno})
            self.lost.append(self.change.path)


def _copy_status(path: Path, old: os.stat_result, descriptor: int) -> None:
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
            names = os.listxattr(path)
        for name in names:
            with suppress(OSError):  # not ours to set
                os.setxattr(descriptor, name, os.getxattr(path, name))


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


def _too_large(path: Path) -> ToolFailed:
    return ToolFailed(
        f"{path} is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB; "
        "look at parts of it with Grep or Execute"
    )
