"""The wire protocol in TypeScript: `vscode-client/src/protocol.ts`."""

import json
from collections.abc import Iterator, Mapping, Sequence

from generate.protocol_model import (
    AnyOf,
    Call,
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
    short,
)

_HEAD = """\
// Written by `make generate` from `server/droid/lsp/protocol*.py` and `verbs.py`; change those.
// What each message means is told in `docs/protocol.md`.
"""


def write(protocol: Protocol) -> str:
    """The module."""
    return "\n".join(_lines(protocol)) + "\n"


def _lines(protocol: Protocol) -> Iterator[str]:
    yield _HEAD
    yield "/** The version of the protocol; a client that declares an older one gets no `droid/*` message. */"
    yield f"export const API = {protocol.api};\n"
    objects = [one for group in protocol.types.values() for one in group]
    for one in (*objects, *protocol.arguments):
        yield from _interface(one)
    yield "/** One of these, told apart by `sessionUpdate`. */"
    yield "export type SessionUpdate ="
    names = list(protocol.updates.values())
    yield from (f"  | {name}{';' if name == names[-1] else ''}" for name in names)
    yield '\nexport type UpdateKind = SessionUpdate["sessionUpdate"];\n'
    yield '/** The update of one kind: `UpdateOf<"tool_call">`. */'
    yield "export type UpdateOf<K extends UpdateKind> = Extract<SessionUpdate, { sessionUpdate: K }>;\n"
    yield from _maps(protocol)
    yield from _constants(protocol)
    yield from _values(objects)


def _interface(one: Object) -> Iterator[str]:
    yield from _comment(one.about)
    yield f"export interface {one.name} {{"
    for field in one.fields:
        yield from _field(field)
    yield "}\n"


def _field(field: Field) -> Iterator[str]:
    yield from _comment(field.about, "  ")
    yield f"  {field.name}{'' if field.required else '?'}: {_type(field.type)};"


def _comment(text: str, indent: str = "") -> Iterator[str]:
    if text:
        yield f"{indent}/** {text} */"


def _type(given: Type) -> str:
    match given:
        case Scalar(name="integer"):
            return "number"
        case Scalar(name="any"):
            return "unknown"
        case Scalar() | Named():
            return given.name
        case Values():
            return " | ".join(json.dumps(value) for value in given.values)
        case ListOf():
            inner = _type(given.item)
            return f"({inner})[]" if " " in inner else f"{inner}[]"
        case MapOf():
            return f"Record<string, {_type(given.value)}>"
        case AnyOf():
            return " | ".join(map(_type, given.options))


def _maps(protocol: Protocol) -> Iterator[str]:
    yield "/** What each command takes, as its one argument or not at all, and answers. */"
    yield "export interface Commands {"
    yield from (f"  {json.dumps(call.verb.command)}: {_pair('argument', call)};" for call in protocol.calls)
    yield "}\n"
    yield "/** Requests to the server: what each takes and answers. */"
    yield "export interface ServerRequests {"
    yield from (
        f"  {json.dumps(call.verb.method)}: {_pair('params', call)};"
        for call in protocol.calls
        if call.verb.method is not None
    )
    yield "}\n"
    yield "/** Requests of the server: what each brings and wants to be answered. */"
    yield "export interface ClientRequests {"
    for one in protocol.sent:
        if one.method.is_request:
            result = _type(one.result) if one.result is not None else "unknown"
            yield from _sent(one, f"{{ params: {_params(one)}; result: {result} }}")
    yield "}\n"
    yield "/** Notifications of the server: what each brings. */"
    yield "export interface ClientNotifications {"
    for one in protocol.sent:
        if not one.method.is_request:
            yield from _sent(one, _params(one))
    yield "}\n"
    yield "/** Notifications to the server: there are none besides those of LSP. */"
    yield "export type ServerNotifications = Record<string, never>;\n"
    yield "export type CommandName = keyof Commands;"
    yield "export type ServerRequestName = keyof ServerRequests;"
    yield "export type ClientRequestName = keyof ClientRequests;"
    yield "export type ClientNotificationName = keyof ClientNotifications;\n"


def _pair(name: str, call: Call) -> str:
    return f"{{ {name}: {call.argument or 'Record<string, never>'}; result: {_type(call.result)} }}"


def _params(one: Sent) -> str:
    return _type(one.params) if one.params is not None else "Record<string, never>"


def _sent(one: Sent, value: str) -> Iterator[str]:
    yield f"  /** {one.method.about} Needs `{one.method.needs}`. */"
    yield f"  {json.dumps(one.method.name)}: {value};"


def _constants(protocol: Protocol) -> Iterator[str]:
    yield "/** Every command by a short name. */"
    yield from _table("Command", {short(one.verb.command): one.verb.command for one in protocol.calls})
    yield "/** What each command is called on a button and in a menu. */"
    yield from _table("CommandTitle", {one.verb.command: one.verb.title for one in protocol.calls})
    yield "/** Requests to the server by a short name. */"
    methods = [one.verb.method for one in protocol.calls if one.verb.method is not None]
    yield from _table("ServerMethod", {short(one): one for one in methods})
    yield "/** Requests and notifications of the server by a short name. */"
    names = [one.method.name for one in protocol.sent]
    yield from _table("ClientMethod", {short(one): one for one in names})
    yield "/** Every kind of update by the name of its type. */"
    yield from _table("UpdateKinds", {name: kind for kind, name in protocol.updates.items()})


def _table(name: str, rows: Mapping[str, str]) -> Iterator[str]:
    yield f"export const {name} = {{"
    yield from (f"  {_key(key)}: {json.dumps(value)}," for key, value in rows.items())
    yield "} as const;\n"


def _values(objects: Sequence[Object]) -> Iterator[str]:
    yield "/** What a field may be, where it is one of a few texts: type, then field. */"
    yield "export const FieldValues = {"
    for one in objects:
        if fields := list(one.literals):
            yield f"  {one.name}: {{"
            yield from (f"    {name}: {json.dumps(list(values))}," for name, values in fields)
            yield "  },"
    yield "} as const;"


def _key(text: str) -> str:
    return text if text.isidentifier() else json.dumps(text)
