"""One request to an organisation's endpoint: what came, as it came, or why nothing did.

Everything about the answer is bounded: the whole of it by time, so that a server that drips cannot hold a
start up, and its body by size, whatever its length claims to be. It is taken as it is on the wire, since
the signature is over those bytes and a compressed answer could grow without bounds. Importing this loads
the HTTP client, so it is done off the event loop and only by who asks.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz

import httpx

from droid.domain.errors import DroidError
from droid.net.client import create_client
from droid.net.failures import explain_failure
from droid.net.redaction import shown_url
from droid.settings.jsonc import MAX_BYTES
from droid.settings.org_signature import SIGNATURE_HEADER

_LONGEST_ETAG = 512
_NOT_MODIFIED = 304


class FetchFailed(DroidError):
    """The endpoint gave no settings; the message says why and what to check, without naming it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the endpoint said.

    Attributes:
        data: None where what was had before still holds.
        signature: None where there was none.
        date: The endpoint's clock, in seconds since the epoch; None where it does not say.
    """

    data: bytes | None
    etag: str
    signature: str | None
    date: float | None


async def fetch(url: str, *, token: str, etag: str, environ: Mapping[str, str], timeout_s: float) -> Answer:
    """Ask the endpoint once.

    Args:
        etag: Of what is had already; empty asks for the whole.
        environ: Where proxies and certificate files are read from.
        timeout_s: For everything, from the name's resolution to the last byte.

    Raises:
        FetchFailed: no answer that can be used came in time.
    """
    headers = {"accept": "application/json", "accept-encoding": "identity"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if etag:
        headers["if-none-match"] = etag
    try:
        async with (
            asyncio.timeout(timeout_s),
            create_client(read_timeout_s=timeout_s, environ=environ) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            return await _read(response, revalidating=bool(etag))
    except TimeoutError as error:
        raise FetchFailed(
            f"it did not answer within {timeout_s:g} s: check the address and the network"
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(explain_failure(error, url).reason) from error


async def _read(response: httpx.Response, *, revalidating: bool) -> Answer:
    status, headers = response.status_code, response.headers
    etag = headers.get("etag", "")
    if len(etag) > _LONGEST_ETAG or not etag.isascii() or not etag.isprintable():
        etag = ""
    signature, date = headers.get(SIGNATURE_HEADER), _seconds(headers.get("date"))
    if status == _NOT_MODIFIED:
        if not revalidating:
            raise FetchFailed("it answered 304 (not modified) to somebody who has no copy: mend the endpoint")
        return Answer(data=None, etag=etag, signature=signature, date=date)
    if (reason := _refusal(status, headers)) is not None:
        raise FetchFailed(reason)
    return Answer(data=await _body(response), etag=etag, signature=signature, date=date)


def _refusal(status: int, headers: Mapping[str, str]) -> str | None:
    if 300 <= status < 400:
        target = shown_url(headers.get("location", ""))
        return f"it redirects to {target}, which is not followed: set the final address"
    if status in {401, 403}:
        return f"it answered {status}: check DROID_ORG_TOKEN"
    if status != 200:
        return f"it answered {status}: check the address and the endpoint"
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        what = kind if kind and kind.isascii() and kind.isprintable() else "something without a type"
        return f"it answered with {what[:80]}, not application/json: check the address, and what is before it"
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        return "its answer is compressed, which was not asked for: let it serve the bytes as they are"
    return None


async def _body(response: httpx.Response) -> bytes:
    too_large = "its answer is larger than 1 MiB: publish less"
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > MAX_BYTES:
        raise FetchFailed(too_large)
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > MAX_BYTES:
            raise FetchFailed(too_large)
    return bytes(data)


def _seconds(date: str | None) -> float | None:
    try:
        parsed = parsedate_tz(date) if date else None
        return None if parsed is None else float(mktime_tz(parsed))
    except (ValueError, OverflowError):
        return None
