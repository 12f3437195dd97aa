"""Whether a line does what is asked about at every autonomy level (`builtin_denylist`)."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePath

from droid.safety.builtin_denylist import (
    DESTRUCTIVE,
    DEVICES,
    PROTECTED_BRANCHES,
    SYSTEM_FILES,
    Destructive,
)
from droid.safety.commands.entries import WordsPattern, compile_pattern, reading_of
from droid.safety.commands.model import Assessment, RatedCommand, SimpleCommand, Touch
from droid.safety.commands.patterns import may_be
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.list_words import shown, writes_file

# Looked for from where words begin: from each letter, a long word would take the square of its length.
_FORK_BOMB = re.compile(
    r"(?<![\w:.@-])([\w:.@-]+)\s*\(\s*\)\s*\{\s*(?:\1\s*\|\s*\1|\1\s*&\s*\1)\s*&?\s*;?\s*\}\s*;?\s*\1",
    re.ASCII,
)
_CHANGES = frozenset({Touch.WRITE, Touch.DELETE})
_FORCES = frozenset({"-f", "--force", "--force-with-lease", "--force-if-includes", "-d", "--delete"})


def destructive(
    assessment: Assessment, command: str, *, home: PurePath, branches: Sequence[str] = ()
) -> tuple[str, str] | None:
    """Why a line is asked about at every level, and what of it; None where it is not.

    Args:
        command: The line itself.
        branches: Globs of branches that are protected besides the usual ones.
    """
    if _FORK_BOMB.search(command[:65_536]):
        return "starts itself without end", command[:100]
    if assessment.undecidable is not None:
        return "runs something that cannot be told", assessment.undecidable
    line = [rated.command for rated in assessment.commands]
    for rated in assessment.commands:
        if (target := _written_device(rated)) is not None:
            return "writes to a device or a file that the system needs", target
        if not rated.command.words:
            continue
        name = rated.command.program
        if name is None:
            return "runs something that cannot be told", shown(rated.command)
        if name == "git" and (branch := _forced_branch(rated.command, branches)) is not None:
            return f"forces {branch} to other commits", shown(rated.command)
        for row, parts in _rows_of(name.casefold().removesuffix(".exe")):
            if _does(row, parts, rated.command, line, str(home)):
                return row.why, shown(rated.command)
    return None


@lru_cache(maxsize=1024)
def _rows_of(name: str) -> tuple[tuple[Destructive, tuple[WordsPattern, ...]], ...]:
    """The rows that speak of a program, each with its patterns that do."""
    found: list[tuple[Destructive, tuple[WordsPattern, ...]]] = []
    for row in DESTRUCTIVE:
        every = [part for entry in row.entries for part in compile_pattern(entry).parts]
        parts = tuple(part for part in every if fnmatchcase(name, part.name))
        if parts:
            found.append((row, parts))
    return tuple(found)


def _does(
    row: Destructive,
    parts: Sequence[WordsPattern],
    command: SimpleCommand,
    line: Sequence[SimpleCommand],
    home: str,
) -> bool:
    if not any(may_be(part, command, line) for part in parts):
        return False
    words = command.words[1:]
    if any(fnmatchcase(word.text, glob) for word in words for glob in row.but):
        return False
    if not row.operands:
        # What could be anything is no reason to ask at every level.
        known = SimpleCommand(words=tuple(word for word in command.words if word.known))
        return any(may_be(part, known, line) for part in parts)
    globs = [glob.replace("{home}", home.rstrip("/") or "/") for glob in row.operands]
    return any(fnmatchcase(path, glob) for word in words for path in _paths(word) for glob in globs)


def _paths(word: Word) -> Iterator[str]:
    """A word as a path, once with a piece that is not known turned out empty."""
    text = word.text.replace(UNKNOWN, "")
    if text:
        path = posixpath.normpath(text)
        yield path[1:] if path.startswith("//") else path


def _written_device(rated: RatedCommand) -> str | None:
    words = [one.target for one in rated.command.redirects if writes_file(one.kind, one.target)]
    words += [touched.word for touched in rated.effects.touched if touched.how in _CHANGES]
    return _first_device(words)


def _first_device(words: Sequence[Word]) -> str | None:
    for word in words:
        path = posixpath.normpath(word.text)
        if any(fnmatchcase(path, glob) for glob in (*DEVICES, *SYSTEM_FILES)):
            return path
    return None


def _forced_branch(command: SimpleCommand, branches: Sequence[str]) -> str | None:
    """The protected branch that a push would overwrite or delete; `a branch` where it names none."""
    given = reading_of(command)
    if given.path != ("push",):
        return None
    forced = {flag.name for flag in given.flags} & _FORCES
    refs = given.operands[1:]
    targets = [_target_of(word.text) for word in refs if forced or word.text[:1] in ("+", ":")]
    if not refs and forced - {"-d", "--delete"}:
        return "a branch"
    for target in targets:
        if UNKNOWN in target or target == "HEAD":
            return "a branch"
        if any(fnmatchcase(target, glob) for glob in (*PROTECTED_BRANCHES, *branches)):
            return target
    return None


def _target_of(ref: str) -> str:
    source, colon, target = ref.removeprefix("+").partition(":")
    return (target if colon else source).removeprefix("refs/heads/")
