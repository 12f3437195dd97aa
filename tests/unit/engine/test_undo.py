"""Taking a turn's changes back."""

from pathlib import Path

import pytest
from tests.fakes.event_log import MemoryBlobs
from tests.fakes.files import MemoryFiles
from tests.unit.engine.cores import WORKSPACE, PlainPaths, new_ports
from tests.unit.sessions.events import Sequencer, started

from droid.domain.errors import ToolFailed
from droid.domain.events import FilesChanged, Undone
from droid.domain.files import FileChange, digest_of
from droid.engine.state import SessionState
from droid.engine.undo import undo_turn

A, B = WORKSPACE / "a", WORKSPACE / "b"


class Desk:
    """Files as turns have left them."""

    def __init__(self) -> None:
        self.files, self.blobs, self.paths = MemoryFiles(), MemoryBlobs(), PlainPaths()
        self.state = SessionState()
        self._number = Sequencer()
        self.state.apply(self._number(started(workspace=str(WORKSPACE))))

    def change(
        self, path: Path, before: bytes | None, after: bytes | None, turn: str = "t1", mode: int = 0o644
    ) -> None:
        for data in (before, after):
            if data is not None:
                self.blobs.put(data)
        if after is None:
            self.files.disk.pop(path, None)
        else:
            self.files.disk[path] = after
        change = FileChange(
            path=str(path),
            before=None if before is None else digest_of(before),
            after=None if after is None else digest_of(after),
            added_lines=1,
            removed_lines=1,
            mode=mode,
        )
        self.state.apply(self._number(FilesChanged(call_id="c", changes=(change,)), turn))

    async def undo(self, turn_id: str | None = None) -> Undone:
        ports = new_ports(self.files, blobs=self.blobs, paths=self.paths)
        undone = await undo_turn(self.state, turn_id, ports)
        self.state.apply(self._number(undone))
        return undone


async def test_a_file_goes_back_to_what_it_was_before_the_turn() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    desk.change(B, None, b"new")
    desk.change(A, b"two", b"three")
    undone = await desk.undo()
    assert desk.files.disk == {A: b"one"}
    assert undone.conflicts == ()
    assert {(c.path, c.after) for c in undone.changes} == {(str(A), digest_of(b"one")), (str(B), None)}


async def test_a_deleted_file_comes_back_with_its_mode() -> None:
    desk = Desk()
    desk.change(A, b"#!/bin/sh", None, mode=0o755)
    await desk.undo()
    assert (desk.files.disk[A], desk.files.modes[A]) == (b"#!/bin/sh", 0o755)


async def test_turns_are_taken_back_from_the_last_to_the_first() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two", turn="t1")
    desk.change(A, b"two", b"three", turn="t2")
    assert ((await desk.undo()).turn_id, desk.files.disk[A]) == ("t2", b"two")
    assert ((await desk.undo()).turn_id, desk.files.disk[A]) == ("t1", b"one")
    with pytest.raises(ToolFailed, match="no turn"):
        await desk.undo()


async def test_what_somebody_changed_since_is_left_and_named() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    desk.change(B, b"one", b"two")
    desk.files.disk[A] = b"mine"
    assert (await desk.undo()).conflicts == (str(A),)
    assert desk.files.disk == {A: b"mine", B: b"one"}


async def test_where_everything_was_changed_since_nothing_is_undone() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    desk.files.disk[A] = b"mine"
    with pytest.raises(ToolFailed, match="changed since"):
        await desk.undo()
    assert desk.state.last_undoable_turn() == "t1"


async def test_what_is_as_it_was_already_needs_no_change() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    desk.files.disk[A] = b"one"
    assert await desk.undo() == Undone(turn_id="t1", changes=())


async def test_a_link_in_the_place_of_a_file_is_not_followed() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    desk.paths.links[A] = Path("/home/ada/.bashrc")
    with pytest.raises(ToolFailed, match="left as it is"):
        await desk.undo()
    assert desk.files.disk[A] == b"two"


async def test_open_buffers_are_undone_in_the_editor() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    desk.files.open(A)
    undone = await desk.undo()
    assert undone.changes[0].in_editor
    assert (desk.files.buffers[A].text, desk.files.disk[A]) == ("one", b"two")


@pytest.mark.parametrize("turn_id", ["t9", "t1"])
async def test_what_cannot_be_undone_is_said(turn_id: str) -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    await desk.undo()
    with pytest.raises(ToolFailed, match=r"no turn|already"):
        await desk.undo(turn_id)


async def test_a_content_that_is_no_longer_kept_is_said_before_anything_changes() -> None:
    desk = Desk()
    desk.change(A, b"one", b"two")
    desk.change(B, b"one more", b"two")
    del desk.blobs.contents[digest_of(b"one more")]
    with pytest.raises(ToolFailed, match="no longer"):
        await desk.undo()
    assert desk.files.disk == {A: b"two", B: b"two"}
