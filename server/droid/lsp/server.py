"""Starts the language server: on standard streams, on a port, on a WebSocket; and ends it.

Standard output belongs to the protocol: what else is printed there goes to standard error.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from droid.lsp import transport
from droid.lsp.framing import MAX_BODY_BYTES

if TYPE_CHECKING:
    from droid.lsp.editor import Editor
    from droid.lsp.language_server import DroidLanguageServer

logger = logging.getLogger(__name__)


def _configure_logging() -> None:
    """The log goes to standard error, with no message's content in it."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


class _EditorLog(logging.Handler):
    """Warnings of this program, in the editor's log of the server."""

    def __init__(self, editor: "Editor") -> None:
        super().__init__(logging.WARNING)
        self._editor = editor
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}"
        is_error = record.levelno >= logging.ERROR
        with contextlib.suppress(RuntimeError):  # the loop is closed: standard error has it
            self._loop.call_soon_threadsafe(self._editor.log, text, is_error)


def serve_stdio() -> int:
    """Serve the editor on standard input and output; returns the process's exit code."""
    _configure_logging()
    incoming, outgoing = _claim_standard_streams()
    server_class = _load()
    code = asyncio.run(_serve_streams(server_class, incoming, outgoing))
    # Threads may still wait for a client that neither writes nor closes.
    sys.stderr.flush()
    os._exit(code)


def _load() -> "type[DroidLanguageServer]":
    """Import the server. The collector rests meanwhile: nothing of what is made then is ever garbage, and
    it would be walked again and again, then and while somebody types.
    """
    gc.disable()
    from droid.lsp.language_server import DroidLanguageServer

    gc.freeze()
    gc.enable()
    return DroidLanguageServer


async def _serve_streams(server_class: "type[DroidLanguageServer]", incoming: int, outgoing: int) -> int:
    loop = asyncio.get_running_loop()
    server = server_class()
    _on_signals(server.leave)
    log = _EditorLog(server.editor)
    logging.getLogger("droid").addHandler(log)
    outbox = transport.StreamOutbox(outgoing, lambda: _call_threadsafe(loop, server.leave))
    inbox = transport.StreamInbox(incoming)
    inbox.start()

    async def read() -> None:
        async for body in inbox.messages():
            transport.deliver(server.rpc, body)
            # Let what this message started run before the next one is taken.
            await asyncio.sleep(0)

    clean = await server.run(outbox, lambda _: asyncio.create_task(read(), name="read"))
    logging.getLogger("droid").removeHandler(log)
    outbox.close()
    return 0 if clean else 1


def _call_threadsafe(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed already
        loop.call_soon_threadsafe(call)


def _claim_standard_streams() -> tuple[int, int]:
    """Descriptors of our own for the protocol; everybody else's output goes to standard error."""
    incoming, outgoing = os.dup(0), os.dup(1)
    devnull = os.open(os.devnull, os.O_RDONLY)
    os.dup2(devnull, 0)
    os.close(devnull)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return incoming, outgoing


def serve_tcp(host: str, port: int) -> int:
    """Serve editors that connect to a port, each with a server of its own, until the process is ended."""
    _configure_logging()
    return asyncio.run(_serve_tcp(_load(), host, port))


async def _serve_tcp(server_class: "type[DroidLanguageServer]", host: str, port: int) -> int:
    stop = _stop_on_signals()

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = server_class()
        outbox = transport.SocketOutbox(writer, server.leave)
        reading = transport.read_socket(reader, server.rpc)
        try:
            await server.run(outbox, lambda _: asyncio.create_task(reading, name="read"))
        finally:
            writer.close()

    listening = await asyncio.start_server(serve_one, host, port)
    async with listening:
        _announce(listening.sockets)
        await stop.wait()
    return 0


def serve_ws(host: str, port: int) -> int:
    """The same over WebSocket; pages in a browser are refused, since any page could connect."""
    _configure_logging()
    return asyncio.run(_serve_ws(_load(), host, port))


async def _serve_ws(server_class: "type[DroidLanguageServer]", host: str, port: int) -> int:
    from websockets.asyncio.server import ServerConnection, serve

    stop = _stop_on_signals()

    async def serve_one(socket: ServerConnection) -> None:
        server = server_class()
        outbox = transport.WebSocketOutbox(socket)
        sending = asyncio.create_task(outbox.run(), name="send")
        reading = transport.read_websocket(socket, server.rpc)
        try:
            await server.run(outbox, lambda _: asyncio.create_task(reading, name="read"))
        finally:
            outbox.close()
            await asyncio.wait({sending}, timeout=1)
            sending.cancel()

    async with serve(
        serve_one, host, port, origins=[None], max_size=MAX_BODY_BYTES, compression=None
    ) as listening:
        _announce(listening.sockets)
        await stop.wait()
    return 0


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    _on_signals(stop.set)
    return stop


def _on_signals(leave: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        with contextlib.suppress(AttributeError, NotImplementedError, ValueError):
            loop.add_signal_handler(getattr(signal, name), leave)


def _announce(sockets: Sequence[Any]) -> None:
    for socket in sockets:
        host, port = cast("tuple[str, int]", socket.getsockname()[:2])
        sys.stderr.write(f"droid-lsp listens on {host}:{port}\n")
    sys.stderr.flush()
