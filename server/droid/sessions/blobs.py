"""Contents of files before they were changed, by digest, outside every repository.

`<home>/checkpoints/ab/cdef…`: the first two characters of the SHA-256 make the folder. Content is written
beside its place and moved there whole, so a reader never sees half of it, whoever is killed meanwhile.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

from droid.domain.errors import LogWriteFailed
from droid.domain.files import digest_of
from droid.sessions.folders import private_folder

_DIGEST_CHARACTERS = 64
_YOUNG_S = 3600.0
"""What is used again within this time is not touched, since nothing so young is thrown away."""


class DiskBlobs:
    """The checkpoint store (`domain.ports.BlobStore`)."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._new: list[Path] = []
        self._made: set[Path] = set()

    def put(self, data: bytes, *, durable: bool = True) -> str:
        """Keep content, and return its digest; the same content is kept once.

        Args:
            durable: `sync` waits for it; a checkpoint keeps thousands of files, of which few are ever needed.

        Raises:
            LogWriteFailed: it could not be kept, so what it belongs to must not be changed.
        """
        digest = digest_of(data)
        path = self._path(digest)
        try:
            if self._has(path, data):
                # What is used again is young again, for pruning by age.
                os.utime(path)
                return digest
            self._write(path, data)
            if durable:
                self._new.append(path)
        except OSError as error:
            raise LogWriteFailed(
                f"cannot keep the old content of a file in {self._root}: {error.strerror}"
            ) from error
        return digest

    def has(self, digest: str) -> bool:
        """Whether there is content of that digest: looked for, and not read. It is young again then."""
        path = self._path(digest)
        try:
            if time.time() - path.stat().st_mtime > _YOUNG_S:
                os.utime(path)
        except OSError:
            return False
        return True

    def keep(self, digests: Sequence[str]) -> None:
        """Have `sync` wait for these too."""
        self._new += map(self._path, digests)

    async def sync(self) -> None:
        """Wait, in a thread, until what was put so far outlives a loss of power.

        Raises:
            LogWriteFailed: the disk says that it may not.
        """
        if not self._new:
            return
        new, self._new = self._new, []
        try:
            await asyncio.to_thread(_sync, new)
        except OSError as error:
            raise LogWriteFailed(f"cannot sync the old content of files: {error.strerror}") from error

    def get(self, digest: str) -> bytes:
        """Raises: KeyError: no such content, or it is damaged."""
        if len(digest) != _DIGEST_CHARACTERS or not digest.isalnum():  # a transcript may say anything
            raise KeyError(digest)
        try:
            data = self._path(digest).read_bytes()
        except OSError as error:
            raise KeyError(digest) from error
        if digest_of(data) != digest:
            raise KeyError(digest)
        return data

    def _write(self, path: Path, data: bytes) -> None:
        if path.parent not in self._made:
            private_folder(self._root)
            private_folder(path.parent)
            self._made.add(path.parent)
        try:
            _write_whole(path, data)
        except FileNotFoundError:  # the folder was thrown away as empty
            private_folder(self._root)
            private_folder(path.parent)
            _write_whole(path, data)

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest[2:]

    def _has(self, path: Path, data: bytes) -> bool:
        # Compared whole: a power loss can leave a file of the right size with nothing in it.
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except OSError:
            return False


def _sync(paths: Sequence[Path]) -> None:
    for path in (*paths, *dict.fromkeys(path.parent for path in paths)):
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # pruned meanwhile
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _write_whole(path: Path, data: bytes) -> None:
    part = path.with_name(f".{os.urandom(8).hex()}")
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
