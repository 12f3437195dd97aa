"""Owns what runs beside the handlers, so that nothing is left behind and no failure is silent."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from droid.domain.errors import DroidError

logger = logging.getLogger(__name__)


class Background:
    """The tasks of one server; all of them end with it."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run something; its failure is logged, once. After `close`, it is cancelled at once."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        if self._closed:
            task.cancel()
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, DroidError):
            logger.warning("%s: %s", task.get_name(), error)
        else:
            logger.error("%s failed", task.get_name(), exc_info=error)

    async def close(self, deadline_s: float) -> None:
        """Cancel everything and wait for it, but no longer than the deadline."""
        self._closed = True
        mine = asyncio.current_task()
        tasks = {task for task in self._tasks if task is not mine}
        for task in tasks:
            task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=deadline_s)
            for task in late:
                logger.warning("%s does not end", task.get_name())
