"""Whatever stands in the place of a settings file, reading it comes to an end, and says what it found."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from droid.settings.jsonc import MAX_BYTES
from droid.settings.read_file import CannotRead, read_bounded

SERVER = Path(__file__).resolve().parents[3] / "server"


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b"\x00\xff{}")
    assert read_bounded(file) == b"\x00\xff{}"


@pytest.mark.parametrize(("size", "read"), [(0, 0), (10, 10), (11, 11), (12, 11), (10_000, 11)])
def test_at_most_one_byte_more_than_the_limit_is_read(tmp_path: Path, size: int, read: int) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b"x" * size)
    assert len(read_bounded(file, 10)) == read


def test_a_huge_sparse_file_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)
    assert len(read_bounded(file)) == MAX_BYTES + 1


@pytest.mark.parametrize("name", ["missing", "missing/settings.json", "file/settings.json", "nul\0.json"])
def test_what_is_not_there_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / name)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    os.mkfifo(file)
    with pytest.raises(CannotRead, match="not a regular file"):
        read_bounded(file)


def test_a_pipe_with_a_writer_is_not_read_either(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    os.mkfifo(file)
    end = os.open(file, os.O_RDWR)
    try:
        os.write(end, b"{}")
        with pytest.raises(CannotRead, match="not a regular file"):
            read_bounded(file)
    finally:
        os.close(end)


def test_neither_a_folder_nor_a_device_is_a_file(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(CannotRead, match="not a regular file"):
            read_bounded(path)


def test_links_that_lead_nowhere_are_there_and_cannot_be_read(tmp_path: Path) -> None:
    loop, other, dangling = (tmp_path / name for name in ("loop", "other", "dangling"))
    loop.symlink_to(other)
    other.symlink_to(loop)
    dangling.symlink_to(tmp_path / "missing")
    for path in (loop, dangling):
        with pytest.raises(CannotRead, match="cannot be read"):
            read_bounded(path)


def test_what_others_may_not_read_says_so() -> None:
    """Root reads everything, so the reading is somebody else's where root runs the test."""
    program = (
        "import os, sys, pathlib\n"
        "from droid.settings.read_file import read_bounded\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: read_bounded(pathlib.Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        file = Path(folder) / "settings.json"
        file.write_text("{}")
        file.chmod(0)
        found = subprocess.run(
            [sys.executable, "-c", program, file],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(SERVER)},
        )
    assert found.stdout.strip() == "CannotRead cannot be read (Permission denied)"


def test_a_file_that_is_swapped_all_the_time_is_read_as_one_of_its_versions(tmp_path: Path) -> None:
    """Versions are of different lengths, replaced and overwritten in turn; a mixture would be noticed."""
    file = tmp_path / "settings.json"
    versions = {letter * (200_000 + 50_000 * index) for index, letter in enumerate((b"a", b"b", b"c"))}
    file.write_bytes(b"a" * 200_000)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for version in sorted(versions):
                passing = tmp_path / "passing"
                passing.write_bytes(version)
                passing.replace(file)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        read = [data for _ in range(200) if (data := read_if_still(file)) is not None]
    finally:
        stop.set()
        thread.join()
    assert read
    assert set(read) <= versions


def read_if_still(file: Path) -> bytes | None:
    try:
        return read_bounded(file)
    except CannotRead:
        return None


def test_no_file_stays_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    before = open_files()
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "file", Path("/dev/null")):
        read_if_still(path)
    assert open_files() == before


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return sum(1 for _ in folder.iterdir()) if folder.exists() else 0


def test_a_file_that_never_holds_still_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b"{}")
    look, looks = os.fstat, list[int]()

    def fstat(fd: int) -> os.stat_result:
        looks.append(fd)
        if len(looks) % 2 == 0:  # between the look before and the look after
            with file.open("ab") as opened:
                opened.write(b" ")
        return look(fd)

    monkeypatch.setattr("droid.settings.read_file.os.fstat", fstat)
    with pytest.raises(CannotRead, match="being written"):
        read_bounded(file)
    assert len(looks) == 6
