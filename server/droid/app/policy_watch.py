"""The settings in force, read again when one of their files has changed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from droid.domain.policy import Policy

_Stamp = tuple[tuple[int, int, int] | None, ...]


class PolicyWatch:
    """Gives the policy of this moment for the price of a few `stat` calls."""

    def __init__(self, load: Callable[[], Policy], files: Sequence[Path]) -> None:
        self._load = load
        self._files = tuple(files)
        self._stamp = self._look()
        self._policy = load()

    def __call__(self) -> Policy:
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp = stamp
            self._policy = self._load()
        return self._policy

    def _look(self) -> _Stamp:
        return tuple(map(_stamp_of, self._files))


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
