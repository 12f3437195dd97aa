"""Reads JSON as people write it in settings: comments and trailing commas are fine, guessing is not.

What JSON readers disagree about is refused rather than decided: a key given twice, a byte that is no
UTF-8, a NUL, a number out of range. Every value remembers where it stands, so a message can name the line
and the column.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any

from droid.domain.errors import DroidError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64

Path = tuple[str | int, ...]
"""Keys and indexes from the outermost object to a value."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*[\s\S]*?\*/)*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_WORDS = {"true": True, "false": False, "null": None}
_MAX_NUMBER_CHARACTERS = 64
_SHOWN_CHARACTERS = 40

_decoder = JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line and a column, both from 1; columns count characters."""

    line: int
    column: int


class MalformedJson(DroidError):
    """The text cannot be read; the message says why, `place` where."""

    def __init__(self, reason: str, place: Place) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A JSON object and where its parts stand.

    Attributes:
        keys: Offset of the key of each member, by its path.
        values: Offset of each value, by its path.
    """

    text: str
    value: dict[str, Any]
    keys: dict[Path, int]
    values: dict[Path, int]

    def key_place(self, path: Path) -> Place:
        """Where a member's key stands, an item, or the nearest thing around it."""
        while path and path not in self.keys and path not in self.values:
            path = path[:-1]
        return _place(self.text, self.keys.get(path, self.values.get(path, 0)))

    def value_place(self, path: Path) -> Place:
        """Where a value stands, or the nearest thing around it."""
        while path not in self.values:
            path = path[:-1]
        return _place(self.text, self.values[path])


def parse(data: bytes) -> Document:
    """Read a file's bytes; the outermost value must be an object.

    Raises:
        MalformedJson: with the reason and the place.
    """
    text = decode(data)
    return _Parser(text).document()


def decode(data: bytes) -> str:
    """A file's text.

    Raises:
        MalformedJson: it is too large, no UTF-8, or has a NUL in it.
    """
    if len(data) > MAX_BYTES:
        raise MalformedJson("the file is larger than 1 MiB", Place(line=1, column=1))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(errors="replace")
        raise MalformedJson("not UTF-8", _place(before, len(before))) from error
    if (nul := text.find("\0")) >= 0:
        raise MalformedJson("a NUL character", _place(text, nul))
    return text


def shown(key: str) -> str:
    """A key as a message may show it: quoted, short, with nothing in it that a terminal would obey."""
    return repr(key if len(key) <= _SHOWN_CHARACTERS else key[:_SHOWN_CHARACTERS] + "…")


def _place(text: str, offset: int) -> Place:
    return Place(line=text.count("\n", 0, offset) + 1, column=offset - text.rfind("\n", 0, offset))


class _Parser:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._keys: dict[Path, int] = {}
        self._values: dict[Path, int] = {}

    def document(self) -> Document:
        self._skip()
        if not self._text[self._at : self._at + 1]:
            raise self._error("the file is empty; an empty object is {}")
        if self._text[self._at] != "{":
            raise self._error("settings are an object in { }")
        value = self._object(())
        self._skip()
        if self._at < len(self._text):
            raise self._error("something follows the end of the object")
        return Document(text=self._text, value=value, keys=self._keys, values=self._values)

    def _value(self, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            raise self._error(f"nested more than {MAX_DEPTH} deep")
        character = self._text[self._at : self._at + 1]
        if character == "{":
            return self._object(path)
        self._values[path] = self._at
        if character == "[":
            return self._array(path)
        if character == '"':
            return self._string()
        if character in "-0123456789" and character:
            return self._number()
        word = _WORD.match(self._text, self._at)
        if word is not None and word[0] in _WORDS:
            self._at = word.end()
            return _WORDS[word[0]]
        raise self._error(
            "a value is missing here" if not character or character in ",]}" else "not a JSON value"
        )

    def _object(self, path: Path) -> dict[str, Any]:
        self._values[path] = self._at
        members: dict[str, Any] = {}
        self._at += 1
        while not self._ends("}"):
            if self._text[self._at : self._at + 1] != '"':
                raise self._error("a key in double quotes, or }, is missing here")
            start = self._at
            key = self._string()
            inner = (*path, key)
            if key in members:
                first = _place(self._text, self._keys[inner]).line
                raise self._error(f"the key {shown(key)} is given twice, first on line {first}", start)
            self._keys[inner] = start
            self._skip()
            self._expect(":", "a colon is missing here")
            self._skip()
            members[key] = self._value(inner)
            self._separate("}")
        return members

    def _array(self, path: Path) -> list[Any]:
        items: list[Any] = []
        self._at += 1
        while not self._ends("]"):
            items.append(self._value((*path, len(items))))
            self._separate("]")
        return items

    def _string(self) -> str:
        start = self._at
        try:
            value, self._at = _decoder.raw_decode(self._text, self._at)
        except JSONDecodeError as error:
            raise self._error(f"in a text: {error.msg.lower()}", error.pos) from error
        text = str(value)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise self._error("half of a surrogate pair in a text", start) from error
        return text

    def _number(self) -> int | float:
        match = _NUMBER.match(self._text, self._at)
        if match is None or len(match[0]) > _MAX_NUMBER_CHARACTERS:
            raise self._error("not a number that JSON knows")
        number = float(match[0]) if match[1] or match[2] else int(match[0])
        if not math.isfinite(number):
            raise self._error("a number out of range")
        self._at = match.end()
        return number

    def _ends(self, closing: str) -> bool:
        self._skip()
        if self._text[self._at : self._at + 1] == closing:
            self._at += 1
            return True
        return False

    def _separate(self, closing: str) -> None:
        """Step over the comma after a member; before the closing bracket there need not be one."""
        self._skip()
        if self._text[self._at : self._at + 1] != closing:
            self._expect(",", f"a comma or {closing} is missing here")

    def _expect(self, character: str, reason: str) -> None:
        if self._text[self._at : self._at + 1] != character:
            raise self._error(reason)
        self._at += 1

    def _skip(self) -> None:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if self._text.startswith("/*", self._at):
            raise self._error("this comment is not closed")

    def _error(self, reason: str, at: int | None = None) -> MalformedJson:
        return MalformedJson(reason, _place(self._text, self._at if at is None else at))


def dotted(path: Sequence[str | int]) -> str:
    """A path as people write it: `customModels[0].apiKey`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = step if _WORD.fullmatch(step) and len(step) <= _SHOWN_CHARACTERS else shown(step)
            text += f".{name}" if text else name
    return text
