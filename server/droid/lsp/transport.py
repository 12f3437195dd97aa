"""How messages come and go: standard streams, TCP, WebSocket.

Nothing here waits for the client on the event loop. What a pipe does not take at once is written by a
thread, and what cannot be polled is read by one; a client that does not read fills a queue, and one that
never reads is given up.
"""

import asyncio
import contextlib
import logging
import os
import select
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from droid.lsp.framing import FrameReader, NotTheProtocol, TooLarge, framed

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

logger = logging.getLogger(__name__)

_READ_BYTES = 1 << 16
_READS_AHEAD = 4
_BACKLOG_BYTES = 64 * 1024 * 1024
_FLUSH_S = 1.0
_AT_ONCE_BYTES = getattr(select, "PIPE_BUF", 512)


class Receiver(Protocol):
    """Who is given what the client sends."""

    def receive(self, body: bytes) -> None: ...

    def refuse_too_large(self) -> None: ...


class Outbox(Protocol):
    """Where messages to the client go."""

    @property
    def backlog_bytes(self) -> int:
        """How much the client has not taken yet."""
        ...

    def put(self, body: bytes) -> None:
        """Send a message, in order, without waiting. After the client has gone, nothing happens."""
        ...


class StreamOutbox:
    """Writes to a file descriptor in a thread of its own."""

    def __init__(self, descriptor: int, on_lost: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._on_lost = on_lost
        self._waiting: deque[bytes] = deque()
        self._wake = threading.Condition()
        self._backlog = 0
        self._closed = False
        self._poll: select.poll | None = None
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(descriptor, select.POLLOUT)
        self._thread = threading.Thread(target=self._run, name="lsp-writer", daemon=True)
        self._thread.start()

    @property
    def backlog_bytes(self) -> int:
        return self._backlog

    def put(self, body: bytes) -> None:
        data = framed(body)
        with self._wake:
            if self._closed:
                return
            if not self._backlog:
                data = data[self._write_now(data) :]
                if not data:
                    return
            self._waiting.append(data)
            self._backlog += len(data)
            if self._backlog > _BACKLOG_BYTES:
                logger.error("the client does not read what it is sent; leaving")
                self._closed = True
                self._waiting.clear()
                self._on_lost()
            self._wake.notify()

    def _write_now(self, data: bytes) -> int:
        """Write what certainly does not block: a pipe that is ready takes so much at once. Bytes written.

        Waking the thread would let every key press wait for it.
        """
        if len(data) > _AT_ONCE_BYTES or self._poll is None or not self._poll.poll(0):
            return 0
        try:
            return os.write(self._descriptor, data)
        except OSError:
            return 0  # the thread will find out, and say so

    def close(self) -> None:
        """Let what was put go out, for a second at most."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(_FLUSH_S)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting and not self._closed:
                    self._wake.wait()
                if not self._waiting:
                    return
                data = b"".join(self._waiting)
                self._waiting.clear()
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(self._descriptor, view) :]
            except OSError:
                with self._wake:
                    self._closed = True
                    self._waiting.clear()
                    self._backlog = 0
                self._on_lost()
                return
            with self._wake:
                self._backlog = sum(map(len, self._waiting))


class StreamInbox:
    """Reads messages from a file descriptor: on the loop where that can wait for it, else in a thread.

    A thread that has read a key press waits until the loop's thread lets it go on, and then wakes it.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._frames = FrameReader()
        self._came: deque[bytes] = deque()  # an empty one is the end
        self._news = asyncio.Event()
        self._room = threading.Semaphore(_READS_AHEAD)
        self._is_polled = False
        self._is_held_back = False

    def start(self) -> None:
        try:
            self._loop.add_reader(self._descriptor, self._read_now)
        except (NotImplementedError, OSError):  # no loop waits for a file, and on Windows for no pipe
            threading.Thread(target=self._read_all, name="lsp-reader", daemon=True).start()
        else:
            self._is_polled = True

    async def messages(self) -> AsyncIterator[bytes]:
        """Whole bodies until the stream ends; an empty one stands for a message that was too large."""
        while True:
            for body in bodies(self._frames):
                yield body
            if not (data := await self._more()):
                return
            self._frames.feed(data)

    def close(self) -> None:
        """Stop waiting for more."""
        if self._is_polled:
            self._loop.remove_reader(self._descriptor)
        self._take(b"")

    async def _more(self) -> bytes:
        if self._is_held_back:
            self._is_held_back = False
            self._loop.add_reader(self._descriptor, self._read_now)
        while not self._came:
            self._news.clear()
            await self._news.wait()
        self._room.release()
        return self._came.popleft()

    def _take(self, data: bytes) -> None:
        self._came.append(data)
        self._news.set()

    def _read_now(self) -> None:
        if self._came:  # what came before has not been looked at yet
            self._is_held_back = True
            self._loop.remove_reader(self._descriptor)
            return
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._descriptor)
        self._take(data)

    def _read_all(self) -> None:
        data = b"nothing yet"
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
            while data:
                self._room.acquire()
                try:
                    data = os.read(self._descriptor, _READ_BYTES)
                except OSError:
                    data = b""
                self._loop.call_soon_threadsafe(self._take, data)


class SocketOutbox:
    """Writes to an asyncio stream."""

    def __init__(self, writer: asyncio.StreamWriter, on_lost: Callable[[], None]) -> None:
        self._writer = writer
        self._on_lost = on_lost

    @property
    def backlog_bytes(self) -> int:
        return self._writer.transport.get_write_buffer_size()

    def put(self, body: bytes) -> None:
        if self._writer.is_closing():
            return
        self._writer.write(framed(body))
        if self.backlog_bytes > _BACKLOG_BYTES:
            logger.error("the client does not read what it is sent; leaving")
            self._writer.transport.abort()
            self._on_lost()


class WebSocketOutbox:
    """Sends text frames, one message each; `run` does the sending."""

    def __init__(self, socket: "ServerConnection") -> None:
        self._socket = socket
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.backlog_bytes = 0

    def put(self, body: bytes) -> None:
        self.backlog_bytes += len(body)
        if self.backlog_bytes > _BACKLOG_BYTES:
            self._socket.transport.abort()
            return
        self._queue.put_nowait(body)

    def close(self) -> None:
        self._queue.put_nowait(None)

    async def run(self) -> None:
        while (body := await self._queue.get()) is not None:
            await self._socket.send(body.decode())
            self.backlog_bytes -= len(body)


def bodies(frames: FrameReader) -> Iterator[bytes]:
    """All whole bodies that were fed; an empty one for each that was too large.

    Raises:
        NotTheProtocol: in strict mode.
    """
    while True:
        try:
            body = frames.take()
        except TooLarge:
            yield b""
            continue
        if body is None:
            return
        yield body


async def read_websocket(socket: "ServerConnection", receiver: Receiver) -> None:
    """Hand over messages, one a frame, until the other side closes."""
    async for data in socket:
        deliver(receiver, data.encode() if isinstance(data, str) else data)
        await asyncio.sleep(0)


def deliver(receiver: Receiver, body: bytes) -> None:
    """Hand over one message. A fault in taking it costs that message, not the connection."""
    try:
        if body:
            receiver.receive(body)
        else:
            receiver.refuse_too_large()
    except Exception:  # the boundary between a client's bytes and this program
        logger.exception("a message could not be taken")


async def read_socket(reader: asyncio.StreamReader, receiver: Receiver) -> None:
    """Hand over messages until the other side closes or turns out not to speak the protocol."""
    frames = FrameReader(strict=True)
    try:
        while data := await reader.read(_READ_BYTES):
            frames.feed(data)
            for body in bodies(frames):
                deliver(receiver, body)
                # A flood from one client must not keep timers and other clients waiting.
                await asyncio.sleep(0)
    except NotTheProtocol:
        logger.warning("closed a connection that does not speak the Language Server Protocol")
    except ConnectionError:
        return
