"""Files in memory, some of them open in a pretended editor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileSnapshot, FileWrite, digest_of


@dataclass(kw_only=True)
class Buffer:
    """An open document; `saved` is False while it differs from the disk."""

    text: str
    version: int = 1
    saved: bool = True


class MemoryFiles:
    """The `Files` port over two dictionaries: what is on disk, and what is open.

    Attributes:
        refused: Paths that cannot be written, as on a full disk.
        stuck: Open paths that stay unsaved, as when the person dismisses the editor's question.
    """

    def __init__(self, files: Mapping[Path, bytes] | None = None) -> None:
        self.disk: dict[Path, bytes] = dict(files or {})
        self.modes: dict[Path, int] = {}
        self.buffers: dict[Path, Buffer] = {}
        self.refused: set[Path] = set()
        self.stuck: set[Path] = set()

    def open(self, path: Path, text: str | None = None) -> None:
        """Open a document in the editor, with `text` typed into it where that is given."""
        on_disk = self.disk.get(path, b"").decode()
        self.buffers[path] = Buffer(text=on_disk if text is None else text, saved=text in (None, on_disk))

    def close(self, path: Path) -> None:
        """Close a document; what was not saved is lost."""
        del self.buffers[path]

    async def read(self, path: Path) -> FileSnapshot:
        if (buffer := self.buffers.get(path)) is not None:
            return FileSnapshot(
                path=path, data=buffer.text.encode(), version=buffer.version, mode=self._mode(path)
            )
        if any(path in file.parents for file in self.disk):
            raise IsADirectoryError(f"{path} is a folder")
        if path not in self.disk:
            raise FileNotFoundError(f"no such file: {path}")
        return FileSnapshot(path=path, data=self.disk[path], mode=self._mode(path))

    async def write(self, changes: Sequence[FileWrite]) -> None:
        for change in changes:
            self._check(change)
        for change in changes:
            self._make(change)

    async def open_files(self) -> Sequence[Path]:
        return tuple(self.buffers)

    async def unsaved(self, paths: Sequence[Path]) -> Sequence[Path]:
        return [path for path in paths if path in self.buffers and not self.buffers[path].saved]

    async def save(self, paths: Sequence[Path]) -> Sequence[Path]:
        for path in await self.unsaved(paths):
            if path not in self.stuck:
                self.disk[path] = self.buffers[path].text.encode()
                self.buffers[path].saved = True
        return await self.unsaved(paths)

    def _mode(self, path: Path) -> int | None:
        return self.modes.get(path, 0o644) if path in self.disk else None

    def _now(self, path: Path) -> bytes | None:
        buffer = self.buffers.get(path)
        return buffer.text.encode() if buffer is not None else self.disk.get(path)

    def _check(self, change: FileWrite) -> None:
        now = self._now(change.path)
        if (None if now is None else digest_of(now)) != change.before:
            raise StaleFile(f"{change.path} changed since it was read; read it again")
        if any(change.path in file.parents for file in self.disk):
            raise ToolFailed(f"{change.path} is a folder")
        if any(parent in self.disk for parent in change.path.parents):
            raise ToolFailed(f"cannot write {change.path}: a part of its path is a file, not a folder")
        if change.path in self.refused:
            raise ToolFailed(f"cannot write {change.path}: No space left on device; nothing was changed")

    def _make(self, change: FileWrite) -> None:
        buffer = self.buffers.get(change.path)
        if change.data is None:
            self.buffers.pop(change.path, None)
            self.disk.pop(change.path, None)
        elif buffer is not None:
            self.buffers[change.path] = Buffer(
                text=change.data.decode(), version=buffer.version + 1, saved=False
            )
        else:
            if change.before is None and change.mode is not None:
                self.modes[change.path] = change.mode
            self.disk[change.path] = change.data
