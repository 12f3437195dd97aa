"""What the gate decides about a tool call, and the person's answer to an ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from droid.domain.levels import Risk, SettingsLevel, Verdict


class Step(StrEnum):
    """The steps of the gate, in the order in which they are walked."""

    INPUT = "input"
    TOOLS = "tools"
    BLOCKLIST = "blocklist"
    FILES = "files"
    SHIELD = "shield"
    HOOKS = "hooks"
    DENYLIST = "denylist"
    TAINT = "taint"
    ALLOWLIST = "allowlist"
    AUTONOMY = "autonomy"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceEntry:
    """What one step had to say.

    Attributes:
        verdict: None where the step has no objection and no permission to give.
        rule: The rule that spoke, in words a person understands.
        level: The settings level that the rule came from.
        file: The settings file that the rule came from, if any.
        matched: What in the call it matched.
    """

    step: Step
    verdict: Verdict | None
    rule: str
    level: SettingsLevel = SettingsLevel.BUILTIN
    file: str | None = None
    matched: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict with its effective input and its trace."""

    verdict: Verdict
    input: Mapping[str, Any]
    risk: Risk
    trace: tuple[TraceEntry, ...]

    @property
    def deciding(self) -> TraceEntry | None:
        """The entry that a person should read first: their own answer, else the first that decided."""
        for entry in reversed(self.trace):
            if entry.verdict is self.verdict and entry.level is SettingsLevel.RUNTIME:
                return entry
        for entry in self.trace:
            if entry.verdict is self.verdict:
                return entry
        return None

    @property
    def reason(self) -> str:
        entry = self.deciding
        if entry is None:
            return "no rule objects"
        where = f"{entry.level} settings" if entry.level.is_a_file else ""
        where = ", ".join(filter(None, (where, entry.file)))
        where = f" ({where})" if where else ""
        return f"{entry.rule}{f': {entry.matched}' if entry.matched else ''}{where}"


class Answer(StrEnum):
    """A person's answer to an approval."""

    ONCE = "once"
    SESSION = "session"
    SESSION_PROGRAM = "session_program"
    ALWAYS = "always"
    REJECT = "reject"
    INSTRUCT = "instruct"

    @property
    def allows(self) -> bool:
        """Whether the call may run."""
        return self not in (Answer.REJECT, Answer.INSTRUCT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """A question that only a person may answer.

    Attributes:
        subject: The exact command, or one line for each file, or the tool's input as JSON.
        diff: Unified diff of what would change, where that can be told beforehand.
        options: The answers that can be honoured.
        session_grant: What `SESSION` would allow from now on, in words.
        session_program: What `SESSION_PROGRAM` would: a program with its subcommand, `git commit`.
        always: The entry that `ALWAYS` would write to the user's allowlist.
    """

    approval_id: str
    call_id: str
    tool: str
    subject: str
    cwd: str
    risk: Risk
    reason: str
    options: tuple[Answer, ...]
    session_grant: str | None = None
    session_program: str | None = None
    always: str | None = None
    diff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the agent wants to know of the person (`AskUser`); `options` may be empty: free text."""

    question_id: str
    text: str
    options: tuple[str, ...] = ()
