"""Request bodies that are appended to, not rebuilt.

A conversation's encoded messages are kept as bytes. A request encodes the messages that are new since
the last one and copies the rest, so turn 200 costs what turn 10 costs, and its bytes begin with those
of the turn before, which is what the providers' prompt caches key on. What is kept is trusted only for
the very same message objects under the same profile, tools and system prompt; anything else, as after
compaction or a rewind, is encoded anew.

Consecutive messages of one role form a *group*, the unit that wires encode, since some of them want
roles to alternate. Only the last group can still grow, so only it is ever encoded twice.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Protocol

from droid.domain.messages import Message, Role, ToolCallPart, ToolResultPart
from droid.domain.models import ModelProfile, ModelRequest

_PIECE_BYTES = 120 * 1024
"""Below what allocators ask the system for anew each time: new pages cost ten times what copying does."""

_Slice = tuple[bytes | bytearray, int, int]
_UNANSWERED = "The call was interrupted; there is no result."


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheMark:
    """How a wire marks a place up to which the provider should cache.

    Attributes:
        text: Written at the place.
        depth: Where the place is: so many bytes before the end of an encoded user group.
    """

    text: bytes
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A request's body around its messages.

    Attributes:
        head: Everything before the first message: it ends with the opening of the array, or with a
            comma behind an element that is no message.
        tail: Everything after the last message.
        identity: What comes before the messages from the model's view: its tools and system prompt.
        mark: None where the provider caches unasked.
    """

    head: bytes
    tail: bytes
    identity: bytes
    mark: CacheMark | None = None


class Body:
    """A request's bytes, put together piece by piece as they are sent.

    What is kept of a conversation only ever grows at its end, so a body stays what it is while the
    bodies after it are made.
    """

    __slots__ = ("_size", "_slices")

    def __init__(self, slices: Sequence[_Slice]) -> None:
        self._slices = tuple(slices)
        self._size = sum(end - start for _, start, end in self._slices)

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The bytes in order, in pieces of one size but for the last."""
        gathered: list[bytes] = []
        room = _PIECE_BYTES
        for source, start, end in self._slices:
            while start < end:
                stop = min(end, start + room)
                with memoryview(source) as view:  # not held while others run: what is kept could not grow
                    gathered.append(bytes(view[start:stop]))
                room -= stop - start
                start = stop
                if not room:
                    yield b"".join(gathered)
                    gathered, room = [], _PIECE_BYTES
        if gathered:
            yield b"".join(gathered)


class Encoder(Protocol):
    """The part of a wire format that a body needs."""

    def frame(self, request: ModelRequest) -> Frame: ...

    def group(self, role: Role, messages: Sequence[Message], profile: ModelProfile, prefix: str) -> bytes:
        """Encode consecutive messages of one role, as array elements with commas between them.

        Args:
            prefix: Digest of everything before the group; equal for equal beginnings.
        """
        ...


class _Conversation:
    """The encoded messages of one conversation under one frame."""

    __slots__ = (
        "_before", "_closed", "_digest", "_encoder", "_frame", "_group", "_mark", "_mark_before",
        "_messages", "_open", "_unanswered", "request",
    )  # fmt: skip

    def __init__(self, encoder: Encoder, request: ModelRequest) -> None:
        self.request = request  # the first one; its messages are not looked at again
        self._encoder = encoder
        self._frame = encoder.frame(request)
        self._messages: list[Message] = []
        self._closed = bytearray()
        self._group: list[Message] = []
        self._open = b""
        self._digest = hashlib.blake2b(self._frame.identity, digest_size=16)  # up to the open group
        self._before = self._digest.hexdigest()
        self._unanswered: dict[str, None] = {}
        self._mark: int | None = None
        self._mark_before: int | None = None

    def continues_in(self, request: ModelRequest) -> bool:
        """Whether what is kept is the beginning of this request."""
        known, mine = self._messages, self.request
        return (
            len(request.messages) >= len(known)
            and all(map(is_, known, request.messages))
            and request.profile == mine.profile
            and request.system == mine.system
            and request.reasoning_effort == mine.reasoning_effort
            and tuple(request.tools) == tuple(mine.tools)
        )

    def extend(self, messages: Sequence[Message]) -> None:
        new = messages[len(self._messages) :]
        grown = False
        for message in new:
            self._messages.append(message)
            for complete in self._answered(message):
                if self._group and self._group[-1].role != complete.role:
                    if grown:
                        self._encode_group()
                    self._close_group()
                self._group.append(complete)
                grown = True
        if grown:
            self._encode_group()

    def assemble(self) -> Body:
        """The whole body: what is kept, with its marks and its tail."""
        frame, closed, group = self._frame, self._closed, self._open
        mark = frame.mark
        if not self._group:
            return Body((_whole(frame.head.removesuffix(b",")), _whole(frame.tail)))
        places: tuple[int | None, ...] = ()
        if mark is not None:
            if self._group[-1].role is Role.USER:
                place = len(closed) + len(group) - mark.depth
                if place != self._mark:
                    self._mark_before, self._mark = self._mark, place
            # The place of the last request is marked too: there is the cache entry to be read, and the
            # provider looks back from a mark over a limited number of blocks only.
            places = (self._mark_before, self._mark)
        slices = [_whole(frame.head)]
        start = 0
        for place in places:
            if mark is not None and place is not None:
                slices += (*_cut(closed, group, start, place), _whole(mark.text))
                start = place
        slices += (*_cut(closed, group, start, len(closed) + len(group)), _whole(frame.tail))
        return Body(slices)

    @property
    def prefix(self) -> str:
        """Digest of everything that `assemble` sends to the model."""
        digest = self._digest.copy()
        digest.update(self._open)
        return digest.hexdigest()

    def _answered(self, message: Message) -> Iterator[Message]:
        """The message, after results for calls that never got one and cannot get one any more."""
        results = {part.call_id for part in message.parts if isinstance(part, ToolResultPart)}
        for call_id in results:
            self._unanswered.pop(call_id, None)
        says_more = not results or any(not isinstance(part, ToolResultPart) for part in message.parts)
        if self._unanswered and says_more:
            yield Message(
                role=Role.USER,
                parts=tuple(
                    ToolResultPart(call_id=call_id, text=_UNANSWERED, is_error=True)
                    for call_id in self._unanswered
                ),
            )
            self._unanswered.clear()
        self._unanswered.update(
            dict.fromkeys(part.call_id for part in message.parts if isinstance(part, ToolCallPart))
        )
        yield message

    def _close_group(self) -> None:
        self._closed += self._open
        self._digest.update(self._open)
        self._before = self._digest.hexdigest()
        self._group, self._open = [], b""

    def _encode_group(self) -> None:
        comma = b"," if self._closed else b""
        request = self.request
        encoded = comma + self._encoder.group(self._group[0].role, self._group, request.profile, self._before)
        mark = self._frame.mark
        if mark is not None and self._mark is not None and self._mark > len(self._closed):
            kept = self._mark - len(self._closed)
            if not encoded.startswith(self._open[:kept]):
                self._mark = self._mark_before = None  # the marked group has changed before its mark
        self._open = encoded


class BodyCache:
    """The encoded conversations of one wire."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._conversations: dict[str, _Conversation] = {}

    def encode(self, request: ModelRequest) -> tuple[Body, str]:
        """The body of a request, and the digest of what the model is given with it."""
        # Taken out while it changes, so that an error leaves nothing half encoded behind.
        conversation = self._conversations.pop(request.conversation_id, None)
        if conversation is None or not conversation.continues_in(request):
            conversation = _Conversation(self._encoder, request)
        conversation.extend(request.messages)
        body, prefix = conversation.assemble(), conversation.prefix
        self._conversations[request.conversation_id] = conversation
        return body, prefix

    def forget(self, conversation_id: str) -> None:
        self._conversations.pop(conversation_id, None)

    def __len__(self) -> int:
        return len(self._conversations)


def _whole(part: bytes) -> _Slice:
    return part, 0, len(part)


def _cut(kept: bytearray, group: bytes, start: int, end: int) -> tuple[_Slice, _Slice]:
    """The bytes from `start` to `end` of what is kept, followed by the open group."""
    length = len(kept)
    return (
        (kept, min(start, length), min(end, length)),
        (group, max(start - length, 0), max(end - length, 0)),
    )
