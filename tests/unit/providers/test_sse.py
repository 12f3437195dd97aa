"""The reader of server-sent events: what the specification says, however the bytes are cut."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droid.providers.sse import SSEEvent, SSEReader

STREAMS = sorted((Path(__file__).parents[2] / "data" / "streams").rglob("*.sse"))


def events(data: bytes, *cuts: int) -> list[SSEEvent]:
    reader = SSEReader()
    found: list[SSEEvent] = []
    start = 0
    for cut in [*sorted(cuts), len(data)]:
        found += reader.feed(data[start:cut])
        start = cut
    return found


def message(data: str, event: str = "message", event_id: str = "") -> SSEEvent:
    return SSEEvent(event, data, event_id)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"data: one\n\ndata: two\n\n", [message("one"), message("two")]),
        (b"data:one\n\n", [message("one")]),
        (b"data:  one\n\n", [message(" one")]),
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [message("YHOO\n+2\n10")]),
        (b"data\n\ndata\ndata\n\n", [message(""), message("\n")]),
        (b"data:\n\n", [message("")]),
        (b": a comment\n\ndata: x\n: another\n\n", [message("x")]),
        (b":\n\n", []),
        (b"event: ping\n\n", []),
        (b"event: ping\n\ndata: x\n\n", [message("x")]),
        (b"event: add\ndata: 1\n\ndata: 2\n\n", [message("1", "add"), message("2")]),
        (b"event:\ndata: 1\n\n", [message("1")]),
        (b"id: 1\ndata: a\n\ndata: b\n\n", [message("a", event_id="1"), message("b", event_id="1")]),
        (b"id: 1\n\ndata: b\n\n", [message("b", event_id="1")]),
        (b"id: 1\ndata: a\n\nid\ndata: b\n\n", [message("a", event_id="1"), message("b")]),
        (b"id: a\0b\ndata: a\n\n", [message("a")]),
        (b"unknown: 1\nDATA: 2\n data: 3\ndata: x\n\n", [message("x")]),
        (b"data: cut off", []),
        (b"data: cut off\n", []),
        (b"data: x\r\n\r\n", [message("x")]),
        (b"data: x\r\r", [message("x")]),
        (b"data: x\r\n\ndata: y\n\r", [message("x"), message("y")]),
        (b"\r\n\r\ndata: x\r\ndata: y\r\n\r\n", [message("x\ny")]),
        (b"\xef\xbb\xbfdata: x\n\n", [message("x")]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: x\n\n", []),
        (b"data: a\n\n\xef\xbb\xbfdata: x\n\n", [message("a")]),
        ("data: ü\u2028\u0085\f\v🌍\n\n".encode(), [message("ü\u2028\u0085\f\v🌍")]),
        (b"data: \xff\xf0\x9f\n\n", [message("\ufffd\ufffd")]),
        (b"data: a: b: c\n\n", [message("a: b: c")]),
        (b"", []),
        (b"\n\n\n", []),
    ],
)
def test_an_event_is_what_the_specification_says(data: bytes, expected: list[SSEEvent]) -> None:
    assert events(data) == expected
    assert events(data, *range(len(data))) == expected, "cut at every byte"


@pytest.mark.parametrize("path", STREAMS, ids=[f"{path.parent.name}/{path.name}" for path in STREAMS])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_a_recorded_stream_is_the_same_wherever_it_is_cut(path: Path, line_end: bytes) -> None:
    data = path.read_bytes()
    whole = events(data)
    assert whole
    data = data.replace(b"\n", line_end)
    for cut in range(len(data) + 1):
        assert events(data, cut) == whole, f"cut at {cut}"


_LINES = st.sampled_from(
    [
        b"data: x",
        b"data:",
        b"data",
        b"event: e",
        b"id: 7",
        b"id: \0",
        b"retry: 9",
        b": c",
        b"",
        b"",
        b"x",
        b"\xef\xbb\xbf",
    ]
)
_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r", b""])


@settings(deadline=None)
@given(st.lists(st.tuples(_LINES, _ENDS)), st.lists(st.integers(0, 200)))
def test_cuts_change_nothing(lines: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    data = b"".join(line + end for line, end in lines)
    assert events(data, *(cut for cut in cuts if cut < len(data))) == events(data)


@settings(deadline=None)
@given(st.binary(), st.lists(st.integers(0, 100)))
def test_no_bytes_break_the_reader(data: bytes, cuts: list[int]) -> None:
    assert events(data, *(cut for cut in cuts if cut < len(data))) == events(data)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")), min_size=1))
def test_what_a_server_writes_is_what_is_read(texts: list[str]) -> None:
    data = "".join(f"data: {text}\n\n" for text in texts).encode()
    assert [event.data for event in events(data)] == texts


@pytest.mark.parametrize(
    ("line", "expected"),
    [(b"retry: 3000", 3000), (b"retry: 3s", None), (b"retry:", None), (b"retry: " + b"9" * 5000, None)],
)
def test_the_reconnection_time_is_kept_where_it_is_a_number(line: bytes, expected: int | None) -> None:
    reader = SSEReader()
    reader.feed(line + b"\n\n")
    assert reader.retry_ms == expected


@pytest.mark.parametrize("line", [b"x" * 50, b"data: " + b"x" * 50, b"data: x\n" * 50])
def test_an_event_without_end_is_given_up(line: bytes) -> None:
    """Or a server could fill the memory."""
    reader = SSEReader(limit_bytes=1000)

    def feed_for_ever() -> None:
        for _ in range(1000):
            reader.feed(line)

    with pytest.raises(ValueError, match="larger than 1000 bytes"):
        feed_for_ever()


def test_many_small_events_are_no_large_one() -> None:
    reader = SSEReader(limit_bytes=100)
    assert sum(len(reader.feed(b"data: 0123456789\n\n")) for _ in range(1000)) == 1000


def test_an_event_of_many_pieces_costs_its_size_once() -> None:
    """16 MiB in 1 KiB pieces: joining the pieces anew for each would copy 128 GiB."""
    reader = SSEReader()
    reader.feed(b"data: ")
    for _ in range(16 * 1024):
        assert reader.feed(b"x" * 1024) == []
    (event,) = reader.feed(b"\n\n")
    assert len(event.data) == 16 * 1024 * 1024
