"""Paths that a command touches without naming them as such: what it unpacks, downloads, hands on.

Of none of these it is sure what becomes of it, so they are asked about rather than refused.
"""

import re
from collections.abc import Iterator

from droid.safety.commands.model import Assessment, InnerKind, RatedCommand, SimpleCommand, Touch, base_name
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.used_paths import USES, Use, UsedPath, paths_of

_FINDS = frozenset({"find", "fd", "fdfind", "ls", "rg"})
_UNPACKS = frozenset({"unzip", "7z", "7za", "7zr", "unrar", "bsdtar", "tar", "gtar", "cpio", "patch", "pax"})
_TAR_UNPACKS = re.compile(r"-?[A-Za-z]*x[A-Za-z]*|--(?:extract|get)")
_OTHERS_UNPACK = {"7z": "x", "7za": "x", "7zr": "x", "unrar": "x", "cpio": "-i"}
_DOWNLOADS = frozenset({"wget", "aria2c", "axel", "curl"})
_CURL_KEEPS_NAMES = re.compile(r"-[A-Za-z]*[OJ][A-Za-z]*|--remote-name(?:-all)?")
_SEARCHES = frozenset({"rg", "ag", "ack", "grep", "egrep", "fgrep", "ggrep"})
_SEARCHES_BELOW = re.compile(r"-[A-Za-z]*[rR][A-Za-z]*|--(?:dereference-)?recursive")
_CHOICES = frozenset({"!", "-not", "-o", "-or", ",", "(", ")"})
_LINE_BY_LINE = re.compile(r"-[A-Za-z0-9]*[npi].*")


def implied_paths(rated: RatedCommand, assessment: Assessment) -> Iterator[UsedPath]:
    """What a command may touch besides."""
    command = rated.command
    program = command.program or ""
    if program in _FINDS:
        yield from _handed_on(rated, assessment)
    if program in _UNPACKS and _unpacks(program, command):
        folders = [touched.word for touched in rated.effects.touched if touched.how is Touch.FOLDER]
        written = [touched.word for touched in rated.effects.touched if touched.how is Touch.WRITE]
        for word in folders or written or [Word(".")]:
            yield from paths_of(Use.WRITE, word, command, whole=True, certain=False)
    if program in _SEARCHES and _searches_here(program, rated):
        yield from paths_of(Use.READ, Word("."), command, whole=True, certain=False)
    if program in _DOWNLOADS:
        yield from _downloaded(rated)
    if any(inner.kind is InnerKind.CODE for inner in rated.effects.inner):
        yield from _arguments_of_code(rated)
    elif program != "." and (ran := _ran(rated)) is not None:
        yield from any_words(command, command.words[ran + 1 :], certain=False)
    if not rated.effects.row:
        yield from any_words(command, command.words[1:], certain=True)


def any_words(command: SimpleCommand, words: tuple[Word, ...], *, certain: bool) -> Iterator[UsedPath]:
    """Of a program that nobody knows, any word may be a file that it reads, or changes.

    Args:
        certain: It is taken for sure that it reads them.
    """
    for word in words:
        text = word.text
        if text.startswith("-"):
            text = text.partition("=")[2]
        if text and not text.startswith("-") and "://" not in text and len(text) < 4096:
            path = Word(text, word.glob, word.may_split)
            yield from paths_of(Use.READ, path, command, certain=certain)
            yield from paths_of(Use.WRITE, path, command, certain=False)


def _handed_on(rated: RatedCommand, assessment: Assessment) -> Iterator[UsedPath]:
    """What `find` deletes, or hands to another program, lies below the folders that it looks in."""
    command, effects = rated.command, rated.effects
    touches = {
        touched.how
        for one in assessment.commands
        if "find" in one.command.via or _reads_from(one.command, command)
        for touched in one.effects.touched
        if touched.word.text.startswith(UNKNOWN)
    }
    if "-delete" in effects.flags:
        touches.add(Touch.DELETE)
    uses = {USES[touch] for touch in touches if touch in USES}
    roots = [touched.word for touched in effects.touched if touched.how is Touch.READ] or [Word(".")]
    for word in roots:
        for use in sorted(uses):
            yield from paths_of(use, word, command, whole=True, only=_only(rated), certain=False)


def _only(rated: RatedCommand) -> str:
    """The one pattern that all names have to match; empty where that cannot be told."""
    words = [word.text for word in rated.command.words]
    if any(text in _CHOICES for text in words):
        return ""
    names = [value for flag, value in rated.effects.options if flag in ("-name", "-iname")]
    return names[0].text if len(names) == 1 and names[0].known else ""


def _reads_from(command: SimpleCommand, source: SimpleCommand) -> bool:
    return any(one.words == source.words for one in command.stdin_from)


def _searches_here(program: str, rated: RatedCommand) -> bool:
    """Whether all of the folder is searched, since no path is named and nothing comes through a pipe."""
    command = rated.command
    if any(touched.how is Touch.READ for touched in rated.effects.touched):
        return False
    if any(_SEARCHES_BELOW.fullmatch(word.text) for word in command.words):
        return True
    piped = bool(command.stdin_from) or command.stdin_text is not None
    return program in ("rg", "ag", "ack") and not piped


def _unpacks(program: str, command: SimpleCommand) -> bool:
    words = [word.text for word in command.words[1:]]
    if program in ("tar", "gtar", "bsdtar"):
        return any(_TAR_UNPACKS.fullmatch(text) for text in words[:1]) or any(
            _TAR_UNPACKS.fullmatch(text) for text in words if text.startswith("-")
        )
    wanted = _OTHERS_UNPACK.get(program)
    return wanted is None or any(text.startswith(wanted) for text in words)


def _downloaded(rated: RatedCommand) -> Iterator[UsedPath]:
    """Files that get their names from addresses."""
    command = rated.command
    if command.program == "curl" and not any(_CURL_KEEPS_NAMES.fullmatch(one.text) for one in command.words):
        return
    touched = rated.effects.touched
    folders = tuple(one.word for one in touched if one.how in (Touch.FOLDER, Touch.WRITE))
    for one in touched:
        if one.how is Touch.FETCH:
            name = base_name(re.split(r"[?#]", one.word.text)[0])
            yield from paths_of(Use.WRITE, Word(name), command, folders)


def _arguments_of_code(rated: RatedCommand) -> Iterator[UsedPath]:
    """Code may open what it is given; with `-n`, `-p` or `-i`, it is given each line of a file."""
    command, effects = rated.command, rated.effects
    flags = [word.text for word in command.words[1:] if word.text.startswith("-")]
    by_line = command.program in ("perl", "ruby") and any(map(_LINE_BY_LINE.fullmatch, flags))
    in_place = by_line and any(re.match(r"-[A-Za-z0-9]*i", flag) for flag in flags)
    code = {inner.text.text for inner in effects.inner}
    named = {touched.word.text for touched in effects.touched}
    for word in effects.operands:
        if word.text in code or word.text in named:
            continue
        yield from paths_of(Use.READ, word, command, certain=by_line)
        yield from paths_of(Use.WRITE, word, command, certain=in_place)


def _ran(rated: RatedCommand) -> int | None:
    """Which word is the file that is run, where there are more behind it."""
    for touched in rated.effects.touched:
        if touched.how is Touch.RUN and touched.word in rated.command.words:
            return rated.command.words.index(touched.word)
    return None
