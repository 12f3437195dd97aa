"""A plain `ProcessRunner` for tests of what uses one: no confinement, no warden."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

from droid.domain.errors import ToolFailed
from droid.domain.ports import RunningProcess
from droid.domain.processes import ProcessRequest, ProcessResult

_KEPT_BYTES = 1 << 20


class PlainProcess:
    """One program and its process group."""

    def __init__(
        self,
        request: ProcessRequest,
        process: asyncio.subprocess.Process,
        on_output: Callable[[bytes], None] | None,
    ) -> None:
        self._request = request
        self._process = process
        self._on_output = on_output
        self._started = time.monotonic()
        self._output = bytearray()
        self.output_bytes = 0
        self.finished: ProcessResult | None = None
        self._task = asyncio.create_task(self._follow(), name="plain-process")

    @property
    def output(self) -> bytes:
        return bytes(self._output)

    async def wait(self) -> ProcessResult:
        return await asyncio.shield(self._task)

    async def stop(self) -> None:
        self._kill()
        await asyncio.shield(self._task)

    def _kill(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    async def _follow(self) -> ProcessResult:
        timed_out = False
        try:
            async with asyncio.timeout(self._request.timeout_s):
                await asyncio.gather(self._feed(), self._collect(), self._collect_errors())
                exit_code = await self._process.wait()
        except TimeoutError:
            timed_out = True
            exit_code = await self._end()
        except BaseException:
            await self._end()
            raise
        self._kill()  # what the program left behind in its group
        self.finished = ProcessResult(
            exit_code=exit_code, timed_out=timed_out, duration_s=time.monotonic() - self._started
        )
        return self.finished

    async def _end(self) -> int:
        """Kill the group, and read its output to the end, without which its pipe is never closed."""
        self._kill()
        stdout = self._process.stdout
        assert stdout is not None
        while await stdout.read(65536):
            pass
        while self._process.stderr is not None and await self._process.stderr.read(65536):
            pass
        return await self._process.wait()

    async def _feed(self) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(self._request.stdin)
            await stdin.drain()
        except ConnectionError:
            pass
        stdin.close()

    async def _collect(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        while chunk := await stdout.read(65536):
            self.output_bytes += len(chunk)
            self._output += chunk
            del self._output[:-_KEPT_BYTES]
            if self._on_output is not None:
                self._on_output(chunk)

    async def _collect_errors(self) -> None:
        stderr, take = self._process.stderr, self._request.on_errors
        while stderr is not None and take is not None and (chunk := await stderr.read(65536)):
            take(chunk)


class PlainProcesses:
    """The `ProcessRunner` port.

    Attributes:
        requests: Everything that was asked for.
    """

    def __init__(self) -> None:
        self.requests: list[ProcessRequest] = []

    async def run(
        self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
    ) -> ProcessResult:
        process = await self.start(request, on_output)
        try:
            return await process.wait()
        except asyncio.CancelledError:
            await process.stop()
            raise

    async def start(
        self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
    ) -> RunningProcess:
        self.requests.append(request)
        try:
            process = await asyncio.create_subprocess_exec(
                *request.argv,
                cwd=request.cwd,
                env=request.env,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT if request.on_errors is None else asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise ToolFailed(f"cannot start {request.argv[0]}: {error}") from error
        return PlainProcess(request, process, on_output)
