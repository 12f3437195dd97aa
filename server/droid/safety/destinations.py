"""Which places a line of shell would send data to, or ask for data: a request carries data in its address.

What each command touches comes from the table of programs. Beside it (`reaching.py`) stand the programs that
reach a service of their own without naming it, those that reach out whatever their words say, and what leads
a connection elsewhere than it seems. Scripts and builds (`make`, `npm run`, `python x.py`) are opaque here as
they are everywhere: what they reach is the sandbox's business.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from droid.domain.levels import Risk
from droid.safety.commands.model import Assessment, InnerKind, RatedCommand, Touch
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.hosts import Destination, host_destination, unnamed, url_destination, word_destination
from droid.safety.reaching import (
    COPIES,
    DATABASE_FLAGS,
    DATABASE_HOST,
    DATABASES,
    GIT_ASKS,
    GIT_REACHES,
    IMAGE_DEEDS,
    IMAGES,
    LOCAL_ROWS,
    LOOKS_UP,
    NETWORK,
    PUBLISHES,
    ROUTING_VARIABLES,
    SAID_OF_SCRIPTS,
    SAID_TO_REACH,
    SERVICES,
    SPEAKS,
    STORES,
    detour,
    routes,
)
from droid.safety.remotes import Remotes, address_destination, remote_destinations

_REACHES = frozenset({Touch.FETCH, Touch.HOST})
_DEVICE = re.compile(r"/dev/(?:tcp|udp)/([^/]*)/([^/]*)")
_URL = re.compile(r"(?:https?|ftps?|wss?)://[^\s\"'`<>)]+", re.IGNORECASE)
_URL_WORD = re.compile(r"(?:--?[\w-]+=)?([A-Za-z][A-Za-z0-9+.-]*://.+)", re.DOTALL)
_MONGO_PLACE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::[0-9]+)?(?:/[\w-]*)?")
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost", "", "[::1]"})
_CODE_FLAGS = frozenset({"-c", "-e", "-E", "-r", "--eval", "--execute"})


def destinations_of(
    assessment: Assessment, remotes: Mapping[str, Remotes] | None = None
) -> tuple[Destination, ...]:
    """Every place that a line would reach, each once, in its order.

    Args:
        remotes: What git's configuration says in each folder of `git_folders`; a folder that is not among
            them is not known.
    """
    found: dict[Destination, None] = {}
    sets_routes = any(map(_sets_routes, assessment.commands))
    for rated in assessment.commands:
        if rated.effects.only_help and not rated.command.redirects:
            continue
        reached = list(_of(rated, remotes or {}))
        if reached and _is_git(rated) and sets_routes:
            reached.append(unnamed("the line changes git's settings before it uses them"))
        found.update(dict.fromkeys(reached))
    if assessment.undecidable is not None:
        found[unnamed(f"a place that cannot be told: {assessment.undecidable}")] = None
    return tuple(found)


def reaches_out(assessment: Assessment) -> str | None:
    """The program by which text of the network comes in, or may; None where none does."""
    if assessment.undecidable is not None:
        return "a command that cannot be told"
    for rated in assessment.commands:
        if not rated.effects.only_help and any(True for _ in _of(rated, {})):
            return rated.effects.row or rated.command.program or "a command"
    return None


def git_folders(assessment: Assessment) -> frozenset[str]:
    """The folders, relative to where the line starts, whose git configuration decides where it reaches."""
    folders = (_git_folder(rated) for rated in assessment.commands if _asks_git(rated))
    return frozenset(folder for folder in folders if folder is not None)


def _of(rated: RatedCommand, remotes: Mapping[str, Remotes]) -> Iterator[Destination]:
    command = rated.command
    program = (command.program or "").lower()
    for redirect in command.redirects:
        yield from _device(redirect.target)
    for word in command.words:
        yield from _device(word)
    reached = list(_git(rated, remotes)) if _is_git(rated) else list(_addresses(rated, program))
    if not reached:
        reached = list(_without_address(rated, program))
    yield from reached
    if not reached and program not in DATABASES:
        return
    routed = next((name for name, _ in command.assignments if ROUTING_VARIABLES.fullmatch(name)), None)
    routed = routed or detour(program, [word.text for word in command.words[1:]])
    if routed is not None:
        yield unnamed(f"{routed} decides where {program} connects")
    if command.many:
        yield unnamed(f"what {program} is given is not known")


def _device(word: Word) -> Iterator[Destination]:
    """`/dev/tcp/host/port`, which shells open as a connection."""
    match = _DEVICE.search(word.text)
    if match is not None:
        place = f"{match[1]}:{match[2]}"
        yield host_destination(place) if word.known else unnamed(f"an address that is not known: {word}")


def _addresses(rated: RatedCommand, program: str) -> Iterator[Destination]:
    """What the table says is an address; of a program that it does not know, every URL in its words."""
    told = [touched.word for touched in rated.effects.touched if touched.how in _REACHES]
    for word in told:
        place = _image(word) if program in IMAGES else word_destination(word)
        if place is not None:
            yield place
    words = rated.command.words[1:]
    if not rated.effects.row:
        urls = [(match[0], word) for word in words for match in _URL.finditer(word.text)]
    elif (rated.risk > Risk.LOW or program in SERVICES) and not told:
        # A registry or an index that an option names, which the table takes for any value.
        urls = [(match[1], word) for word in words if (match := _URL_WORD.fullmatch(word.text)) is not None]
    else:
        urls = []
    for text, word in urls:
        store = STORES.match(text)
        if store is not None and UNKNOWN not in store[0]:
            yield Destination(name=store[0].lower())
        elif (place := word_destination(Word(text, may_split=word.may_split))) is not None:
            yield place
    if program in DATABASES:
        yield from _database(program, words)


def _database(program: str, words: Sequence[Word]) -> Iterator[Destination]:
    """The machine that a database is looked for on, unless it is this one."""
    before = ""
    for word in words:
        match = DATABASE_HOST.match(word.text)
        named = match[1] if match is not None else None
        if before in DATABASE_FLAGS or (named is None and _is_mongo_place(program, word)):
            named = word.text
        before = word.text
        if named is None or named.startswith("/") or named.partition(":")[0].lower() in _THIS_MACHINE:
            continue
        place = word_destination(Word(named, may_split=word.may_split)) if "://" not in named else None
        if place is not None:
            yield place


def _is_mongo_place(program: str, word: Word) -> bool:
    return program.startswith("mongo") and _MONGO_PLACE.fullmatch(word.text) is not None


def _image(word: Word) -> Destination:
    """The registry of a container image."""
    if "://" in word.text:
        place = word_destination(word)
        return place if place is not None else unnamed(f"an address that leads here: {word}")
    first, slash, _ = word.text.partition("/")
    if not word.known:
        return unnamed(f"an image that is not known: {word}")
    is_host = slash and ("." in first or ":" in first or first == "localhost")
    return host_destination(first if is_host else "docker.io", 443)


def _without_address(rated: RatedCommand, program: str) -> Iterator[Destination]:
    """Programs that name nobody and reach out all the same."""
    command, effects = rated.command, rated.effects
    words = command.words
    first = words[1].text if len(words) > 1 else ""
    operands = [word for word in effects.operands if not word.text.startswith(("-", "+"))]
    is_open = command.many or any(not word.known or word.may_split for word in words)
    said = "; ".join((effects.reason, *rated.raised))
    is_said = rated.risk > Risk.LOW and SAID_TO_REACH.search(said) is not None
    if program in SERVICES and (len(words) > 1 or is_said) and not effects.row.startswith(LOCAL_ROWS):
        yield host_destination(SERVICES[program])
    elif program in LOOKS_UP and operands:
        yield from (_looked_up(word) for word in operands)
    elif program in COPIES:
        far = [word for word in operands if ":" in word.text.partition("/")[0] or not word.known]
        yield from (place for word in far if (place := word_destination(word)) is not None)
    elif program in IMAGES and first in IMAGE_DEEDS:
        yield from map(_image, words[-1:])
    elif (host := PUBLISHES.get((program, first))) is not None:
        # A file of settings may name another: nothing that was said of this one holds for that.
        yield unnamed(f"{host}, unless settings name another registry")
    elif program in NETWORK and len(words) > 1 and (is_open or not effects.row):
        yield unnamed(f"where {program} connects is not known")
    elif any(touched.how is Touch.SEND for touched in effects.touched):
        yield unnamed(f"where {effects.row or program} sends data is not known")
    elif is_said and not _is_git(rated) and SAID_OF_SCRIPTS.search(said) is None and not _is_here(rated):
        yield unnamed(f"where {effects.row or program} connects is not known")
    for inner in effects.inner:
        if inner.kind is InnerKind.CODE:
            yield from _code(inner.text.text, program)
    if not effects.row and any(word.text in _CODE_FLAGS for word in words):
        for word in words:
            yield from _code(word.text, program)


def _is_here(rated: RatedCommand) -> bool:
    """Whether all addresses that it is given are of this machine."""
    told = [touched.word for touched in rated.effects.touched if touched.how in _REACHES]
    return bool(told) and all(word_destination(word) is None for word in told)


def _looked_up(word: Word) -> Destination:
    """A name that others are asked about: the name itself is what is sent."""
    if not word.known or word.may_split:
        return unnamed(f"a name that is not known: {word}")
    return host_destination(word.text.lstrip("@"))


def _code(text: str, program: str) -> Iterator[Destination]:
    """Addresses that stand in code; code that speaks to others without naming them names nobody."""
    addresses = [url_destination(match[0]) for match in _URL.finditer(text)]
    found = [place for place in addresses if place is not None]
    if found:
        yield from found
    elif SPEAKS.search(text):
        yield unnamed(f"where the code of {program} connects is not known")


def _is_git(rated: RatedCommand) -> bool:
    program = (rated.command.program or "").lower()
    return program in ("git", "hub") or program.startswith("git-")


def _asks_git(rated: RatedCommand) -> bool:
    touches = any(touched.how in _REACHES for touched in rated.effects.touched)
    return _is_git(rated) and (touches or rated.effects.row in GIT_ASKS)


def _git(rated: RatedCommand, remotes: Mapping[str, Remotes]) -> Iterator[Destination]:
    effects, row = rated.effects, rated.effects.row
    words = [touched.word for touched in effects.touched if touched.how in _REACHES]
    if effects.undecidable is not None:
        yield unnamed(f"a git command that cannot be told: {effects.undecidable}")
        return
    if (row.startswith(GIT_REACHES) and not words) or _fetches_at_once(rated):
        yield unnamed(f"where {row} connects is not known")
        return
    if not words and row not in GIT_ASKS:
        return
    if row == "git clone":
        for word in words:
            place = (
                address_destination(word.text)
                if word.known
                else unnamed(f"a remote that is not known: {word}")
            )
            if place is not None:
                yield place
        return
    folder = _git_folder(rated)
    known = remotes.get(folder) if folder is not None else None
    for word in words or [None]:
        if known is None:
            yield unnamed("a remote of a repository that is not known")
        else:
            yield from remote_destinations(word, known)
    for flag, value in effects.options:
        if flag in ("-c", "--config", "--config-env") and routes(value.text):
            yield unnamed("a setting of git decides where it connects")


def _fetches_at_once(rated: RatedCommand) -> bool:
    flags = (word.text for word in rated.command.words if word.text.startswith("-"))
    return rated.effects.row == "git remote add" and any("f" in flag[1:4] for flag in flags)


def _git_folder(rated: RatedCommand) -> str | None:
    """Where a git command works, relative to where the line starts; None where that is not known."""
    command = rated.command
    if command.remote or len(command.folders) > 1:
        return None
    folder = command.folders[0] if command.folders else Word("")
    if not folder.known or folder.may_split:
        return None
    text = folder.text
    for flag, value in rated.effects.options:
        if flag in ("--git-dir", "--work-tree", "--exec-path"):
            return None
        if flag == "-C":
            if not value.known or value.may_split:
                return None
            text = value.text if value.text.startswith("/") or not text else f"{text}/{value.text}"
    return text


def _sets_routes(rated: RatedCommand) -> bool:
    """Whether a command changes what git takes for its remotes and connections."""
    row = rated.effects.row
    if row.startswith(("git config", "git remote ")) and rated.risk > Risk.LOW:
        return True
    written = (touched.word.text for touched in rated.effects.touched if touched.how is Touch.WRITE)
    targets = (one.target.text for one in rated.command.redirects)
    return any(".git" in text.lower() for text in (*written, *targets))
