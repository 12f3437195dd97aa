import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.sessions.events import records

from droid.domain.errors import SessionNotFound
from droid.domain.events import AssistantAnswered, Record, SessionStarted, TextDelta, Warned
from droid.domain.messages import Message, Role, TextPart
from droid.sessions.codec import EVENT_TYPES, encode
from droid.sessions.reader import _decoded, is_whole, read_records

DATA = Path("tests/data/sessions/v1")


def note(text: str, seq: int = 1) -> Record:
    return Record(seq=seq, at=100.0 + seq, turn_id="t1", event=Warned(message=text))


A, B, C = encode(note("a", 1)), encode(note("b", 2)), encode(note("c", 3))
LATER = b'{"seq":2,"at":102,"turn":"t1","type":"teleported","to":"moon"}\n'


def read(tmp_path: Path, data: bytes) -> list[Record]:
    path = tmp_path / "s.jsonl"
    path.write_bytes(data)
    return read_records(path)


def texts(found: list[Record]) -> list[str]:
    return [record.event.message for record in found if isinstance(record.event, Warned)]


DAMAGED_2 = "line 2 of this transcript is damaged and was left out"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n\n", []),
        (A + B, ["a", "b"]),
        (A + B[:-1], ["a", "b"]),
        (A + B[:-2], ["a"]),
        (A + B[:9] + b"\0" * 4096, ["a"]),
        (A + b"\0" * 4096, ["a"]),
        (A + b"\0" * 4096 + B + C, ["a", "b", "c"]),
        (A + B[:9] + b"\n" + C, ["a", DAMAGED_2, "c"]),
        (A + b"\xff\xfe\n" + C, ["a", DAMAGED_2, "c"]),
        (A + b'{"seq":2,"at":1,"turn":null,"type":"warned","message":5}\n' + C, ["a", DAMAGED_2, "c"]),
        (b"rubbish\n" + A, ["line 1 of this transcript is damaged and was left out", "a"]),
        (
            A + LATER + C + LATER,
            ["a", "c", "2 events of this transcript are of a later version and were left out"],
        ),
        (A.replace(b"\n", b"\r\n") + B, ["a", "b"]),
    ],
)
def test_what_can_be_read_is_read(tmp_path: Path, data: bytes, expected: list[str]) -> None:
    assert texts(read(tmp_path, data)) == expected


def test_a_note_takes_the_place_of_what_is_missing_and_no_number(tmp_path: Path) -> None:
    found = read(tmp_path, A + b"rubbish\n" + C)
    assert [(record.seq, record.turn_id) for record in found] == [(1, "t1"), (1, "t1"), (3, "t1")]


def test_a_transcript_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFound):
        read_records(tmp_path / "absent.jsonl")


@given(st.lists(records(st.builds(Warned, message=st.text(max_size=5))), min_size=1, max_size=8), st.data())
def test_damage_to_one_line_costs_that_line_alone(
    tmp_path_factory: pytest.TempPathFactory, whole: list[Record], data: st.DataObject
) -> None:
    lines = [encode(record) for record in whole]
    index = data.draw(st.integers(0, len(lines) - 1))
    junk = data.draw(st.binary(max_size=60)).replace(b"\n", b"").strip(b"\0 \t\r")
    path = tmp_path_factory.mktemp("reader") / "s.jsonl"
    path.write_bytes(b"".join([*lines[:index], b"x" + junk + b"\n", *lines[index + 1 :]]))
    found = read_records(path)
    assert found[:index] == whole[:index]
    assert found[index + 1 :] == whole[index + 1 :]


@given(st.lists(records(), min_size=1, max_size=5), st.data())
def test_wherever_a_crash_cuts_the_lines_before_are_read(
    tmp_path_factory: pytest.TempPathFactory, whole: list[Record], data: st.DataObject
) -> None:
    whole = [record for record in whole if not hasattr(record.event, "text")]
    whole = [record for record in whole if record.event.type not in ("assistant_answered", "retry_scheduled")]
    lines = b"".join(encode(record) for record in whole)
    cut = data.draw(st.integers(0, len(lines)))
    path = tmp_path_factory.mktemp("reader") / "s.jsonl"
    path.write_bytes(lines[:cut])
    ended = lines[:cut].count(b"\n")
    assert read_records(path) in (whole[:ended], whole[: ended + 1])


def test_a_line_that_its_writer_ends_while_it_is_read_is_left_for_the_next_reader() -> None:
    assert texts(list(_decoded([A, B[:10], B[10:], C]))) == ["a"]


def test_deltas_that_an_interruption_left_behind_stay(tmp_path: Path) -> None:
    first = Record(seq=1, at=1.0, turn_id="t1", event=TextDelta(text="Hel"))
    second = Record(seq=1, at=2.0, turn_id="t1", event=TextDelta(text="lo"))
    assert read(tmp_path, encode(first) + encode(second)) == [first, second]
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text="Hello"),))
    answer = Record(seq=2, at=3.0, turn_id="t1", event=AssistantAnswered(message=message, stop_reason=None))
    assert read(tmp_path, encode(first) + encode(second) + encode(answer)) == [answer]


@pytest.mark.parametrize(
    ("line", "whole"),
    [(b"{}", True), (A, True), (A[:-2], False), (b"", False), (b"1", False), (b"\xff", False)],
)
def test_only_a_whole_object_is_whole(line: bytes, whole: bool) -> None:
    assert is_whole(line) is whole


def holds(now: object, stored: object) -> bool:
    """Whether everything that was stored is still there; later versions may have added to it."""
    if isinstance(stored, dict) and isinstance(now, dict):
        return all(key in now and holds(now[key], value) for key, value in stored.items())
    if isinstance(stored, list) and isinstance(now, list):
        return len(stored) == len(now) and all(map(holds, now, stored))
    return now == stored


@pytest.mark.parametrize("name", ["every_event", "hooks_and_untrusted_text", "checkpoints", "reviewed"])
def test_the_first_format_can_be_read(name: str) -> None:
    """Every later version opens what this one stored; a file is never written anew."""
    lines = (DATA / f"{name}.jsonl").read_bytes().splitlines(keepends=True)
    found = read_records(DATA / f"{name}.jsonl")
    assert len(found) == len(lines)
    for record, line in zip(found, lines, strict=True):
        assert holds(json.loads(encode(record)), json.loads(line))
    assert isinstance(found[0].event, SessionStarted)
    assert found[0].event.format == 1


def test_every_event_stands_in_a_stored_session() -> None:
    lines = [line for path in DATA.iterdir() for line in path.read_bytes().splitlines() if is_whole(line)]
    assert {json.loads(line)["type"] for line in lines} == EVENT_TYPES - {"tool_output_delta"}


def test_a_killed_session_of_the_first_format_can_be_read() -> None:
    found = read_records(DATA / "killed_in_mid_answer.jsonl")
    assert [record.event.type for record in found] == [
        "session_started", "turn_started", "step_started", "thinking_delta", "text_delta",
    ]  # fmt: skip
