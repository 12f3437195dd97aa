"""What is left on the screen of what a command writes."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from droid.tools.console import Screen


def shown(*chunks: bytes) -> str:
    screen = Screen()
    return "".join([*map(screen.feed, chunks), screen.finish()])


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (b"", ""),
        (b"plain\n", "plain\n"),
        (b"no line ending", "no line ending"),
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"\ttab\n", "\ttab\n"),
        ("Grüße 日本 🎉\n".encode(), "Grüße 日本 🎉\n"),
        # Colours, cursor, titles, links.
        (b"\x1b[31mred\x1b[0m\n", "red\n"),
        (b"\x1b[1;38;5;200mbold\x1b[m", "bold"),
        (b"\x1b[2K\x1b[1Gline\x1b[?25h\n", "line\n"),
        (b"\x1b]0;title\x07text", "text"),
        (b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        (b"\x1bPdata\x1b\\text\x1b(B\x1b=\x1b7", "text"),
        (b"cut off \x1b[3", "cut off [3"),
        (b"lone \x1b", "lone "),
        # Drawn over.
        (b"10%\r50%\r100%\n", "100%\n"),
        (b"10%\r50%\r100%\r\ndone\n", "100%\ndone\n"),
        (b"10%\r50%\r", "50%"),
        (b"\rspinner\r\x1b[K\r\n", "spinner\n"),
        (b"|\b/\b-\b\\\n", "\\\n"),
        (b"\b\bx\n", "x\n"),
        (b"m\bma\ban\bn\n", "man\n"),
        # Binary.
        (b"a\0b\x01c\x7fd\x07e\n", "a\ufffdb\ufffdcde\n"),
        (b"\xff\xfe\n", "\ufffd\ufffd\n"),
        (b"\xc3", "\ufffd"),
        ("\x9b31mred \x85\n".encode(), "red \ufffd\n"),
        ("20 °C · ©\n".encode(), "20 °C · ©\n"),
        (b"page\x0cbreak\x0b\n", "pagebreak\n"),
    ],
)
def test_the_screen_shows(written: bytes, left: str) -> None:
    assert shown(written) == left


pieces = st.sampled_from(
    [
        *(bytes([byte]) for byte in b"ab \r\n\b\x1b\0\xff"),
        *(b"\x1b[31m", b"\x1b]0;t\x07", b"\r\n", "日🎉".encode(), "\x9b31m°".encode(), b"\r100%", b"\x1b[K"),
    ]
)


@given(st.lists(pieces, max_size=30).map(b"".join), st.lists(st.integers(0, 80), max_size=10))
@example(b"\r\na\r\x1b[31m", [2])
@example(b"\r\na\r\x1b[31mb", [2, 5])
def test_it_does_not_matter_how_the_bytes_are_cut(data: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[start:end] for start, end in pairwise(places)]
    assert shown(*chunks) == shown(data)


@given(st.binary(max_size=300))
def test_nothing_that_steers_a_terminal_is_left(data: bytes) -> None:
    assert not set(shown(data)) & set(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=200))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert shown(text.encode()) == text


def test_a_line_is_handed_out_when_it_is_complete() -> None:
    screen = Screen()
    assert screen.feed(b"one\ntw") == "one\n"
    assert screen.line == "tw"
    assert screen.feed(b"o\rzwei") == ""
    assert screen.line == "zwei"
    assert screen.feed(b"\n") == "zwei\n"
    assert screen.finish() == ""


def test_an_endless_line_is_not_waited_for() -> None:
    screen = Screen()
    handed_out = 0
    for _ in range(1000):
        handed_out += len(screen.feed(b"x" * 1000))
        assert len(screen.line) <= 65_536
    assert handed_out + len(screen.finish()) == 1_000_000


def test_an_endless_progress_bar_takes_no_room() -> None:
    screen = Screen()
    for number in range(100_000):
        screen.feed(b"\r%d bytes so far" % number)
    assert screen.finish() == "99999 bytes so far"
