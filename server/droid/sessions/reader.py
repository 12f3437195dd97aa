"""Reads a transcript, whatever state a crash left it in.

A last line without its end was never acknowledged and is left out; after a power loss it may be padded
with NUL bytes. A line in the middle that cannot be read costs only itself, and the transcript says so
in its place. The deltas of an answer are dropped where the whole answer follows, or where a retry began
it anew; those that an interruption left behind stay.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from droid.domain.errors import SessionNotFound
from droid.domain.events import (
    AssistantAnswered,
    Record,
    RetryScheduled,
    TextDelta,
    ThinkingDelta,
    Warned,
)
from droid.sessions.codec import CorruptLine, decode, parse

_CHUNK_BYTES = 64 * 1024
_PADDING = b"\0 \t\r\n"


def read_records(path: Path) -> list[Record]:
    """Every record of a transcript, in order.

    Raises:
        SessionNotFound: there is no such transcript.
    """
    try:
        with path.open("rb") as lines:
            return without_replaced_deltas(_decoded(lines))
    except FileNotFoundError as error:
        raise SessionNotFound(f"no transcript at {path}") from error


def without_replaced_deltas(records: Iterable[Record]) -> list[Record]:
    """Drop the deltas that a later record of their turn replaces."""
    kept: list[Record | None] = []
    deltas: dict[str | None, list[int]] = {}
    for record in records:
        event = record.event
        if isinstance(event, TextDelta | ThinkingDelta):
            deltas.setdefault(record.turn_id, []).append(len(kept))
        elif isinstance(event, AssistantAnswered | RetryScheduled):
            for index in deltas.pop(record.turn_id, ()):
                kept[index] = None
        kept.append(record)
    return [record for record in kept if record is not None]


def _decoded(lines: Iterable[bytes]) -> Iterator[Record]:
    last: Record | None = None
    later = 0
    for number, line in enumerate(_until_torn(lines), start=1):
        text = line.strip(_PADDING)
        if not text:
            continue
        try:
            record = decode(text)
        except CorruptLine:
            if line.endswith(b"\n"):
                yield _note(last, f"line {number} of this transcript is damaged and was left out")
            continue
        if record is None:
            later += 1
            continue
        last = record
        yield record
    if later:
        yield _note(last, f"{later} events of this transcript are of a later version and were left out")


def _until_torn(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines up to the first without its end: its writer may be about to end it while we read."""
    for line in lines:
        yield line
        if not line.endswith(b"\n"):
            return


def _note(after: Record | None, message: str) -> Record:
    """A warning in the place of what could not be read; like a delta, it takes no number of its own."""
    if after is None:
        return Record(seq=0, at=0.0, turn_id=None, event=Warned(message=message))
    return Record(seq=after.seq, at=after.at, turn_id=after.turn_id, event=Warned(message=message))


def is_whole(line: bytes) -> bool:
    """Whether bytes are one JSON object, which a line that was cut short never is."""
    try:
        parse(line)
    except CorruptLine:
        return False
    return True


def split_tail(fd: int) -> tuple[int, bytes]:
    """How many bytes of an open transcript are ended lines, and what comes after them."""
    end = os.fstat(fd).st_size
    tail = b""
    while end > 0:
        start = max(0, end - _CHUNK_BYTES)
        chunk = os.pread(fd, end - start, start)
        newline = chunk.rfind(b"\n")
        if newline >= 0:
            return start + newline + 1, chunk[newline + 1 :] + tail
        tail = chunk + tail
        end = start
    return 0, tail
