"""What a patch would write, worked out over the files as they are now."""

import asyncio
import os
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.files import FileSnapshot, FileWrite
from droid.domain.ports import ToolContext
from droid.tools.locate import read_file, real_path, text_of
from droid.tools.patch import AddFile, DeleteFile, Patch, UpdateFile
from droid.tools.patch_apply import apply_hunks
from droid.tools.text import encode
from droid.tools.writing import Plan, check_seen, read_if_there

_DIRECT_BYTES = 256 * 1024


async def plan_patch(patch: Patch, context: ToolContext) -> Plan:
    """Work out all of a patch's changes.

    Raises:
        ToolFailed: one of them cannot be made.
    """
    plans: list[Plan] = []
    for operation in patch.operations:
        if isinstance(operation, AddFile):
            plans.append(await _add(operation, context))
        elif isinstance(operation, DeleteFile):
            plans.append(await _delete(operation, context))
        else:
            plans.append(await _update(operation, context))
    writes = tuple(write for plan in plans for write in plan.writes)
    if len({write.path for write in writes}) < len(writes):
        raise ToolFailed("the patch names one file by two paths; use one of them")
    return Plan(writes=writes, text="\n".join(plan.text for plan in plans))


async def _add(operation: AddFile, context: ToolContext) -> Plan:
    if await read_if_there(context, operation.path) is not None:
        raise ToolFailed(f"{operation.path} exists already; use `*** Update File`")
    data = operation.content.encode()
    write = FileWrite(path=real_path(context, operation.path), before=None, data=data)
    return Plan(writes=(write,), text=f"Added {operation.path}.")


async def _delete(operation: DeleteFile, context: ToolContext) -> Plan:
    old = await _old(operation.path, context, goes=True)
    write = FileWrite(path=old.path, before=old.digest, data=None)
    return Plan(writes=(write,), text=f"Deleted {operation.path}.")


async def _update(operation: UpdateFile, context: ToolContext) -> Plan:
    target = operation.move_to
    old = await _old(operation.path, context, goes=target is not None)
    if len(old.data) > _DIRECT_BYTES:
        data = await asyncio.to_thread(_changed, operation, old)
    else:
        data = _changed(operation, old)
    if target is None:
        write = FileWrite(path=old.path, before=old.digest, data=data)
        return Plan(writes=(write,), text=f"Updated {operation.path} ({_counted(operation)}).")
    if await read_if_there(context, target) is not None:
        raise ToolFailed(f"{target} exists already, so {operation.path} cannot be moved there")
    writes = (
        FileWrite(path=real_path(context, target), before=None, data=data, mode=old.mode),
        FileWrite(path=old.path, before=old.digest, data=None),
    )
    return Plan(writes=writes, text=f"Moved {operation.path} to {target} ({_counted(operation)}).")


async def _old(path: Path, context: ToolContext, *, goes: bool) -> FileSnapshot:
    if goes and os.path.islink(context.cwd / path):  # noqa: PTH114 - never raises
        raise ToolFailed(f"{path} is a symbolic link; move or delete it through Execute")
    old = await read_file(context, path)
    # A patch brings lines of the file along, so one that was never read can be changed.
    check_seen(context, path, old, must=False)
    return old


def _changed(operation: UpdateFile, old: FileSnapshot) -> bytes:
    if not operation.hunks:
        return old.data
    text = text_of(old)
    if text is None:
        raise ToolFailed(f"{operation.path} is binary, and a patch changes text")
    try:
        return encode(apply_hunks(text, operation.hunks, name=str(operation.path)))
    except ToolFailed as error:
        raise ToolFailed(f"nothing was changed: {error}") from error


def _counted(operation: UpdateFile) -> str:
    kinds = [kind for hunk in operation.hunks for kind, _ in hunk.lines]
    return f"+{kinds.count('+')} −{kinds.count('-')} lines"
