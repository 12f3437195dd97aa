"""An event and its line in the transcript.

A line is one JSON object, `{"seq":…,"at":…,"turn":…,"type":…,…the event's fields…}`, UTF-8, ended by a
newline. Writing is on the path of every step, so it hands the dataclasses to the C encoder field by field
and needs no schema. Reading happens once, when a session is taken up, and checks every value: bytes that
arrive may be from another version, or damaged. Fields that this version does not know are left out, so
that a transcript of a later version stays readable.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

from droid.domain.events import Event, Record

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_field_names: dict[type, tuple[str, ...]] = {}

EVENT_TYPES: frozenset[str] = frozenset(
    str(field.default) for event in get_args(Event) for field in fields(event) if field.name == "type"
)
"""What `type` may say in this version."""


class CorruptLine(ValueError):
    """The bytes are not an event."""


def encode(record: Record) -> bytes:
    """Turn a record into its line, newline included.

    Raises:
        TypeError, ValueError, RecursionError: a value in it is not JSON, or is nested too deeply.
    """
    event = record.event
    line: dict[str, Any] = {"seq": record.seq, "at": record.at, "turn": record.turn_id, "type": event.type}
    line.update(_plain(event))
    text = _encode(line)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate, from a file name that is not UTF-8 or from a model: JSON can escape it.
        return _encode_ascii(line).encode() + b"\n"


def decode(line: bytes) -> Record | None:
    """Turn a line into its record; None for an event that a later version wrote.

    Raises:
        CorruptLine: the bytes are not an event.
    """
    parsed = parse(line)
    seq, at, turn_id = parsed.pop("seq", None), parsed.pop("at", None), parsed.pop("turn", None)
    if not isinstance(seq, int) or not isinstance(at, int | float) or not isinstance(turn_id, str | None):
        raise CorruptLine("seq, at or turn is missing")
    if not isinstance(parsed.get("type"), str):
        raise CorruptLine("type is missing")
    if parsed["type"] not in EVENT_TYPES:
        return None
    try:
        event = _adapter().validate_python(parsed)
    except ValueError as error:
        raise CorruptLine("a field of the event does not fit") from error
    return Record(seq=seq, at=float(at), turn_id=turn_id, event=event)


def parse(line: bytes) -> dict[str, Any]:
    """Turn a line into the JSON object that it is, unchecked.

    Raises:
        CorruptLine: it is not one.
    """
    try:
        parsed: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorruptLine("not JSON") from error
    if not isinstance(parsed, dict):
        raise CorruptLine("not an object")
    return cast("dict[str, Any]", parsed)


def _plain(value: object) -> dict[str, Any]:
    """One level of a dataclass, or of a mapping that is no dict; the encoder asks again for what is in it."""
    kind: type[Any] = type(value)
    names = _field_names.get(kind)
    if names is None:
        if isinstance(value, Mapping):
            return dict(cast("Mapping[str, Any]", value))
        names = _field_names[kind] = tuple(field.name for field in fields(kind))
    return {name: getattr(value, name) for name in names}


_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_plain
).encode
_encode_ascii = json.JSONEncoder(separators=(",", ":"), check_circular=False, default=_plain).encode


@cache
def _adapter() -> "TypeAdapter[Event]":
    # Imported here: a session that is only written never needs it.
    from pydantic import Field, TypeAdapter

    return TypeAdapter(Annotated[Event, Field(discriminator="type")])
