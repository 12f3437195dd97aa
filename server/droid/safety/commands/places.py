"""Where the words of a command lead, as far as that can be told from the text; links are not followed."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from droid.safety.commands.model import Effects, SimpleCommand, Touch
from droid.safety.commands.words import UNKNOWN, Word

_IN_A_HOME = re.compile(r"""(?<![\w/~$])~([A-Za-z_][\w.-]*)((?:/[^\s'";|&<>()]*)?)""")
PACKS = frozenset({"tar", "bsdtar", "gtar", "star"})
"""What they write lies where they start, whatever folder they go to for what they read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The places that a command line is judged by; symlinks are not looked at."""

    cwd: PurePath
    workspace: PurePath
    home: PurePath


@dataclass(frozen=True, slots=True)
class Place:
    """A path that a word may stand for.

    Attributes:
        below: Not the path itself is meant but whatever lies below it.
        only: A glob that all names match; empty: any.
    """

    path: PurePath
    below: bool = False
    only: str = ""


def folders_of(command: SimpleCommand, effects: Effects) -> tuple[Word, ...]:
    """Where a command works, once it has gone to the folders that its flags name (`git -C`, `make -C`).

    Each flag goes on from the one before. Empty: where the line starts.
    """
    folders = command.folders
    for touched in effects.touched:
        if touched.how is Touch.FOLDER:
            folders = tuple(dict.fromkeys(_joined(one, touched.word) for one in folders or (Word(""),)))
    return folders


def _joined(folder: Word, target: Word) -> Word:
    if not target.known or target.glob:
        return Word(UNKNOWN)
    if target.text.startswith("/") or not folder.text:
        return target
    return Word(f"{folder.text}/{target.text}") if folder.known else Word(UNKNOWN)


def places_of(
    word: Word, command: SimpleCommand, moved: tuple[Word, ...], where: Where, *, reads: bool
) -> Iterator[Place]:
    """Where a word may lead; nothing where that is not known.

    Args:
        moved: `folders_of` the command.
        reads: It is read: then it counts from where the command starts, too.
    """
    if moved == command.folders or (not reads and command.program in PACKS):
        folders = command.folders
    else:
        folders = (*(command.folders or (Word(""),)), *moved) if reads else moved
    for path in _paths(word, folders, where):
        yield Place(path)
    if not word.known:
        for given in command.given:
            text = word.text.replace(UNKNOWN, given.word.text)
            below = given.below and not word.text.strip(UNKNOWN)
            for path in _paths(Word(text), folders, where):
                yield Place(path, below, given.only)


def paths_of(word: Word, command: SimpleCommand, where: Where) -> Iterator[PurePath]:
    """Where a word leads from where the command starts, absolute and without `..`."""
    return _paths(word, command.folders, where)


def _paths(word: Word, folders: tuple[Word, ...], where: Where) -> Iterator[PurePath]:
    text = word.text
    if text.startswith(UNKNOWN):
        rest = text.lstrip(UNKNOWN)
        # Whatever comes before: a secret keeps its name.
        if rest.startswith("/") and UNKNOWN not in rest:
            yield where.workspace / rest.lstrip("/")
        return
    if UNKNOWN in text:
        text = text.replace(UNKNOWN, "*")
    if not text:
        return
    for folder in folders or (Word(""),):
        if text.startswith("/"):
            yield PurePath(posixpath.normpath(text))
            return
        if folder.known:
            yield PurePath(posixpath.normpath(posixpath.join(str(where.cwd), folder.text, text)))
        else:
            yield PurePath(posixpath.normpath(posixpath.join(str(where.workspace), text.lstrip("/"))))


@lru_cache(maxsize=64)
def _homes(line: str) -> Mapping[str, str]:
    """The people whose homes a line names, by what stands behind them: `~bob/x`."""
    return {found[2]: found[1] for found in _IN_A_HOME.finditer(line)}


def others_home(word: Word, line: str, home: PurePath) -> PurePath | None:
    """The path of a word that begins in the home of somebody whom the line names: `~bob/x`."""
    rest = word.text.lstrip(UNKNOWN)
    if rest == word.text or UNKNOWN in rest or (rest and not rest.startswith("/")):
        return None
    name = _homes(line).get(rest)
    if name is None:
        return None
    folder = PurePath("/root") if name == "root" else home.parent / name
    return folder / rest.lstrip("/")
