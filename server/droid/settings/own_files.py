"""Files that the program keeps for itself in the user's folder: for this user alone, replaced whole.

Every change is on the disk when it returns, or has not happened.
"""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Generator
from pathlib import Path

from droid.domain.errors import DroidError
from droid.settings.read_file import CannotRead, read_bounded

_LOCK_S = 2.0
_LOCK_PAUSE_S = 0.01
_NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


class StoreUnusable(DroidError):
    """A kept file cannot be read or written; one line with the file."""


def read_own(file: Path, limit: int) -> bytes | None:
    """The bytes of a file that only this user, or root, can have written; None where there is none.

    Raises:
        StoreUnusable: it cannot be read, or others can have written it.
    """
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise StoreUnusable(f"{file} is not a regular file")
        if status.st_uid not in (os.geteuid(), 0) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise StoreUnusable(f"{file} can be written by others")
        return read_bounded(file, limit)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except CannotRead as error:
        raise StoreUnusable(f"{file} {error}") from error
    except OSError as error:
        raise StoreUnusable(f"{file} cannot be read ({error.strerror})") from error


def replace_own(file: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a file whole, for this user alone if nothing else is said, and bring it to the disk.

    Raises:
        StoreUnusable: it cannot be written; what was there is there still.
    """
    passing = file.with_name(f".{file.name}-{os.urandom(8).hex()}.tmp")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(passing, flags, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(data)
                opened.flush()
                os.fchmod(descriptor, mode)
                os.fsync(descriptor)
            passing.replace(file)
        except BaseException:
            passing.unlink(missing_ok=True)
            raise
        folder = os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StoreUnusable(f"{file} cannot be written ({error.strerror})") from error


@contextlib.contextmanager
def locked(file: Path) -> Generator[None]:
    """While no other process changes what is kept.

    Raises:
        StoreUnusable: the lock cannot be had.
    """
    path = file.with_suffix(".lock")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        lock = os.open(path, flags, 0o600)
    except OSError as error:
        raise StoreUnusable(f"{path} cannot be written ({error.strerror})") from error
    try:
        deadline = time.monotonic() + _LOCK_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise StoreUnusable(f"{path} is held by another process") from error
                time.sleep(_LOCK_PAUSE_S)
            except OSError as error:
                if error.errno not in _NO_LOCKS_HERE:
                    raise StoreUnusable(f"{path} cannot be locked ({error.strerror})") from error
                break
        yield
    finally:
        os.close(lock)
