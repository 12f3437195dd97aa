"""Notices a model that repeats itself: the same calls with the same results."""

from collections import deque
from collections.abc import Sequence

from droid.domain.files import digest_of

REPEATS = 3


class DoomLoop:
    """Watches the steps of one turn."""

    def __init__(self) -> None:
        self._last: deque[str] = deque(maxlen=REPEATS)

    def repeats(self, calls_and_results: Sequence[tuple[str, str, str]]) -> bool:
        """Take one step's `(tool, arguments, result)`; returns whether the last three steps were one.

        After a yes the count starts again, so that a person who says "go on" is not asked at once.
        """
        step = "\0".join(part for call in calls_and_results for part in call)
        self._last.append(digest_of(step.encode("utf-8", "surrogatepass")))
        if len(self._last) == REPEATS and len(set(self._last)) == 1:
            self._last.clear()
            return True
        return False
