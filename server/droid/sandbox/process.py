"""One command that was started, from the server's side."""

import asyncio
import errno
import logging
import os
import signal
from collections.abc import Callable, Sequence

from droid.domain.errors import ToolFailed
from droid.domain.processes import ProcessRequest, ProcessResult
from droid.sandbox import warden
from droid.sandbox.link import Keeper
from droid.sandbox.output import OutputReader, Tail

logger = logging.getLogger(__name__)

TAIL_BYTES = 1 << 20
_STOP_S = warden.GRACE_S + warden.GIVE_UP_S + 1.0
_SWEEPS = 20


class WardenProcess:
    """A `RunningProcess` that a keeper runs. Its state changes only in callbacks of the event loop.

    Attributes:
        keeper: The keeper, once it has the whole request.

    Args:
        marker: What its processes carry in their environment.
        fds: Where its output arrives, and, where they are wanted apart, its errors.
        on_output: Called with what arrives, as it arrives. If it raises, the call ends and `wait`
            raises the same.
        on_over: Called once, when nothing of the call is left.
        keep_output: Whether `output` is wanted.
    """

    def __init__(
        self,
        request: ProcessRequest,
        *,
        marker: str,
        fds: Sequence[int],
        on_output: Callable[[bytes], None] | None,
        on_over: Callable[["WardenProcess"], None],
        keep_output: bool,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._request = request
        self._marker = marker
        self._on_output = on_output
        self._on_over = on_over
        self._tail = Tail(TAIL_BYTES) if keep_output else None
        self._started_at = self._loop.time()
        self._spawned: asyncio.Future[None] = self._loop.create_future()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._result: ProcessResult | None = None
        self._error: BaseException | None = None
        self._timed_out = False
        self._pid = 0
        self.keeper: Keeper | None = None
        self._sweep: asyncio.Task[None] | None = None
        self._reader = OutputReader(fds[0], self._take)
        self._errors = [OutputReader(fd, self._take_error) for fd in fds[1:]]
        self._timer = (
            self._loop.call_later(request.timeout_s, self._time_is_up)
            if request.timeout_s is not None
            else None
        )

    @property
    def output(self) -> bytes:
        return self._tail.value if self._tail is not None else b""

    @property
    def output_bytes(self) -> int:
        return self._reader.seen_bytes

    @property
    def finished(self) -> ProcessResult | None:
        return self._result

    async def spawned(self) -> None:
        """Wait until the command runs.

        Raises:
            ToolFailed: it could not be started.
        """
        await asyncio.wait((self._spawned,))
        if self._error is not None:
            raise self._error

    async def wait(self) -> ProcessResult:
        """Wait for the end of the command and of all that it started.

        Raises:
            ToolFailed: it could not be started, or its keeper was killed.
        """
        if not self._over.done():
            await asyncio.wait((self._over,))
        if self._error is not None or self._result is None:
            raise self._error or ToolFailed("the command is not over")
        return self._result

    async def stop(self) -> None:
        """End the whole process tree; returns when it is gone, also if the caller is cancelled meanwhile."""
        cancelled: asyncio.CancelledError | None = None
        deadline = self._loop.time() + _STOP_S
        self.end()
        while not self._over.done():
            try:
                left_s = deadline - self._loop.time()
                _, pending = await asyncio.wait((self._over,), timeout=max(0.0, left_s))
                if pending:
                    self._kill_keeper()
                    deadline += _STOP_S
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    def end(self) -> None:
        """Begin to end the tree; `wait` returns when that is done."""
        if self.keeper is not None:
            self.keeper.end()

    def attach(self, keeper: Keeper) -> None:
        """The keeper has the whole request."""
        self.keeper = keeper
        if self._timed_out:
            keeper.end()

    def abandon(self) -> None:
        """The request did not reach a keeper."""
        self._release()

    # What the keeper tells: see `link.Listener`.

    def started(self, pid: int) -> None:
        self._pid = pid
        if not self._spawned.done():
            self._spawned.set_result(None)

    def failed(self, stage: str, error: int) -> None:
        self._close(error=_start_failure(self._request, stage, error))

    def ended(self, status: int, left: int) -> None:
        if left:
            logger.warning("processes of another user stayed behind", extra={"count": left})
        duration_s = self._loop.time() - self._started_at
        self._close(result=ProcessResult(exit_code=status, timed_out=self._timed_out, duration_s=duration_s))

    def lost(self) -> None:
        self._sweep = self._loop.create_task(self._sweep_up(), name=f"sweep:{self._marker}")

    def _take(self, data: bytes) -> None:
        if self._tail is not None:
            self._tail.append(data)
        if self._on_output is not None:
            try:
                self._on_output(data)
            except Exception as error:  # the caller's own failure: it ends the call and is raised there
                self._on_output = None
                self._error = error
                self.end()

    def _take_error(self, data: bytes) -> None:
        if self._request.on_errors is not None:
            self._request.on_errors(data)

    def _time_is_up(self) -> None:
        self._timed_out = True
        self.end()

    def _kill_keeper(self) -> None:
        """The keeper does not answer (stopped by a signal, say): its warden ends what it kept."""
        if self.keeper is not None:
            logger.warning("a keeper does not answer", extra={"pid": self.keeper.pid})
            try:
                os.kill(self.keeper.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    async def _sweep_up(self) -> None:
        """The keeper was killed. Its warden ends the tree; should that be gone too, this does."""
        group = self._pid or -1
        for _ in range(_SWEEPS):
            found = await asyncio.to_thread(warden.traced, self._marker, group)
            if not found:
                break
            warden.signal_all(found, signal.SIGKILL)
            await asyncio.sleep(0.01)
        what = self._request.label or "the command"
        self._close(error=ToolFailed(f"{what} was ended, because the process that ran it was killed"))

    def _close(self, *, result: ProcessResult | None = None, error: BaseException | None = None) -> None:
        self._release()
        self._error = self._error or error
        self._result = result or ProcessResult(
            exit_code=-signal.SIGKILL, duration_s=self._loop.time() - self._started_at
        )
        for future in (self._spawned, self._over):
            if not future.done():
                future.set_result(None)
        self._on_over(self)

    def _release(self) -> None:
        for reader in (self._reader, *self._errors):
            reader.finish()
        if self._timer is not None:
            self._timer.cancel()


def _start_failure(request: ProcessRequest, stage: str, error: int) -> ToolFailed:
    program = request.argv[0]
    if stage == "cwd":
        reason = f"no such folder: {request.cwd}" if error == errno.ENOENT else os.strerror(error)
        reason = reason if error == errno.ENOENT else f"{request.cwd}: {reason}"
    elif error == errno.ENOENT and "/" not in program:
        reason = "it is not on the PATH"
    elif error == errno.E2BIG:
        size = sum(len(os.fsencode(argument)) for argument in request.argv)
        reason = f"its command line of {size:,} bytes is too long for the system; put it into a file"
    else:
        reason = os.strerror(error)
    return ToolFailed(f"cannot start {program}: {reason}")
