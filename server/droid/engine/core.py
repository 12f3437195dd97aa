"""What the parts of a running session share."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from droid.domain.context import EditorContext
from droid.domain.decisions import Question, Step
from droid.domain.errors import LogWriteFailed
from droid.domain.events import (
    Event,
    Record,
    TextDelta,
    ThinkingDelta,
    ToolOutputDelta,
    UsageReported,
)
from droid.domain.messages import ImagePart, Usage
from droid.domain.models import ModelProfile
from droid.domain.policy import Policy
from droid.domain.ports import RunningProcess, Tool
from droid.engine.approvals import ApprovalQueue, QuestionBoard
from droid.engine.context_files import ContextFiles
from droid.engine.gate import Gate
from droid.engine.hook_points import HookPoints
from droid.engine.hook_step import HookStep
from droid.engine.ports import EnginePorts, SessionOptions
from droid.engine.proposals import Proposals
from droid.engine.reviews import Reviews
from droid.engine.screening import Screening
from droid.engine.state import SessionState
from droid.engine.strays import Strays

if TYPE_CHECKING:
    from droid.safety.facts import CallFacts

logger = logging.getLogger(__name__)

Listener = Callable[[Record], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a person sent, before its context is gathered."""

    text: str
    context: EditorContext | None = None
    images: Sequence[ImagePart] = ()


@dataclass(slots=True, eq=False)
class SessionCore:
    """State, adapters and the one way to emit an event.

    Attributes:
        steers: Messages that came during the turn and have not joined the context yet.
        ledger: Digest of each file as the model last saw it.
        asked: Approvals so far in this process, for their ids.
        known_rules: Folders whose `AGENTS.md` is in the context already.
        first_rules: Those of them whose rules are part of the system prompt.
        compact_from: By model, the size in tokens below which a conversation is not summarised again.
        turn_policy: What was in force when the running turn began.
        unheard: What a person said to a turn that was cancelled before hooks had looked at it.
        is_stored: Everything that happened stands in the transcript.
        left_out: What checkpoints left out, as far as a person was told of it.
        gate: The session's own: with its hooks.
    """

    ports: EnginePorts
    options: SessionOptions
    state: SessionState = field(default_factory=SessionState)
    turn_id: str | None = None
    listeners: list[Listener] = field(default_factory=list[Listener])
    steers: deque[Prompt] = field(default_factory=deque[Prompt])
    unheard: deque[Prompt] = field(default_factory=deque[Prompt])
    ledger: dict[Path, str] = field(default_factory=dict[Path, str])
    jobs: dict[str, RunningProcess] = field(default_factory=dict[str, RunningProcess])
    known_rules: set[Path] = field(default_factory=set[Path])
    first_rules: frozenset[Path] = frozenset()
    compact_from: dict[str, int] = field(default_factory=dict[str, int])
    left_out: set[str] = field(default_factory=set[str])
    turn_policy: Policy | None = None
    seq: int = 0
    asked: int = 0
    is_stored: bool = True
    _untold: deque[Record] = field(default_factory=deque[Record])
    approvals: ApprovalQueue = field(init=False)
    questions: QuestionBoard = field(init=False)
    proposals: Proposals = field(init=False)
    reviews: Reviews = field(init=False)
    context_files: ContextFiles = field(init=False)
    strays: Strays = field(default_factory=Strays)
    hooks: HookPoints = field(init=False)
    screening: Screening = field(init=False)
    gate: Gate = field(init=False)
    tools: dict[str, Tool] = field(init=False)

    def __post_init__(self) -> None:
        self.approvals = ApprovalQueue(self.emit)
        self.questions = QuestionBoard(self.emit)
        self.proposals = Proposals(self.ports.files)
        self.reviews = Reviews(self.state, self.ports, self.proposals, self.ledger, self.emit)
        self.hooks, self.screening = HookPoints(self), Screening(self)
        self.gate = self.ports.gate.plus(Step.HOOKS, HookStep(self.hooks))
        self.tools = {tool.spec.name: tool for tool in self.ports.tools}
        ports = self.ports
        self.context_files = ContextFiles(
            ports.files,
            ports.paths,
            home=ports.home,
            factory_home=ports.factory_home,
            workspace=lambda: self.state.workspace,
            policies_of=self.policies_of,
        )

    @property
    def policy(self) -> Policy:
        """The settings in force now for the session's folder."""
        return self.ports.policies.of(self.state.cwd)

    @property
    def settled_policy(self) -> Policy:
        """For what stays as it is until a turn ends: the settings that it began under."""
        return self.turn_policy or self.policy

    def policies_of(self, paths: Iterable[Path] = ()) -> Sequence[Policy]:
        """What holds now for the session's folder and for some paths, and what held when the turn began."""
        policies = self.ports.policies.all_of(self.state.cwd, paths)
        began = self.turn_policy
        if began is None or any(began is policy for policy in policies):
            return policies
        return (*policies, began)

    def policies_for(self, facts: "CallFacts") -> Sequence[Policy]:
        """What a call has to pass."""
        return self.policies_of([Path(path.real) for path in (*facts.reads, *facts.writes)])

    def emit(self, event: Event, *, turn_id: str | None = None) -> None:
        """Store an event, take it into the state, tell the listeners; in that order.

        Args:
            turn_id: The turn that it belongs to, where that is over already.

        Raises:
            LogWriteFailed: it could not be stored; it has not happened, and nobody was told.
        """
        is_delta = isinstance(event, TextDelta | ThinkingDelta | ToolOutputDelta)
        seq = self.seq if is_delta else self.seq + 1
        record = Record(seq=seq, at=self.ports.clock.now(), turn_id=turn_id or self.turn_id, event=event)
        self.ports.log.append(record)
        self.seq = seq
        self._tell(record)

    def emit_regardless(self, event: Event) -> None:
        """Tell of an event even where it cannot be stored: the last words of a turn."""
        try:
            self.emit(event)
        except LogWriteFailed:
            self.is_stored = False
            record = Record(seq=self.seq, at=self.ports.clock.now(), turn_id=self.turn_id, event=event)
            self._tell(record)

    def _tell(self, record: Record) -> None:
        self.state.apply(record)
        self.proposals.on_record(record)
        self._untold.append(record)
        if len(self._untold) > 1:
            return  # a listener made this happen; the others hear first of what it was told of
        while self._untold:
            for listener in tuple(self.listeners):
                try:
                    listener(self._untold[0])
                except Exception:
                    # A surface that fails to draw must not end the turn that it draws.
                    logger.exception("a listener failed on %s", type(self._untold[0].event).__name__)
            self._untold.popleft()

    def report_usage(self, profile: ModelProfile, usage: Usage, duration_s: float) -> None:
        """Tell what a request cost; every request counts, those that nobody sees too."""
        cost_usd = profile.price.cost_usd(usage) if profile.price else None
        self.emit(UsageReported(model=profile.id, usage=usage, cost_usd=cost_usd, duration_s=duration_s))

    async def ask_person(self, call_id: str, text: str, options: Sequence[str]) -> str | None:
        """Ask in words; None where the person declined or nobody can be asked."""
        if not self.options.interactive:
            return None
        self.asked += 1
        question_id = f"{self.state.session_id}:{self.turn_id}.{self.asked}"
        question = Question(question_id=question_id, text=text, options=tuple(options))
        return await self.questions.ask(call_id, question)

    def check_cancelled(self) -> None:
        """Carry a cancellation on that somebody below swallowed."""
        if is_being_cancelled():
            raise asyncio.CancelledError


def is_being_cancelled() -> bool:
    """Whether somebody has cancelled the task that asks."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
