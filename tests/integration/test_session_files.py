"""Sessions under real processes, real kills and a real full disk."""

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.sessions.events import Sequencer, one_turn, started

from droid.domain.errors import LogWriteFailed, SessionLocked
from droid.domain.events import Record, Warned
from droid.sessions.blobs import DiskBlobs
from droid.sessions.log import SessionLog
from droid.sessions.reader import read_records
from droid.sessions.store import SessionStore

PRELUDE = """
import os, sys
from pathlib import Path
from droid.domain.events import *
from droid.sessions.blobs import DiskBlobs
from droid.sessions.log import SessionLog
from droid.sessions.store import SessionStore
path = Path(sys.argv[1])
def note(seq, text="x"):
    return Record(seq=seq, at=float(seq), turn_id=None, event=Warned(message=text))
"""


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a Python program that has sessions at hand; it is gone when the test ends."""
    running: list[subprocess.Popen[str]] = []

    def run(program: str, *arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(program), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path("server").resolve())},
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate(timeout=30)


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def session(store: SessionStore, session_id: str, turns: int = 1) -> None:
    number = Sequencer()
    log = store.create(session_id)
    log.append(number(started(session_id)))
    for turn in range(1, turns + 1):
        for record in one_turn(number, f"t{turn}", prompt=f"apple {turn}"):
            log.append(record)
    log.close()


APPENDING = """
log = SessionLog.open(path) if path.exists() else SessionLog.create(path)
seq = int(sys.argv[2])
while True:
    seq += 1
    log.append(note(seq, "x" * (seq % 3000)))
    print(seq, flush=True)
"""


def test_every_record_that_was_acknowledged_survives_kill_9(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "s1.jsonl"
    acknowledged = 0
    for round_number in range(12):
        process = start(APPENDING, path, acknowledged)
        for _ in range(20 + 13 * round_number):
            assert line_of(process)
        process.send_signal(signal.SIGKILL)
        output, _ = process.communicate(timeout=30)
        acknowledged = int(output.split()[-1]) if output.split() else acknowledged
        stored = read_records(path)
        assert [record.seq for record in stored] == list(range(1, len(stored) + 1))
        assert len(stored) >= acknowledged
        assert all(record.event == Warned(message="x" * (record.seq % 3000)) for record in stored)
        acknowledged = len(stored)


def test_a_killed_writer_leaves_no_lock_and_no_litter(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "s1.jsonl"
    process = start(APPENDING, path, 0)
    assert line_of(process)
    with pytest.raises(SessionLocked):
        SessionLog.open(path)
    process.kill()
    process.communicate(timeout=30)
    SessionLog.open(path).close()
    assert list(tmp_path.iterdir()) == [path]


def test_a_program_that_the_writer_starts_does_not_keep_the_lock(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "s1.jsonl"
    process = start(
        """
        import subprocess
        log = SessionLog.create(path)
        child = subprocess.Popen(["sleep", "60"])
        print(child.pid, flush=True)
        sys.stdin.readline()
        """,
        path,
    )
    child = int(line_of(process))
    try:
        process.kill()
        process.wait(timeout=30)
        SessionLog.open(path).close()
    finally:
        os.kill(child, signal.SIGKILL)


def test_of_many_processes_one_writes(start: Start, tmp_path: Path) -> None:
    home, workspace = tmp_path / "home", tmp_path / "shop"
    session(SessionStore(home, workspace), "abc1")
    racers = [
        start(
            """
            from droid.domain.errors import SessionLocked
            store = SessionStore(path, Path(sys.argv[2]))
            sys.stdin.readline()
            try:
                records, log = store.open("abc1")
            except SessionLocked:
                print("locked", flush=True)
            else:
                print("open", flush=True)
                sys.stdin.readline()
                log.append(note(len(records) + 1, str(os.getpid())))
                log.close()
                print("done", flush=True)
            """,
            home,
            workspace,
        )
        for _ in range(6)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [line_of(racer) for racer in racers]
    assert sorted(answers) == ["locked"] * 5 + ["open"]
    winner = racers[answers.index("open")]
    store = SessionStore(home, workspace)
    assert store.list()[0].locked
    with pytest.raises(SessionLocked):
        store.open("abc1")
    with pytest.raises(SessionLocked):
        store.delete("abc1")
    assert winner.stdin is not None
    winner.stdin.write("go\n")
    winner.stdin.flush()
    assert line_of(winner) == "done"
    assert store.read("abc1")[-1].event == Warned(message=str(winner.pid))
    assert not store.list()[0].locked


def test_processes_that_begin_the_same_session_at_once_do_not_share_it(start: Start, tmp_path: Path) -> None:
    racers = [
        start(
            """
            from droid.domain.errors import DroidError
            sys.stdin.readline()
            try:
                log = SessionStore(path, path).create("abc1")
            except DroidError:
                print("refused", flush=True)
            else:
                print("created", flush=True)
            sys.stdin.readline()
            """,
            tmp_path,
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    assert sorted(line_of(racer) for racer in racers) == ["created", "refused", "refused", "refused"]


def test_readers_of_a_growing_transcript_see_whole_records_only(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "s1.jsonl"
    process = start(APPENDING, path, 0)
    assert line_of(process)
    drained = threading.Thread(target=process.communicate)
    seen = 0
    drained.start()
    try:
        while seen < 2000:
            stored = read_records(path)
            assert [record.seq for record in stored] == list(range(1, len(stored) + 1))
            assert len(stored) >= seen
            seen = len(stored)
    finally:
        process.kill()
        drained.join(timeout=30)


@pytest.fixture
def file_size_limit() -> Iterator[Callable[[int], None]]:
    """No file of this process may grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_fails_the_append_and_later_ones_are_whole_again(
    tmp_path: Path, file_size_limit: Callable[[int], None]
) -> None:
    path = tmp_path / "s1.jsonl"
    log = SessionLog.create(path)
    note = Record(seq=1, at=1.0, turn_id=None, event=Warned(message="x" * 300))
    log.append(note)
    size = path.stat().st_size
    file_size_limit(size + size // 2)
    for _ in range(3):
        with pytest.raises(LogWriteFailed, match="File too large"):
            log.append(note)
        assert path.stat().st_size == size
    file_size_limit(resource.RLIM_INFINITY)
    log.append(note)
    log.close()
    assert read_records(path) == [note, note]


def test_a_full_disk_keeps_no_half_checkpoint(tmp_path: Path, file_size_limit: Callable[[int], None]) -> None:
    blobs = DiskBlobs(tmp_path)
    digest = blobs.put(b"small")
    file_size_limit(1000)
    with pytest.raises(LogWriteFailed):
        blobs.put(b"x" * 5000)
    file_size_limit(resource.RLIM_INFINITY)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest[2:]]


def test_an_index_on_a_full_disk_still_answers(
    tmp_path: Path, file_size_limit: Callable[[int], None]
) -> None:
    store = SessionStore(tmp_path, tmp_path)
    for number in range(30):
        session(store, f"abc{number:02}", turns=20)
    file_size_limit(8192)
    assert len(store.list()) == 30
    assert len(store.search("apple", limit=1000)) == 600
    file_size_limit(resource.RLIM_INFINITY)
    assert len(store.list()) == 30


PUTTING = """
blobs = DiskBlobs(path)
count = int(sys.argv[2])
while True:
    count += 1
    print(blobs.put(b"%d" % count * (count * 37 % 20000)), flush=True)
"""


def test_checkpoints_survive_kill_9_whole(start: Start, tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    for round_number in range(6):
        process = start(PUTTING, tmp_path, round_number * 1000)
        digests = [line_of(process) for _ in range(30)]
        process.kill()
        output, _ = process.communicate(timeout=30)
        digests += [line for line in output.split() if len(line) == 64]
        assert all(blobs.get(digest) for digest in digests)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert all(blobs.get(path.parent.name + path.name) is not None for path in kept)


def test_several_processes_list_and_search_at_once_and_agree(start: Start, tmp_path: Path) -> None:
    home, workspace = tmp_path / "home", tmp_path / "shop"
    store = SessionStore(home, workspace)
    for number in range(15):
        session(store, f"abc{number:02}", turns=5)
    program = """
        store = SessionStore(path, Path(sys.argv[2]))
        sys.stdin.readline()
        for _ in range(5):
            print(len(store.list()), len(store.search("apple", limit=999)), flush=True)
        """
    readers = [start(program, home, workspace) for _ in range(4)]
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("go\n")
        reader.stdin.flush()
    assert {line_of(reader) for reader in readers for _ in range(5)} == {"15 75"}
    assert len(store.search("apple", limit=999)) == 75


def test_an_index_that_is_damaged_under_several_processes_is_made_anew(start: Start, tmp_path: Path) -> None:
    home, workspace = tmp_path / "home", tmp_path / "shop"
    store = SessionStore(home, workspace)
    for number in range(10):
        session(store, f"abc{number:02}", turns=3)
    store.list()
    index = home / "sessions" / "index.db"
    index.write_bytes(b"damaged" * 5000)
    program = """
        store = SessionStore(path, Path(sys.argv[2]))
        sys.stdin.readline()
        print(len(store.list()), len(store.search("apple", limit=999)), flush=True)
        """
    readers = [start(program, home, workspace) for _ in range(4)]
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("go\n")
        reader.stdin.flush()
    assert {line_of(reader) for reader in readers} == {"10 30"}


def test_an_index_killed_in_the_middle_of_its_work_is_right_the_next_time(
    start: Start, tmp_path: Path
) -> None:
    home, workspace = tmp_path / "home", tmp_path / "shop"
    store = SessionStore(home, workspace)
    for number in range(20):
        session(store, f"abc{number:02}", turns=20)
    for pause_s in (0.0, 0.005, 0.01, 0.02, 0.04):
        process = start(
            "store = SessionStore(path, Path(sys.argv[2]))\nimport sqlite3\nprint('go', flush=True)\nstore.list()",
            home,
            workspace,
        )
        assert line_of(process) == "go"
        try:
            process.wait(timeout=pause_s)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait(timeout=30)
        assert len(store.list()) == 20
        assert len(store.search("apple", limit=9999)) == 400
        for path in (home / "sessions").glob("index.db*"):
            path.unlink()


def test_a_fork_killed_in_the_middle_is_no_session(start: Start, tmp_path: Path) -> None:
    home, workspace = tmp_path / "home", tmp_path / "shop"
    store = SessionStore(home, workspace)
    session(store, "abc1", turns=30)
    program = """
        write, left = os.write, [100]
        def dying(fd, data):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), 9)
            return write(fd, data)
        os.write = dying
        SessionStore(path, Path(sys.argv[2])).fork("abc1", "new1")
        """
    assert start(program, home, workspace).wait(timeout=60) == -signal.SIGKILL
    assert [summary.id for summary in store.list()] == ["abc1"]
    records, log = store.fork("abc1", "new1")
    log.close()
    assert store.read("new1") == records
    assert len(records) == 211


def test_a_transcript_is_lines_of_json_that_other_programs_can_read(tmp_path: Path) -> None:
    store = SessionStore(tmp_path, tmp_path)
    session(store, "abc1")
    path = store.list()[0].path
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, 9))
    assert {"seq", "at", "turn", "type"} <= set(lines[0])
