"""Files on the disk: the `Files` port where no editor lays its buffers over it.

Small files are read right away, since a local read takes less time than a change of threads; large
ones, and every write (which waits for the disk), are done in a thread so that nothing else waits.
"""

import asyncio
import os
import stat
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.files import FileSnapshot, FileWrite
from droid.tools import atomic
from droid.tools.regular import check_regular, read_regular

_DIRECT_BYTES = 256 * 1024


class DiskFiles:
    """See `domain.ports.Files`.

    A file that has several hard links is replaced under the given name only. Symbolic links are
    followed to read, and neither written through nor deleted.
    """

    async def read(self, path: Path) -> FileSnapshot:
        """Read a regular file.

        Raises:
            FileNotFoundError, IsADirectoryError, PermissionError: as `open` would.
            ToolFailed: it is a pipe or a device, too large, or the disk failed.
        """
        try:
            # Fails where a link on the way is replaced at this very moment.
            real = Path(os.path.realpath(path))
            status = real.stat()
            check_regular(path, status)
            if status.st_size <= _DIRECT_BYTES:
                data, status = read_regular(real)
            else:
                data, status = await asyncio.to_thread(read_regular, real)
        except NotADirectoryError as error:
            raise FileNotFoundError(f"no such file: {path}") from error
        except (FileNotFoundError, IsADirectoryError, PermissionError):
            raise
        except OSError as error:
            raise ToolFailed(f"cannot read {path}: {error.strerror or error}") from error
        return FileSnapshot(path=real, data=data, mode=stat.S_IMODE(status.st_mode))

    async def write(self, changes: Sequence[FileWrite]) -> None:
        """Make all the changes or none, each by an atomic replacement.

        Cancelled before the first file is replaced, nothing is changed; after that all changes are
        made, this returns, and the next await is cancelled.

        Raises:
            StaleFile, ToolFailed: nothing was changed.
        """
        await _to_the_end(lambda stop: atomic.apply(changes, stop))

    async def open_files(self) -> Sequence[Path]:
        """None: there is no editor."""
        return ()

    async def unsaved(self, paths: Sequence[Path]) -> Sequence[Path]:
        """None: what is on disk is saved."""
        return ()

    async def save(self, paths: Sequence[Path]) -> Sequence[Path]:
        """Nothing to do."""
        return ()


async def _to_the_end(work: Callable[[threading.Event], None]) -> None:
    """Run work in a thread and, also when cancelled, return only when it has ended.

    A thread cannot be cancelled. Leaving it behind would let a file change after the turn that asked
    for it has been reported as over.
    """
    stop = threading.Event()
    future = asyncio.get_running_loop().run_in_executor(None, work, stop)
    cancelled = False
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            cancelled = True
            stop.set()
    error = future.exception()
    if not cancelled:
        if error is not None:
            raise error
        return
    if error is not None:
        raise asyncio.CancelledError from error
    # The work is done and must be told of as done: the cancel is handed on to the next await.
    if (task := asyncio.current_task()) is not None:
        task.uncancel()
        task.cancel()
