"""Text that nobody vouches for: where it came from, and what in it is aimed at the agent."""

from dataclasses import dataclass
from enum import StrEnum


class MarkKind(StrEnum):
    """What a piece of text does that honest data has no need of."""

    INSTRUCTION = "instruction"
    """It tells the agent what to do, what to be or what to keep quiet about."""
    TURN = "turn"
    """It imitates the form of a conversation: another turn, a tool's result, a tool call."""
    TAGS = "tags"
    """Characters of the tag block, which no screen shows and a model reads."""
    BIDI = "bidi"
    """Controls that show text in another order than it has."""
    ZERO_WIDTH = "zero-width"
    """Characters without width where no script needs them."""
    VARIATION = "variation-selectors"
    """Variation selectors that select nothing: each can carry a byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionMark:
    """A place where text addresses the agent, or hides something.

    Attributes:
        line: In the text, from 1.
        reason: In words that quote nothing of the text.
    """

    kind: MarkKind
    line: int
    reason: str


class UntrustedKind(StrEnum):
    """Where text came from that nobody vouches for."""

    WEB = "web"
    MCP = "mcp"
    COMMAND = "command"
    """A command that fetched from the network, or of which that cannot be told."""
    FILE = "file"
    """A file outside the workspace."""
    WORKSPACE = "workspace"
    """The workspace itself: what it wants to loosen or run is not trusted."""
    MARKED = "marked"
    """Text from anywhere that carries an injection mark."""
