"""Front matter that is being written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.settings.authoring.drafts import marked

from droid.settings.authoring.matter_outline import cursor_at, outline_of
from droid.settings.authoring.outline import Slot

KEY, VALUE, NOTHING = Slot


@pytest.mark.parametrize(
    ("text", "slot", "path", "typed", "used"),
    [
        ("---\n|\n---\n", KEY, (), "", set()),
        ("---\nname: x\nde|\n---\n", KEY, (), "de", {"name"}),
        ("---\nna|me: x\n---\n", KEY, (), "na", set()),
        ("---\nname: x\nmodel: |\n---\n", VALUE, ("model",), "", set()),
        ("---\nmodel:|\n---\n", VALUE, ("model",), "", set()),
        ("---\nmodel: in|herit # c\n", VALUE, ("model",), "in", set()),
        ("---\nmodel: 'in|'\n", VALUE, ("model",), "in", set()),
        ("---\ntools: [Read, |]\n---\n", VALUE, ("tools", 1), "", {"Read"}),
        ("---\ntools: [Re|, LS]\n---\n", VALUE, ("tools", 0), "Re", {"LS"}),
        ("---\ntools: [|]\n---\n", VALUE, ("tools", 0), "", set()),
        ("---\ntools:\n  - Read\n  - |\n---\n", VALUE, ("tools", 1), "", {"Read"}),
        ("---\ntools:\n- Gr|\n", VALUE, ("tools", 0), "Gr", set()),
        ("---\nname: x\n---\nna|", NOTHING, (), "", set()),
        ("na|me: x\n", NOTHING, (), "", set()),
        ("---\n  con|tinued\n---\n", NOTHING, (), "", set()),
        ("|---\n", NOTHING, (), "", set()),
    ],
)
def test_what_can_be_written_at_a_place(
    text: str, slot: Slot, path: tuple[Any, ...], typed: str, used: set[str]
) -> None:
    cursor = cursor_at(*marked(text))
    assert (cursor.slot, cursor.path, cursor.typed, cursor.used) == (slot, path, typed, used)


def test_members_and_lists_of_either_form() -> None:
    text = (
        '---\r\nname: "x"  # c\r\ntools: [Read, LS]\r\nmcpServers:\r\n  - a\r\n  - b\r\n---\r\nbody: no\r\n'
    )
    found = {item.path: text[slice(*item.value)] for item in outline_of(text).items() if item.path}
    assert found == {
        ("name",): '"x"',
        ("tools",): "[Read, LS]",
        ("tools", 0): "Read",
        ("tools", 1): "LS",
        ("mcpServers",): "  - a\r\n  - b",
        ("mcpServers", 0): "a",
        ("mcpServers", 1): "b",
    }


PIECES = st.lists(
    st.sampled_from(
        ["---\n", "---", "\n", "\r\n", "- ", "a: ", "a:", "b", " ", "[", "]", ",", "#", '"', "é", "'"]
    ),
    max_size=30,
).map("".join)


@given(
    st.just("---\n") | st.just(""), PIECES | st.text(max_size=40), st.integers(min_value=-2, max_value=120)
)
def test_no_text_and_no_place_is_too_odd(head: str, rest: str, offset: int) -> None:
    text = head + rest
    outline = outline_of(text)
    for item in outline.items():
        for start, end in (item.value, item.span, item.name_span):
            assert 0 <= start <= end <= len(text)
    cursor = cursor_at(text, offset)
    if cursor.slot is not Slot.NOTHING:
        start, end = cursor.token
        assert 0 <= start <= offset <= end <= len(text)
        assert "\n" not in text[start:end]
