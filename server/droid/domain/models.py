"""A model that can be asked, the request to it, and what it streams back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from droid.domain.messages import Message, Usage


class Wire(StrEnum):
    """The HTTP API family that a model speaks; values are those of `customModels[].provider`."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"
    CHAT_COMPLETIONS = "generic-chat-completion-api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for a million tokens."""

    input_per_mtok: float = 0.0
    output_per_mtok: float = 0.0
    cache_read_per_mtok: float = 0.0
    cache_write_per_mtok: float = 0.0

    def cost_usd(self, usage: Usage) -> float:
        return (
            usage.input_tokens * self.input_per_mtok
            + usage.output_tokens * self.output_per_mtok
            + usage.cache_read_tokens * self.cache_read_per_mtok
            + usage.cache_write_tokens * self.cache_write_per_mtok
        ) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProfile:
    """A named model: how to reach it and what it can do.

    Attributes:
        id: The name people use: a catalogue id, or `custom:<id>` for one from settings.
        model: The name on the wire.
        base_url: Without a trailing slash; the provider appends its path.
        api_key: Never logged, stored or shown.
        context_tokens: The window: input and output together.
        thinking_tokens: Budget for reasoning; None leaves thinking off.
        extra_args: Merged into the request body as they are.
        price: None where it is not known; cost is then reported as unknown, not as zero.
    """

    id: str
    model: str
    wire: Wire
    base_url: str
    api_key: str = field(default="", repr=False)
    display_name: str = ""
    context_tokens: int = 128_000
    max_output_tokens: int = 8_192
    supports_images: bool = True
    thinking_tokens: int | None = None
    extra_headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    extra_args: Mapping[str, Any] = field(default_factory=dict[str, Any])
    price: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A tool as the model is told of it.

    Attributes:
        input_schema: JSON Schema of the arguments.
        read_only: Says of itself that it changes nothing.
        access_is_complete: What `Tool.access` tells is all that a call touches. Only for tools whose code
            is ours: another program's or machine's word for itself does not count, so it is off unless
            a tool states it.
    """

    name: str
    description: str
    input_schema: Mapping[str, Any]
    read_only: bool
    access_is_complete: bool = False

    @property
    def only_looks(self) -> bool:
        """It changes nothing, and that is known: calls may run side by side, and in a dry run."""
        return self.read_only and self.access_is_complete


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One request to a model.

    Attributes:
        conversation_id: Requests of one conversation share it; an adapter keeps the encoded prefix
            of that conversation, so that a request costs what is new in it.
        messages: Append-only within a conversation, the same objects from request to request; where
            that does not hold (after compaction or a rewind) adapters notice and encode anew.
        reasoning_effort: `low`, `medium`, `high`, … as the provider knows it; None leaves it out.
    """

    conversation_id: str
    profile: ModelProfile
    system: str
    tools: Sequence[ToolSpec]
    messages: Sequence[Message]
    reasoning_effort: str | None = None


class StopReason(StrEnum):
    """Why a model stopped."""

    END = "end"
    TOOL_CALLS = "tool_calls"
    MAX_TOKENS = "max_tokens"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelText:
    """More of the answer. Adapters join what arrives in one network read."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelThinking:
    """More of the reasoning that may be shown."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelToolCall:
    """The model has begun to write a call; its arguments follow in the finished message."""

    call_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFinished:
    """The last event of a stream that ended well: the whole message, in order."""

    message: Message
    stop_reason: StopReason
    usage: Usage


ModelEvent = ModelText | ModelThinking | ModelToolCall | ModelFinished
