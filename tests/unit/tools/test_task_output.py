"""`TaskOutput` and `TaskStop`, over a plain process runner."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from tests.unit.tools.workbench import Workbench

from droid.domain.errors import ToolFailed
from droid.domain.ports import Tool, ToolContext
from droid.domain.processes import ProcessRequest
from droid.domain.tools import ToolAccess, ToolResult
from droid.tools import task_output
from droid.tools.execute import Execute
from droid.tools.task_output import TaskOutput
from droid.tools.task_stop import TaskStop

TASK_OUTPUT, TASK_STOP = TaskOutput(), TaskStop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """One session with background tasks."""

    context: ToolContext

    async def start(self, command: str) -> None:
        tool = Execute()
        await tool.run(tool.validate({"command": command, "run_in_background": True}), self.context)

    async def ask(self, tool: Tool, task_id: str = "task-1", **more: object) -> ToolResult:
        return await tool.run(tool.validate({"task_id": task_id, **more}), self.context)

    async def written(self, size: int, task_id: str = "task-1") -> None:
        async with asyncio.timeout(10):
            while self.context.jobs[task_id].output_bytes < size:
                await asyncio.sleep(0.005)


@pytest_asyncio.fixture
async def tasks(bench: Workbench) -> AsyncIterator[Tasks]:
    made = Tasks(context=bench.context)
    yield made
    for job in made.context.jobs.values():
        await job.stop()


@pytest.mark.parametrize(
    ("tool", "read_only", "properties"),
    [(TASK_OUTPUT, True, {"task_id", "block"}), (TASK_STOP, False, {"task_id"})],
)
def test_the_model_is_told_this(tool: Tool, read_only: bool, properties: set[str]) -> None:
    assert tool.spec.read_only is read_only
    assert set(tool.spec.input_schema["properties"]) == properties
    assert tool.spec.input_schema["required"] == ["task_id"]
    call = tool.validate({"task_id": "task-1"})
    assert tool.access(call) == ToolAccess()
    assert tool.title(call) == f"{tool.spec.name} task-1"


async def test_output_is_given_once_and_the_state_each_time(tasks: Tasks) -> None:
    await tasks.start("echo one; until test -e go; do sleep 0.01; done; echo two; exit 3")
    await tasks.written(4)
    first = await tasks.ask(TASK_OUTPUT)
    assert first.text.startswith("one\n\n[task-1 is running for 0 s: echo one; until test")
    assert first.exit_code is None
    second = await tasks.ask(TASK_OUTPUT)
    assert second.text.startswith("(no new output)\n\n[task-1 is running for ")
    (tasks.context.cwd / "go").touch()
    last = await tasks.ask(TASK_OUTPUT, block=True)
    assert last.text.startswith("two\n\n[task-1 has ended with exit code 3 after ")
    assert (last.exit_code, last.is_error) == (3, False)
    assert (await tasks.ask(TASK_OUTPUT)).text.startswith("(no new output)\n\n[task-1 has ended with exit")


async def test_a_line_that_is_being_written_is_shown(tasks: Tasks) -> None:
    await tasks.start("printf 'listening on port 80'; sleep 60")
    await tasks.written(20)
    assert (await tasks.ask(TASK_OUTPUT)).text.startswith("listening on port 80\n\n[")
    await tasks.ask(TASK_STOP)
    assert (await tasks.ask(TASK_OUTPUT)).text.startswith("listening on port 80\n\n[task-1 has ended")
    assert (await tasks.ask(TASK_OUTPUT)).text.startswith("(no new output)")


async def test_a_wait_has_an_end(tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_output, "MAX_BLOCK_S", 0.05)
    await tasks.start("echo x; sleep 60")
    await tasks.written(2)
    assert "[task-1 is running" in (await tasks.ask(TASK_OUTPUT, block=True)).text
    assert tasks.context.jobs["task-1"].finished is None


async def test_cancelling_a_wait_leaves_the_task_alone(tasks: Tasks) -> None:
    await tasks.start("sleep 60")
    waiting = asyncio.create_task(tasks.ask(TASK_OUTPUT, block=True))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert tasks.context.jobs["task-1"].finished is None


async def test_stopping_ends_a_task(tasks: Tasks) -> None:
    await tasks.start("echo x; sleep 60")
    await tasks.written(2)
    stopped = await tasks.ask(TASK_STOP)
    assert stopped.text.startswith(
        "task-1 and everything that it started have been ended.\n[task-1 has ended by"
    )
    assert not stopped.is_error
    assert (await tasks.ask(TASK_STOP)).text.startswith("task-1 had ended already.\n")
    assert (await tasks.ask(TASK_OUTPUT)).text.startswith("x\n\n[task-1 has ended by signal ")


@pytest.mark.parametrize("tool", [TASK_OUTPUT, TASK_STOP])
async def test_an_unknown_id_is_answered_with_those_that_are_known(tasks: Tasks, tool: Tool) -> None:
    with pytest.raises(ToolFailed, match=r"no background task has the id 'x'; none was started"):
        await tasks.ask(tool, "x")
    await tasks.start("true")
    await tasks.start("true")
    with pytest.raises(ToolFailed, match=r"no background task has the id 'x'; there are: task-1, task-2"):
        await tasks.ask(tool, "x")


async def test_a_lot_of_new_output_is_cut_and_kept_in_a_file(tasks: Tasks) -> None:
    await tasks.start("seq 1 20000")
    result = await tasks.ask(TASK_OUTPUT, block=True)
    assert len(result.text) < 31_000
    assert result.full_output is not None
    assert result.full_output in result.text
    assert Path(result.full_output).read_text().splitlines()[-1] == "20000"


async def test_any_running_process_can_be_asked_about(tasks: Tasks) -> None:
    """Whoever put it among the session's jobs."""
    request = ProcessRequest(argv=("sh", "-c", "printf '\\033[1mbold\\n'"), cwd=tasks.context.cwd)
    job = await tasks.context.processes.start(request)
    await job.wait()
    tasks.context.jobs["other"] = job
    assert (
        await tasks.ask(TASK_OUTPUT, "other")
    ).text == "bold\n\n[other has ended with exit code 0 after 0 s]"
    assert (await tasks.ask(TASK_STOP, "other")).text.startswith("other had ended already")
