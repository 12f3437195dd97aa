"""What a finished turn has stored is brought to the disk itself, and nothing waits for that."""

import asyncio
import errno
import logging
import os
import sys
import threading
from pathlib import Path

import pytest
from tests.integration.workbench import call, calls, workbench

from droid.domain.events import TurnEnded
from droid.engine import syncing

DONE = {"text": "done"}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="files are told apart by /proc")


class Disk:
    """Stands in for the disk: knows what of each file it has been asked to keep."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kept: dict[str, bytes] = {}
        self.asked = 0
        self.answers = threading.Event()
        self.answers.set()
        self.error: OSError | None = None
        monkeypatch.setattr(os, "fdatasync", self._sync)
        monkeypatch.setattr(os, "fsync", self._sync)

    def _sync(self, fd: int) -> None:
        self.asked += 1
        name = str(Path(f"/proc/self/fd/{fd}").readlink())
        assert self.answers.wait(20)
        if self.error is not None:
            raise self.error
        self.kept[name] = Path(name).read_bytes() if Path(name).is_file() else b""

    async def until(self, name: str, ending: bytes) -> None:
        async with asyncio.timeout(20):
            while ending not in self.kept.get(name, b""):
                await asyncio.sleep(0.005)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


async def test_the_end_of_every_turn_reaches_the_disk_with_what_it_speaks_of(
    tmp_path: Path, disk: Disk
) -> None:
    script = [
        calls(call("Read", file_path="a")),
        calls(call("Edit", file_path="a", old_str="one", new_str="two")),
        DONE,
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        bench.write("a", "one\n")
        [transcript] = (tmp_path / "home").rglob("*.jsonl")
        await bench.ask()
        await disk.until(str(transcript), b'"turn_ended"')
        assert str(transcript.parent) in disk.kept
        checkpoints = {path: data for path, data in disk.kept.items() if "checkpoints" in path and data}
        assert sorted(checkpoints.values()) == [b"one\n", b"two\n"]
        await bench.session.undo()
        await disk.until(str(transcript), b'"undone"')
        await bench.ask()
        await disk.until(str(transcript), b'"t2"')


async def test_neither_an_answer_nor_the_next_turn_waits_for_the_disk(tmp_path: Path, disk: Disk) -> None:
    async with workbench(tmp_path, [DONE, DONE, DONE]) as bench:
        [transcript] = (tmp_path / "home").rglob("*.jsonl")
        disk.answers.clear()
        try:
            for _ in range(3):
                assert (await bench.ask()).answer == "done"
            assert disk.asked <= 1
        finally:
            disk.answers.set()
        await bench.session.close()
        assert disk.kept[str(transcript)].count(b'"turn_ended"') == 3


async def test_a_session_that_is_closed_at_once_has_kept_its_last_turn(tmp_path: Path, disk: Disk) -> None:
    async with workbench(tmp_path, [DONE]) as bench:
        [transcript] = (tmp_path / "home").rglob("*.jsonl")
        await bench.ask()
        await bench.session.close()
        assert b'"turn_ended"' in disk.kept[str(transcript)]


async def test_a_disk_that_hangs_keeps_no_session_from_closing_and_being_taken_up(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "_LAST_S", 0.05)
    async with workbench(tmp_path, [DONE]) as bench:
        disk.answers.clear()
        try:
            await bench.ask()
            async with asyncio.timeout(5):
                await bench.session.close()
        finally:
            disk.answers.set()
        async with asyncio.timeout(5):
            while [task for task in asyncio.all_tasks() if task.get_name() == "sync"]:
                await asyncio.sleep(0.005)
        await bench.runtime.resume_session(bench.session.id)


async def test_a_disk_that_fails_is_told_in_the_log_and_ends_nothing(
    tmp_path: Path, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger=syncing.__name__)
    disk.error = OSError(errno.EIO, "Input/output error")
    async with workbench(tmp_path, [DONE, DONE]) as bench:
        assert (await bench.ask()).answer == "done"
        async with asyncio.timeout(10):
            while not caplog.records:
                await asyncio.sleep(0.005)
        assert "Input/output error" in caplog.text
        assert (await bench.ask()).answer == "done"
        assert len(bench.events(TurnEnded)) == 2


async def test_a_file_is_on_the_disk_before_it_takes_its_place(tmp_path: Path, disk: Disk) -> None:
    async with workbench(tmp_path, [calls(call("Create", file_path="a", content="x")), DONE]) as bench:
        await bench.ask()
        staged = {Path(name).name: data for name, data in disk.kept.items() if name.endswith(".tmp")}
        assert list(staged.values()) == [b"x"]
