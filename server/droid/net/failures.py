"""Why a request got no answer, in words that say what to check."""

import re
import socket
import ssl
from dataclasses import dataclass

import httpx

from droid.net.redaction import shown_url


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFailure:
    """What went wrong between this program and an address.

    Attributes:
        reason: One line without secrets; names the address.
        passing: The same request may work later, with nothing mended.
    """

    reason: str
    passing: bool


def explain_failure(error: Exception, url: str) -> NetworkFailure:
    """Explain an exception of the HTTP client.

    The text of an exception is not quoted where it may hold a header or a password.
    """
    address = shown_url(url)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _lasting(
                f"the certificate of {address} is not trusted ({cause.verify_message}): "
                "add its CA with SSL_CERT_FILE or NODE_EXTRA_CA_CERTS"
            )
    if isinstance(error, httpx.ProxyError):
        return _proxy_failure(str(error))
    if isinstance(error, httpx.ConnectTimeout):
        return _passing(f"no connection to {address} within the time-out: check the address and the network")
    if isinstance(error, httpx.ConnectError):
        return _passing(_connect_reason(error, address))
    if isinstance(error, httpx.TimeoutException):
        return _passing(f"{address} was silent for too long, so the request was given up")
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return _lasting(f"the address {address} cannot be used: it must begin with http:// or https://")
    if isinstance(error, httpx.LocalProtocolError | UnicodeError):
        return _lasting(
            f"a header for {address} has characters that HTTP forbids: check the key and extra headers"
        )
    return _passing(f"the connection to {address} broke off ({type(error).__name__})")


def _connect_reason(error: Exception, address: str) -> str:
    for cause in _causes(error):
        if isinstance(cause, ConnectionRefusedError):
            return f"{address} refused the connection: check that a server runs there, and the base URL"
        if isinstance(cause, socket.gaierror):
            return f"the host of {address} cannot be found: check the base URL and the network"
        if isinstance(cause, ssl.SSLError):
            return f"no TLS connection to {address} ({cause.reason or 'unknown reason'}): check the base URL"
    return f"no connection to {address}: check the base URL and the network"


def _proxy_failure(said: str) -> NetworkFailure:
    passing = re.search(r"\b(429|5[0-9][0-9])\b", said) is not None
    reason = f"the proxy refused ({said[:200]}): check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
    return NetworkFailure(reason=reason, passing=passing)


def _passing(reason: str) -> NetworkFailure:
    return NetworkFailure(reason=reason, passing=True)


def _lasting(reason: str) -> NetworkFailure:
    return NetworkFailure(reason=reason, passing=False)


def _causes(error: BaseException | None) -> list[BaseException]:
    causes: list[BaseException] = []
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__
    return causes
