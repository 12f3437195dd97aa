"""What every transcript and every checkpoint store keeps to: those on disk, and the fakes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.event_log import MemoryBlobs, MemoryEventLog

from droid.domain.errors import LogWriteFailed
from droid.domain.events import (
    AssistantAnswered,
    Event,
    Record,
    RetryScheduled,
    TextDelta,
    ThinkingDelta,
    ToolOutputDelta,
    Warned,
)
from droid.domain.files import digest_of
from droid.domain.messages import Message, Role, TextPart
from droid.domain.models import StopReason
from droid.domain.ports import BlobStore, EventLog
from droid.sessions.blobs import DiskBlobs
from droid.sessions.log import SessionLog
from droid.sessions.reader import read_records


@dataclass(kw_only=True)
class Transcript:
    """A log, and what a reader of it finds."""

    log: EventLog
    stored: Callable[[], list[Record]]


@pytest.fixture(params=["disk", "memory"])
def transcript(request: pytest.FixtureRequest, tmp_path: Path) -> Transcript:
    if request.param == "memory":
        memory = MemoryEventLog()
        return Transcript(log=memory, stored=lambda: memory.stored)
    path = tmp_path / "s1.jsonl"
    return Transcript(log=SessionLog.create(path), stored=lambda: read_records(path))


def record(event: Event, *, seq: int = 1, at: float = 100.0, turn_id: str | None = "t1") -> Record:
    return Record(seq=seq, at=at, turn_id=turn_id, event=event)


def answered(text: str, seq: int = 2, turn_id: str = "t1") -> Record:
    message = Message(role=Role.ASSISTANT, parts=(TextPart(text=text),))
    return record(AssistantAnswered(message=message, stop_reason=StopReason.END), seq=seq, turn_id=turn_id)


def test_what_was_appended_can_be_read_at_once_in_order(transcript: Transcript) -> None:
    first, second = record(Warned(message="a"), seq=1), record(Warned(message="b\n"), seq=2, turn_id=None)
    transcript.log.append(first)
    assert transcript.stored() == [first]
    transcript.log.append(second)
    assert transcript.stored() == [first, second]


def test_pieces_of_an_answer_become_one_record_before_the_next_event(transcript: Transcript) -> None:
    for text in ("Hel", "lo ", "world"):
        transcript.log.append(record(TextDelta(text=text)))
    transcript.log.append(record(Warned(message="w"), seq=2))
    assert transcript.stored() == [record(TextDelta(text="Hello world")), record(Warned(message="w"), seq=2)]


def test_text_and_thinking_are_not_mixed(transcript: Transcript) -> None:
    for event in (
        ThinkingDelta(text="a"),
        ThinkingDelta(text="b"),
        TextDelta(text="c"),
        ThinkingDelta(text="d"),
    ):
        transcript.log.append(record(event))
    transcript.log.close()
    assert [stored.event for stored in transcript.stored()] == [
        ThinkingDelta(text="ab"),
        TextDelta(text="c"),
        ThinkingDelta(text="d"),
    ]


def test_pieces_of_two_turns_are_not_mixed(transcript: Transcript) -> None:
    transcript.log.append(record(TextDelta(text="a"), turn_id="t1"))
    transcript.log.append(record(TextDelta(text="b"), turn_id="t2"))
    transcript.log.close()
    assert [(stored.turn_id, stored.event) for stored in transcript.stored()] == [
        ("t1", TextDelta(text="a")),
        ("t2", TextDelta(text="b")),
    ]


def test_the_whole_answer_replaces_its_pieces(transcript: Transcript) -> None:
    transcript.log.append(record(TextDelta(text="Hel")))
    transcript.log.append(record(Warned(message="w")))
    transcript.log.append(record(ThinkingDelta(text="hm")))
    transcript.log.append(answered("Hello"))
    assert transcript.stored() == [record(Warned(message="w")), answered("Hello")]


def test_an_answer_of_another_turn_replaces_nothing(transcript: Transcript) -> None:
    cut_off = record(TextDelta(text="Hel"))
    transcript.log.append(cut_off)
    transcript.log.append(answered("Bye", turn_id="t2"))
    assert transcript.stored() == [cut_off, answered("Bye", turn_id="t2")]


def test_a_retry_begins_the_answer_anew(transcript: Transcript) -> None:
    retry = record(RetryScheduled(attempt=1, delay_s=1, reason="broken stream"), seq=2)
    transcript.log.append(record(TextDelta(text="Hel")))
    transcript.log.append(retry)
    transcript.log.append(record(TextDelta(text="Hello"), seq=2))
    transcript.log.close()
    assert transcript.stored() == [retry, record(TextDelta(text="Hello"), seq=2)]


def test_output_of_tools_is_not_stored(transcript: Transcript) -> None:
    transcript.log.append(record(ToolOutputDelta(call_id="c1", text="noise")))
    transcript.log.close()
    assert transcript.stored() == []


def test_closing_stores_what_was_held_back(transcript: Transcript) -> None:
    transcript.log.append(record(TextDelta(text="half an ans")))
    transcript.log.close()
    assert transcript.stored() == [record(TextDelta(text="half an ans"))]


def test_nothing_can_be_appended_to_a_closed_log(transcript: Transcript) -> None:
    transcript.log.close()
    transcript.log.close()
    with pytest.raises(LogWriteFailed):
        transcript.log.append(record(Warned(message="late")))


@pytest.fixture(params=["disk", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return MemoryBlobs() if request.param == "memory" else DiskBlobs(tmp_path / "checkpoints")


@pytest.mark.parametrize("data", [b"", b"text\n", b"\0\xff" * 100_000], ids=["empty", "text", "binary"])
def test_content_comes_back_by_its_digest(blobs: BlobStore, data: bytes) -> None:
    digest = blobs.put(data)
    assert digest == digest_of(data)
    assert blobs.get(digest) == data
    assert blobs.put(data) == digest


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 64, "g" * 64, "0" * 63 + "/"])
def test_content_that_was_never_kept_is_a_key_error(blobs: BlobStore, digest: str) -> None:
    with pytest.raises(KeyError):
        blobs.get(digest)


async def test_syncing_stores_what_was_held_back_and_is_nothing_once_closed(transcript: Transcript) -> None:
    transcript.log.append(record(TextDelta(text="half a sentence")))
    await transcript.log.sync()
    assert [stored.event for stored in transcript.stored()] == [TextDelta(text="half a sentence")]
    transcript.log.close()
    await transcript.log.sync()
