"""Throwing old contents out of the checkpoint store."""

import fcntl
import os
from pathlib import Path

import pytest
from tests.unit.sessions.events import Sequencer, started

from droid.domain.events import FilesChanged
from droid.domain.files import FileChange
from droid.sessions.blobs import DiskBlobs
from droid.sessions.log import SessionLog
from droid.sessions.pruning import Pruned, prune, prune_if_due

DAY = 24 * 3600.0
NOW = 1_800_000_000.0


class Store:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.blobs = DiskBlobs(home / "checkpoints")

    def put(self, data: bytes, age_days: float) -> str:
        digest = self.blobs.put(data)
        path = self.home / "checkpoints" / digest[:2] / digest[2:]
        os.utime(path, (NOW - age_days * DAY, NOW - age_days * DAY))
        return digest

    def holds(self, digest: str) -> bool:
        return (self.home / "checkpoints" / digest[:2] / digest[2:]).exists()

    def open_session(self, before: str) -> SessionLog:
        folder = self.home / "sessions/work-1"
        folder.mkdir(parents=True)
        log, number = SessionLog.create(folder / "s1.jsonl"), Sequencer()
        log.append(number(started()))
        change = FileChange(path="/work/a", before=before, after=None, added_lines=0, removed_lines=1)
        log.append(number(FilesChanged(call_id="c", changes=(change,)), "t1"))
        return log


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / ".factory")


def test_what_is_too_old_goes(store: Store) -> None:
    old, young = store.put(b"old", 31), store.put(b"young", 29)
    assert prune(store.home, now=NOW) == Pruned(files=1, freed_bytes=3, left_bytes=5)
    assert (store.holds(old), store.holds(young)) == (False, True)
    with pytest.raises(KeyError):
        store.blobs.get(old)


def test_of_too_much_the_oldest_goes_first(store: Store) -> None:
    digests = [store.put(bytes([65 + age]) * 10, age) for age in (2, 3, 4, 5)]
    assert prune(store.home, max_bytes=20, now=NOW) == Pruned(files=2, freed_bytes=20, left_bytes=20)
    assert [store.holds(digest) for digest in digests] == [True, True, False, False]


def test_what_a_command_may_have_been_kept_for_stays_however_much_it_is(store: Store) -> None:
    digest = store.put(b"x" * 100, 0.5)
    assert prune(store.home, max_bytes=10, max_age_days=0.1, now=NOW) == Pruned(left_bytes=100)
    assert store.holds(digest)


def test_what_an_open_session_needs_stays_and_what_a_closed_one_needs_goes(store: Store) -> None:
    digest = store.put(b"needed", 400)
    log = store.open_session(digest)
    assert prune(store.home, max_bytes=1, now=NOW) == Pruned(left_bytes=6)
    assert store.holds(digest)
    log.close()
    assert prune(store.home, max_bytes=1, now=NOW) == Pruned(files=1, freed_bytes=6)


def test_a_second_process_leaves_it_to_the_first(store: Store) -> None:
    store.put(b"old", 400)
    lock = os.open(store.home / "checkpoints/.pruning", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        assert prune(store.home, now=NOW) is None
    finally:
        os.close(lock)
    assert prune(store.home, now=NOW) == Pruned(files=1, freed_bytes=3)


def test_it_is_not_done_at_every_start(store: Store) -> None:
    store.put(b"old", 4000)
    assert prune_if_due(store.home, lambda: False) is not None
    assert prune_if_due(store.home, lambda: False) is None


def test_it_stops_when_the_program_does(store: Store) -> None:
    digest = store.put(b"old", 400)
    assert prune(store.home, now=NOW, stopped=lambda: True) == Pruned()
    assert store.holds(digest)


def test_half_written_content_and_foreign_files(store: Store) -> None:
    digest = store.put(b"data", 1)
    folder = store.home / "checkpoints" / digest[:2]
    (folder / ".0123").write_bytes(b"half")
    os.utime(folder / ".0123", (1, 1))
    (store.home / "checkpoints/notes.txt").write_text("mine")
    assert prune(store.home, now=NOW) == Pruned(left_bytes=4)
    assert not (folder / ".0123").exists()
    assert (store.home / "checkpoints/notes.txt").exists()


def test_without_a_store_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert prune(tmp_path / "nowhere") is None
