"""The one transport: picks the route of each request, and pays for TLS only where it is spoken.

A route is a scheme and a proxy. Each has its own pool of kept-alive connections, made when a request
first needs it; loading the certificates (30 ms) waits for the first `https` route and happens in a
thread, so that neither a start with a model on this machine nor a keystroke pays for it.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from droid.net.proxies import proxy_for
from droid.net.redaction import shown_headers, shown_url
from droid.net.tls import create_empty_context, create_tls_context

logger = logging.getLogger(__name__)

_KEEPALIVE_S = 90.0
"""Long enough for a tool to run between two requests, shorter than load balancers keep a connection."""

_Route = tuple[bool, str | None]


class RoutingTransport(httpx.AsyncBaseTransport):
    """Sends each request directly or through the proxy that the environment names for it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._routes: dict[_Route, httpx.AsyncHTTPTransport] = {}
        self._opening = asyncio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        proxy = proxy_for(url.scheme, url.host, url.port, self._environ)
        needs_tls = url.scheme == "https" or (proxy is not None and proxy.startswith("https:"))
        route = (needs_tls, proxy)
        transport = self._routes.get(route) or await self._open(route)
        started = time.monotonic()
        response = await transport.handle_async_request(request)
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "%s %s answered %d",
                request.method,
                shown_url(str(url)),
                response.status_code,
                extra={
                    "duration_s": round(time.monotonic() - started, 4),
                    "proxied": proxy is not None,
                    "request_headers": shown_headers(request.headers),
                    "response_headers": shown_headers(response.headers),
                },
            )
        return response

    async def aclose(self) -> None:
        for transport in self._routes.values():
            await transport.aclose()
        self._routes.clear()

    async def _open(self, route: _Route) -> httpx.AsyncHTTPTransport:
        async with self._opening:
            if route in self._routes:
                return self._routes[route]
            needs_tls, proxy = route
            if needs_tls:
                context = await asyncio.to_thread(create_tls_context, self._environ)
            else:
                context = create_empty_context()
            transport = httpx.AsyncHTTPTransport(
                verify=context,
                proxy=_proxy(proxy, context) if proxy else None,
                limits=httpx.Limits(keepalive_expiry=_KEEPALIVE_S),
                trust_env=False,
            )
            self._routes[route] = transport
            return transport


def _proxy(url: str, context: ssl.SSLContext) -> httpx.Proxy:
    """A proxy that can be spoken to.

    Raises:
        httpx.ProxyError: without the password that the URL may hold.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it checks its range
        if parts.scheme in {"http", "https"} and parts.hostname:
            return httpx.Proxy(url, ssl_context=context if parts.scheme == "https" else None)
    except (ValueError, httpx.InvalidURL):
        pass  # the error quotes the URL
    message = f"the proxy {shown_url(url)} cannot be used: it must be http://host:port or https://host:port"
    raise httpx.ProxyError(message)
