"""The wire protocol for writers of clients, `docs/protocol.md`. The prose is in `protocol_prose.py`."""

import json
from collections.abc import Iterator, Mapping, Sequence

from droid.lsp.arguments import Kind, Parameter
from generate.protocol_example import EXAMPLE, Message
from generate.protocol_model import (
    AnyOf,
    Field,
    ListOf,
    MapOf,
    Named,
    Object,
    Protocol,
    Scalar,
    Sent,
    Type,
    Values,
)
from generate.protocol_prose import CAPABILITIES, INTRODUCTION, UPDATES


def write(protocol: Protocol) -> str:
    """The page."""
    return "\n".join(_lines(protocol)) + "\n"


def _lines(protocol: Protocol) -> Iterator[str]:
    objects = {one.name: one for group in protocol.types.values() for one in group}
    yield INTRODUCTION
    yield "## What a client declares\n"
    yield CAPABILITIES
    for name in ("ClientCapabilities", "EditorInfo", "ServerCapabilities", "ServerInfo"):
        yield from _object(objects.pop(name))
    yield "## What a client asks for\n"
    yield (
        "Each verb is a command of `workspace/executeCommand`, and most are a request of their own too. Both "
        "take the same: nothing at all, or one object with any of these keys; what is not known is refused. "
        "Both answer the same, and at once: a turn reports by updates, by progress and in the session "
        "document.\n"
    )
    for call in protocol.calls:
        yield from _call(
            call.verb.command, call.verb.method, call.verb.title, call.verb.parameters, call.result
        )
    yield "## What the server sends\n"
    for one in protocol.sent:
        yield from _sent(one, objects)
    yield "## Updates of a session\n"
    yield UPDATES
    for kind, name in protocol.updates.items():
        yield f"### `{kind}`\n"
        yield from _fields(objects.pop(name))
    yield "## The values in them\n"
    for one in objects.values():
        yield from _object(one)
    yield "## A session, message by message\n"
    yield from _example(EXAMPLE)


def _call(
    command: str, method: str | None, title: str, parameters: Sequence[Parameter], result: Type
) -> Iterator[str]:
    yield f"### `{command}`\n"
    also = f" Also the request `{method}`." if method is not None else ""
    yield f"**{title}.** Answers {_type(result)}.{also}\n"
    if parameters:
        yield "| key | what it may be | |\n| --- | --- | --- |"
        yield from (f"| `{one.name}` | {_parameter(one)} | {_cell(one.about)} |" for one in parameters)
        yield ""


def _parameter(one: Parameter) -> str:
    if one.values:
        return ", ".join(f"`{value}`" for value in one.values)
    if one.items:
        return f"a list of {_link(one.items)}"
    match one.kind:
        case Kind.RANGE:
            return _link("Range")
        case Kind.DIAGNOSTICS:
            return f"a list of {_link('GivenDiagnostic')}"
        case _:
            return one.kind.value


def _sent(one: Sent, objects: dict[str, Object]) -> Iterator[str]:
    method = one.method
    yield f"### `{method.name}`\n"
    what = "A request." if method.is_request else "A notification."
    yield f"{method.about} {what} Sent only to a client that declared `{method.needs}`.\n"
    if isinstance(one.params, Named) and one.params.name.endswith("Params"):
        yield from _fields(objects.pop(one.params.name))
    elif one.params is not None:
        yield f"Brings {_type(one.params)}.\n"
    if isinstance(one.result, Named):
        yield f"Answered with `{one.result.name}`:\n"
        yield from _fields(objects.pop(one.result.name))


def _object(one: Object) -> Iterator[str]:
    yield f"### {one.name}\n"
    yield from _fields(one)


def _fields(one: Object) -> Iterator[str]:
    yield f"{one.about}\n"
    if one.fields:
        yield "| field | type | |\n| --- | --- | --- |"
        yield from (
            f"| `{field.name}` | {_field_type(field)} | {_cell(field.about)} |" for field in one.fields
        )
        yield ""


def _field_type(field: Field) -> str:
    return _type(field.type) + ("" if field.required else ", may be missing")


def _type(given: Type) -> str:
    match given:
        case Scalar(name="any"):
            return "anything"
        case Scalar(name="null"):
            return "`null`"
        case Scalar():
            return given.name
        case Named(name="SessionUpdate"):
            return "[an update](#updates-of-a-session)"
        case Named():
            return _link(given.name)
        case Values():
            return " or ".join(f"`{json.dumps(value)}`" for value in given.values)
        case ListOf():
            return f"a list of {_type(given.item)}"
        case MapOf():
            return "an object"
        case AnyOf():
            return " or ".join(map(_type, given.options))


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _cell(text: str) -> str:
    text = text.replace("|", "\\|")
    return text[:1].upper() + text[1:]


def _example(messages: Sequence[str | Message]) -> Iterator[str]:
    for one in messages:
        if isinstance(one, str):
            yield f"{one}\n"
        else:
            yield f"{one.sender}:\n\n```json\n{_json(one.body)}\n```\n"


def _json(body: Mapping[str, object]) -> str:
    """On one line where that can be read, else with a line for each key."""
    line = json.dumps(body, ensure_ascii=False)
    return line if len(line) <= _MAX_LINE else json.dumps(body, ensure_ascii=False, indent=2)


_MAX_LINE = 120
