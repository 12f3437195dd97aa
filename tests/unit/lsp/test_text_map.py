"""Offsets and positions of a text at one moment: the same as those of the buffer that it was."""

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from droid.lsp.convert import ENCODINGS
from droid.lsp.documents import Document
from droid.lsp.text_map import TextMap

TEXTS = st.text(st.sampled_from("a𝒳é\r\n\t\x0c\u2028"), max_size=30)


@given(TEXTS, st.sampled_from(ENCODINGS), st.integers(0, 12), st.integers(0, 12))
def test_a_position_means_what_it_means_in_the_buffer(
    text: str, encoding: str, line: int, character: int
) -> None:
    document = Document("file:///a", text, version=1, language_id="json", encoding=encoding)
    position = types.Position(line=line, character=character)
    at_line, index = document.place_of(position)
    assert TextMap(text, encoding).offset(position) == sum(map(len, document.lines[:at_line])) + index


@given(TEXTS, st.sampled_from(ENCODINGS), st.integers(0, 30))
def test_there_and_back(text: str, encoding: str, offset: int) -> None:
    offset = min(offset, len(text))
    places = TextMap(text, encoding)
    back = places.offset(types.Position(**places.position(offset)))
    # What lies within a line's end means its beginning.
    assert back == offset or text[back:offset] in ("\r", "\n", "\r\n")


def test_ranges_that_only_touch_count() -> None:
    places = TextMap("abcdef", "utf-16")
    range_ = types.Range(start=types.Position(line=0, character=2), end=types.Position(line=0, character=3))
    assert places.touches(range_, (3, 5))
    assert places.touches(range_, (0, 2))
    assert not places.touches(range_, (4, 5))
    assert places.range((1, 3)) == {
        "start": {"line": 0, "character": 1},
        "end": {"line": 0, "character": 3},
    }
