"""What stands where in JSON that is being written, and what can be written there."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.settings.authoring.drafts import marked

from droid.settings import jsonc
from droid.settings.authoring.json_outline import cursor_at, outline_of
from droid.settings.authoring.outline import Shape, Slot

KEY, VALUE, NOTHING = Slot


@pytest.mark.parametrize(
    ("text", "slot", "path", "typed"),
    [
        ("{|}", KEY, (), ""),
        ('{"|"}', KEY, (), ""),
        ('{"mo|"}', KEY, (), "mo"),
        ('{"mo|}', KEY, (), "mo"),
        ("{ mo| }", KEY, (), "mo"),
        ('{"x": 1, |}', KEY, (), ""),
        ('{"x": 1 |}', KEY, (), ""),
        ('{"a": {"|": ""}}', KEY, ("a",), ""),
        ('{"a": {"b": [{|}]}}', KEY, ("a", "b", 0), ""),
        ('{"a": |}', VALUE, ("a",), ""),
        ('{"a":|}', VALUE, ("a",), ""),
        ('{"a": "x|y", "b": 1}', VALUE, ("a",), "x"),
        ('{"a": tr|, "b": 2}', VALUE, ("a",), "tr"),
        ('{"a": |\n "b": 2}', VALUE, ("a",), ""),
        ('{"a": [|]}', VALUE, ("a", 0), ""),
        ('{"a": ["x", "|"]}', VALUE, ("a", 1), ""),
        ('{"a": ["x", |', VALUE, ("a", 1), ""),
        ('{"a": ["x", "y"], "b": [|', VALUE, ("b", 0), ""),
        ('{"a": "${|"}', VALUE, ("a",), "${"),
        ("|{}", NOTHING, (), ""),
        ("{}|", NOTHING, (), ""),
        ('{"a": 1, // co|m\n}', NOTHING, (), ""),
        ('{"a": 1, /* co|m */}', NOTHING, (), ""),
        ('{"a": "abc"|}', NOTHING, (), ""),
        ('{"a"| 1}', NOTHING, (), ""),
        ("[|]", NOTHING, (), ""),
        ("|", NOTHING, (), ""),
    ],
)
def test_what_can_be_written_at_a_place(text: str, slot: Slot, path: tuple[Any, ...], typed: str) -> None:
    cursor = cursor_at(*marked(text))
    assert (cursor.slot, cursor.path, cursor.typed) == (slot, path, typed)


@pytest.mark.parametrize(
    ("text", "before", "after", "colon"),
    [
        ('{|"b": 2}', None, True, False),
        ('{"a": 1,| "b": 2}', None, True, False),
        ('{"a": 1\n|\n"b": 2}', 7, True, False),
        ('{"a": 1 |}', 7, False, False),
        ('{"a|": 1}', None, False, True),
        ('{"a": |\n"b": 1}', None, True, False),
        ('{"a": [1, |2]}', None, True, False),
        ('{"a": |, "b": 1}', None, False, False),
    ],
)
def test_where_commas_and_colons_are_wanted(text: str, before: int | None, after: bool, colon: bool) -> None:
    cursor = cursor_at(*marked(text))
    assert (cursor.before, cursor.comma_after, cursor.colon_after) == (before, after, colon)


def test_the_keys_that_are_there_are_known_on_both_sides() -> None:
    cursor = cursor_at(*marked('{"a": 1, "|", "b": {"c": 2}}'))
    assert cursor.used == {"a", "b"}


def test_a_broken_text_keeps_what_is_whole_in_it() -> None:
    outline = outline_of('{"a": {"b": [1, "x"], "c" "d": 2}, "e": ')
    found = {item.path: (item.shape, item.text) for item in outline.items()}
    assert found == {
        (): (Shape.OBJECT, ""),
        ("a",): (Shape.OBJECT, ""),
        ("a", "b"): (Shape.ARRAY, ""),
        ("a", "b", 0): (Shape.WORD, "1"),
        ("a", "b", 1): (Shape.TEXT, "x"),
        ("a", "c"): (Shape.MISSING, ""),
        ("a", "d"): (Shape.WORD, "2"),
        ("e",): (Shape.MISSING, ""),
    }


PIECES = st.lists(
    st.sampled_from(
        [
            *'{}[]:,"\\/ \n\r\t',
            "//",
            "/*",
            "*/",
            '"a"',
            '"b":',
            "true",
            "1",
            "${X}",
            "é",
            "\ud800",
            "\0",
            "\ufeff",
        ]
    ),
    max_size=40,
).map("".join)


@given(PIECES | st.text(max_size=60), st.integers(min_value=-3, max_value=200))
def test_no_text_and_no_place_is_too_odd(text: str, offset: int) -> None:
    outline = outline_of(text)
    for item in outline.items():
        for start, end in (item.value, item.span, item.name_span):
            assert 0 <= start <= end <= len(text)
        assert outline.at(item.value[0]) is not None
    cursor = cursor_at(text, offset)
    if cursor.slot is not Slot.NOTHING:
        start, end = cursor.token
        assert 0 <= start <= max(0, min(offset, len(text))) <= end <= len(text)
        assert "\n" not in text[start:end]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), st.sampled_from([None, 1, 4]))
def test_of_a_whole_text_it_says_what_the_reader_says(value: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    document = jsonc.parse(text.encode())
    outline = outline_of(text)
    assert {item.path: item.value[0] for item in outline.items()} == document.values
    assert {item.path: item.key[0] for item in outline.items() if item.key} == document.keys
    for item in outline.items():
        whole = json.loads(text[item.value[0] : item.value[1]])
        assert whole == _at(value, item.path)
        assert item.text == (whole if item.shape is Shape.TEXT else item.text)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_depth_costs_nothing() -> None:
    text = '{"a":' * 100_000
    assert outline_of(text).root is not None
    assert cursor_at(text, len(text)).slot is Slot.NOTHING
