"""How the arguments of a tool are declared, told to a model and checked.

A tool declares its arguments once, as a frozen dataclass. The JSON schema that the model gets and the
check that its answer must pass are both computed from that declaration, so that they cannot drift.
Only the few types that arguments need are known here. That keeps the schema free of titles,
references and null branches, which models read as noise; it puts every message in the model's own
words; and it costs about a millisecond for all tools, where the first request of a run waits for the
schemas and importing a validation library would take longer than all else it waits for.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class ReadInput:
        file_path: Annotated[Path, Arg("The file to read.")]
        offset: Annotated[int | None, Arg("First line, from 1.", minimum=1)] = None

Known types: `str`, `int`, `float`, `bool`, `Path`, a `StrEnum`, `tuple[T, ...]`, another such
dataclass, and any of them with `| None`. A field with a default may be left out.
"""

import dataclasses
import json
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from droid.domain.errors import InvalidToolInput

_SHOWN_PROBLEMS = 5
_SHOWN_VALUE_CHARS = 60
_MAX_PATH_CHARS = 4_096
_MAX_PATH_PARTS = 100
"""Every folder on the way is looked at, more than once."""
_JSON_TYPES = {str: "string", Path: "string", int: "integer", float: "number", bool: "boolean"}
_WORDS = {str: "a string", Path: "a path", int: "a whole number", float: "a number", bool: "true or false"}

ShapeT = TypeVar("ShapeT")


@dataclass(frozen=True, slots=True)
class Arg:
    """What a model is told of one argument, beyond its name and type.

    Attributes:
        minimum: Of a number; of a list, the least number of entries.
        maximum: Likewise, the most.
    """

    description: str
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    kind: Any
    arg: Arg
    required: bool


class _Misfit(Exception):
    """A value does not fit; the message goes on from the argument's name: `must be …`."""


def schema_of(shape: type) -> dict[str, Any]:
    """The JSON Schema of a declaration: one object, without titles, references and nulls."""
    fields = _fields_of(shape)
    return {
        "type": "object",
        "properties": {field.name: _schema(field.kind, field.arg) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def fit(shape: type, arguments: Mapping[str, object], *, tool: str) -> dict[str, Any]:
    """Check a model's arguments and mend what is plainly meant.

    Mended are: a number or a truth value in a string, a whole number written `5.0`, a number where
    text is wanted, a list that is one bare entry or JSON in a string, null for an argument that may
    be left out, the case of a choice, and `filePath` for `file_path`. All else is refused.

    Returns:
        JSON values that fit the schema; what was left out stays out.

    Raises:
        InvalidToolInput: in one line, each argument that is wrong, and how.
    """
    problems: list[str] = []
    fitted = _fit_object(shape, arguments, "", problems)
    if problems:
        more = len(problems) - _SHOWN_PROBLEMS
        tail = f"; and {more} more" if more > 0 else ""
        raise InvalidToolInput(f"{tool}: " + "; ".join(problems[:_SHOWN_PROBLEMS]) + tail)
    return fitted


def build(shape: type[ShapeT], fitted: Mapping[str, Any]) -> ShapeT:
    """Make the declared dataclass of values that `fit` returned."""
    kinds = {field.name: field.kind for field in _fields_of(shape)}
    return shape(**{name: _build(kinds[name], value) for name, value in fitted.items()})


def path_problem(value: str) -> str | None:
    """What is wrong with a model's path, going on from its name; None where it can be used."""
    if not value.strip():
        return "is empty"
    if "\0" in value:
        return "has a NUL character"
    if len(value) > _MAX_PATH_CHARS or value.count("/") > _MAX_PATH_PARTS:
        return "is longer than paths are"
    if value == "~" or value.startswith("~/"):
        return "starts with `~`, which is not expanded; write the folder out"
    if value.startswith("file://"):
        return "must be a path, not a URI"
    return None


@cache
def _fields_of(shape: type) -> tuple[_Field, ...]:
    hints = get_type_hints(shape, include_extras=True)
    fields: list[_Field] = []
    for field in dataclasses.fields(shape):
        kind, arg = hints[field.name], Arg("")
        if get_origin(kind) is Annotated:
            kind, arg = get_args(kind)
        if get_origin(kind) in (Union, types.UnionType):
            (kind,) = (option for option in get_args(kind) if option is not types.NoneType)
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        fields.append(_Field(name=field.name, kind=kind, arg=arg, required=required))
    return tuple(fields)


def _schema(kind: Any, arg: Arg) -> dict[str, Any]:
    schema: dict[str, Any]
    if get_origin(kind) is tuple:
        schema = {"type": "array", "items": _schema(get_args(kind)[0], Arg(""))}
        bounds = ("minItems", "maxItems")
    elif issubclass(kind, StrEnum):
        schema, bounds = {"type": "string", "enum": [str(choice) for choice in kind]}, ("", "")
    elif dataclasses.is_dataclass(kind):
        schema, bounds = schema_of(cast("type", kind)), ("", "")
    else:
        schema, bounds = {"type": _JSON_TYPES[kind]}, ("minimum", "maximum")
    if arg.description:
        schema["description"] = arg.description
    for name, bound in zip(bounds, (arg.minimum, arg.maximum), strict=True):
        if name and bound is not None:
            schema[name] = bound
    return schema


def _fit_object(
    shape: type, arguments: Mapping[str, object], where: str, problems: list[str]
) -> dict[str, Any]:
    fields = {field.name: field for field in _fields_of(shape)}
    folded = {_fold(name): name for name in fields}
    given: dict[str, object] = {}
    for key, value in arguments.items():
        name = key if key in fields else folded.get(_fold(key), "")
        if name and (name == key or name not in arguments):
            given[name] = value
        else:
            problems.append(f"`{where}{_clip(key)}` is not an argument ({_nearest(key, list(fields))})")
    fitted: dict[str, Any] = {}
    for name, field in fields.items():
        if given.get(name) is None:
            if field.required:
                problems.append(f"`{where}{name}` is required")
            continue
        try:
            fitted[name] = _fit(field.kind, field.arg, given[name], f"{where}{name}", problems)
        except _Misfit as misfit:
            problems.append(f"`{where}{name}` {misfit}")
    return fitted


def _fit(kind: Any, arg: Arg, value: object, where: str, problems: list[str]) -> Any:
    if get_origin(kind) is tuple:
        return _fit_list(get_args(kind)[0], arg, value, where, problems)
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, Mapping):
            raise _Misfit(f"must be an object, not {_short(value)}")
        return _fit_object(cast("type", kind), cast("Mapping[str, object]", value), f"{where}.", problems)
    if issubclass(kind, StrEnum):
        return _fit_choice(kind, value)
    if kind is bool:
        return _fit_bool(value)
    if kind in (int, float):
        return _fit_number(kind, arg, value)
    return _fit_text(kind, value)


def _fit_list(kind: Any, arg: Arg, value: object, where: str, problems: list[str]) -> list[Any]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            pass  # a glob such as `[ab].py` begins like this too: it is one bare entry
    if isinstance(value, list | tuple):
        entries = list(cast("list[object]", value))
    elif isinstance(value, str | Mapping):
        entries = [cast("object", value)]
    else:
        raise _Misfit(f"must be a list, not {_short(value)}")
    if arg.minimum is not None and len(entries) < arg.minimum:
        raise _Misfit(f"must have at least {arg.minimum} {'entry' if arg.minimum == 1 else 'entries'}")
    if arg.maximum is not None and len(entries) > arg.maximum:
        raise _Misfit(f"must have at most {arg.maximum} entries, not {len(entries)}")
    fitted: list[Any] = []
    for index, entry in enumerate(entries):
        try:
            fitted.append(_fit(kind, Arg(""), entry, f"{where}[{index}]", problems))
        except _Misfit as misfit:
            problems.append(f"`{where}[{index}]` {misfit}")
    return fitted


def _fit_choice(kind: type[StrEnum], value: object) -> str:
    if isinstance(value, str):
        for choice in kind:
            if _fold(value) == _fold(choice):
                return str(choice)
    raise _Misfit(f"must be one of {', '.join(kind)}, not {_short(value)}")


def _fit_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "false": False}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise _Misfit(f"must be true or false, not {_short(value)}")


def _fit_number(kind: type, arg: Arg, value: object) -> int | float:
    number = value
    if isinstance(number, str):
        try:
            number = float(number) if not re.fullmatch(r"\s*[+-]?\d{1,18}\s*", number) else int(number)
        except ValueError:
            pass
    if kind is int and isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int if kind is int else int | float):
        raise _Misfit(f"must be {_WORDS[kind]}, not {_short(value)}")
    if number != number or number in (float("inf"), float("-inf")):
        raise _Misfit("must be a finite number")
    if arg.minimum is not None and number < arg.minimum:
        raise _Misfit(f"must be at least {arg.minimum}, not {number}")
    if arg.maximum is not None and number > arg.maximum:
        raise _Misfit(f"must be at most {arg.maximum}, not {number}")
    return number


def _fit_text(kind: type, value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _Misfit(f"must be {_WORDS[kind]}, not {_short(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _Misfit("has half of a surrogate pair; write the character itself") from None
    if kind is Path and (problem := path_problem(value)):
        raise _Misfit(problem)
    return value


def _build(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_build(get_args(kind)[0], entry) for entry in value)
    if dataclasses.is_dataclass(kind):
        return build(cast("type[Any]", kind), value)
    return value if kind in (str, int, float, bool) else kind(value)


def _fold(name: object) -> str:
    return str(name).replace("_", "").replace("-", "").replace(" ", "").lower()


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str) else json.dumps(value, default=str)
    return _clip(text)


def _clip(text: str) -> str:
    text = "".join(char if char.isprintable() else " " for char in text[: 2 * _SHOWN_VALUE_CHARS])
    return text if len(text) <= _SHOWN_VALUE_CHARS else text[: _SHOWN_VALUE_CHARS - 1] + "…"


def _nearest(key: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, names, n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(names)}"
