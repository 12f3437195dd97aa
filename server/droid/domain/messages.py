"""What a model sees and says: messages made of parts, and what a request cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Role(StrEnum):
    """Who speaks. Tool results travel in `USER` messages, as every provider's format has it."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """Plain text."""

    text: str
    type: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkingPart:
    """A model's reasoning.

    Attributes:
        text: What may be shown; may be empty where the provider hides it.
        opaque: What the provider wants back unaltered (a signature, an encrypted item); never shown.
    """

    text: str
    opaque: Mapping[str, Any] = field(default_factory=dict[str, Any])
    type: Literal["thinking"] = "thinking"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePart:
    """An image.

    Attributes:
        media_type: For example `image/png`.
        data: The bytes in base64.
    """

    media_type: str
    data: str
    type: Literal["image"] = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCallPart:
    """A model's request to run a tool.

    Attributes:
        arguments: The JSON text exactly as the model wrote it; it may be malformed.
    """

    call_id: str
    name: str
    arguments: str
    type: Literal["tool_call"] = "tool_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResultPart:
    """What a tool answered, as the model sees it."""

    call_id: str
    text: str
    is_error: bool = False
    images: tuple[ImagePart, ...] = ()
    type: Literal["tool_result"] = "tool_result"


Part = TextPart | ThinkingPart | ImagePart | ToolCallPart | ToolResultPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a conversation."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All text parts, joined by nothing: they are pieces of one text."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def tool_calls(self) -> tuple[ToolCallPart, ...]:
        """The tool calls, in the order in which the model made them."""
        return tuple(part for part in self.parts if isinstance(part, ToolCallPart))


def user_message(text: str, *images: ImagePart) -> Message:
    """A user's message: its text, then its images."""
    return Message(role=Role.USER, parts=(TextPart(text=text), *images))


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one or more requests.

    Attributes:
        input_tokens: Input that was neither read from nor written to a cache.
        output_tokens: Output, reasoning included.
        cache_read_tokens: Input served from the provider's cache.
        cache_write_tokens: Input written to the provider's cache.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
        )

    @property
    def context_tokens(self) -> int:
        """The size of the conversation after the request that this usage describes."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens + self.output_tokens

    @property
    def total_tokens(self) -> int:
        """Everything that was processed, cached or not."""
        return self.context_tokens
