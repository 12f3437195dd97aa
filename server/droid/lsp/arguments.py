"""The arguments of commands and custom methods: nothing, or one JSON object whose keys are known.

Some clients send no arguments at all, some `null`, some an empty list; all mean the same. What does not
fit is refused with one line that says what would.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from droid.lsp.convert import shortened
from droid.lsp.pygls_workarounds import INVALID_PARAMS

_MAX_TEXT = 1_000_000


class Kind(StrEnum):
    """What a parameter may be."""

    TEXT = "text"
    FLAG = "true or false"
    LINE = "a line, from 1"
    RANGE = "an LSP range"
    DIAGNOSTICS = "LSP diagnostics"
    LIST = "a list"
    OBJECT = "an object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One key that a verb takes.

    Attributes:
        values: The only texts that it may be; without any, it may be every text.
        items: The wire type of a list's items; each item is checked where it is used.
    """

    name: str
    kind: Kind = Kind.TEXT
    about: str = ""
    values: Sequence[str] = ()
    items: str = ""


class Arguments:
    """What a verb was called with, checked against its parameters."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        """A text; None where it was not given or is blank."""
        value = self._values.get(name)
        return value if isinstance(value, str) and value.strip() else None

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self._values.get(name, default) is True

    def line(self, name: str) -> int | None:
        value = self._values.get(name)
        return value if isinstance(value, int) else None

    def range(self, name: str) -> types.Range | None:
        value = self._values.get(name)
        return _range_of(cast("Mapping[str, Any]", value)) if value is not None else None

    def list(self, name: str) -> Sequence[Any]:
        return self._values.get(name) or ()

    def object(self, name: str) -> Mapping[str, Any]:
        return self._values.get(name) or {}

    def diagnostics(self, name: str) -> Sequence[types.Diagnostic]:
        return [
            types.Diagnostic(
                range=_range_of(item["range"]),
                message=item["message"],
                severity=_severity_of(item.get("severity")),
                source=source if isinstance(source := item.get("source"), str) else None,
            )
            for item in self._values.get(name) or ()
        ]


def read_arguments(verb: str, parameters: Sequence[Parameter], given: object) -> Arguments:
    """Check what came with a command (a list) or a custom method (an object).

    Raises:
        JsonRpcException: it does not fit; the message says what would.
    """
    if isinstance(given, list):
        items = cast("list[object]", given)
        if len(items) > 1:
            raise _refused(verb, parameters, "it takes one argument")
        given = items[0] if items else None
    if given is None:
        return Arguments({})
    if not isinstance(given, dict):
        raise _refused(verb, parameters, "its argument is not an object")
    values = {key: value for key, value in cast("dict[str, Any]", given).items() if value is not None}
    known = {parameter.name: parameter for parameter in parameters}
    for name, value in values.items():
        if name not in known:
            raise _refused(verb, parameters, f"it has no {shortened(name, 40)!r}")
        parameter = known[name]
        if not _fits(parameter.kind, value):
            raise _refused(verb, parameters, f"{name!r} is not {parameter.kind}")
        if parameter.values and value.strip() and value not in parameter.values:
            one_of = ", ".join(f"`{one}`" for one in parameter.values)
            raise _refused(verb, parameters, f"{name!r} is none of {one_of}")
    return Arguments(values)


def _refused(verb: str, parameters: Sequence[Parameter], why: str) -> JsonRpcException:
    names = ", ".join(parameter.name for parameter in parameters)
    takes = f"an object with any of: {names}" if names else "no arguments"
    return JsonRpcException(f"{verb}: {why}; it takes {takes}", INVALID_PARAMS)


def _fits(kind: Kind, value: Any) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(value, str) and len(value) <= _MAX_TEXT
        case Kind.FLAG:
            return isinstance(value, bool)
        case Kind.LINE:
            return isinstance(value, int) and not isinstance(value, bool) and value > 0
        case Kind.RANGE:
            return _is_range(value)
        case Kind.DIAGNOSTICS:
            return isinstance(value, list) and all(map(_is_diagnostic, cast("list[object]", value)))
        case Kind.LIST:
            return isinstance(value, list)
        case Kind.OBJECT:
            return isinstance(value, dict)


def _is_diagnostic(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    item = cast("dict[str, object]", value)
    return isinstance(item.get("message"), str) and _is_range(item.get("range"))


def _is_range(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    ends = [cast("dict[str, object]", value).get(name) for name in ("start", "end")]
    return all(
        isinstance(end, dict)
        and all(
            isinstance(number := cast("dict[str, object]", end).get(name), int)
            and not isinstance(number, bool)
            for name in ("line", "character")
        )
        for end in ends
    )


def _range_of(value: Mapping[str, Any]) -> types.Range:
    start, end = (
        types.Position(line=max(0, value[name]["line"]), character=max(0, value[name]["character"]))
        for name in ("start", "end")
    )
    return types.Range(start=start, end=end)


def _severity_of(value: object) -> types.DiagnosticSeverity | None:
    return types.DiagnosticSeverity(value) if value in {1, 2, 3, 4} else None
