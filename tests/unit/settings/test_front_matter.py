"""Front matter as people write it, and as somebody would write it who means harm."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.settings.front_matter import parse
from droid.settings.jsonc import MalformedJson, Place


@pytest.mark.parametrize(
    ("text", "values", "body"),
    [
        ("", {}, ""),
        ("Just text\n---\n", {}, "Just text\n---\n"),
        ("---\n---\nBody", {}, "Body"),
        ("---\nname: reviewer\ntools: [Read, Grep]\n---\nBody\n", {"name": "reviewer", "tools": ["Read", "Grep"]}, "Body\n"),
        ("\ufeff---\r\nname: x\r\n---\r\nBody", {"name": "x"}, "Body"),
        ("---\na: 1\nb: 1.5\nc: true\nd: null\ne: '1'\n---\n", {"a": 1, "b": 1.5, "c": True, "d": None, "e": "1"}, ""),
        ("---\na: yes\nb: off\nc: 2026-11-24\n---\n", {"a": "yes", "b": "off", "c": "2026-11-24"}, ""),
        ("---\ndescription: >\n  two\n  lines\n---\n", {"description": "two lines\n"}, ""),
        ("---\na: {b: [1, {c: d}]}\n---\n", {"a": {"b": [1, {"c": "d"}]}}, ""),
    ],
)  # fmt: skip
def test_front_matter_is_plain_data(text: str, values: dict[str, object], body: str) -> None:
    found = parse(text)
    assert found.values == values
    assert found.body == body


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("---\nname: x\n", "not closed", 1),
        ("---\n- a\n---\n", "key: value", 2),
        ("---\nname: x\nname: y\n---\n", "given twice, first on line 2", 3),
        ("---\na: &x [1]\nb: *x\n---\n", "alias", 3),
        ("---\na: !!python/object:os.system x\n---\n", "tag", 2),
        ("---\na: [1\n---\n", "no YAML", 3),
        ("---\na: b: c\n---\n", "no YAML", 2),
        ("---\n? [a]\n: b\n---\n", "plain text", 2),
        ("---\na: \x07\n---\n", "forbids", 2),
        ("---\na: " + "[" * 100 + "]" * 100 + "\n---\n", "nested", 2),
        ("---\na: " + "[" * 5000 + "]" * 5000 + "\n---\n", "nested", 2),
    ],
)
def test_what_readers_disagree_about_is_refused(text: str, reason: str, line: int) -> None:
    with pytest.raises(MalformedJson, match=reason) as caught:
        parse(text)
    assert caught.value.place.line == line


def test_every_value_remembers_where_it_stands() -> None:
    found = parse("---\nname: x\ntools:\n  - Read\n  - Grep\n---\nBody\n")
    assert found.place(("name",)) == Place(line=2, column=1)
    assert found.places[("tools", 1)] == Place(line=5, column=5)
    assert found.body_line == 7


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(MalformedJson):
        parse(f"---\n{text}\n---\n")
