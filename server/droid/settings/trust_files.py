"""Reads what trust covers, file by file, and keeps what it read for as long as the file stays as it was.

A file counts as unchanged while its stamp is the same and old enough: file systems tick coarsely, and a
change within the tick of the last one would not show.
"""

import hashlib
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from droid.settings.paths import FACTORY_FOLDER
from droid.settings.stamps import Stamp, is_settled, stamp_of
from droid.settings.trust_names import TooMuchToName, commands_of, names_of, names_of_script

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 512 * 1024 * 1024
_MAX_NAMING_BYTES = 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
_NAMING_KEYS = (b'"command"', b'"args"', b'"env"', b"\\u")


class CannotCover(Exception):
    """A file cannot be part of what is trusted; the message says why, without naming it."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file as it was read.

    Attributes:
        digest: SHA-256 of its bytes, raw.
        real: Where it lies, relative to the root; another path than its own behind a link.
    """

    executable: bool
    size: int
    digest: bytes
    real: str


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: Stamp
    entry: FileEntry
    names: frozenset[str]


class FileReader:
    """The files of one root. `begin` starts a round; files that no round asks for are forgotten."""

    def __init__(self) -> None:
        self._known: dict[str, _Read] = {}
        self._kept: dict[str, _Read] = {}
        self._total = 0
        self._now_ns = 0

    def begin(self) -> None:
        """Start a round."""
        self._known, self._kept, self._total = self._kept, {}, 0
        self._now_ns = time.time_ns()

    def read(
        self, path: str, relative: str, real: str, status: os.stat_result
    ) -> tuple[FileEntry, frozenset[str]]:
        """A file, and the names in it where it is one that names files.

        Args:
            status: Of the file now, links followed.

        Raises:
            OSError: it cannot be read.
            CannotCover: it is no regular file, too large, or names too much.
        """
        read = self._known.get(relative) or self._kept.get(relative)
        if read is None or read.stamp != stamp_of(status) or read.entry.real != real:
            check_regular(status)  # before opening: opening some devices has an effect
            read, settled = self._read(path, relative, real)
        else:
            settled = True
        self._total += read.entry.size
        if self._total > MAX_TOTAL_BYTES:
            raise CannotCover(f"is what makes all files together larger than {_mib(MAX_TOTAL_BYTES)}")
        if settled:
            self._kept[relative] = read
        return read.entry, read.names

    def _read(self, path: str, relative: str, real: str) -> tuple[_Read, bool]:
        with os.fdopen(os.open(path, _READ), "rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            check_regular(before)
            digest, size, start = hashlib.sha256(), 0, b""
            wanted = _names_files(relative)
            while chunk := file.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    raise CannotCover(f"is larger than {_mib(MAX_FILE_BYTES)}")
                digest.update(chunk)
                if wanted and len(start) <= _MAX_NAMING_BYTES:
                    start += chunk
            after = os.fstat(file.fileno())
        entry = FileEntry(bool(after.st_mode & 0o111), size, digest.digest(), real)
        names = _names_in(relative, start) if wanted else frozenset[str]()
        stamp = stamp_of(after)
        return _Read(stamp, entry, names), stamp == stamp_of(before) and is_settled(after, self._now_ns)


def check_regular(status: os.stat_result) -> None:
    """Refuse what is not a file with content.

    Raises:
        CannotCover: it is a pipe, a socket or a device.
    """
    if not stat.S_ISREG(status.st_mode):
        raise CannotCover("is not a regular file (a pipe, socket or device)")


def _inner(relative: str) -> tuple[str, ...]:
    """The path below its `.factory`; empty for a file that is in none."""
    parts = Path(relative).parts
    return parts[parts.index(FACTORY_FOLDER) + 1 :] if FACTORY_FOLDER in parts else ()


def _names_files(relative: str) -> bool:
    inner = _inner(relative)
    return bool(inner) and (inner[0] == "commands" or relative.lower().endswith(".json"))


def _names_in(relative: str, data: bytes) -> frozenset[str]:
    if len(data) > _MAX_NAMING_BYTES:
        return frozenset()  # no file of settings may be as large, and no program's text is
    if relative.lower().endswith(".json"):
        if not any(key in data for key in _NAMING_KEYS):
            return frozenset()
        return _names_in_json(_parsed(data))
    return names_of_script(data.decode(errors="surrogateescape")) if data.startswith(b"#!") else frozenset()


def _names_in_json(value: Any) -> frozenset[str]:
    names: set[str] = set()
    for command in set(commands_of(value)):
        try:
            names |= names_of(command)
        except TooMuchToName:
            raise CannotCover("has a command that is too long to look for files in") from None
    return frozenset(names)


def _parsed(data: bytes) -> Any:
    """A JSON file's value; None where it is malformed, and so used by nobody."""
    from droid.settings import jsonc

    try:
        return jsonc.parse(data).value
    except jsonc.MalformedJson:
        return None


def _mib(size: int) -> str:
    return f"{size // 1024 // 1024} MiB"
