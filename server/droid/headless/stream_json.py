"""`-o stream-json`: the engine's events as they happen, one JSON object a line."""

from typing import TYPE_CHECKING

from droid.app.transcript import encode_record
from droid.domain.events import Record
from droid.headless.sink import Sink

if TYPE_CHECKING:
    from droid.headless.summary import Summary


class StreamJsonOutput:
    """Prints each event; `turn_ended` is the last."""

    def __init__(self, out: Sink, err: Sink) -> None:
        self._out = out
        self._err = err

    def event(self, record: Record) -> None:
        self._out.write_line(encode_record(record).decode().rstrip("\n"))

    def warn(self, message: str) -> None:
        self._err.write_line(f"warning: {message}")

    def finish(self, summary: "Summary") -> None:
        """Everything has been told."""
