"""Where data would go: hosts and addresses, and which of them settings allow.

An address is read as the strictest of its readers would: what two programs may take for two hosts
(`https://good.example\\@evil.example`), or what a program would fill in, is no host that anything allows.

Source: https://url.spec.whatwg.org/#host-parsing and https://curl.se/docs/url-syntax.html
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from droid.domain.policy import ListEntry
from droid.safety.commands.words import UNKNOWN, Word

_SHOWN_CHARACTERS = 200
_DEFAULT_PORTS = {
    "ftp": 21, "ftps": 990, "git": 9418, "http": 80, "https": 443, "sftp": 22, "ssh": 22, "ws": 80,
    "wss": 443,
}  # fmt: skip
_NO_PLACE = frozenset({"data", "file", "javascript", "about"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_LABELS = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# What an older and a newer reading of international names spell differently.
_DEVIATIONS = frozenset("ßς\u200c\u200d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place that data of a call would go to.

    Attributes:
        name: What it is compared and remembered by, and how people are told of it.
        host: In lower case and ASCII, for lists of allowed hosts; empty where none can match.
        port: Where it is not the usual one of its scheme.
        named: It can be told where that is; else it is new each time.
    """

    name: str
    host: str = ""
    port: int | None = None
    named: bool = True


def unnamed(why: str) -> Destination:
    """A place that cannot be told."""
    return Destination(name=_line(why), named=False)


def url_destination(text: str, scheme: str = "http") -> Destination | None:
    """Where an address leads; None for one that leaves nothing.

    Args:
        scheme: Of an address that says none.
    """
    match = _SCHEME.match(text)
    if match is not None:
        scheme, text = match[1].lower(), text[match.end() :]
    if scheme in _NO_PLACE:
        return None
    authority = re.split(r"[/?#\\]", text, maxsplit=1)[0]
    if text[len(authority) : len(authority) + 1] == "\\" or re.search(r"[\s\x00-\x20]", text):
        return unnamed(f"an address with two meanings: {text}")
    user, at, place = authority.rpartition("@")
    if at and ("@" in user or "%" in place):
        return unnamed(f"an address with two meanings: {text}")
    return host_destination(place, _DEFAULT_PORTS.get(scheme))


def host_destination(text: str, usual_port: int | None = None) -> Destination:
    """The place of `host`, `host:port` or `[v6]:port`."""
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]{0,5}))?", text)
    if match is None and text.count(":") > 1:
        match = re.fullmatch(r"([0-9A-Fa-f:.]+)()", text)
    if match is None or not match[1]:
        return unnamed(f"an address that cannot be read: {text}")
    host = canonical_host(match[1])
    port = int(match[2]) if match[2] else None
    port = None if port == usual_port else port
    shown = host or match[1].lower()
    shown = f"[{shown}]" if ":" in shown and not shown.startswith("[") else shown
    return Destination(name=_line(f"{shown}:{port}" if port is not None else shown), host=host, port=port)


def canonical_host(text: str) -> str:
    """A host as all its spellings have it; empty for one that programs may understand in several ways."""
    if text.startswith("[") or ":" in text:
        return _address(text.strip("[]"))
    host = text
    if not host.isascii():
        if _DEVIATIONS & set(host):
            return ""
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return ""
    host = host.lower().removesuffix(".")
    if _LABELS.fullmatch(host) is None:
        return ""
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # `2130706433`, `0x7f.1` and `0177.0.0.1` are addresses to some programs and names to others.
        return _address(host)
    return host


def _address(text: str) -> str:
    """An IP address in its one spelling; empty for what is none."""
    from ipaddress import ip_address  # most hosts are names

    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def allowing(entries: Iterable[ListEntry], destination: Destination) -> ListEntry | None:
    """The entry of a list of hosts that allows a destination: exact, or `*.suffix`."""
    if not destination.host:
        return None
    return next((entry for entry in entries if _allows(entry.text, destination)), None)


def _allows(entry: str, destination: Destination) -> bool:
    text = entry.strip()
    wild = text.startswith("*.")
    wanted = host_destination(text.removeprefix("*."))
    if not wanted.host or (wanted.port is not None and wanted.port != destination.port):
        return False
    if not wild:
        return destination.host == wanted.host
    return destination.host.endswith(f".{wanted.host}") and not _is_address(destination.host)


def _is_address(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit()


def word_destination(word: Word) -> Destination | None:
    """Where a word of a command leads that is an address: a URL, or a host as many programs take it.

    None for one that leaves nothing.
    """
    text = word.text
    if word.may_split or (not word.known and not _host_is_known(text)):
        return unnamed(f"an address that is not known: {word}")
    text = text.partition(UNKNOWN)[0]
    match = _SCHEME.match(text)
    start = match.end() if match else 0
    authority = re.split(r"[/?#]", text[start:], maxsplit=1)[0]
    ends = text[start + len(authority) :][:1]
    if set("*{}$`") & set(authority) or (word.glob and ends == "?"):
        return unnamed(f"an address that a program fills in: {text}")
    if match is not None:
        return url_destination(text)
    host = authority.rpartition("@")[2]
    if re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]+)(:[0-9]{0,5})?", host):
        return url_destination(authority)
    # `host:path`, as `scp` and `rsync` have it.
    return host_destination(host.partition(":")[0], 22)


def _host_is_known(text: str) -> bool:
    """Whether what is not known of a word comes only behind the host of a URL."""
    known = text.partition(UNKNOWN)[0]
    match = _SCHEME.match(known)
    return match is not None and re.search(r"[/?#]", known[match.end() :]) is not None


def _line(text: str) -> str:
    shown = text.replace(UNKNOWN, "…")
    return "".join(one if one.isprintable() else " " for one in shown)[:_SHOWN_CHARACTERS]
