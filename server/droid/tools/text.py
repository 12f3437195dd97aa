"""Bytes to text and back, so that an edit changes what was meant and nothing else.

A model sees and writes lines that end in `\\n`. What the file really has (its encoding, its byte order
mark, the ending of each line, whether the last line has one) is kept beside the text and put back on
the way out: `encode(decode(data)) == data` for every file that is text at all, and lines that an edit
does not touch keep their own ending even where a file mixes them.

A line ends at LF or CRLF only, as ripgrep and git have it; a lone CR is a character like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from droid.domain.errors import ToolFailed

_SNIFFED_BYTES = 8192
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\b\x1b")
_MAX_CONTROL_SHARE = 0.02
# The longer mark first: the UTF-32 one begins like the UTF-16 one.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file's text and how it is written.

    Attributes:
        raw: As it is in the file, line endings included, without the byte order mark.
        encoding: A Python codec name.
        mark: The byte order mark, or empty.
    """

    raw: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def plain(self) -> str:
        """As a model sees it: every CRLF is `\\n`."""
        return self.raw.replace("\r\n", "\n")

    @property
    def lines(self) -> list[str]:
        """Lines without their endings; an empty text has none."""
        lines = self.plain.split("\n")
        return lines[:-1] if not lines[-1] else lines

    @property
    def ending(self) -> str:
        """The line ending that most lines have; `\\n` where there is none."""
        crlf = self.raw.count("\r\n")
        return "\r\n" if crlf > self.raw.count("\n") - crlf else "\n"


def decode(data: bytes, *, encoding: str | None = None) -> Text | None:
    """Read bytes as text; None where they are binary.

    Without a byte order mark it is UTF-8 if it can be, else Windows-1252, else Latin-1.

    Args:
        encoding: What the bytes are known to be in, such as an open buffer's UTF-8.
    """
    if encoding is not None:
        try:
            return Text(raw=data.decode(encoding), encoding=encoding)
        except UnicodeDecodeError:
            return None
    for mark, codec in _MARKS:
        if data.startswith(mark):
            try:
                return Text(raw=data[len(mark) :].decode(codec), encoding=codec, mark=mark)
            except UnicodeDecodeError:
                break
    if b"\0" in data:
        return None
    try:
        return Text(raw=data.decode())
    except UnicodeDecodeError:
        pass
    head = data[:_SNIFFED_BYTES]
    if sum(byte in _CONTROLS for byte in head) > len(head) * _MAX_CONTROL_SHARE:
        return None
    try:
        return Text(raw=data.decode("cp1252"), encoding="cp1252")
    except UnicodeDecodeError:
        return Text(raw=data.decode("latin-1"), encoding="latin-1")


def encode(text: Text) -> bytes:
    """The bytes of a text, in its own encoding.

    Raises:
        ToolFailed: the encoding lacks a character.
    """
    try:
        return text.mark + text.raw.encode(text.encoding)
    except UnicodeEncodeError as error:
        missing = "".join(sorted(set(error.object[error.start : error.end])))[:10]
        raise ToolFailed(
            f"the file is written in {text.encoding}, which has no {missing!r}; "
            "use characters that it has, or convert the file to UTF-8 first"
        ) from error


def replace_spans(text: Text, spans: Sequence[tuple[int, int, str]]) -> Text:
    """Replace parts of a text, keeping the line endings of everything around them.

    A line that stays, or is changed into one other, keeps its ending; an added line gets that of the
    line where the replacement starts. A text that ended in a line ending still does.

    Args:
        spans: Start, end and new text, counted and written as in `text.plain`; ascending and apart
            from each other.
    """
    plain, dominant = text.plain, text.ending
    endings = ["\r\n" if line.endswith("\r") else "\n" for line in text.raw.split("\n")[:-1]]
    pieces: list[str] = []
    new_endings: list[str] = []
    at = line = 0
    for start, end, new in spans:
        pieces += (plain[at:start], new)
        first = line + plain.count("\n", at, start)
        after = first + plain.count("\n", start, end)
        near = endings[first] if first < len(endings) else endings[-1] if endings else dominant
        new_endings += endings[line:first]
        new_endings += _endings_of(plain[start:end], pieces[-1], endings[first:after], near)
        at, line = end, after
    pieces.append(plain[at:])
    new_endings += endings[line:]
    *full, last = "".join(pieces).split("\n")
    raw = "".join(map("".join, zip(full, new_endings, strict=True))) + last
    if last and endings and plain.endswith("\n"):
        raw += endings[-1]
    return Text(raw=raw, encoding=text.encoding, mark=text.mark)


def _endings_of(old: str, new: str, endings: Sequence[str], near: str) -> list[str]:
    """The endings of the lines of `new`, which replaces `old`, whose lines have `endings`."""
    old_lines, new_lines = old.split("\n"), new.split("\n")
    shared = min(len(old_lines), len(new_lines)) - 1
    if len(old_lines) == len(new_lines):
        return list(endings)
    head = 0
    while head < shared and old_lines[head] == new_lines[head]:
        head += 1
    tail = 0
    while tail < shared - head and old_lines[-1 - tail] == new_lines[-1 - tail]:
        tail += 1
    added = len(new_lines) - 1 - head - tail
    return [*endings[:head], *[near] * added, *endings[len(endings) - tail :]]
