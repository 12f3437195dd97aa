"""Takes a turn's file changes back, from the last to the first.

A file that somebody changed since is a conflict: it is named and left as it is. The others go back in
one write, all or none.
"""

from collections.abc import Sequence
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.events import Undone
from droid.domain.files import FileChange, FileSnapshot, FileWrite
from droid.domain.ports import BlobStore, Files
from droid.engine.file_changes import change_of, display_name
from droid.engine.ports import EnginePorts
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
        ToolFailed: the files could not be written.
    """
    first, last = _ends(changes)
    writes: list[FileWrite] = []
    described: list[FileChange] = []
    conflicts: list[str] = []
    for name, change in first.items():
        path = Path(name)
        if ports.paths.real(path) != path:
            # A link has taken its place: what is written now would land elsewhere.
            conflicts.append(name)
            continue
        now = await _read(ports.files, path)
        now_digest = now.digest if now else None
        if now_digest == change.before:
            continue
        if now_digest != last[name].after:
            conflicts.append(name)
            continue
        data = None if change.before is None else _kept(ports.blobs, change.before, name)
        writes.append(FileWrite(path=path, before=now_digest, data=data, mode=change.mode))
        described.append(
            await change_of(
                path,
                now.data if now else None,
                data,
                name=display_name(path, workspace),
                in_editor=now is not None and now.is_open,
                mode=change.mode,
            )
        )
    await ports.files.write(writes)
    return tuple(described), tuple(conflicts)


def _ends(changes: Sequence[FileChange]) -> tuple[dict[str, FileChange], dict[str, FileChange]]:
    """The first and the last change of each file: what it was, and what the turn left behind."""
    first: dict[str, FileChange] = {}
    last: dict[str, FileChange] = {}
    for change in changes:
        first.setdefault(change.path, change)
        last[change.path] = change
    return first, last


async def _read(files: Files, path: Path) -> FileSnapshot | None:
    try:
        return await files.read(path)
    except FileNotFoundError:
        return None


def _kept(blobs: BlobStore, digest: str, name: str) -> bytes:
    try:
        return blobs.get(digest)
    except KeyError:
        raise ToolFailed(f"the old content of {name} is no longer in the checkpoint store") from None
