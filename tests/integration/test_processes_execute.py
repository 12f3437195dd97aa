"""`Execute` over the real runner."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from droid.domain.ports import RunningProcess, ToolContext
from droid.domain.tools import ToolResult
from droid.sandbox.runner import WardenRunner
from droid.tools.execute import Execute
from droid.tools.files import DiskFiles
from droid.tools.task_output import TaskOutput
from droid.tools.task_stop import TaskStop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are not run there")

EXECUTE, TASK_OUTPUT, TASK_STOP = Execute(), TaskOutput(), TaskStop()


@dataclass(kw_only=True)
class Session:
    """What a session keeps from call to call."""

    root: Path
    runner: WardenRunner
    cwd: Path
    jobs: dict[str, RunningProcess] = field(default_factory=dict[str, RunningProcess])
    shown: list[str] = field(default_factory=list[str])

    @property
    def context(self) -> ToolContext:
        async def nobody(*_: object) -> None:
            return None

        return ToolContext(
            session_id="s",
            call_id="c",
            workspace=self.root,
            cwd=self.cwd,
            files=DiskFiles(),
            processes=self.runner,
            ledger={},
            jobs=self.jobs,
            artifacts=self.root.parent / "artifacts",
            emit=self.shown.append,
            why_secret=lambda _: None,
            ask=nobody,
        )

    async def execute(self, command: str, **more: object) -> ToolResult:
        result = await EXECUTE.run(EXECUTE.validate({"command": command, **more}), self.context)
        self.cwd = Path(result.cwd) if result.cwd is not None else self.cwd
        return result


@pytest_asyncio.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    root = tmp_path.resolve() / "work"
    root.mkdir()
    runner = WardenRunner()
    yield Session(root=root, runner=runner, cwd=root)
    await runner.aclose()


async def test_a_session_moves_about(session: Session) -> None:
    await session.execute("mkdir -p a/b; cd a")
    await session.execute("cd b; false")
    assert (await session.execute("pwd")).text == str(session.root / "a" / "b")
    assert (await session.execute("cd - >/dev/null")).exit_code == 1
    await session.execute("cd ..; rm -rf b")
    assert (await session.execute("pwd; cd ..; rmdir a")).text.startswith(str(session.root / "a"))
    assert (await session.execute("pwd")).text == str(session.root)


async def test_a_command_line_of_64_kilobytes_runs(session: Session) -> None:
    text = "x" * 65_000
    assert (await session.execute(f"printf %s {text} | wc -c")).text.strip() == "65000"


async def test_one_that_is_too_long_says_what_to_do(session: Session) -> None:
    with pytest.raises(Exception, match="too long for the system; put it into a file"):
        await session.execute(f": {'x' * 4_000_000}")


async def test_a_time_out_keeps_what_was_written(session: Session) -> None:
    started = time.monotonic()
    result = await session.execute("trap '' TERM; echo early; sleep 60 & sleep 60", timeout=1)
    assert time.monotonic() - started < 3
    assert result.text.startswith("early\n\n[timed out after 1 s")


@pytest.mark.alone
async def test_a_flood_neither_fills_memory_nor_stops_the_loop(session: Session) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            asked = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - asked)

    watching = asyncio.create_task(watch())
    result = await session.execute("yes 'a line of the flood' | head -c 100000000; echo end")
    watching.cancel()
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert result.text.endswith("\nend")
    assert "its first 50 MB are in" in result.text
    assert os.stat(str(result.full_output)).st_size == 50_000_000  # noqa: PTH116
    assert grown_kib < 40_000 or sys.platform != "linux"
    assert longest < 1.0
    assert sum(map(len, session.shown)) < 1_100_000


async def test_a_background_server_serves_until_it_is_stopped(session: Session) -> None:
    await session.execute("mkfifo asked", run_in_background=False)
    await session.execute(
        'while read line <asked; do echo "got $line"; done & sleep 60', run_in_background=True
    )
    await session.execute("echo question >asked")
    shown = ""
    async with asyncio.timeout(10):
        while "got question" not in shown:
            call = TASK_OUTPUT.validate({"task_id": "task-1"})
            shown += (await TASK_OUTPUT.run(call, session.context)).text
            await asyncio.sleep(0.01)
    await TASK_STOP.run(TASK_STOP.validate({"task_id": "task-1"}), session.context)
    assert session.jobs["task-1"].finished is not None
    assert (await session.execute("exec 3<>asked; echo hi >&3; read -t 1 x <&3; echo $x")).text == "hi"


async def test_git_does_not_ask_and_does_not_page(session: Session) -> None:
    await session.execute("git init -q . && git config user.email a@b && git config user.name a")
    await session.execute("seq 1 500 > f && git add f && git commit -qm one")
    assert (await session.execute("git log --oneline")).text.endswith("one")
    assert (await session.execute("git commit --allow-empty")).exit_code == 1
    result = await session.execute("git push http://127.0.0.1:9/x.git", timeout=20)
    assert result.exit_code not in (0, None)
    assert "timed out" not in result.text
