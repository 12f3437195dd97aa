"""Whether files are as they were, for the price of a look at each."""

import os
import time
from collections.abc import Callable

from droid.settings.stamps import Stamp, is_settled, stamp_of


class Watch:
    """Paths as they were when they were looked at; what was not there is remembered too."""

    def __init__(self) -> None:
        self._now_ns = time.time_ns()
        self._settled = True
        self._seen: dict[str, Stamp | None] = {}
        self._led_to: dict[str, Stamp | None] = {}

    def see(self, path: str, status: os.stat_result | None) -> None:
        """Remember a path, links not followed; None where nothing was there."""
        self._remember(self._seen, path, status)

    def see_target(self, path: str, status: os.stat_result | None) -> None:
        """Remember what a link leads to; None where that is nothing."""
        self._remember(self._led_to, path, status)

    def doubt(self) -> None:
        """Something was not looked at, so nothing is known to be unchanged."""
        self._settled = False

    def is_unchanged(self) -> bool:
        """Whether everything is as it was."""
        return self._settled and _same(self._seen, os.lstat) and _same(self._led_to, os.stat)

    def _remember(self, known: dict[str, Stamp | None], path: str, status: os.stat_result | None) -> None:
        if status is None:
            known[path] = None
            return
        known[path] = stamp_of(status)
        if not is_settled(status, self._now_ns):
            self._settled = False


def _same(known: dict[str, Stamp | None], look: Callable[[str], os.stat_result]) -> bool:
    for path, stamp in known.items():
        try:
            status = look(path)
        except OSError:
            if stamp is not None:
                return False
        else:
            # The change time says nearly always what there is to say; the rest costs more than the look.
            if stamp is None or status.st_ctime_ns != stamp[1] or stamp_of(status) != stamp:
                return False
    return True
