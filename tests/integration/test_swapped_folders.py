"""A folder that is swapped for a link after the gate has judged the path: nothing is written outside."""

import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.event_log import MemoryBlobs
from tests.integration.workbench import call, calls, workbench
from tests.unit.safety.facts import call_facts

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileWrite, digest_of
from droid.engine.guarded_files import GuardedFiles
from droid.engine.strays import CallScope
from droid.safety.facts import PathFact
from droid.tools import folders
from droid.tools.files import DiskFiles
from droid.tools.paths import OsPaths


class Place:
    """A folder of the workspace that can be swapped for a link to one outside, and back."""

    def __init__(self, root: Path) -> None:
        self.folder, self.outside, self.away = root / "work" / "sub", root / "outside", root / "work" / "away"
        for folder in (self.folder, self.outside):
            folder.mkdir(parents=True)
            (folder / "a").write_bytes(b"old")
        facts = call_facts(
            writes=tuple(
                PathFact(named=name, real=self.folder / name, in_workspace=True) for name in ("a", "new")
            ),
            workspace=root / "work",
        )
        self.paths = OsPaths()
        self.files = GuardedFiles(DiskFiles(), MemoryBlobs(), self.paths, facts, CallScope())

    def swap(self) -> None:
        self.folder.rename(self.away)
        self.folder.symlink_to(self.outside)

    def change(self, kind: str) -> FileWrite:
        old = digest_of(b"old")
        match kind:
            case "create":
                return FileWrite(path=self.folder / "new", before=None, data=b"x")
            case "replace":
                return FileWrite(path=self.folder / "a", before=old, data=b"x")
            case _:
                return FileWrite(path=self.folder / "a", before=old, data=None)

    def check(self) -> None:
        assert {path.name: path.read_bytes() for path in self.outside.iterdir()} == {"a": b"old"}


@contextmanager
def once_after(owner: Any, name: str, count: int, act: Callable[[], None]) -> Generator[list[int]]:
    """Act right after the `count`-th call of a function; yields the calls."""
    real = getattr(owner, name)
    made: list[int] = []

    def wrapper(*arguments: Any, **options: Any) -> Any:
        result = real(*arguments, **options)
        made.append(1)
        if len(made) == count:
            act()
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, wrapper)
        yield made


KINDS = ["create", "replace", "delete"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2, 3, 4])
async def test_a_swap_right_after_a_check_leads_nowhere(tmp_path: Path, kind: str, count: int) -> None:
    """The guard checks twice; after its last look there is none but the one that opens the folder."""
    place = Place(tmp_path)
    with (
        once_after(place.paths, "real", count, place.swap),
        pytest.raises((StaleFile, ToolFailed), match=r"link|allowed"),
    ):
        await place.files.write([place.change(kind)])
    place.check()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("function", ["open", "stat", "fstat", "fsync", "link", "replace", "unlink"])
async def test_a_swap_between_any_two_steps_leads_nowhere(tmp_path: Path, kind: str, function: str) -> None:
    """After each call of the operating system in turn, until a write meets no swap."""
    for count in range(1, 200):
        root = tmp_path / str(count)
        place = Place(root)
        with once_after(os, function, count, place.swap) as made, suppress(ToolFailed):
            await DiskFiles().write([place.change(kind)])
        place.check()
        if len(made) < count:
            return
    pytest.fail("the steps never ended")


async def test_a_thread_that_swaps_all_the_time_gets_nothing_out(tmp_path: Path) -> None:
    place = Place(tmp_path)
    stop = threading.Event()

    def swap_all_the_time() -> None:
        while not stop.is_set():
            # A write may get in between and make the folder anew; then the next round sets it right.
            for step in (
                lambda: place.folder.rename(place.away),
                lambda: place.folder.symlink_to(place.outside),
                place.folder.unlink,
                lambda: place.away.rename(place.folder),
            ):
                with suppress(OSError):
                    step()

    thread = threading.Thread(target=swap_all_the_time)
    thread.start()
    try:
        for _ in range(150):
            with suppress(ToolFailed, FileNotFoundError):
                await place.files.write([place.change("create")])
            for folder in (place.folder, place.away):
                with suppress(OSError):
                    if not folder.is_symlink():
                        (folder / "new").unlink()
            assert not (place.outside / "new").exists()
    finally:
        stop.set()
        thread.join()
    place.check()


async def test_a_folder_that_is_moved_away_is_not_written_into_any_more(tmp_path: Path) -> None:
    place = Place(tmp_path)

    def exchange() -> None:
        place.folder.rename(place.away)
        place.folder.mkdir()

    with (
        once_after(os, "fsync", 1, exchange),
        pytest.raises(StaleFile, match="another folder"),
    ):
        await place.files.write([place.change("create")])
    assert sorted(path.name for path in place.away.iterdir()) == ["a"]
    assert list(place.folder.iterdir()) == []


async def test_a_file_that_is_exchanged_right_before_the_rename_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path)
    theirs = place.folder / "theirs"
    theirs.write_bytes(b"old")  # the same content, but another file
    real = folders.Folders.check_place

    def then_exchange(self: folders.Folders, folder: folders.Folder) -> None:
        real(self, folder)
        theirs.rename(place.folder / "a")

    monkeypatch.setattr(folders.Folders, "check_place", then_exchange)
    with pytest.raises(StaleFile, match="changed since"):
        await place.files.write([place.change("replace")])
    assert (place.folder / "a").read_bytes() == b"old"


@pytest.mark.parametrize("kind", KINDS)
async def test_without_folder_descriptors_links_are_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(folders, "_BY_DESCRIPTOR", False)
    place = Place(tmp_path)
    await DiskFiles().write([place.change(kind)])
    assert (place.folder / "a").exists() == (kind != "delete")
    place = Place(tmp_path / "again")
    with once_after(place.paths, "real", 4, place.swap), pytest.raises(StaleFile, match="link"):
        await place.files.write([place.change(kind)])
    place.check()


async def test_a_file_behind_a_link_in_the_workspace_is_edited_where_it_is(tmp_path: Path) -> None:
    script = [
        calls(call("Read", file_path="way/a")),
        calls(
            call("Edit", file_path="way/a", old_str="old", new_str="new"),
            call("Create", file_path="way/deep/b", content="x"),
        ),
        {"text": "done"},
    ]
    async with workbench(tmp_path, script) as bench:
        path = bench.write("real/a", "old\n")
        (bench.workspace / "way").symlink_to("real")
        await bench.ask()
        assert path.read_text() == "new\n"
        assert (bench.workspace / "real" / "deep" / "b").read_text() == "x"
        assert (bench.workspace / "way").is_symlink()
