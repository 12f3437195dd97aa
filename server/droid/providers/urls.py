"""Addresses of endpoints below a base URL, and how their hosts want the key."""

from functools import cache
from urllib.parse import urlsplit, urlunsplit

from droid.domain.models import ModelProfile


def endpoint(base_url: str, path: str) -> str:
    """`path` below `base_url`, whose query is kept; unchanged where the base already ends with it."""
    parts = urlsplit(base_url.strip())
    base = parts.path.rstrip("/")
    name = path.rpartition("/")[2]
    full = base if base.endswith(f"/{name}") else f"{base}/{path}"
    return urlunsplit((parts.scheme, parts.netloc, full, parts.query, ""))


@cache
def is_usable(base_url: str) -> bool:
    """Whether an address is one that HTTP can be spoken to."""
    try:
        parts = urlsplit(base_url.strip())
        _ = parts.port  # reading it checks its range
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def host_of(base_url: str) -> str:
    """The host name of an address, in lower case; empty where it has none."""
    return (urlsplit(base_url).hostname or "").lower()


def is_azure(base_url: str) -> bool:
    """Whether an address belongs to Azure OpenAI or AI Foundry, which take the key in another header."""
    return host_of(base_url).endswith((".azure.com", ".azure.us", ".azure.cn"))


def openai_endpoint(base_url: str, path: str) -> str:
    """An OpenAI-style endpoint; the vendor's own host may be given without its `/v1`."""
    if host_of(base_url) == "api.openai.com" and urlsplit(base_url).path.strip("/") == "":
        return endpoint(base_url, f"v1/{path}")
    return endpoint(base_url, path)


def bearer_headers(profile: ModelProfile) -> dict[str, str]:
    """The headers of an OpenAI-style API: the key, where there is one, and the profile's own."""
    headers: dict[str, str] = {}
    if profile.api_key and is_azure(profile.base_url):
        headers["api-key"] = profile.api_key
    elif profile.api_key:
        headers["authorization"] = f"Bearer {profile.api_key}"
    return headers | {name.lower(): value for name, value in profile.extra_headers.items()}
