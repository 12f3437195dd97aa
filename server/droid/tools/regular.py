"""Reads regular files, and nothing that could block or have an effect: pipes, sockets, devices."""

import os
import stat
from pathlib import Path

from droid.domain.errors import StaleFile, ToolFailed
from droid.tools.folders import Folder

MAX_FILE_BYTES = 64 * 1024 * 1024
NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def read_regular(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a regular file, and nothing that could block or have an effect.

    Raises:
        OSError: as `open` would.
        ToolFailed: it is no regular file, or too large.
    """
    check_regular(path, path.stat())  # before opening: opening some devices does something already
    return _read_opened(path, os.open(path, os.O_RDONLY | os.O_CLOEXEC | NO_WAIT))


def read_in(folder: Folder, path: Path) -> tuple[bytes, os.stat_result]:
    """The same for a file of an opened folder, where a link is not followed.

    Raises:
        StaleFile: it is a symbolic link.
    """
    status = folder.status(path.name)
    if stat.S_ISLNK(status.st_mode):
        raise StaleFile(f"{path} is a symbolic link; use the path that it leads to")
    check_regular(path, status)
    return _read_opened(path, folder.open(path.name, os.O_RDONLY | NO_WAIT))


def _read_opened(path: Path, descriptor: int) -> tuple[bytes, os.stat_result]:
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


def _too_large(path: Path) -> ToolFailed:
    return ToolFailed(
        f"{path} is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB; "
        "look at parts of it with Grep or Execute"
    )
