"""Bytes to text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.errors import ToolFailed
from droid.tools.text import Text, decode, encode, replace_spans

TEXTS = {
    "empty": (b"", "", "utf-8"),
    "utf-8": ("grün\n".encode(), "grün\n", "utf-8"),
    "utf-8 with a mark": (b"\xef\xbb\xbfx\n", "x\n", "utf-8"),
    "only a mark": (b"\xef\xbb\xbf", "", "utf-8"),
    "utf-16 little": ("\ufeffä\r\n".encode("utf-16-le"), "ä\r\n", "utf-16-le"),
    "utf-16 big": ("\ufeffä\r\n".encode("utf-16-be"), "ä\r\n", "utf-16-be"),
    "utf-32": ("\ufeffä\n".encode("utf-32-le"), "ä\n", "utf-32-le"),
    "windows": (b"gr\xfcn \x80 \x93x\x94\r\n", "grün € “x”\r\n", "cp1252"),
    "latin": (b"gr\xfcn \x81\n", "grün \x81\n", "latin-1"),
    "a broken mark": (b"\xef\xbb\xbf\xff\n", "ï»¿ÿ\n", "cp1252"),
    "terminal colours": (b"\x1b[31mred\x1b[0m\n", "\x1b[31mred\x1b[0m\n", "utf-8"),
}


@pytest.mark.parametrize("case", list(TEXTS))
def test_text_is_read_in_its_encoding_and_written_back_the_same(case: str):
    data, raw, encoding = TEXTS[case]
    text = decode(data)
    assert text is not None
    assert (text.raw, text.encoding) == (raw, encoding)
    assert encode(text) == data


@pytest.mark.parametrize(
    "data", [b"\x00", b"text\x00text", b"\x7fELF\x02\x01\x01\x00", bytes(range(1, 256)) * 4]
)
def test_binary_is_not_text(data: bytes):
    assert decode(data) is None


@given(st.binary(max_size=200))
def test_whatever_is_read_as_text_is_written_back_byte_for_byte(data: bytes):
    text = decode(data)
    assert text is None or encode(text) == data


@given(st.text(st.characters(codec="utf-8")))
def test_every_text_without_nul_is_text(raw: str):
    text = decode(raw.encode())
    assert text is not None or "\0" in raw or raw.startswith("\ufeff")


def test_a_character_that_the_encoding_lacks_is_named():
    text = decode(b"gr\xfcn")
    assert text is not None
    with pytest.raises(ToolFailed, match="cp1252, which has no '→'"):
        encode(Text(raw="→", encoding=text.encoding))


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\r\nb\n\n", ["a", "b", ""]),
        ("\n", [""]),
        ("a\u2028b\x0cc\rd", ["a\u2028b\x0cc\rd"]),
    ],
)
def test_lines_end_at_lf_and_crlf_alone(raw: str, lines: list[str]):
    assert Text(raw=raw).lines == lines


EDITS = {
    "one line in CRLF": ("a\r\nb\r\nc\r\n", ("b", "B"), "a\r\nB\r\nc\r\n"),
    "more lines in CRLF": ("a\r\nb\r\nc\r\n", ("b\n", "x\ny\nz\n"), "a\r\nx\r\ny\r\nz\r\nc\r\n"),
    "fewer lines in CRLF": ("a\r\nb\r\nc\r\n", ("a\nb\n", "ab\n"), "ab\r\nc\r\n"),
    "mixed, untouched around": ("a\r\nb\nc\r\nd\n", ("b", "B"), "a\r\nB\nc\r\nd\n"),
    "mixed, line by line": ("a\r\nb\nc\r\n", ("a\nb\nc", "A\nB\nC"), "A\r\nB\nC\r\n"),
    "mixed, one put between": ("a\r\nb\nc\r\n", ("a\nb\nc", "a\nnew\nb\nc"), "a\r\nnew\r\nb\nc\r\n"),
    "mixed, one taken out": ("a\r\nb\nc\r\nd\n", ("a\nb\nc", "a\nc"), "a\r\nc\r\nd\n"),
    "after the last line": ("a\r\nb", ("b", "b\nc"), "a\r\nb\r\nc"),
    "no line ending at all": ("a", ("a", "a\nb"), "a\nb"),
    "the final newline stays": ("a\r\nb\r\n", ("b\n", "c"), "a\r\nc\r\n"),
    "the missing one stays missing": ("a\nb", ("b", "c"), "a\nc"),
    "all of it": ("a\n", ("a\n", ""), ""),
    "a lone CR": ("a\rb\r\nc\r\n", ("c", "d"), "a\rb\r\nd\r\n"),
}


@pytest.mark.parametrize("case", list(EDITS))
def test_an_edit_keeps_the_line_endings(case: str):
    raw, (old, new), wanted = EDITS[case]
    text = Text(raw=raw)
    start = text.plain.index(old)
    assert replace_spans(text, [(start, start + len(old), new)]).raw == wanted


def test_several_spans_are_replaced_at_once():
    text = Text(raw="x\r\nx\nx\r\n")
    spans = [(0, 1, "1\n1"), (2, 3, "2\n2"), (4, 5, "3")]
    assert replace_spans(text, spans).raw == "1\r\n1\r\n2\n2\n3\r\n"


RAW = st.lists(st.sampled_from(["a", "b", " ", "\n", "\r\n", "\r", "é"]), max_size=12).map("".join)


@given(RAW, st.data())
def test_replacing_a_part_by_itself_changes_nothing(raw: str, data: st.DataObject):
    text = Text(raw=raw)
    start = data.draw(st.integers(0, len(text.plain)))
    end = data.draw(st.integers(start, len(text.plain)))
    assert replace_spans(text, [(start, end, text.plain[start:end])]).raw == raw


@given(RAW, RAW, st.data())
def test_an_edit_does_to_the_plain_text_what_it_says(raw: str, new: str, data: st.DataObject):
    """Line endings aside, an edit is a plain replacement, with the final newline kept."""
    text, new = Text(raw=raw.replace("\r\n", "\n").replace("\r", "\r\n")), new.replace("\r", "")
    start = data.draw(st.integers(0, len(text.plain)))
    end = data.draw(st.integers(start, len(text.plain)))
    plain = text.plain[:start] + new + text.plain[end:]
    if text.plain.endswith("\n") and plain and not plain.endswith("\n"):
        plain += "\n"
    assert replace_spans(text, [(start, end, new)]).plain == plain
