"""Files as the agent sees them: open buffers where there are any, else the disk."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


def digest_of(data: bytes) -> str:
    """SHA-256 in hex: the name under which content is compared and stored."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSnapshot:
    """The content of a file at one moment.

    Attributes:
        path: Absolute, symlinks resolved.
        data: Bytes on disk, or an open buffer's text in UTF-8.
        version: The editor's document version; None where the file is not open.
        mode: Permission bits; None where the file is not on disk.
    """

    path: Path
    data: bytes
    version: int | None = None
    mode: int | None = None

    @property
    def digest(self) -> str:
        return digest_of(self.data)

    @property
    def is_open(self) -> bool:
        return self.version is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWrite:
    """One wanted change.

    Attributes:
        path: Absolute, symlinks resolved: a link on the way is refused, since nobody judged where it leads.
        before: Digest of the content that the change is based on; None where there must be no file.
        data: The new content; None deletes the file.
        mode: Permission bits for a file that is created; None takes the default.
    """

    path: Path
    before: str | None
    data: bytes | None
    mode: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One change that was made.

    Attributes:
        before: Digest of the old content, kept in the checkpoint store; None where it was created.
        after: Digest of the new content; None where it was deleted.
        diff: Unified diff, bounded; empty for binary content.
        in_editor: The change went to an open buffer and may not be saved yet.
    """

    path: str
    before: str | None
    after: str | None
    added_lines: int
    removed_lines: int
    diff: str = ""
    in_editor: bool = False
    mode: int | None = None
