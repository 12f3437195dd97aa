"""The schemas of `.factory/` files, read from the JSON that is generated from the models in `schemas`.

Where a run waits for its settings, importing the models would take longer than everything else that it
waits for, so what they say is written down once (`droid.settings.generate`) and read from there. Nodes are
made when somebody asks for them: most runs look at a few keys.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Literal, cast, get_args

from droid.settings.jsonc import Path
from droid.settings.rules import IGNORED_KEY, RULE_KEY, Rule

SchemaName = Literal["settings", "hooks", "mcp", "droid", "command", "skill"]
SCHEMA_NAMES: tuple[SchemaName, ...] = get_args(SchemaName)
GENERATED = FilePath(__file__).parent / "schemas" / "generated"

_Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """What may stand at one place of a file.

    Attributes:
        name: The key; `*` for a member of a map, `[]` for an item of a list, empty for the file itself.
        path: Dotted from the file itself: `sandbox.network.allowedDomains`, `customModels[].apiKey`.
        kinds: JSON types that are accepted; empty where anything is, or where `alternatives` say.
        enum: The only texts that are accepted; empty where any is.
        properties: The keys of a section; empty where it is none.
        items: What the items of a list are.
        values: What the members of a map with free keys are.
        alternatives: The value fits one of these.
        rule: None for a section, whose members carry theirs.
        default: What holds where no level says anything.
        ignored: Keys that are accepted and say nothing here.
    """

    name: str
    path: str
    kinds: tuple[str, ...] = ()
    enum: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    properties: Mapping[str, "Node"]
    required: frozenset[str] = frozenset()
    items: "Node | None" = None
    values: "Node | None" = None
    alternatives: tuple["Node", ...] = ()
    rule: Rule | None = None
    description: str = ""
    default: Any = None
    examples: tuple[Any, ...] = ()
    ignored: frozenset[str] = frozenset()

    def at(self, path: Path) -> "Node | None":
        """The node of a value by its path; None where nothing is declared."""
        if not path:
            return self
        step, rest = path[0], path[1:]
        below = self.items if isinstance(step, int) else self.properties.get(step, self.values)
        if below is not None:
            return below.at(rest)
        for alternative in self.alternatives:
            found = alternative.at(path)
            if found is not None:
                return found
        return None


@cache
def load(name: SchemaName) -> Node:
    """The schema of one kind of file, from its outermost object."""
    document = json.loads((GENERATED / f"{name}.json").read_bytes())
    return build(document)


def build(document: _Schema) -> Node:
    """The tree of a JSON Schema as `droid.settings.generate` writes them."""
    return _node(document, "", "", document)


class _Members(Mapping[str, Node]):
    """The keys of a section, each made into a node when it is asked for."""

    __slots__ = ("_built", "_document", "_path", "_schemas")

    def __init__(self, schemas: _Schema, path: str, document: _Schema) -> None:
        self._schemas = schemas
        self._path = path
        self._document = document
        self._built: dict[str, Node] = {}

    def __getitem__(self, key: str) -> Node:
        node = self._built.get(key)
        if node is None:
            path = f"{self._path}.{key}" if self._path else key
            node = self._built[key] = _node(self._schemas[key], key, path, self._document)
        return node

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)

    def __contains__(self, key: object) -> bool:
        return key in self._schemas


def _node(schema: _Schema, name: str, path: str, document: _Schema) -> Node:
    schema = _resolved(schema, document)
    kind = schema.get("type", ())
    items = schema.get("items")
    values = schema.get("additionalProperties")
    rule = schema.get(RULE_KEY)
    return Node(
        name=name,
        path=path,
        kinds=(kind,) if isinstance(kind, str) else tuple(kind),
        enum=tuple(schema["enum"]) if "enum" in schema else (schema["const"],) if "const" in schema else (),
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum"),
        min_length=schema.get("minLength"),
        max_length=schema.get("maxLength"),
        pattern=schema.get("pattern"),
        properties=_Members(schema.get("properties", {}), path, document),
        required=frozenset(schema.get("required", ())),
        items=None if items is None else _node(items, "[]", f"{path}[]", document),
        values=_node(cast("_Schema", values), "*", f"{path}.*" if path else "*", document)
        if isinstance(values, dict)
        else None,
        alternatives=tuple(_node(one, name, path, document) for one in schema.get("anyOf", ())),
        rule=None if rule is None else Rule.from_json(rule),
        description=schema.get("description", ""),
        default=schema.get("default"),
        examples=tuple(schema.get("examples", ())),
        ignored=frozenset(schema.get(IGNORED_KEY, ())),
    )


def _resolved(schema: _Schema, document: _Schema) -> _Schema:
    """The schema with what it refers to taken in; its own words go before those of the other."""
    if "allOf" in schema:
        (base,) = schema["allOf"]
        target = _resolved(base, document)
        properties = {**target.get("properties", {}), **schema.get("properties", {})}
        return {**target, **schema, "properties": properties}
    if "$ref" in schema:
        target = document["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return {**_resolved(target, document), **schema}
    return schema
