"""A session's events, in order, as the updates that a client is told: live as they happen, or at a replay.

What one event does not say is kept here: the title that a first prompt gives, what a session has cost so
far, which changes belong to a call, how much of its output was told. At a replay whole messages take the
place of the pieces that are not stored.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from droid.domain.events import (
    AssistantAnswered,
    FilesChanged,
    Record,
    RetryScheduled,
    SessionRenamed,
    Steered,
    StepStarted,
    TextDelta,
    ThinkingDelta,
    ToolFinished,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
    TurnEnded,
    TurnStarted,
    UsageReported,
)
from droid.domain.messages import ImagePart, Message, TextPart, ThinkingPart
from droid.lsp import protocol_updates as wire
from droid.lsp.update_kinds import bounded, locations_of, text_content, update_of

MAX_STREAMED = 64_000
"""Characters of one call's output that are told as they come; the end of it comes with its result."""
_MAX_OUTPUT = 16_000
_PARAGRAPH = "\n\n"

Told = tuple[str | None, wire.SessionUpdate]
"""An update with its turn's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a session stands after an event; see `protocol_updates.UsageUpdate`."""

    title: str = ""
    cost_usd: float | None = None
    context_tokens: int = 0
    context_window: int | None = None


@dataclass(slots=True)
class _Call:
    """What is known of a call of the running turn."""

    proposed: ToolProposed | None = None
    diffs: list[wire.ContentBlock | wire.DiffBlock] = field(
        default_factory=list[wire.ContentBlock | wire.DiffBlock]
    )
    text: str | None = None
    streamed: int = 0


class UpdateStream:
    """The updates of one session.

    Args:
        title: What the client knows it as.
    """

    def __init__(self, title: str = "") -> None:
        self._title = title
        self._calls: dict[str, _Call] = {}
        self._unstored: list[Told] = []
        self._spoke = False
        self._speaks_anew = False

    def live(self, record: Record, standing: Callable[[], Standing]) -> Sequence[Told]:
        """What has just happened."""
        updates = [(record.turn_id, update) for update in self._live(record, standing)]
        if isinstance(record.event, TextDelta | ThinkingDelta):
            self._unstored += updates
        elif isinstance(record.event, AssistantAnswered | RetryScheduled | TurnEnded):
            self._unstored.clear()
        return updates

    def stored(self, record: Record, standing: Callable[[], Standing]) -> Sequence[Told]:
        """What happened once."""
        event = record.event
        if isinstance(event, AssistantAnswered):
            return [(record.turn_id, update) for update in self._answered(event.message)]
        return [(record.turn_id, update) for update in self._live(record, standing)]

    def take_over(self, before: "UpdateStream") -> Sequence[Told]:
        """What has been said since the last answer that is stored, as another stream has told it."""
        self._unstored = list(before._unstored)
        self._spoke = self._spoke or bool(self._unstored)
        return tuple(self._unstored)

    def _live(self, record: Record, standing: Callable[[], Standing]) -> Iterator[wire.SessionUpdate]:
        event = record.event
        match event:
            case TurnStarted():
                yield wire.TurnStartedUpdate(sessionUpdate="turn_started", startedAt=record.at)
                if not event.dropped:
                    yield from self._heard(event.prompt, event.message)
            case Steered():
                yield from self._heard(event.prompt, event.message)
            case StepStarted():
                self._speaks_anew = self._spoke
            case TextDelta() if event.text:
                yield self._said(event.text)
            case ThinkingDelta() if event.text:
                yield self._thought(event.text)
            case ToolStarted() | ToolOutputDelta() | ToolFinished() | FilesChanged():
                if (update := self._call_goes_on(event)) is not None:
                    yield update
            case UsageReported():
                yield _usage(event, standing())
            case _:
                if (update := update_of(event)) is not None:
                    self._spoke = False
                    yield update
                self._note(record)
        if isinstance(event, TurnStarted | SessionRenamed):
            yield from self._named(standing)

    def _note(self, record: Record) -> None:
        event = record.event
        if isinstance(event, ToolProposed):
            self._calls[event.call_id] = _Call(proposed=event)
        elif isinstance(event, TurnEnded):
            self._calls.clear()
            self._spoke = self._speaks_anew = False

    def _heard(self, prompt: str, message: Message) -> Iterator[wire.UserMessageChunk]:
        images = sum(isinstance(part, ImagePart) for part in message.parts)
        self._spoke = False
        said = wire.UserMessageChunk(sessionUpdate="user_message_chunk", content=text_content(prompt))
        if images:
            said["images"] = images
        yield said

    def _said(self, text: str) -> wire.AgentMessageChunk:
        """A piece of an answer; the answers of two steps with nothing between are two paragraphs."""
        if self._speaks_anew and self._spoke:
            text = _PARAGRAPH + text
        self._spoke, self._speaks_anew = True, False
        return wire.AgentMessageChunk(sessionUpdate="agent_message_chunk", content=text_content(text))

    def _answered(self, message: Message) -> Iterator[wire.SessionUpdate]:
        for part in message.parts:
            if isinstance(part, ThinkingPart) and part.text:
                yield self._thought(part.text)
            elif isinstance(part, TextPart) and part.text:
                yield self._said(part.text)

    def _thought(self, text: str) -> wire.AgentThoughtChunk:
        return wire.AgentThoughtChunk(sessionUpdate="agent_thought_chunk", content=text_content(text))

    def _call_goes_on(
        self, event: ToolStarted | ToolOutputDelta | ToolFinished | FilesChanged
    ) -> wire.ToolCallUpdate | None:
        call = self._calls.setdefault(event.call_id, _Call())
        self._spoke = False
        update = wire.ToolCallUpdate(sessionUpdate="tool_call_update", toolCallId=event.call_id)
        match event:
            case ToolStarted():
                update["status"] = "in_progress"
                if call.proposed is not None and (locations := locations_of(call.proposed)):
                    update["locations"] = locations
            case ToolOutputDelta():
                piece = event.text[: max(0, MAX_STREAMED - call.streamed)]
                if not piece:
                    return None
                call.streamed += len(event.text)
                more = "\n… the end of it comes with the result …\n"
                update["output"] = piece if len(piece) == len(event.text) else piece + more
            case FilesChanged():
                call.diffs += [
                    wire.DiffBlock(type="diff", path=one.path, diff=one.diff) for one in event.changes
                ]
                update["content"] = _content(call)
                update["locations"] = [wire.ToolCallLocation(path=one.path) for one in event.changes]
            case ToolFinished():
                call.text = bounded(event.result.text, _MAX_OUTPUT)
                update["status"] = "failed" if event.result.is_error else "completed"
                update["content"] = _content(call)
                update["durationS"] = event.duration_s
        return update

    def _named(self, standing: Callable[[], Standing]) -> Iterator[wire.SessionInfoUpdate]:
        title = standing().title
        if title != self._title:
            self._title = title
            yield wire.SessionInfoUpdate(sessionUpdate="session_info_update", title=title)


def _content(call: _Call) -> Sequence[wire.ContentBlock | wire.DiffBlock]:
    if call.text is None:
        return tuple(call.diffs)
    return (*call.diffs, wire.ContentBlock(type="content", content=text_content(call.text)))


def _usage(event: UsageReported, standing: Standing) -> wire.UsageUpdate:
    usage = event.usage
    return wire.UsageUpdate(
        sessionUpdate="usage",
        inputTokens=usage.input_tokens,
        outputTokens=usage.output_tokens,
        cacheReadTokens=usage.cache_read_tokens,
        cacheWriteTokens=usage.cache_write_tokens,
        costUsd=event.cost_usd,
        totalCostUsd=standing.cost_usd,
        contextTokens=standing.context_tokens,
        contextWindow=standing.context_window,
    )
