"""A small HTTP/1.1 server on the loopback address, for scripted models.

It exists so that the demonstration and the tests go through the real client, over real sockets, with
nothing installed. Connections are kept alive, bodies may be chunked both ways, and a handler decides
how an answer ends: whole, streamed, or broken off on purpose.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
_MAX_BODY_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """What a client sent.

    Attributes:
        path: As on the request line, query included.
        headers: Names in lower case; of a repeated header, the last.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body)


class HttpReply:
    """The answer to one request: `whole`, or `start`, `send`… and `end`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.keep_alive = True

    async def whole(
        self,
        status: int,
        body: bytes,
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer with a body that is known already."""
        fields = {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}
        self._writer.write(_head(status, fields) + body)
        await self._writer.drain()

    async def start(self, status: int, *, content_type: str) -> None:
        """Begin a streamed answer."""
        self._writer.write(_head(status, {"Content-Type": content_type, "Transfer-Encoding": "chunked"}))
        await self._writer.drain()

    async def send(self, data: bytes) -> None:
        """Send more of a streamed answer."""
        if data:
            self._writer.write(b"%x\r\n%b\r\n" % (len(data), data))
            await self._writer.drain()

    async def end(self) -> None:
        """End a streamed answer; the connection stays."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def raw(self, data: bytes) -> None:
        """Send bytes that need not be HTTP."""
        self._writer.write(data)
        await self._writer.drain()

    def abort(self) -> None:
        """Break the connection off where it stands."""
        self.keep_alive = False
        self._writer.close()

    async def until_closed(self) -> None:
        """Wait until the client has gone."""
        self.keep_alive = False
        while await self._reader.read(65536):
            pass


Handler = Callable[[HttpRequest, HttpReply], Awaitable[None]]


class LoopbackServer:
    """Serves one handler on a free port of the loopback address.

    `async with LoopbackServer(handler) as server: server.port`. Leaving ends every connection.
    """

    def __init__(self, handler: Handler, *, port: int = 0) -> None:
        self._handler = handler
        self._wanted_port = port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, HOST, self._wanted_port, limit=1 << 20)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is None:
            return
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer), name="loopback connection")
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            reply = HttpReply(reader, writer)
            while reply.keep_alive and (request := await _read_request(reader)) is not None:
                await self._handler(request, reply)
        except (ConnectionError, asyncio.IncompleteReadError):
            logger.debug("the client went away")
        except ValueError as error:
            logger.warning("not a request that can be served: %s", error)
        finally:
            writer.close()
            try:
                await writer.wait_closed()
            except ConnectionError:
                pass  # it is gone, which is what was wanted


def _head(status: int, fields: Mapping[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def _read_request(reader: asyncio.StreamReader) -> HttpRequest | None:
    """The next request, or None where the client closed between two.

    Raises:
        ValueError: it is not HTTP/1.1, or too large.
        asyncio.IncompleteReadError: the client closed inside a request.
    """
    first = await reader.readline()
    if not first.strip():
        return None
    words = first.decode("latin-1").split()
    if len(words) != 3:
        raise ValueError("the request line is malformed")
    headers: dict[str, str] = {}
    while (line := await reader.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = await _read_chunks(reader)
    else:
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= _MAX_BODY_BYTES:
            raise ValueError("the body is too large")
        body = await reader.readexactly(length)
    return HttpRequest(method=words[0], path=words[1], headers=headers, body=body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        if len(body) + size > _MAX_BODY_BYTES:
            raise ValueError("the body is too large")
        data = await reader.readexactly(size)
        await reader.readline()
        if not size:
            return bytes(body)
        body += data
