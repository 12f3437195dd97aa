"""Goes back to before a turn: files, the conversation, or both.

Files are proposed first, as a changeset, and written when a person has accepted them: all that was accepted,
or nothing. Then the conversation goes back. Whatever happens in between, the transcript only grows: that
something was restored or rewound is an event like any other.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from droid.domain.errors import DroidError, LogWriteFailed, ToolFailed
from droid.domain.events import CwdChanged, FilesRestored, Rewound, Warned
from droid.domain.files import FileChange, FileWrite
from droid.engine.change_chains import chains, changes_since
from droid.engine.changesets import ChangedFile, Changeset, HunkState, Phase, Purpose
from droid.engine.checkpoints import check_turn
from droid.engine.core import SessionCore
from droid.engine.file_changes import change_of, display_name
from droid.engine.hunks import FileHunks
from droid.engine.proposals import writes_of
from droid.engine.restore import RestorePlan, RestorePorts, carry_out, plan_restore

logger = logging.getLogger(__name__)


class RewindPart(StrEnum):
    """What goes back."""

    FILES = "files"
    CONVERSATION = "conversation"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewinding:
    """What came of asking to go back.

    Attributes:
        changeset: What is to be accepted first; None where no file changes.
        prompt: What the person had said in that turn; None where the conversation stays.
        conflicts: Files that stay as they are, a line each.
        done: Nothing waits for an answer.
    """

    turn_id: str
    changeset: Changeset | None
    prompt: str | None
    conflicts: tuple[str, ...]
    done: bool


class Rewinder:
    """Goes back in one session.

    Args:
        hold: Keeps turns from beginning, with the reason why, or lets them again (None); False where that
            cannot be: a turn runs.
    """

    def __init__(self, core: SessionCore, hold: Callable[[str | None], bool]) -> None:
        self._core = core
        self._hold = hold
        self._asked = 0

    async def rewind(self, turn_id: str | None, part: RewindPart) -> Rewinding:
        """Go back to before a turn; None means the last. Files wait until they are accepted.

        Raises:
            ToolFailed: there is no such turn, or a turn runs.
        """
        core = self._core
        turn_id = check_turn(core.state, turn_id, conversation=part is not RewindPart.FILES)
        self._withdraw()
        mark = core.state.marks.get(turn_id)
        prompt = mark.prompt if mark is not None and part is not RewindPart.FILES else None
        changeset, conflicts = None, ()
        if part is not RewindPart.CONVERSATION:
            await core.strays.settled()
            plan = await plan_of(core, turn_id)
            conflicts = plan.words(core.state.workspace)
            changeset = await self._propose(turn_id, plan, conflicts, part)
            if changeset is None and plan.to_save:
                await core.ports.files.save(plan.to_save)
        if changeset is None and part is not RewindPart.FILES:
            await self.rewind_conversation(turn_id)
        return Rewinding(
            turn_id=turn_id,
            changeset=changeset,
            prompt=prompt,
            conflicts=conflicts,
            done=changeset is None,
        )

    async def rewind_conversation(self, turn_id: str) -> None:
        """Go on from before a turn.

        Raises:
            ToolFailed: a turn runs.
        """
        if not self._hold("the conversation is being rewound; try again when it is done"):
            raise ToolFailed("a turn is running; cancel it before going back")
        try:
            self._forget_what_is_gone(turn_id)
        finally:
            self._hold(None)

    def _forget_what_is_gone(self, turn_id: str) -> None:
        core = self._core
        gone = core.state.conversation_id
        core.emit(Rewound(turn_id=turn_id))
        core.ports.forget(gone)
        # What the model had read is no longer before it, nor are rules that came with results.
        core.ledger.clear()
        core.known_rules = set(core.first_rules)
        core.compact_from.clear()
        if not core.state.cwd.is_dir():
            core.emit(CwdChanged(cwd=str(core.state.workspace)))

    def _withdraw(self) -> None:
        """Another wish takes the place of one that nobody has answered."""
        for changeset in self._core.proposals.open:
            if changeset.purpose is Purpose.RESTORE:
                self._core.proposals.close(changeset.changeset_id, accepted=None)

    async def _propose(
        self, turn_id: str, plan: RestorePlan, conflicts: tuple[str, ...], part: RewindPart
    ) -> Changeset | None:
        core = self._core
        if not plan.writes:
            return None
        files = await asyncio.to_thread(proposed_files, plan, core.state.workspace)
        self._asked += 1
        changeset = Changeset(
            changeset_id=f"{core.state.session_id}:{turn_id}:restore{core.seq}.{self._asked}",
            session_id=core.state.session_id,
            turn_id=turn_id,
            phase=Phase.PROPOSED,
            title=f"Files as before turn {turn_id}",
            files=files,
            purpose=Purpose.RESTORE,
            conflicts=conflicts,
        )

        def decided(answered: Changeset) -> bool:
            return self._decided(answered, turn_id, plan, part)

        core.proposals.propose(changeset, decided)
        return changeset

    def _decided(self, changeset: Changeset, turn_id: str, plan: RestorePlan, part: RewindPart) -> bool:
        core = self._core
        accepted = changeset.ids_that_are(HunkState.ACCEPTED)
        if accepted and not self._hold("files are being restored; try again when it is done"):
            return False
        core.proposals.close(changeset.changeset_id, accepted=accepted)
        if accepted:
            work = self._restore(changeset, accepted, turn_id, plan, part)
            core.strays.beside(work, name="restore files")
        return True

    async def _restore(
        self,
        changeset: Changeset,
        accepted: Collection[str],
        turn_id: str,
        plan: RestorePlan,
        part: RewindPart,
    ) -> None:
        """Write what was accepted, tell of it, and go on with the conversation where that is wanted."""
        core = self._core
        try:
            writes, lost = await writes_of(changeset, accepted, core.ports.files)
            described = await described_of(core, writes, plan)
            await carry_out(writes, core.ports.files)
            for change in described:
                core.ledger.pop(Path(change.path), None)
            conflicts = tuple(one.path for one in plan.conflicts)
            core.emit(FilesRestored(turn_id=turn_id, changes=described, conflicts=conflicts))
            if lost:
                core.proposals.note_stale(changeset.changeset_id, lost)
            if plan.to_save:
                await core.ports.files.save(plan.to_save)
            if part is RewindPart.BOTH:
                self._forget_what_is_gone(turn_id)
        except LogWriteFailed as error:
            logger.warning("what was restored is not in the transcript: %s", error)
        except (DroidError, OSError) as error:
            core.proposals.note_stale(changeset.changeset_id, accepted)
            core.emit_regardless(Warned(message=f"the files were not restored: {error}"))
        finally:
            self._hold(None)


async def plan_of(core: SessionCore, turn_id: str) -> RestorePlan:
    """What must be written so that the files are as before a turn."""
    state = core.state
    wanted = chains(changes_since(state.records, turn_id))
    return await plan_restore(wanted, state.workspace, RestorePorts.of(core.ports))


def proposed_files(plan: RestorePlan, workspace: Path) -> Sequence[ChangedFile]:
    """The files of a plan, hunk by hunk; what is no matter of their text, as one that says so."""
    found: list[ChangedFile] = []
    for write, change, before in zip(plan.writes, plan.described, plan.contents, strict=True):
        name = display_name(write.path, workspace)
        as_one = write.link or write.before_link or before == write.data
        hunks = (
            FileHunks(name, _in_words(before, change.mode, write.before_link), _wanted_in_words(write))
            if as_one
            else FileHunks(name, before, write.data)
        )
        found.append(ChangedFile(path=write.path, name=name, hunks=hunks, write=write, as_one=as_one))
    return tuple(found)


async def described_of(
    core: SessionCore, writes: Sequence[FileWrite], plan: RestorePlan
) -> tuple[FileChange, ...]:
    """Describe what is about to be written, and keep what is there now."""
    planned = {write.path: (write, change) for write, change in zip(plan.writes, plan.described, strict=True)}
    found: list[FileChange] = []
    for write in writes:
        own = planned.get(write.path)
        if own is not None and own[0] == write:
            found.append(own[1])
            continue
        now = await core.ports.files.read(write.path) if write.before is not None else None
        for data in (now.data if now else None, write.data):
            if data is not None:
                core.ports.blobs.put(data)
        found.append(
            await change_of(
                write.path,
                now.data if now else None,
                write.data,
                name=display_name(write.path, core.state.workspace),
                in_editor=now is not None and now.is_open and write.data is not None,
                mode=now.mode if now is not None else write.mode,
            )
        )
    return tuple(found)


def _in_words(data: bytes | None, mode: int | None, link: bool) -> bytes | None:
    if data is None:
        return None
    if link:
        return b"symbolic link to " + data + b"\n"
    return f"file of {len(data)} bytes, mode {mode or 0:o}\n".encode()


def _wanted_in_words(write: FileWrite) -> bytes | None:
    return _in_words(write.data, write.mode, write.link)
