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
        set_mode: A file that is there already gets `mode` too.
        link: `data` is what a symbolic link leads to, and a link is made.
        before_link: What is there is a symbolic link, and `before` the digest of what it leads to.
    """

    path: Path
    before: str | None
    data: bytes | None
    mode: int | None = None
    set_mode: bool = False
    link: bool = False
    before_link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One change that was made.

    Attributes:
        before: Digest of the old content, kept in the checkpoint store; None where it was created.
        after: Digest of the new content; None where it was deleted.
        diff: Unified diff, bounded; empty for binary content.
        in_editor: The change went to an open buffer and may not be saved yet.
        mode: Permission bits before; of a file that was created, after.
        after_mode: Permission bits after, where a command may have changed them.
        before_link, after_link: It was, or is, a symbolic link, and the digest is of what that leads to.
    """

    path: str
    before: str | None
    after: str | None
    added_lines: int
    removed_lines: int
    diff: str = ""
    in_editor: bool = False
    mode: int | None = None
    after_mode: int | None = None
    before_link: bool = False
    after_link: bool = False
