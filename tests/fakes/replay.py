"""A server that answers with bytes it was given, over real HTTP on loopback.

    async with ReplayServer() as server:
        server.answers.append(stream(b"data: …", cuts=[3, 17]))
        ...
        server.requests[0].json()

Answers are played in order, one for each request; a request without one is answered with status 500.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Self

from droid.demo.loopback import HOST, HttpReply, HttpRequest, LoopbackServer

Answer = Callable[[HttpReply], Awaitable[None]]


class ReplayServer:
    """Plays answers.

    Attributes:
        requests: What came, in order.
        connections: The client's connections that were used, one for each socket.
        gone: Set when a client has left an answer that hangs.
    """

    def __init__(self, *answers: Answer) -> None:
        self.answers: deque[Answer] = deque(answers)
        self.requests: list[HttpRequest] = []
        self.connections: set[int] = set()
        self.gone = asyncio.Event()
        self._replies: list[HttpReply] = []  # kept, so that no two connections share an identity
        self._server = LoopbackServer(self._handle)

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._server.__aexit__(*details)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.port}"

    async def _handle(self, request: HttpRequest, reply: HttpReply) -> None:
        self.requests.append(request)
        self._replies.append(reply)
        self.connections.add(id(reply))
        if self.answers:
            await self.answers.popleft()(reply)
            if not reply.keep_alive:
                self.gone.set()
        else:
            await reply.whole(500, b'{"error":{"message":"the test has no answer for this request"}}')


def stream(data: bytes, *, cuts: Iterable[int] = (), content_type: str = "text/event-stream") -> Answer:
    """A streamed answer, sent in pieces that end at the cuts."""

    async def answer(reply: HttpReply) -> None:
        await reply.start(200, content_type=content_type)
        start = 0
        for cut in [*cuts, len(data)]:
            await reply.send(data[start:cut])
            start = cut
            await asyncio.sleep(0)
        await reply.end()

    return answer


def broken(data: bytes) -> Answer:
    """A streamed answer whose connection breaks after `data`."""

    async def answer(reply: HttpReply) -> None:
        await reply.start(200, content_type="text/event-stream")
        await reply.send(data)
        reply.abort()

    return answer


def hanging(data: bytes) -> Answer:
    """A streamed answer from which nothing more comes after `data`, until the client leaves."""

    async def answer(reply: HttpReply) -> None:
        await reply.start(200, content_type="text/event-stream")
        await reply.send(data)
        await reply.until_closed()

    return answer


def failing(
    status: int,
    body: bytes | Mapping[str, Any] = b"",
    *,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Answer:
    """An error."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(reply: HttpReply) -> None:
        await reply.whole(status, data, headers=headers, content_type=content_type)

    return answer


def silent(reply: HttpReply) -> Awaitable[None]:
    """An answer that never begins."""
    return reply.until_closed()
