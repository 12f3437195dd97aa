"""The paths that a line of shell touches, as its words name them.

Only names: where they lead is found out by the engine, which looks at the file system. A word that is not
known at all is no path here; of one that is known in part, the rest counts.
"""

import re
from collections.abc import Iterator

from droid.safety.commands.model import (
    Assessment,
    RatedCommand,
    RedirectKind,
    SimpleCommand,
    Touch,
)
from droid.safety.commands.recursion import reads_below, recurses
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.git_paths import paths_of_git
from droid.safety.git_words import git_call
from droid.safety.implied_paths import implied_paths
from droid.safety.used_paths import USES, Use, UsedPath, paths_of

MAX_PATHS = 200
"""So many are looked at for one line; a line that touches more is asked about."""

_BETWEEN = re.compile(r"[\s'\"`;&|<>(){}=,\\]+")
_MAX_TEXT = 512
_MAX_TEXTS = 64
_COPIES = frozenset({"cp", "mv", "ln", "install", "rsync", "ditto", "gcp", "gmv", "gln", "ginstall"})
_LINKS = frozenset({"ln", "gln", "link"})
_MOVES = frozenset({"mv", "gmv", "rename"})
_CHANGES_BELOW = frozenset({"chmod", "chown", "chgrp", "setfacl", "chattr", "xattr"})
_READS = frozenset({Touch.READ, Touch.SEND, Touch.RUN})
_FILE_URL = re.compile(r"file:(?://(?:localhost)?)?(?=[/\0])", re.IGNORECASE)
_OPTIONS_OF_GLOBS = frozenset({"GLOBIGNORE", "BASHOPTS", "SHELLOPTS"})


def used_paths(assessment: Assessment, line: str) -> tuple[UsedPath, ...]:
    """All paths that a line touches on this machine, each once.

    Args:
        line: Its text: where it cannot be told what runs, or on what, whatever stands there may be a path.
    """
    found: dict[UsedPath, None] = {}
    for rated in assessment.commands:
        if not rated.command.remote:
            found |= dict.fromkeys(_of_command(rated, assessment))
    uses = set(Use) if assessment.undecidable is not None else _unknown_uses(assessment)
    if uses:
        texts = dict.fromkeys(text for text in _BETWEEN.split(line) if 1 < len(text) < _MAX_TEXT)
        for text in list(texts)[:_MAX_TEXTS]:
            for use in sorted(uses):
                found[UsedPath(use=use, text=text, certain=False)] = None
    return tuple(found)


def _unknown_uses(assessment: Assessment) -> set[Use]:
    """What is done with paths that are not known: `for f in .env; do cat $f; done`."""
    found: set[Use] = set()
    for rated in assessment.commands:
        if rated.command.remote:
            continue
        for touched in rated.effects.touched:
            if touched.word.text.startswith(UNKNOWN) and (use := USES.get(touched.how)) is not None:
                found.add(use)
        for redirect in rated.command.redirects:
            if redirect.target.text.startswith(UNKNOWN):
                found.add(Use.READ if redirect.kind is RedirectKind.READ else Use.WRITE)
    return found


def expands_widely(assessment: Assessment) -> bool:
    """Whether the line itself may change which names a glob stands for."""
    return any(
        rated.command.program in ("shopt", "set", "setopt", "zsh")
        or any(name in _OPTIONS_OF_GLOBS for name, _ in rated.command.assignments)
        for rated in assessment.commands
    )


def _of_command(rated: RatedCommand, assessment: Assessment) -> Iterator[UsedPath]:
    command, effects = rated.command, rated.effects
    for redirect in command.redirects:
        if redirect.kind is not RedirectKind.WRITE and redirect.kind is not RedirectKind.APPEND:
            yield from paths_of(Use.READ, redirect.target, command)
        if redirect.kind is not RedirectKind.READ:
            yield from paths_of(Use.WRITE, redirect.target, command)
    if effects.only_help or not command.words:
        return
    call = git_call(command)
    if call is not None:
        yield from paths_of_git(call, rated)
    else:
        yield from _of_program(rated)
        yield from implied_paths(rated, assessment)


def _of_program(rated: RatedCommand) -> Iterator[UsedPath]:
    command, effects = rated.command, rated.effects
    program = command.program or ""
    folders = tuple(touched.word for touched in effects.touched if touched.how is Touch.FOLDER)
    recursive = recurses(command)
    written = [touched.word for touched in effects.touched if touched.how is Touch.WRITE]
    sources = [touched.word for touched in effects.touched if touched.how in (Touch.READ, Touch.SEND)]
    moved = _moved(command, written) if program in _MOVES else []
    for touched in effects.touched:
        word = touched.word
        if touched.how in _READS:
            whole = reads_below(command) and touched.how is not Touch.RUN
            yield from paths_of(Use.READ, word, command, folders, whole=whole)
        elif touched.how is Touch.FETCH and _FILE_URL.match(word.text):
            yield from paths_of(Use.READ, Word(_FILE_URL.sub("", word.text)), command, folders)
        elif touched.how is Touch.DELETE or word in moved:
            yield from paths_of(Use.WRITE, word, command, folders, whole=True)
            if word in moved:  # by its new name, a secret would be none
                yield from paths_of(Use.READ, word, command, folders)
        elif touched.how is Touch.WRITE:
            puts = moved or sources if program in _COPIES else []
            links = sources if program in _LINKS or (program in _COPIES and _links(command)) else []
            yield from paths_of(
                Use.WRITE,
                word,
                command,
                folders,
                whole=recursive and program in _CHANGES_BELOW,
                puts=puts,
                links=links,
            )
            for source in links:
                # By its new name, it could be changed without anybody knowing.
                yield from paths_of(Use.WRITE, source, command, folders)
                yield from paths_of(Use.WRITE, source, command, folders, whole=True, certain=False)
            if program == "rsync" and any(flag.startswith("--del") for flag in effects.flags):
                yield from paths_of(Use.WRITE, word, command, folders, whole=True, certain=False)


def _links(command: SimpleCommand) -> bool:
    """Whether `cp` makes links instead of copies."""
    flag = re.compile(r"-[A-Za-z]*[ls][A-Za-z]*|--(?:link|sym.*)")
    return any(flag.fullmatch(word.text) for word in command.words[1:])


def _moved(command: SimpleCommand, written: list[Word]) -> list[Word]:
    """What `mv` takes away: all but the target."""
    into = any(
        word.text.startswith(("-t", "--t")) and not word.text.startswith("--tr") for word in command.words
    )
    return written[1:] if into else written[:-1]
