"""Reading what a command writes, at a pace that leaves the event loop to others.

The first reads follow each other at once, so that a short command costs nothing. Whoever writes more
is read a few hundred times a second, in larger pieces: a flood then waits in its pipe, where it slows
down its writer, and neither memory nor the loop is taken by it.
"""

import asyncio
import os
from collections.abc import Callable

_FREE_READS = 8
_PAUSE_S = 0.002
_READ_BYTES = 1 << 16
_FLOOD_READ_BYTES = 1 << 18
_PIPE_BYTES = 1 << 20
_LAST_BYTES = 1 << 22


class OutputReader:
    """Hands on what arrives in a pipe, in pieces, until it is told that no more is wanted.

    Attributes:
        seen_bytes: How much was read so far.
    """

    def __init__(self, fd: int, sink: Callable[[bytes], None]) -> None:
        self.seen_bytes = 0
        self._fd = fd
        self._sink = sink
        self._reads = 0
        self._loop = asyncio.get_running_loop()
        self._pause: asyncio.TimerHandle | None = None
        os.set_blocking(fd, False)
        self._loop.add_reader(fd, self._ready)

    def finish(self) -> None:
        """Take what is still there (no more than a full pipe) and close it."""
        if self._fd < 0:
            return
        last = 0
        while last < _LAST_BYTES and (data := self._read(_FLOOD_READ_BYTES)):
            last += len(data)
            self._hand_on(data)
        self._stop()
        os.close(self._fd)
        self._fd = -1

    def _ready(self) -> None:
        self._reads += 1
        data = self._read(_READ_BYTES if self._reads <= _FREE_READS else _FLOOD_READ_BYTES)
        if data is None:
            return
        if not data:
            self._stop()
            return
        if self._reads == _FREE_READS:
            _widen(self._fd)
        if self._reads > _FREE_READS:
            self._loop.remove_reader(self._fd)
            self._pause = self._loop.call_later(_PAUSE_S, self._resume)
        self._hand_on(data)

    def _resume(self) -> None:
        self._pause = None
        self._loop.add_reader(self._fd, self._ready)

    def _read(self, size: int) -> bytes | None:
        """What is there; empty at the end, None where there is nothing yet."""
        try:
            return os.read(self._fd, size)
        except BlockingIOError:
            return None

    def _hand_on(self, data: bytes) -> None:
        self.seen_bytes += len(data)
        self._sink(data)

    def _stop(self) -> None:
        self._loop.remove_reader(self._fd)
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None


class Tail:
    """The last bytes of a stream, up to a bound."""

    def __init__(self, bound_bytes: int) -> None:
        self._bound = bound_bytes
        self._held = bytearray()

    def append(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > 2 * self._bound:
            del self._held[: -self._bound]

    @property
    def value(self) -> bytes:
        return bytes(self._held[-self._bound :])


def _widen(fd: int) -> None:
    """Let a writer of much run ahead further; where that is not to be had it just waits more often."""
    try:
        import fcntl
    except ImportError:
        return
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if command is not None:
        try:
            fcntl.fcntl(fd, command, _PIPE_BYTES)
        except OSError:
            pass  # the user's share of pipe memory is used up
