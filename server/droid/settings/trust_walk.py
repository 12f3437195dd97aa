"""Finds every `.factory` of a git root, remembering what each folder held while it stays unchanged.

Not looked into: `.git`; a repository in the repository, which is trusted by itself; and `node_modules`,
where other people's packages lie that nobody reviews. What is found in none of these walks is not covered by
any trust, so a folder that is left out here is never trusted by mistake.
"""

import os
import time
from dataclasses import dataclass

from droid.settings.paths import FACTORY_FOLDER
from droid.settings.stamps import Stamp, is_settled, stamp_of

MAX_SEEN = 2_000_000
_MAX_REMEMBERED = 20_000
_SKIPPED = frozenset({".git", "node_modules"})


class TooMuchToWalk(Exception):
    """The tree has more in it than is looked through."""


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a folder held: the folders in it that are looked into, and its `.factory` if there is one."""

    stamp: Stamp
    folders: tuple[str, ...]
    factory: str | None
    seen: int


class FolderWalk:
    """The walk below one root."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._known: dict[str, _Listing] = {}

    def find(self) -> list[str]:
        """Relative paths of everything that is named `.factory`, whatever it is.

        A folder that cannot be read is passed over: its settings cannot be either.

        Raises:
            OSError: the root itself cannot be read.
            TooMuchToWalk: the tree is too large.
        """
        now_ns = time.time_ns()
        found: list[str] = []
        kept: dict[str, _Listing] = {}
        stack, seen = [""], 0
        while stack:
            relative = stack.pop()
            path = f"{self._root}/{relative}" if relative else self._root
            try:
                status = os.lstat(path)
                listing = self._known.get(relative)
                if listing is None or listing.stamp != stamp_of(status):
                    listing = _list(path, relative, stamp_of(status))
            except OSError:
                if not relative:
                    raise
                continue
            if len(kept) < _MAX_REMEMBERED and is_settled(status, now_ns):
                kept[relative] = listing
            seen += listing.seen
            if seen > MAX_SEEN:
                raise TooMuchToWalk
            stack.extend(listing.folders)
            if listing.factory is not None:
                found.append(listing.factory)
        self._known = kept
        return found


def _list(path: str, relative: str, stamp: Stamp) -> _Listing:
    folders: list[str] = []
    factory: str | None = None
    prefix = f"{relative}/" if relative else ""
    seen = 0
    with os.scandir(path) as entries:
        for entry in entries:
            seen += 1
            name = entry.name
            if name == ".git" and relative:
                return _Listing(stamp, (), None, seen)
            if name == FACTORY_FOLDER:
                factory = prefix + name
            elif name not in _SKIPPED and entry.is_dir(follow_symlinks=False):
                folders.append(prefix + name)
            if seen > MAX_SEEN:
                raise TooMuchToWalk
    return _Listing(stamp, tuple(folders), factory, seen)
