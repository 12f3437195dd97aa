"""How many tokens a conversation takes: what the provider counted, and an estimate of what was said since.

Only a provider can count its own tokens, and it tells them with every answer; what joins the conversation
until the next answer is estimated. Where a provider tells nothing, all of it is estimated.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from droid.domain.messages import (
    ImagePart,
    Message,
    Part,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    Usage,
)
from droid.domain.models import ToolSpec

_BYTES_PER_TOKEN = 4
_IMAGE_TOKENS = 1_500


def text_tokens(text: str) -> int:
    """By its bytes: that is near enough for prose and code, and for scripts with a token to a character."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return -(-size // _BYTES_PER_TOKEN)


def message_tokens(message: Message) -> int:
    """An estimate for one message."""
    return sum(map(_part_tokens, message.parts))


def tools_tokens(tools: Iterable[ToolSpec]) -> int:
    """An estimate for what the model is told of its tools."""
    return sum(text_tokens(tool.description) + text_tokens(str(tool.input_schema)) for tool in tools)


def _part_tokens(part: Part) -> int:
    match part:
        case TextPart(text=text) | ThinkingPart(text=text):
            return text_tokens(text)
        case ToolResultPart(text=text, images=images):
            return text_tokens(text) + _IMAGE_TOKENS * len(images)
        case ImagePart():
            return _IMAGE_TOKENS
        case ToolCallPart(name=name, arguments=arguments):
            return text_tokens(name) + text_tokens(arguments)


@dataclass(slots=True)
class ContextSize:
    """The size of the present conversation.

    Attributes:
        counted: By the provider, up to its last answer, system prompt and tools included; 0 where it has
            counted nothing yet.
        estimated: What was said since.
    """

    counted: int = 0
    estimated: int = 0
    _owed: bool = False

    @property
    def tokens(self) -> int:
        """All of it; without the system prompt and tools where nothing was counted yet."""
        return self.counted + self.estimated

    def said(self, message: Message) -> None:
        """A message joined the conversation."""
        self.estimated += message_tokens(message)

    def answered(self) -> None:
        """The last message is an answer whose count comes next: others tell of other requests."""
        self._owed = True

    def used(self, usage: Usage) -> None:
        """A request was paid for."""
        if self._owed and usage.context_tokens > 0:
            self.counted, self.estimated = usage.context_tokens, 0
        self._owed = False

    def restart(self, messages: Iterable[Message]) -> None:
        """Another conversation begins with these."""
        self.counted, self.estimated, self._owed = 0, sum(map(message_tokens, messages)), False
