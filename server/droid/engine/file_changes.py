"""Describes changes of files, as people, hooks and the transcript see them."""

import asyncio
from pathlib import Path

from droid.domain.files import FileChange, digest_of
from droid.engine.diffs import diff_of

THREAD_BYTES = 262_144
"""Work on more than this would be noticed on the event loop."""


async def change_of(
    path: Path,
    before: bytes | None,
    after: bytes | None,
    *,
    name: str,
    in_editor: bool = False,
    mode: int | None = None,
) -> FileChange:
    """Describe a change; a large one is compared off the event loop."""
    if len(before or b"") + len(after or b"") > THREAD_BYTES:
        diff = await asyncio.to_thread(diff_of, name, before, after)
    else:
        diff = diff_of(name, before, after)
    return FileChange(
        path=str(path),
        before=None if before is None else digest_of(before),
        after=None if after is None else digest_of(after),
        added_lines=diff.added_lines,
        removed_lines=diff.removed_lines,
        diff=diff.text,
        in_editor=in_editor,
        mode=mode,
    )


def display_name(path: Path, workspace: Path) -> str:
    """A path as people and diffs name it: relative where it lies in the workspace."""
    try:
        return path.relative_to(workspace).as_posix()
    except ValueError:
        return path.as_posix()
