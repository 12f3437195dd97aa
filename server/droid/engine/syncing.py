"""Brings what a turn has stored to the disk itself, so that a loss of power takes no finished turn back.

What is appended is with the operating system at once, which outlives this process but not the machine.
Waiting for the disk takes a hundred microseconds here and several milliseconds there, too much for every
call of a tool, so it is done when a turn has ended, beside whatever comes next.
"""

import asyncio
import logging

from droid.domain.errors import LogWriteFailed
from droid.domain.ports import BlobStore, EventLog

logger = logging.getLogger(__name__)

_LAST_S = 5.0


class Syncing:
    """Owns the tasks that wait for the disk; at most one runs, and one more waits."""

    def __init__(self, log: EventLog, blobs: BlobStore) -> None:
        self._log = log
        self._blobs = blobs
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def soon(self) -> None:
        """Begin to bring to the disk all that is stored by now."""
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._task = asyncio.create_task(self._run(), name="sync")

    async def finish(self) -> None:
        """Wait for what has begun; not for ever, since a disk may hang."""
        if self._task is not None and not self._task.done():
            await asyncio.wait((self._task,), timeout=_LAST_S)

    async def _run(self) -> None:
        self._again = True
        while self._again:
            self._again = False
            try:
                # What a record speaks of first.
                await self._blobs.sync()
                await self._log.sync()
            except LogWriteFailed as error:
                logger.warning("a finished turn may not outlive a loss of power: %s", error)
