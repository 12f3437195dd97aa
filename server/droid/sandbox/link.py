"""The server's side of the warden: starting it, asking it for keepers, talking to a keeper."""

import asyncio
import errno
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from droid.domain.errors import ToolFailed

logger = logging.getLogger(__name__)

_BOOT = "import sys; sys.path.append(sys.argv[1]); import warden; warden.main(int(sys.argv[2]))"
_EXIT_S = 5.0
_READY_S = 10.0
_READ_BYTES = 4096


class Listener(Protocol):
    """The call that a keeper works for."""

    def started(self, pid: int) -> None: ...

    def failed(self, stage: str, error: int) -> None:
        """The command did not start: `stage` is "cwd" or "exec", `error` an errno."""
        ...

    def ended(self, status: int, left: int) -> None: ...

    def lost(self) -> None:
        """The keeper is gone before the call was over."""
        ...


class Keeper:
    """A connection to the process that runs one call at a time.

    Attributes:
        open: It can be given another call once the present one is over.
        pid: The keeper's own; 0 until it is ready.
    """

    def __init__(self, link: socket.socket) -> None:
        self.open = True
        self.pid = 0
        self._link = link
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._listener: Listener | None = None
        self._received = b""
        link.setblocking(False)
        self._loop.add_reader(link, self._readable)

    async def ready(self) -> None:
        """Wait until it is there.

        Raises:
            ConnectionError: it is not, and will not be; nothing was started.
            TimeoutError: its warden does not answer.
        """
        if not self.pid:
            await asyncio.wait((self._ready,), timeout=_READY_S)
            if not self.open:
                raise ConnectionError
            if not self.pid:
                raise TimeoutError

    async def run(self, body: bytes, fds: Sequence[int], listener: Listener) -> None:
        """Hand over a call; the keeper has descriptors of its own when this returns.

        Raises:
            ConnectionError: the keeper is gone, and nothing was started.
        """
        frame = len(body).to_bytes(4, "big") + b"R" + body
        rights = b"".join(fd.to_bytes(4, sys.byteorder) for fd in fds)
        try:
            sent = self._link.sendmsg([frame], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            if sent < len(frame):
                # Not listening meanwhile: a socket closed under a pending write is waited for forever.
                self._loop.remove_reader(self._link)
                await self._loop.sock_sendall(self._link, memoryview(frame)[sent:])
                self._loop.add_reader(self._link, self._readable)
        except BaseException:
            self.close()  # with half a request in it, it can serve nobody
            raise
        self._listener = listener

    def end(self) -> None:
        """Ask for the end of the call's tree; `ended` follows."""
        if self.open and self._listener is not None:
            try:
                self._link.send(b"\0\0\0\0E")
            except OSError:
                self._lose()

    def close(self) -> None:
        """Let the keeper go; it kills what it still keeps."""
        if self.open:
            self.open = False
            self._loop.remove_reader(self._link)
            self._link.close()

    def _readable(self) -> None:
        try:
            data = self._link.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._heard(line.decode())

    def _heard(self, line: str) -> None:
        listener = self._listener
        match line.split(" "):
            case ["ready", pid]:
                self.pid = int(pid)
                self._answer()
            case _ if listener is None:
                pass
            case ["started", pid]:
                listener.started(int(pid))
            case ["failed", stage, error]:
                self._listener = None
                listener.failed(stage, int(error))
            case ["ended", status, left]:
                self._listener = None
                if left != "0":
                    self.close()
                listener.ended(int(status), int(left))
            case _:
                logger.error("a keeper said something unknown", extra={"size": len(line)})

    def _answer(self) -> None:
        if not self._ready.done():
            self._ready.set_result(None)

    def _lose(self) -> None:
        self.close()
        self._answer()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.lost()


class Warden:
    """The warden process.

    Attributes:
        alive: It can be asked for keepers.
    """

    def __init__(self, env: Mapping[str, str], on_death: Callable[[], None]) -> None:
        """Start it, with an environment that commands may see.

        Raises:
            ToolFailed: it cannot be started.
        """
        if not hasattr(socket, "AF_UNIX") or os.name != "posix":
            raise ToolFailed(f"commands cannot be run on {sys.platform} yet, only on Linux and macOS")
        self.alive = True
        self._on_death = on_death
        self._gone = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            folder = str(Path(__file__).parent)
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _BOOT, folder, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=None if _is_open(2) else subprocess.DEVNULL,
                    cwd="/",
                    env=env,  # not the server's own: a command can read that of its ancestors
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
            except OSError as error:
                self._control.close()
                raise ToolFailed(f"cannot start the process that runs commands: {error.strerror}") from error
        self._control.setblocking(False)
        self._loop.add_reader(self._control, self._readable)

    def keeper(self) -> Keeper:
        """A new keeper; it is there by the time that it is needed.

        Raises:
            ConnectionError: the warden is gone, which may not have been noticed yet.
            OSError: descriptors have run out.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            rights = theirs.fileno().to_bytes(4, sys.byteorder)
            try:
                self._control.sendmsg([b"K"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            except OSError:
                ours.close()
                raise
        return Keeper(ours)

    async def aclose(self) -> None:
        """Let it go and wait for its end; what keepers still keep is killed."""
        if self.alive:
            self.alive = False
            self._control.shutdown(socket.SHUT_WR)
            try:
                async with asyncio.timeout(_EXIT_S):
                    await self._gone.wait()
            except TimeoutError:
                self._process.kill()
            finally:
                self._bury()

    def _readable(self) -> None:
        try:
            if self._control.recv(_READ_BYTES):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._loop.remove_reader(self._control)
        self._gone.set()
        self.lost()

    def lost(self) -> None:
        """It is gone without having been asked to go."""
        if self.alive:
            self.alive = False
            logger.warning("the process that runs commands has ended unexpectedly")
            self._bury()
            self._on_death()

    def _bury(self) -> None:
        self._loop.remove_reader(self._control)
        self._control.close()
        self._process.kill()  # its end of the socket is closed: it is as good as dead, and never slow
        self._process.wait()


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError as error:
        return error.errno != errno.EBADF
    return True
