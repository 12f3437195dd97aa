"""What every `Files` keeps to, on the disk and in memory."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from tests.fakes.files import MemoryFiles

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileWrite, digest_of
from droid.domain.ports import Files
from droid.tools.files import DiskFiles


class World(Protocol):
    """A `Files` and a way round it, to arrange and to look."""

    @property
    def root(self) -> Path: ...

    @property
    def files(self) -> Files: ...

    def put(self, name: str, data: bytes, mode: int = 0o644) -> Path: ...

    def get(self, name: str) -> bytes | None: ...

    def mode(self, name: str) -> int: ...

    def refuse(self, name: str) -> Path:
        """A path that exists or not, and cannot be written."""
        ...

    def names(self) -> list[str]: ...


class DiskWorld:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = DiskFiles()

    def put(self, name: str, data: bytes, mode: int = 0o644) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
        return path

    def get(self, name: str) -> bytes | None:
        path = self.root / name
        return path.read_bytes() if path.exists() else None

    def mode(self, name: str) -> int:
        return stat.S_IMODE((self.root / name).stat().st_mode)

    def refuse(self, name: str) -> Path:
        (self.root / "file").write_bytes(b"in the way")
        return self.root / "file" / name

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())


class MemoryWorld:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = MemoryFiles()

    def put(self, name: str, data: bytes, mode: int = 0o644) -> Path:
        self.files.disk[self.root / name] = data
        self.files.modes[self.root / name] = mode
        return self.root / name

    def get(self, name: str) -> bytes | None:
        return self.files.disk.get(self.root / name)

    def mode(self, name: str) -> int:
        return self.files.modes.get(self.root / name, 0o644)

    def refuse(self, name: str) -> Path:
        self.files.refused.add(self.root / name)
        return self.root / name

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.root)) for path in self.files.disk)


WORLDS: dict[str, Callable[[Path], World]] = {"disk": DiskWorld, "memory": MemoryWorld}


@pytest.fixture(params=list(WORLDS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    return WORLDS[request.param](tmp_path.resolve())


def change(path: Path, before: bytes | None, data: bytes | None, mode: int | None = None) -> FileWrite:
    return FileWrite(path=path, before=None if before is None else digest_of(before), data=data, mode=mode)


async def test_a_read_gives_the_bytes_the_real_path_and_the_mode(world: World):
    path = world.put("a.bin", b"\x00\xff\r\n", mode=0o640)
    snapshot = await world.files.read(path)
    assert (snapshot.path, snapshot.data, snapshot.mode) == (path, b"\x00\xff\r\n", 0o640)
    assert snapshot.version is None
    assert snapshot.digest == digest_of(b"\x00\xff\r\n")


async def test_a_read_of_nothing_says_so(world: World):
    with pytest.raises(FileNotFoundError):
        await world.files.read(world.root / "gone")


async def test_a_read_of_a_folder_says_so(world: World):
    world.put("folder/file", b"")
    with pytest.raises(IsADirectoryError):
        await world.files.read(world.root / "folder")


async def test_a_write_creates_changes_and_deletes_in_one_go(world: World):
    old, gone = world.put("old", b"1"), world.put("gone", b"2")
    await world.files.write(
        [
            change(world.root / "new", None, b"n"),
            change(old, b"1", b"one"),
            change(gone, b"2", None),
        ]
    )
    assert (world.get("new"), world.get("old"), world.get("gone")) == (b"n", b"one", None)
    assert world.names() == ["new", "old"]


async def test_a_write_makes_the_folders_it_needs(world: World):
    await world.files.write([change(world.root / "a/b/c.txt", None, b"c")])
    assert world.get("a/b/c.txt") == b"c"


async def test_a_write_of_nothing_changes_nothing(world: World):
    await world.files.write([])
    assert world.names() == []


async def test_a_write_keeps_the_mode_of_what_it_replaces(world: World):
    path = world.put("run.sh", b"old", mode=0o750)
    await world.files.write([change(path, b"old", b"new", mode=0o600)])
    assert world.mode("run.sh") == 0o750


async def test_a_new_file_gets_the_mode_that_was_asked_for(world: World):
    await world.files.write([change(world.root / "run.sh", None, b"x", mode=0o755)])
    assert world.mode("run.sh") == 0o755


STALE: dict[str, tuple[bytes | None, bytes | None, bytes | None]] = {
    "changed": (b"other", b"seen", b"new"),
    "deleted meanwhile": (None, b"seen", b"new"),
    "created meanwhile": (b"other", None, b"new"),
    "changed before it is deleted": (b"other", b"seen", None),
    "deleted before it is deleted": (None, b"seen", None),
}


@pytest.mark.parametrize("case", list(STALE))
async def test_a_file_that_is_not_as_it_was_is_left_alone_and_so_are_the_others(world: World, case: str):
    now, before, data = STALE[case]
    first = world.put("first", b"1")
    last = world.put("last", b"2")
    if now is not None:
        world.put("it", now)
    with pytest.raises(StaleFile):
        await world.files.write(
            [
                change(first, b"1", b"one"),
                change(world.root / "new/file", None, b"n"),
                change(world.root / "it", before, data),
                change(last, b"2", None),
            ]
        )
    assert (world.get("first"), world.get("it"), world.get("last")) == (b"1", now, b"2")
    assert world.get("new/file") is None


async def test_a_refused_file_takes_the_others_back(world: World):
    first = world.put("first", b"1", mode=0o755)
    with pytest.raises(ToolFailed, match="cannot write"):
        await world.files.write([change(first, b"1", b"one"), change(world.refuse("it"), None, b"x")])
    assert (world.get("first"), world.mode("first")) == (b"1", 0o755)


async def test_a_folder_is_never_replaced(world: World):
    world.put("folder/file", b"")
    with pytest.raises(ToolFailed):
        await world.files.write([change(world.root / "folder", None, b"x")])
    assert world.get("folder/file") == b""


async def test_what_is_closed_is_saved(world: World):
    path = world.put("a", b"1")
    assert list(await world.files.unsaved([path, world.root / "gone"])) == []
    assert list(await world.files.save([path])) == []
