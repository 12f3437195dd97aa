"""The wire protocol in Lua: `neovim/lua/droid/protocol.lua`, annotations for LuaLS and tables of names."""

import json
from collections.abc import Iterator, Mapping, Sequence

from generate.protocol_model import (
    AnyOf,
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
-- Written by `make generate` from `server/droid/lsp/protocol*.py` and `verbs.py`; change those.
-- What each message means is told in `docs/protocol.md`.
"""
_KEYWORDS = frozenset(
    {
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
        "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
    }
)  # fmt: skip


def write(protocol: Protocol) -> str:
    """The module."""
    return "\n".join(_lines(protocol)) + "\n"


def _lines(protocol: Protocol) -> Iterator[str]:
    yield _HEAD
    objects = [one for group in protocol.types.values() for one in group]
    for one in (*objects, *protocol.arguments):
        yield from _class(one)
    yield "---One of these, told apart by `sessionUpdate`."
    yield f"---@alias droid.SessionUpdate {'|'.join(f'droid.{name}' for name in protocol.updates.values())}\n"
    yield "local M = {}\n"
    yield "---The version of the protocol."
    yield f"M.api = {protocol.api}\n"
    yield "---Every command by a short name."
    yield from _table("commands", {short(one.verb.command): one.verb.command for one in protocol.calls})
    yield "---What each command is called on a button and in a menu."
    yield "---@type table<string, string>"
    yield from _table("titles", {one.verb.command: one.verb.title for one in protocol.calls})
    yield "---The names of what each command takes, in its one argument."
    yield "---@type table<string, string[]>"
    yield "M.arguments = {"
    for call in protocol.calls:
        names = [parameter.name for parameter in call.verb.parameters]
        yield f"  [{json.dumps(call.verb.command)}] = {_list(names)},"
    yield "}\n"
    yield "---Requests to the server by a short name: the parameters are what the command takes."
    methods = [one.verb.method for one in protocol.calls if one.verb.method is not None]
    yield from _table("methods", {short(one): one for one in methods})
    yield from _sent(
        "requests", "Requests of the server", [one for one in protocol.sent if one.method.is_request]
    )
    yield from _sent(
        "notifications",
        "Notifications of the server",
        [one for one in protocol.sent if not one.method.is_request],
    )
    yield "---Every kind of update by the name of its type."
    yield from _table("updates", {name: kind for kind, name in protocol.updates.items()})
    yield "---What a field may be, where it is one of a few texts: type, then field."
    yield "M.values = {"
    for one in objects:
        if fields := list(one.literals):
            yield f"  {one.name} = {{"
            yield from (f"    {_key(name)} = {_list(values)}," for name, values in fields)
            yield "  },"
    yield "}\n"
    yield "return M"


def _class(one: Object) -> Iterator[str]:
    yield f"---{one.about}"
    yield f"---@class droid.{one.name}"
    for field in one.fields:
        mark = "" if field.required else "?"
        yield f"---@field {field.name}{mark} {_type(field.type)} {field.about}".rstrip()
    yield ""


def _type(given: Type) -> str:
    match given:
        case Scalar(name="null"):
            return "nil"  # Neovim reads `null` in objects so
        case Scalar():
            return given.name
        case Named():
            return f"droid.{given.name}"
        case Values():
            return "|".join(json.dumps(value) for value in given.values)
        case ListOf():
            inner = _type(given.item)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case MapOf():
            return f"table<string, {_type(given.value)}>"
        case AnyOf():
            return "|".join(map(_type, given.options))


def _sent(name: str, about: str, sent: Sequence[Sent]) -> Iterator[str]:
    yield f"---{about} by a short name."
    yield f"M.{name} = {{"
    for one in sent:
        brings = f" Brings `{_type(one.params)}`." if one.params is not None else ""
        wants = f" Answered with `{_type(one.result)}`." if one.result is not None else ""
        yield f"  ---{one.method.about}{brings}{wants} Needs `{one.method.needs}`."
        yield f"  {_key(short(one.method.name))} = {json.dumps(one.method.name)},"
    yield "}\n"


def _table(name: str, rows: Mapping[str, str]) -> Iterator[str]:
    yield f"M.{name} = {{"
    yield from (f"  {_key(key)} = {json.dumps(value, ensure_ascii=False)}," for key, value in rows.items())
    yield "}\n"


def _list(values: Sequence[str]) -> str:
    return f"{{ {', '.join(map(json.dumps, values))} }}" if values else "{}"


def _key(text: str) -> str:
    return text if text.isidentifier() and text not in _KEYWORDS else f"[{json.dumps(text)}]"
