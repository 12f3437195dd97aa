"""A call reaches what was decided, and every change that it makes is kept."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.fakes.event_log import MemoryBlobs
from tests.fakes.files import MemoryFiles
from tests.unit.engine.cores import WORKSPACE, PlainPaths
from tests.unit.safety.facts import call_facts, path_fact

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileWrite, digest_of
from droid.domain.policy import Policy
from droid.engine.guarded_files import GuardedFiles
from droid.engine.strays import CallScope
from droid.safety.facts import CallFacts

A, B = WORKSPACE / "a", WORKSPACE / "b"


class Desk:
    def __init__(
        self,
        *,
        approved: Sequence[FileWrite] | None = None,
        links: dict[Path, Path] | None = None,
        policies_for: Callable[[CallFacts], Sequence[Policy]] | None = None,
    ) -> None:
        self.files = MemoryFiles({A: b"one\n", B: b"other\n"})
        self.blobs = MemoryBlobs()
        self.paths = PlainPaths(links)
        facts = call_facts(reads=(path_fact("b"),), writes=(path_fact("a"), path_fact("new")))
        self.scope = CallScope()
        self.guarded = GuardedFiles(
            self.files,
            self.blobs,
            self.paths,
            facts,
            self.scope,
            approved=approved,
            policies_for=policies_for,
        )


def change(path: Path, before: bytes | None, data: bytes | None) -> FileWrite:
    return FileWrite(path=path, before=None if before is None else digest_of(before), data=data)


TWO = change(A, b"one\n", b"two\n")


async def test_only_what_was_named_can_be_read_and_only_what_was_to_be_written_written() -> None:
    desk = Desk()
    assert (await desk.guarded.read(B)).data == b"other\n"
    with pytest.raises(ToolFailed, match="allowed to read"):
        await desk.guarded.read(WORKSPACE / "c")
    with pytest.raises(ToolFailed, match="allowed to change"):
        await desk.guarded.write([TWO, change(B, b"other\n", b"mine")])
    assert desk.files.disk == {A: b"one\n", B: b"other\n"}


async def test_a_link_that_appears_between_the_decision_and_the_use_leads_nowhere() -> None:
    desk = Desk()
    desk.paths.links[A] = Path("/home/ada/.ssh/config")
    with pytest.raises(ToolFailed, match="allowed to read"):
        await desk.guarded.read(A)
    with pytest.raises(ToolFailed, match="allowed to change"):
        await desk.guarded.write([TWO])


async def test_each_path_is_looked_at_once_more_by_what_holds_there() -> None:
    """Not by what holds for all paths of the call: of hundreds, that would be hundreds of looks for each."""
    asked: list[list[str]] = []

    def policies_for(facts: CallFacts) -> Sequence[Policy]:
        asked.append([path.named for path in (*facts.reads, *facts.writes)])
        return ()

    desk = Desk(policies_for=policies_for)
    await desk.guarded.write([TWO, change(WORKSPACE / "new", None, b"x")])
    assert asked == [["a"], ["a"]], "both lie in one folder, and a change is checked twice"
    await desk.guarded.read(B)
    assert asked[2:] == [["b"], ["b"]]


async def test_a_link_that_appears_while_the_old_content_is_kept_leads_nowhere() -> None:
    desk = Desk()

    class Swapping(MemoryBlobs):
        def put(self, data: bytes) -> str:
            desk.paths.links[WORKSPACE] = Path("/home/ada")
            return super().put(data)

    desk.guarded._blobs = Swapping()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ToolFailed, match="allowed to change"):
        await desk.guarded.write([TWO])
    assert desk.files.disk[A] == b"one\n"


async def test_old_and_new_contents_are_kept_before_anything_changes() -> None:
    desk = Desk()
    desk.files.refused.add(A)
    with pytest.raises(ToolFailed):
        await desk.guarded.write([TWO])
    assert set(desk.blobs.contents.values()) == {b"one\n", b"two\n"}
    assert desk.guarded.changes == []


async def test_each_change_is_described() -> None:
    desk = Desk()
    desk.files.modes[A] = 0o755
    await desk.guarded.write([TWO, change(WORKSPACE / "new", None, b"x\n")])
    await desk.guarded.write([change(A, b"two\n", None)])
    edited, created, deleted = desk.guarded.changes
    assert (edited.before, edited.after, edited.mode) == (digest_of(b"one\n"), digest_of(b"two\n"), 0o755)
    assert (edited.added_lines, edited.removed_lines) == (1, 1)
    assert "-one\n+two" in edited.diff
    assert (created.before, created.after) == (None, digest_of(b"x\n"))
    assert (deleted.before, deleted.after) == (digest_of(b"two\n"), None)


async def test_what_goes_to_an_open_buffer_is_told() -> None:
    desk = Desk()
    desk.files.open(A)
    await desk.guarded.write([TWO])
    assert desk.guarded.changes[0].in_editor


@pytest.mark.parametrize(
    "other",
    [
        change(A, b"one\n", b"three\n"),
        change(A, b"changed\n", b"two\n"),
        change(A, b"one\n", None),
        change(WORKSPACE / "new", None, b"two\n"),
    ],
)
async def test_nothing_but_what_was_approved_is_written(other: FileWrite) -> None:
    desk = Desk(approved=[TWO])
    with pytest.raises(StaleFile, match="approved"):
        await desk.guarded.write([TWO, other])
    assert desk.files.disk[A] == b"one\n"
    await desk.guarded.write([TWO])
    assert desk.files.disk[A] == b"two\n"


async def test_when_the_call_is_over_nothing_is_read_or_written_any_more() -> None:
    desk = Desk()
    desk.scope.over = True
    for late in (desk.guarded.read(B), desk.guarded.write([TWO]), desk.guarded.save([A])):
        with pytest.raises(ToolFailed, match="is over"):
            await late
    assert desk.files.disk == {A: b"one\n", B: b"other\n"}


async def test_a_call_that_ends_while_the_old_content_is_kept_writes_nothing() -> None:
    desk = Desk()

    class Ending(MemoryBlobs):
        def put(self, data: bytes) -> str:
            desk.scope.over = True
            return super().put(data)

    desk.guarded._blobs = Ending()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ToolFailed, match="is over"):
        await desk.guarded.write([TWO])
    assert desk.files.disk == {A: b"one\n", B: b"other\n"}
