"""Takes a turn's file changes back, from the last to the first.

A file that somebody changed since is a conflict: it is named and left as it is. The others go back in
one write, all or none.
"""

from collections.abc import Sequence
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.events import Undone
from droid.domain.files import FileChange
from droid.engine.change_chains import chains
from droid.engine.ports import EnginePorts
from droid.engine.restore import RestorePorts, carry_out, plan_restore
from droid.engine.state import SessionState


async def undo_turn(state: SessionState, turn_id: str | None, ports: EnginePorts) -> Undone:
    """Take a turn back; None means the last that can be.

    Raises:
        ToolFailed: there is nothing to take back, or the files could not be written.
    """
    turn_id = turn_id or state.last_undoable_turn()
    if turn_id is None or turn_id not in state.changes:
        raise ToolFailed("no turn with file changes is left to undo")
    if turn_id in state.undone:
        raise ToolFailed(f"turn {turn_id} has been undone already")
    changes, conflicts = await take_back(state.changes[turn_id], state.workspace, ports)
    if conflicts and not changes:
        raise ToolFailed(f"changed since by somebody else, so left as it is: {', '.join(conflicts)}")
    return Undone(turn_id=turn_id, changes=changes, conflicts=conflicts)


async def take_back(
    changes: Sequence[FileChange], workspace: Path, ports: EnginePorts
) -> tuple[tuple[FileChange, ...], tuple[str, ...]]:
    """Take changes back; returns what was written for that, and the paths that are left as they are.

    Raises:
        ToolFailed: an old content is lost, or the files could not be written.
    """
    plan = await plan_restore(chains(changes), workspace, RestorePorts.of(ports))
    lost = [line for line, one in zip(plan.words(workspace), plan.conflicts, strict=True) if one.lost]
    if lost:
        raise ToolFailed(lost[0])
    await carry_out(plan.writes, ports.files)
    if plan.to_save:
        await ports.files.save(plan.to_save)
    return tuple(plan.described), tuple(one.path for one in plan.conflicts)
