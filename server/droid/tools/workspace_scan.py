"""Goes through the folders of a workspace and keeps the files in them: the part that runs in a thread.

Whatever is in a folder that holds a file of the workspace is noted: it is part of the snapshot, or outside of
it. So a file that is found later, and is in neither, was made since, whatever ignore files say by then.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import LogWriteFailed, StaleFile
from droid.domain.ports import BlobStore
from droid.domain.snapshots import SnapshotEntry, Stamp, WorkspaceSnapshot
from droid.tools.folders import Folders
from droid.tools.regular import MAX_FILE_BYTES
from droid.tools.workspace_files import Changing, read_at_rest, stamp_of
from droid.tools.workspace_words import LeftOut

_SETTLED_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may have been changed again since without a trace."""
_MAX_EMPTY_LOOKED_AT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is kept at most.

    Attributes:
        files: So many, those in outer folders first.
        file_bytes: The largest.
        total_bytes: All that are kept, unchanged ones among them.
        time_s: For reading; the next snapshot goes on from there.
    """

    files: int = 20_000
    file_bytes: int = 8 * 1024 * 1024
    total_bytes: int = 512 * 1024 * 1024
    time_s: float = 5.0


DEFAULT_LIMITS = Limits()


def scan(
    root: Path,
    listed: frozenset[str],
    known: Mapping[str, SnapshotEntry],
    blobs: BlobStore,
    guarded: Callable[[Path], bool],
    *,
    limits: Limits = DEFAULT_LIMITS,
    since: WorkspaceSnapshot | None = None,
    why: str | None = None,
) -> WorkspaceSnapshot:
    """Keep what is there.

    Args:
        listed: What is not ignored now.
        known: What was known of files before.
        since: See `domain.ports.Workspace.snapshot`.
        why: Why not everything is listed.
    """
    return _Scan(root, listed, known, blobs, guarded, limits, since, why).run()


class _Scan:
    """One look at all files."""

    def __init__(
        self,
        root: Path,
        listed: frozenset[str],
        known: Mapping[str, SnapshotEntry],
        blobs: BlobStore,
        guarded: Callable[[Path], bool],
        limits: Limits,
        since: WorkspaceSnapshot | None,
        why: str | None,
    ) -> None:
        self._root = root
        self._listed = listed if since is None else listed | since.entries.keys()
        self._known = known
        self._blobs = blobs
        self._guarded = guarded
        self._limits = limits
        self._since = since
        self._began_ns = time.time_ns()
        self._until = time.monotonic() + limits.time_s
        self._entries: dict[str, SnapshotEntry] = {}
        self._outside: set[str] = set()
        self._fileless: list[str] = []
        self._kept_bytes = 0
        self._left_out = LeftOut()
        self._complete = why is None
        if why is not None:
            self._left_out.everything(why)

    def run(self) -> WorkspaceSnapshot:
        folders = self._folders()
        for folder in sorted(folders, key=lambda name: (name.count("/") if name else -1, name)):
            self._folder(folder, folders)
        while self._fileless:
            self._folder(self._fileless.pop(), folders)
        return WorkspaceSnapshot(
            root=self._root,
            entries=self._entries,
            outside=frozenset(self._outside) if self._since is None else self._since.outside,
            left_out=self._left_out.in_words(),
            complete=self._complete and (self._since is None or self._since.complete),
        )

    def _folders(self) -> set[str]:
        """The folders that hold something of the workspace, with those above them."""
        found = {""}
        for name in self._listed:
            end = name.rfind("/")
            while end > 0 and name[:end] not in found:
                found.add(name[:end])
                end = name.rfind("/", 0, end)
        return found

    def _folder(self, folder: str, folders: set[str]) -> None:
        """Look at what is in one folder; those in it that hold something have their own turn."""
        prefix = f"{folder}/" if folder else ""
        place = self._root / folder if folder else self._root
        if self._since is not None and folder and self._since.is_outside(folder):
            return
        try:
            if folder and place.is_symlink():
                return  # it was told of as a link
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return  # what was in it is gone
        except OSError:
            self._left_out.unreadable(folder or ".")
            self._lose_below(folder)
            return
        to_read: list[tuple[str, str, os.stat_result]] = []
        for entry in entries:
            name = prefix + entry.name
            if self._since is not None and self._since.is_outside(name):
                continue
            try:
                if entry.is_symlink():
                    self._link(name, entry)
                elif entry.is_dir():
                    if name not in folders:
                        # What is listed are files, so this one is ignored, or holds links at most.
                        if _holds_no_files(entry.path):
                            self._fileless.append(name)
                        else:
                            self._outside.add(name)
                elif name not in self._listed or not entry.is_file():
                    self._outside.add(name)
                elif not self._is_known(name, status := entry.stat(follow_symlinks=False)):
                    to_read.append((name, entry.name, status))
            except OSError:
                self._left_out.unreadable(name)
                self._lose(name)
        if to_read:
            self._read(place, to_read)

    def _link(self, name: str, entry: "os.DirEntry[str]") -> None:
        target = os.fsencode(os.readlink(entry.path))  # noqa: PTH115
        digest = self._put(target)
        if digest is not None:
            self._add(name, SnapshotEntry(digest=digest, size=len(target), mode=None, stamp=None, link=True))

    def _is_known(self, name: str, status: os.stat_result) -> bool:
        """Take a file over that is as it was."""
        old = self._known.get(name)
        if old is None or old.stamp is None or old.stamp != stamp_of(status) or old.link:
            return False
        if self._since is not None:
            self._entries[name] = old
            return True
        if old.digest is None or not old.kept or not self._room_for(old.size):
            return False
        if not self._blobs.has(old.digest):
            return False
        self._add(name, old)
        return True

    def _read(self, place: Path, files: list[tuple[str, str, os.stat_result]]) -> None:
        """Read files of one folder, which is opened without following a link on its way."""
        with closing(Folders()) as folders:
            try:
                folder = folders.get(place)
            except (OSError, StaleFile):
                for name, _, _ in files:
                    self._left_out.changing(name)
                    self._lose(name)
                return
            for name, bare, status in files:
                stamp = stamp_of(status)
                why = self._why_not(name, status)
                if why is not None:
                    self._leave(name, stamp, why)
                    continue
                most = self._limits.file_bytes if self._room_for(status.st_size) else 0
                try:
                    digest, data = read_at_rest(folder, bare, stamp, most)
                    if data is not None and self._put(data) is None:
                        data = None
                except (OSError, StaleFile, Changing):
                    self._left_out.changing(name)
                    self._lose(name)
                    continue
                settled = max(status.st_mtime_ns, status.st_ctime_ns) < self._began_ns - _SETTLED_NS
                self._add(
                    name,
                    SnapshotEntry(
                        digest=digest,
                        size=status.st_size,
                        mode=stat.S_IMODE(status.st_mode),
                        stamp=stamp if settled else None,
                        kept=data is not None,
                    ),
                )

    def _why_not(self, name: str, status: os.stat_result) -> Callable[[str], None] | None:
        """What keeps a file from being read; called with its name, it is noted."""
        if self._guarded(self._root / name):
            return self._left_out.guarded
        if time.monotonic() > self._until:
            return self._left_out.late
        if self._since is not None:
            # What it has become need not be kept to be told apart from what somebody else makes of it.
            new = len(self._entries) >= self._limits.files + len(self._since.entries)
            return self._left_out.many if new else self._too_large(status, MAX_FILE_BYTES)
        if len(self._entries) >= self._limits.files:
            return self._left_out.many
        if not self._room_for(status.st_size):
            return self._left_out.much
        return self._too_large(status, self._limits.file_bytes)

    def _too_large(self, status: os.stat_result, most: int) -> Callable[[str], None] | None:
        return self._left_out.large if status.st_size > most else None

    def _leave(self, name: str, stamp: Stamp, why: Callable[[str], None]) -> None:
        why(name)
        if why == self._left_out.guarded:
            self._lose(name)
            return
        # Whether it is changed can still be told.
        entry = SnapshotEntry(digest=None, size=stamp[3], mode=None, stamp=stamp, kept=False)
        self._entries[name] = entry

    def _lose(self, name: str) -> None:
        """Know nothing of a path: neither that it is there, nor that it is not."""
        self._outside.add(name)
        if self._since is not None and (old := self._known.get(name)) is not None:
            self._entries[name] = old

    def _lose_below(self, folder: str) -> None:
        self._outside.add(folder)
        if not folder:
            self._complete = False
        if self._since is not None:
            below = f"{folder}/" if folder else ""
            self._entries |= {name: old for name, old in self._known.items() if name.startswith(below)}

    def _room_for(self, size: int) -> bool:
        return self._kept_bytes + size <= self._limits.total_bytes

    def _add(self, name: str, entry: SnapshotEntry) -> None:
        self._entries[name] = entry
        if entry.kept:
            self._kept_bytes += entry.size

    def _put(self, data: bytes) -> str | None:
        try:
            return self._blobs.put(data, durable=False)
        except LogWriteFailed as error:
            self._left_out.everything(str(error))
            return None


def _holds_no_files(path: str) -> bool:
    """Whether a folder that nothing is listed of is empty, but for folders and links."""
    return next(_files_in(path), None) is None


def _files_in(path: str) -> Iterator[str]:
    todo, left = [path], _MAX_EMPTY_LOOKED_AT
    while todo:
        left -= 1
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and left > 0:
                    todo.append(entry.path)
                elif not entry.is_symlink():
                    yield entry.path
