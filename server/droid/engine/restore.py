"""Plans how files go back to what they were, and carries it out.

A file is written only where it still is what this session left behind: what somebody else has changed since
is a conflict, and stays. What is no longer in the checkpoint store is told of in words; nothing is put in its
place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.files import FileChange, FileWrite
from droid.domain.ports import BlobStore, Files, Workspace
from droid.domain.snapshots import FoundFile
from droid.engine.change_chains import Chain
from droid.engine.file_changes import change_of, display_name
from droid.engine.ports import EnginePorts, PathResolver


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePorts:
    """What files are put back through.

    Attributes:
        workspace: None where symbolic links and modes cannot be looked at; then they are not put back.
    """

    files: Files
    blobs: BlobStore
    paths: PathResolver
    workspace: Workspace | None = None

    @classmethod
    def of(cls, ports: EnginePorts) -> "RestorePorts":
        """Those of a session."""
        return cls(files=ports.files, blobs=ports.blobs, paths=ports.paths, workspace=ports.workspace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A file that is left as it is; `why` goes on from its name: `was changed since`."""

    path: str
    why: str
    lost: bool = False


@dataclass(slots=True, kw_only=True)
class RestorePlan:
    """What would be written.

    Attributes:
        writes: The files that change.
        described: The same for people, in the same order.
        contents: What they hold now, in the same order.
        to_save: Open in the editor as they were, and otherwise on the disk: to be saved.
        conflicts: Files that are left as they are.
        goes: What is taken away, so that nothing is there any more.
    """

    writes: list[FileWrite] = field(default_factory=list[FileWrite])
    described: list[FileChange] = field(default_factory=list[FileChange])
    contents: list[bytes | None] = field(default_factory=list[bytes | None])
    to_save: list[Path] = field(default_factory=list[Path])
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    goes: set[Path] = field(default_factory=set[Path])

    @property
    def is_empty(self) -> bool:
        return not self.writes and not self.to_save

    def words(self, workspace: Path) -> tuple[str, ...]:
        """A line for each conflict."""
        return tuple(f"{display_name(Path(one.path), workspace)} {one.why}" for one in self.conflicts)


SINCE = "was changed since by somebody else"
BETWEEN = "was changed in between by somebody else"
LOST = "cannot go back: its old content is no longer in the checkpoint store, or is damaged there"
_IN_PLACE = "has something else in its place: a folder, a pipe, or a file that cannot be read"
_THROUGH = "lies behind a symbolic link now"
_CASE = "differs from another name by case alone, and here both are one file"


async def plan_restore(chains: Mapping[str, Chain], workspace: Path, ports: RestorePorts) -> RestorePlan:
    """What must be written so that each file is what it was before its chain of changes."""
    plan = RestorePlan()
    one_file = _one_file(chains, ports.paths)
    # First what goes: it may stand where a folder was.
    for name, chain in sorted(chains.items(), key=lambda entry: entry[1].first.before is not None):
        if name in one_file:
            plan.conflicts.append(Conflict(path=name, why=_CASE))
        else:
            await _plan_one(plan, name, chain, workspace, ports)
    return plan


async def _plan_one(plan: RestorePlan, name: str, chain: Chain, workspace: Path, ports: RestorePorts) -> None:
    path, first, last = Path(name), chain.first, chain.last

    def conflict(why: str, *, lost: bool = False) -> None:
        plan.conflicts.append(Conflict(path=name, why=why, lost=lost))

    links = first.before_link or last.after_link
    if any(parent in plan.goes for parent in path.parents):
        now = _Now()
    elif ports.paths.real(path.parent) != path.parent or (not links and ports.paths.real(path) != path):
        # A link has taken its place: what is written now would land elsewhere.
        if not chain.changes_nothing:
            conflict(_THROUGH)
        return
    else:
        now = await _now(path, ports)
    if now.other:
        conflict(_IN_PLACE)
        return
    owns_mode = last.after_mode is not None and now.mode == last.after_mode and not now.is_open
    same_mode = not owns_mode or first.mode in (None, now.mode)
    if (now.digest, now.link) == (first.before, first.before_link) and same_mode:
        beneath = now.is_open and first.before is not None and ports.workspace is not None
        if beneath and now.on_disk != first.before and now.on_disk == last.after:
            # The editor has not taken in what a command did to the file below it.
            plan.to_save.append(path)
        return
    if chain.changes_nothing:
        return  # only somebody else has changed it
    if (now.digest, now.link) != (last.after, last.after_link):
        conflict(SINCE)
        return
    if chain.broken:
        conflict(BETWEEN)
        return
    data = None
    if first.before is not None:
        try:
            data = ports.blobs.get(first.before)
        except KeyError:
            conflict(LOST, lost=True)
            return
    else:
        plan.goes.add(path)
    mode = first.mode if owns_mode and data is not None and not first.before_link else None
    plan.writes.append(
        FileWrite(
            path=path,
            before=now.digest,
            data=data,
            mode=first.mode,
            set_mode=mode is not None,
            link=first.before_link and data is not None,
            before_link=now.link,
        )
    )
    plan.contents.append(now.data)
    described = await change_of(
        path,
        now.data,
        data,
        name=display_name(path, workspace),
        in_editor=now.is_open and data is not None,
        mode=now.mode if now.mode is not None else first.mode,
    )
    plan.described.append(
        replace(
            described,
            after_mode=mode,
            before_link=now.link,
            after_link=first.before_link and data is not None,
        )
    )


async def carry_out(writes: Sequence[FileWrite], files: Files) -> None:
    """Write all of it or none.

    A file or a link that stands where a folder has to be goes first, and comes back where the rest fails.

    Raises:
        StaleFile, ToolFailed: nothing was changed, or the message says what was.
    """
    needed = {parent for write in writes if write.data is not None for parent in write.path.parents}
    first = [write for write in writes if write.data is None and write.path in needed]
    rest = [write for write in writes if write not in first]
    if not first:
        await files.write(rest)
        return
    kept = [await _kept(write, files) for write in first]
    await files.write(first)
    try:
        await files.write(rest)
    except ToolFailed:
        await files.write(kept)
        raise


async def _kept(write: FileWrite, files: Files) -> FileWrite:
    """How a file that goes first would come back."""
    if write.before_link:
        target = str(write.path.readlink()).encode(errors="surrogateescape")
        return FileWrite(path=write.path, before=None, data=target, link=True)
    snapshot = await files.read(write.path)
    return FileWrite(path=write.path, before=None, data=snapshot.data, mode=snapshot.mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Now:
    """A file as it is: in the editor where it is open, else on the disk.

    Attributes:
        on_disk: The digest of what is on the disk below an open buffer.
        other: It is neither a file nor a link.
    """

    digest: str | None = None
    data: bytes | None = None
    mode: int | None = None
    link: bool = False
    is_open: bool = False
    on_disk: str | None = None
    other: bool = False


async def _now(path: Path, ports: RestorePorts) -> _Now:
    found: FoundFile | None = None
    if ports.workspace is not None:
        found = await ports.workspace.look(path)
        if found is not None and found.link:
            return _Now(digest=found.digest, data=found.data, link=True)
    try:
        snapshot = await ports.files.read(path)
    except FileNotFoundError:
        return _Now()
    except (OSError, ToolFailed):
        return _Now(other=True)
    return _Now(
        digest=snapshot.digest,
        data=snapshot.data,
        mode=snapshot.mode,
        is_open=snapshot.is_open,
        on_disk=found.digest if found is not None else None,
    )


def _one_file(chains: Mapping[str, Chain], paths: PathResolver) -> set[str]:
    """Names that are written differently and lead to one file: where a file system knows no case."""
    by_fold: dict[str, list[str]] = {}
    for name, chain in chains.items():
        if chain.first.before_link or chain.last.after_link:
            continue  # what it leads to may have the other name
        by_fold.setdefault(name.casefold(), []).append(name)
    found: set[str] = set()
    for names in by_fold.values():
        if len(names) > 1 and _are_one([Path(name) for name in names], paths):
            found.update(names)
    return found


def _are_one(names: Sequence[Path], paths: PathResolver) -> bool:
    seen = [identity for name in names for identity in paths.identities((name,))]
    return len(seen) > len(set(seen)) and all(paths.shared(name) is None for name in names)
