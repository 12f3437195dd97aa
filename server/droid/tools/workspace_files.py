"""Reads one file of a workspace for a checkpoint: as it is at one moment, and never through a link."""

import hashlib
import os
import stat
from contextlib import closing
from pathlib import Path

from droid.domain.errors import StaleFile
from droid.domain.files import digest_of
from droid.domain.snapshots import FoundFile, Stamp
from droid.tools.folders import Folder, Folders
from droid.tools.regular import MAX_FILE_BYTES, NO_WAIT

_CHUNK_BYTES = 1024 * 1024


class Changing(Exception):
    """A file is written while it is read, or is something else by now."""


def stamp_of(status: os.stat_result) -> Stamp:
    """What tells whether a file is still the same."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_mode,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def read_at_rest(folder: Folder, name: str, expected: Stamp, most: int) -> tuple[str, bytes | None]:
    """The digest of a regular file, and its content where it has at most so many bytes.

    Raises:
        Changing: it is not what `expected` says, before or after it was read.
        OSError: as `open` would.
    """
    descriptor = folder.open(name, os.O_RDONLY | NO_WAIT)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123  a descriptor has no path
        if stamp_of(os.fstat(descriptor)) != expected or not stat.S_ISREG(expected[2]):
            raise Changing
        chunks: list[bytes] = []
        digest, size = hashlib.sha256(), 0
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            if size > max(most, expected[3]):
                raise Changing
            if size <= most:
                chunks.append(chunk)
        if stamp_of(os.fstat(descriptor)) != expected:
            raise Changing
    return digest.hexdigest(), b"".join(chunks) if size <= most else None


def look_at(path: Path) -> FoundFile | None:
    """What is at a path, links not followed.

    A folder, a pipe, a file that is too large or cannot be read: something without a digest.
    """
    try:
        with closing(Folders()) as folders:
            folder = folders.get(path.parent)
            status = folder.status(path.name)
            if stat.S_ISLNK(status.st_mode):
                target = os.fsencode(folder.readlink(path.name))
                return FoundFile(digest=digest_of(target), data=target, link=True)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
                return FoundFile(digest=None)
            digest, data = read_at_rest(folder, path.name, stamp_of(status), MAX_FILE_BYTES)
            return FoundFile(digest=digest, data=data, mode=stat.S_IMODE(status.st_mode))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, StaleFile, Changing, ValueError):
        return FoundFile(digest=None)
