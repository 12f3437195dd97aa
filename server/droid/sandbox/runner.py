"""Runs commands without confinement: they can do whatever the person who started the server can.

What is guaranteed is their end. A command's whole tree ends with its call, with a time-out, with a
cancel, and with the server, also when that is killed; `warden` says how. A runner that confines
implements the same port.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from itertools import count

from droid.domain.errors import ToolFailed
from droid.domain.ports import RunningProcess
from droid.domain.processes import ProcessRequest, ProcessResult
from droid.sandbox import warden
from droid.sandbox.environment import environment_for, with_path_first
from droid.sandbox.link import Keeper, Warden
from droid.sandbox.process import WardenProcess

_MAX_IDLE_KEEPERS = 2
_ATTEMPTS = 3
_GONE = "the process that runs commands does not answer, or cannot make another process"
_numbers = count(1)


class WardenRunner:
    """A `ProcessRunner` for one event loop. Nothing is started before the first use or `prestart`."""

    confinement = "none"

    def __init__(self) -> None:
        self._own_env = environment_for(os.environ)
        self._warden: Warden | None = None
        self._idle: list[Keeper] = []
        self._running: set[WardenProcess] = set()
        self._closed = False

    async def prestart(self) -> None:
        """Start the warden and a first keeper, so that the first command need not wait for them.

        Raises:
            ToolFailed: they cannot be started.
        """
        if not self._closed and not self._idle:
            self._let_go(await self._keeper())

    async def run(
        self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
    ) -> ProcessResult:
        """See `ProcessRunner.run`."""
        process = await self._launch(request, on_output, keep_output=False)
        try:
            return await process.wait()
        except asyncio.CancelledError:
            await process.stop()
            raise

    async def start(
        self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
    ) -> RunningProcess:
        """See `ProcessRunner.start`."""
        process = await self._launch(request, on_output, keep_output=True)
        try:
            await process.spawned()
        except asyncio.CancelledError:
            await process.stop()
            raise
        return process

    async def aclose(self) -> None:
        """End every call and the warden; what is asked for later is refused."""
        self._closed = True
        for process in [*self._running]:
            await process.stop()
        for keeper in self._idle:
            keeper.close()
        self._idle.clear()
        if self._warden is not None:
            await self._warden.aclose()

    async def _launch(
        self, request: ProcessRequest, on_output: Callable[[bytes], None] | None, *, keep_output: bool
    ) -> WardenProcess:
        marker = f"{os.getpid()}-{next(_numbers)}"
        env = {**self._own_env, "PWD": str(request.cwd)} if request.env is None else request.env
        body = _encode(request, with_path_first(env, request.path_first), marker)
        for _ in range(_ATTEMPTS):
            keeper = await self._keeper()
            readers, writers = list[int](), list[int]()
            try:
                for _ in range(1 if request.on_errors is None else 2):
                    reading, writing = os.pipe()
                    readers.append(reading)
                    writers.append(writing)
            except OSError as error:
                for fd in (*readers, *writers):
                    os.close(fd)
                keeper.close()
                raise ToolFailed(f"cannot start {request.argv[0]}: {error.strerror}") from error
            process = WardenProcess(
                request,
                marker=marker,
                fds=readers,
                on_output=on_output,
                on_over=self._release,
                keep_output=keep_output,
            )
            stdin = -1
            try:
                stdin = _stdin(request.stdin)
                await keeper.run(body, (stdin, writers[0], writers[-1]), process)
            except ConnectionError:  # it was killed while it was idle
                process.abandon()
                continue
            except BaseException:
                process.abandon()
                keeper.close()
                raise
            finally:
                for fd in writers:
                    os.close(fd)
                if stdin >= 0:
                    os.close(stdin)
            self._running.add(process)
            process.attach(keeper)
            if self._closed:  # meanwhile
                await process.stop()
            return process
        raise ToolFailed(f"cannot start {request.argv[0]}: {_GONE}")

    async def _keeper(self) -> Keeper:
        """A keeper that waits for a call.

        Raises:
            ToolFailed: there is none to be had.
        """
        while self._idle:
            keeper = self._idle.pop()
            if keeper.open:
                return keeper
        for _ in range(_ATTEMPTS):
            keeper = self._new_keeper()
            try:
                await keeper.ready()
            except ConnectionError:
                continue
            except TimeoutError as error:
                keeper.close()
                raise ToolFailed(f"cannot start a command: {_GONE}") from error
            except BaseException:
                keeper.close()
                raise
            return keeper
        raise ToolFailed(f"cannot start a command: {_GONE}")

    def _new_keeper(self) -> Keeper:
        if self._closed:
            raise ToolFailed("no command can be started any more: the program is shutting down")
        if self._warden is not None:
            try:
                return self._warden.keeper()
            except ConnectionError:
                self._warden.lost()
        try:
            self._warden = Warden(self._own_env, self._on_warden_death)
            return self._warden.keeper()
        except OSError as error:
            raise ToolFailed(f"cannot start a command: {error.strerror}") from error

    def _release(self, process: WardenProcess) -> None:
        self._running.discard(process)
        if process.keeper is not None:
            self._let_go(process.keeper)

    def _let_go(self, keeper: Keeper) -> None:
        if self._closed or len(self._idle) >= _MAX_IDLE_KEEPERS:
            keeper.close()
        elif keeper.open:
            self._idle.append(keeper)

    def _on_warden_death(self) -> None:
        """The next call starts another one. Keepers that have a call go on with it."""
        self._warden = None
        for keeper in self._idle:
            keeper.close()
        self._idle.clear()


def _encode(request: ProcessRequest, env: Mapping[str, str], marker: str) -> bytes:
    """The body of a request to run something, as `warden.spawn` reads it.

    Raises:
        ToolFailed: something in it cannot be handed to any program.
    """
    pairs = [f"{name}={value}" for name, value in {**env, warden.MARKER: marker}.items()]
    fields = [str(request.cwd.absolute()), marker, str(len(request.argv)), *request.argv, *pairs]
    if any("\0" in field for field in fields):
        raise ToolFailed(f"cannot start {request.argv[0]}: there is a NUL character in its command line")
    try:
        return b"\0".join(map(os.fsencode, fields))
    except UnicodeEncodeError as error:
        raise ToolFailed(f"cannot start {request.argv[0]}: half of a surrogate pair in it") from error


def _stdin(data: bytes) -> int:
    """A descriptor that gives `data`, then the end: a file, so that nobody has to feed it.

    Raises:
        ToolFailed: there is no room for it.
    """
    if not data:
        return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if sys.platform == "linux":
            fd = os.memfd_create("stdin")
        else:
            import tempfile

            with tempfile.TemporaryFile() as file:
                fd = os.dup(file.fileno())
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(fd, left) :]
            os.lseek(fd, 0, os.SEEK_SET)
        except OSError:
            os.close(fd)
            raise
    except OSError as error:
        raise ToolFailed(f"cannot keep the standard input of a command: {error.strerror}") from error
    return fd
