"""Files that the program keeps for itself: on the disk or unchanged, for one user and one writer."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from droid.settings import own_files
from droid.settings.own_files import StoreUnusable, locked, read_own, replace_own


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "kept"
    assert read_own(file, 10) is None
    replace_own(file, b"one")
    replace_own(file, b"two")
    assert read_own(file, 10) == b"two"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_the_content_is_on_the_disk_before_its_name_is_and_the_name_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(fd: int) -> None:
        happened.append("folder" if Path(f"/proc/self/fd/{fd}").resolve() == tmp_path else "content")
        fsync(fd)

    def replaced(path: Path, target: Path) -> Any:
        happened.append("name")
        return replace(path, target)

    monkeypatch.setattr(own_files.os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    replace_own(tmp_path / "kept", b"x")
    assert [one for one in happened if one == "content"] == ["content"]
    if Path("/proc/self/fd").exists():
        assert happened == ["content", "name", "folder"]


@pytest.mark.parametrize("call", ["open", "fsync", "mkdir"])
def test_a_failure_leaves_what_was_there_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    file = tmp_path / "kept"
    replace_own(file, b"one")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path if call == "mkdir" else own_files.os, call, full)
    with pytest.raises(StoreUnusable, match=r"kept cannot be written \(No space left on device\)"):
        replace_own(file, b"two")
    monkeypatch.undo()
    assert read_own(file, 10) == b"one"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_others_can_have_written_is_not_read(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "kept"
    replace_own(file, b"one")
    file.chmod(mode)
    with pytest.raises(StoreUnusable, match="can be written by others"):
        read_own(file, 10)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"x")
    (tmp_path / "kept").symlink_to("other")
    with pytest.raises(StoreUnusable, match="not a regular file"):
        read_own(tmp_path / "kept", 10)
    replace_own(tmp_path / "kept", b"one")
    assert (tmp_path / "other").read_bytes() == b"x"


def test_one_writer_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_files, "_LOCK_S", 0.03)
    with locked(tmp_path / "kept"), pytest.raises(StoreUnusable, match="held by another"):
        locked(tmp_path / "kept").__enter__()
    with locked(tmp_path / "kept"):
        pass


def test_where_there_are_no_locks_it_goes_on_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(own_files.fcntl, "flock", unknown)
    with locked(tmp_path / "kept"):
        pass
