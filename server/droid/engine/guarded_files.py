"""The files of one tool call: it reaches what the decision allowed, and every change is kept.

The gate judged real paths; a symlink swapped since then would lead elsewhere, so each path is resolved
again at the moment of use and refused where it is not one of those. What the gate would say of it now counts
too: a file may have been given a second name since, and settings may have been tightened. Before a file
changes, its content goes to the checkpoint store, so that every change can be taken back.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileChange, FileSnapshot, FileWrite
from droid.domain.levels import Verdict
from droid.domain.policy import Policy
from droid.domain.ports import BlobStore, Files
from droid.engine.file_changes import THREAD_BYTES, change_of, display_name
from droid.engine.path_facts import seen_again
from droid.engine.ports import PathResolver
from droid.engine.strays import CallScope
from droid.safety.facts import CallFacts
from droid.safety.files_step import read_objection, write_objection


class GuardedFiles:
    """Implements the `Files` port for one call."""

    def __init__(
        self,
        files: Files,
        blobs: BlobStore,
        paths: PathResolver,
        facts: CallFacts,
        scope: CallScope,
        *,
        approved: Sequence[FileWrite] | None = None,
        policies_for: Callable[[CallFacts], Sequence[Policy]] | None = None,
    ) -> None:
        """Guard the files of one call.

        Args:
            policies_for: What a call has to pass now; None: there are no settings.
            scope: Once it is over, nothing is read or written any more.
            approved: The only changes that may be made; None holds the call to its paths alone.
        """
        self._files = files
        self._blobs = blobs
        self._paths = paths
        self._scope = scope
        self._facts = facts
        self._policies_for = policies_for
        self._workspace = Path(facts.workspace)
        self._approved = approved
        self._writable = frozenset(Path(path.real) for path in facts.writes)
        self._readable = frozenset(Path(path.real) for path in (*facts.reads, *facts.writes))
        self._judged = {Path(path.real): path for path in (*facts.reads, *facts.writes)}
        self.changes: list[FileChange] = []

    async def read(self, path: Path) -> FileSnapshot:
        self._scope.check()
        real = self._paths.real(path)
        if real not in self._readable:
            raise ToolFailed(f"{path} is not a path that this call was allowed to read")
        self._check_read(real)
        snapshot = await self._files.read(real)
        self._check_read(snapshot.path)
        if self._paths.real(snapshot.path) not in self._readable:  # a link has been swapped in meanwhile
            raise ToolFailed(f"{path} is not a path that this call was allowed to read")
        self._scope.check()  # what comes too late for the model must not pass for something it has seen
        return snapshot

    async def write(self, changes: Sequence[FileWrite]) -> None:
        self._check(changes)
        # Described beforehand: between the write and its record there must be nothing to wait for,
        # else a cancel would leave a change behind that nobody can take back.
        described = [await self._describe(change, await self._keep(change)) for change in changes]
        self._check(changes)  # as late as can be: a link may have been swapped meanwhile
        await self._files.write(changes)
        self.changes += described

    async def open_files(self) -> Sequence[Path]:
        return await self._files.open_files()

    async def unsaved(self, paths: Sequence[Path]) -> Sequence[Path]:
        return await self._files.unsaved(paths)

    async def save(self, paths: Sequence[Path]) -> Sequence[Path]:
        self._scope.check()
        return await self._files.save(paths)

    def _check(self, changes: Sequence[FileWrite]) -> None:
        self._scope.check()
        by_folder: dict[Path, Sequence[Policy]] = {}
        for change in changes:
            real = self._paths.real(change.path)
            if real not in self._writable:
                raise ToolFailed(f"{change.path} is not a path that this call was allowed to change")
            if real.parent not in by_folder:
                by_folder[real.parent] = self._policies(real)
            self._check_write(real, by_folder[real.parent])
            if self._approved is not None and change not in self._approved:
                raise StaleFile(f"{change.path} is not as it was when the change was approved; try again")

    def _check_read(self, real: Path) -> None:
        """Refuse what the gate would not let be read now."""
        policies = self._policies(real)
        path = seen_again(real, self._facts, self._paths, policies)
        for policy in policies or (Policy(),):
            said = read_objection(path, self._facts, policy)
            if said is not None:
                raise ToolFailed(f"{real} is not allowed to be read any more: {said.rule}")

    def _check_write(self, real: Path, policies: Sequence[Policy]) -> None:
        """Refuse what the gate would not let be changed now, or would ask about for another reason."""
        path = seen_again(real, self._facts, self._paths, policies)
        judged = self._judged[real]
        for policy in policies or (Policy(),):
            said = write_objection(path, self._facts, policy)
            known = said is not None and said.verdict is Verdict.ASK
            if said is None or (known and said == write_objection(judged, self._facts, policy)):
                continue
            raise ToolFailed(f"{real} is not allowed to be changed any more: {said.rule}")

    def _policies(self, real: Path) -> Sequence[Policy]:
        """What holds for one path of the call; the gate has asked for all of them together."""
        judged = self._judged.get(real)
        if self._policies_for is None:
            return ()
        facts = self._facts if judged is None else replace(self._facts, reads=(judged,), writes=())
        return self._policies_for(facts)

    async def _keep(self, change: FileWrite) -> FileSnapshot | None:
        """Store what is there now, and what will be, before anything changes."""
        try:
            before = await self._files.read(change.path)
        except FileNotFoundError:
            before = None
        for data in (before.data if before else None, change.data):
            if data is None:
                continue
            if len(data) > THREAD_BYTES:
                await asyncio.to_thread(self._blobs.put, data)
            else:
                self._blobs.put(data)
        return before

    async def _describe(self, change: FileWrite, before: FileSnapshot | None) -> FileChange:
        return await change_of(
            change.path,
            before.data if before else None,
            change.data,
            name=display_name(change.path, self._workspace),
            in_editor=before is not None and before.is_open and change.data is not None,
            mode=before.mode if before else change.mode,
        )
