"""What can be written at a place, with the quotes, the colon and the commas that it needs there."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from droid.settings.authoring.draft import Draft
from droid.settings.authoring.findings import variable_for
from droid.settings.authoring.naming import Names, last_name, names_at
from droid.settings.authoring.outline import Cursor, Slot, Span
from droid.settings.authoring.wording import merging_of, names_a_secret, type_of
from droid.settings.jsonc import Path
from droid.settings.schema_tree import Node

_MAX_VARIABLES = 300
_EMPTY = {"object": "{}", "array": "[]", "string": '""'}
_FENCE = "---"


class Sort(StrEnum):
    """What a completion is."""

    KEY = "key"
    VALUE = "value"
    NAME = "name"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One thing that can be written.

    Attributes:
        label: As it is listed.
        insert: Replaces `span`.
        filter: What is compared with what stands in `span` before the place.
        comma_at: Where a comma has to be put besides; None where none is missing.
        rank: The smaller, the further up.
    """

    label: str
    insert: str
    span: Span
    filter: str
    sort: Sort
    detail: str = ""
    description: str = ""
    comma_at: int | None = None
    rank: int = 0


def completions_at(draft: Draft, offset: int) -> list[Completion]:
    """Everything that can be written at a place, best first."""
    cursor = draft.cursor(offset)
    found: Iterable[Completion] = ()
    if cursor.slot is Slot.KEY:
        found = _keys(draft, cursor)
    elif cursor.slot is Slot.VALUE:
        found = _values(draft, cursor)
    # Two edits of one place would have no order: there, the comma is part of what is inserted.
    touches = cursor.before is not None and cursor.before == cursor.token[0]
    return [replace(one, insert=f", {one.insert}", comma_at=None) if touches else one for one in found]


# --- keys ------------------------------------------------------------------------------------


def _keys(draft: Draft, cursor: Cursor) -> Iterator[Completion]:
    section = draft.kind.schema.at(cursor.path)
    if section is None:
        return
    rank = 0
    for name, node in _members(section, draft, cursor.path):
        if name not in cursor.used:
            rank += 1
            yield _key(draft, cursor, name, node, name in section.required, rank)


def _members(section: Node, draft: Draft, path: Path) -> Iterator[tuple[str, Node]]:
    """The keys of a section, those that it must have first; of a map those that are known."""
    for one in (section, *section.alternatives):
        required = [name for name in one.properties if name in one.required]
        others = [name for name in one.properties if name not in one.required]
        for name in (*required, *others):
            yield name, one.properties[name]
        if one.values is not None and path[-1:] == ("compactionTokenLimitPerModel",):
            for model in draft.known.models:
                yield model, one.values


def _key(draft: Draft, cursor: Cursor, name: str, node: Node, required: bool, rank: int) -> Completion:
    if draft.kind.is_json:
        key = json.dumps(name, ensure_ascii=False)
        value = "" if cursor.colon_after else _first_value(node)
        insert = key if cursor.colon_after else f"{key}: {value}"
        # Without a value after the colon a comma would be one more thing to mend.
        insert += "," if cursor.comma_after and not cursor.colon_after and value else ""
    else:
        key = name
        insert = name if cursor.colon_after else f"{name}: "
    kind = type_of(node)
    said = [node.description]
    if node.rule is not None:
        said.append(f"Several levels: {merging_of(node)}.")
    return Completion(
        label=name,
        insert=insert,
        span=cursor.token,
        filter=key if cursor.quoted else name,
        sort=Sort.KEY,
        detail=f"{kind} (required)" if required else kind,
        description="\n\n".join(filter(None, said)),
        comma_at=cursor.before,
        rank=rank,
    )


def _first_value(node: Node) -> str:
    """What stands after a key that was just written: its default, or an empty value of its type."""
    if node.default is not None and not isinstance(node.default, (dict, list)):
        return json.dumps(node.default, ensure_ascii=False)
    kinds = node.kinds or tuple(kind for one in node.alternatives for kind in one.kinds)
    return _EMPTY.get(kinds[-1] if kinds else "", "")


# --- values ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Value:
    """Something that can stand as a value; `raw` is JSON that is no text."""

    text: str
    sort: Sort = Sort.VALUE
    detail: str = ""
    description: str = ""
    raw: str = ""


def _values(draft: Draft, cursor: Cursor) -> Iterator[Completion]:
    node = draft.kind.schema.at(cursor.path)
    if node is None:
        return
    expands, secret = _expands(draft, cursor.path)
    if expands and (not cursor.quoted or _open_reference(cursor.typed) is not None or not cursor.typed):
        yield from _variables(draft, cursor, secret)
        if _open_reference(cursor.typed) is not None:
            return
    names = names_at(draft.kind, cursor.path)
    is_expression = cursor.path[-1:] == ("matcher",)
    typed = cursor.typed[: len(cursor.typed) - len(last_name(cursor.typed))] if is_expression else ""
    seen: set[str] = set()
    found = (*_named(draft, names), *_listed(node))
    for rank, value in enumerate(found):
        if value.text in seen or value.text in cursor.used:
            continue
        seen.add(value.text)
        yield _completion(draft, cursor, value, typed, rank)


def _listed(node: Node) -> Iterator[_Value]:
    """What the schema itself says that may stand there."""
    for one in (node, *node.alternatives):
        for text in one.enum:
            yield _Value(text, description=node.description, detail=_default(node, text))
        if "boolean" in one.kinds:
            for text in ("true", "false"):
                yield _Value(
                    text, raw=text, description=node.description, detail=_default(node, text == "true")
                )
        if one.kinds in (("object",), ("array",)):
            yield _Value(_EMPTY[one.kinds[0]], raw=_EMPTY[one.kinds[0]], detail=type_of(one))
    for example in (node.default, *node.examples):
        if isinstance(example, str) and example and "${" not in example:
            yield _Value(example, description=node.description, detail=_default(node, example) or "example")
        elif isinstance(example, int | float) and not isinstance(example, bool):
            detail = _default(node, example) or "example"
            yield _Value(json.dumps(example), raw=json.dumps(example), detail=detail)


def _default(node: Node, value: Any) -> str:
    return "default" if node.default is not None and node.default == value else ""


def _named(draft: Draft, names: Names | None) -> Iterator[_Value]:
    known = draft.known
    if names is Names.MODELS:
        if draft.kind.value == "droid":
            yield _Value("inherit", detail="the session's model")
        yield from _as_values(known.models, "model")
    elif names is Names.TOOLS:
        yield from _as_values(known.tools(), "tool")
    elif names is Names.DROIDS and draft.kind.is_json:
        yield from _as_values(sorted(known.droids()), "droid")
    elif names is Names.SERVERS:
        servers = draft.snapshot.servers.get("mcpServers")
        yield from _as_values(sorted(servers.value or ()) if servers is not None else (), "MCP server")


def _as_values(names: Iterable[str], detail: str) -> Iterator[_Value]:
    for name in names:
        yield _Value(name, sort=Sort.NAME, detail=detail)


def _completion(draft: Draft, cursor: Cursor, value: _Value, typed: str, rank: int) -> Completion:
    text = f"{typed}{value.text}"
    if not draft.kind.is_json:
        insert = value.text if value.raw or not cursor.quoted else json.dumps(text)
        compared = value.text if not cursor.quoted else insert
    else:
        insert = value.raw or json.dumps(text, ensure_ascii=False)
        compared = insert if cursor.quoted and not value.raw else text
    comma = "," if draft.kind.is_json and cursor.comma_after else ""
    return Completion(
        label=value.text,
        insert=f"{cursor.separator}{insert}{comma}",
        span=cursor.token,
        filter=compared,
        sort=value.sort,
        detail=value.detail,
        description=value.description,
        comma_at=cursor.before,
        rank=rank,
    )


# --- variables -------------------------------------------------------------------------------


def _expands(draft: Draft, path: Path) -> tuple[bool, bool]:
    """Whether variables are put into the text at a path, and whether it is a secret."""
    node, expands, secret = draft.kind.schema, False, False
    for step in path:
        below = node.at((step,))
        if below is None:
            return False, False
        node = below
        if node.rule is not None:
            expands, secret = expands or node.rule.expands, secret or node.rule.secret
    return expands and "string" in node.kinds, secret


def _open_reference(typed: str) -> str | None:
    """What stands after a `$` or `${` that is not closed yet."""
    at = typed.rfind("$")
    rest = typed[at + 1 :]
    if at < 0 or "}" in rest:
        return None
    return rest.removeprefix("{")


def _variables(draft: Draft, cursor: Cursor, secret: bool) -> Iterator[Completion]:
    """References by name; the value of none is looked at."""
    wanted = variable_for(cursor.path)
    names = sorted(draft.known.variables, key=lambda name: (not (secret and names_a_secret(name)), name))
    begun = _open_reference(cursor.typed)
    keep = cursor.typed[: cursor.typed.rfind("$")] if begun is not None else ""
    rest = _after(draft, cursor) if begun is not None else ""
    for rank, name in enumerate(names[:_MAX_VARIABLES]):
        reference = f"{keep}${{{name}}}{rest}"
        insert = json.dumps(reference, ensure_ascii=False) if draft.kind.is_json else reference
        yield Completion(
            label=f"${{{name}}}",
            insert=f"{cursor.separator}{insert}{',' if cursor.comma_after else ''}",
            span=cursor.token,
            filter=insert if cursor.quoted else reference,
            sort=Sort.VARIABLE,
            detail="environment variable",
            description="Its value is looked up when it is needed, and never shown.",
            comma_at=cursor.before,
            rank=rank if name != wanted else -1,
        )


def _after(draft: Draft, cursor: Cursor) -> str:
    """What stands behind the reference that is being written, in the same text."""
    inside = draft.text[cursor.token[0] + cursor.quoted + len(cursor.typed) : cursor.token[1]]
    inside = inside.removesuffix('"')
    if inside.startswith("}"):
        return inside[1:]
    return "" if not inside or inside[0].isalnum() or inside[0] == "_" else inside
