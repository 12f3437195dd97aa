"""One request over HTTP: what every wire format shares.

A wire says how a request is written and an answer is read; this module sends the one and streams the
other. After the last event of an answer the connection is read to its end, which is there already or
comes at once, so that the next request finds it alive. Leaving early, by closing the iterator or by a
cancel, closes the connection instead.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Iterable
from typing import Protocol, cast

import httpx

from droid.domain.errors import ProviderError
from droid.domain.models import ModelEvent, ModelFinished, ModelProfile, ModelRequest
from droid.net.client import HttpClient
from droid.providers.body import Body, BodyCache, Encoder
from droid.providers.errors import broken, refused, streamed, unreachable, unusable
from droid.providers.pacing import paced
from droid.providers.sse import SSEEvent, SSEReader
from droid.providers.urls import is_usable

logger = logging.getLogger(__name__)

_HEADERS = {
    "accept": "text/event-stream",
    # Compression would hold tokens back until a block is full.
    "accept-encoding": "identity",
    "content-type": "application/json",
}
_ERROR_BODY_BYTES = 64 * 1024
_ERROR_BODY_TIMEOUT_S = 5.0
_DRAIN_TIMEOUT_S = 0.1


class Decoder(Protocol):
    """Reads one answer.

    Attributes:
        ended: The server said that the answer is complete.
    """

    ended: bool

    def feed(self, events: Iterable[SSEEvent]) -> None:
        """Raises: ProviderError, or what a shape that was not expected raises."""
        ...

    def take(self) -> list[ModelEvent]:
        """What came since the last time, joined."""
        ...

    def finish(self) -> ModelFinished | None:
        """The whole answer; None where it is not whole."""
        ...


class WireFormat(Encoder, Protocol):
    """One API family."""

    def url(self, profile: ModelProfile) -> str: ...

    def headers(self, request: ModelRequest) -> dict[str, str]: ...

    def decoder(self, request: ModelRequest, prefix: str) -> Decoder: ...


class HttpProvider:
    """A `ModelProvider` that speaks one wire format."""

    def __init__(self, wire: WireFormat, client: HttpClient) -> None:
        self._wire = wire
        self._client = client
        self._bodies = BodyCache(wire)

    def forget(self, conversation_id: str) -> None:
        self._bodies.forget(conversation_id)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        profile = request.profile
        if not is_usable(profile.base_url):
            raise unusable(profile, "is no address of an HTTP server")
        body, prefix = self._bodies.encode(request)
        decoder = self._wire.decoder(request, prefix)
        started = time.monotonic()
        response = await self._send(request, body)
        try:
            if response.status_code != 200:
                raise await _refusal(profile, response)
            # httpx calls it an iterator; it is a generator, and closing it closes those below it.
            received = cast("AsyncGenerator[bytes, None]", response.aiter_bytes())
            async with (
                contextlib.aclosing(received),
                contextlib.aclosing(paced(received)) as chunks,
                contextlib.aclosing(_events(profile, decoder, chunks)) as events,
            ):
                async for event in events:
                    yield event
            finished = decoder.finish()
            if finished is None:
                raise broken(profile, "ended the answer before it was complete")
        finally:
            await response.aclose()
        logger.debug(
            "model request finished",
            extra={
                "conversation_id": request.conversation_id,
                "model": profile.id,
                "request_bytes": len(body),
                "request_id": response.headers.get("request-id") or response.headers.get("x-request-id"),
                "duration_s": round(time.monotonic() - started, 3),
            },
        )
        yield finished

    async def _send(self, request: ModelRequest, body: Body) -> httpx.Response:
        profile = request.profile
        try:
            message = self._client.build_request(
                "POST",
                self._wire.url(profile),
                headers=_HEADERS | self._wire.headers(request) | {"content-length": str(len(body))},
                content=_sent(body),
            )
            return await self._client.send(message, stream=True)
        except (httpx.LocalProtocolError, UnicodeError) as error:
            # The chain would quote the header that is wrong, which may be the key.
            raise unreachable(profile, error) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise unreachable(profile, error) from error


async def _sent(body: Body) -> AsyncGenerator[bytes, None]:
    for piece in body.pieces():
        yield piece


async def _events(
    profile: ModelProfile, decoder: Decoder, chunks: AsyncGenerator[bytes, None]
) -> AsyncGenerator[ModelEvent, None]:
    """The events of an answer, up to its last one; the stream has been read to its end then."""
    reader = SSEReader()
    opening = b""  # of an answer that may be no stream
    try:
        async for chunk in chunks:
            if opening is not None:
                opening = _sniff(profile, opening + chunk)
            failure = _feed(profile, decoder, reader, chunk)
            for event in decoder.take():
                yield event
            if failure is not None:
                raise failure
            if decoder.ended:
                await _drain(chunks)
                return
    except httpx.HTTPError as error:
        raise unreachable(profile, error) from error
    if opening:
        raise _not_a_stream(profile, opening)


def _feed(profile: ModelProfile, decoder: Decoder, reader: SSEReader, chunk: bytes) -> ProviderError | None:
    """Decode a chunk; the error is returned, for what came before it is worth showing."""
    try:
        decoder.feed(reader.feed(chunk))
    except ProviderError as error:
        return error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        failure = broken(profile, "sent an event that is not of its format")
        failure.__cause__ = error
        return failure
    return None


async def _drain(chunks: AsyncGenerator[bytes, None]) -> None:
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_DRAIN_TIMEOUT_S):
            async for _ in chunks:
                pass


def _sniff(profile: ModelProfile, opening: bytes) -> bytes | None:
    """Keep the beginning of an answer while it may be something else than a stream; None once it is one."""
    start = opening.lstrip()[:1]
    if start == b"<":
        raise unusable(profile, "answered with a web page")
    if start in {b"", b"{", b"["} and len(opening) < _ERROR_BODY_BYTES:
        return opening
    return None


def _not_a_stream(profile: ModelProfile, body: bytes) -> ProviderError:
    import json

    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and "error" in answer:
        return streamed(profile, answer["error"])  # pyright: ignore[reportUnknownArgumentType]
    return unusable(profile, "answered without streaming")


async def _refusal(profile: ModelProfile, response: httpx.Response) -> ProviderError:
    """The error for a status, with as much of the body as is worth reading."""
    body = bytearray()
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_ERROR_BODY_TIMEOUT_S):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) >= _ERROR_BODY_BYTES:
                    break
    return refused(profile, response.status_code, response.headers, bytes(body[:_ERROR_BODY_BYTES]))
