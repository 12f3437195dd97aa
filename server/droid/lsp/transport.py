"""How messages come and go: standard streams, TCP, WebSocket.

Nothing here waits for the client on the event loop. Standard streams are read and written by a thread
each, because pipes cannot be polled on every platform; a client that does not read fills a queue, and
one that never reads is given up.
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
_MESSAGES_AHEAD = 512
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
    """Reads messages from a file descriptor in a thread of its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._room = threading.BoundedSemaphore(_MESSAGES_AHEAD)
        self._thread = threading.Thread(target=self._run, name="lsp-reader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    async def messages(self) -> AsyncIterator[bytes]:
        """Whole bodies until the stream ends; an empty one stands for a message that was too large."""
        while (body := await self._messages.get()) is not None:
            yield body
            self._room.release()

    def close(self) -> None:
        """Stop waiting for more."""
        self._messages.put_nowait(None)

    def _run(self) -> None:
        frames = FrameReader()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
            while True:
                try:
                    data = os.read(self._descriptor, _READ_BYTES)
                except OSError:
                    data = b""
                if not data:
                    self._loop.call_soon_threadsafe(self._messages.put_nowait, None)
                    return
                frames.feed(data)
                for body in bodies(frames):
                    self._room.acquire()
                    self._loop.call_soon_threadsafe(self._messages.put_nowait, body)


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
