"""Which files a command names: the words of it that could be paths, whatever quotes they stand in.

Nothing is run and nothing expanded, so a name that a command puts together while it runs is not seen. More
words are taken for names than are: one that leads to no file says nothing, and one that does is a file that
the command may well use.
"""

import os
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Any, cast

_MAX_COMMAND_CHARACTERS = 64 * 1024
_MAX_NAME_CHARACTERS = 1024
_MAX_DEPTH = 4
_STRINGS_OF = frozenset({"args", "command", "env"})

# `$FACTORY_PROJECT_DIR/x`, `"${PWD}"/x`, `$(pwd)/x`: the rest is tried where a relative path would be.
_VARIABLE_FOLDER = re.compile(r"(?:\$\{?\w+(?::-[^}]*)?\}?|\$\(pwd\)|`pwd`)[\"']?/+")
_PIECE = re.compile(r"[^\s'\"`;&|<>(){}$=,:\\]+")
_MODULE = re.compile(r"-m[ \t]*([A-Za-z_]\w*(?:\.\w+)*)")
_WANTS_SPLIT = re.compile(r"[\s'\"`;&|<>(){}$=,:\\]")


class TooMuchToName(Exception):
    """A command is too long to be looked through."""


def names_of(command: str) -> frozenset[str]:
    """The words of a shell command that may be paths, relative or absolute.

    Raises:
        TooMuchToName: it is longer than anybody could have read.
    """
    if len(command) > _MAX_COMMAND_CHARACTERS:
        raise TooMuchToName
    names = {command}
    _add(command, names, 0)
    return frozenset(filter(_may_be_path, names))


def names_of_script(text: str) -> frozenset[str]:
    """The same for a program's text, by its plain words alone."""
    return frozenset(filter(_may_be_path, _pieces(text)))


def commands_of(value: Any) -> Iterator[str]:
    """Every text of a JSON value that is run, or given to what is run: hooks and servers of any file."""
    if isinstance(value, dict):
        for key, member in cast("dict[str, Any]", value).items():
            yield from _strings(member) if key in _STRINGS_OF else commands_of(member)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from commands_of(item)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in cast("dict[str, Any]", value).values():
            yield from _strings(member)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _strings(item)


def _add(command: str, names: set[str], depth: int) -> None:
    names.update(_pieces(command))
    for word in _words(_VARIABLE_FOLDER.sub("./", command)):
        names.add(word)
        # `--config=tools/x.json` and `bash -c "cd x && ./y"`: what is in a word is looked at in its turn.
        if depth < _MAX_DEPTH and word != command and _WANTS_SPLIT.search(word):
            _add(word, names, depth + 1)


def _pieces(text: str) -> Iterable[str]:
    yield from _PIECE.findall(_VARIABLE_FOLDER.sub(" ./", text))
    for match in _MODULE.finditer(text):
        path = match[1].replace(".", "/")
        yield from (f"{path}.py", f"{path}/__main__.py", f"{path}/__init__.py")


def _words(command: str) -> list[str]:
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # a quote that is not closed: the plain words have been taken
        return []


def _may_be_path(name: str) -> bool:
    if not 0 < len(name) <= _MAX_NAME_CHARACTERS or name.startswith(("-", "~")) or "\0" in name:
        return False
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True
