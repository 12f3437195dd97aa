"""What only a real disk can show of `DiskFiles`: links, modes, pipes, failures and cancels half-way."""

import asyncio
import errno
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileWrite, digest_of
from droid.tools import atomic
from droid.tools.files import DiskFiles


def change(path: Path, before: bytes | None, data: bytes | None, mode: int | None = None) -> FileWrite:
    return FileWrite(path=path, before=None if before is None else digest_of(before), data=data, mode=mode)


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones included, and every folder as empty bytes."""
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"" for path in root.rglob("*")
    }


@pytest.mark.parametrize("below", ["", "target"])
@pytest.mark.parametrize(("before", "data"), [(b"old", b"new"), (b"old", None), (None, b"new")])
async def test_nothing_is_written_through_a_symlink(
    tmp_path: Path, below: str, before: bytes | None, data: bytes | None
):
    """A path is resolved before it is judged; a link that appears on it later leads somewhere else."""
    target = tmp_path / "deep" / "target"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to("deep" if below else "deep/target")
    assert (await DiskFiles().read(link / below)).path == target.resolve()
    with pytest.raises(StaleFile, match="symbolic link"):
        await DiskFiles().write([change(link / below, before, data)])
    assert link.is_symlink()
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.rglob("*"))) == 3


async def test_one_file_is_not_changed_twice_in_one_go(tmp_path: Path):
    target = tmp_path / "target"
    target.write_bytes(b"x")
    with pytest.raises(ToolFailed, match="changed twice"):
        await DiskFiles().write([change(target, b"x", b"1"), change(target, b"x", b"2")])
    assert target.read_bytes() == b"x"


def symlink_loop(path: Path) -> None:
    path.symlink_to(path.name)


def below_a_file(path: Path) -> None:
    path.write_bytes(b"")


ODD: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a pipe": (os.mkfifo, "", "not a regular file"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "", "not a regular file|symbolic link"),
    "a link to itself": (symlink_loop, "", "symbolic link"),
    "a huge file": (lambda path: os.truncate(path, 65 << 20) if path.touch() is None else 0, "", "64 MiB"),
}


@pytest.mark.parametrize("case", list(ODD))
async def test_what_has_no_content_is_neither_read_nor_written_and_never_waited_for(
    tmp_path: Path, case: str
):
    make, below, message = ODD[case]
    path = tmp_path / "odd"
    make(path)
    async with asyncio.timeout(5):
        with pytest.raises(ToolFailed, match=message):
            await DiskFiles().read(path / below)
        with pytest.raises(ToolFailed, match=message):
            await DiskFiles().write([change(path / below, None, b"x")])
        with pytest.raises(ToolFailed, match=message):
            await DiskFiles().write([change(path / below, b"x", None)])
    assert list(tmp_path.iterdir()) == [path]


async def test_below_a_file_there_is_nothing(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileNotFoundError):
        await DiskFiles().read(tmp_path / "file" / "x")
    with pytest.raises(ToolFailed, match="a part of its path is a file"):
        await DiskFiles().write([change(tmp_path / "file" / "x", None, b"x")])


@pytest.mark.parametrize("size", [0, 1, (256 << 10) + 1, 3 << 20])
async def test_small_and_large_files_are_read_and_written_alike(tmp_path: Path, size: int):
    path, data = tmp_path / "data", os.urandom(size)
    await DiskFiles().write([change(path, None, data)])
    assert (await DiskFiles().read(path)).data == data
    assert list(tmp_path.iterdir()) == [path]


async def test_a_new_file_obeys_the_umask(tmp_path: Path):
    old = os.umask(0o027)
    try:
        await DiskFiles().write([change(tmp_path / "new", None, b"")])
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_the_owner_stays(tmp_path: Path):
    path = tmp_path / "theirs"
    path.write_bytes(b"old")
    os.chown(path, 1234, 2345)
    path.chmod(0o4750)
    await DiskFiles().write([change(path, b"old", b"new")])
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 2345, 0o4750)


async def test_the_owners_rights_do_not_pass_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the owner cannot be kept, set-user-id would lend the rights of whoever runs this."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no")

    path = tmp_path / "theirs"
    path.write_bytes(b"old")
    path.chmod(0o6755)
    old = os.stat_result([*path.stat()[:4], 4321, 4321, *path.stat()[6:]])
    monkeypatch.setattr(os, "fchown", refuse)
    with path.open("rb") as predecessor, (tmp_path / "new").open("wb") as file:
        atomic._copy_status(predecessor.fileno(), old, file.fileno())  # pyright: ignore[reportPrivateUsage]
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o755


async def test_extended_attributes_stay(tmp_path: Path):
    path = tmp_path / "marked"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has none")
    await DiskFiles().write([change(path, b"old", b"new")])
    assert os.getxattr(path, "user.note") == b"kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
async def test_a_read_only_file_is_not_replaced_behind_its_owners_back(tmp_path: Path):
    path = tmp_path / "mine"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(ToolFailed, match="read-only"):
        await DiskFiles().write([change(path, b"old", b"new")])


def fail_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, count: int) -> list[int]:
    """Let the `count`-th call of a function fail as on a full disk; returns the list of calls."""
    real: Callable[..., object] = getattr(owner, name)
    calls: list[int] = []

    def wrapper(*arguments: object, **options: object) -> object:
        calls.append(1)
        if len(calls) == count:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, wrapper)
    return calls


FAULTS: list[tuple[object, str]] = [
    (os, "open"),
    (os, "fsync"),
    (os, "fchmod"),
    (os, "link"),
    (os, "replace"),
    (os, "unlink"),
    (os, "mkdir"),
]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("owner, name", FAULTS, ids=[name for _, name in FAULTS])  # noqa: PT006
async def test_a_failure_anywhere_leaves_all_or_nothing_and_no_other_file(
    tmp_path: Path, owner: object, name: str, links: bool
):
    """Each call that can fail is made to, once, in turn, until a run meets no failure."""
    for count in range(1, 300):
        root = tmp_path / str(count)
        (root / "kept").mkdir(parents=True)
        (root / "changed").write_bytes(b"c")
        (root / "deleted").write_bytes(b"d")
        before = tree(root)
        changes = [
            change(root / "new", None, b"n"),
            change(root / "changed", b"c", b"C"),
            change(root / "deleted", b"d", None),
            change(root / "made" / "deep" / "new", None, b"m"),
        ]
        with pytest.MonkeyPatch.context() as patch:
            if not links:
                patch.setattr(os, "link", no_links)
            calls = fail_at(patch, owner, name, count) if links or name != "link" else [1]
            try:
                await DiskFiles().write(changes)
            except ToolFailed:
                assert tree(root) == before, count
            else:
                after = {name: data for name, data in tree(root).items() if not name.endswith(".tmp")}
                assert after.keys() - {"made", "made/deep", "kept"} == {"new", "changed", "made/deep/new"}
                if len(calls) < count:
                    return
    pytest.fail("the failures never ended")


def no_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


async def test_a_file_that_changes_while_the_new_content_is_written_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    real = os.fsync

    def meanwhile(descriptor: int) -> None:
        real(descriptor)
        path.write_bytes(b"somebody else's")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(StaleFile, match="changed since"):
        await DiskFiles().write([change(path, b"old", b"new")])
    assert tree(tmp_path) == {"a": b"somebody else's"}


async def test_of_two_writers_one_wins_and_the_other_is_told(tmp_path: Path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    results = await asyncio.gather(
        *(DiskFiles().write([change(path, b"old", b"%d" % number)]) for number in range(8)),
        return_exceptions=True,
    )
    assert sum(result is None for result in results) == 1
    assert all(result is None or isinstance(result, StaleFile) for result in results)
    winner = next(number for number, result in enumerate(results) if result is None)
    assert tree(tmp_path) == {"a": b"%d" % winner}


async def test_a_writer_in_the_midst_of_its_changes_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Both found the file unchanged before either replaced it: the second must look again after."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    real = os.replace
    first, second, go_on = threading.Event(), threading.Event(), threading.Event()

    def replace(*names: str, **folders: int) -> None:
        if first.is_set():
            second.set()
        else:
            first.set()
            assert go_on.wait(10)
        real(*names, **folders)

    monkeypatch.setattr(os, "replace", replace)
    one = asyncio.create_task(DiskFiles().write([change(path, b"old", b"one")]))
    await asyncio.to_thread(first.wait, 10)
    two = asyncio.create_task(DiskFiles().write([change(path, b"old", b"two")]))
    assert not await asyncio.to_thread(second.wait, 0.2)
    go_on.set()
    await one
    with pytest.raises(StaleFile):
        await two
    assert tree(tmp_path) == {"a": b"one"}


async def cancel_at(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, write: asyncio.Task[None]
) -> None:
    """Cancel a write while it is inside a function of the thread, then let it go on."""
    real: Callable[..., object] = getattr(owner, name)
    inside, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def wait(*arguments: object, **options: object) -> object:
        loop.call_soon_threadsafe(inside.set)
        assert go_on.wait(10)
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, wait)
    await inside.wait()
    write.cancel()
    await asyncio.sleep(0)
    assert not write.done(), "left while its thread still works"
    go_on.set()


async def test_a_cancel_before_the_first_change_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    write = asyncio.create_task(DiskFiles().write([change(path, b"old", b"new")]))
    await cancel_at(monkeypatch, os, "fsync", write)
    with pytest.raises(asyncio.CancelledError):
        await write
    assert tree(tmp_path) == {"a": b"old"}


async def test_a_cancel_amid_the_changes_finishes_them_and_ends_the_next_await(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"old")
    seen: list[str] = []

    async def caller() -> None:
        await DiskFiles().write([change(tmp_path / name, b"old", b"new") for name in "ab"])
        seen.append("told that it was done")
        await asyncio.sleep(0)
        seen.append("went on")

    task = asyncio.create_task(caller())
    await cancel_at(monkeypatch, os, "link", task)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["told that it was done"]
    assert tree(tmp_path) == {"a": b"new", "b": b"new"}


async def test_a_relative_path_is_a_mistake_of_the_program(tmp_path: Path):
    with pytest.raises(ValueError, match="absolute"):
        await DiskFiles().write([change(Path("a"), None, b"")])
