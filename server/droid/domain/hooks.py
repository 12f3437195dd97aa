"""What passes between the engine and the programs that an organisation, a team or a person runs at a point
of the loop.

Names of events and fields are those of Factory's hooks reference, so that a script that was written for it
works unchanged. Source: https://docs.factory.ai/reference/hooks-reference
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from droid.domain.levels import AutonomyLevel, Verdict
from droid.domain.policy import HookRule


class HookEvent(StrEnum):
    """The points at which hooks run."""

    SESSION_START = "SessionStart"
    USER_PROMPT_SUBMIT = "UserPromptSubmit"
    PRE_MODEL_REQUEST = "PreModelRequest"
    PRE_TOOL_USE = "PreToolUse"
    PRE_GIT = "PreGit"
    POST_TOOL_USE = "PostToolUse"
    POST_EDIT = "PostEdit"
    NOTIFICATION = "Notification"
    STOP = "Stop"
    SUBAGENT_STOP = "SubagentStop"
    PRE_COMPACT = "PreCompact"
    SESSION_END = "SessionEnd"

    @property
    def fails_closed(self) -> bool:
        """An organisation's hook that cannot be heard here denies."""
        return self.value.startswith("Pre") or self is HookEvent.USER_PROMPT_SUBMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class HookCall:
    """Something that hooks are asked about or told of.

    Attributes:
        subjects: What matchers are compared with, one of which must match: the tool's name, git's subcommand,
            paths relative to the workspace. None where the event has no matcher. Empty: what it is cannot be
            told, so every matcher matches.
        command: The shell command in question, for `commandRegex`.
        resolved: The commands that really run by it, each in all ways to write it down; None: that cannot be
            told.
        fields: What the event's hooks are told beside what all are told.
        call_id: The tool call that it is about.
        git_folder: Where git works, for what its repository knows: branch and remote.
    """

    event: HookEvent
    session_id: str
    cwd: Path
    autonomy: AutonomyLevel
    surface: str
    subjects: tuple[str, ...] | None = None
    command: str | None = None
    resolved: tuple[tuple[str, ...], ...] | None = ()
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    call_id: str | None = None
    git_folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """A span that must not leave for a model.

    Attributes:
        part: Its place among the parts that the hook was shown, from 0.
        start, end: In characters of that part's text.
        kind: What it is, for the mark that replaces it.
    """

    part: int
    start: int
    end: int
    kind: str = "hook"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookReply:
    """One hook's answer.

    Attributes:
        exit_code: None where it did not start or its time was up.
        verdict: None where it has no objection and no permission to give. A block is a deny.
        reason: Why; for the model or the person, as the event has it.
        error: What is wrong with the hook itself, for the person; empty where nothing is.
        message: What it wants the person to know.
        context: What joins the conversation.
        output: What it printed, as far as the person may see it.
        updated_input: Fields of the tool's input to change or add.
        updated_output: What the model is to see in place of the tool's output.
        revert: The change is to be undone.
        stop: Why the turn must end; None where it may go on.
    """

    rule: HookRule
    event: HookEvent
    call_id: str | None = None
    exit_code: int | None = None
    duration_s: float = 0.0
    verdict: Verdict | None = None
    reason: str = ""
    error: str = ""
    message: str = ""
    context: str = ""
    output: str = ""
    updated_input: Mapping[str, Any] | None = None
    updated_output: str | None = None
    redactions: tuple[Redaction, ...] = ()
    revert: bool = False
    stop: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What is the same for two runs of one hook."""
        return self.rule.event, self.rule.command


@dataclass(frozen=True, slots=True, kw_only=True)
class HookOutcome:
    """What all hooks of one point say together.

    Attributes:
        replies: One for each hook that ran.
        verdict: The strictest that was given.
        reason: Why, by all that gave it.
        deciding: The first reply that gave it; None where nothing was given, or the hooks contradict.
        updated_input: Fields of the tool's input to change or add.
        rewriters: The keys of the hooks that gave those.
        context: What joins the conversation, piece by piece.
        stop: Why the turn must end; None where it may go on.
    """

    replies: tuple[HookReply, ...] = ()
    verdict: Verdict | None = None
    reason: str = ""
    deciding: HookReply | None = None
    updated_input: Mapping[str, Any] | None = None
    rewriters: frozenset[tuple[str, str]] = frozenset()
    updated_output: str | None = None
    context: tuple[str, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    revert: bool = False
    stop: str | None = None

    @property
    def blocked(self) -> bool:
        """Where nobody is asked: an ask counts as a deny."""
        return self.verdict in (Verdict.ASK, Verdict.DENY)
