"""Keeps the files of a workspace before a command that may change any of them (`domain.ports.Workspace`).

What belongs to the workspace is what git would not ignore. ripgrep tells that, since git itself would run
what a repository's configuration names. A file is read when its size, times, inode or mode differ from what
they were when it was read last; all of it happens in a thread, within limits, and what is over them is told
of and left alone.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.ports import BlobStore, ProcessRunner
from droid.domain.snapshots import FoundFile, SnapshotEntry, WorkspaceSnapshot
from droid.tools.ripgrep import file_names, list_files
from droid.tools.workspace_files import look_at
from droid.tools.workspace_scan import DEFAULT_LIMITS, Limits, scan

_LISTING_S = 5.0
_MAX_REMEMBERED = 4
_OPTIONS = ("--no-ignore-dot",)
"""Files that say what is left out of searches alone, and that git does not know, do not count."""


class DiskWorkspace:
    """See `domain.ports.Workspace`."""

    def __init__(self, processes: ProcessRunner, blobs: BlobStore, limits: Limits = DEFAULT_LIMITS) -> None:
        self._processes = processes
        self._blobs = blobs
        self._limits = limits
        self._known: OrderedDict[Path, Mapping[str, SnapshotEntry]] = OrderedDict()

    async def snapshot(
        self,
        root: Path,
        *,
        guarded: Callable[[Path], bool],
        since: WorkspaceSnapshot | None = None,
    ) -> WorkspaceSnapshot:
        """Keep what is there; see the port."""
        listed, why = await self._listed(root)
        known = since.entries if since is not None else self._known.get(root, {})
        found = await asyncio.to_thread(
            scan, root, listed, known, self._blobs, guarded, limits=self._limits, since=since, why=why
        )
        self._known[root] = found.entries
        self._known.move_to_end(root)
        while len(self._known) > _MAX_REMEMBERED:
            self._known.popitem(last=False)
        return found

    async def look(self, path: Path) -> FoundFile | None:
        """What is at one path."""
        return await asyncio.to_thread(look_at, path)

    async def _listed(self, root: Path) -> tuple[frozenset[str], str | None]:
        """The names below the root that are not ignored, and why they are not all, if so."""
        try:
            output = await list_files(self._processes, root, _OPTIONS, timeout_s=_LISTING_S)
        except ToolFailed as error:
            return frozenset(), f"its files cannot be listed ({error})"
        if not output.complete:
            return frozenset(), output.why
        return await asyncio.to_thread(lambda: frozenset(file_names(output.data))), None
