"""What a command writes for a terminal, as the plain text that would be left on the screen.

Colours and other escape sequences go; of a line that was drawn over and over, as progress bars are, the
last state stays. The bytes may come cut anywhere: the text that comes out is the same.
"""

import codecs
import re

_ESCAPE = re.compile(
    r"""
    (?: \x1b\[ | \x9b ) [0-?]* [\x20-/]* [@-~]       # control sequence: colour, cursor
  | \x1b (?:
        [\]P^_X] [^\x07\x1b]* (?: \x07 | \x1b\\ )    # a string for the terminal: title, link
      | [\x20-/]* [0-OQ-WYZ`-~\\]                    # anything else: one final character
    )
    """,
    re.VERBOSE,
)
_BEGINS_ESCAPE = re.compile(r"[\x1b\x9b]")
# Beside these, the controls from U+0080 on, which all begin with byte C2 in UTF-8.
_PLAIN = bytes([9, 10, *range(32, 127), *range(128, 256)])
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_INVISIBLE = frozenset("\a\v\f\x0e\x0f\x1b\x7f")
_LONGEST_LINE_CHARS = 65_536


class Screen:
    """Turns bytes into text, line by line.

    A line is handed out when it is complete, because until then it may be drawn over; an overlong one
    is not waited for.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line = ""
        self._plain = True

    def feed(self, data: bytes) -> str:
        """More bytes; returns the lines that they complete."""
        text = self._decoder.decode(data)
        self._plain = self._plain and not data.translate(None, _PLAIN) and b"\xc2" not in data
        end = text.rfind("\n") + 1
        if not end and len(self._line) + len(text) <= _LONGEST_LINE_CHARS:
            self._line = self._line + text if self._plain else _shortened(self._line + text)
            return ""
        if not end or len(text) - end > _LONGEST_LINE_CHARS:
            end = len(text)
        complete, self._line = self._line + text[:end], text[end:]
        if self._plain:
            return complete
        self._plain = _CONTROL.search(self._line) is None and not self._decoder.getstate()[0]
        return _drawn(complete)

    def finish(self) -> str:
        """The end of the bytes; returns the last line, if it has no line ending."""
        last, self._line = self._line + self._decoder.decode(b"", final=True), ""
        return _drawn(last)

    @property
    def line(self) -> str:
        """The line that is not complete yet, as it stands."""
        return self._line if self._plain else _drawn(self._line)


def _drawn(text: str) -> str:
    """What lines, drawn from left to right, leave on the screen."""
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPE.sub("", text)
    if "\r" in text:
        text = re.sub(r"\r+$", "", text, flags=re.MULTILINE)
        text = re.sub(r"[^\n]*\r", "", text)
    if "\b" in text:
        text = "\n".join(map(_backspaced, text.split("\n")))
    return _CONTROL.sub(lambda control: "" if control[0] in _INVISIBLE else "\ufffd", text)


def _backspaced(line: str) -> str:
    if "\b" not in line:
        return line
    kept: list[str] = []
    for char in line:
        if char != "\b":
            kept.append(char)
        elif kept:
            kept.pop()
    return "".join(kept)


def _shortened(line: str) -> str:
    """A line that is still being drawn, without what was drawn over already.

    An escape sequence draws nothing, and one that is not complete may yet turn out to be anything.
    """
    end = len(line.rstrip("\r"))
    at = line.rfind("\r", 0, end) + 1
    before, after = _ESCAPE.sub("", line[:at]), _ESCAPE.sub("", line[at:])
    if _BEGINS_ESCAPE.search(before + after) or not after.rstrip("\r"):
        return line
    return line[at:]
