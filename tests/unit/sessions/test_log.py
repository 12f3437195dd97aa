import errno
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.sessions.events import records

from droid.domain.decisions import Decision
from droid.domain.errors import LogWriteFailed, SessionLocked, SessionNotFound
from droid.domain.events import DecisionMade, Event, Record, TextDelta, ThinkingDelta, Warned
from droid.domain.levels import Risk, Verdict
from droid.sessions.codec import encode
from droid.sessions.log import SessionLog, is_locked
from droid.sessions.reader import read_records


def note(text: str, seq: int = 1) -> Record:
    return Record(seq=seq, at=100.0, turn_id="t1", event=Warned(message=text))


def delta(text: str, at: float = 100.0) -> Record:
    return Record(seq=1, at=at, turn_id="t1", event=TextDelta(text=text))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s1.jsonl"


Fault = Callable[[int, bytes], int]
Faults = Callable[[Sequence[Fault | None]], list[int]]

_write = os.write


@pytest.fixture
def faulty_writes(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Make the next writes of this process fail as given; None lets one through. Returns their sizes."""

    def install(faults: Sequence[Fault | None]) -> list[int]:
        queue, sizes = list(faults), list[int]()

        def faulty(fd: int, data: bytes) -> int:
            sizes.append(len(data))
            fault = queue.pop(0) if queue else None
            return _write(fd, data) if fault is None else fault(fd, data)

        monkeypatch.setattr(os, "write", faulty)
        return sizes

    return install


def short(count: int) -> Fault:
    return lambda fd, data: _write(fd, data[:count])


def failing(code: int) -> Fault:
    def fault(fd: int, data: bytes) -> int:
        raise OSError(code, os.strerror(code))

    return fault


def test_a_transcript_is_private(path: Path) -> None:
    umask = os.umask(0)
    try:
        SessionLog.create(path).close()
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_session_is_not_begun_twice(path: Path) -> None:
    SessionLog.create(path).close()
    with pytest.raises(LogWriteFailed, match="File exists"):
        SessionLog.create(path)


def test_a_transcript_that_is_not_there_cannot_be_opened(path: Path) -> None:
    with pytest.raises(SessionNotFound):
        SessionLog.open(path)


def test_a_symlink_is_not_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "notes.txt"
    target.write_text("mine")
    path.symlink_to(target)
    with pytest.raises(LogWriteFailed):
        SessionLog.open(path)
    assert target.read_text() == "mine"


def test_every_record_is_one_write(path: Path, faulty_writes: Faults) -> None:
    log = SessionLog.create(path)
    sizes = faulty_writes([])
    log.append(note("a"))
    log.append(delta("held"))
    log.append(note("b"))
    assert len(sizes) == 2
    assert sum(sizes) == path.stat().st_size


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([("a", 0.0), ("b", 0.24)], []),
        ([("a", 0.0), ("b", 0.25)], ["ab"]),
        ([("a", 0.0), ("b", 0.3), ("c", 0.4), ("d", 0.56)], ["ab"]),
        ([("a", 0.0), ("b", 0.3), ("c", 0.4), ("d", 0.65)], ["ab", "cd"]),
        ([("x" * 4095, 0.0)], []),
        ([("x" * 4096, 0.0)], ["x" * 4096]),
        ([("x" * 4000, 0.0), ("y" * 100, 0.0)], ["x" * 4000 + "y" * 100]),
    ],
)
def test_pieces_are_held_back_until_they_are_many_or_old(
    path: Path, pieces: list[tuple[str, float]], expected: list[str]
) -> None:
    log = SessionLog.create(path)
    for text, after in pieces:
        log.append(delta(text, at=100.0 + after))
    stored = [record.event for record in read_records(path)]
    assert stored == [TextDelta(text=text) for text in expected]


def test_joined_pieces_carry_the_time_of_the_first(path: Path) -> None:
    log = SessionLog.create(path)
    log.append(delta("a", at=100.0))
    log.append(delta("b", at=100.1))
    log.close()
    assert [(record.at, record.seq) for record in read_records(path)] == [(100.0, 1)]


PIECES = st.sampled_from([TextDelta, ThinkingDelta]).flatmap(
    lambda kind: st.builds(kind, text=st.text(max_size=2000))
)


@given(st.lists(records(PIECES | st.builds(Warned, message=st.text(max_size=5))), max_size=30))
def test_joining_loses_and_reorders_nothing(
    tmp_path_factory: pytest.TempPathFactory, appended: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("log") / "s.jsonl"
    log = SessionLog.create(path)
    for record in appended:
        log.append(record)
    log.close()

    def said(all_records: list[Record]) -> list[tuple[str | None, type[Event], str]]:
        """Turn, kind and text, with neighbours of one kind joined."""
        joined: list[tuple[str | None, type[Event], str]] = []
        for record in all_records:
            event = record.event
            text = event.message if isinstance(event, Warned) else getattr(event, "text", "")
            key = (record.turn_id, type(event))
            if joined and joined[-1][:2] == key and not isinstance(event, Warned):
                joined[-1] = (*key, joined[-1][2] + text)
            else:
                joined.append((*key, text))
        return joined

    assert said(read_records(path)) == said(appended)


def test_a_short_write_is_continued(path: Path, faulty_writes: Faults) -> None:
    log = SessionLog.create(path)
    faulty_writes([short(5), short(1)])
    log.append(note("a"))
    log.append(note("b", seq=2))
    assert read_records(path) == [note("a"), note("b", seq=2)]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("after_bytes", [None, 1, 30])
def test_a_failed_write_leaves_nothing_behind_and_the_next_one_is_whole(
    path: Path, faulty_writes: Faults, code: int, after_bytes: int | None
) -> None:
    log = SessionLog.create(path)
    log.append(note("a"))
    size = path.stat().st_size
    begun = [] if after_bytes is None else [short(after_bytes)]
    faulty_writes([*begun, failing(code)])
    with pytest.raises(LogWriteFailed, match=os.strerror(code)):
        log.append(note("lost", seq=2))
    assert path.stat().st_size == size
    log.append(note("b", seq=2))
    assert read_records(path) == [note("a"), note("b", seq=2)]


def test_a_write_that_makes_no_progress_is_a_full_disk(path: Path, faulty_writes: Faults) -> None:
    log = SessionLog.create(path)
    faulty_writes([short(3), lambda fd, data: 0])
    with pytest.raises(LogWriteFailed):
        log.append(note("a"))
    assert path.read_bytes() == b""


def test_a_torn_record_that_cannot_be_cut_off_yet_is_cut_off_before_the_next(
    path: Path, faulty_writes: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = SessionLog.create(path)
    log.append(note("a"))
    truncate, failures = os.ftruncate, [1, 1]

    def stubborn(fd: int, size: int) -> None:
        if failures:
            failures.pop()
            raise OSError(errno.EIO, "Input/output error")
        truncate(fd, size)

    monkeypatch.setattr(os, "ftruncate", stubborn)
    faulty_writes([short(9), failing(errno.EIO)])
    for _ in range(2):
        with pytest.raises(LogWriteFailed):
            log.append(note("lost", seq=2))
    log.append(note("b", seq=2))
    assert read_records(path) == [note("a"), note("b", seq=2)]


def test_held_pieces_survive_a_failed_write(path: Path, faulty_writes: Faults) -> None:
    log = SessionLog.create(path)
    log.append(delta("a"))
    faulty_writes([failing(errno.ENOSPC), failing(errno.ENOSPC)])
    with pytest.raises(LogWriteFailed):
        log.append(note("lost", seq=2))
    with pytest.raises(LogWriteFailed):
        log.append(delta("not taken", at=200.0))
    log.append(note("b", seq=2))
    assert read_records(path) == [delta("a"), note("b", seq=2)]


def test_a_failing_close_still_lets_others_write(path: Path, faulty_writes: Faults) -> None:
    log = SessionLog.create(path)
    log.append(delta("a"))
    faulty_writes([failing(errno.ENOSPC)])
    with pytest.raises(LogWriteFailed):
        log.close()
    log.close()
    SessionLog.open(path).close()


def test_a_value_that_cannot_be_stored_fails_the_append_and_nothing_else(path: Path) -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    log = SessionLog.create(path)
    for bad in (object(), deep):
        decision = Decision(verdict=Verdict.ALLOW, input={"bad": bad}, risk=Risk.LOW, trace=())
        event = DecisionMade(call_id="c", tool="Read", decision=decision)
        with pytest.raises(LogWriteFailed):
            log.append(Record(seq=1, at=1.0, turn_id="t1", event=event))
    log.append(note("a"))
    assert read_records(path) == [note("a")]


def test_a_deleted_transcript_takes_no_more_records(path: Path) -> None:
    log = SessionLog.create(path)
    path.unlink()
    with pytest.raises(LogWriteFailed, match="deleted"):
        log.append(note("a"))


def test_one_transcript_has_one_writer(path: Path) -> None:
    log = SessionLog.create(path)
    assert is_locked(path)
    with pytest.raises(SessionLocked, match="s1 is open in another process"):
        SessionLog.open(path)
    log.close()
    assert not is_locked(path)
    SessionLog.open(path).close()


def test_asking_whether_a_session_is_locked_locks_nobody_out(path: Path) -> None:
    SessionLog.create(path).close()
    assert not is_locked(path)
    assert not is_locked(path.with_name("absent"))
    SessionLog.open(path).close()


WHOLE = encode(note("a")) + encode(note("b", seq=2))
LAST = encode(note("c", seq=3))


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        (b"", b""),
        (b"\0", b""),
        (b"\0" * 200_000, b""),
        (LAST[:1], b""),
        (LAST[:20] + b"\0" * 4096, b""),
        (LAST[:-2], b""),
        (LAST[:-1], LAST),
        (LAST[:-1] + b"\0" * 10, LAST),
        (b'{"a": "' + b"x" * 300_000, b""),
        (b"\xff\xfe", b""),
        (b"17", b""),
    ],
)
def test_opening_cuts_a_torn_line_off_and_keeps_a_whole_one(path: Path, tail: bytes, kept: bytes) -> None:
    for begin in (WHOLE, b""):
        path.write_bytes(begin + tail)
        log = SessionLog.open(path)
        assert path.read_bytes() == begin + kept
        log.append(note("d", seq=9))
        log.close()
        assert path.read_bytes() == begin + kept + encode(note("d", seq=9))


def test_opening_leaves_a_whole_transcript_alone(path: Path) -> None:
    path.write_bytes(WHOLE)
    os.utime(path, (1, 1))
    SessionLog.open(path).close()
    assert path.read_bytes() == WHOLE
    assert path.stat().st_mtime == 1
