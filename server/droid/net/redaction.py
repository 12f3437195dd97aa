"""What may be shown of a request: names of headers, and values of those known to be harmless."""

from collections.abc import Mapping
from urllib.parse import urlsplit

_SHOWN = frozenset(
    {
        "accept",
        "anthropic-version",
        "cf-ray",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "request-id",
        "retry-after",
        "retry-after-ms",
        "server",
        "transfer-encoding",
        "user-agent",
        "x-request-id",
    }
)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers for a log: a value that is not known to be harmless becomes `***`."""
    return {name: value if name.lower() in _SHOWN else "***" for name, value in headers.items()}


def shown_url(url: str) -> str:
    """A URL without what may be secret in it: user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return "(an address that cannot be read)"
    if ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}{port}{parts.path}" if parts.scheme else f"{host}{port}{parts.path}"
