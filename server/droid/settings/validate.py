"""Checks a JSON value against a schema.

Everything that does not fit is found, not only the first of it. Types are taken as they are written: no
text is a number, no number is a truth value, and null is nothing that a key can be set to. A message
never repeats a value, since it may be a secret. The models in `schemas` say the same of every value, which
a test with generated files holds this to.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from droid.settings.jsonc import Path
from droid.settings.schema_tree import Node

_WORDS = {
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list in [ ]",
    "object": "an object in { }",
}
# Looking for the key that was meant takes milliseconds, and a file can hold a hundred thousand keys.
_SUGGESTIONS = 20

_KINDS: dict[type, tuple[str, ...]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    list: ("array",),
    dict: ("object",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong at a path; it makes the file malformed."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A key that no section declares.

    Attributes:
        nearest: The key that was probably meant; not looked for where a file has very many unknown keys.
    """

    path: Path
    nearest: str | None


@dataclass(slots=True, kw_only=True)
class Findings:
    """What a check found."""

    problems: list[Problem] = field(default_factory=list[Problem])
    unknown: list[Unknown] = field(default_factory=list[Unknown])


@dataclass(slots=True, kw_only=True)
class _Found:
    """What a check has found so far; unknown keys with the section that does not declare them."""

    problems: list[Problem] = field(default_factory=list[Problem])
    unknown: list[tuple[Path, Node]] = field(default_factory=list[tuple[Path, Node]])


def validate(node: Node, value: Any) -> Findings:
    """Check a value, as `json` or `jsonc` reads it, against its schema."""
    found = _Found()
    _check(node, value, (), found)
    return Findings(
        problems=found.problems,
        unknown=[
            Unknown(path=path, nearest=_meant(path, section) if index < _SUGGESTIONS else None)
            for index, (path, section) in enumerate(found.unknown)
        ],
    )


def nearest(key: str, known: Collection[str]) -> str | None:
    """The known key that somebody who wrote this one meant."""
    # Imported here: most files have no such key.
    from difflib import get_close_matches

    by_folded = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(key[:64].casefold(), by_folded, n=1, cutoff=0.7)
    return by_folded[close[0]] if close else None


def _meant(path: Path, section: Node) -> str | None:
    return nearest(str(path[-1]), (*section.properties, *section.ignored))


def _check(node: Node, value: Any, path: Path, found: _Found) -> None:
    if node.alternatives:
        _check_alternatives(node, value, path, found)
    elif not node.kinds:
        return
    elif value is None:
        _wrong("must not be null; leave the key out instead", path, found)
    elif not _fits(node, value):
        _wrong(f"must be {_wanted(node)}", path, found)
    elif isinstance(value, str):
        _check_text(node, value, path, found)
    elif isinstance(value, (int, float)):
        _check_number(node, value, path, found)
    elif isinstance(value, list):
        if node.items is not None:
            for index, item in enumerate(cast("list[Any]", value)):
                _check(node.items, item, (*path, index), found)
    else:
        _check_object(node, value, path, found)


def _check_alternatives(node: Node, value: Any, path: Path, found: _Found) -> None:
    """One that fits is enough; where none does, the nearest one says why."""
    tries: list[_Found] = []
    for alternative in node.alternatives:
        attempt = _Found()
        _check(alternative, value, path, attempt)
        if not attempt.problems:
            found.unknown.extend(attempt.unknown)
            return
        if not alternative.enum and _fits(alternative, value):
            tries.append(attempt)
    if len(tries) == 1:
        found.problems.extend(tries[0].problems)
    elif value is None:
        _wrong("must not be null; leave the key out instead", path, found)
    else:
        _wrong(f"must be {' or '.join(_wanted(one) for one in node.alternatives)}", path, found)


def _check_text(node: Node, value: str, path: Path, found: _Found) -> None:
    if node.min_length is not None and len(value) < node.min_length:
        few = (
            "must not be empty"
            if node.min_length == 1
            else f"must have at least {node.min_length} characters"
        )
        _wrong(few, path, found)
    elif node.max_length is not None and len(value) > node.max_length:
        _wrong(f"must have at most {node.max_length} characters", path, found)
    elif node.pattern is not None and not _pattern(node.pattern).search(value):
        _wrong(f"must match {node.pattern}", path, found)


def _check_number(node: Node, value: float, path: Path, found: _Found) -> None:
    if node.minimum is not None and value < node.minimum:
        _wrong(f"must be at least {node.minimum}", path, found)
    elif node.maximum is not None and value > node.maximum:
        _wrong(f"must be at most {node.maximum}", path, found)


def _check_object(node: Node, value: dict[str, Any], path: Path, found: _Found) -> None:
    properties, values = node.properties, node.values
    for key, item in value.items():
        if key in properties:
            _check(properties[key], item, (*path, key), found)
        elif values is not None:
            _check(values, item, (*path, key), found)
        elif properties and key not in node.ignored:
            found.unknown.append(((*path, key), node))
    for key in sorted(node.required - value.keys()):
        _wrong(f"the key {key!r} is missing", path, found)


def _fits(node: Node, value: Any) -> bool:
    """Whether the type is one of the node's, and a text one of its names where it has some."""
    if node.enum:
        return isinstance(value, str) and value in node.enum
    kind = cast("type[Any]", type(value))
    return any(name in node.kinds for name in _KINDS.get(kind, ()))


def _wanted(node: Node) -> str:
    if node.enum:
        return f"one of {', '.join(node.enum)}" if len(node.enum) > 1 else "".join(node.enum)
    if node.alternatives:
        return " or ".join(_wanted(one) for one in node.alternatives)
    return " or ".join(_WORDS[kind] for kind in node.kinds)


@cache
def _pattern(source: str) -> re.Pattern[str]:
    # In a schema `$` is the very end; in Python it also stands before a last newline.
    return re.compile(f"{source.removesuffix('$')}\\Z" if source.endswith("$") else source)


def _wrong(reason: str, path: Path, found: _Found) -> None:
    found.problems.append(Problem(path=path, reason=reason))
