"""The outline of front matter that is being written: lines `key: value`, and lists in either form.

What the schemas of droids, commands and skills know is no deeper, so this is no reader of YAML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from droid.settings.authoring.outline import NOWHERE, Cursor, Item, Outline, Shape, Slot, Span, used_names
from droid.settings.jsonc import MAX_BYTES

_FENCE = re.compile(r"---[ \t]*\r?$")
_KEY = re.compile(r"(?P<key>[^\s:#\-\[\]{}\"'][^:#\[\]{}\"']*?)[ \t]*:(?=[ \t\r]|$)")
_DASH = re.compile(r"[ \t]*-(?=[ \t\r]|$)[ \t]*")
_ENTRY = re.compile(r"[^,\[\]]*")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


def _lines(text: str) -> Iterator[_Line]:
    """The lines between the fences, or to the end where the second one is missing."""
    start = 0
    for number, line in enumerate(text.split("\n")):
        if number == 0:
            if not _FENCE.match(line.removeprefix("\ufeff")):
                return
        elif _FENCE.match(line):
            return
        else:
            yield _Line(start, line.rstrip("\r"))
        start += len(line) + 1


def outline_of(text: str) -> Outline:
    """What stands where."""
    lines = list(_lines(text)) if len(text) <= MAX_BYTES else []
    if not lines:
        return Outline(text, None)
    end = lines[-1].start + len(lines[-1].text)
    root = Item(path=(), key=None, value=(lines[0].start, end), shape=Shape.OBJECT)
    for line in lines:
        _take(root, line)
    return Outline(text, root)


def _take(root: Item, line: _Line) -> None:
    found = _KEY.match(line.text)
    if found is not None:
        key = (line.start, line.start + len(found["key"]))
        value = _trimmed(line, found.end())
        item = Item(path=(found["key"],), key=key, value=value)
        root.children.append(item)
        _fill(item, line, value)
        return
    dash = _DASH.match(line.text)
    if dash is None or not root.children:
        return
    owner = root.children[-1]
    if owner.shape not in (Shape.MISSING, Shape.ARRAY):
        return
    value = _trimmed(line, dash.end())
    if owner.shape is Shape.MISSING:
        owner.shape, owner.value = Shape.ARRAY, (line.start, line.start)
    owner.value = (owner.value[0], max(value[1], line.start + len(line.text)))
    owner.children.append(_scalar((*owner.path, len(owner.children)), line, value))


def _fill(item: Item, line: _Line, value: Span) -> None:
    raw = line.text[value[0] - line.start : value[1] - line.start]
    if not raw.startswith("["):
        filled = _scalar(item.path, line, value)
        item.shape, item.text = filled.shape, filled.text
        return
    item.shape, item.closed = Shape.ARRAY, raw.endswith("]")
    for span in _entries(line, value):
        item.children.append(_scalar((*item.path, len(item.children)), line, span))


def _entries(line: _Line, value: Span) -> Iterator[Span]:
    """What stands between the commas of a list in one line."""
    at, end = value[0] - line.start + 1, value[1] - line.start
    while at <= end:
        found = _ENTRY.match(line.text, at, end)
        if found is None or (found.end() >= end and not found[0].strip()):
            return
        lead = len(found[0]) - len(found[0].lstrip())
        start = line.start + found.start() + (lead if found[0].strip() else len(found[0]))
        if found[0].strip() or line.text[found.end() : found.end() + 1] == ",":
            yield (start, max(start, line.start + found.start() + len(found[0].rstrip())))
        if line.text[found.end() : found.end() + 1] != ",":
            return
        at = found.end() + 1


def _scalar(path: tuple[str | int, ...], line: _Line, value: Span) -> Item:
    text = line.text[value[0] - line.start : value[1] - line.start]
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    shape = Shape.TEXT if value[0] < value[1] else Shape.MISSING
    return Item(path=path, key=None, value=value, shape=shape, text=text)


def _trimmed(line: _Line, at: int) -> Span:
    """What follows a place in a line, without blanks around it and a comment behind it."""
    rest = line.text[at:]
    comment = re.search(r"(?:^|[ \t])#", rest)
    if comment is not None:
        rest = rest[: comment.start()]
    lead = len(rest) - len(rest.lstrip())
    start = line.start + at + lead
    return (start, start + len(rest.strip()))


def cursor_at(text: str, offset: int) -> Cursor:
    """What can be written at a place."""
    line = next((one for one in _lines(text) if one.start <= offset <= one.start + len(one.text)), None)
    if line is None:
        return NOWHERE
    outline = outline_of(text)
    root = outline.root
    if root is None:
        return NOWHERE
    column = offset - line.start
    found, dash = _KEY.match(line.text), _DASH.match(line.text)
    if found is not None and column >= found.end():
        return _in_value(root, outline.get((found["key"],)), text, offset, separated=column > found.end())
    if dash is not None and column >= dash.end():
        owner = next((one for one in reversed(root.children) if one.name_span[0] < line.start), None)
        return _in_value(root, owner, text, offset, separated=True)
    if line.text[:1] in (" ", "\t", "#") and line.text.strip():
        return NOWHERE
    end = found.end("key") if found is not None else len(line.text.rstrip())
    token = (line.start, max(line.start + end, offset))
    item = next((one for one in root.children if one.key is not None and one.key[0] == line.start), None)
    return Cursor(
        slot=Slot.KEY,
        token=token,
        typed=text[line.start : offset],
        colon_after=found is not None,
        used=used_names(root.children, item),
    )


def _in_value(root: Item, item: Item | None, text: str, offset: int, *, separated: bool) -> Cursor:
    if item is None:
        return NOWHERE
    separator = "" if separated else " "
    if item.shape is not Shape.ARRAY:
        start, end = item.value if item.value[0] <= offset <= item.value[1] else (offset, offset)
        return _value(item.path, (start, end), text, offset, frozenset(), separator)
    entry = next((one for one in item.children if one.value[0] <= offset <= one.value[1]), None)
    used = used_names(item.children, entry)
    if entry is not None:
        return _value(entry.path, entry.value, text, offset, used, separator)
    index = sum(one.value[1] < offset for one in item.children)
    return _value((*item.path, index), (offset, offset), text, offset, used, separator)


def _value(
    path: tuple[str | int, ...], token: Span, text: str, offset: int, used: frozenset[str], separator: str
) -> Cursor:
    quoted = text[token[0] : token[0] + 1] in ('"', "'") and token[0] < offset
    return Cursor(
        slot=Slot.VALUE,
        path=path,
        token=token,
        typed=text[token[0] + quoted : offset],
        quoted=quoted,
        used=used,
        separator=separator,
    )
