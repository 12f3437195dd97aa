"""Takes a turn's file changes back, from the last to the first.

A file that somebody changed since is a conflict: it is named and left as it is. The others go back in
one write, all or none.
"""

from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.events import Undone
from droid.domain.files import FileChange, FileSnapshot, FileWrite
from droid.domain.ports import BlobStore, Files
from droid.engine.guarded_files import change_of, display_name
from droid.engine.ports import EnginePorts
from droid.engine.state import SessionState


async def undo_turn(state: SessionState, turn_id: str | None, ports: EnginePorts) -> Undone:
    """Take a turn back; None means the last that can be.

    Raises:
        ToolFailed: there is nothing to take back, or the files could not be written.
    """
    files, blobs = ports.files, ports.blobs
    turn_id = turn_id or state.last_undoable_turn()
    if turn_id is None or turn_id not in state.changes:
        raise ToolFailed("no turn with file changes is left to undo")
    if turn_id in state.undone:
        raise ToolFailed(f"turn {turn_id} has been undone already")
    first, last = _ends(state.changes[turn_id])
    writes: list[FileWrite] = []
    befores: list[FileSnapshot | None] = []
    conflicts: list[str] = []
    for name, change in first.items():
        path = Path(name)
        if ports.paths.real(path) != path:
            # A link has taken its place: what is written now would land elsewhere.
            conflicts.append(name)
            continue
        now = await _read(files, path)
        now_digest = now.digest if now else None
        if now_digest == change.before:
            continue
        if now_digest != last[name].after:
            conflicts.append(name)
            continue
        data = None if change.before is None else _kept(blobs, change.before, name)
        writes.append(FileWrite(path=path, before=now_digest, data=data, mode=change.mode))
        befores.append(now)
    if conflicts and not writes:
        raise ToolFailed(f"changed since by somebody else, so left as it is: {', '.join(conflicts)}")
    await files.write(writes)
    changes = [
        await change_of(
            write.path,
            before.data if before else None,
            write.data,
            name=display_name(write.path, state.workspace),
            in_editor=before is not None and before.is_open,
            mode=write.mode,
        )
        for write, before in zip(writes, befores, strict=True)
    ]
    return Undone(turn_id=turn_id, changes=tuple(changes), conflicts=tuple(conflicts))


def _ends(changes: list[FileChange]) -> tuple[dict[str, FileChange], dict[str, FileChange]]:
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
