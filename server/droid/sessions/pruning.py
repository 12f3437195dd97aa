"""Throws old contents out of the checkpoint store: by age first, then by size, the oldest first.

One process does it at a time, beside whatever else happens: a lock on a file of the store says who. What a
session needs that somebody has open is kept whatever its age, and so is what is younger than a day, since a
command may be running that it was kept for. A content that is gone is missed only when somebody goes back to
before it, and then it is told of.
"""

import fcntl
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from droid.sessions.folders import TRANSCRIPT_SUFFIX
from droid.sessions.log import is_locked

logger = logging.getLogger(__name__)

MAX_AGE_DAYS = 30
MAX_BYTES = 2 * 1024 * 1024 * 1024
YOUNG_S = 24 * 3600.0
_DAY_S = 24 * 3600.0
_LOCK = ".pruning"
_FOLDER = re.compile(r"[0-9a-f]{2}")
_DIGEST = re.compile(rb'"(?:before|after)":"([0-9a-f]{64})"')
_PART_S = 3600.0
_EVERY_S = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was thrown out.

    Attributes:
        files, freed_bytes: How much went.
        left_bytes: How much is still there.
    """

    files: int = 0
    freed_bytes: int = 0
    left_bytes: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    size: int
    used_at: float


def prune_if_due(home: Path, stopped: Callable[[], bool]) -> Pruned | None:
    """`prune`, where it is some hours ago that anybody did; so most starts cost one look."""
    try:
        if time.time() - (home / "checkpoints" / _LOCK).stat().st_mtime < _EVERY_S:
            return None
    except OSError:
        pass  # nobody has done it yet
    return prune(home, stopped=stopped)


def prune(
    home: Path,
    *,
    max_age_days: float = MAX_AGE_DAYS,
    max_bytes: int = MAX_BYTES,
    now: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Pruned | None:
    """Throw out what is too old or too much; None where another process is at it, or there is no store.

    It reads the transcripts of open sessions and looks at every file of the store, so it runs in a thread.

    Args:
        home: The user's `.factory` folder.
        stopped: Asked now and then whether to leave the rest for another time.
    """
    root = home / "checkpoints"
    try:
        lock = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return None
        moment = time.time() if now is None else now
        pruned = _prune(root, home / "sessions", max_age_days, max_bytes, moment, stopped)
        os.utime(lock)
    finally:
        os.close(lock)
    if pruned.files:
        logger.info(
            "threw old contents out of the checkpoint store",
            extra={"files": pruned.files, "freed_bytes": pruned.freed_bytes},
        )
    return pruned


def _prune(
    root: Path,
    sessions: Path,
    max_age_days: float,
    max_bytes: int,
    now: float,
    stopped: Callable[[], bool],
) -> Pruned:
    kept = sorted(_stored(root, now, stopped), key=lambda one: one.used_at)
    left = sum(one.size for one in kept)
    oldest = now - max_age_days * _DAY_S
    doomed = [
        one for one in kept if one.used_at < now - YOUNG_S and (one.used_at < oldest or left > max_bytes)
    ]
    if not doomed:
        return Pruned(left_bytes=left)
    needed = needed_by_open_sessions(sessions)
    files = freed = 0
    for one in doomed:
        if stopped():
            break
        too_old, too_much = one.used_at < oldest, left > max_bytes
        if not (too_old or too_much) or one.path.parent.name + one.path.name in needed:
            continue
        try:
            if one.path.stat().st_mtime != one.used_at:
                continue  # it was used again meanwhile
            one.path.unlink()
        except OSError:
            continue
        files, freed, left = files + 1, freed + one.size, left - one.size
    return Pruned(files=files, freed_bytes=freed, left_bytes=left)


def _stored(root: Path, now: float, stopped: Callable[[], bool]) -> Iterator[_Kept]:
    """Every content; what a killed process left half-written goes right away."""
    for folder in sorted(root.iterdir()):
        if stopped():
            return
        if not _FOLDER.fullmatch(folder.name) or folder.is_symlink():
            continue
        try:
            with os.scandir(folder) as entries:
                found = [(Path(entry.path), entry.stat(follow_symlinks=False)) for entry in entries]
        except OSError:
            continue
        for path, status in found:
            if not path.name.startswith("."):
                yield _Kept(path, status.st_size, status.st_mtime)
            elif status.st_mtime < now - _PART_S:
                path.unlink(missing_ok=True)


def needed_by_open_sessions(sessions: Path) -> frozenset[str]:
    """The digests that sessions need which somebody has open, here or in another process."""
    found: set[str] = set()
    for path in sessions.glob(f"*/*{TRANSCRIPT_SUFFIX}"):
        if not is_locked(path):
            continue
        try:
            with path.open("rb") as lines:
                for line in lines:
                    found.update(digest.decode() for digest in _DIGEST.findall(line))
        except OSError:
            continue
    return frozenset(found)
