"""What stands behind a value that does not hold: the one that does, and where it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from droid.settings.authoring.draft import Draft
from droid.settings.authoring.findings import refused_here
from droid.settings.authoring.outline import Item, Shape
from droid.settings.authoring.wording import origin, shown
from droid.settings.effective import Cause, Effective, Refused
from droid.settings.jsonc import Path
from droid.settings.rules import Merge
from droid.settings.schema_tree import Node
from droid.settings.visible import visible

_VALUE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A note at a place.

    Attributes:
        offset: Behind the value.
    """

    offset: int
    text: str
    tooltip: str


def hints_of(draft: Draft) -> list[Hint]:
    """The notes of a buffer, one for each place."""
    found: dict[int, Hint] = {}
    for refused, item in refused_here(draft):
        offset = item.span[1]
        found.setdefault(
            offset, Hint(offset=offset, text=f"← {_instead(draft, refused)}", tooltip=visible(refused.reason))
        )
    for effective, item in _tightened(draft):
        source = effective.source
        if source is not None and item.span[1] not in found:
            value = _plain(draft, item.path, effective.value)
            found[item.span[1]] = Hint(
                offset=item.span[1],
                text=f"← {value}, {origin(source)}",
                tooltip="a lower level tightens it",
            )
    return [found[offset] for offset in sorted(found)]


def _tightened(draft: Draft) -> Iterator[tuple[Effective, Item]]:
    """What this buffer says, and a lower level says more strictly."""
    for layer in draft.layers:
        for path, node in _strict_keys(draft, layer.values):
            effective = draft.settings.get(node.path)
            item = draft.item(("environments", layer.environment, *path) if layer.environment else path)
            source = effective.source if effective is not None else None
            if effective is None or source is None or item is None or draft.is_mine(source.layer):
                continue
            if item.shape in (Shape.TEXT, Shape.WORD) and _value_at(layer.values, path) != effective.value:
                yield effective, item


def _strict_keys(draft: Draft, values: Mapping[str, Any]) -> Iterator[tuple[Path, Node]]:
    waiting: list[tuple[Path, Node, Any]] = [((), draft.kind.schema, values)]
    while waiting:
        path, node, value = waiting.pop()
        if node.rule is not None:
            if node.rule.merge is Merge.STRICTEST and not node.rule.spread:
                yield path, node
        elif isinstance(value, Mapping) and path[:1] != ("environments",):
            members = cast("Mapping[str, Any]", value)
            waiting += [
                ((*path, key), node.properties[key], one)
                for key, one in members.items()
                if key in node.properties
            ]


def _value_at(values: Any, path: Path) -> Any:
    """The value at a path that is there."""
    for step in path:
        values = values[step]
    return values


def _instead(draft: Draft, refused: Refused) -> str:
    by = refused.by
    if by is None:
        return (
            "ignored: not trusted"
            if refused.cause is Cause.UNTRUSTED
            else f"ignored: {visible(refused.reason)}"
        )
    where = origin(by)
    if refused.cause is Cause.LOCKED:
        return f"locked, {where}"
    if refused.cause is Cause.DISABLED:
        return f"switched off, {where}"
    return f"{_plain(draft, refused.given.in_file, by.value)}, {where}"


def _plain(draft: Draft, path: Path, value: Any) -> str:
    subject = draft.subject(path)
    text = shown(subject.node if subject is not None else None, value, _VALUE)
    return text[1:-1] if text.startswith('"') and text.endswith('"') else text
