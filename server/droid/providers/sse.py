"""An incremental reader of server-sent events.

Bytes go in as the network cut them, events come out, and the events do not depend on the cuts: lines
are split before anything is decoded, so no character is ever halved. What the specification leaves
to the client is handled as it says: a BOM is skipped, comments are dropped, an event without data is
not dispatched, one that the stream broke off is never seen.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from typing import NamedTuple

_LIMIT_BYTES = 64 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class SSEEvent(NamedTuple):
    """One event. A tuple, because tens of thousands a second are made.

    Attributes:
        event: The type; `message` where the server named none.
        data: The data lines, joined by line feeds.
        event_id: The last id that the server sent, with this event or before it.
    """

    event: str
    data: str
    event_id: str


class SSEReader:
    """Turns the bytes of one stream into events.

    Attributes:
        retry_ms: The reconnection time that the server asked for, if it did.
    """

    __slots__ = ("_after_cr", "_data", "_event", "_id", "_limit", "_size", "_started", "_tail", "retry_ms")

    def __init__(self, limit_bytes: int = _LIMIT_BYTES) -> None:
        self.retry_ms: int | None = None
        self._limit = limit_bytes
        self._tail: list[bytes] = []  # pieces of a line whose end has not come
        self._size = 0  # bytes of the event that is being read
        self._data: list[bytes] = []
        self._event = ""
        self._id = ""
        self._after_cr = False
        self._started = False

    def feed(self, chunk: bytes) -> list[SSEEvent]:
        """The events that `chunk` completes.

        Raises:
            ValueError: One event is larger than the limit.
        """
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[0] == 10:  # the second half of a CRLF
                chunk = chunk[1:]
        if not chunk:
            return []
        if b"\n" not in chunk and b"\r" not in chunk:
            self._tail.append(chunk)
            self._grow(len(chunk))
            return []
        if self._tail:
            self._tail.append(chunk)
            chunk = b"".join(self._tail)
            self._tail.clear()
        lines = chunk.splitlines()
        last = chunk[-1]
        if last == 13:
            self._after_cr = True
        elif last != 10:
            self._tail.append(lines.pop())
        if not self._started:
            self._started = True
            lines[0] = lines[0].removeprefix(_BOM)
        events = self._take(lines)
        self._size = sum(map(len, self._data)) + sum(map(len, self._tail))
        self._grow(0)
        return events

    def _take(self, lines: list[bytes]) -> list[SSEEvent]:
        events: list[SSEEvent] = []
        data = self._data
        for line in lines:
            if not line:
                if data:
                    text = (data[0] if len(data) == 1 else b"\n".join(data)).decode("utf-8", "replace")
                    events.append(SSEEvent(self._event or "message", text, self._id))
                    data.clear()
                self._event = ""
            elif line.startswith(b"data:"):
                data.append(line[6:] if line[5:6] == b" " else line[5:])
            else:
                self._field(line)
        return events

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._event = value.decode("utf-8", "replace")
        elif name == b"data":
            self._data.append(value)
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit() and len(value) < 12:
            self.retry_ms = int(value)

    def _grow(self, count: int) -> None:
        self._size += count
        if self._size > self._limit:
            message = f"an event is larger than {self._limit} bytes"
            raise ValueError(message)
