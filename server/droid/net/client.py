"""The one HTTP client factory.

Everything that speaks HTTP receives a client from here, which applies the proxies and certificate
authorities of the environment, time-outs and the redaction of logs. Redirects are not followed: a
redirect would carry a key to an address that nobody configured.
"""

import importlib.util
import logging
import os
import sys
from collections.abc import Mapping

import httpx

from droid import __version__
from droid.net.transport import RoutingTransport

HttpClient = httpx.AsyncClient
"""The type of a client, for those who are given one."""

USER_AGENT = f"droid-lsp/{__version__}"

_CONNECT_TIMEOUT_S = 15.0
_WRITE_TIMEOUT_S = 60.0


def create_client(*, read_timeout_s: float = 300.0, environ: Mapping[str, str] | None = None) -> HttpClient:
    """A client that keeps connections alive between requests. Costs nothing until it is used.

    Args:
        read_timeout_s: The longest silence of a server, before its answer and within it.
        environ: Where proxies and certificate files are read from; this process's environment if None.
    """
    _spare_failing_imports()
    # Both log whole URLs, and httpcore the headers of answers; `net.transport` says what may be said.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return HttpClient(
        transport=RoutingTransport(os.environ if environ is None else environ),
        trust_env=False,
        follow_redirects=False,
        headers={"user-agent": USER_AGENT},
        timeout=httpx.Timeout(
            connect=_CONNECT_TIMEOUT_S, write=_WRITE_TIMEOUT_S, read=read_timeout_s, pool=None
        ),
    )


def _spare_failing_imports() -> None:
    """Say once that `sniffio` is not there, where it is not.

    httpcore tries to import it several times in every request (`httpcore/_synchronization.py`), and an
    import that fails searches the disk each time: a third of what a short request costs.
    """
    if "sniffio" not in sys.modules and importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # pyright: ignore[reportArgumentType]
