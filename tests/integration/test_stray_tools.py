"""A tool that does not heed a cancel: the turn ends without it, and it can do nothing more."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.integration.test_engine_breakage import Stand
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.errors import ToolFailed
from droid.domain.events import (
    ApprovalAnswered,
    FilesChanged,
    QuestionAsked,
    ToolFinished,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnEndReason,
)
from droid.domain.files import FileSnapshot, FileWrite
from droid.domain.levels import AutonomyLevel
from droid.domain.ports import Files, ToolContext
from droid.domain.processes import ProcessRequest
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.engine import strays

DONE = {"text": "done"}
WITHIN_S = 0.25
SLACK_S = 3.0
"""What a busy machine adds; the deadline that this is about was 5 s."""


class Stubborn:
    """Runs until it is released, whatever it is asked; then does what it is told, and tells how that went."""

    def __init__(self, then: Callable[[ToolContext], Awaitable[object]] | None = None) -> None:
        self.released = asyncio.Event()
        self.ended: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._then = then

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        while not self.released.is_set():
            try:
                await self.released.wait()
            except asyncio.CancelledError:
                continue
        try:
            outcome = await self._then(context) if self._then else None
        except ToolFailed as error:
            outcome = error
        self.ended.set_result(outcome)
        return ToolResult(text="a late result")

    async def preview(self, call: ToolInput, context: ToolContext) -> Sequence[FileWrite]:
        await self.run(call, context)
        return ()


@asynccontextmanager
async def cancelled(
    tmp_path: Path, then: Callable[[ToolContext], Awaitable[object]] | None = None, **access: Any
) -> AsyncGenerator[tuple[Workbench, Stubborn]]:
    """A turn that was cancelled while its tool runs on."""
    async with workbench(tmp_path, [calls(call("LS", directory_path=".")), DONE]) as bench:
        stubborn = Stubborn(then)
        told = ToolAccess(**access)

        def access_of(call: ToolInput) -> ToolAccess:
            return told

        Stand(bench, "LS", run=stubborn.run, access=access_of)
        try:
            bench.session.prompt("please")
            await bench.until(ToolStarted)
            began = time.monotonic()
            assert await bench.session.cancel()
            assert time.monotonic() - began < WITHIN_S + SLACK_S
            yield bench, stubborn
        finally:
            stubborn.released.set()


async def test_the_turn_ends_in_time_and_the_session_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=strays.__name__)
    async with cancelled(tmp_path) as (bench, stubborn):
        assert not bench.session.busy
        assert bench.events(TurnEnded)[-1].reason is TurnEndReason.CANCELLED
        assert "Cancelled before it finished" in bench.results[0].text
        assert (await bench.ask("go on")).answer == "done"
        stubborn.released.set()
        await stubborn.ended
        await asyncio.sleep(0)
        assert len(bench.events(ToolFinished)) == 1
        assert "a late result" not in str(bench.session.records)
    assert [record.getMessage() for record in caplog.records] == [
        "tool LS did not end when it was cancelled; its turn goes on without it"
    ]


async def writes_late(context: ToolContext) -> None:
    await context.files.write([FileWrite(path=context.workspace / "late", before=None, data=b"x")])


async def reads_late(context: ToolContext) -> None:
    await context.files.read(context.workspace / "there")


async def starts_late(context: ToolContext) -> None:
    request = ProcessRequest(argv=("touch", "late"), cwd=context.workspace, timeout_s=5, label="late")
    await context.processes.run(request)


async def starts_in_the_background_late(context: ToolContext) -> None:
    request = ProcessRequest(argv=("touch", "late"), cwd=context.workspace, timeout_s=5, label="late")
    await context.processes.start(request)


@pytest.mark.parametrize("then", [writes_late, reads_late, starts_late, starts_in_the_background_late])
async def test_what_it_does_later_is_refused(
    tmp_path: Path, then: Callable[[ToolContext], Awaitable[object]]
) -> None:
    async with cancelled(tmp_path, then, writes=(Path("late"),), reads=(Path("there"),)) as (bench, stubborn):
        bench.write("there", "content")
        stubborn.released.set()
        outcome = await stubborn.ended
        assert isinstance(outcome, ToolFailed)
        assert "is over" in str(outcome)
        assert [path.name for path in bench.workspace.iterdir()] == ["there"]
        assert not bench.events(FilesChanged)


async def test_what_it_says_later_is_not_heard(tmp_path: Path) -> None:
    async def speaks(context: ToolContext) -> object:
        context.emit("late words")
        return await context.ask("late question?", ())

    async with cancelled(tmp_path, speaks) as (bench, stubborn):
        stubborn.released.set()
        assert await stubborn.ended is None
        assert not bench.events(ToolOutputDelta)
        assert not bench.events(QuestionAsked)
        assert bench.session.pending_questions == ()


class SlowDisk:
    """Writes that take as long as a test wants, and heed no cancel."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.writing, self.go_on = asyncio.Event(), asyncio.Event()

    async def read(self, path: Path) -> FileSnapshot:
        return await self._files.read(path)

    async def write(self, changes: Sequence[FileWrite]) -> None:
        self.writing.set()
        while not self.go_on.is_set():
            try:
                await self.go_on.wait()
            except asyncio.CancelledError:
                continue
        await self._files.write(changes)

    async def open_files(self) -> Sequence[Path]:
        return ()

    async def unsaved(self, paths: Sequence[Path]) -> Sequence[Path]:
        return ()

    async def save(self, paths: Sequence[Path]) -> Sequence[Path]:
        return ()


async def test_a_write_that_was_on_its_way_is_told_of_and_can_be_undone(tmp_path: Path) -> None:
    async with workbench(tmp_path, [calls(call("Create", file_path="a", content="x")), DONE]) as bench:
        core = bench.session._core  # pyright: ignore[reportPrivateUsage]
        disk = SlowDisk(core.ports.files)
        core.ports = replace(core.ports, files=disk)
        bench.session.prompt("please")
        await disk.writing.wait()
        await bench.session.cancel()
        assert not bench.events(FilesChanged)
        disk.go_on.set()
        changed = await bench.until(FilesChanged)
        [record] = [record for record in bench.records if record.event is changed]
        assert record.turn_id == "t1"
        await bench.session.undo()
        assert list(bench.workspace.iterdir()) == []


async def test_a_preview_that_does_not_heed_a_cancel_holds_nothing_up(tmp_path: Path) -> None:
    script = [calls(call("Create", file_path="a", content="x")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        stubborn = Stubborn()
        Stand(bench, "Create", preview=stubborn.preview)
        bench.session.prompt("please")
        await bench.until(ToolProposed)
        await asyncio.sleep(0.05)
        began = time.monotonic()
        await bench.session.cancel()
        assert time.monotonic() - began < WITHIN_S + SLACK_S
        stubborn.released.set()
        await stubborn.ended
        assert not bench.events(ApprovalAnswered)
        assert (await bench.ask("again")).answer == "done"


async def test_one_that_ends_when_the_session_closes_is_waited_for(tmp_path: Path) -> None:
    async with cancelled(tmp_path) as (bench, stubborn):
        asyncio.get_running_loop().call_later(0.05, stubborn.released.set)
        await bench.session.close()
        assert stubborn.ended.done()
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "tool LS"]


async def test_several_side_by_side_end_together(tmp_path: Path) -> None:
    script = [calls(*(call("LS", directory_path=name) for name in ("a", "b", "c"))), DONE]
    async with workbench(tmp_path, script) as bench:
        stubborns = [Stubborn() for _ in range(3)]
        waiting = iter(stubborns)

        async def run(call: ToolInput, context: ToolContext) -> ToolResult:
            return await next(waiting).run(call, context)

        Stand(bench, "LS", run=run)
        bench.session.prompt("please")
        async with asyncio.timeout(10):
            while len(bench.events(ToolStarted)) < 3:
                await asyncio.sleep(0.005)
        began = time.monotonic()
        await asyncio.gather(bench.session.cancel(), bench.session.cancel())
        assert time.monotonic() - began < WITHIN_S + SLACK_S
        assert len(bench.results) == 3
        for stubborn in stubborns:
            stubborn.released.set()


async def test_work_that_cancels_itself_fails_alone() -> None:
    async def cancels_itself() -> None:
        raise asyncio.CancelledError

    scope = strays.CallScope()
    with pytest.raises(ToolFailed, match="by itself"):
        await strays.Strays().run(cancels_itself(), scope, name="it")
    assert scope.over


def test_the_deadline_leaves_the_turn_time_to_end() -> None:
    assert strays.GRACE_S < WITHIN_S
