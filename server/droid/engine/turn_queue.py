"""The turns of a session, one after the other: nothing that a person says is lost between two of them."""

import asyncio

from droid.domain.errors import PolicyRefused
from droid.engine.core import Prompt, SessionCore
from droid.engine.lifecycle_hooks import watch_idle
from droid.engine.syncing import Syncing
from droid.engine.turn import Turn

_CANCEL_DEADLINE_S = 5.0


class TurnQueue:
    """Runs at most one turn at a time.

    Attributes:
        held: Why no turn may begin now; None where one may.
        syncing: What waits for the disk after a turn.
    """

    def __init__(self, core: SessionCore) -> None:
        self.held: str | None = None
        self.syncing = Syncing(core.ports.log, core.ports.blobs)
        self._core = core
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._next: list[Prompt] = []
        self._cancelling = False

    @property
    def busy(self) -> bool:
        return self._task is not None and not self._task.done()

    def prompt(self, prompt: Prompt, *, steer: bool) -> str:
        """Start a turn, or join the running one; returns the id of the turn that will hear the prompt.

        One that comes too late for the running turn, because that is being cancelled or has just ended,
        starts the next.

        Raises:
            PolicyRefused: a turn runs and `steer` is false, or none may begin.
        """
        if self.held is not None:
            raise PolicyRefused(self.held)
        if not self.busy or self._turn is None:
            return self._start(prompt)
        if not steer:
            raise PolicyRefused("a turn is running; wait for it or cancel it")
        turn_id = self._core.turn_id or ""
        if self._cancelling or self._turn.over:
            self._next.append(prompt)
            return _following(turn_id)
        self._core.steers.append(prompt)
        return turn_id

    async def cancel(self) -> bool:
        """End the running turn and everything it started; True if there was one."""
        task = self._task
        if task is None or task.done():
            return False
        self._cancelling = True
        if self._turn is not None and not self._turn.begun:
            # A task that is cancelled before its first step never runs, and its prompt would be lost.
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task}, timeout=_CANCEL_DEADLINE_S)
        return True

    async def wait(self) -> None:
        """Wait until no turn runs."""
        while self._task is not None and not self._task.done():
            await asyncio.wait({self._task})

    def _start(self, prompt: Prompt) -> str:
        core = self._core
        core.turn_id = turn_id = _following(f"t{core.state.turns}")
        self._cancelling = False
        self._turn = Turn(core, prompt)
        name = f"turn:{core.state.session_id}:{turn_id}"
        self._task = asyncio.create_task(self._run(self._turn), name=name)
        return turn_id

    async def _run(self, turn: Turn) -> None:
        core = self._core
        try:
            await turn.run()
        finally:
            core.turn_id = None
            self.syncing.soon()
            # A message that came too late for this turn must not be lost: it begins the next one.
            waiting = [*core.steers, *self._next]
            core.steers.clear()
            self._next.clear()
            if waiting and self.held is None:
                first, *rest = waiting
                self._start(first)
                core.steers.extend(rest)
            elif self.held is None:
                watch_idle(core)


def _following(turn_id: str) -> str:
    return f"t{int(turn_id.removeprefix('t')) + 1}"
