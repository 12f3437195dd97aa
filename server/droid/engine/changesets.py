"""Changes that belong together, and what a person has said of each hunk of them.

A changeset is *proposed* by a tool call that waits for approval, or *applied* by a turn. In a proposed one an
answer is collected for each hunk, and nothing is written before all have one. In an applied one, rejecting
takes a hunk back at once, and accepting it says that it was looked at.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.files import FileWrite
from droid.engine.hunks import FileHunks, Hunk

_TITLED_FILES = 3


class NotInChangeset(ToolFailed):
    """No such changeset is known, or it does not hold what was named."""


class HunkState(StrEnum):
    """What has become of a hunk."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    STALE = "stale"
    """Its file no longer holds what it is based on."""


class Phase(StrEnum):
    """Where a changeset stands."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    CLOSED = "closed"


class Purpose(StrEnum):
    """What a changeset is for."""

    EDIT = "edit"
    RESTORE = "restore"
    """Going back to a checkpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """What changes in one file.

    Attributes:
        path: Absolute, symlinks resolved.
        name: As people name it.
        version: Of the open document that it is based on; None where it was not open.
        states: By hunk id; a hunk that is not there is pending.
        write: How the whole of it would be written; None of what is written already.
        as_one: No matter of its text (a symbolic link, permission bits): it is written as `write` says, and
            what the hunk holds are words about it.
    """

    path: Path
    name: str
    hunks: FileHunks
    version: int | None = None
    states: Mapping[str, HunkState] = field(default_factory=dict[str, HunkState])
    write: FileWrite | None = None
    mode: int | None = None
    as_one: bool = False

    def state_of(self, hunk: Hunk) -> HunkState:
        return self.states.get(hunk.hunk_id, HunkState.PENDING)

    @property
    def state(self) -> HunkState | None:
        """That of all its hunks; None where they differ."""
        states = {self.state_of(hunk) for hunk in self.hunks.hunks}
        return states.pop() if len(states) == 1 else None

    def ids_that_are(self, *states: HunkState) -> frozenset[str]:
        return frozenset(hunk.hunk_id for hunk in self.hunks.hunks if self.state_of(hunk) in states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A hunk that could not be accepted or rejected, and why."""

    name: str
    hunk_id: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeset:
    """Changes of files.

    Attributes:
        changeset_id: The same for the same call or turn, also after the session was taken up again.
        call_id: The tool call that wants them; None for those of a whole turn.
        approval_id: The question that accepting and rejecting answers; None where nobody asks.
        conflicts: Files that would be gone back to and that somebody else has changed since.
    """

    changeset_id: str
    session_id: str
    phase: Phase
    title: str
    files: Sequence[ChangedFile]
    turn_id: str | None = None
    call_id: str | None = None
    approval_id: str | None = None
    purpose: Purpose = Purpose.EDIT
    conflicts: Sequence[str] = ()

    @property
    def ids(self) -> frozenset[str]:
        return frozenset[str]().union(*(file.hunks.ids for file in self.files))

    @property
    def is_decided(self) -> bool:
        """Every hunk was accepted or rejected."""
        return not self.ids_that_are(HunkState.PENDING, HunkState.STALE)

    def ids_that_are(self, *states: HunkState) -> frozenset[str]:
        return frozenset[str]().union(*(file.ids_that_are(*states) for file in self.files))

    def chosen(self, path: Path | None, hunk_id: str | None) -> frozenset[str]:
        """The ids of one hunk, of the hunks of one file, or of all.

        Raises:
            NotInChangeset: the file or the hunk is not part of it.
        """
        files = [file for file in self.files if path is None or file.path == path]
        if path is not None and not files:
            raise NotInChangeset(f"{path} is not part of these changes")
        ids = frozenset[str]().union(*(file.hunks.ids for file in files))
        if hunk_id is None:
            return ids
        if hunk_id not in ids:
            raise NotInChangeset("there is no such hunk in these changes; they may have changed since")
        return frozenset({hunk_id})

    def file_at(self, path: Path) -> ChangedFile:
        """The change of one file.

        Raises:
            NotInChangeset: it is not part of it.
        """
        for file in self.files:
            if file.path == path:
                return file
        raise NotInChangeset(f"{path} is not part of these changes")

    def with_states(self, states: Mapping[str, HunkState]) -> "Changeset":
        """The same, with other states of some hunks."""
        files = [
            replace(
                file, states={**file.states, **{id_: states[id_] for id_ in file.hunks.ids if id_ in states}}
            )
            for file in self.files
        ]
        return replace(self, files=tuple(files))

    def as_it_stands(self, closed: bool, versions: Mapping[Path, int | None]) -> "Changeset":
        """The same, as the documents stand now, and closed where there is nothing left to say."""
        files = tuple(replace(file, version=versions.get(file.path)) for file in self.files)
        return replace(self, files=files, phase=Phase.CLOSED if closed else self.phase)

    def all_that(self, ids: Collection[str], state: HunkState) -> "Changeset":
        """The same, with one state for some hunks."""
        return self.with_states(dict.fromkeys(ids, state))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """How things stand after somebody accepted or rejected something, and what was refused."""

    changeset: Changeset
    refused: Sequence[Refused] = ()


def titled(what: str, names: Sequence[str]) -> str:
    """A line about some files: `Edit a.py, b.py and 2 more`."""
    more = f" and {len(names) - _TITLED_FILES} more" if len(names) > _TITLED_FILES else ""
    return f"{what} {', '.join(names[:_TITLED_FILES])}{more}"
