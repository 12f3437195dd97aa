"""A path as a command names it, before anybody has looked where it leads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from droid.safety.commands.model import SimpleCommand, Touch, base_name
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.globs import ANY_NAME

_QUIET = re.compile(
    r"-|/dev/(?:null|zero|full|random|urandom|stdin|stdout|stderr|tty|fd/\d+)|/proc/self/fd/\d+"
)
_NETWORK = re.compile(r"/dev/(?:tcp|udp)/")
_OWN_FOLDER = re.compile(rf"/proc/(?:self|thread-self|{UNKNOWN}|[0-9]+/task/[0-9]+)/cwd(?=/|$)")


class Use(StrEnum):
    """What is done with a path."""

    READ = "read"
    WRITE = "write"
    """It is created, changed, moved or removed."""


USES = {
    Touch.READ: Use.READ,
    Touch.SEND: Use.READ,
    Touch.RUN: Use.READ,
    Touch.WRITE: Use.WRITE,
    Touch.DELETE: Use.WRITE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPath:
    """A path of a command.

    Attributes:
        text: As it is written, `ANY_NAME` in the place of what is not known.
        folder: Where a relative one begins: relative to where the line starts, or absolute; None: not known.
        glob: The shell makes names of existing files of it.
        certain: That is what the command does; else it may.
        whole: If it is a folder, everything in it goes the same way.
        only: Of what is in it, only names that match this glob; empty: all.
        puts: Names of what is put into it, if it is a folder.
        puts_all: Folders whose content is put into it.
        leads_to: Paths that it will be a link to, as the link has them.
    """

    use: Use
    text: str
    folder: str | None = ""
    glob: bool = False
    certain: bool = True
    whole: bool = False
    only: str = ""
    puts: tuple[str, ...] = ()
    puts_all: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()


def paths_of(
    use: Use,
    word: Word,
    command: SimpleCommand,
    into: tuple[Word, ...] = (),
    *,
    certain: bool = True,
    whole: bool = False,
    only: str = "",
    puts: Sequence[Word] = (),
    links: Sequence[Word] = (),
) -> Iterator[UsedPath]:
    """The paths that a word may stand for; none where it is not known at all.

    Args:
        into: Folders that the command goes to itself (`git -C`).
        puts: What is put into it, where it is a folder.
        links: What it will be a link to.
    """
    text = word.text
    if not text.strip(UNKNOWN) or _QUIET.fullmatch(text) or _NETWORK.match(text):
        return
    own = _OWN_FOLDER.match(text)
    if own is not None:
        text = "." + text[own.end() :]
    names, all_of = _put(puts)
    text = text.replace(UNKNOWN, ANY_NAME)
    for folder in _folders(command, into):
        yield UsedPath(
            use=use,
            text=text,
            folder=folder,
            glob=word.glob,
            certain=certain and folder is not None,
            whole=whole,
            only=only,
            puts=names,
            puts_all=all_of,
            leads_to=tuple(link.text.replace(UNKNOWN, ANY_NAME) for link in links),
        )
    head, slash, rest = text.partition("/")
    if head.startswith(ANY_NAME) and slash and rest:
        # The folder that is not known may well be this one.
        yield UsedPath(use=use, text=rest.lstrip("/"), glob=word.glob, certain=False, whole=whole)


def _put(words: Sequence[Word]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of what is put into a folder, and folders whose content is."""
    names: list[str] = []
    folders: list[str] = []
    for word in words:
        text = word.text.replace(UNKNOWN, ANY_NAME)
        name = base_name(text)
        if name in (".", "..", "") or text.endswith("/"):
            folders.append(text)
        if name not in (".", "..", ""):
            names.append(name)
    return tuple(names), tuple(folders)


def _folders(command: SimpleCommand, into: tuple[Word, ...]) -> Iterator[str | None]:
    """Where relative paths may begin: where the command runs, and the folders that it goes to itself."""
    bases = [folder.text if folder.known else None for folder in command.folders] or [""]
    yield from dict.fromkeys(bases)
    for word in into:
        for base in bases:
            if not word.known:
                yield None
            elif word.text.startswith("/") or base == "":
                yield word.text
            else:
                yield None if base is None else f"{base}/{word.text}"
