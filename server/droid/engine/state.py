"""What a session is, computed from its events alone.

Every change of a session is an event; this projection is fed with them one by one as they happen, and
with the stored ones when the session is resumed, and comes out the same.
"""

from dataclasses import dataclass, field
from pathlib import Path

from droid.domain.events import (
    AssistantAnswered,
    AutonomySet,
    ChangesReviewed,
    Compacted,
    CwdChanged,
    DestinationAllowed,
    Event,
    FilesChanged,
    FilesRestored,
    GrantAdded,
    HookSpoke,
    MessageRedacted,
    ModelSet,
    Record,
    RetryScheduled,
    Rewound,
    SessionRenamed,
    SessionStarted,
    Steered,
    TextDelta,
    ThinkingDelta,
    TodosChanged,
    ToolFinished,
    ToolOutputDelta,
    TurnEnded,
    TurnStarted,
    Undone,
    UntrustedTextEntered,
    UsageReported,
)
from droid.domain.files import FileChange
from droid.domain.levels import AutonomyLevel
from droid.domain.messages import Message, Role, ToolResultPart, Usage
from droid.domain.tools import Todo
from droid.domain.untrusted import UntrustedKind
from droid.engine.change_chains import turn_number
from droid.engine.context_size import ContextSize
from droid.safety.grants import Grant

_TITLE_CHARACTERS = 80
_LOST = "The result of this call is lost; look at what the call left behind."


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMark:
    """Where a turn began, so that the conversation can go back to it.

    Attributes:
        prompt: What the person wrote.
        at: Seconds since the epoch, UTC.
        messages: The conversation's list; what was there before are the first `count` of it.
        conversation: The one within the session that the list belongs to.
    """

    prompt: str
    at: float
    messages: list[Message]
    count: int
    todos: tuple[Todo, ...]
    cwd: Path
    conversation: int


@dataclass(slots=True)
class SessionState:
    """A session at this moment.

    Attributes:
        messages: The conversation as the model is given it; only ever appended to, except that what has
            not been sent yet may be redacted, and that a compaction starts a new list.
        open_calls: Calls of the last answer that have no result yet, in order.
        call_ids: Of all calls so far: files are named after them, so none is used twice.
        partial_text: What the model said since its last finished answer.
        changes: Turn id to the file changes of that turn, oldest first, with what was taken back of them.
        written: The same without what was taken back.
        reviewed: Turn id to what a person said of its hunks: `accepted` or `rejected`, by hunk id.
        turns: The number in the last turn's id.
        size: How much of the model's window the conversation takes.
        conversation: Counts the conversations within the session: a compaction starts the next.
        untrusted: What untrusted text has entered, each once; a summary of it is no more to be trusted.
        destinations: Names of places that data may go to all the same.
        marks: The turns that are part of the conversation, oldest first, and where each began.
    """

    session_id: str = ""
    workspace: Path = field(default_factory=Path)
    cwd: Path = field(default_factory=Path)
    system: str = ""
    title: str = ""
    model: str = ""
    autonomy: AutonomyLevel = AutonomyLevel.OFF
    records: list[Record] = field(default_factory=list[Record])
    messages: list[Message] = field(default_factory=list[Message])
    open_calls: dict[str, str] = field(default_factory=dict[str, str])
    call_ids: set[str] = field(default_factory=set[str])
    partial_text: list[str] = field(default_factory=list[str])
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = 0.0
    todos: tuple[Todo, ...] = ()
    grants: set[Grant] = field(default_factory=set[Grant])
    changes: dict[str, list[FileChange]] = field(default_factory=dict[str, list[FileChange]])
    written: dict[str, list[FileChange]] = field(default_factory=dict[str, list[FileChange]])
    reviewed: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    undone: set[str] = field(default_factory=set[str])
    turns: int = 0
    open_turn: str | None = None
    last_end: TurnEnded | None = None
    conversation: int = 0
    size: ContextSize = field(default_factory=ContextSize)
    untrusted: dict[tuple[UntrustedKind, str], None] = field(
        default_factory=dict[tuple[UntrustedKind, str], None]
    )
    destinations: set[str] = field(default_factory=set[str])
    marks: dict[str, TurnMark] = field(default_factory=dict[str, TurnMark])
    _results: dict[str, ToolResultPart] = field(default_factory=dict[str, ToolResultPart])

    def apply(self, record: Record) -> None:
        """Take one event in."""
        event = record.event
        if isinstance(event, TextDelta | ThinkingDelta | ToolOutputDelta):
            if isinstance(event, TextDelta):
                self.partial_text.append(event.text)
            return
        self.records.append(record)
        self.turns = max(self.turns, turn_number(record.turn_id))
        if isinstance(event, TurnStarted) and record.turn_id is not None:
            self._mark(record.turn_id, event.prompt, record.at)
        self._apply(event, record.turn_id)

    def _apply(self, event: Event, turn_id: str | None) -> None:
        match event:
            case SessionStarted():
                self.session_id, self.system, self.model = event.session_id, event.system, event.model
                self.workspace, self.cwd, self.autonomy = (
                    Path(event.workspace),
                    Path(event.cwd),
                    event.autonomy,
                )
            case TurnStarted():
                self.open_turn = turn_id
                if not event.dropped:
                    self.title = self.title or _title_of(event.prompt)
                    self._say(event.message)
            case Steered() | HookSpoke():
                self._say(event.message)
            case MessageRedacted() if event.index < len(self.messages):
                self._redact(self.messages[event.index], event.message)
            case AssistantAnswered():
                self.partial_text.clear()
                self._say(event.message)
                if event.stop_reason is not None:
                    self.size.answered()
                self.open_calls = {call.call_id: call.name for call in event.message.tool_calls}
                self.call_ids |= self.open_calls.keys()
            case RetryScheduled():
                self.partial_text.clear()
            case ToolFinished() if event.call_id in self.open_calls:
                self._results[event.call_id] = ToolResultPart(
                    call_id=event.call_id,
                    text=event.result.text,
                    is_error=event.result.is_error,
                    images=event.result.images,
                )
                self._close_step()
            case UsageReported():
                self.usage += event.usage
                self.size.used(event.usage)
                self.cost_usd = added_cost(self.cost_usd, event.cost_usd)
            case FilesChanged() if turn_id is not None:
                self.changes.setdefault(turn_id, []).extend(event.changes)
                self.written.setdefault(turn_id, []).extend(event.changes)
            case ChangesReviewed():
                self.changes.setdefault(event.turn_id, []).extend(event.changes)
                said = self.reviewed.setdefault(event.turn_id, {})
                said |= dict.fromkeys(event.accepted, "accepted") | dict.fromkeys(event.rejected, "rejected")
            case Undone():
                self.undone.add(event.turn_id)
            case FilesRestored():
                back_to = turn_number(event.turn_id)
                self.undone.update(turn for turn in self.changes if turn_number(turn) >= back_to)
            case Rewound():
                self._rewind(event.turn_id)
            case TodosChanged():
                self.todos = event.todos
            case CwdChanged():
                self.cwd = Path(event.cwd)
            case GrantAdded():
                self.grants.add((event.tool, event.key))
            case UntrustedTextEntered():
                self.untrusted[event.kind, event.source] = None
                self.destinations.update(event.remotes)
            case DestinationAllowed():
                self.destinations.add(event.destination)
            case ModelSet():
                self.model = event.model
            case AutonomySet():
                self.autonomy = event.autonomy
            case SessionRenamed():
                self.title = event.title
            case Compacted():
                self.partial_text.clear()
                self.size.restart(event.kept)
                self.messages = list(event.kept)  # whole steps: no call in them is open
                self.open_calls, self._results = {}, {}
                self.conversation += 1
            case TurnEnded():
                self.partial_text.clear()
                self._settle()
                self.open_turn = None
                self.last_end = event
            case _:
                pass

    def _redact(self, old: Message, new: Message) -> None:
        """Replace a message, in what can be gone back to as well."""
        lists = {id(one): one for one in (self.messages, *(mark.messages for mark in self.marks.values()))}
        for messages in lists.values():
            messages[:] = [new if message is old else message for message in messages]

    def _mark(self, turn_id: str, prompt: str, at: float) -> None:
        self._settle()
        self.marks[turn_id] = TurnMark(
            prompt=prompt,
            at=at,
            messages=self.messages,
            count=len(self.messages),
            todos=self.todos,
            cwd=self.cwd,
            conversation=self.conversation,
        )

    def _rewind(self, turn_id: str) -> None:
        """Go on from before a turn; what was found untrusted, was used and was allowed stays so.

        A compaction began a new list and left the old one as it was, so what it had summarised is back.
        """
        mark = self.marks.get(turn_id)
        if mark is None:
            return
        messages = mark.messages[: mark.count]
        self.partial_text.clear()
        self.size.restart(messages)
        self.messages, self.todos, self.cwd = messages, mark.todos, mark.cwd
        self.open_calls, self._results = {}, {}
        self.open_turn = None
        self.conversation += 1
        number = turn_number(turn_id)
        self.marks = {known: mark for known, mark in self.marks.items() if turn_number(known) < number}

    def _say(self, message: Message) -> None:
        self._settle()
        self._add(message)

    def _add(self, message: Message) -> None:
        self.messages.append(message)
        self.size.said(message)

    def _settle(self) -> None:
        """Answer what nobody will answer any more: in a damaged transcript, a result may be missing."""
        for call_id in self.unfinished_calls:
            self._results[call_id] = ToolResultPart(call_id=call_id, text=_LOST, is_error=True)
        if self.open_calls:
            self._close_step()

    def _close_step(self) -> None:
        """Hand the results to the model in the order of the calls, once all of them are there."""
        if len(self._results) == len(self.open_calls):
            results = tuple(self._results[call_id] for call_id in self.open_calls)
            self._add(Message(role=Role.USER, parts=results))
            self.open_calls = {}
            self._results = {}

    @property
    def conversation_id(self) -> str:
        """What requests of the present conversation share."""
        return f"{self.session_id}#{self.conversation}"

    @property
    def tainted(self) -> str | None:
        """By what untrusted text has entered the context first, in words; None where none has."""
        first = next(iter(self.untrusted), None)
        return None if first is None else f"{first[0]}: {first[1]}"

    @property
    def unfinished_calls(self) -> dict[str, str]:
        """Call id to tool of the calls that still owe a result."""
        return {call_id: tool for call_id, tool in self.open_calls.items() if call_id not in self._results}

    def last_undoable_turn(self) -> str | None:
        """The last turn whose file changes can be taken back."""
        for turn_id in reversed(self.changes):
            if turn_id not in self.undone:
                return turn_id
        return None


def added_cost(cost_usd: float | None, more_usd: float | None) -> float | None:
    """A sum of costs; not known where one of them is not."""
    return None if cost_usd is None or more_usd is None else cost_usd + more_usd


def _title_of(prompt: str) -> str:
    line = next((line.strip() for line in prompt.splitlines() if line.strip()), "")
    return line if len(line) <= _TITLE_CHARACTERS else line[: _TITLE_CHARACTERS - 1] + "…"
