"""Joins the pieces of a streamed answer before they are stored.

A model streams hundreds of pieces a second, and each would cost a write and a line. They are held back
until there are enough of them, or they are old enough, or something else is to be stored.
"""

from droid.domain.events import Record, TextDelta, ThinkingDelta

HELD_CHARACTERS = 4096
HELD_SECONDS = 0.25


class HeldDeltas:
    """The deltas that are not stored yet: all of one kind and of one turn."""

    def __init__(self) -> None:
        self._first: Record | None = None
        self._texts: list[str] = []
        self._characters = 0

    def joins(self, record: Record) -> bool:
        """Whether a delta continues what is held."""
        first = self._first
        return first is None or (
            type(first.event) is type(record.event)
            and first.turn_id == record.turn_id
            and first.seq == record.seq
        )

    def add(self, record: Record, event: TextDelta | ThinkingDelta) -> None:
        """Hold a delta back; it must continue what is held."""
        if self._first is None:
            self._first = record
        self._texts.append(event.text)
        self._characters += len(event.text)

    def take_back(self) -> None:
        """Undo the last `add`."""
        self._characters -= len(self._texts.pop())
        if not self._texts:
            self._first = None

    def is_due(self, at: float) -> bool:
        """Whether what is held should be stored by now; `at` is the time of the newest delta."""
        if self._first is None:
            return False
        return self._characters >= HELD_CHARACTERS or at - self._first.at >= HELD_SECONDS

    @property
    def joined(self) -> Record | None:
        """What is held, as one record with the time of the first delta."""
        first = self._first
        if first is None:
            return None
        text = "".join(self._texts)
        event = TextDelta(text=text) if isinstance(first.event, TextDelta) else ThinkingDelta(text=text)
        return Record(seq=first.seq, at=first.at, turn_id=first.turn_id, event=event)

    def clear(self) -> None:
        """Forget what is held: it has been stored."""
        self._first = None
        self._texts.clear()
        self._characters = 0
