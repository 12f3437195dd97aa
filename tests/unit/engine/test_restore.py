"""Plans to put files back, where an editor has them open."""

from pathlib import Path

from tests.fakes.event_log import MemoryBlobs
from tests.fakes.files import MemoryFiles
from tests.unit.engine.cores import WORKSPACE, PlainPaths

from droid.domain.files import FileChange, digest_of
from droid.domain.snapshots import FoundFile, WorkspaceSnapshot
from droid.engine.change_chains import chains
from droid.engine.restore import RestorePlan, RestorePorts, carry_out, plan_restore

A = WORKSPACE / "a"


class MemoryWorkspace:
    """What is on the pretended disk, whatever is open."""

    def __init__(self, files: MemoryFiles) -> None:
        self.files = files

    async def snapshot(self, root: Path, **_: object) -> WorkspaceSnapshot:
        raise AssertionError("nothing is scanned here")

    async def look(self, path: Path) -> FoundFile | None:
        data = self.files.disk.get(path)
        return None if data is None else FoundFile(digest=digest_of(data), data=data, mode=0o644)


class Desk:
    def __init__(self, before: bytes, after: bytes | None) -> None:
        self.files, self.blobs = MemoryFiles(), MemoryBlobs()
        for data in (before, after):
            if data is not None:
                self.blobs.put(data)
        self.change = FileChange(
            path=str(A),
            before=digest_of(before),
            after=None if after is None else digest_of(after),
            added_lines=1,
            removed_lines=1,
            mode=0o644,
            after_mode=0o644,
        )

    async def plan(self) -> RestorePlan:
        ports = RestorePorts(
            files=self.files, blobs=self.blobs, paths=PlainPaths(), workspace=MemoryWorkspace(self.files)
        )
        return await plan_restore(chains([self.change]), WORKSPACE, ports)


async def test_a_buffer_that_still_shows_what_a_command_changed_is_saved() -> None:
    for after in (b"two", None):
        desk = Desk(b"one", after)
        desk.files.open(A, "one")
        if after is not None:
            desk.files.disk[A] = after
        plan = await desk.plan()
        assert (plan.writes, plan.to_save, plan.conflicts) == ([], [A], [])


async def test_a_buffer_that_took_the_change_of_a_command_in_goes_back_in_the_editor() -> None:
    desk = Desk(b"unsaved text", b"two")
    desk.files.disk[A] = b"two"
    desk.files.open(A)
    plan = await desk.plan()
    await carry_out(plan.writes, desk.files)
    assert (desk.files.buffers[A].text, desk.files.disk[A]) == ("unsaved text", b"two")
    assert plan.described[0].in_editor


async def test_what_the_person_types_since_is_a_conflict() -> None:
    desk = Desk(b"one", b"two")
    desk.files.disk[A] = b"two"
    desk.files.open(A, "two and mine")
    plan = await desk.plan()
    assert plan.writes == []
    assert plan.words(WORKSPACE) == ("a was changed since by somebody else",)
