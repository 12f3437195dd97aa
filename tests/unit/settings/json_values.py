"""Makes JSON values for a schema: those that fit it, and those that nearly do."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from droid.settings.schema_tree import Node

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 400) | st.floats(-1, 2, allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.0, 1.5, 13, 366, "", "x", "off", "low", "Low", "1", "true", "forbid", [], {}, [""], [1],
    [None], ["x"], {"": ""}, {"a": None}, {"model": "m"}, {"model": "m", "provider": "openai"}, {"mode": "block"}, {"hooks": []},
)  # fmt: skip
JUNK = ANYTHING | st.sampled_from(ODD_VALUES)


Wrap = Callable[[Any], Any]


def least(node: Node) -> Any:
    """The smallest value that the schema accepts."""
    if node.alternatives:
        return least(node.alternatives[0])
    if node.enum:
        return node.enum[0]
    simple = {
        "string": "a",
        "boolean": False,
        "array": [],
        "integer": node.minimum or 0,
        "number": node.minimum or 0,
    }
    kind = node.kinds[0] if node.kinds else "string"
    return simple.get(kind, {key: least(node.properties[key]) for key in sorted(node.required)})


def places(node: Node, wrap: Wrap = lambda value: value) -> Iterator[tuple[Node, Wrap]]:
    """Every place of a file once, with what puts a value there into an otherwise valid file."""
    yield node, wrap
    if node.items is not None:
        yield from places(node.items, lambda value: wrap([value]))
    if node.values is not None:
        yield from places(node.values, lambda value: wrap({"k": value}))
    for alternative in node.alternatives:
        yield from places(alternative, wrap)
    rest = {key: least(node.properties[key]) for key in node.required}
    for key, child in node.properties.items():
        if not node.path.startswith("environments.") or key in ("model", "sandbox"):
            yield from places(child, lambda value, key=key: wrap({**rest, key: value}))


def at_the_bounds(node: Node) -> list[Any]:
    """The numbers and texts just within and just outside of what a node accepts."""
    edges = [bound for bound in (node.minimum, node.maximum) if bound is not None]
    numbers = [edge + step for edge in edges for step in (-1, -0.5, 0, 0.5, 1)]
    texts = ["", "a", "A", "a\n", "a b", "a_b", "a-b", *node.enum]
    return [*numbers, *(int(number) for number in numbers), *(float(number) for number in numbers), *texts]


@st.composite
def fitting(draw: st.DrawFn, node: Node, depth: int = 0) -> Any:
    """A value that the schema accepts, with now and then a key that it does not know."""
    if node.alternatives:
        return draw(fitting(draw(st.sampled_from(node.alternatives)), depth))
    if node.enum:
        return draw(st.sampled_from(node.enum))
    kind = draw(st.sampled_from(node.kinds)) if node.kinds else "any"
    if kind == "string":
        if node.pattern:
            return draw(st.from_regex(node.pattern.replace("$", r"\Z"), fullmatch=True))
        return draw(st.text(st.characters(codec="utf-8"), min_size=node.min_length or 0, max_size=8))
    if kind == "integer":
        low, high = int(node.minimum or 0), int(node.maximum or 10**18)
        return draw(st.integers(low, high))
    if kind == "number":
        low, high = node.minimum or 0.0, node.maximum or 1e9
        return draw(st.floats(low, high) | st.integers(int(low), int(high)))
    if kind == "boolean":
        return draw(st.booleans())
    if kind == "array":
        assert node.items is not None
        return draw(st.lists(fitting(node.items, depth + 1), max_size=2))
    if kind == "object":
        return draw(_object(node, depth))
    return draw(ANYTHING)


@st.composite
def _object(draw: st.DrawFn, node: Node, depth: int) -> dict[str, Any]:
    if not node.properties:
        inner = ANYTHING if node.values is None else fitting(node.values, depth + 1)
        return draw(st.dictionaries(TEXT, inner, max_size=2))
    most = 6 if depth == 0 else 3
    chosen = draw(st.lists(st.sampled_from(sorted(node.properties)), max_size=most, unique=True))
    keys = [*sorted(node.required), *(key for key in chosen if key not in node.required)]
    members = {key: draw(fitting(node.properties[key], depth + 1)) for key in keys}
    if draw(st.integers(0, 5)) == 0:
        key = draw(TEXT | st.sampled_from(["$schema", "theme", "maxAutonomyLevl", "__proto__"]))
        members.setdefault(key, draw(ANYTHING) if key not in node.properties else members.get(key))
        if key in node.properties and members[key] is None:
            del members[key]
    return members


@st.composite
def nearly_fitting(draw: st.DrawFn, node: Node) -> dict[str, Any]:
    """A value that fits, changed in one or two places."""
    value = json.loads(json.dumps(draw(fitting(node))))
    for _ in range(draw(st.integers(1, 2))):
        _change(draw, value)
    return value


def _change(draw: st.DrawFn, value: Any) -> None:
    """Replace or remove something within a list or an object."""
    places = list(_places(value))
    if not places:
        return
    holder, key = draw(st.sampled_from(places))
    if isinstance(holder, dict) and draw(st.integers(0, 3)) == 0:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(draw(JUNK))


def _places(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    else:
        return []
    return [(value, key) for key, _ in inner] + [place for _, item in inner for place in _places(item)]
