"""Git remotes: what their names stand for, and one spelling for all ways to write an address.

Source: https://git-scm.com/docs/git-config and https://git-scm.com/docs/git-clone#_git_urls
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from droid.safety.commands.words import Word
from droid.safety.hosts import Destination, canonical_host, unnamed

_DEFAULT_PORTS = {"ssh": 22, "git+ssh": 22, "ssh+git": 22, "https": 443, "http": 80, "git": 9418}
_SCP = re.compile(r"(?:[^@/\s]+@)?(\[[0-9A-Fa-f:.]+\]|[^:/@\[\]\s]+):(?!//)(.+)", re.DOTALL)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?")
_SEPARATORS = frozenset("/?#@:")
_MAX_PORT = 65_535
_NAME = re.compile(r"[^/:\\\s~][^/:\\\s]*")
_ADDRESSES = frozenset({"url", "pushurl"})
# Settings that decide where a connection really goes, or what it is made with.
_ROUTES = re.compile(
    r"http\.(?:.*\.)?(?:proxy|sslverify|curloptresolve)|core\.(?:sshcommand|gitproxy)|remote\..*\.(?:proxy|vcs)|lfs\..*url"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remotes:
    """What the configuration of a repository says of places.

    Attributes:
        urls: Name to addresses, of fetching and of pushing.
        rewrites: `(beginning, what stands for it)`: `insteadOf` and `pushInsteadOf`.
        defaults: What is meant where no remote is named: names or addresses.
        routes: Settings that lead connections elsewhere, each with its value, as names.
    """

    urls: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    rewrites: tuple[tuple[str, str], ...] = ()
    defaults: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()

    def addresses(self, named: str) -> frozenset[str]:
        """Every address that a name or an address of a command line may stand for."""
        found = self.urls.get(named, (named,))
        return frozenset(one for url in found for one in self._rewritten(url))

    def _rewritten(self, url: str) -> Iterable[str]:
        yield url
        yield from (base + url[len(start) :] for start, base in self.rewrites if url.startswith(start))

    def known(self) -> frozenset[str]:
        """The names of all destinations that the configuration leads to."""
        places = (address_destination(one) for name in self.urls for one in self.addresses(name))
        return frozenset(
            {place.name for place in places if place is not None and place.named} | {*self.routes}
        )


def remotes_of(settings: Iterable[tuple[str, str]]) -> Remotes:
    """What settings say.

    Args:
        settings: Keys as git prints them, section and name in lower case; a key may come several times.
    """
    urls: dict[str, tuple[str, ...]] = {}
    rewrites: list[tuple[str, str]] = []
    defaults: dict[str, None] = {}
    routes: dict[str, None] = {}
    for key, value in settings:
        section, _, rest = key.partition(".")
        middle, _, name = rest.rpartition(".")
        if section == "remote" and name in _ADDRESSES:
            urls[middle] = (*urls.get(middle, ()), value)
        elif section == "url" and name in ("insteadof", "pushinsteadof"):
            rewrites.append((value, middle))
        elif (section == "branch" and name in ("remote", "pushremote")) or key == "remote.pushdefault":
            defaults[value] = None
        if _ROUTES.fullmatch(key):
            from hashlib import sha256  # hardly anybody sets one

            digest = sha256(value.encode(errors="surrogatepass")).hexdigest()[:12]
            routes[f"git setting {key} ({digest})"] = None
    return Remotes(urls=urls, rewrites=tuple(rewrites), defaults=tuple(defaults), routes=tuple(routes))


def remote_destinations(word: Word | None, remotes: Remotes) -> list[Destination]:
    """Where a remote leads that a command names, or that it takes where it names none."""
    if word is not None and (not word.known or word.may_split):
        return [unnamed(f"a remote that is not known: {word}")]
    named = [word.text] if word is not None else [*remotes.urls, *remotes.defaults]
    if not named:
        return [unnamed("a remote that is not known")]
    found: list[Destination] = []
    for name in named:
        if name in (".", "") or (name not in remotes.urls and _is_path(name)):
            continue
        if name not in remotes.urls and _NAME.fullmatch(name):
            found.append(unnamed(f"a remote that is not known: {name}"))
            continue
        places = map(address_destination, remotes.addresses(name))
        found += [place for place in places if place is not None]
    return [*found, *(Destination(name=route) for route in remotes.routes)]


def address_destination(url: str) -> Destination | None:
    """Where the address of a repository leads; None for a folder of this machine."""
    if _is_path(url):
        return None
    name = normalise_remote(url)
    if name is None or "::" in url or "\\" in url:  # `ext::…` and the like name a program, not a place
        return unnamed(f"a remote whose address cannot be read: {url}")
    if name.startswith("file:"):
        return None
    place = name.partition("/")[0]
    host, _, port = place.rpartition(":") if re.search(r":[0-9]+$", place) else (place, "", "")
    return Destination(name=name, host=canonical_host(host), port=int(port) if port else None)


def _is_path(text: str) -> bool:
    """A folder or a bundle of this machine: no scheme, and no colon before the first slash."""
    return "://" not in text and "::" not in text and ("/" in text.partition(":")[0] or text.startswith("~"))


def normalise_remote(url: str) -> str | None:
    """`host/path`, the same for all ways to write the address of one repository; None for what is none.

    Credentials, usual ports, the `.git` at the end and needless slashes go; the host is in lower case. A
    path of this machine stays one: `file:/srv/git/shop`.
    """
    url = url.strip()
    if not url or not url.isprintable() or re.search(r"\s", url):
        return None
    if "://" not in url:
        match = _SCP.fullmatch(url)
        if match is None:
            return f"file:{_path(url, keep='/')}" if url.startswith("/") else None
        return _joined(match[1], None, match[2])
    scheme, _, rest = url.partition("://")
    scheme = scheme.lower()
    authority, _, path = rest.partition("/")
    if scheme == "file":
        local = authority.lower() in ("", "localhost")
        return f"file:{_path(re.split('[?#]', path, maxsplit=1)[0], keep='/')}" if local else None
    match = _AUTHORITY.fullmatch(authority.rpartition("@")[2])
    if scheme not in _DEFAULT_PORTS or match is None or set("?#") & set(rest):
        return None
    port = int(match[2]) if match[2] else None
    if not authority.isascii() and _SEPARATORS & set(unicodedata.normalize("NFKC", match[1])):
        return None
    if port is not None and port > _MAX_PORT:
        return None
    return _joined(match[1], None if port == _DEFAULT_PORTS[scheme] else port, path)


def _joined(host: str, port: int | None, path: str) -> str | None:
    host = host.strip("[]").lower().rstrip(".")
    path = _path(path)
    if not host or not path:
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}/{path}" if port else f"{shown}/{path}"


def _path(path: str, keep: str = "") -> str:
    steps = [step for step in path.split("/") if step]
    if steps:
        steps[-1] = steps[-1].removesuffix(".git")
    return keep + "/".join(filter(None, steps))
