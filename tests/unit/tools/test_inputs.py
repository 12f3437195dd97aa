"""How arguments are declared, told and checked."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from droid.domain.errors import InvalidToolInput
from droid.tools.base import MAX_TITLE_CHARS, one_line
from droid.tools.inputs import Arg, build, fit, schema_of


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    label: Annotated[str, Arg("What it is.")]
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    file_path: Annotated[Path, Arg("Where.")]
    count: Annotated[int | None, Arg("How many.", minimum=1, maximum=9)] = None
    ratio: float = 0.5
    all_of_it: Annotated[bool, Arg("Everything.")] = False
    items: Annotated[tuple[Item, ...], Arg("Which.", minimum=1)] = ()
    words: tuple[str, ...] = ()


def test_the_schema_is_flat_and_says_nothing_twice():
    assert schema_of(Order) == snapshot(
        {
            "type": "object",
            "properties": {
                "file_path": {"type": "string", "description": "Where."},
                "count": {"type": "integer", "description": "How many.", "minimum": 1, "maximum": 9},
                "ratio": {"type": "number"},
                "all_of_it": {"type": "boolean", "description": "Everything."},
                "items": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "label": {"type": "string", "description": "What it is."},
                            "colour": {"type": "string", "enum": ["red", "dark_blue"]},
                        },
                        "required": ["label"],
                        "additionalProperties": False,
                    },
                    "description": "Which.",
                    "minItems": 1,
                },
                "words": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["file_path"],
            "additionalProperties": False,
        }
    )


MENDED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"count": "7"}, {"count": 7}),
    ({"count": " 7 "}, {"count": 7}),
    ({"count": 7.0}, {"count": 7}),
    ({"count": "7.0"}, {"count": 7}),
    ({"count": None}, {}),
    ({"ratio": "0.25"}, {"ratio": 0.25}),
    ({"ratio": 1}, {"ratio": 1}),
    ({"all_of_it": "true"}, {"all_of_it": True}),
    ({"all_of_it": "False"}, {"all_of_it": False}),
    ({"words": "one"}, {"words": ["one"]}),
    ({"words": '["a", "b"]'}, {"words": ["a", "b"]}),
    ({"words": "[ab].py"}, {"words": ["[ab].py"]}),
    ({"words": ("a", 2)}, {"words": ["a", "2"]}),
    ({"words": []}, {"words": []}),
    ({"items": {"label": 1, "colour": "Dark-Blue"}}, {"items": [{"label": "1", "colour": "dark_blue"}]}),
    ({"allOfIt": True, "Count": 1}, {"count": 1, "all_of_it": True}),
]


@pytest.mark.parametrize(("given_", "fitted"), MENDED)
def test_what_is_plainly_meant_is_mended(given_: dict[str, Any], fitted: dict[str, Any]):
    assert fit(Order, {"file_path": "x", **given_}, tool="T") == {"file_path": "x", **fitted}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "T: `file_path` is required"),
    ({"file_path": None}, "T: `file_path` is required"),
    ({"file_path": ""}, "T: `file_path` is empty"),
    ({"file_path": " "}, "T: `file_path` is empty"),
    ({"file_path": "a\0b"}, "T: `file_path` has a NUL character"),
    ({"file_path": "a/" * 101}, "T: `file_path` is longer than paths are"),
    ({"file_path": "a" * 4097}, "T: `file_path` is longer than paths are"),
    ({"file_path": "~/x"}, "T: `file_path` starts with `~`, which is not expanded; write the folder out"),
    ({"file_path": "file:///x"}, "T: `file_path` must be a path, not a URI"),
    ({"file_path": ["x"]}, 'T: `file_path` must be a path, not ["x"]'),
    ({"file_path": "\ud83d"}, "T: `file_path` has half of a surrogate pair; write the character itself"),
    ({"file_path": "x", "count": "many"}, "T: `count` must be a whole number, not 'many'"),
    ({"file_path": "x", "count": 1.5}, "T: `count` must be a whole number, not 1.5"),
    ({"file_path": "x", "count": True}, "T: `count` must be a whole number, not true"),
    ({"file_path": "x", "count": 0}, "T: `count` must be at least 1, not 0"),
    ({"file_path": "x", "count": "10"}, "T: `count` must be at most 9, not 10"),
    ({"file_path": "x", "count": float("inf")}, "T: `count` must be a whole number, not Infinity"),
    ({"file_path": "x", "ratio": "nan"}, "T: `ratio` must be a finite number"),
    ({"file_path": "x", "all_of_it": 1}, "T: `all_of_it` must be true or false, not 1"),
    ({"file_path": "x", "items": []}, "T: `items` must have at least 1 entry"),
    ({"file_path": "x", "items": [3]}, "T: `items[0]` must be an object, not 3"),
    ({"file_path": "x", "words": 3}, "T: `words` must be a list, not 3"),
    ({"file_path": "x", "words": ["a", {}]}, "T: `words[1]` must be a string, not {}"),
    (
        {"file_path": "x", "items": [{"label": "a"}, {"colour": "green", "x": 1}]},
        ("T: `items[1].x` is not an argument (there are: label, colour); `items[1].label` is required; "
        "`items[1].colour` must be one of red, dark_blue, not 'green'"),
    ),
    ({"file_path": "x", "cuont": 1}, "T: `cuont` is not an argument (did you mean `count`?)"),
    ({"path": "x"}, "T: `path` is not an argument (did you mean `file_path`?); `file_path` is required"),
    (
        {"file_path": "x", "filePath": "y"},
        "T: `filePath` is not an argument (did you mean `file_path`?)",
    ),
    (
        {"file_path": "x", "a\nb" * 100: 1},
        f"T: `{'a b' * 19}a …` is not an argument (there are: file_path, count, ratio, all_of_it, items, words)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given_", "message"), REFUSED)
def test_what_does_not_fit_is_told_in_one_line(given_: dict[str, Any], message: str):
    with pytest.raises(InvalidToolInput) as error:
        fit(Order, given_, tool="T")
    assert str(error.value) == message


def test_many_problems_are_counted():
    arguments: dict[str, Any] = {"file_path": "x", "words": [{}] * 9}
    with pytest.raises(InvalidToolInput, match=r"; and 4 more$"):
        fit(Order, arguments, tool="T")


def test_what_fits_becomes_the_declared_values():
    fitted = fit(Order, {"file_path": "a/b", "items": [{"label": "x", "colour": "RED"}]}, tool="T")
    assert build(Order, fitted) == Order(file_path=Path("a/b"), items=(Item(label="x", colour=Colour.RED),))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["file_path", "count", "ratio", "all_of_it", "items", "words"]) | st.text(max_size=5)


@given(st.dictionaries(NAMES, JSON, max_size=5))
def test_all_arguments_fit_or_are_refused_and_what_fits_fits_again(arguments: dict[str, Any]):
    try:
        fitted = fit(Order, arguments, tool="T")
    except InvalidToolInput as error:
        message = str(error)
    else:
        assert fit(Order, fitted, tool="T") == fitted
        build(Order, fitted)
        return
    assert "\n" not in message


@given(st.text(max_size=400))
def test_a_title_is_one_short_line(text: str):
    line = one_line(text)
    assert len(line) <= MAX_TITLE_CHARS
    assert line.isprintable()
