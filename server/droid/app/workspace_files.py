"""The files of a workspace by name, for pickers: what was listed last, while it is listed anew.

Listing is ripgrep's work, as for `Glob`, so what git ignores is left out. Nobody waits for it but who
asks first, and not for long.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import DroidError
from droid.domain.ports import ProcessRunner
from droid.tools.ripgrep import file_names, list_files

logger = logging.getLogger(__name__)

MAX_FILES = 100_000
_FRESH_S = 3.0
# A listing that takes long is not made anew all the time.
_FRESH_FACTOR = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FileList:
    """Paths below the workspace, with `/` between their parts, the least deep first.

    Attributes:
        folders: Those that hold any of the files, at any depth; without a slash at the end.
    """

    files: Sequence[str] = ()
    folders: Sequence[str] = ()


class WorkspaceFiles:
    """The list of one workspace.

    Args:
        now: Seconds on a clock that never goes back.
    """

    def __init__(
        self, processes: ProcessRunner, root: Path, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._processes = processes
        self._root = root
        self._now = now
        self._known: FileList | None = None
        self._listing: asyncio.Task[None] | None = None
        self._fresh_until = float("-inf")

    async def known(self, wait_s: float) -> FileList:
        """What is known now; where nothing is yet, what is after `wait_s` at most."""
        if self._listing is None and self._now() >= self._fresh_until:
            self._listing = asyncio.create_task(self._list(), name="workspace-files")
        if self._known is None and self._listing is not None:
            await asyncio.wait({self._listing}, timeout=wait_s)
        return self._known or FileList()

    async def aclose(self) -> None:
        """Stop listing."""
        if self._listing is not None:
            self._listing.cancel()
            await asyncio.wait({self._listing})

    async def _list(self) -> None:
        began = self._now()
        try:
            output = await list_files(self._processes, self._root)
            self._known = await asyncio.to_thread(_parsed, output.data)
        except DroidError as error:
            logger.warning("the files of the workspace cannot be listed: %s", error)
        finally:
            ended = self._now()
            self._fresh_until = ended + max(_FRESH_S, (ended - began) * _FRESH_FACTOR)
            self._listing = None


def _parsed(data: bytes) -> FileList:
    paths = file_names(data)
    paths.sort(key=lambda path: (path.count("/"), path))
    files = paths[:MAX_FILES]
    folders: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return FileList(files=files, folders=sorted(folders, key=lambda path: (path.count("/"), path)))
