"""What a person has trusted: `trust.json` in the user's `.factory` folder.

The store is never part of what it speaks of: no link is followed to it, it must be this user's alone, and a
user's folder that lies in the repository counts for nothing there. A store that cannot be read trusts
nothing. It is replaced whole, under a lock, so that two processes lose nothing of each other.
"""

import contextlib
import errno
import fcntl
import json
import os
import re
import stat
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from droid.domain.errors import SettingsError
from droid.settings.stamps import Stamp, stamp_of

STORE_FILE = "trust.json"
SHA256 = re.compile(r"[0-9a-f]{64}")
_VERSION = 1
_MAX_BYTES = 4 * 1024 * 1024
_LOCK_S = 5.0
_LOCK_PAUSE_S = 0.01
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | os.O_CLOEXEC | _NO_LINK | getattr(os, "O_NONBLOCK", 0)
_NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


class TrustStoreError(SettingsError):
    """The store cannot be used, so nothing is trusted; one line with file and mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """What was trusted of one git root.

    Attributes:
        when: ISO 8601, UTC.
        surface: Where the person said so: `cli` or `lsp`.
    """

    root: Path
    sha256: str
    when: str
    surface: str


class TrustStore:
    """The store of one user; reading it again costs a `stat` while it stays as it is."""

    def __init__(self, home: Path) -> None:
        self.file = home / STORE_FILE
        self._known: tuple[Stamp, Mapping[Path, Trusted]] | None = None

    def all(self) -> tuple[Trusted, ...]:
        """Everything that was trusted, by path.

        Raises:
            TrustStoreError: it cannot be read.
        """
        read = self._read()
        return tuple(read[root] for root in sorted(read))

    def get(self, root: Path) -> Trusted | None:
        """What was trusted of a git root.

        Args:
            root: Real.

        Raises:
            TrustStoreError: the store cannot be read, or lies in that root.
        """
        self._refuse_inside(root)
        return self._read().get(root)

    def trust(self, root: Path, sha256: str, surface: str) -> Trusted:
        """Remember what a person has trusted; it is on the disk when this returns.

        Raises:
            TrustStoreError: it cannot be read or written, or lies in that root.
        """
        self._refuse_inside(root)
        if not SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in hex")
        when = datetime.now(UTC).isoformat(timespec="seconds")
        entry = Trusted(root=root, sha256=sha256, when=when, surface=surface)
        with self._changing() as (known, write):
            write([*(other for other in known.values() if other.root != root), entry])
        return entry

    def revoke(self, root: Path) -> bool:
        """Forget a git root; False where it was not trusted.

        Raises:
            TrustStoreError: it cannot be read or written.
        """
        if not self.file.parent.exists():
            return False
        with self._changing() as (known, write):
            if root not in known:
                return False
            write(other for other in known.values() if other.root != root)
        return True

    def _refuse_inside(self, root: Path) -> None:
        if Path(os.path.realpath(self.file.parent)).is_relative_to(root):
            raise TrustStoreError(
                f"{self.file} lies in the repository that it would speak of, so it trusts nothing there; "
                "set FACTORY_HOME to a folder outside"
            )

    def _read(self) -> Mapping[Path, Trusted]:
        try:
            stamp = stamp_of(os.lstat(self.file))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise self._unusable(f"cannot be read ({error.strerror})") from error
        if self._known is None or self._known[0] != stamp:
            self._known = self._load()
        return self._known[1]

    def _load(self) -> tuple[Stamp, Mapping[Path, Trusted]]:
        try:
            descriptor = os.open(self.file, _READ)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise self._unusable("is a symbolic link") from error
            raise self._unusable(f"cannot be read ({error.strerror})") from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise self._unusable("is not a regular file")
            if status.st_uid not in (os.geteuid(), 0):
                raise self._unusable("belongs to another user")
            if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise self._unusable("can be written by others", mend="chmod 600 it after a look at it")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(_MAX_BYTES + 1)
        except OSError as error:
            raise self._unusable(f"cannot be read ({error.strerror})") from error
        finally:
            os.close(descriptor)
        try:
            return stamp_of(status), _entries(data)
        except (ValueError, RecursionError) as error:
            raise self._unusable("is malformed") from error

    def _unusable(self, why: str, mend: str = "mend or delete it, then trust again") -> TrustStoreError:
        return TrustStoreError(f"{self.file} {why}, so nothing is trusted; {mend}")

    @contextlib.contextmanager
    def _changing(self) -> Generator[tuple[Mapping[Path, Trusted], Callable[[Iterable[Trusted]], None]]]:
        """The entries, and how to replace them, while no other process does."""
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = os.open(self.file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            with self._locked(folder):
                self._known = None  # what another process wrote within the tick of a clock counts too
                yield self._read(), lambda entries: self._replace(folder, entries)
        finally:
            os.close(folder)

    @contextlib.contextmanager
    def _locked(self, folder: int) -> Generator[None]:
        """On a file of its own: the store itself is replaced, and the folder is locked for other ends."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | _NO_LINK
        try:
            lock = os.open(f"{STORE_FILE}.lock", flags, 0o600, dir_fd=folder)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            self._wait_for(lock)
            yield
        finally:
            os.close(lock)

    def _wait_for(self, lock: int) -> None:
        deadline = time.monotonic() + _LOCK_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise self._unwritable(error) from error
                time.sleep(_LOCK_PAUSE_S)
            except OSError as error:
                if error.errno not in _NO_LOCKS_HERE:
                    raise self._unwritable(error) from error
                return

    def _replace(self, folder: int, entries: Iterable[Trusted]) -> None:
        roots = {
            str(entry.root): {"sha256": entry.sha256, "when": entry.when, "surface": entry.surface}
            for entry in sorted(entries, key=lambda entry: entry.root)
        }
        data = json.dumps({"version": _VERSION, "roots": roots}, indent=2).encode() + b"\n"
        passing = f".{STORE_FILE}-{os.urandom(8).hex()}.tmp"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | _NO_LINK
            descriptor = os.open(passing, flags, 0o600, dir_fd=folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(descriptor)
                os.replace(passing, STORE_FILE, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(passing, dir_fd=folder)
                raise
            os.fsync(folder)
        except OSError as error:
            raise self._unwritable(error) from error
        self._known = None

    def _unwritable(self, error: OSError) -> TrustStoreError:
        return TrustStoreError(
            f"{self.file} cannot be written ({error.strerror or error}); nothing was changed"
        )


def _entries(data: bytes) -> dict[Path, Trusted]:
    """The entries of a store's bytes.

    Raises:
        ValueError: they are malformed; then none of them counts.
    """
    if len(data) > _MAX_BYTES:
        raise ValueError("too large")
    document = json.loads(data, object_pairs_hook=_members)
    top = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    roots = top.get("roots")
    if top.get("version") != _VERSION or not isinstance(roots, dict):
        raise ValueError("not a store of this version")
    entries: dict[Path, Trusted] = {}
    for name, members in cast("dict[str, Any]", roots).items():
        if not name.startswith("/") or not isinstance(members, dict):
            raise ValueError("not an entry")
        facts = cast("dict[str, Any]", members)
        texts = [facts.get(key) for key in ("sha256", "when", "surface")]
        if not all(isinstance(text, str) for text in texts) or not SHA256.fullmatch(texts[0] or ""):
            raise ValueError("not an entry")
        sha256, when, surface = cast("list[str]", texts)
        entries[Path(name)] = Trusted(root=Path(name), sha256=sha256, when=when, surface=surface)
    return entries


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key is given twice")
    return members
