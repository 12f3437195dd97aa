"""Standard output that may go away: a closed pipe ends the run, not the program's manners."""

from collections.abc import Callable
from typing import TextIO


class Sink:
    """Writes to a stream until that fails, then says so once and swallows the rest.

    Events are written from inside the engine's emission, where an exception must not surface.

    Attributes:
        on_failure: Called once, when writing fails.
        failure: Why nothing more is written; None while all is well.
    """

    def __init__(self, stream: TextIO | None, on_failure: Callable[[], None] = lambda: None) -> None:
        self._stream = stream
        self.on_failure = on_failure
        self.failure: OSError | None = None

    def write_line(self, line: str) -> None:
        """Write a line and pass it on at once, since its reader waits for it."""
        if self.failure is not None or self._stream is None:
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except OSError as error:
            self.failure = error
            self.on_failure()
