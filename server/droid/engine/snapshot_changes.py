"""What a command changed: two looks at a workspace, compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import LogWriteFailed
from droid.domain.files import FileChange
from droid.domain.ports import BlobStore
from droid.domain.snapshots import SnapshotEntry, WorkspaceSnapshot
from droid.engine.diffs import diff_of

_DIFFS = 100
_DIFF_BYTES = 1024 * 1024
"""Of the contents that are compared: so many files, and so much of them, are shown line by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What is not as it was.

    Attributes:
        changes: Each path once, in their order.
        lost: Paths that were changed and cannot be taken back, since what they were was not kept.
    """

    changes: tuple[FileChange, ...]
    lost: tuple[str, ...]


def differences(
    before: WorkspaceSnapshot,
    after: WorkspaceSnapshot,
    blobs: BlobStore,
    *,
    buffers: Mapping[str, str],
    told: Mapping[str, str | None],
) -> Differences:
    """Compare; reads contents, so it runs in a thread.

    Args:
        buffers: By path below the root, the digest of what stood in the editor where that was not saved.
        told: Digests that tool calls are known to have left behind meanwhile, by path.
    """
    changes: list[FileChange] = []
    lost: list[str] = []
    shown = _Shown(blobs)
    for name in sorted(before.entries.keys() | after.entries.keys()):
        old, new = before.entries.get(name), after.entries.get(name)
        path = str(before.root / name)
        if old is new or (path in told and told[path] == (new.digest if new else None)):
            continue
        if old is None and not (before.complete and after.complete):
            continue  # it may have been there, unseen
        if (old is not None and not _is_known(old)) or (new is not None and new.digest is None):
            # A file that had only just been written has no stamp to tell it by; its content tells.
            if old is None or new is None or old.stamp != new.stamp or not _same(old, new):
                lost.append(name)
            continue
        if old is not None and new is not None and _same(old, new):
            continue
        changes.append(_change(path, name, old, new, buffers.get(name), shown))
    blobs.keep([change.before for change in changes if change.before is not None])
    return Differences(changes=tuple(changes), lost=tuple(lost))


def _is_known(entry: SnapshotEntry) -> bool:
    return entry.digest is not None and entry.kept


def _same(old: SnapshotEntry, new: SnapshotEntry) -> bool:
    return (old.digest, old.mode, old.link) == (new.digest, new.mode, new.link)


def _change(
    path: str,
    name: str,
    old: SnapshotEntry | None,
    new: SnapshotEntry | None,
    buffer: str | None,
    shown: "_Shown",
) -> FileChange:
    before = old.digest if old is not None else None
    if buffer is not None and (old is None or not old.link):
        before = buffer
    text, added, removed = shown.diff(name, before, old, new)
    return FileChange(
        path=path,
        before=before,
        after=new.digest if new is not None else None,
        added_lines=added,
        removed_lines=removed,
        diff=text,
        mode=old.mode if old is not None else new.mode if new is not None else None,
        after_mode=new.mode if new is not None else None,
        before_link=old is not None and old.link,
        after_link=new is not None and new.link,
    )


class _Shown:
    """Diffs, as long as there are few and they are small."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._files, self._bytes = _DIFFS, _DIFF_BYTES

    def diff(
        self, name: str, before: str | None, old: SnapshotEntry | None, new: SnapshotEntry | None
    ) -> tuple[str, int, int]:
        sizes = sum(entry.size for entry in (old, new) if entry is not None)
        same = new is not None and before == new.digest
        if same or self._files <= 0 or sizes > self._bytes or (new is not None and not new.kept):
            return "", 0, 0
        self._files -= 1
        self._bytes -= sizes
        try:
            contents = [
                None if digest is None else self._blobs.get(digest)
                for digest in (before, new.digest if new is not None else None)
            ]
        except KeyError:
            return "", 0, 0
        diff = diff_of(name, contents[0], contents[1])
        return diff.text, diff.added_lines, diff.removed_lines


def below(root: Path, paths: Mapping[Path, str]) -> Iterator[tuple[str, str]]:
    """Those of some files that are below a root, by their names there."""
    for path, value in paths.items():
        if path.is_relative_to(root):
            yield path.relative_to(root).as_posix(), value


def keep_buffer(blobs: BlobStore, data: bytes) -> str | None:
    """Keep what stands in an editor; None where that cannot be done."""
    try:
        return blobs.put(data)
    except LogWriteFailed:
        return None
