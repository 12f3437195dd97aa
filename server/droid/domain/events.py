"""Facts that happened in a session, frozen and stored.

One ordered stream of these is all that a surface sees, and the same stream, replayed, rebuilds the
session. `type` names each in the transcript; a name, once stored, is never reused for another shape.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from droid.domain.decisions import Answer, ApprovalRequest, Decision, Question
from droid.domain.files import FileChange
from droid.domain.levels import AutonomyLevel, SettingsLevel, Verdict
from droid.domain.messages import Message, Usage
from droid.domain.models import StopReason
from droid.domain.tools import Todo, ToolResult
from droid.domain.untrusted import InjectionMark, UntrustedKind

FORMAT_VERSION = 1
_SHOWN_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted:
    """The first event of every transcript.

    Attributes:
        system: The system prompt, kept so that a resumed session continues byte for byte.
        parent: The session that this one was forked from.
    """

    session_id: str
    workspace: str
    cwd: str
    model: str
    autonomy: AutonomyLevel
    surface: str
    system: str
    parent: str | None = None
    format: int = FORMAT_VERSION
    type: Literal["session_started"] = "session_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResumed:
    """Another process took the session up."""

    surface: str
    type: Literal["session_resumed"] = "session_resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRenamed:
    """The session's title changed."""

    title: str
    type: Literal["session_renamed"] = "session_renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSet:
    """The session goes on with another model."""

    model: str
    type: Literal["model_set"] = "model_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutonomySet:
    """What runs without asking changed."""

    autonomy: AutonomyLevel
    type: Literal["autonomy_set"] = "autonomy_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStarted:
    """A person's message begins a turn.

    Attributes:
        prompt: What the person wrote, for display.
        message: What the model is given: the prompt with its context.
        dropped: A hook did not let it be used: the model is given nothing of it, and neither is the
            transcript.
    """

    prompt: str
    message: Message
    dropped: bool = False
    type: Literal["turn_started"] = "turn_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """A message sent during a turn joined the context."""

    prompt: str
    message: Message
    type: Literal["steered"] = "steered"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """One model request begins; `step` counts from 1 within the turn."""

    step: int
    model: str
    type: Literal["step_started"] = "step_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta:
    """More of the answer."""

    text: str
    type: Literal["text_delta"] = "text_delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkingDelta:
    """More of the reasoning that may be shown."""

    text: str
    type: Literal["thinking_delta"] = "thinking_delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantAnswered:
    """A model request ended; the message replaces the deltas before it.

    Attributes:
        stop_reason: None where a cancel or a failure cut the stream off; the message is what had come.
    """

    message: Message
    stop_reason: StopReason | None
    type: Literal["assistant_answered"] = "assistant_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReported:
    """What one model request cost; `cost_usd` is None where the price is not known."""

    model: str
    usage: Usage
    cost_usd: float | None
    duration_s: float
    type: Literal["usage_reported"] = "usage_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryScheduled:
    """A model request failed and will be tried again."""

    attempt: int
    delay_s: float
    reason: str
    type: Literal["retry_scheduled"] = "retry_scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolProposed:
    """The model asks for a tool; `title` is one line for people."""

    call_id: str
    tool: str
    arguments: str
    title: str
    type: Literal["tool_proposed"] = "tool_proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade:
    """The gate decided, or a person's answer turned an ask into an allow or a deny."""

    call_id: str
    tool: str
    decision: Decision
    type: Literal["decision_made"] = "decision_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalWanted:
    """The turn waits for a person."""

    request: ApprovalRequest
    type: Literal["approval_wanted"] = "approval_wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAnswered:
    """The question is closed.

    Attributes:
        answer: None where it was withdrawn: the turn was cancelled.
        instruction: What the person wants instead, with `INSTRUCT`.
        accepted_hunks: The only hunks that may be written; None: all of them, or it was not about hunks.
    """

    approval_id: str
    call_id: str
    answer: Answer | None
    instruction: str | None = None
    accepted_hunks: tuple[str, ...] | None = None
    type: Literal["approval_answered"] = "approval_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """The agent wants to know something (`AskUser`)."""

    call_id: str
    question: Question
    type: Literal["question_asked"] = "question_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered:
    """The person answered; `answer` is None where they declined or the turn was cancelled."""

    question_id: str
    answer: str | None
    type: Literal["question_answered"] = "question_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolStarted:
    """A tool begins to run."""

    call_id: str
    tool: str
    type: Literal["tool_started"] = "tool_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOutputDelta:
    """More of a running tool's output; not stored, since the result holds it."""

    call_id: str
    text: str
    type: Literal["tool_output_delta"] = "tool_output_delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFinished:
    """A tool ended, well or not, or was not allowed to start."""

    call_id: str
    tool: str
    result: ToolResult
    duration_s: float
    type: Literal["tool_finished"] = "tool_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesChanged:
    """Files were changed by a tool call; the old contents are in the checkpoint store."""

    call_id: str
    changes: tuple[FileChange, ...]
    type: Literal["files_changed"] = "files_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointTaken:
    """The workspace's files were kept before a command that may change any of them.

    What the command changed is told by the `FilesChanged` of its call.

    Attributes:
        files: How many are known as they were.
        kept_bytes: The size of all of them together.
        left_out: What was not kept, in words.
        complete: Files that the command makes are known to be new, so they can be taken back too.
    """

    call_id: str
    files: int
    kept_bytes: int
    left_out: tuple[str, ...] = ()
    complete: bool = True
    type: Literal["checkpoint_taken"] = "checkpoint_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class TodosChanged:
    """The agent's plan, whole."""

    todos: tuple[Todo, ...]
    type: Literal["todos_changed"] = "todos_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CwdChanged:
    """A command left the session in another folder."""

    cwd: str
    type: Literal["cwd_changed"] = "cwd_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAdded:
    """The person allowed something for the rest of the session.

    Attributes:
        tool: The tool that it holds for.
        key: What a call must match exactly (see `safety.grants`).
    """

    tool: str
    key: str
    type: Literal["grant_added"] = "grant_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class UntrustedTextEntered:
    """Text that nobody vouches for is about to enter the context, and stays in what follows from it.

    Attributes:
        source: In words: a host, a server, a program, a path.
        remotes: The git remotes that were known just before, normalised; only with the first of a session.
    """

    kind: UntrustedKind
    source: str
    remotes: tuple[str, ...] = ()
    call_id: str | None = None
    type: Literal["untrusted_text_entered"] = "untrusted_text_entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionFlagged:
    """Text addresses the agent or hides something; the model was given it fenced as data.

    Attributes:
        source: Where the text came from, in words.
        call_id: Whose result it is; None for what came with a prompt or a rules file.
    """

    source: str
    marks: tuple[InjectionMark, ...]
    call_id: str | None = None
    type: Literal["injection_flagged"] = "injection_flagged"

    @property
    def message(self) -> str:
        """What a person is told, on one line."""
        lines = list(dict.fromkeys(str(mark.line) for mark in self.marks))
        more = f" and {len(lines) - _SHOWN_LINES} more" if len(lines) > _SHOWN_LINES else ""
        where = f"line{'s' if len(lines) > 1 else ''} {', '.join(lines[:_SHOWN_LINES])}{more}"
        why = "; ".join(dict.fromkeys(mark.reason for mark in self.marks))
        return f"{self.source} may try to steer the agent ({where}): {why}. It was handed on as data."


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationAllowed:
    """The person let data go to a place after untrusted text had entered; they are not asked again."""

    destination: str
    type: Literal["destination_allowed"] = "destination_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """A summary replaces the conversation up to here; `kept` are the last messages, verbatim."""

    summary: str
    kept: tuple[Message, ...]
    type: Literal["compacted"] = "compacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The changes of a turn were taken back.

    Attributes:
        turn_id: The turn.
        changes: What was written to take them back.
        conflicts: Paths that somebody changed since; they were left as they are.
    """

    turn_id: str
    changes: tuple[FileChange, ...]
    conflicts: tuple[str, ...] = ()
    type: Literal["undone"] = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesRestored:
    """Files went back to what they were before a turn, whatever changed them in it and since.

    Attributes:
        turn_id: The turn.
        changes: What was written for that.
        conflicts: Paths that were left as they are: somebody else changed them, or what they were is lost.
    """

    turn_id: str
    changes: tuple[FileChange, ...]
    conflicts: tuple[str, ...] = ()
    type: Literal["files_restored"] = "files_restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewound:
    """The conversation goes on from before a turn: neither it nor what followed is part of it any more.

    All of it stays in the transcript, and ids of turns are not used again.
    """

    turn_id: str
    type: Literal["rewound"] = "rewound"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesReviewed:
    """A person looked at changes that a turn had made.

    Attributes:
        turn_id: The turn.
        accepted: Hunks that may stay as they are.
        rejected: Hunks that were taken back.
        changes: What was written for that.
    """

    turn_id: str
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    changes: tuple[FileChange, ...] = ()
    type: Literal["changes_reviewed"] = "changes_reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRan:
    """A program ran at a point of the loop.

    Attributes:
        event: The point: `PreToolUse`, `Stop`, …
        command: As its definition has it.
        level, file: Where it is defined.
        verdict: None where it had no objection and no permission to give; a block is a deny.
        reason: Why.
        error: What went wrong with it; empty where nothing did.
        exit_code: None where it did not start or its time was up.
        call_id: The tool call that it was about.
    """

    event: str
    command: str
    level: SettingsLevel
    file: str | None
    verdict: Verdict | None
    reason: str = ""
    error: str = ""
    exit_code: int | None = None
    duration_s: float = 0.0
    call_id: str | None = None
    type: Literal["hook_ran"] = "hook_ran"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSpoke:
    """A hook's text joined the conversation: why the agent must go on."""

    event: str
    message: Message
    type: Literal["hook_spoke"] = "hook_spoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRedacted:
    """Before it was sent, a message of the conversation was replaced.

    Attributes:
        index: Its place in the conversation as it is now, from 0.
        message: What the model is given in its place.
        reason: Why, for the person.
    """

    index: int
    message: Message
    reason: str
    type: Literal["message_redacted"] = "message_redacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something the person should know; the turn goes on."""

    message: str
    type: Literal["warned"] = "warned"


class TurnEndReason(StrEnum):
    """Why a turn ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    BUDGET = "budget"
    """A budget of turns, tokens, money or time was reached."""
    PROVIDER = "provider"
    """The model could not be reached, or refused."""
    POLICY = "policy"
    """Policy refused, or a call needed a person and there was none."""
    LOOP = "loop"
    """The model repeated the same call with the same result."""
    ERROR = "error"
    """A fault of this program or its machine: the transcript could not be written, a bug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnded:
    """The last event of a turn.

    Attributes:
        message: One line for the person: empty when all is well.
        answer: The agent's final text.
        cost_usd: None where the price is not known.
    """

    reason: TurnEndReason
    message: str = ""
    answer: str = ""
    steps: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    duration_s: float = 0.0
    type: Literal["turn_ended"] = "turn_ended"


Event = (
    SessionStarted
    | SessionResumed
    | SessionRenamed
    | ModelSet
    | AutonomySet
    | TurnStarted
    | Steered
    | StepStarted
    | TextDelta
    | ThinkingDelta
    | AssistantAnswered
    | UsageReported
    | RetryScheduled
    | ToolProposed
    | DecisionMade
    | ApprovalWanted
    | ApprovalAnswered
    | QuestionAsked
    | QuestionAnswered
    | ToolStarted
    | ToolOutputDelta
    | ToolFinished
    | FilesChanged
    | CheckpointTaken
    | TodosChanged
    | CwdChanged
    | GrantAdded
    | UntrustedTextEntered
    | InjectionFlagged
    | DestinationAllowed
    | Compacted
    | Undone
    | ChangesReviewed
    | FilesRestored
    | Rewound
    | HookRan
    | HookSpoke
    | MessageRedacted
    | Warned
    | TurnEnded
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An event in its place.

    Attributes:
        seq: Counts from 1 within the session, without gaps in what is stored; deltas, which are
            joined or left out when stored, carry the number of the record before them.
        at: Seconds since the epoch, UTC.
        turn_id: `t1`, `t2`, … within the session; None between turns.
    """

    seq: int
    at: float
    turn_id: str | None
    event: Event
