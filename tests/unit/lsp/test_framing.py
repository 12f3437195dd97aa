"""Messages out of bytes, however they are cut and whatever stands between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.lsp import framing
from droid.lsp.framing import FrameReader, NotTheProtocol, TooLarge, framed
from droid.lsp.transport import bodies


def read(data: bytes, cuts: list[int] | None = None, *, strict: bool = False) -> list[bytes]:
    reader = FrameReader(strict=strict)
    found: list[bytes] = []
    ends = [*sorted(cut % (len(data) + 1) for cut in cuts or []), len(data)]
    start = 0
    for end in ends:
        reader.feed(data[start:end])
        found += bodies(reader)
        start = end
    return found


@given(
    st.lists(st.binary(min_size=1, max_size=50), max_size=5), st.lists(st.integers(0, 10_000)), st.booleans()
)
def test_messages_are_the_same_however_the_stream_is_cut(
    messages: list[bytes], cuts: list[int], strict: bool
) -> None:
    assert read(b"".join(map(framed, messages)), cuts, strict=strict) == messages


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"content-length:2\n\n{}", [b"{}"]),
        (b"Content-Type: a/b; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}", [b"{}"]),
        (b"hello\r\n" + framed(b"{}"), [b"{}"]),
        (b"hello\r\n\r\n" + framed(b"{}"), [b"{}"]),
        (b"Content-Length: -1\r\n\r\n" + framed(b"{}"), [b"{}"]),
        (b"Content-Length: x\r\n\r\n" + framed(b"{}"), [b"{}"]),
        (b"Content-Length: 99999999999999999999999\r\n\r\n" + framed(b"{}"), [b"{}"]),
        (b"x" * (framing.MAX_HEADER_BYTES * 3) + b"\r\n\r\n" + framed(b"{}"), [b"{}"]),
        (b"Content-Length: 5\r\n\r\n{}", []),
        (b"Content-Length: 2\r\n", []),
    ],
)
def test_rubbish_on_a_pipe_is_skipped(data: bytes, found: list[bytes]) -> None:
    assert read(data) == found


def test_a_message_that_is_too_large_is_said_once_and_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_BODY_BYTES", 10)
    reader = FrameReader()
    reader.feed(b"Content-Length: 25\r\n\r\n" + b"x" * 20)
    with pytest.raises(TooLarge):
        reader.take()
    assert reader.take() is None
    reader.feed(b"x" * 5 + framed(b"{}"))
    assert reader.take() == b"{}"


@pytest.mark.parametrize(
    "data",
    [
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
        b"GET / HTTP/1.1\r\n",
        b"Content-Length: 2\r\nOrigin: http://evil\r\n\r\n{}",
        b"\x16\x03\x01\x02",
        b"Content-Type: x\r\n\r\n",
        b"\r\n\r\n",
        b"content-type: " + b"x" * framing.MAX_HEADER_BYTES,
    ],
)
def test_a_web_page_cannot_speak_to_a_socket(data: bytes) -> None:
    """The body of a page's HTTP request is framed by the very header that we read."""
    with pytest.raises(NotTheProtocol):
        read(data, strict=True)


@pytest.mark.parametrize("data", [b"", b"Con", b"Content-Length: 1", b"content-length: 10\r\ncontent-ty"])
def test_an_unfinished_header_is_waited_for(data: bytes) -> None:
    assert read(data, strict=True) == []
