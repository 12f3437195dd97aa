"""What `droid/sessionUpdate` carries: one type for each kind of update, told apart by `sessionUpdate`.

The kinds are those of the Agent Client Protocol where it has them. A session that is taken up again is told
from its beginning, between `replay_started` and `replay_ended`: a client clears what it shows of it at the
first, and moves nothing and reads nothing aloud before the second.
Source: https://agentclientprotocol.com/protocol/prompt-turn
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict


class TextContent(TypedDict):
    """A piece of text."""

    type: Literal["text"]
    text: str


class UserMessageChunk(TypedDict):
    """What the person said: a prompt, or a message that joined the running turn.

    Attributes:
        images: How many images came with it.
    """

    sessionUpdate: Literal["user_message_chunk"]
    content: TextContent
    images: NotRequired[int]


class AgentMessageChunk(TypedDict):
    """A piece of the answer, in Markdown."""

    sessionUpdate: Literal["agent_message_chunk"]
    content: TextContent


class AgentThoughtChunk(TypedDict):
    """A piece of what the model thinks."""

    sessionUpdate: Literal["agent_thought_chunk"]
    content: TextContent


class ToolCallLocation(TypedDict):
    """A file that a call is about; `line` from 1."""

    path: str
    line: NotRequired[int]


class ContentBlock(TypedDict):
    """What a call says."""

    type: Literal["content"]
    content: TextContent


class DiffBlock(TypedDict):
    """What a call changed in one file, as a unified diff."""

    type: Literal["diff"]
    path: str
    diff: str


class ToolCallStarted(TypedDict):
    """The model wants to use a tool."""

    sessionUpdate: Literal["tool_call"]
    toolCallId: str
    title: str
    kind: Literal["read", "search", "edit", "execute", "fetch", "think", "other"]
    status: Literal["pending"]
    tool: str
    rawInput: Mapping[str, Any]


class ToolCallUpdate(TypedDict):
    """How a call goes on.

    Attributes:
        output: A piece of what it prints, to be added to the pieces before.
        content: What it left behind, in place of what was there.
    """

    sessionUpdate: Literal["tool_call_update"]
    toolCallId: str
    status: NotRequired[Literal["in_progress", "completed", "failed"]]
    output: NotRequired[str]
    content: NotRequired[Sequence[ContentBlock | DiffBlock]]
    locations: NotRequired[Sequence[ToolCallLocation]]
    durationS: NotRequired[float]


class TraceRow(TypedDict):
    """What one step of the gate said of a call."""

    step: str
    verdict: Literal["allow", "ask", "deny"] | None
    rule: str
    level: str
    file: str | None
    matched: str | None


class DecisionUpdate(TypedDict):
    """What the gate decided about a call, and why."""

    sessionUpdate: Literal["decision"]
    toolCallId: str
    verdict: Literal["allow", "ask", "deny"]
    risk: Literal["low", "medium", "high"]
    reason: str
    trace: Sequence[TraceRow]


class PlanEntry(TypedDict):
    """One thing to do."""

    content: str
    priority: Literal["low", "medium", "high"]
    status: Literal["pending", "in_progress", "completed"]


class PlanUpdate(TypedDict):
    """The whole list of things to do, in place of the one before."""

    sessionUpdate: Literal["plan"]
    entries: Sequence[PlanEntry]


class ApprovalWantedUpdate(TypedDict):
    """A call waits for the person; the question itself is `droid/requestApproval`."""

    sessionUpdate: Literal["approval_wanted"]
    approvalId: str
    toolCallId: str


class ApprovalAnsweredUpdate(TypedDict):
    """That question is closed, wherever it was answered; without an answer, it was withdrawn."""

    sessionUpdate: Literal["approval_answered"]
    approvalId: str
    toolCallId: str
    answer: str | None
    instruction: NotRequired[str | None]


class QuestionAskedUpdate(TypedDict):
    """The agent wants to know something; the question itself is `droid/requestAnswer`."""

    sessionUpdate: Literal["question_asked"]
    questionId: str
    text: str
    options: Sequence[str]


class QuestionAnsweredUpdate(TypedDict):
    """That question is closed."""

    sessionUpdate: Literal["question_answered"]
    questionId: str
    answer: str | None


class UsageUpdate(TypedDict):
    """What a request cost, and how full the model's window is.

    Attributes:
        costUsd: US dollars of this request; null where a price is not known.
        totalCostUsd: US dollars of the session so far; null where a price is not known.
        contextTokens: What the conversation takes of the window now.
        contextWindow: The model's window in tokens; null where it is not known.
    """

    sessionUpdate: Literal["usage"]
    inputTokens: int
    outputTokens: int
    cacheReadTokens: int
    cacheWriteTokens: int
    costUsd: float | None
    totalCostUsd: float | None
    contextTokens: int
    contextWindow: int | None


class RetryUpdate(TypedDict):
    """The provider failed, and will be asked again: what has come of this answer is no part of it any more,
    and a client takes it away.
    """

    sessionUpdate: Literal["retry"]
    attempt: int
    delayS: float
    reason: str


class WarningUpdate(TypedDict):
    """What the person should know."""

    sessionUpdate: Literal["warning"]
    message: str


class CompactedUpdate(TypedDict):
    """Older messages were replaced with a summary."""

    sessionUpdate: Literal["compacted"]


class UndoneUpdate(TypedDict):
    """File changes of a turn were taken back; `conflicts` are left as they are."""

    sessionUpdate: Literal["undone"]
    turnId: str
    paths: Sequence[str]
    conflicts: Sequence[str]


class RewoundUpdate(TypedDict):
    """The conversation goes on from before this turn: it and all after it are no longer part of it."""

    sessionUpdate: Literal["rewound"]
    turnId: str


class SessionInfoUpdate(TypedDict):
    """What a session is called, or how it goes on."""

    sessionUpdate: Literal["session_info_update"]
    title: NotRequired[str]
    model: NotRequired[str]
    autonomy: NotRequired[Literal["off", "low", "medium", "high"]]


class TurnStartedUpdate(TypedDict):
    """A turn begins; its first message follows. `startedAt` is in seconds since the epoch, UTC."""

    sessionUpdate: Literal["turn_started"]
    startedAt: float


class TurnEndedUpdate(TypedDict):
    """A turn is over: why, what it cost and how long it took."""

    sessionUpdate: Literal["turn_ended"]
    reason: str
    message: str
    costUsd: float | None
    durationS: float


class ReplayStarted(TypedDict):
    """All of the session follows from its beginning."""

    sessionUpdate: Literal["replay_started"]


class ReplayEnded(TypedDict):
    """What follows happens now."""

    sessionUpdate: Literal["replay_ended"]


SessionUpdate = (
    UserMessageChunk
    | AgentMessageChunk
    | AgentThoughtChunk
    | ToolCallStarted
    | ToolCallUpdate
    | DecisionUpdate
    | PlanUpdate
    | ApprovalWantedUpdate
    | ApprovalAnsweredUpdate
    | QuestionAskedUpdate
    | QuestionAnsweredUpdate
    | UsageUpdate
    | RetryUpdate
    | WarningUpdate
    | CompactedUpdate
    | UndoneUpdate
    | RewoundUpdate
    | SessionInfoUpdate
    | TurnStartedUpdate
    | TurnEndedUpdate
    | ReplayStarted
    | ReplayEnded
)
