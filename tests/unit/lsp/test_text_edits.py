"""Two versions of a text as few edits."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lsprotocol import types

from droid.lsp.convert import ENCODINGS, split_lines
from droid.lsp.documents import Document
from droid.lsp.text_edits import edits_of, holds, hunks_between, same_text, with_line_ends_of, without

TEXT = st.lists(st.sampled_from(["a\n", "b\n", "😀\r\n", "\n", "end", "é"]), max_size=12).map("".join)


def applied(text: str, edits: list[dict[str, object]], encoding: str) -> str:
    """As an editor applies them: from the last to the first, all against the old text."""
    buffer = Document("file:///x", text, version=1, language_id="", encoding=encoding)
    for edit in reversed(edits):
        ends = edit["range"]
        assert isinstance(ends, dict)
        range_ = types.Range(start=types.Position(**ends["start"]), end=types.Position(**ends["end"]))
        buffer.change(range_, str(edit["newText"]))
    return buffer.text


@given(TEXT, TEXT, st.sampled_from(ENCODINGS))
def test_the_edits_turn_one_text_into_the_other(old: str, new: str, encoding: str) -> None:
    lines = split_lines(old)
    hunks = hunks_between(lines, split_lines(new))
    assert applied(old, edits_of(lines, hunks, encoding), encoding) == new
    assert bool(hunks) is (old != new)


@given(TEXT, TEXT)
@example("a\na\na\n\na\n", "a\na\na\n\n")
def test_what_is_taken_is_seen_as_taken(old: str, new: str) -> None:
    hunks = hunks_between(split_lines(old), split_lines(new))
    if not same_text(old, new):
        assert holds(new, split_lines(old), hunks)
        assert not holds(old, split_lines(old), hunks)


def test_a_rename_in_many_places_is_many_small_edits() -> None:
    old = [f"name {number}\n" if number % 10 == 0 else "other\n" for number in range(100)]
    hunks = hunks_between(old, [line.replace("name", "title") for line in old])
    assert len(hunks) == 10
    assert all(hunk.end - hunk.start == 1 for hunk in hunks)


def test_an_edit_is_seen_beside_what_was_typed_elsewhere() -> None:
    old = ["one\n", "two\n", "three\n", ""]
    hunks = hunks_between(old, ["one\n", "2\n", "three\n", ""])
    assert holds("typed\none\n2\nthree\n", old, hunks)
    assert not holds("one\ntyped\ntwo\nthree\n", old, hunks)
    assert not holds("one\n2\nand three\n", old, hunks)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("a\r\nb\r\n", "a\nc\n", "a\r\nc\r\n"),
        ("a\nb\n", "a\nc\n", "a\nc\n"),
        ("a\r\nb\n", "a\nc\n", "a\nc\n"),
        ("a\r\nb\r\n", "a\r\nc\n", "a\r\nc\n"),
        ("", "a\n", "a\n"),
    ],
)
def test_the_line_ends_of_a_buffer_are_kept(old: str, new: str, kept: str) -> None:
    assert with_line_ends_of(old, new) == kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("a\r\n", "a\n", True), ("a\n", "a", True), ("a", "b", False), ("a\n\n", "a", False), ("", "\n", True)],
)
def test_what_an_editor_normalises_is_no_difference(one: str, other: str, same: bool) -> None:
    assert same_text(one, other) is same


@given(TEXT, TEXT)
def test_a_change_is_taken_out_again(old: str, new: str) -> None:
    found = without(new, old, new)
    assert found is not None
    assert same_text(found, old)


def test_a_change_is_taken_out_from_under_later_typing() -> None:
    old, new = "one\ntwo\nthree\n", "one\n2\nthree\n"
    assert without("typed\none\n2\nthree\nmore\n", old, new) == "typed\none\ntwo\nthree\nmore\n"
    assert without("one\n2, typed\nthree\n", old, new) is None
    assert without("one\n2\nthree\none\n2\nthree\n", old, new) is None
