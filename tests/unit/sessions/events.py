"""Events for tests: by Hypothesis from their own declarations, and a small session by hand."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from droid.domain.events import (
    AssistantAnswered,
    Event,
    Record,
    SessionStarted,
    TextDelta,
    ToolFinished,
    ToolProposed,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    UsageReported,
)
from droid.domain.levels import AutonomyLevel
from droid.domain.messages import Message, Role, TextPart, ToolCallPart, Usage, user_message
from droid.domain.models import StopReason
from droid.domain.tools import ToolResult

# Lone surrogates too: file names that are not UTF-8 arrive as such.
TEXT = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["", "\0", "a\nb\r\n", "\u2028\u2029\x85", '"\\{}', "\ud800", "caf\udce9", "😀", '{"seq":1}\n{"seq":2}']
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def values_of(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of a field, from its annotation."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is Any:
        return JSON
    if origin in (Union, UnionType):
        return st.one_of(*(values_of(argument) for argument in arguments))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(values_of(arguments[0]), values_of(arguments[1]), max_size=3)
    if annotation is NoneType:
        return st.none()
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(min_value=0)
    if annotation is float:
        return NUMBER
    if annotation is str:
        return TEXT
    if issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    assert is_dataclass(annotation), annotation
    return instances_of(annotation)


def instances_of(kind: type) -> st.SearchStrategy[Any]:
    """Instances of a dataclass, every field drawn, those with a default too."""
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{field.name: values_of(hints[field.name]) for field in fields(kind) if field.name != "type"}
    )


EVENT_KINDS: tuple[type, ...] = get_args(Event)
EVENTS: st.SearchStrategy[Event] = st.one_of(*(instances_of(kind) for kind in EVENT_KINDS))


def records(events: st.SearchStrategy[Any] = EVENTS) -> st.SearchStrategy[Record]:
    """Records with any of these events."""
    return st.builds(
        Record,
        seq=st.integers(min_value=0, max_value=2**53),
        at=st.floats(min_value=0, max_value=1e10),
        turn_id=st.none() | st.sampled_from(["t1", "t2"]),
        event=events,
    )


class Sequencer:
    """Numbers records as a session does; a second passes from each to the next."""

    def __init__(self, seq: int = 0, at: float = 1_750_000_000.0) -> None:
        self.seq, self.at = seq, at

    def __call__(self, event: Event, turn_id: str | None = None) -> Record:
        self.at += 1
        if not isinstance(event, TextDelta):
            self.seq += 1
        return Record(seq=self.seq, at=self.at, turn_id=turn_id, event=event)


def started(session_id: str = "s1", workspace: str = "/work/shop", **changes: Any) -> SessionStarted:
    """The first event of a session."""
    return SessionStarted(
        session_id=session_id,
        workspace=workspace,
        cwd=workspace,
        model="demo",
        autonomy=AutonomyLevel.LOW,
        surface="lsp",
        system="You are Droid.",
        **changes,
    )


def one_turn(
    number: Sequencer, turn_id: str = "t1", prompt: str = "Fix the price", answer: str = "Fixed."
) -> list[Record]:
    """A turn with one tool call."""
    call = ToolCallPart(call_id=f"{turn_id}-c1", name="Read", arguments='{"file_path": "src/price.py"}')
    asking = Message(role=Role.ASSISTANT, parts=(TextPart(text="I read it."), call))
    usage = Usage(input_tokens=100, output_tokens=10)
    events: list[Event] = [
        TurnStarted(prompt=prompt, message=user_message(prompt)),
        AssistantAnswered(message=asking, stop_reason=StopReason.TOOL_CALLS),
        UsageReported(model="demo", usage=usage, cost_usd=0.01, duration_s=0.5),
        ToolProposed(call_id=call.call_id, tool="Read", arguments=call.arguments, title="Read src/price.py"),
        ToolFinished(call_id=call.call_id, tool="Read", result=ToolResult(text="PRICE = 1"), duration_s=0.1),
        AssistantAnswered(
            message=Message(role=Role.ASSISTANT, parts=(TextPart(text=answer),)), stop_reason=StopReason.END
        ),
        TurnEnded(
            reason=TurnEndReason.DONE, answer=answer, steps=2, usage=usage, cost_usd=0.01, duration_s=1
        ),
    ]
    return [number(event, turn_id) for event in events]
