"""The changes of a turn, hunk by hunk, after they were made: looked at, or taken back.

All of it follows from the transcript and the checkpoint store, so it works as well after the session was
taken up again. What the person has typed since stays; a hunk that they have typed over is left alone.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.events import ChangesReviewed
from droid.domain.files import FileChange, FileSnapshot, FileWrite, digest_of
from droid.engine.changesets import (
    ChangedFile,
    Changeset,
    HunkState,
    NotInChangeset,
    Phase,
    Refused,
    Reviewed,
    titled,
)
from droid.engine.file_changes import change_of, display_name
from droid.engine.hunks import FileHunks
from droid.engine.ports import EnginePorts
from droid.engine.proposals import Moved, placed, read_or_none, refusals
from droid.engine.state import SessionState
from droid.engine.turn_base import base_of

_TYPED_OVER = "it was changed since, so this hunk is left as it is"
_LINK = "something else has taken its place, so it is left as it is"
_KEPT = 8

_Compared = tuple[tuple[ChangedFile, ...], tuple[str, ...]]
"""The files of a turn, and the names of those of which not all is kept."""


def applied_id(session_id: str, turn_id: str) -> str:
    """The id of what a turn has changed."""
    return f"{session_id}:{turn_id}:applied"


class AppliedChanges:
    """The changesets of a session's turns."""

    def __init__(self, state: SessionState, ports: EnginePorts) -> None:
        self._state = state
        self._ports = ports
        self._known: dict[str, tuple[int, _Compared]] = {}

    def id_of(self, turn_id: str) -> str:
        return applied_id(self._state.session_id, turn_id)

    def turn_of(self, changeset_id: str) -> str | None:
        """The turn that an id is about; None where it is of no turn of this session."""
        for turn_id in self._state.written:
            if self.id_of(turn_id) == changeset_id:
                return turn_id
        return None

    def open_turns(self) -> Sequence[str]:
        """Turns with changes that have not been looked at to their end and not been undone, oldest first."""
        return [turn_id for turn_id in self._state.written if turn_id not in self._state.undone]

    async def of_turn(self, turn_id: str) -> Changeset:
        """What a turn has changed, and how that stands now; files that are not kept are named in the title.

        Raises:
            ToolFailed: of no file it is kept what was there before and after.
        """
        files, lost = await self._files_of(turn_id)
        said = self._state.reviewed.get(turn_id, {})
        undone = turn_id in self._state.undone
        states = {id_: HunkState(state) for id_, state in said.items()}
        changeset = Changeset(
            changeset_id=self.id_of(turn_id),
            session_id=self._state.session_id,
            turn_id=turn_id,
            phase=Phase.APPLIED,
            title=titled(f"Turn {turn_id}:", [file.name for file in files])
            + (titled("; not kept, so not to be reviewed:", lost) if lost else ""),
            files=files,
        ).with_states(states)
        stale = frozenset[str]()
        versions: dict[Path, int | None] = {}
        for file in changeset.files:
            now = await read_or_none(self._ports.files, file.path)
            versions[file.path] = now.version if now else None
            doubtful = file.ids_that_are(HunkState.PENDING)
            if doubtful and not undone:
                stale |= (await _taken_back(file, now, doubtful))[1]
        changeset = changeset.all_that(stale, HunkState.STALE)
        if undone:
            changeset = changeset.all_that(changeset.ids, HunkState.REJECTED)
        return changeset.as_it_stands(undone or not changeset.ids_that_are(HunkState.PENDING), versions)

    async def review(
        self, turn_id: str, ids: Collection[str], *, accept: bool
    ) -> tuple[Reviewed, ChangesReviewed]:
        """Accept hunks as looked at, or take them back: all that can be, in one write, or none.

        Returns how it stands, and what is to be told; that counts once it is in the transcript.

        Raises:
            ToolFailed: the files could not be written, and nothing was changed.
        """
        changeset = await self.of_turn(turn_id)
        if turn_id in self._state.undone:
            raise NotInChangeset(f"turn {turn_id} has been undone, so nothing of it is left to review")
        if accept:
            taken = set(ids) - changeset.ids_that_are(HunkState.REJECTED)
            said = ChangesReviewed(turn_id=turn_id, accepted=tuple(sorted(taken)))
            late = refusals(changeset, set(ids) - taken, "this hunk was taken back already")
            return Reviewed(changeset=changeset, refused=late), said
        writes: list[FileWrite] = []
        described: list[FileChange] = []
        refused: list[Refused] = []
        back = set[str]()
        for file in changeset.files:
            wanted = file.hunks.ids & set(ids) - file.ids_that_are(HunkState.REJECTED)
            if not wanted:
                continue
            if self._ports.paths.real(file.path) != file.path:
                refused += refusals(changeset, wanted, _LINK)
                continue
            now = await read_or_none(self._ports.files, file.path)
            data, lost = await _taken_back(file, now, wanted)
            refused += refusals(changeset, lost, _TYPED_OVER)
            back |= wanted - lost
            before = now.data if now else None
            if data == before:
                continue
            digest = None if before is None else digest_of(before)
            writes.append(FileWrite(path=file.path, before=digest, data=data, mode=file.mode))
            if before is not None:
                self._ports.blobs.put(before)
            if data is not None:
                self._ports.blobs.put(data)
            is_open = now is not None and now.is_open and data is not None
            described.append(
                await change_of(file.path, before, data, name=file.name, in_editor=is_open, mode=file.mode)
            )
        try:
            await self._ports.files.write(writes)
        except StaleFile as error:
            raise StaleFile(f"nothing was taken back: {error}") from error
        said = ChangesReviewed(turn_id=turn_id, rejected=tuple(sorted(back)), changes=tuple(described))
        return Reviewed(changeset=changeset, refused=refused), said

    async def _files_of(self, turn_id: str) -> _Compared:
        changes = self._state.written[turn_id]
        known = self._known.get(turn_id)
        if known is not None and known[0] == len(changes):
            return known[1]
        compared = await asyncio.to_thread(_compared, tuple(changes), self._state.workspace, self._content)
        if compared[1] and not compared[0]:
            raise ToolFailed("what these files were is not, or no longer, in the checkpoint store")
        self._known[turn_id] = (len(changes), compared)
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]
        return compared

    def _content(self, digest: str | None) -> bytes | None:
        """Raises: KeyError: it is not kept."""
        return None if digest is None else self._ports.blobs.get(digest)


def _compared(
    changes: Sequence[FileChange], workspace: Path, content: Callable[[str | None], bytes | None]
) -> _Compared:
    by_path: dict[str, list[FileChange]] = {}
    for change in changes:
        by_path.setdefault(change.path, []).append(change)
    files: list[ChangedFile] = []
    lost: list[str] = []
    for path, own in by_path.items():
        if any(one.before_link or one.after_link for one in own):
            continue  # where a link leads is not text; a turn's undo takes it back
        name = display_name(Path(path), workspace)
        try:
            hunks = FileHunks(name, base_of(name, own, content), content(own[-1].after))
        except KeyError:
            lost.append(name)  # of what is too large, a checkpoint keeps nothing
            continue
        if hunks.hunks:
            files.append(ChangedFile(path=Path(path), name=name, hunks=hunks, mode=own[0].mode))
    return tuple(files), tuple(lost)


async def _taken_back(file: ChangedFile, now: FileSnapshot | None, ids: Collection[str]) -> Moved:
    there = file.hunks.ids - file.ids_that_are(HunkState.REJECTED)
    return await placed(file.hunks.taken_back, now.data if now else None, there, ids)
