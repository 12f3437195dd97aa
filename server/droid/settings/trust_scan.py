"""Reads everything that the trust of a git root covers.

A link in a `.factory` that leads out of the repository cannot be covered, since what lies there can change
unseen; nor can a pipe, a file that cannot be read, or more than a person could have looked at.
"""

# Paths are texts here: a `Path` for each of thousands takes longer than the look at it.
# ruff: noqa: PTH114, PTH115, PTH116, PTH208

import errno
import os
import stat
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from droid.settings.paths import FACTORY_FOLDER
from droid.settings.trust_content import TrustedContent, number_of
from droid.settings.trust_files import CannotCover, FileEntry, FileReader
from droid.settings.trust_names import TooMuchToName, names_of
from droid.settings.trust_places import Places
from droid.settings.trust_walk import FolderWalk, TooMuchToWalk
from droid.settings.trust_watch import Watch

MAX_FILES = 20_000
MAX_NAMES = 20_000
_MAX_PROBLEMS = 10
_LOCAL = "local"
_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})

_Step = tuple[str, str, tuple[str, ...]]
"""Something to cover: its path as spelled, where that really is (both relative to the root), and the real
folders that links have led from and to on the way there."""


class TrustScanner:
    """Reads the content of one root again and again, for the price of a few `lstat` calls each time.

    Args:
        root: The git root, real.
        home: The user's `.factory` folder, which is no part of any repository.
        commands: Commands of other levels whose files in this root are to be covered too.
    """

    def __init__(self, root: Path, home: Path, commands: Sequence[str] = ()) -> None:
        self.root = root
        self._home = home
        self._commands = tuple(commands)
        self._walk = FolderWalk(str(root))
        self._reader = FileReader()
        self._last: _Scan | None = None
        self._lock = threading.Lock()

    def scan(self) -> TrustedContent:
        """The content now; a tree that has not changed is looked at, not read."""
        with self._lock:
            return self._scan()

    def recheck(self, place: Path | None = None) -> TrustedContent:
        """The content, where only what was covered before is looked at: a few microseconds a file.

        A `.factory` that has appeared deeper in the tree is not seen; what is in it matches nothing.

        Args:
            place: Look at nothing but what has a say there; None looks at everything that is covered.
        """
        with self._lock:
            last = self._last
            if last is not None and last.content is not None and last.is_unchanged(self._way_to(place)):
                return last.content
            return self._scan()

    def _way_to(self, place: Path | None) -> list[str] | None:
        """The folders from the root to a place, relative to the root."""
        if place is None:
            return None
        if not place.is_relative_to(self.root):
            return [""]
        parts = place.relative_to(self.root).parts
        return ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]

    def _scan(self) -> TrustedContent:
        self._reader.begin()
        scan = _Scan(str(self.root), self._home, self._reader)
        content = scan.content = scan.run(self._walk, self._commands)
        self._last = scan
        return content


class _Scan:
    """One look at everything."""

    def __init__(self, root: str, home: Path, reader: FileReader) -> None:
        self._root = root
        self._reader = reader
        self._home = os.path.realpath(home)
        self._places = Places(root)
        self._files: dict[str, FileEntry] = {}
        self._links: dict[str, bytes] = {}
        self._names: dict[str, set[str]] = {}
        self._problems: list[str] = []
        self._base = ""
        self._watches: dict[str, Watch] = {"": Watch()}
        """What was looked at, by the folder whose `.factory` it belongs to."""
        self.content: TrustedContent | None = None

    def run(self, walk: FolderWalk, commands: Sequence[str]) -> TrustedContent:
        self._glance(FACTORY_FOLDER)
        folders = [folder for folder in self._find(walk) if not self._is_the_users(folder)]
        for folder in folders:
            self._cover(folder)
        before = set(self._files)
        self._cover_names(commands)
        return TrustedContent(
            root=Path(self._root),
            sha256="" if self._problems else number_of(self._files, self._links),
            problems=tuple(self._problems[:_MAX_PROBLEMS]),
            files=self._files,
            links=self._links,
            folders=tuple(folders),
            named=tuple(sorted(set(self._files) - before)),
        )

    def is_unchanged(self, folders: Iterable[str] | None) -> bool:
        """Whether everything that was looked at for these folders is as it was; None is for all."""
        wanted = self._watches if folders is None else folders
        return all(self._watches[folder].is_unchanged() for folder in wanted if folder in self._watches)

    def _find(self, walk: FolderWalk) -> list[str]:
        try:
            return sorted(walk.find(), key=os.fsencode)
        except OSError as error:
            self._watch.doubt()
            self._problems.append(f"the repository cannot be read ({error.strerror})")
            return []
        except TooMuchToWalk:
            self._watch.doubt()
            self._problems.append("the repository has too many files to be looked through")
            return []

    def _is_the_users(self, folder: str) -> bool:
        path = f"{self._root}/{folder}"
        return os.path.realpath(path) == self._home if os.path.islink(path) else path == self._home

    def _cover(self, folder: str) -> None:
        """Cover a `.factory`, whatever it is."""
        self._base = folder.rpartition("/")[0]
        self._watches.setdefault(self._base, Watch())
        stack: list[_Step] = [(folder, folder, ())]
        while stack:
            relative, real, chain = stack.pop()
            if len(self._files) + len(self._links) + len(stack) > MAX_FILES:
                self._problem(relative, f"is one of more than {MAX_FILES} files")
                return
            try:
                stack.extend(self._one(relative, real, chain, folder))
            except OSError as error:
                self._problem(relative, f"cannot be read ({error.strerror or error})")
            except CannotCover as error:
                self._problem(relative, str(error))

    def _one(self, relative: str, real: str, chain: tuple[str, ...], folder: str) -> Iterator[_Step]:
        """Cover a file, a link or a folder; yields what is in a folder."""
        path = f"{self._root}/{relative}"
        status = self._look(path)
        if status is None:
            raise CannotCover("was removed meanwhile")
        if stat.S_ISLNK(status.st_mode):
            self._links[relative] = os.fsencode(os.readlink(path))
            led = self._follow(relative, path, real)
            if led is None:
                return
            status, target = led
            if stat.S_ISDIR(status.st_mode):
                chain = (*chain, real.rpartition("/")[0], target)
                if any(_contains(target, passed) for passed in chain[:-1]):
                    return  # a loop: what it leads to is covered by shorter paths
            real = target
        if stat.S_ISDIR(status.st_mode):
            for name in os.listdir(path):
                if not (name == _LOCAL and relative == folder) and name != ".git":
                    yield f"{relative}/{name}", f"{real}/{name}" if real else name, chain
            return
        entry, names = self._reader.read(path, relative, real, status)
        self._files[relative] = entry
        if names:
            self._names.setdefault(self._base, set()).update(names)

    def _follow(self, relative: str, path: str, real: str) -> tuple[os.stat_result, str] | None:
        """What a link leads to, and where that is; None where it leads nowhere."""
        inside = _below(self._root, os.path.realpath(f"{self._root}/{real}"))
        if inside is None:
            text = os.fsdecode(self._links[relative])
            raise CannotCover(f"is a link that leads out of the repository, to {text}; put a copy there")
        try:
            status = os.stat(path)
        except OSError as error:
            if error.errno not in _NOWHERE:
                raise
            self._watch.see_target(path, None)
            return None
        self._watch.see_target(path, status)
        return status, inside

    def _cover_names(self, commands: Sequence[str]) -> None:
        root_names = set[str]()
        for command in commands:
            try:
                root_names |= names_of(command)
            except TooMuchToName:
                self._problems.append("a hook of the organisation is too long to look for files in")
        for names in self._names.values():
            root_names |= names
        wanted = [(name, "") for name in root_names]
        wanted += [(name, base) for base, names in self._names.items() if base for name in names]
        if len(wanted) > MAX_NAMES:
            self._problems.append(f"commands have more than {MAX_NAMES} words that could name files")
            return
        for name, self._base in wanted:
            found = self._places.find(name, self._base)
            self._links.update(found.links)
            for relative in found.links:
                self._glance(relative)
            for relative in found.absent:
                self._watch.see(f"{self._root}/{relative}", None)
            for file in found.files:
                if file not in self._files:
                    self._cover_named(file)

    def _cover_named(self, relative: str) -> None:
        path = f"{self._root}/{relative}"
        try:
            status = self._look(path)
            if status is not None:
                self._files[relative] = self._reader.read(path, relative, relative, status)[0]
        except OSError as error:
            self._problem(relative, f"is named by a command and cannot be read ({error.strerror})")
        except CannotCover as error:
            self._problem(relative, f"is named by a command and {error}")

    def _look(self, path: str) -> os.stat_result | None:
        try:
            status = os.lstat(path)
        except OSError as error:
            self._watch.see(path, None)
            if error.errno not in _NOWHERE:
                raise
            return None
        self._watch.see(path, status)
        return status

    def _glance(self, relative: str) -> None:
        """Look, whether there is something to see or not."""
        try:
            self._look(f"{self._root}/{relative}")
        except OSError:
            pass  # it cannot be used either; should that change, the stamp does

    @property
    def _watch(self) -> Watch:
        return self._watches[self._base]

    def _problem(self, relative: str, reason: str) -> None:
        from droid.settings.visible import visible

        self._problems.append(visible(f"{relative} {reason}"))


def _below(root: str, path: str) -> str | None:
    """A real path relative to the root, which is empty itself; None outside, and in the root's `.git`."""
    if path == root:
        return ""
    relative = path.removeprefix(f"{root}/")
    return None if relative == path or relative.partition("/")[0] == ".git" else relative


def _contains(folder: str, path: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")
