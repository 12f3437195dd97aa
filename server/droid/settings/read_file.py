"""Reads a settings file as one would read somebody else's: no pipe is waited for, no size believed."""

import errno
import os
import stat
from pathlib import Path

from droid.domain.errors import DroidError
from droid.settings.jsonc import MAX_BYTES
from droid.settings.stamps import stamp_of

_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})
_ATTEMPTS = 3


class CannotRead(DroidError):
    """A file is there and cannot be read; the message says why, without naming it."""


def read_bounded(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file: at most one more than the limit, by which a reader sees that it is over.

    A file that is written to or replaced meanwhile is read again, so that no half of it counts.

    Raises:
        FileNotFoundError: there is none.
        CannotRead: it is something else, is not to be had, or does not hold still.
    """
    try:
        for _ in range(_ATTEMPTS):
            data = _read(path, limit)
            if data is not None:
                return data
    except OSError as error:
        if error.errno in _ABSENT and not path.is_symlink():
            raise FileNotFoundError(path) from error
        raise CannotRead(f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise FileNotFoundError(path) from error
    raise CannotRead("cannot be read (it is being written)")


def _read(path: Path, limit: int) -> bytes | None:
    # Without blocking, since a repository may put a pipe in the place of a file.
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    try:
        before = os.fstat(fd)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        chunks: list[bytes] = []
        left = limit + 1
        while left and (chunk := os.read(fd, left)):
            chunks.append(chunk)
            left -= len(chunk)
        after = os.fstat(fd)
    finally:
        os.close(fd)
    return b"".join(chunks) if stamp_of(before) == stamp_of(after) else None
