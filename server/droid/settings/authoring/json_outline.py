"""The outline of JSON with comments that is being written, and what can be written at a place in it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from droid.settings.authoring.outline import (
    NOWHERE,
    Cursor,
    Item,
    Outline,
    Shape,
    Slot,
    Span,
    used_names,
)
from droid.settings.jsonc import MAX_BYTES, MAX_DEPTH

_TOKEN = re.compile(
    r"""(?P<blank>[\s\ufeff]+)
    |(?P<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))
    |(?P<text>"(?:[^"\\\n]|\\[^\n])*"?)
    |(?P<mark>[{}\[\],:])
    |(?P<word>[^\s"{}\[\],:/]+|/)""",
    re.VERBOSE,
)


class _Wants(StrEnum):
    """What comes next in an object or a list."""

    ENTRY = "entry"
    COLON = "colon"
    VALUE = "value"
    COMMA = "comma"


@dataclass(slots=True)
class _Frame:
    item: Item
    wants: _Wants = _Wants.ENTRY
    current: Item | None = None

    @property
    def is_object(self) -> bool:
        return self.item.shape is Shape.OBJECT


@dataclass(frozen=True, slots=True)
class _State:
    """Where a reader is just before a token."""

    frame: _Frame | None
    wants: _Wants
    current: Item | None
    last_end: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    start: int
    end: int


def outline_of(text: str) -> Outline:
    """What stands where; nothing for a text that is too long to be settings."""
    return _Reader(text).outline()


def cursor_at(text: str, offset: int) -> Cursor:
    """What can be written at a place."""
    return _Reader(text, offset).cursor()


class _Reader:
    def __init__(self, text: str, offset: int | None = None) -> None:
        self._text = text
        self._offset = None if offset is None else max(0, min(offset, len(text)))
        self._tokens = _tokens(text) if len(text) <= MAX_BYTES else []
        self._stack: list[_Frame] = []
        self._root: Item | None = None
        self._last_end = 0
        self._depth = 0
        self._found: tuple[_State, _Token | None, int] | None = None

    def outline(self) -> Outline:
        self._read()
        return Outline(self._text, self._root)

    def _read(self) -> None:
        for index, token in enumerate(self._tokens):
            self._look(token, index)
            if token.kind in ("blank", "comment"):
                continue
            self._take(token, index)
            self._last_end = token.end
        self._look(None, len(self._tokens))
        end = len(self._text.rstrip())
        for frame in self._stack:
            frame.item.closed = False
            frame.item.value = (frame.item.value[0], max(end, frame.item.value[0]))

    # What a token means

    def _take(self, token: _Token, index: int) -> None:
        mark = self._text[token.start] if token.kind == "mark" else ""
        if self._depth:
            # Deeper than settings may be: nothing in there is anything, but brackets are counted.
            self._depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(mark, 0)
        elif mark in ("{", "["):
            self._open(token, mark)
        elif mark in ("}", "]"):
            self._close(token, mark)
        elif not self._stack:
            return
        elif mark == ",":
            self._stack[-1].wants, self._stack[-1].current = _Wants.ENTRY, None
        elif mark == ":":
            if self._stack[-1].wants is _Wants.COLON:
                self._stack[-1].wants = _Wants.VALUE
        else:
            self._scalar(token, index)

    def _open(self, token: _Token, mark: str) -> None:
        if not self._stack:
            if self._root is not None or mark == "[":
                return
            item = Item(path=(), key=None, value=(token.start, token.end))
            self._root = item
        elif len(self._stack) > MAX_DEPTH:
            self._depth = 1
            return
        else:
            item = self._value_item(token)
        item.shape = Shape.OBJECT if mark == "{" else Shape.ARRAY
        self._stack.append(_Frame(item))

    def _close(self, token: _Token, mark: str) -> None:
        closes = Shape.OBJECT if mark == "}" else Shape.ARRAY
        if not any(frame.item.shape is closes for frame in self._stack):
            return
        while True:
            frame = self._stack.pop()
            frame.item.value = (frame.item.value[0], token.end)
            if frame.item.shape is closes:
                return
            frame.item.value = (frame.item.value[0], token.start)
            frame.item.closed = False

    def _scalar(self, token: _Token, index: int) -> None:
        frame = self._stack[-1]
        wants_key = frame.is_object and (
            frame.wants in (_Wants.ENTRY, _Wants.COLON)
            # Where a colon follows, it is a key, and what should have come before it is missing.
            or (token.kind == "text" and self._is_before_colon(index))
        )
        if wants_key:
            name = _text_of(self._text[token.start : token.end], token.kind)
            item = Item(
                path=(*frame.item.path, name), key=(token.start, token.end), value=(token.end, token.end)
            )
            frame.item.children.append(item)
            frame.current, frame.wants = item, _Wants.COLON
            return
        item = self._value_item(token)
        raw = self._text[token.start : token.end]
        item.shape = Shape.TEXT if token.kind == "text" else Shape.WORD
        item.text = _text_of(raw, token.kind)
        item.closed = token.kind != "text" or _is_closed(raw)

    def _value_item(self, token: _Token) -> Item:
        """The item that a value belongs to: that of the key before it, or a new one."""
        frame = self._stack[-1]
        if frame.is_object and frame.current is not None and frame.wants in (_Wants.VALUE, _Wants.COLON):
            item = frame.current
            item.value = (token.start, token.end)
        else:
            step: str | int = "" if frame.is_object else len(frame.item.children)
            item = Item(path=(*frame.item.path, step), key=None, value=(token.start, token.end))
            frame.item.children.append(item)
        frame.current, frame.wants = None, _Wants.COMMA
        return item

    def _is_before_colon(self, index: int) -> bool:
        following = self._following(index + 1)
        return following is not None and self._text[following.start] == ":"

    def _following(self, index: int) -> _Token | None:
        """The next token that says anything."""
        while index < len(self._tokens):
            if self._tokens[index].kind not in ("blank", "comment"):
                return self._tokens[index]
            index += 1
        return None

    # What can be written at a place

    def _look(self, token: _Token | None, index: int) -> None:
        """Remember how things stand just before what the place is in."""
        offset = self._offset
        if offset is None or self._found is not None:
            return
        reached = token is None or offset <= token.end
        if not reached:
            return
        if token is not None and token.kind in ("mark", "blank") and offset == token.end:
            return  # behind it, what it means has been taken in
        inside = token if token is not None and token.kind in ("text", "word", "comment") else None
        if inside is not None and offset <= inside.start:
            inside = None
        frame = self._stack[-1] if self._stack and not self._depth else None
        self._found = (
            _State(
                frame,
                frame.wants if frame else _Wants.ENTRY,
                frame.current if frame else None,
                self._last_end,
            ),
            inside,
            index,
        )

    def cursor(self) -> Cursor:
        self._read()
        offset = self._offset or 0
        if self._found is None:
            return NOWHERE
        state, token, index = self._found
        frame = state.frame
        if frame is None or (
            token is not None and token.kind == "comment" and self._is_comment(token, offset)
        ):
            return NOWHERE
        if token is not None and token.kind == "comment":
            token = None
        if token is not None and token.kind == "text" and offset == token.end and self._closed(token):
            return NOWHERE  # behind a text there is nothing to complete
        following = self._following(index + 1 if token is not None else index)
        mark = "" if following is None else self._text[following.start]
        span, typed = self._typed(token, offset)
        quoted = token is not None and token.kind == "text"
        wants = state.wants
        item = self._item_of(frame, token)
        missing = state.last_end if wants is _Wants.COMMA else None
        follows = mark not in ("", ",", "}", "]", ":")
        if frame.is_object and (
            wants is _Wants.ENTRY or wants is _Wants.COMMA or (wants is _Wants.COLON and token is not None)
        ):
            return Cursor(
                slot=Slot.KEY,
                path=frame.item.path,
                token=span,
                typed=typed,
                quoted=quoted,
                before=missing,
                comma_after=follows,
                colon_after=mark == ":",
                used=used_names(frame.item.children, item),
            )
        if frame.is_object and wants is not _Wants.VALUE:
            return NOWHERE
        if (
            frame.is_object
            and token is None
            and state.current is not None
            and state.current.shape is not Shape.MISSING
        ):
            return NOWHERE  # between a colon and the value that is there
        step: str | int
        if frame.is_object:
            step = state.current.path[-1] if state.current is not None else ""
        else:
            children = frame.item.children
            step = item.path[-1] if item is not None else sum(one.value[1] <= offset for one in children)
        return Cursor(
            slot=Slot.VALUE,
            path=(*frame.item.path, step),
            token=span,
            typed=typed,
            quoted=quoted,
            before=missing,
            comma_after=follows,
            used=frozenset() if frame.is_object else used_names(frame.item.children, item),
        )

    def _is_comment(self, token: _Token, offset: int) -> bool:
        """Whether a place is in a comment; behind `*/` it is not."""
        raw = self._text[token.start : token.end]
        return offset < token.end or not (raw.startswith("/*") and raw.endswith("*/"))

    def _closed(self, token: _Token) -> bool:
        return _is_closed(self._text[token.start : token.end])

    def _typed(self, token: _Token | None, offset: int) -> tuple[Span, str]:
        if token is None:
            return (offset, offset), ""
        start = token.start + (token.kind == "text")
        # Of a text that is not closed, what follows the place may be anything.
        end = token.end if token.kind == "word" or self._closed(token) else offset
        return (token.start, end), self._text[start:offset]

    @staticmethod
    def _item_of(frame: _Frame, token: _Token | None) -> Item | None:
        if token is None:
            return None
        starts = ((one, one.name_span[0], one.value[0]) for one in frame.item.children)
        return next((one for one, key, value in starts if token.start in (key, value)), None)


def _tokens(text: str) -> list[_Token]:
    return list(_scan(text))


def _scan(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        yield _Token(match.lastgroup or "word", match.start(), match.end())


def _is_closed(raw: str) -> bool:
    """Whether a text that begins with a quote ends with one."""
    body = raw[1:]
    if not body.endswith('"'):
        return False
    slashes = len(body[:-1]) - len(body[:-1].rstrip("\\"))
    return slashes % 2 == 0


def _text_of(raw: str, kind: str) -> str:
    if kind != "text":
        return raw
    closed = raw if _is_closed(raw) else f'{raw.rstrip()}"'
    try:
        return str(json.loads(closed, strict=False))
    except ValueError:
        return closed[1:-1]
