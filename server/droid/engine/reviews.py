"""All changesets of a session, whether they are proposed or applied: what is listed, shown and decided."""

import asyncio
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.events import Event
from droid.engine.applied_changes import AppliedChanges
from droid.engine.changesets import Changeset, NotInChangeset, Phase, Reviewed
from droid.engine.ports import EnginePorts
from droid.engine.proposals import Proposals
from droid.engine.state import SessionState

_LISTED_TURNS = 20


class Reviews:
    """The changesets of one session.

    Args:
        ledger: What the model knows of files; what is taken back, it must read again.
    """

    def __init__(
        self,
        state: SessionState,
        ports: EnginePorts,
        proposals: Proposals,
        ledger: MutableMapping[Path, str],
        emit: Callable[[Event], None],
    ) -> None:
        self._state = state
        self._proposals = proposals
        self._applied = AppliedChanges(state, ports)
        self._ledger = ledger
        self._emit = emit
        # Two that look at the same file at once would each write what the other has not seen.
        self.alone = asyncio.Lock()

    async def open(self) -> Sequence[Changeset]:
        """Those that are not closed, the newest last; of old turns, the last ones."""
        found: list[Changeset] = []
        for turn_id in self._applied.open_turns()[-_LISTED_TURNS:]:
            try:
                changeset = await self._applied.of_turn(turn_id)
            except ToolFailed:
                continue  # nothing can be taken back of what is no longer kept
            if changeset.phase is not Phase.CLOSED:
                found.append(changeset)
        return [*found, *self._proposals.open]

    async def get(self, changeset_id: str) -> Changeset:
        """One by its id, closed ones too.

        Raises:
            ToolFailed: it is not of this session, or what it is based on is no longer kept.
        """
        if (proposed := self._proposals.find(changeset_id)) is not None:
            return proposed
        return await self._applied.of_turn(self._turn_of(changeset_id))

    def id_of_turn(self, turn_id: str) -> str | None:
        """The id of what a turn has changed; None where it has changed nothing."""
        return self._applied.id_of(turn_id) if turn_id in self._state.written else None

    async def decide(
        self, changeset_id: str, path: Path | None, hunk_id: str | None, *, accept: bool
    ) -> Reviewed:
        """Accept or reject one hunk, the hunks of one file, or all.

        Raises:
            ToolFailed: there is no such thing, or nothing could be written, and nothing was changed.
        """
        if (proposed := self._proposals.find(changeset_id)) is not None:
            ids = proposed.chosen(path, hunk_id)
            return await self._proposals.decide(changeset_id, ids, accept=accept)
        turn_id = self._turn_of(changeset_id)
        async with self.alone:
            ids = (await self._applied.of_turn(turn_id)).chosen(path, hunk_id)
            reviewed, said = await self._applied.review(turn_id, ids, accept=accept)
            for change in said.changes:
                self._ledger.pop(Path(change.path), None)
            if said.accepted or said.rejected:
                self._emit(said)
            return Reviewed(changeset=await self._applied.of_turn(turn_id), refused=reviewed.refused)

    def _turn_of(self, changeset_id: str) -> str:
        turn_id = self._applied.turn_of(changeset_id)
        if turn_id is None:
            raise NotInChangeset("no such changes are known in this session")
        return turn_id
