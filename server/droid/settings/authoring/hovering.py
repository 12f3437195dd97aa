"""What there is to know about the key at a place."""

import re
from dataclasses import dataclass

from droid.settings.authoring.draft import Draft, Subject
from droid.settings.authoring.outline import Item, Shape, Span
from droid.settings.authoring.wording import merging_of, origin, shown, type_of
from droid.settings.effective import Effective, Given
from droid.settings.jsonc import dotted
from droid.settings.rules import Merge
from droid.settings.schema_tree import Node
from droid.settings.visible import visible

_MAX_REFUSED = 10
_MAX_ENTRIES = 6
_REFERENCE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)[^}\"\n]*\}?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing to know.

    Attributes:
        code: A value; empty where there is none.
        text: The rest, in words.
    """

    label: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hover:
    """What is shown for a place.

    Attributes:
        title: The key's dotted path.
        span: What it is about.
    """

    title: str
    type: str = ""
    description: str = ""
    rows: tuple[Row, ...] = ()
    span: Span


def hover_at(draft: Draft, offset: int) -> Hover | None:
    """What there is to know about a place; None where nothing is."""
    item = draft.outline.at(offset)
    if item is None or not item.path:
        return None
    variable = _variable(draft, item, offset)
    if variable is not None:
        return variable
    on_key = item.key is not None and item.key[0] <= offset <= item.key[1]
    if not on_key and item.shape in (Shape.OBJECT, Shape.ARRAY) and item.value[0] < offset < item.value[1]:
        return None  # between the members
    subject = draft.subject(item.path)
    if subject is None:
        return None
    node = subject.node
    return Hover(
        title=dotted(item.path),
        type=type_of(node),
        description=node.description or (subject.ruled.description if subject.ruled is not None else ""),
        rows=tuple(_rows(draft, subject)),
        span=item.key if item.key is not None and on_key else item.value,
    )


def _variable(draft: Draft, item: Item, offset: int) -> Hover | None:
    if item.shape is not Shape.TEXT:
        return None
    for match in _REFERENCE.finditer(draft.text, *item.value):
        if match.start() <= offset <= match.end():
            name = match["name"]
            is_set = name in draft.known.variables
            said = "set in the server's environment" if is_set else "not set in the server's environment"
            return Hover(title=f"${{{name}}}", description=said, span=match.span())
    return None


def _rows(draft: Draft, subject: Subject) -> list[Row]:
    rows: list[Row] = []
    ruled = subject.ruled
    if ruled is not None:
        rows.append(Row(label="Several levels", text=merging_of(ruled)))
    if subject.within:
        rows.append(Row(label="Environment", text=f"counts only where it is {visible(subject.within)}"))
    default = subject.node.default if subject.node.default is not None else None
    if default is not None:
        rows.append(Row(label="Default", code=shown(subject.node, default)))
    effective = draft.settings.get(subject.key) if subject.key else None
    if ruled is not None and effective is not None:
        rows += _effective(ruled, effective)
    return rows


def _effective(node: Node, effective: Effective) -> list[Row]:
    rows: list[Row] = []
    if effective.source is None:
        if effective.value is None:
            rows.append(Row(label="In force", text="nothing: no level sets it"))
        else:
            rows.append(Row(label="In force", code=shown(node, effective.value), text="the built-in default"))
    elif _is_single(node):
        rows.append(Row(label="In force", code=shown(node, effective.value), text=_origins(effective)))
    else:
        inner = _entry_node(node)
        rows += [
            Row(label="In force", code=_entry(node, inner, given), text=origin(given))
            for given in effective.contributions[:_MAX_ENTRIES]
        ]
        more = len(effective.contributions) - _MAX_ENTRIES
        if more > 0:
            rows.append(Row(label="In force", text=f"and {more} more"))
    for refused in effective.refused[:_MAX_REFUSED]:
        given = refused.given
        value = _entry(node, _refused_node(node, given), given)
        rows.append(Row(label="Not in force", code=value, text=f"{origin(given)}: {visible(refused.reason)}"))
    more = len(effective.refused) - _MAX_REFUSED
    if more > 0:
        rows.append(Row(label="Not in force", text=f"and {more} more"))
    return rows


def _is_single(node: Node) -> bool:
    return node.rule is not None and node.rule.merge in (Merge.FIRST, Merge.STRICTEST)


def _origins(effective: Effective) -> str:
    return "; ".join(dict.fromkeys(origin(given) for given in effective.contributions))


def _entry_node(node: Node) -> Node | None:
    """The node of what a contribution gives."""
    if node.rule is not None and node.rule.merge in (Merge.NARROW, Merge.OWN_LEVEL):
        return node
    inner = next((one for one in (node, *node.alternatives) if one.items or one.values), node)
    return inner.items or inner.values or node


def _refused_node(node: Node, given: Given) -> Node | None:
    whole = dotted(given.path) == node.path or _is_single(node)
    return node if whole and given.path and given.path[-1] == node.name else _entry_node(node)


def _entry(node: Node, inner: Node | None, given: Given) -> str:
    """An entry's value; of a map with its name."""
    value = shown(inner, given.value)
    rule = node.rule
    if rule is not None and rule.merge is Merge.LOCKED_KEYS and not rule.key and given.path:
        return visible(f"{given.path[-1]}: {value}")
    return value
