"""A conversation: what a surface holds in its hands."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from droid.domain.context import EditorContext
from droid.domain.decisions import Answer
from droid.domain.errors import PolicyRefused, ToolFailed
from droid.domain.events import (
    AutonomySet,
    CwdChanged,
    ModelSet,
    Record,
    SessionRenamed,
    SessionResumed,
    SessionStarted,
    TurnEnded,
    Undone,
)
from droid.domain.hooks import HookEvent
from droid.domain.levels import AutonomyLevel
from droid.domain.messages import ImagePart
from droid.engine.agents_md import folders_up_to
from droid.engine.change_chains import turn_number
from droid.engine.changesets import HunkState, Reviewed
from droid.engine.checkpoints import Checkpoint, checkpoints_of
from droid.engine.core import Listener, Prompt, SessionCore
from droid.engine.interrupted import BY_A_CRASH, CutOff, close_open_turn
from droid.engine.lifecycle_hooks import EndReason, StartSource, session_begins, session_ends
from droid.engine.memory import SessionMemory
from droid.engine.ports import EnginePorts, SessionOptions, SessionStart
from droid.engine.rewinding import Rewinder, Rewinding, RewindPart
from droid.engine.session_view import SessionView
from droid.engine.turn_queue import TurnQueue
from droid.engine.undo import undo_turn
from droid.engine.untrusted import flagged

logger = logging.getLogger(__name__)


class Session(SessionView):
    """One conversation, with at most one turn running."""

    def __init__(self, core: SessionCore) -> None:
        super().__init__(core)
        self._turns = TurnQueue(core)
        self._rewinder = Rewinder(core, self._hold)
        self._closed = False

    @classmethod
    def start(cls, ports: EnginePorts, options: SessionOptions, start: SessionStart) -> "Session":
        """Begin a new conversation."""
        core = SessionCore(ports=ports, options=options)
        core.first_rules = start.known_rules
        core.known_rules |= core.first_rules
        core.emit(
            SessionStarted(
                session_id=start.session_id,
                workspace=str(start.workspace),
                cwd=str(start.cwd),
                model=start.model,
                autonomy=start.autonomy,
                surface=options.surface,
                system=start.system,
                parent=start.parent,
            )
        )
        _begin_hooks(core, "startup")
        for one in start.flagged:
            flagged(core, one.source, one.marks)
        return cls(core)

    @classmethod
    def resume(
        cls,
        ports: EnginePorts,
        options: SessionOptions,
        records: Sequence[Record],
        cut_off: CutOff = BY_A_CRASH,
        memory: SessionMemory | None = None,
    ) -> "Session":
        """Take up a stored conversation; a turn that was cut off is closed first.

        Args:
            cut_off: Why such a turn did not end.
            memory: What it knew when it was closed in this process.

        Raises:
            LogWriteFailed: that it is taken up cannot be written down.
        """
        core = SessionCore(ports=ports, options=options)
        for record in records:
            core.state.apply(record)
            core.seq = max(core.seq, record.seq)
            if isinstance(record.event, SessionStarted):
                # The system prompt holds the rules of these from the start.
                began_in = folders_up_to(core.state.workspace, core.state.cwd)
                core.first_rules = frozenset({ports.factory_home, *began_in})
        core.known_rules |= core.first_rules
        if memory is not None:
            memory.give_back(core)
        maximum = core.policy.max_autonomy
        close_open_turn(core, *cut_off)
        core.emit(SessionResumed(surface=options.surface))
        if core.state.autonomy > maximum:
            core.emit(AutonomySet(autonomy=maximum))
        if not core.state.cwd.is_dir():
            core.emit(CwdChanged(cwd=str(core.state.workspace)))
        if memory is None:  # else it was only resting
            _begin_hooks(core, "resume")
        return cls(core)

    @property
    def busy(self) -> bool:
        return self._turns.busy

    @property
    def closed(self) -> bool:
        """It was closed, and can only be taken up anew."""
        return self._closed

    @property
    def turn_id(self) -> str | None:
        """The running turn."""
        return self._core.turn_id if self.busy else None

    @property
    def can_rest(self) -> bool:
        """It may be closed and taken up again later: nothing runs or waits, and nothing would be lost."""
        core = self._core
        return (
            self._turns.held is None
            and not self.busy
            and not core.strays
            and not core.hooks.busy
            and not core.approvals.pending
            and not core.questions.pending
            and not core.proposals.open
            and not core.proposals.open
            and all(job.finished is not None for job in core.jobs.values())
            and core.is_stored
        )

    @property
    def memory(self) -> SessionMemory:
        """What it knows beside its transcript, for when it is taken up again."""
        return SessionMemory.of(self._core)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every event, deltas included, in order, on the event loop. Returns the way out."""
        self._core.listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._core.listeners:
                self._core.listeners.remove(listener)

        return unsubscribe

    def prompt(
        self,
        text: str,
        *,
        context: EditorContext | None = None,
        images: Sequence[ImagePart] = (),
        steer: bool = True,
    ) -> str:
        """Start a turn and return its id at once.

        A prompt during a turn joins that turn; one that comes too late for it, because it is being
        cancelled or has just ended, starts the next. The id is that of the turn that will hear it.

        Raises:
            PolicyRefused: a turn runs and `steer` is false, a turn is being undone, or the session is closed.
        """
        prompt = Prompt(text=text, context=context, images=tuple(images))
        return self._turns.prompt(prompt, steer=steer)

    async def cancel(self) -> bool:
        """End the running turn and everything it started; True if there was one."""
        return await self._turns.cancel()

    async def wait(self) -> TurnEnded | None:
        """Wait for the running turn; returns how the last turn ended."""
        await self._turns.wait()
        return self._core.state.last_end

    def answer(
        self,
        approval_id: str,
        answer: Answer,
        instruction: str | None = None,
        accepted: Collection[str] | None = None,
    ) -> bool:
        """Answer the open approval; False where it is not open (any more), or this is not on offer.

        Args:
            accepted: The only hunks of what is proposed that may be written; None allows all but those that
                were rejected one by one before.
        """
        if accepted is None and answer.allows:
            changeset = self._core.proposals.of_approval(approval_id)
            if changeset is not None and (no := changeset.ids_that_are(HunkState.REJECTED)):
                accepted = changeset.ids - no
        return self._core.approvals.answer(approval_id, answer, instruction, accepted)

    async def review(
        self, changeset_id: str, *, accept: bool, path: Path | None = None, hunk_id: str | None = None
    ) -> Reviewed:
        """Accept or reject one hunk, the hunks of one file, or all.

        Raises:
            ToolFailed: there is no such thing, or nothing could be written, and nothing was changed.
        """
        if self._closed:
            raise ToolFailed("the session is closed; take it up again to go on")
        return await self._core.reviews.decide(changeset_id, path, hunk_id, accept=accept)

    def answer_question(self, question_id: str, answer: str | None) -> bool:
        """Answer what the agent asked; None declines. False where it is not open."""
        return self._core.questions.answer(question_id, answer)

    def set_model(self, model_id: str) -> None:
        """Go on with another model from the next request.

        Raises:
            PolicyRefused: it is not among those that may be asked.
        """
        policy = self._core.policy
        if model_id not in policy.models:
            raise PolicyRefused(policy.why_not(model_id))
        self._core.emit(ModelSet(model=model_id))

    def set_autonomy(self, level: AutonomyLevel) -> None:
        """Change what runs without asking, from the next call.

        Raises:
            PolicyRefused: it is above `maxAutonomyLevel`.
        """
        policy = self._core.policy
        if level > policy.max_autonomy:
            where = policy.max_autonomy_source
            raise PolicyRefused(
                f"autonomy {level} is above the maximum {policy.max_autonomy} set by {where.level} settings"
                f"{f' ({where.file})' if where.file else ''}"
            )
        self._core.emit(AutonomySet(autonomy=level))

    def rename(self, title: str) -> None:
        self._core.emit(SessionRenamed(title=title))

    async def undo(self, turn_id: str | None = None) -> Undone:
        """Take back the file changes of a turn; None means the last that has any.

        Raises:
            ToolFailed: there is none, a turn is running, or the files could not be written.
        """
        if self.busy:
            raise ToolFailed("a turn is running; cancel it before undoing")
        if self._turns.held is not None:
            raise ToolFailed(self._turns.held)
        self._turns.held = "a turn is being undone; try again when it is done"
        try:
            undone = await undo_turn(self._core.state, turn_id, self._core.ports)
            for change in undone.changes:
                # What the model knows of these files is no longer true: it must read them again.
                self._core.ledger.pop(Path(change.path), None)
            self._core.emit(undone)
            self._turns.syncing.soon()
        finally:
            if not self._closed:
                self._turns.held = None
        return undone

    @property
    def rewindable_turns(self) -> tuple[str, ...]:
        """The turns of the conversation, oldest first."""
        return tuple(self._core.state.marks)

    def changed_since(self, turn_id: str) -> tuple[str, ...]:
        """This turn and those after it, as far as they have changed files."""
        number = turn_number(turn_id)
        return tuple(one for one in self._core.state.written if turn_number(one) >= number)

    async def checkpoints(self) -> tuple[Checkpoint, ...]:
        """The moments that can be gone back to, the newest last."""
        return await asyncio.to_thread(checkpoints_of, self._core.state)

    async def rewind(self, turn_id: str | None = None, part: RewindPart = RewindPart.BOTH) -> Rewinding:
        """Go back to before a turn; None means the last. Files are proposed as a changeset first.

        Raises:
            ToolFailed: there is no such turn, or a turn runs.
        """
        if self.busy:
            raise ToolFailed("a turn is running; cancel it before going back")
        if self._turns.held is not None:
            raise ToolFailed(self._turns.held)
        rewinding = await self._rewinder.rewind(turn_id, part)
        self._turns.syncing.soon()
        return rewinding

    def _hold(self, why: str | None) -> bool:
        """Keep turns from beginning, or let them again; False where that cannot be now."""
        if why is None:
            if not self._closed:
                self._turns.held = None
                self._turns.syncing.soon()
            return True
        if self.busy or self._turns.held is not None:
            return False
        self._turns.held = why
        return True

    async def close(self, reason: EndReason | None = "other") -> None:
        """End the turn and the background jobs, and let others write the session.

        Args:
            reason: What hooks are told; None where the session only rests, and they are told nothing.

        Raises:
            LogWriteFailed: what was held back could not be stored; it is closed all the same.
        """
        was_open, self._closed = not self._closed, True
        self._turns.held = "the session is closed; take it up again to go on"
        core = self._core
        try:
            await self.cancel()
            await core.hooks.close()
            if was_open and reason is not None:
                await session_ends(core, reason)
            await core.strays.close()
            running = [job for job in core.jobs.values() if job.finished is None]
            await self._turns.syncing.finish()
            for failure in await asyncio.gather(*(job.stop() for job in running), return_exceptions=True):
                if failure is not None:
                    logger.warning("a background job could not be ended", exc_info=failure)
            await core.strays.jobs_ended()
        finally:
            core.jobs.clear()
            core.listeners.clear()
            core.ports.forget(core.state.conversation_id)
            core.ports.log.close()


def _begin_hooks(core: SessionCore, source: StartSource) -> None:
    """Tell hooks of the start, beside whatever comes until the first turn."""
    if core.hooks.rules(HookEvent.SESSION_START):
        core.hooks.start(session_begins(core, source))
