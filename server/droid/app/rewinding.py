"""Goes back to a checkpoint of a stored session that nobody has open: `droid-lsp sessions rewind`."""

import os
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.events import Event, FilesRestored, Record, Rewound
from droid.domain.files import FileChange
from droid.engine.change_chains import chains, changes_since
from droid.engine.checkpoints import Checkpoint, check_turn, checkpoints_of
from droid.engine.restore import RestorePlan, RestorePorts, carry_out, plan_restore
from droid.engine.rewinding import RewindPart
from droid.engine.state import SessionState
from droid.sandbox.runner import WardenRunner
from droid.sessions.store import SessionStore
from droid.tools.files import DiskFiles
from droid.tools.paths import OsPaths
from droid.tools.workspace import DiskWorkspace


@dataclass(frozen=True, slots=True, kw_only=True)
class RewindOffer:
    """What would be done.

    Attributes:
        changes: Of files.
        conflicts: Files that stay as they are, a line each.
        prompt: What the person had said in that turn.
    """

    session_id: str
    turn_id: str
    changes: tuple[FileChange, ...]
    conflicts: tuple[str, ...]
    prompt: str | None


def stored_checkpoints(store: SessionStore, session_id: str) -> tuple[Checkpoint, ...]:
    """The moments that a stored session can go back to, the newest last.

    Raises:
        SessionNotFound: there is no such session.
    """
    return checkpoints_of(_state(store.read(session_id)))


async def rewind_stored(
    store: SessionStore,
    session_id: str,
    turn_id: str,
    part: RewindPart,
    agreed: Callable[[RewindOffer], bool],
) -> bool:
    """Go back to before a turn, if that is agreed to; False where it is not.

    Raises:
        SessionNotFound, SessionLocked: it does not exist here, or somebody has it open.
        ToolFailed: there is no such turn, or the files could not be written and nothing was changed.
        LogWriteFailed: it could not be told of.
    """
    records, log = store.open(session_id)
    runner = WardenRunner()
    try:
        with closing(log):
            state = _state(records)
            if state.open_turn is not None:
                raise ToolFailed("its last turn did not end; take the session up once, then go back")
            turn_id = check_turn(state, turn_id, conversation=part is not RewindPart.FILES)
            files, workspace = DiskFiles(), DiskWorkspace(runner, store.blobs)
            ports = RestorePorts(files=files, blobs=store.blobs, paths=OsPaths(), workspace=workspace)
            plan = RestorePlan()
            if part is not RewindPart.CONVERSATION:
                since = chains(changes_since(records, turn_id))
                plan = await plan_restore(since, Path(os.path.realpath(state.workspace)), ports)
            mark = state.marks.get(turn_id)
            offer = RewindOffer(
                session_id=state.session_id,
                turn_id=turn_id,
                changes=tuple(plan.described),
                conflicts=plan.words(state.workspace),
                prompt=mark.prompt if mark is not None and part is not RewindPart.FILES else None,
            )
            if not agreed(offer):
                return False
            seq = max((record.seq for record in records), default=0)

            def tell(event: Event) -> None:
                nonlocal seq
                seq += 1
                log.append(Record(seq=seq, at=time.time(), turn_id=None, event=event))

            if plan.writes:
                await carry_out(plan.writes, files)
                conflicts = tuple(one.path for one in plan.conflicts)
                tell(FilesRestored(turn_id=turn_id, changes=offer.changes, conflicts=conflicts))
            if part is not RewindPart.FILES:
                tell(Rewound(turn_id=turn_id))
            return True
    finally:
        await runner.aclose()


def _state(records: list[Record]) -> SessionState:
    state = SessionState()
    for record in records:
        state.apply(record)
    return state
