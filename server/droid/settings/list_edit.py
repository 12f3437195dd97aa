"""Adds an item to a list in a settings file, and leaves everything else of the text as a person wrote it.

The result is read again before anybody sees it: it says what the text said, and the new item.
"""

import json
import re
from typing import Any

from droid.domain.errors import DroidError
from droid.settings.jsonc import Document, MalformedJson, parse

_BLANK = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*[\s\S]*?\*/)*")
_REST_OF_LINE = re.compile(r"[ \t]*(?://[^\r\n]*|/\*[^\r\n]*?\*/[ \t]*)?(?=\r?\n)")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*[\s\S]*?\*/|[{}\[\]]|[^"/{}\[\]]+|/')
_BOM = b"\xef\xbb\xbf"


class CannotEdit(DroidError):
    """The text cannot be changed so; one line that says why, without naming the file."""


def with_item(data: bytes, key: str, item: str) -> bytes:
    """A settings file with one more text in one of its lists; as it was where the text is there already.

    Args:
        data: The file; empty where there is none.

    Raises:
        CannotEdit: it is malformed, or its `key` is no list.
    """
    if not data:
        return f'{{\n  "{key}": [\n    {_text(item)}\n  ]\n}}\n'.encode()
    try:
        document = parse(data)
    except MalformedJson as error:
        raise CannotEdit(f"is malformed (line {error.place.line}: {error})") from error
    known: Any = document.value.get(key, [])
    if not isinstance(known, list):
        raise CannotEdit(f"has a {key} that is no list")
    if item in known:
        return data
    edited = (_with_item if key in document.value else _with_member)(document, key, item)
    made = (_BOM if data.startswith(_BOM) else b"") + edited.encode()
    expected: dict[str, Any] = {**document.value, key: [*known, item]}
    try:
        is_right = parse(made).value == expected
    except MalformedJson:
        is_right = False
    if not is_right:
        raise CannotEdit(f"has a {key} that is written in an unusual way")
    return made


def _text(item: str) -> str:
    return json.dumps(item, ensure_ascii=False)


def _with_item(document: Document, key: str, item: str) -> str:
    start = document.values[(key,)]
    count = len(document.value[key])
    if count == 0:
        return _inserted(document.text, start + 1, _text(item))
    return _behind(document.text, document.values[key, count - 1], _text(item))


def _with_member(document: Document, key: str, item: str) -> str:
    text = document.text
    newline = "\r\n" if "\r\n" in text else "\n"
    if not document.value:
        brace = document.values[()]
        return _inserted(text, brace + 1, f'{newline}  "{key}": [{_text(item)}]{newline}')
    last = list(document.value)[-1]
    member = f'"{key}": [{_text(item)}]'
    return _behind(text, document.values[(last,)], member, indent_of=document.keys[(last,)])


def _inserted(text: str, at: int, piece: str) -> str:
    return text[:at] + piece + text[at:]


def _behind(text: str, start: int, piece: str, indent_of: int | None = None) -> str:
    """The text with a further member or item behind the value that starts at a place."""
    end = _end_of(text, start)
    comma = _skipped(text, end)
    has_comma = text[comma : comma + 1] == ","
    if not has_comma:
        text = _inserted(text, end, ",")
        comma = end
    at = comma + 1
    ending = "," if has_comma else ""
    first = start if indent_of is None else indent_of
    line_start = text.rfind("\n", 0, first) + 1
    indent = text[line_start:first]
    if line_start == 0 or indent.strip():  # several stand on one line
        return _inserted(text, at, f" {piece}{ending}")
    rest = _REST_OF_LINE.match(text, at)
    at = rest.end() if rest is not None else at
    newline = "\r\n" if "\r\n" in text else "\n"
    return _inserted(text, at, f"{newline}{indent}{piece}{ending}")


def _skipped(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found is not None else at


def _end_of(text: str, start: int) -> int:
    """Where a value ends that is known to be well formed."""
    if text[start] not in '{["':
        found = re.compile(r"[^\s,\]}/]+").match(text, start)
        return found.end() if found is not None else start
    depth = 0
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        depth += (mark in ("{", "[")) - (mark in ("}", "]"))
        if depth == 0:
            return token.end()
    return len(text)
