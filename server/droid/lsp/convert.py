"""Between LSP's way of naming places and ours: URIs and paths, code units and characters.

LSP counts lines from 0 and columns in units of the encoding that was negotiated. Everywhere else in
this program lines count from 1, because models read them, and columns are Python string indices.
Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#position
"""

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote

from lsprotocol import types

from droid.domain.errors import DroidError

_FILE_URI = re.compile(r"file://(?P<host>[^/]*)(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
_DRIVE = re.compile(r"/[A-Za-z]:(?=/|$)")
_SAFE = "/:~!$&'()*+,;=@"

UTF8 = types.PositionEncodingKind.Utf8.value
UTF16 = types.PositionEncodingKind.Utf16.value
UTF32 = types.PositionEncodingKind.Utf32.value
ENCODINGS = (UTF8, UTF16, UTF32)


class NotAFile(DroidError):
    """A URI does not name a file on this machine."""


def path_of(uri: str) -> Path:
    """The path that a file URI names.

    Raises:
        NotAFile: another scheme, another host, or no absolute path.
    """
    return Path(file_path_of(uri, windows=os.name == "nt"))


def file_path_of(uri: str, *, windows: bool) -> str:
    """The same as text, for either family of systems.

    `?` and `#` belong to the name: clients that forget to escape them mean a file, not a query.

    Raises:
        NotAFile: as for `path_of`.
    """
    match = _FILE_URI.fullmatch(uri)
    if match is None:
        raise NotAFile(f"not a file on this machine: {shortened(uri)}")
    path = unquote(match["path"], errors="surrogateescape")
    if "\0" in path:
        raise NotAFile("a file name cannot hold a NUL character")
    host = unquote(match["host"])
    if host.lower() == "localhost":
        host = ""
    if not windows:
        if host:
            raise NotAFile(f"a file on another machine: {shortened(uri)}")
        return path
    if host:
        return f"\\\\{host}{path}".replace("/", "\\")
    if _DRIVE.match(path):
        path = path[1].lower() + path[2:]
        path = path if len(path) > 2 else f"{path}/"
    return path.replace("/", "\\")


def uri_of(path: Path) -> str:
    """The file URI of an absolute path, percent-encoded."""
    return file_uri_of(os.fspath(path), windows=os.name == "nt")


def file_uri_of(path: str, *, windows: bool) -> str:
    """The same from text, for either family of systems."""
    if windows:
        path = path.replace("\\", "/")
        if path.startswith("//"):
            host, _, rest = path[2:].partition("/")
            return f"file://{quote(host)}/{quote(rest, safe=_SAFE)}"
        path = f"/{path}"
    return f"file://{quote(path, safe=_SAFE, errors='surrogateescape')}"


def split_lines(text: str) -> list[str]:
    """Lines with their ends, by LSP's rule alone: `\\n`, `\\r\\n` and `\\r`, and no other separator.

    There is always a last line without an end, which may be empty.
    """
    returns = text.count("\r")
    if returns and returns != text.count("\r\n"):
        return re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    parts = text.split("\n")
    last = parts.pop()
    lines = [f"{part}\n" for part in parts]
    lines.append(last)
    return lines


def index_of(line: str, units: int, encoding: str) -> int:
    """The string index that a column in code units means; the end of the line's text at most.

    A column inside a character means its start.
    """
    end = len(line)
    while end and line[end - 1] in "\r\n":
        end -= 1
    if units <= 0:
        return 0
    if encoding == UTF32 or line.isascii():
        return min(units, end)
    count = 0
    for index in range(end):
        count += _width(line[index], encoding)
        if count > units:
            return index
        if count == units:
            return index + 1
    return end


def units_of(line: str, index: int, encoding: str) -> int:
    """The column in code units of a string index in a line."""
    if encoding == UTF32 or line.isascii():
        return min(index, len(line))
    return sum(_width(character, encoding) for character in line[:index])


def _width(character: str, encoding: str) -> int:
    code = ord(character)
    if encoding == UTF16:
        return 2 if code > 0xFFFF else 1
    if code < 0x80:
        return 1
    if code < 0x800:
        return 2
    return 3 if code < 0x10000 else 4


def whole_lines(range_: types.Range) -> tuple[int, int]:
    """First and last line of a range, from 1, both included.

    A range that ends at the start of a line does not include that line, as when whole lines are selected.
    """
    first, last = range_.start.line, range_.end.line
    if last > first and range_.end.character == 0:
        last -= 1
    return first + 1, max(first, last) + 1


def shortened(text: str, limit: int = 120) -> str:
    """For messages: no more than `limit` characters, on one line."""
    text = text.replace("\r", " ").replace("\n", " ")
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
