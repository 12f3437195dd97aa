"""Checks a JSON object against its declaration in `schema`, and builds it.

Everything that does not fit is found, not only the first of it. Types are taken as they are written: no
text is a number, no number is a truth value, and null is nothing that a key can be set to. A message
never repeats a value, since it may be a secret.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from droid.settings.jsonc import Path
from droid.settings.schema import OTHER_KEYS, Least, Merge, key_of

T = TypeVar("T")

_WORDS = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong at a path."""

    path: Path
    reason: str


@dataclass(slots=True, kw_only=True)
class Findings:
    """What a check found.

    Attributes:
        problems: Each makes the file malformed.
        unknown: Keys that no section declares, and the section that they are in.
    """

    problems: list[Problem] = field(default_factory=list[Problem])
    unknown: list[tuple[Path, type]] = field(default_factory=list[tuple[Path, type]])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """One declared key of a section."""

    name: str
    kind: Any
    required: bool
    rule: Merge | None


def check(section: type[T], value: Mapping[str, Any], found: Findings, path: Path = ()) -> T | None:
    """Build a section from a JSON object; None where something does not fit, which `found` then says."""
    declared = _keys(section)
    before = len(found.problems)
    arguments: dict[str, Any] = {}
    for key, item in value.items():
        if key in declared:
            arguments[declared[key].name] = _build(declared[key].kind, item, (*path, key), found)
        elif key not in OTHER_KEYS.get(section, ()):
            found.unknown.append(((*path, key), section))
    found.problems.extend(
        Problem(path=path, reason=f"the key {key!r} is missing")
        for key, facts in declared.items()
        if facts.required and key not in value
    )
    return section(**arguments) if len(found.problems) == before else None


def known_keys(section: type) -> frozenset[str]:
    """Every key that a section may have."""
    return OTHER_KEYS.get(section, frozenset()) | _keys(section).keys()


def rule_of(section: type, key: str) -> Merge:
    """The rule by which a key's levels are merged."""
    rule = _keys(section)[key].rule
    if rule is None:
        raise KeyError(key)
    return rule


@cache
def _keys(section: type) -> dict[str, _Key]:
    hints = get_type_hints(section, include_extras=True)
    return {key_of(item.name): _key(item, hints[item.name]) for item in fields(section)}


def _key(item: Field[Any], kind: Any) -> _Key:
    rule: Merge | None = None
    if get_origin(kind) is Annotated:
        inner, *metadata = get_args(kind)
        rule = next((entry for entry in metadata if isinstance(entry, Merge)), None)
        kind = inner if rule is not None else kind
    if get_origin(kind) in (Union, UnionType):
        # `T | None` is a key that may be left out.
        (kind,) = [argument for argument in get_args(kind) if argument is not NoneType]
    required = item.default is MISSING and item.default_factory is MISSING
    return _Key(name=item.name, kind=kind, required=required, rule=rule)


def _build(kind: Any, value: Any, path: Path, found: Findings) -> Any:
    """The value as its declaration wants it; whatever is returned beside a problem is not used."""
    if value is None:
        return _wrong("must not be null; leave the key out instead", path, found)
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin is Annotated:
        return _bounded(arguments[0], arguments[1], value, path, found)
    if origin is Literal:
        return (
            value
            if value in arguments and isinstance(value, str)
            else _wrong(_one_of(arguments), path, found)
        )
    if origin is tuple:
        if not isinstance(value, list):
            return _wrong("must be a list in [ ]", path, found)
        items = cast("list[Any]", value)
        return tuple(_build(arguments[0], item, (*path, index), found) for index, item in enumerate(items))
    if origin is Mapping or is_dataclass(kind):
        if not isinstance(value, dict):
            return _wrong("must be an object in { }", path, found)
        members = cast("dict[str, Any]", value)
        if is_dataclass(kind):
            return check(cast("type[Any]", kind), members, found, path)
        if arguments[1] is Any:
            return members
        return {key: _build(arguments[1], item, (*path, key), found) for key, item in members.items()}
    if issubclass(kind, StrEnum):
        values = [member.value for member in kind]
        return (
            kind(value)
            if value in values and isinstance(value, str)
            else _wrong(_one_of(values), path, found)
        )
    return _plain(kind, value, path, found)


def _plain(kind: type, value: Any, path: Path, found: Findings) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    return value if type(value) is kind else _wrong(f"must be {_WORDS[kind]}", path, found)


def _bounded(kind: type, least: Least, value: Any, path: Path, found: Findings) -> Any:
    value = _plain(kind, value, path, found)
    if isinstance(value, str):
        return value if len(value) >= least.value else _wrong("must not be empty", path, found)
    if value is not None and value < least.value:
        return _wrong(f"must be at least {least.value}", path, found)
    return value


def _one_of(values: Any) -> str:
    return f"must be one of {', '.join(str(value) for value in values)}"


def _wrong(reason: str, path: Path, found: Findings) -> None:
    found.problems.append(Problem(path=path, reason=reason))
