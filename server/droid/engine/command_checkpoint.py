"""The checkpoint before a command that may change any file, and what is told of its changes afterwards.

A tool that writes files says which; a command does not. So what is in the workspace is kept before it runs,
and compared when it has ended. What a tool call has changed meanwhile is known, and no change of the command.
What is left out never keeps a command from running: it is told of, since it cannot be taken back.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from droid.domain.errors import DroidError, LogWriteFailed
from droid.domain.events import CheckpointTaken, FilesChanged, Warned
from droid.domain.levels import Risk
from droid.domain.policy import Policy
from droid.domain.ports import Workspace
from droid.domain.snapshots import WorkspaceSnapshot
from droid.engine.core import SessionCore
from droid.engine.facts import CheckedCall
from droid.engine.snapshot_changes import Differences, below, differences, keep_buffer
from droid.safety.protected import Here, never_written

logger = logging.getLogger(__name__)

_NAMED = 5


def wants_checkpoint(call: CheckedCall) -> bool:
    """Whether a call is a command that does more than look, as far as can be told."""
    assessment = call.facts.assessment
    if call.facts.command is None:
        return False
    return assessment is None or assessment.risk > Risk.LOW or assessment.undecidable is not None


class CommandCheckpoint:
    """One command's checkpoint."""

    def __init__(
        self,
        core: SessionCore,
        workspace: Workspace,
        call_id: str,
        before: WorkspaceSnapshot,
        buffers: Mapping[str, str],
    ) -> None:
        self._core = core
        self._workspace = workspace
        self._call_id = call_id
        self._before = before
        self._buffers = buffers
        self._since = core.seq
        self.is_told = False

    @classmethod
    async def take(cls, core: SessionCore, call: CheckedCall) -> "CommandCheckpoint | None":
        """Keep what is there, and tell of it; None where that cannot be done at all.

        Raises:
            LogWriteFailed: it cannot be told of.
        """
        workspace = core.ports.workspace
        if workspace is None or not wants_checkpoint(call):
            return None
        root = core.ports.paths.real(core.state.workspace)
        try:
            buffers = await _unsaved_buffers(core, root)
            before = await workspace.snapshot(root, guarded=guard_of(core, root))
        except (DroidError, OSError) as error:
            core.emit(Warned(message=f"there is no checkpoint before this command: {error}"))
            return None
        core.emit(
            CheckpointTaken(
                call_id=call.part.call_id,
                files=len(before.entries),
                kept_bytes=before.kept_bytes,
                left_out=before.left_out,
                complete=before.complete,
            )
        )
        _warn_once(core, before.left_out)
        return cls(core, workspace, call.part.call_id, before, buffers)

    async def tell(self, turn_id: str | None = None) -> None:
        """Tell what the command has changed, once.

        Args:
            turn_id: The turn that it belongs to, where that is over already.

        Raises:
            LogWriteFailed: it cannot be told of.
        """
        if self.is_told:
            return
        found = await self._differences()
        if self.is_told or found is None:
            return
        self.is_told = True
        if found.changes:
            self._core.emit(FilesChanged(call_id=self._call_id, changes=found.changes), turn_id=turn_id)
        if found.lost:
            names = ", ".join(found.lost[:_NAMED])
            more = f" and {len(found.lost) - _NAMED} more" if len(found.lost) > _NAMED else ""
            message = f"a command changed what no checkpoint holds, so it cannot be taken back: {names}{more}"
            self._core.emit(Warned(message=message), turn_id=turn_id)

    async def tell_late(self, turn_id: str | None) -> None:
        """The same where nobody waits for it."""
        try:
            await self.tell(turn_id)
        except LogWriteFailed as error:
            logger.warning("what a command changed is not in the transcript: %s", error)

    async def _differences(self) -> Differences | None:
        core, before = self._core, self._before
        try:
            after = await self._workspace.snapshot(
                before.root, guarded=guard_of(core, before.root), since=before
            )
            return await asyncio.to_thread(
                differences, before, after, core.ports.blobs, buffers=self._buffers, told=self._told_of()
            )
        except (DroidError, OSError) as error:
            core.emit(Warned(message=f"what this command changed cannot be told: {error}"))
            return None

    def _told_of(self) -> dict[str, str | None]:
        """What tool calls have left behind since."""
        told: dict[str, str | None] = {}
        for record in reversed(self._core.state.records):
            if record.seq <= self._since:
                break
            if isinstance(record.event, FilesChanged):
                for change in reversed(record.event.changes):
                    told.setdefault(change.path, change.after)
        return told


def guard_of(core: SessionCore, root: Path) -> Callable[[Path], bool]:
    """What must not be copied: secrets, what settings keep from being read, and what they protect."""
    why_secret = core.context_files.secrets_now()
    here = Here(workspace=root, home=core.context_files.home)
    known: dict[Path, Sequence[Policy]] = {}

    def guarded(path: Path) -> bool:
        if why_secret(path) is not None:
            return True
        if path.parent not in known:
            policies = core.ports.policies.all_of(core.state.cwd, (path.parent,))
            known[path.parent] = [policy for policy in policies if policy.protected_files]
        return any(never_written((path,), here, policy) is not None for policy in known[path.parent])

    return guarded


async def _unsaved_buffers(core: SessionCore, root: Path) -> dict[str, str]:
    """What stands in the editor and not on the disk, by name: kept, and its digest."""
    files = core.ports.files
    open_ = [path for path in await files.open_files() if path.is_relative_to(root)]
    found: dict[Path, str] = {}
    guarded = guard_of(core, root)
    for path in await files.unsaved(open_) if open_ else ():
        if guarded(path):
            continue
        try:
            snapshot = await files.read(path)
        except (OSError, DroidError):
            continue
        digest = keep_buffer(core.ports.blobs, snapshot.data)
        if digest is not None:
            found[path] = digest
    return dict(below(root, found))


def _warn_once(core: SessionCore, left_out: Sequence[str]) -> None:
    """Tell of what is left out when that is new: a large file is not told of before every command."""
    new = [line for line in left_out if line not in core.left_out]
    if new:
        core.left_out.update(new)
        core.emit(Warned(message=f"not in the checkpoint before this command: {'; '.join(new)}"))
