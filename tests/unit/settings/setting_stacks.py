"""Layers as tests write them, and Hypothesis strategies for stacks of them over the real schemas."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from droid.domain.levels import SettingsLevel
from droid.settings.layers import Layer, Part
from droid.settings.merging import ruled
from droid.settings.normalise import normalise
from droid.settings.rules import Merge, Rule
from droid.settings.schema_tree import Node, load

ORG, PROJECT, FOLDER, USER = (
    SettingsLevel.ORG,
    SettingsLevel.PROJECT,
    SettingsLevel.FOLDER,
    SettingsLevel.USER,
)
PARTS: tuple[Part, ...] = ("base", "environment", "local", "local-environment")
FILES = {
    ORG: "/etc/factory",
    PROJECT: "/work/.factory",
    FOLDER: "/work/{depth}/.factory",
    USER: "/home/.factory",
}
SETTINGS = load("settings")
RULES: dict[str, Rule] = dict(ruled(SETTINGS))
_BY_RULE = [[key for key, rule in RULES.items() if rule.merge is merge] for merge in Merge]
SERVERS = load("mcp")

Place = tuple[SettingsLevel, int, Part, str]


def layer(
    level: SettingsLevel,
    values: Mapping[str, Any],
    *,
    depth: int = 0,
    part: Part = "base",
    trusted: bool | None = None,
    verified: bool = True,
    name: str = "",
) -> Layer:
    """A layer; org and user are trusted, and the others are not unless it is said.

    A value stands in the line that is as long as its path.
    """
    name = name or ("settings.local.json" if part.startswith("local") else "settings.json")
    return Layer(
        level=level,
        depth=depth,
        part=part,
        environment="ci" if part.endswith("environment") else "",
        file=f"{FILES[level].format(depth=depth)}/{name}",
        values=values,
        lines=len,
        trusted=level in (ORG, USER) if trusted is None else trusted,
        verified=verified,
    )


def is_free(one: Layer) -> bool:
    """Whether a layer may loosen anything."""
    return one.trusted and one.verified


# --- values ----------------------------------------------------------------------------------

_TEXTS = st.sampled_from(["a", "b", "c"])
_MOST_MEMBERS = 7
_ABSENT = object()
_NAMES = st.sampled_from(["one", "two", "three"])


@cache
def values_of(node: Node) -> st.SearchStrategy[Any]:
    """Values that a schema accepts, few enough that two layers often give the same one."""
    if node.alternatives:
        return st.one_of([values_of(one) for one in node.alternatives])
    if node.enum:
        return st.sampled_from(node.enum)
    return st.one_of([_MAKERS[kind](node) for kind in node.kinds or ("boolean",)])


def _objects(node: Node) -> st.SearchStrategy[Any]:
    if node.values is not None:
        return st.dictionaries(_NAMES, values_of(node.values), max_size=3)
    # Some of them, those that matter to merging and showing first: an object that says more differs no more.
    optional = [key for key in node.properties if key not in node.required]
    optional.sort(key=lambda key: not _matters(node.properties[key]))
    return st.fixed_dictionaries(
        {key: values_of(node.properties[key]) for key in sorted(node.required)},
        optional={key: values_of(node.properties[key]) for key in optional[:_MOST_MEMBERS]},
    )


def _matters(node: Node) -> bool:
    return node.kinds == ("boolean",) or (node.rule is not None and node.rule.secret)


def _numbers(node: Node) -> st.SearchStrategy[Any]:
    least = int(node.minimum or 0)
    most = least + 4 if node.maximum is None else min(least + 4, int(node.maximum))
    return st.integers(least, most)


_MAKERS: dict[str, Callable[[Node], st.SearchStrategy[Any]]] = {
    "string": lambda _: _TEXTS,
    "boolean": lambda _: st.booleans(),
    "integer": _numbers,
    "number": _numbers,
    "array": lambda node: st.lists(values_of(node.items) if node.items else _TEXTS, max_size=3),
    "object": _objects,
}


def node_of(root: Node, key: str) -> Node:
    node = root.at(tuple(key.split(".")))
    assert node is not None
    return node


def settings_of(keys: Sequence[str], root: Node = SETTINGS) -> st.SearchStrategy[dict[str, Any]]:
    """Settings objects with some of the keys, in the form that merging sees."""
    given = {key: _often(values_of(node_of(root, key))) for key in keys}
    return st.fixed_dictionaries(given).map(
        lambda flat: normalise(nested({key: one for key, one in flat.items() if one is not _ABSENT}))
    )


def _often(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, st.just(_ABSENT))


def at(key: str, value: Any) -> dict[str, Any]:
    """The settings object that has a value at a dotted key."""
    return nested({key: value})


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`{"a.b": 1}` as `{"a": {"b": 1}}`."""
    made: dict[str, Any] = {}
    for key, value in flat.items():
        *sections, last = key.split(".")
        section = made
        for name in sections:
            section = section.setdefault(name, {})
        section[last] = value
    return made


# --- stacks ----------------------------------------------------------------------------------

PLACES: list[Place] = [
    (level, depth, part, name)
    for level, depth in ((ORG, 0), (PROJECT, 0), (FOLDER, 0), (FOLDER, 1), (USER, 0))
    for part in PARTS
    for name in (("hooks.json", "settings.json") if part == "base" else ("",))
]


_SWITCHES = ("hooksDisabled", "allowManagedHooksOnly", "hooks.Stop")
roots = st.sampled_from([SETTINGS] * 7 + [SERVERS])


@st.composite
def keys(draw: st.DrawFn, root: Node = SETTINGS) -> list[str]:
    """A few keys, those of every rule and those that govern others as often as each other."""
    if root is SERVERS:
        return ["mcpServers"]
    chosen = draw(st.lists(st.sampled_from(_BY_RULE).flatmap(st.sampled_from), min_size=3, max_size=5))
    return sorted({*chosen, *(_SWITCHES if draw(st.integers(0, 3)) == 0 else ())})


@st.composite
def stacks(
    draw: st.DrawFn, some: Sequence[str], root: Node = SETTINGS, *, least: int = 1, most: int = 4
) -> list[Layer]:
    """Layers at different places, in any order, whose values are for the given keys."""
    places = draw(st.lists(st.sampled_from(PLACES), min_size=least, max_size=most, unique=True))
    trusted = draw(st.booleans())
    return [draw(layers(some, root, place=place, trusted=trusted)) for place in places]


@st.composite
def layers(
    draw: st.DrawFn,
    some: Sequence[str],
    root: Node = SETTINGS,
    *,
    place: Place | None = None,
    trusted: bool | None = None,
) -> Layer:
    level, depth, part, name = draw(st.sampled_from(PLACES)) if place is None else place
    trusted = draw(st.booleans()) if trusted is None else trusted
    return layer(
        level,
        draw(settings_of(some, root)),
        depth=depth,
        part=part,
        name=name,
        trusted=trusted or level in (ORG, USER),
        verified=draw(st.booleans()) or not part.endswith("environment"),
    )
