"""Commands that run on while the conversation goes on."""

import time
from collections.abc import MutableMapping
from itertools import count

from droid.domain.errors import ToolFailed
from droid.domain.ports import RunningProcess
from droid.domain.processes import ProcessResult
from droid.tools.base import one_line
from droid.tools.command_output import CommandOutput
from droid.tools.console import Screen

MAX_RUNNING = 20
_MAX_FINISHED = 20


class BackgroundJob:
    """A `RunningProcess` with what the model has seen of it."""

    def __init__(self, process: RunningProcess, command: str, output: CommandOutput) -> None:
        self.command = one_line(command, 60)
        self._process = process
        self._output = output
        self._started_at = time.monotonic()
        self._closed = False

    @property
    def output(self) -> bytes:
        return self._process.output

    @property
    def output_bytes(self) -> int:
        return self._process.output_bytes

    @property
    def finished(self) -> ProcessResult | None:
        return self._process.finished

    async def wait(self) -> ProcessResult:
        return await self._process.wait()

    async def stop(self) -> None:
        await self._process.stop()

    def take_new(self) -> str:
        """What it wrote since it was asked last."""
        if self.finished is not None and not self._closed:
            self._closed = True
            self._output.finish()
        return self._output.take_new()

    @property
    def full_output(self) -> str | None:
        return self._output.full_output

    @property
    def running_s(self) -> float:
        return self.finished.duration_s if self.finished else time.monotonic() - self._started_at


def add(jobs: MutableMapping[str, RunningProcess], job: BackgroundJob) -> str:
    """Keep a job and name it; the oldest of many finished ones are forgotten."""
    finished = [task_id for task_id, other in jobs.items() if other.finished is not None]
    for task_id in finished[: max(0, len(finished) - _MAX_FINISHED)]:
        del jobs[task_id]
    task_id = next(name for number in count(1) if (name := f"task-{number}") not in jobs)
    jobs[task_id] = job
    return task_id


def check_room(jobs: MutableMapping[str, RunningProcess]) -> None:
    """Raises: ToolFailed: too many run already."""
    running = [task_id for task_id, job in jobs.items() if job.finished is None]
    if len(running) >= MAX_RUNNING:
        raise ToolFailed(f"{MAX_RUNNING} background tasks are running; stop one first: {', '.join(running)}")


def find(jobs: MutableMapping[str, RunningProcess], task_id: str) -> RunningProcess:
    """Raises: ToolFailed: there is no such job; the message lists those that there are."""
    job = jobs.get(task_id)
    if job is None:
        known = f"there are: {', '.join(jobs)}" if jobs else "none was started in this session"
        raise ToolFailed(f"no background task has the id {one_line(task_id, 60)!r}; {known}")
    return job


def describe(task_id: str, job: RunningProcess) -> str:
    """One line on where a job stands."""
    command = f": {job.command}" if isinstance(job, BackgroundJob) else ""
    result = job.finished
    if result is None:
        since = f" for {job.running_s:.0f} s" if isinstance(job, BackgroundJob) else ""
        return f"[{task_id} is running{since}{command}]"
    return f"[{task_id} has ended{how_it_ended(result)} after {result.duration_s:.0f} s{command}]"


def how_it_ended(result: ProcessResult) -> str:
    """` with exit code 3`, ` by signal 9`."""
    if result.exit_code < 0:
        return f" by signal {-result.exit_code}"
    return f" with exit code {result.exit_code}"


def new_output(job: RunningProcess) -> str:
    """For the model, what it has not seen; all that there is where that is not known."""
    if isinstance(job, BackgroundJob):
        return job.take_new()
    screen = Screen()
    return screen.feed(job.output) + screen.finish()
