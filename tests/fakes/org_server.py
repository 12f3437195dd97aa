"""An organisation's endpoint on loopback that serves what it is told to, and lies as told.

    async with OrgServer(whole(signed(body(version=7)))) as server: ...
    server.answer = dripping(b"{", every_s=0.1)

An answer is a coroutine function that gets the request's headers and writes bytes, so it need not be HTTP.
"""

import asyncio
import base64
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from droid.demo.loopback import HOST

Answer = Callable[[Mapping[str, str], asyncio.StreamWriter], Awaitable[None]]

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
"""The time of a test that says nothing else."""


def public(key: Ed25519PrivateKey = KEY) -> str:
    """A public key as it is set."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def body(
    settings: Mapping[str, Any] | None = None,
    *,
    version: Any = 1,
    organisation: Any = "example",
    for_s: float = 3600,
    not_after: Any = None,
    **more: Any,
) -> bytes:
    """What is signed."""
    until = datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=for_s)
    members = {
        "organisation": organisation,
        "version": version,
        "notAfter": until.isoformat() if not_after is None else not_after,
        "settings": {"maxAutonomyLevel": "low"} if settings is None else settings,
        **more,
    }
    return json.dumps({key: value for key, value in members.items() if value != "left out"}).encode()


@dataclass(frozen=True, kw_only=True)
class Served:
    """Bytes and the headers that they are served with."""

    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def signature(data: bytes, key: Ed25519PrivateKey = KEY) -> str:
    """The header that vouches for some bytes."""
    return base64.b64encode(key.sign(data)).decode()


def signed(data: bytes, key: Ed25519PrivateKey = KEY, **headers: str) -> Served:
    """A body with its signature; headers are named with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Served(data=data, headers={"Droid-Signature": signature(data, key), **named})


def head(status: str, headers: Mapping[str, str]) -> bytes:
    """The beginning of an answer, as it is on the wire."""
    return "\r\n".join([f"HTTP/1.1 {status}", *(f"{k}: {v}" for k, v in headers.items()), "", ""]).encode()


def raw(data: bytes) -> Answer:
    """Bytes that need not be HTTP, and then the end of the connection."""

    async def answer(_: Mapping[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def whole(served: Served | bytes, status: str = "200 OK", **headers: str) -> Answer:
    """An honest answer; with an ETag it is revalidated."""
    data, more = (served, {}) if isinstance(served, bytes) else (served.data, dict(served.headers))
    more |= {name.replace("_", "-"): value for name, value in headers.items()}
    etag = next((value for name, value in more.items() if name.lower() == "etag"), None)

    async def answer(request: Mapping[str, str], writer: asyncio.StreamWriter) -> None:
        fields = {"Content-Type": "application/json", "Content-Length": str(len(data)), **more}
        if etag is not None and request.get("if-none-match") == etag:
            writer.write(head("304 Not Modified", {"ETag": etag}))
        else:
            writer.write(head(status, fields) + data)
        await writer.drain()

    return answer


async def hanging(_: Mapping[str, str], writer: asyncio.StreamWriter) -> None:
    """Never answers."""
    await writer.wait_closed()


def dripping(start: bytes, *, every_s: float) -> Answer:
    """Sends a byte now and then, so that no silence is ever long, and never comes to an end."""

    async def answer(_: Mapping[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", {"Content-Type": "application/json"}) + start)
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(every_s)

    return answer


class OrgServer:
    """Serves one answer to whoever asks.

    Attributes:
        requests: The headers of each, names in lower case; the request line is under the empty name.
    """

    def __init__(self, answer: Answer = hanging) -> None:
        self.answer = answer
        self.requests: list[Mapping[str, str]] = []
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}/policy"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, HOST, 0)
        self._port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Nobody listens any more."""
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = (line.partition(":") for line in lines[1:] if line)
            request = {"": lines[0], **{name.lower(): value.strip() for name, _, value in fields}}
            self.requests.append(request)
            await self.answer(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
