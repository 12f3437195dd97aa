"""The writer of one transcript.

It appends, and never rewrites: what was acknowledged stays, whatever happens to this process. The file
itself is locked for the writer's life (`flock`), so the lock leaves nothing behind and ends with the
process, even when that is killed. A record that could not be written whole is cut off again, so that the
next one begins on a line of its own; one that was cut off by a crash is repaired when the log is opened.
A record is with the operating system when `append` returns; only `sync` waits for the disk.
"""

import asyncio
import errno
import fcntl
import logging
import os
import time
from pathlib import Path

from droid.domain.errors import LogWriteFailed, SessionLocked, SessionNotFound
from droid.domain.events import Record, TextDelta, ThinkingDelta, ToolOutputDelta
from droid.sessions import codec
from droid.sessions.deltas import HeldDeltas
from droid.sessions.reader import is_whole, split_tail

logger = logging.getLogger(__name__)

_OPEN = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
_LOCK_ATTEMPTS = 5
_LOCK_PAUSE_S = 0.01
_NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


class SessionLog:
    """One session's transcript, open for writing by this process alone (`domain.ports.EventLog`)."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd: int | None = fd
        self._held = HeldDeltas()
        self._cut_to: int | None = None
        """Where the whole lines end, while a half-written one could not be cut off."""
        self._entered = False
        """The file's name is known to outlive a loss of power too."""

    @classmethod
    def create(cls, path: Path) -> "SessionLog":
        """Begin a transcript in a private folder that exists.

        Raises:
            LogWriteFailed: there is one already, or the file cannot be made.
        """
        try:
            fd = os.open(path, _OPEN | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise LogWriteFailed(f"cannot create the transcript {path}: {_reason(error)}") from error
        _lock(fd, path)
        return cls(path, fd)

    @classmethod
    def open(cls, path: Path) -> "SessionLog":
        """Go on with a transcript; a line that a crash left half-written is cut off.

        Raises:
            SessionNotFound: there is none.
            SessionLocked: another process writes it.
            LogWriteFailed: it cannot be opened for writing.
        """
        try:
            fd = os.open(path, _OPEN)
        except FileNotFoundError as error:
            raise SessionNotFound(f"no transcript at {path}") from error
        except OSError as error:
            raise LogWriteFailed(f"cannot open the transcript {path}: {_reason(error)}") from error
        _lock(fd, path)
        log = cls(path, fd)
        try:
            log._repair()
        except OSError as error:
            os.close(fd)
            raise LogWriteFailed(f"cannot repair the transcript {path}: {_reason(error)}") from error
        except BaseException:
            os.close(fd)
            raise
        return log

    def append(self, record: Record) -> None:
        """Write a record; it is with the operating system when this returns.

        Text and thinking are held back for a short while and joined; output of tools is not stored.

        Raises:
            LogWriteFailed: the record is not stored.
        """
        event = record.event
        if isinstance(event, ToolOutputDelta):
            return
        if isinstance(event, TextDelta | ThinkingDelta):
            self._hold(record, event)
            return
        lines = _encode(record)
        held = self._held.joined
        self._write(_encode(held) + lines if held else lines)
        self._held.clear()

    async def sync(self) -> None:
        """Wait, in a thread, until what was appended so far outlives a loss of power.

        Raises:
            LogWriteFailed: the disk says that it may not.
        """
        if self._fd is None:
            return
        self._flush()
        # A descriptor of its own: the log may be closed before the disk has answered.
        fd = os.dup(self._fd)
        try:
            await asyncio.shield(asyncio.to_thread(_sync, fd, None if self._entered else self.path.parent))
        except OSError as error:
            raise LogWriteFailed(f"cannot sync the transcript {self.path}: {_reason(error)}") from error
        self._entered = True

    def close(self) -> None:
        """Write what was held back and let other processes write the session.

        Raises:
            LogWriteFailed: what was held back is not stored; the log is closed all the same.
        """
        if self._fd is None:
            return
        try:
            self._flush()
        finally:
            os.close(self._fd)
            self._fd = None

    def _hold(self, record: Record, event: TextDelta | ThinkingDelta) -> None:
        if not self._held.joins(record):
            self._flush()
        self._held.add(record, event)
        if self._held.is_due(record.at):
            try:
                self._flush()
            except LogWriteFailed:
                self._held.take_back()
                raise

    def _flush(self) -> None:
        held = self._held.joined
        if held is not None:
            self._write(_encode(held))
            self._held.clear()

    def _write(self, data: bytes) -> None:
        """Append whole lines, or nothing."""
        if self._fd is None:
            raise LogWriteFailed(f"the transcript {self.path} is closed")
        try:
            if self._cut_to is not None:
                os.ftruncate(self._fd, self._cut_to)
                self._cut_to = None
            before = os.fstat(self._fd)
            if before.st_nlink == 0:
                raise LogWriteFailed(f"the transcript {self.path} was deleted while the session was open")
        except OSError as error:
            raise LogWriteFailed(f"cannot write the transcript {self.path}: {_reason(error)}") from error
        try:
            written = os.write(self._fd, data)
            while written < len(data):
                more = os.write(self._fd, data[written:])
                if more == 0:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                written += more
        except OSError as error:
            self._cut_back(before.st_size)
            raise LogWriteFailed(f"cannot write the transcript {self.path}: {_reason(error)}") from error

    def _cut_back(self, size: int) -> None:
        assert self._fd is not None  # noqa: S101  the caller has just used it
        try:
            os.ftruncate(self._fd, size)
        except OSError:
            self._cut_to = size

    def _repair(self) -> None:
        assert self._fd is not None  # noqa: S101  the log has just been opened
        whole, tail = split_tail(self._fd)
        if not tail:
            return
        line = tail.rstrip(b"\0")
        if is_whole(line):
            # Only its newline is missing.
            os.ftruncate(self._fd, whole + len(line))
            os.write(self._fd, b"\n")
            return
        os.ftruncate(self._fd, whole)
        logger.info("cut a torn line off a transcript", extra={"path": str(self.path), "bytes": len(tail)})


def _sync(fd: int, folder: Path | None) -> None:
    """Sync an open file, which is closed, and the folder that it is in."""
    try:
        getattr(os, "fdatasync", os.fsync)(fd)
    finally:
        os.close(fd)
    if folder is not None:
        fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def is_locked(path: Path) -> bool:
    """Whether some process writes this transcript now."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(fd)
    return False


def _lock(fd: int, path: Path) -> None:
    """Take the lock of an open transcript; on failure the file is closed."""
    try:
        for attempt in range(_LOCK_ATTEMPTS):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if attempt == _LOCK_ATTEMPTS - 1:
                    raise
                # Somebody who only asks whether it is locked holds it for an instant.
                time.sleep(_LOCK_PAUSE_S)
            else:
                break
        if os.fstat(fd).st_nlink == 0:
            raise SessionNotFound(f"the transcript {path} has just been deleted")
    except BlockingIOError as error:
        os.close(fd)
        raise SessionLocked(
            f"session {path.stem} is open in another process; close it there, or fork it"
        ) from error
    except OSError as error:
        os.close(fd)
        mend = "; put FACTORY_HOME on a local disk" if error.errno in _NO_LOCKS_HERE else ""
        raise LogWriteFailed(f"cannot lock the transcript {path}: {_reason(error)}{mend}") from error
    except SessionNotFound:
        os.close(fd)
        raise


def _encode(record: Record) -> bytes:
    try:
        return codec.encode(record)
    except (TypeError, ValueError, RecursionError) as error:
        raise LogWriteFailed(f"a {record.event.type} event cannot be stored: {error}") from error


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
