import json
import subprocess
import sys
from dataclasses import fields, replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.sessions.events import EVENT_KINDS, instances_of, records

from droid.domain.decisions import Decision
from droid.domain.events import DecisionMade, Record, ToolProposed, Warned
from droid.domain.levels import Risk, Verdict
from droid.sessions.codec import EVENT_TYPES, CorruptLine, decode, encode

RECORD = Record(
    seq=7,
    at=1_750_000_000.5,
    turn_id="t1",
    event=ToolProposed(call_id="c1", tool="Read", arguments="{}", title="Read a.py"),
)


@pytest.mark.parametrize("kind", EVENT_KINDS, ids=lambda kind: kind.__name__)
def test_every_event_comes_back_as_it_was_stored(kind: type) -> None:
    @given(records(instances_of(kind)))
    def check(record: Record) -> None:
        assert decode(encode(record)) == record

    check()


@given(records())
def test_a_record_is_exactly_one_line(record: Record) -> None:
    line = encode(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert b"\0" not in line


def test_a_line_begins_with_its_place_and_its_type() -> None:
    assert encode(RECORD) == (
        b'{"seq":7,"at":1750000000.5,"turn":"t1","type":"tool_proposed",'
        b'"call_id":"c1","tool":"Read","arguments":"{}","title":"Read a.py"}\n'
    )


def test_no_event_has_a_field_that_a_line_uses_for_itself() -> None:
    for kind in EVENT_KINDS:
        assert not {"seq", "at", "turn"} & {field.name for field in fields(kind)}, kind


def test_every_event_has_a_type_of_its_own() -> None:
    assert len(EVENT_TYPES) == len(EVENT_KINDS)


def test_fields_of_a_later_version_are_left_out() -> None:
    line = json.loads(encode(RECORD)) | {"colour": {"of": ["a", "later", "version"]}}
    assert decode(json.dumps(line).encode()) == RECORD


def test_an_event_of_a_later_version_is_no_record_and_no_error() -> None:
    assert decode(b'{"seq":1,"at":1,"turn":null,"type":"teleported","to":"moon"}\n') is None


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"seq":1,"at":1,"turn":null}',
        b'{"seq":"1","at":1,"turn":null,"type":"warned","message":"m"}',
        b'{"seq":1,"at":null,"turn":null,"type":"warned","message":"m"}',
        b'{"seq":1,"at":1,"turn":3,"type":"warned","message":"m"}',
        b'{"seq":1,"at":1,"turn":null,"type":7,"message":"m"}',
        b'{"seq":1,"at":1,"turn":null,"type":["warned"],"message":"m"}',
        b'{"seq":1,"at":1,"turn":null,"type":"warned"}',
        b'{"seq":1,"at":1,"turn":null,"type":"warned","message":{}}',
        b'{"seq":1,"at":1,"turn":null,"type":"warned","message":"m"',
        b'{"seq":1,"at":1,"turn":null,"type":"warned","message":"\xff"}',
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_event_is_called_corrupt(line: bytes) -> None:
    with pytest.raises(CorruptLine):
        decode(line)


@given(records(), st.data())
def test_a_line_that_was_cut_short_is_never_taken_for_a_record(record: Record, data: st.DataObject) -> None:
    line = encode(record)
    with pytest.raises(CorruptLine):
        decode(line[: data.draw(st.integers(0, len(line) - 2))])


def test_a_mapping_that_is_no_dict_is_stored_as_one() -> None:
    decision = Decision(
        verdict=Verdict.ALLOW,
        input=MappingProxyType({"a": MappingProxyType({"b": 1})}),
        risk=Risk.LOW,
        trace=(),
    )
    record = replace(RECORD, event=DecisionMade(call_id="c", tool="Read", decision=decision))
    stored = decode(encode(record))
    assert stored is not None
    assert isinstance(stored.event, DecisionMade)
    assert stored.event.decision.input == {"a": {"b": 1}}


def test_a_value_that_is_not_json_is_refused_rather_than_stored_as_something_else() -> None:
    decision = Decision(verdict=Verdict.ALLOW, input={"a": object()}, risk=Risk.LOW, trace=())
    with pytest.raises(TypeError):
        encode(replace(RECORD, event=DecisionMade(call_id="c", tool="Read", decision=decision)))


def test_a_whole_number_for_a_time_is_a_time() -> None:
    record = decode(b'{"seq":1,"at":5,"turn":null,"type":"warned","message":"m"}')
    assert record == Record(seq=1, at=5.0, turn_id=None, event=Warned(message="m"))


def test_writing_needs_no_schema() -> None:
    """A session that is only written must not pay for pydantic, nor for the index."""
    program = (
        "import sys; from droid.sessions.store import SessionStore; from droid.sessions.codec import encode;"
        "from droid.domain.events import *; encode(Record(seq=1, at=1.0, turn_id=None, event=Warned(message='m')));"
        "print([name for name in ('pydantic', 'sqlite3', 'difflib', 'shutil', 'secrets') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd="server", timeout=60
    )
    assert done.stdout == "[]\n"
