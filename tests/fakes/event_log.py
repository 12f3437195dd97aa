"""A transcript and a checkpoint store in memory."""

from collections.abc import Sequence

from droid.domain.errors import LogWriteFailed
from droid.domain.events import (
    AssistantAnswered,
    Record,
    RetryScheduled,
    TextDelta,
    ThinkingDelta,
    ToolOutputDelta,
)
from droid.domain.files import digest_of


class MemoryEventLog:
    """The `EventLog` port over a list.

    Attributes:
        stored: What a reader of the transcript would find.
        fail: Set it, and nothing can be written, as on a full disk.
        closed: Nothing more can be appended.
        synced: How many of the stored records outlive a loss of power.
    """

    def __init__(self) -> None:
        self.stored: list[Record] = []
        self.fail = False
        self.closed = False
        self.synced = 0
        self._held: list[Record] = []

    def append(self, record: Record) -> None:
        event = record.event
        if isinstance(event, ToolOutputDelta):
            return
        if self.closed:
            raise LogWriteFailed("the transcript is closed")
        if isinstance(event, TextDelta | ThinkingDelta):
            held = self._held[0] if self._held else None
            if held is not None and (type(held.event), held.turn_id) != (type(event), record.turn_id):
                self._flush()
            self._held.append(record)
            return
        if self.fail:
            raise LogWriteFailed("no space left on device")
        self._flush()
        if isinstance(event, AssistantAnswered | RetryScheduled):
            self.stored = [
                old
                for old in self.stored
                if old.turn_id != record.turn_id or not isinstance(old.event, TextDelta | ThinkingDelta)
            ]
        self.stored.append(record)

    async def sync(self) -> None:
        if self.closed:
            return
        self._flush()
        self.synced = len(self.stored)

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self._flush()

    def _flush(self) -> None:
        if not self._held:
            return
        if self.fail:
            raise LogWriteFailed("no space left on device")
        first = self._held[0]
        text = "".join(
            old.event.text for old in self._held if isinstance(old.event, TextDelta | ThinkingDelta)
        )
        event = TextDelta(text=text) if isinstance(first.event, TextDelta) else ThinkingDelta(text=text)
        self._held = []
        self.stored.append(Record(seq=first.seq, at=first.at, turn_id=first.turn_id, event=event))


class MemoryBlobs:
    """The `BlobStore` port over a dictionary."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def put(self, data: bytes, *, durable: bool = True) -> str:
        digest = digest_of(data)
        self.contents[digest] = data
        return digest

    def has(self, digest: str) -> bool:
        return digest in self.contents

    def keep(self, digests: Sequence[str]) -> None:
        """Memory is as safe as it gets."""

    async def sync(self) -> None:
        """Memory is as safe as it gets."""

    def get(self, digest: str) -> bytes:
        return self.contents[digest]
