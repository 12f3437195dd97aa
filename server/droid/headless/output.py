"""What a run reports through; one implementation for each `--output-format`."""

from typing import Protocol

from droid.domain.events import Record
from droid.headless.summary import Summary


class Output(Protocol):
    """Told of events while the run goes on, and of its end once."""

    def event(self, record: Record) -> None:
        """An event happened. Called from inside the engine: it must be quick and must not raise."""
        ...

    def warn(self, message: str) -> None:
        """Something the person should know, outside the events."""
        ...

    def finish(self, summary: Summary) -> None:
        """The run is over and everything is stored."""
        ...
