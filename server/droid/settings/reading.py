"""Reads the files of `.factory` folders, each anew only when it has changed.

Breaking a file never loosens anything: its last good version stays in force. Nor does changing one while a
tool call runs, since the call may have done it: the old version stays in force, and the new one counts
beside it for what it tightens, until a person has confirmed it.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import DroidError
from droid.settings.factory_file import FactoryFile, Issue, Kind, parse_file
from droid.settings.jsonc import Place
from droid.settings.read_file import read_bounded
from droid.settings.stamps import Stamp, is_settled, stamp_of

_TOLD = 9
_LEADS_NOWHERE: Stamp = (0, 0, 0, 0, 0, 0)
_NOT_TO_BE_HAD: Stamp = (0, 0, 0, 0, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadFile:
    """A file that is there.

    Attributes:
        newest: As it is now.
        newest_data, used_data: Their bytes; a text where they cannot be had, which says why.
        used: What is in force: `newest`, an older version where that is malformed or not confirmed, or None.
        unconfirmed: It changed while a tool call ran; it was not there before where `used` is None.
        gone: It was deleted while a tool call ran.
        lost: What made it malformed before it changed so, one line each, where no good version is known.
    """

    path: Path
    kind: Kind
    newest: FactoryFile
    newest_data: bytes | str
    used: FactoryFile | None
    used_data: bytes | str
    unconfirmed: bool = False
    gone: bool = False
    lost: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """What makes its newest version malformed, one line each."""
        return _lines(self.path, [issue for issue in self.newest.issues if issue.fatal])

    @property
    def unusable(self) -> tuple[str, ...]:
        """Why nothing of it can be in force, one line each; empty where something is, or nothing was."""
        if self.used is not None:
            return ()
        return self.lost if self.unconfirmed else self.problems

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd about what is in force, one line each."""
        issues = () if self.used is None else self.used.issues
        return _lines(self.path, [issue for issue in issues if not issue.fatal])


def _lines(path: Path, issues: Sequence[Issue]) -> tuple[str, ...]:
    told = [line_of(path, issue) for issue in issues[:_TOLD]]
    more = len(issues) - len(told)
    return (*told, f"{path}: {more} more like these") if more else tuple(told)


def line_of(path: Path, issue: Issue) -> str:
    """`file:line:column: message`."""
    return f"{path}:{issue.place.line}:{issue.place.column}: {issue.message}"


@dataclass(slots=True)
class _Known:
    stamp: Stamp | None
    settled: bool
    file: ReadFile | None


class SettingsReader:
    """The files that were asked for, as they are now."""

    def __init__(self) -> None:
        self._known: dict[Path, _Known] = {}
        self._kinds: dict[Path, Kind] = {}
        self._calls = 0

    def read(self, path: Path, kind: Kind) -> ReadFile | None:
        """A file; None where there is none, and was none before a tool call that runs."""
        known = self._known.get(path)
        stamp, settled = _stamp_of(path)
        if known is not None and known.stamp == stamp and known.settled:
            return known.file
        data = None if stamp is None else _bytes_of(path)
        before = None if known is None else known.file
        if before is not None and not before.gone and data == before.newest_data:
            self._known[path] = _Known(stamp, settled, before)
            return before
        newest = None if data is None else _parsed(kind, data)
        file = self._taken(path, kind, before, newest, known is not None)
        self._known[path] = _Known(stamp, settled, file)
        self._kinds[path] = kind
        return file

    def call_began(self) -> None:
        """A tool call that can change files starts: what the files are now is what holds meanwhile."""
        self.look()
        self._calls += 1

    def call_ended(self) -> None:
        """It has ended; what changed meanwhile is looked at before anything else is."""
        self.look()
        self._calls -= 1

    def look(self) -> None:
        """Look whether any file has changed."""
        for path in tuple(self._known):
            self.read(path, self._kinds[path])

    def unconfirmed(self) -> tuple[Path, ...]:
        """The files whose change waits for a person."""
        return tuple(
            path for path, known in self._known.items() if known.file is not None and known.file.unconfirmed
        )

    def confirm(self, path: Path) -> None:
        """A person wants a file as it is now."""
        known = self._known.get(path)
        if known is None or known.file is None or not known.file.unconfirmed:
            return
        file = known.file
        if file.gone:
            known.file = None
            return
        newest = (file.newest, file.newest_data)
        known.file = self._accepted(path, file.kind, file, newest)

    def accept(self, path: Path, data: bytes) -> None:
        """A person had a file written; what it holds is confirmed if that is still these bytes."""
        file = self.read(path, self._kinds.get(path, Kind.SETTINGS))
        if file is not None and file.newest_data == data:
            self.confirm(path)

    def _taken(
        self,
        path: Path,
        kind: Kind,
        before: ReadFile | None,
        newest: tuple[FactoryFile, bytes | str] | None,
        seen: bool,
    ) -> ReadFile | None:
        if seen and self._is_held(before, newest):
            empty = FactoryFile(kind=kind, values={})
            file, data = newest or (empty, b"")
            return ReadFile(
                path=path,
                kind=kind,
                newest=file,
                newest_data=data,
                used=None if before is None else before.used,
                used_data=b"" if before is None else before.used_data,
                unconfirmed=True,
                gone=newest is None,
                lost=() if before is None else before.unusable,
            )
        return None if newest is None else self._accepted(path, kind, before, newest)

    def _is_held(self, before: ReadFile | None, newest: tuple[FactoryFile, bytes | str] | None) -> bool:
        """Whether a change waits for a person; one that was taken back waits no longer."""
        if newest is None and before is None:
            return False
        if newest is not None and before is not None and newest[1] == before.used_data and before.used:
            return False
        if newest is None and before is not None and before.used is None and not before.unusable:
            return False
        return self._calls > 0 or (before is not None and before.unconfirmed)

    def _accepted(
        self, path: Path, kind: Kind, before: ReadFile | None, newest: tuple[FactoryFile, bytes | str]
    ) -> ReadFile:
        file, data = newest
        used, used_data = file, data
        if file.values is None:
            used = None if before is None else before.used
            used_data = b"" if before is None else before.used_data
        return ReadFile(path=path, kind=kind, newest=file, newest_data=data, used=used, used_data=used_data)


def _bytes_of(path: Path) -> bytes | str | None:
    """A file's bytes; a text says why they cannot be had."""
    try:
        return read_bounded(path)
    except FileNotFoundError:
        return None
    except DroidError as error:
        return str(error)


def _parsed(kind: Kind, data: bytes | str) -> tuple[FactoryFile, bytes | str]:
    if isinstance(data, bytes):
        return parse_file(kind, data), data
    issue = Issue(code="unreadable", message=data, path=(), place=Place(line=1, column=1), fatal=True)
    return FactoryFile(kind=kind, values=None, issues=(issue,)), data


def _stamp_of(path: Path) -> tuple[Stamp | None, bool]:
    """A file's stamp, None where there is none, and whether a further change is sure to change it."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        # A link that leads nowhere is there: what it should have said is not known.
        return (_LEADS_NOWHERE, True) if path.is_symlink() else (None, True)
    except NotADirectoryError:
        return None, True
    except (OSError, ValueError):
        return _NOT_TO_BE_HAD, True
    return stamp_of(found), is_settled(found, time.time_ns())
