"""Tells a file that has changed from one that has not, by its status alone."""

import os

_SETTLED_NS = 2_000_000_000

Stamp = tuple[int, int, int, int, int, int]


def stamp_of(status: os.stat_result) -> Stamp:
    """What changes with a file's content, mode or place; unlike the others, ctime cannot be set by hand."""
    return (
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_size,
        status.st_ino,
        status.st_dev,
        status.st_mode,
    )


def is_settled(status: os.stat_result, now_ns: int) -> bool:
    """Whether a further change is sure to change the stamp: clocks of file systems tick coarsely."""
    return status.st_ctime_ns + _SETTLED_NS < now_ns
