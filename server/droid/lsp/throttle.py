"""Says the latest thing, but not too often."""

import asyncio
from collections.abc import Callable


class Throttle:
    """Calls `act` at once when it was quiet, else when the interval is over; never once more than needed.

    Args:
        act: Does what is due; it looks at the present state itself.
    """

    def __init__(self, act: Callable[[], None], interval_s: float) -> None:
        self._act = act
        self.interval_s = interval_s
        self._last = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def poke(self) -> None:
        """Something changed."""
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait_s = self._last + self.interval_s - loop.time()
        if wait_s <= 0:
            self._fire()
        else:
            self._timer = loop.call_later(wait_s, self._fire)

    def flush(self) -> None:
        """Do at once what is due, if anything is."""
        if self._timer is not None:
            self._timer.cancel()
            self._fire()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        self._last = asyncio.get_running_loop().time()
        self._act()
