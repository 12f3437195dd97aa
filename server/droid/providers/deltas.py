"""Joins adjacent deltas of one kind.

Models stream a token at a time, the network delivers several at once, and each event costs every
consumer something. What one network read brought is passed on as one event for each run of text or
thinking.
"""

from droid.domain.models import ModelEvent, ModelText, ModelThinking, ModelToolCall


class Deltas:
    """Collects deltas until they are taken."""

    __slots__ = ("_events", "_is_text", "_pieces")

    def __init__(self) -> None:
        self._events: list[ModelEvent] = []
        self._pieces: list[str] = []
        self._is_text = True

    def text(self, piece: str) -> None:
        if not self._is_text:
            self._join()
            self._is_text = True
        self._pieces.append(piece)

    def thinking(self, piece: str) -> None:
        if self._is_text:
            self._join()
            self._is_text = False
        self._pieces.append(piece)

    def call(self, call_id: str, name: str) -> None:
        self._join()
        self._events.append(ModelToolCall(call_id=call_id, name=name))

    def take(self) -> list[ModelEvent]:
        """What came since the last time, in order."""
        self._join()
        events, self._events = self._events, []
        return events

    def _join(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if text:
            self._events.append(ModelText(text=text) if self._is_text else ModelThinking(text=text))
