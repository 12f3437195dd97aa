"""Cancels that a tool does not heed.

A cancel ends the turn in time, whatever a tool does. Its work runs in a task of its own, and one that has
not ended shortly after it was cancelled is left to itself: its result is dropped, its scope is over, so
that nothing it is handed works for it any more, and it stays owned here until it ends or the session
closes.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from droid.domain.errors import ToolFailed
from droid.domain.ports import RunningProcess

logger = logging.getLogger(__name__)

GRACE_S = 0.2
"""How long work that was cancelled is waited for; a turn has to end within 250 ms."""
_CLOSE_S = 1.0
_SETTLE_S = 10.0

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class CallScope:
    """The time in which a call may act.

    Attributes:
        over: Nothing more may be done for it.
        left: Its work did not end with it.
    """

    over: bool = False
    left: bool = False

    def check(self) -> None:
        """Refuse what comes too late.

        Raises:
            ToolFailed: the call is over.
        """
        if self.over:
            raise ToolFailed("this call is over; nothing more can be done for it")


class Strays:
    """Runs the work of tools, and owns what outlives its call."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._watched: set[asyncio.Task[None]] = set()
        self._late: set[asyncio.Task[None]] = set()

    async def run(
        self,
        work: Coroutine[Any, Any, T],
        scope: CallScope,
        *,
        name: str,
        ended_late: Callable[[], None] = lambda: None,
    ) -> T:
        """Await work; its scope is over afterwards, however it ended.

        Args:
            ended_late: Called when work that was left to itself has ended.

        Raises:
            ToolFailed: it was cancelled, but not from here.
            Exception: what it raises.
        """
        task = asyncio.create_task(work, name=name)
        try:
            # Not awaited itself: that would pass a cancel on and then wait for as long as it takes.
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            task.cancel()
            await _wait(task)
            if not task.done():
                scope.left = True
                self._leave(task, ended_late)
            elif not task.cancelled():
                task.exception()  # the cancel is what ends the call
            raise
        finally:
            scope.over = True
        if task.cancelled():
            raise ToolFailed(f"{name} failed inside: it was cancelled by itself")
        return task.result()

    def after(self, jobs: Sequence[RunningProcess], then: Callable[[], None]) -> None:
        """Call something once these jobs have ended: at once where they have."""
        running = [job for job in jobs if job.finished is None]
        if not running:
            then()
            return
        task = asyncio.create_task(_after(running, then), name="background jobs")
        self._watched.add(task)
        task.add_done_callback(self._watched.discard)

    async def jobs_ended(self) -> None:
        """Wait until what was to be called after jobs was; they have to be stopped before."""
        if self._watched:
            await asyncio.wait(set(self._watched), timeout=_CLOSE_S)

    def beside(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Do something after a call that nobody waits for; it logs what goes wrong."""
        task = asyncio.create_task(work, name=name)
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def settled(self) -> None:
        """Wait for what is done beside; not for ever, since a disk may hang."""
        if self._late:
            await asyncio.wait(set(self._late), timeout=_SETTLE_S)

    def __len__(self) -> int:
        return len(self._tasks) + len(self._late)

    async def close(self) -> None:
        """Cancel what is left once more, and give it a moment to end."""
        await self.settled()
        for task in self._late:
            task.cancel()
        if not self._tasks:
            return
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(set(self._tasks), timeout=_CLOSE_S)

    def _leave(self, task: asyncio.Task[Any], ended_late: Callable[[], None]) -> None:
        logger.warning("%s did not end when it was cancelled; its turn goes on without it", task.get_name())
        self._tasks.add(task)

        def ended(task: asyncio.Task[Any]) -> None:
            self._tasks.discard(task)
            if not task.cancelled():
                task.exception()  # nobody waits for it, nor for the result
            ended_late()

        task.add_done_callback(ended)


async def _after(jobs: Sequence[RunningProcess], then: Callable[[], None]) -> None:
    for job in jobs:
        with contextlib.suppress(ToolFailed):
            await job.wait()
    then()


async def _wait(task: asyncio.Task[Any]) -> None:
    try:
        await asyncio.wait((task,), timeout=GRACE_S)
    except asyncio.CancelledError:
        pass  # asked again: the cancel of before is carried on
