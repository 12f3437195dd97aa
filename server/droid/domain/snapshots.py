"""The files of a workspace at one moment, as a checkpoint knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Stamp = tuple[int, int, int, int, int, int]
"""Device, inode, mode, size, and the times of the last change of content and of status in nanoseconds: equal
stamps, equal files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotEntry:
    """One file, or one symbolic link.

    Attributes:
        digest: Of its content, or of what the link leads to; None where it was not read.
        size: In bytes.
        mode: Permission bits; None of a link.
        stamp: What tells whether it is still the same; None where that cannot be relied on.
        kept: The content is in the checkpoint store.
    """

    digest: str | None
    size: int
    mode: int | None
    stamp: Stamp | None
    link: bool = False
    kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSnapshot:
    """What was there.

    Attributes:
        root: The workspace, symlinks resolved.
        entries: By path below the root, with `/` between names.
        outside: What was there too and is no part of it: ignored, guarded or over a limit. A folder stands
            for all that is in it.
        left_out: The same in words, as far as a person should know.
        complete: All names were seen, so what is in neither is not there.
    """

    root: Path
    entries: Mapping[str, SnapshotEntry]
    outside: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()
    complete: bool = True

    @property
    def kept_bytes(self) -> int:
        """The size of what is kept."""
        return sum(entry.size for entry in self.entries.values() if entry.kept)

    def is_outside(self, name: str) -> bool:
        """Whether a path was there and is no part of it."""
        if name in self.outside:
            return True
        end = name.rfind("/")
        while end > 0:
            if name[:end] in self.outside:
                return True
            end = name.rfind("/", 0, end)
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """What is on the disk at one path, links not followed.

    Attributes:
        digest: Of the content, or of what the link leads to; None of what is neither file nor link.
        data: The same, where it is not too large.
    """

    digest: str | None
    data: bytes | None = None
    mode: int | None = None
    link: bool = False
