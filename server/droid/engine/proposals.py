"""Changes that wait for a person, and the answers that they have given hunk by hunk so far.

Nothing is written from here: once each hunk has its answer, whoever proposed the changes is told which were
accepted, and writes those. A hunk cannot be accepted once its own lines have changed; where others in its
file have, it goes where the lines around it are, if there is one such place.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from droid.domain.decisions import Answer
from droid.domain.events import ApprovalAnswered, Record, TurnStarted
from droid.domain.files import FileSnapshot, FileWrite, digest_of
from droid.domain.ports import Files
from droid.engine.changesets import (
    ChangedFile,
    Changeset,
    HunkState,
    NotInChangeset,
    Phase,
    Purpose,
    Refused,
    Reviewed,
)
from droid.engine.file_changes import THREAD_BYTES

MOVED_ON = "the file changed there since this was proposed"
_KEPT = 8

Moved = tuple[bytes | None, frozenset[str]]
Decided = Callable[[Changeset], bool]
"""Told once when each hunk has its answer; False where it is too late for one."""


@dataclass(slots=True, eq=False)
class _Proposal:
    changeset: Changeset
    decided: Decided


class Proposals:
    """The proposed changesets of one session, by id."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._open: dict[str, _Proposal] = {}
        self._closed: dict[str, Changeset] = {}

    @property
    def open(self) -> tuple[Changeset, ...]:
        return tuple(one.changeset for one in self._open.values())

    def propose(self, changeset: Changeset, decided: Decided) -> None:
        """Wait for what a person says to these changes."""
        self._open[changeset.changeset_id] = _Proposal(changeset, decided)

    def find(self, changeset_id: str) -> Changeset | None:
        """One that is open, or was lately."""
        proposal = self._open.get(changeset_id)
        return proposal.changeset if proposal is not None else self._closed.get(changeset_id)

    def of_approval(self, approval_id: str) -> Changeset | None:
        """What a question is about, while it is open and shortly after."""
        for one in (*self.open, *self._closed.values()):
            if one.approval_id == approval_id:
                return one
        return None

    def close(self, changeset_id: str, *, accepted: Collection[str] | None) -> None:
        """No answer is taken any more.

        Args:
            accepted: What was; None: the question was withdrawn.
        """
        proposal = self._open.pop(changeset_id, None)
        if proposal is None:
            return
        last = replace(proposal.changeset, phase=Phase.CLOSED)
        if accepted is not None:
            last = last.all_that(last.ids - set(accepted), HunkState.REJECTED)
            last = last.all_that(last.ids & set(accepted), HunkState.ACCEPTED)
        self._keep(last)

    def _keep(self, changeset: Changeset) -> None:
        self._closed[changeset.changeset_id] = changeset
        while len(self._closed) > _KEPT:
            del self._closed[next(iter(self._closed))]

    def note_stale(self, changeset_id: str, ids: Collection[str]) -> None:
        """What was accepted could not be written any more."""
        if (closed := self._closed.get(changeset_id)) is not None:
            self._keep(closed.all_that(ids, HunkState.STALE))

    def on_record(self, record: Record) -> None:
        """A question that is closed, however that came, takes no more answers hunk by hunk.

        What would be gone back to is no longer that once a turn goes on.
        """
        event = record.event
        if isinstance(event, TurnStarted):
            for changeset in self.open:
                if changeset.purpose is Purpose.RESTORE:
                    self.close(changeset.changeset_id, accepted=None)
        if not isinstance(event, ApprovalAnswered):
            return
        for changeset in self.open:
            if changeset.approval_id == event.approval_id:
                self.close(changeset.changeset_id, accepted=_accepted(changeset, event))

    async def decide(self, changeset_id: str, ids: Collection[str], *, accept: bool) -> Reviewed:
        """Accept or reject some hunks; when that was the last answer that was owed, it takes effect.

        Raises:
            NotInChangeset: it is not open any more.
        """
        refused: tuple[Refused, ...] = ()
        taken = set(ids)
        if accept:
            changeset = self._open_one(changeset_id).changeset
            lost: set[str] = set()
            for file in changeset.files:
                wanted = file.hunks.ids & taken
                if not wanted or file.as_one:
                    continue
                now = await read_or_none(self._files, file.path)
                lost |= (await placed(file.hunks.taken, now.data if now else None, (), wanted))[1]
            refused = refusals(changeset, lost, MOVED_ON)
            taken -= lost
            # It may have been decided while the files were read.
            proposal = self._open_one(changeset_id)
            proposal.changeset = proposal.changeset.all_that(lost, HunkState.STALE)
        proposal = self._open_one(changeset_id)
        state = HunkState.ACCEPTED if accept else HunkState.REJECTED
        proposal.changeset = proposal.changeset.all_that(taken, state)
        if proposal.changeset.is_decided and not proposal.decided(proposal.changeset):
            raise NotInChangeset("the question was answered or withdrawn already, and nothing was written")
        return Reviewed(changeset=self.find(changeset_id) or proposal.changeset, refused=refused)

    def _open_one(self, changeset_id: str) -> _Proposal:
        proposal = self._open.get(changeset_id)
        if proposal is None:
            raise NotInChangeset("these changes are not proposed any more: it was answered or withdrawn")
        return proposal


async def writes_of(
    changeset: Changeset, accepted: Collection[str], files: Files
) -> tuple[list[FileWrite], frozenset[str]]:
    """What must be written now for the accepted hunks, and those of them that have no place any more."""
    writes: list[FileWrite] = []
    lost = frozenset[str]()
    for file in changeset.files:
        wanted = file.hunks.ids & set(accepted)
        if not wanted:
            continue
        if file.as_one and file.write is not None:
            writes.append(file.write)
            continue
        now = await read_or_none(files, file.path)
        data = now.data if now else None
        after, stale = await placed(file.hunks.taken, data, (), wanted)
        lost |= stale
        if after != data:
            writes.append(_write(file, data, after))
    return writes, lost


async def is_as_proposed(changeset: Changeset, files: Files) -> bool:
    """Whether every file still holds what the changes are based on."""
    for file in changeset.files:
        now = await read_or_none(files, file.path)
        if (now.data if now else None) != file.hunks.before:
            return False
    return True


def _write(file: ChangedFile, before: bytes | None, after: bytes | None) -> FileWrite:
    digest = None if before is None else digest_of(before)
    if file.write is not None:
        return replace(file.write, before=digest, data=after)
    return FileWrite(path=file.path, before=digest, data=after, mode=file.mode)


def refusals(changeset: Changeset, ids: Collection[str], why: str) -> tuple[Refused, ...]:
    """A line for each hunk that was refused."""
    return tuple(
        Refused(name=file.name, hunk_id=hunk.hunk_id, why=f"{file.name}: {why}")
        for file in changeset.files
        for hunk in file.hunks.hunks
        if hunk.hunk_id in ids
    )


async def read_or_none(files: Files, path: Path) -> FileSnapshot | None:
    """A file that need not exist; what cannot be read is as good as gone."""
    try:
        return await files.read(path)
    except OSError:
        return None


async def placed(
    move: Callable[[bytes | None, Collection[str], Collection[str]], Moved],
    now: bytes | None,
    taken: Collection[str],
    ids: Collection[str],
) -> Moved:
    """`FileHunks.taken` or `taken_back`, of a large file off the event loop."""
    if now is not None and len(now) > THREAD_BYTES:
        return await asyncio.to_thread(move, now, taken, ids)
    return move(now, taken, ids)


def _accepted(changeset: Changeset, event: ApprovalAnswered) -> Collection[str] | None:
    if event.answer is None:
        return None
    if not Answer(event.answer).allows:
        return ()
    return changeset.ids if event.accepted_hunks is None else event.accepted_hunks
