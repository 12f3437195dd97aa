"""The paths that a line of shell touches, as its words name them.

Only names: where they lead is found out by the engine, which looks at the file system. A word that is not
known at all is no path here; of one that is known in part, the rest counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from droid.safety.commands.model import (
    Assessment,
    RatedCommand,
    RedirectKind,
    SimpleCommand,
    Touch,
    base_name,
)
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.git_words import GitCall, git_call, options_of
from droid.safety.globs import ANY_NAME

MAX_PATHS = 200
"""So many are looked at for one line; a line that touches more is asked about."""

_QUIET = re.compile(
    r"-|/dev/(?:null|zero|full|random|urandom|stdin|stdout|stderr|tty|fd/\d+)|/proc/self/fd/\d+"
)
_BETWEEN = re.compile(r"[\s'\"`;&|<>(){}=,\\]+")
_MAX_TEXT = 512
_MAX_TEXTS = 64
_NETWORK = re.compile(r"/dev/(?:tcp|udp)/")
_OWN_FOLDER = re.compile(r"/proc/(?:self|thread-self|\d+/task/\d+)/cwd(?=/|$)")
_COPIES = frozenset({"cp", "mv", "ln", "install", "rsync", "ditto", "gcp", "gmv", "gln", "ginstall"})
_LINKS = frozenset({"ln", "gln", "link"})
_MOVES = frozenset({"mv", "gmv", "rename"})
_CHANGES_BELOW = frozenset({"chmod", "chown", "chgrp", "setfacl", "chattr", "xattr"})
_READS_BELOW = frozenset(
    {
        "7z", "7za", "ack", "ag", "bsdtar", "cp", "cpio", "ditto", "egrep", "fgrep", "gcp", "ggrep", "grep",
        "gtar", "rg", "rsync", "scp", "tar", "zip",
    }
)  # fmt: skip
_RECURSES = re.compile(r"-[A-Za-z]*[rRa][A-Za-z]*|--(?:recursive|archive|dereference-recursive)")
_ALWAYS_RECURSES = frozenset({"rg", "ag", "ack", "tar", "gtar", "bsdtar", "7z", "7za", "ditto", "cpio"})
_READS = frozenset({Touch.READ, Touch.SEND, Touch.RUN})
_WHOLE_TREE = frozenset({"clean", "apply"})
_REVISION = re.compile(r":[0-3]:|[^:/.][^:]*:|:")
_FILE_URL = re.compile(r"file:(?://(?:localhost)?)?(?=[/\0])", re.IGNORECASE)
_OPTIONS_OF_GLOBS = frozenset({"GLOBIGNORE", "BASHOPTS", "SHELLOPTS"})


class Use(StrEnum):
    """What is done with a path."""

    READ = "read"
    WRITE = "write"
    """It is created, changed, moved or removed."""


_USES = {
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
    puts: tuple[str, ...] = ()
    puts_all: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()


def used_paths(assessment: Assessment, line: str) -> tuple[UsedPath, ...]:
    """All paths that a line touches on this machine, each once.

    Args:
        line: Its text: where it cannot be told what runs, or on what, whatever stands there may be a path.
    """
    found: dict[UsedPath, None] = {}
    for rated in assessment.commands:
        if not rated.command.remote:
            found |= dict.fromkeys(_of_command(rated))
            if rated.command.program == "find":
                found |= dict.fromkeys(_of_find(rated, assessment))
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
            if touched.word.text.startswith(UNKNOWN) and (use := _USES.get(touched.how)) is not None:
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


def _of_command(rated: RatedCommand) -> Iterator[UsedPath]:
    command, effects = rated.command, rated.effects
    for redirect in command.redirects:
        if redirect.kind is not RedirectKind.WRITE and redirect.kind is not RedirectKind.APPEND:
            yield from _paths(Use.READ, redirect.target, command)
        if redirect.kind is not RedirectKind.READ:
            yield from _paths(Use.WRITE, redirect.target, command)
    if effects.only_help or not command.words:
        return
    call = git_call(command)
    if call is not None:
        yield from _of_git(call, rated)
    else:
        yield from _of_program(rated)


def _of_program(rated: RatedCommand) -> Iterator[UsedPath]:
    command, effects = rated.command, rated.effects
    program = command.program or ""
    folders = tuple(touched.word for touched in effects.touched if touched.how is Touch.FOLDER)
    recursive = program in _ALWAYS_RECURSES or any(
        _RECURSES.fullmatch(word.text) for word in command.words[1:]
    )
    written = [touched.word for touched in effects.touched if touched.how is Touch.WRITE]
    sources = [touched.word for touched in effects.touched if touched.how in (Touch.READ, Touch.SEND)]
    moved = _moved(command, written) if program in _MOVES else []
    for touched in effects.touched:
        word = touched.word
        if touched.how in _READS:
            whole = recursive and program in _READS_BELOW and touched.how is not Touch.RUN
            yield from _paths(Use.READ, word, command, folders, whole=whole)
        elif touched.how is Touch.FETCH and _FILE_URL.match(word.text):
            yield from _paths(Use.READ, Word(_FILE_URL.sub("", word.text)), command, folders)
        elif touched.how is Touch.DELETE or word in moved:
            yield from _paths(Use.WRITE, word, command, folders, whole=True)
        elif touched.how is Touch.WRITE:
            puts = moved or sources if program in _COPIES else []
            links = sources if program in _LINKS or (program in _COPIES and _links(command)) else []
            yield from _paths(
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
                yield from _paths(Use.WRITE, source, command, folders)
                yield from _paths(Use.WRITE, source, command, folders, whole=True, certain=False)
            if program == "rsync" and any(flag.startswith("--del") for flag in effects.flags):
                yield from _paths(Use.WRITE, word, command, folders, whole=True, certain=False)
    if program == "patch":
        yield from _paths(Use.WRITE, Word("."), command, folders, whole=True, certain=False)
    if not effects.row:
        yield from _of_unknown(command)


def _of_find(rated: RatedCommand, assessment: Assessment) -> Iterator[UsedPath]:
    """What `find` deletes, or hands to another program, lies below the folders that it looks in."""
    command, effects = rated.command, rated.effects
    below = [one for one in assessment.commands if "find" in one.command.via]
    touches = {touched.how for one in below for touched in one.effects.touched}
    roots = [touched.word for touched in effects.touched if touched.how is Touch.READ] or [Word(".")]
    for word in roots:
        if "-delete" in effects.flags or touches & {Touch.WRITE, Touch.DELETE}:
            yield from _paths(Use.WRITE, word, command, whole=True, certain=False)
        if touches & _READS:
            yield from _paths(Use.READ, word, command, whole=True, certain=False)


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


def _of_unknown(command: SimpleCommand) -> Iterator[UsedPath]:
    """Of a program that is not in the table, any word may be a file that it reads, or changes."""
    for word in command.words[1:]:
        text = word.text
        if text.startswith("-"):
            text = text.partition("=")[2]
        if text and not text.startswith("-") and "://" not in text and len(text) < 4096:
            path = Word(text, word.glob, word.may_split)
            yield from _paths(Use.READ, path, command)
            yield from _paths(Use.WRITE, path, command, certain=False)


def _of_git(call: GitCall, rated: RatedCommand) -> Iterator[UsedPath]:
    """Git's own commands: a path may stand behind a revision, and some change all files."""
    effects = rated.effects
    command = rated.command
    folders = tuple(touched.word for touched in effects.touched if touched.how is Touch.FOLDER)
    written = [touched.word for touched in effects.touched if touched.how is Touch.WRITE]
    moved = written[:-1] if call.name == "mv" else []
    for touched in effects.touched:
        word = touched.word
        if touched.how in _READS:
            whole = call.name == "grep"
            for path in _behind_revision(word):
                yield from _paths(Use.READ, path, command, folders, whole=whole)
        elif touched.how in (Touch.WRITE, Touch.DELETE):
            whole = touched.how is Touch.DELETE or word in moved
            yield from _paths(Use.WRITE, word, command, folders, whole=whole, puts=moved)
    if call.name in ("checkout", "restore", "reset", "stage", "add"):
        options = options_of(call.words, ("-b", "-B", "-s", "--source", "--orphan", "--pathspec-from-file"))
        words = options.operands if call.name == "restore" else options.paths
        changes = call.name in ("checkout", "restore")
        if call.name == "checkout" and not options.paths:
            words = [word for word in options.operands if word.text in (".", "./", ":/", "*")]
        if call.name == "restore" and options.has("--staged", "-S") and not options.has("--worktree", "-W"):
            changes = False
        if changes:
            for word in words:
                path = Word(
                    word.text.removeprefix(":/").removeprefix(":(top)") or ".", word.glob, word.may_split
                )
                yield from _paths(Use.WRITE, path, command, folders)
                yield from _paths(Use.WRITE, path, command, folders, whole=True, certain=False)
        if call.name == "reset" and options.has("--hard", "--merge", "--keep"):
            yield from _paths(Use.WRITE, Word("."), command, folders, whole=True, certain=False)
    elif call.name in _WHOLE_TREE and not options_of(call.words).has("-n", "--dry-run", "--check", "--stat"):
        yield from _paths(Use.WRITE, Word("."), command, folders, whole=True, certain=call.name == "clean")


def _behind_revision(word: Word) -> Iterator[Word]:
    """`HEAD:secrets/key` shows a file as it was."""
    yield word
    match = _REVISION.match(word.text)
    if match is not None and match.end() < len(word.text):
        yield Word(word.text[match.end() :], word.glob, word.may_split)


def _paths(
    use: Use,
    word: Word,
    command: SimpleCommand,
    into: tuple[Word, ...] = (),
    *,
    certain: bool = True,
    whole: bool = False,
    puts: list[Word] | None = None,
    links: list[Word] | None = None,
) -> Iterator[UsedPath]:
    text = word.text
    if not text.strip(UNKNOWN) or _QUIET.fullmatch(text) or _NETWORK.match(text):
        return
    own = _OWN_FOLDER.match(text)
    if own is not None:
        text = "." + text[own.end() :]
    names, all_of = _put(puts or [])
    text = text.replace(UNKNOWN, ANY_NAME)
    for folder in _folders(command, into):
        yield UsedPath(
            use=use,
            text=text,
            folder=folder,
            glob=word.glob,
            certain=certain and folder is not None,
            whole=whole,
            puts=names,
            puts_all=all_of,
            leads_to=tuple(link.text.replace(UNKNOWN, ANY_NAME) for link in links or ()),
        )
    head, slash, rest = text.partition("/")
    if head.startswith(ANY_NAME) and slash and rest:
        # The folder that is not known may well be this one.
        yield UsedPath(use=use, text=rest.lstrip("/"), glob=word.glob, certain=False, whole=whole)


def _put(words: list[Word]) -> tuple[tuple[str, ...], tuple[str, ...]]:
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
