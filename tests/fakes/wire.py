"""Holds JSON values to the wire types in `droid.lsp.protocol*`, as a strict client would."""

import collections.abc
import types
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict


def misfits(value: object, wire: Any, where: str = "it") -> list[str]:
    """What of a value is not as its type says; empty where it fits."""
    if wire is Any:
        return []
    if wire is float:
        ok = isinstance(value, int | float) and not isinstance(value, bool)
        return [] if ok else [f"{where} is {value!r}, no number"]
    if wire is int:
        return [] if type(value) is int else [f"{where} is {value!r}, no integer"]
    if isinstance(wire, type) and not is_typeddict(wire):
        return [] if type(value) is wire else [f"{where} is {value!r}, no {wire.__name__}"]
    if is_typeddict(wire):
        return _object(value, wire, where)
    origin, inner = get_origin(wire), get_args(wire)
    if origin is NotRequired:
        return misfits(value, inner[0], where)
    if origin is Literal:
        return [] if value in inner else [f"{where} is {value!r}, none of {inner}"]
    if origin is collections.abc.Sequence:
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [one for n, item in enumerate(value) for one in misfits(item, inner[0], f"{where}[{n}]")]
    if origin is collections.abc.Mapping:
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        return [one for key, item in value.items() for one in misfits(item, inner[1], f"{where}.{key}")]
    if origin in (Union, types.UnionType):
        return _one_of(value, inner, where)
    raise AssertionError(f"{wire} is no type of the wire")


def _one_of(value: object, options: tuple[Any, ...], where: str) -> list[str]:
    found = [misfits(value, option, where) for option in options]
    if not all(found):
        return []
    if isinstance(value, dict) and "sessionUpdate" in value:
        kind = value["sessionUpdate"]
        for option, wrong in zip(options, found, strict=True):
            if is_typeddict(option) and kind in get_args(get_type_hints(option).get("sessionUpdate")):
                return wrong
    return min(found, key=len)


def _object(value: object, wire: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no {wire.__name__}"]
    hints = get_type_hints(wire, include_extras=True)
    wrong = [f"{where} has no {key}" for key in sorted(wire.__required_keys__ - value.keys())]
    wrong += [f"{where} has a {key}, which nobody knows" for key in sorted(value.keys() - hints.keys())]
    for key, item in value.items():
        if key in hints:
            wrong += misfits(item, hints[key], f"{where}.{key}")
    return wrong
