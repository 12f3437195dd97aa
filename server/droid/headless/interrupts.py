"""Signals that ask a run to stop.

The first SIGINT, SIGTERM or SIGHUP stops the run in order: the turn is cancelled, what was done is
stored. A second one, or one that comes when nothing has begun, ends the program where it stands; nothing
is lost by that either, since the transcript is append-only and processes end with their parent. Signals
that the parent had ignored (`nohup`, a job in the background) stay ignored.
"""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

from droid.headless.leaving import leave_at_once

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Watches the signals while it is entered; must be entered in the main thread.

    Args:
        leave: Ends the program.
    """

    def __init__(self, leave: Callable[[], object] = leave_at_once) -> None:
        self._leave = leave
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: Callable[[], object] = leave
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def arm(self, stop: Callable[[], object]) -> None:
        """Call `stop` in the running event loop when the first signal comes."""
        self._loop = asyncio.get_running_loop()
        self._stop = stop

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._asked or self._loop is None or self._loop.is_closed():
            self._leave()
            return
        self._asked = True
        # Looked up when it runs: the run may have got further by then.
        self._loop.call_soon_threadsafe(self._stop_now)

    def _stop_now(self) -> None:
        self._stop()
