"""Which proxy a request goes through, from the environment alone.

`HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` name proxies, and `NO_PROXY` what is reached directly:
hosts, domain suffixes, addresses and CIDR blocks, each with a port or without. Lower-case names win
over upper-case ones, as in curl. Loopback is never proxied: a model server on this machine must not
depend on what a company's proxy thinks of the name `localhost`.

Source: https://everything.curl.dev/usingcurl/proxies/env.html
"""

import ipaddress
from collections.abc import Mapping


def proxy_for(scheme: str, host: str, port: int | None, environ: Mapping[str, str]) -> str | None:
    """The URL of the proxy for a request to `scheme://host:port`, or None to connect directly."""
    host = host.strip("[]").rstrip(".").lower()
    if is_loopback(host) or _is_exempt(host, port, _variable(environ, "no_proxy")):
        return None
    proxy = _variable(environ, f"{scheme}_proxy") or _variable(environ, "all_proxy")
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    """Whether a host, given as a name or an address, is this machine."""
    address = _address(host)
    if address is not None:
        return address.is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _variable(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def _is_exempt(host: str, port: int | None, no_proxy: str) -> bool:
    address = _address(host)
    for entry in no_proxy.replace(",", " ").lower().split():
        if entry == "*":
            return True
        pattern, entry_port = _split_port(entry)
        if entry_port is not None and entry_port != port:
            continue
        if address is not None:
            if _covers(pattern, address):
                return True
        else:
            suffix = pattern.removeprefix("*").strip(".")
            if suffix and (host == suffix or host.endswith(f".{suffix}")):
                return True
    return False


def _covers(pattern: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return address in ipaddress.ip_network(pattern.strip("[]"), strict=False)
    except ValueError:
        return False  # a host name, or nothing that can be read: it exempts no address


def _split_port(entry: str) -> tuple[str, int | None]:
    name, colon, port = entry.rpartition(":")
    if colon and port.isdigit() and (":" not in name or name.endswith("]")):
        return name, int(port)
    return entry, None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
