"""Renders the reference page of settings from their schemas: one table for each area, one for each entry.

The page is written by `droid.settings.generate` and is for people; nothing reads it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from droid.settings.rules import Merge, Rule
from droid.settings.schema_tree import Node

_HEAD = """\
<!-- Written by `make generate` from the models in server/droid/settings/schemas; change those. -->

# Settings

Files are JSON with comments and trailing commas. A `.factory/` folder may stand in the home folder (the
user's), at the root of a repository (the project's), in folders below it, and an organisation has one
level above all of them. A `settings.local.json` lies over its sibling: its value goes first where the
highest wins, and for everything else it is the level directly below.

**Several levels** says what becomes of a key that more than one level sets. Levels are, from the highest:
org, project, folder (outer before inner), user. *Trusted only*: from project and folder it counts once
somebody has trusted the workspace. What is set nowhere has the value after *default*, or leaves the choice
to the program. `droid-lsp settings explain KEY` shows the value in force, where it came from, and what was
refused.

`${NAME}` and `${NAME:-default}` take a value from the environment where a key says *expands*. A variable
that is not set switches off the entry that uses it and nothing else. Keys that say *secret* are never
shown. Unknown keys are told to you and do no harm; keys of Factory's command line that mean nothing in an
editor, such as sounds and themes, are accepted.
"""

_WORDS = {
    "string": "text",
    "boolean": "`true` or `false`",
    "integer": "whole number",
    "number": "number",
    "array": "list",
    "object": "object",
}
_MERGES = {
    Merge.FIRST: "the highest wins",
    Merge.UNION: "all count together",
    Merge.UNION_IF_TRUSTED: "all count together",
    Merge.NARROW: "only what every list has",
    Merge.LOCKED_KEYS: "all count; what a higher level defines stays as it is",
    Merge.OWN_LEVEL: "holds for its own level",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A chapter of the page.

    Attributes:
        node: The file that it is about, or a part of which it is about.
        keys: The keys of that file that it is about.
    """

    title: str
    intro: str
    node: Node
    keys: Sequence[str]


def reference(areas: Iterable[Area]) -> str:
    """The page as Markdown."""
    page = _Page()
    for area in areas:
        page.chapter(area)
    return _HEAD + "".join(f"\n{part}" for part in page.parts())


class _Page:
    """The page as it grows; a table that has been shown is not shown again, only who else it is about."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._paths: dict[str, list[str]] = {}

    def parts(self) -> Iterator[str]:
        for part in self._parts:
            paths = self._paths.get(part)
            if paths is None:
                yield part
                continue
            first, *others = _gathered(paths)
            yield f"### Members of `{first}`\n"
            if others:
                yield f"The same holds for {', '.join(f'`{path}`' for path in others)}.\n"
            yield part

    def chapter(self, area: Area) -> None:
        self._parts.append(f"## {area.title}\n\n{area.intro}\n")
        rows = [row for key in area.keys for row in _flat(area.node.properties[key])]
        merged = any(row.rule for row in rows)
        self._parts.append(_table(rows, merged=merged, required=area.node.required))
        for row in rows:
            self._members(row)

    def _members(self, node: Node) -> None:
        """A table for each kind of object that a key holds, and for what those hold."""
        for inner in (node, node.items, node.values, *node.alternatives):
            if inner is None or _repeats(inner):
                continue
            if inner is not node and not inner.properties:
                self._members(inner)
            if inner.properties:
                rows = list(inner.properties.values())
                table = _table(rows, merged=False, required=inner.required)
                if table not in self._paths:
                    self._parts.append(table)
                self._paths.setdefault(table, []).append(inner.path)
                for row in rows:
                    self._members(row)


def _flat(node: Node) -> Iterator[Node]:
    """The keys at and below a node that carry a rule, or a value."""
    if node.rule is None and node.properties and not _repeats(node):
        for child in node.properties.values():
            yield from _flat(child)
    else:
        yield node


def _gathered(paths: Sequence[str]) -> list[str]:
    """The paths without repeats; where they differ in one name alone, one path with `*` for that name."""
    unique = list(dict.fromkeys(paths))
    columns = list(zip(*(path.split(".") for path in unique), strict=False))
    differing = [index for index, column in enumerate(columns) if len(set(column)) > 1]
    if len({path.count(".") for path in unique}) > 1 or len(differing) != 1:
        return unique
    names = list(columns[differing[0]])
    suffix = "[]" if all(name.endswith("[]") for name in names) else ""
    steps = [column[0] for column in columns]
    return [".".join([*steps[: differing[0]], f"*{suffix}", *steps[differing[0] + 1 :]])]


def _repeats(node: Node) -> bool:
    """Whether a section holds what a whole `settings.json` may hold."""
    return "sessionDefaultSettings" in node.properties


def _table(nodes: Sequence[Node], *, merged: bool, required: frozenset[str]) -> str:
    head = ["Key", "What it says", "Values"] + (["Several levels"] if merged else [])
    lines = [_row(head), _row(["---"] * len(head))]
    for node in nodes:
        cells = [
            f"`{node.path if merged else node.name}`",
            _meaning(node),
            _values(node, node.name in required),
        ]
        lines.append(_row(cells + ([_levels(node.rule)] if merged else [])))
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _meaning(node: Node) -> str:
    examples = [f"`{_json(example)}`" for example in node.examples]
    return node.description + (f" For example {' or '.join(examples)}." if examples else "")


def _values(node: Node, required: bool) -> str:
    parts = [_kind(node)]
    if required:
        parts.append("required")
    if node.default is not None:
        parts.append(f"default `{_json(node.default)}`")
    if node.rule is not None and node.rule.expands:
        parts.append("expands")
    if node.rule is not None and node.rule.secret:
        parts.append("secret")
    return "; ".join(parts)


def _kind(node: Node) -> str:
    if node.enum:
        return " ".join(f"`{value}`" for value in node.enum)
    if node.alternatives:
        return ", or ".join(_kind(one) for one in node.alternatives)
    if _repeats(node):
        return "settings, as in this page"
    if node.items is not None:
        return f"list of {_plural(node.items)}"
    if node.values is not None:
        return f"object: each member {_kind(node.values)}"
    words = " or ".join(_WORDS[kind] for kind in node.kinds) or "anything"
    if node.minimum is not None and node.maximum is not None:
        return f"{words}, {_json(node.minimum)} to {_json(node.maximum)}"
    return f"{words}, at least {_json(node.minimum)}" if node.minimum else words


def _plural(node: Node) -> str:
    if node.alternatives:
        return " or ".join(_plural(one) for one in node.alternatives)
    return {"text": "texts", "object": "objects"}.get(_kind(node), _kind(node))


def _levels(rule: Rule | None) -> str:
    if rule is None:
        return "each by its own key"
    parts = [_strictest(rule) if rule.merge is Merge.STRICTEST else _MERGES[rule.merge]]
    if rule.off is not None:
        member, value = rule.off
        parts.append(f"`{f'{member}: ' if member else ''}{_json(value)}` counts from any level")
    if rule.levels:
        parts.append(f"only from {' and '.join(rule.levels)}")
    elif rule.trusted_only:
        parts.append("trusted only")
    return "; ".join(parts)


def _strictest(rule: Rule) -> str:
    if rule.bound:
        return f"the {'smallest' if rule.bound == 'min' else 'largest'} wins"
    return f"the first of {', '.join(f'`{_json(value)}`' for value in rule.safest)} wins"


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
