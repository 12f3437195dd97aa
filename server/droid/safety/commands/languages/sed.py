"""Tells what a sed script does: `e` and `s///e` run commands, `w` and `s///w` write files."""

from droid.safety.commands.languages.findings import Findings, Unreadable
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_PLAIN = frozenset("=dDgGhHnNpPxlFz")
"""Commands that only work on the text; `l` may take a number."""
_STANDARD = frozenset({"/dev/stdout", "/dev/stderr", "/dev/stdin"})


def read(code: str, found: Findings, language: str = "sed") -> None:
    """Collect what the script does.

    Raises:
        Unreadable: it cannot be followed.
    """
    _Script(code, found).read()


class _Script:
    def __init__(self, code: str, found: Findings) -> None:
        self._code = code
        self._found = found
        self._at = 0

    def read(self) -> None:
        while self._skip(" \t\n;{}") < len(self._code):
            self._address()
            self._skip(" \t!")
            if self._at >= len(self._code):
                return
            self._command()

    def _skip(self, characters: str) -> int:
        while self._at < len(self._code) and self._code[self._at] in characters:
            self._at += 1
        return self._at

    def _peek(self) -> str:
        return self._code[self._at : self._at + 1]

    def _line(self) -> str:
        """The rest of the line."""
        end = self._code.find("\n", self._at)
        end = len(self._code) if end < 0 else end
        text, self._at = self._code[self._at : end], end
        return text

    # --- addresses -------------------------------------------------------------------------------

    def _address(self) -> None:
        self._one_address()
        self._skip(" \t")
        if self._peek() == ",":
            self._at += 1
            self._skip(" \t~+")
            self._one_address()

    def _one_address(self) -> None:
        char = self._peek()
        if char == "$":
            self._at += 1
        elif char in ("/", "\\"):
            if char == "\\":
                self._at += 1
            mark = self._peek()
            self._at += 1
            self._delimited(mark, is_pattern=True)
            self._skip("IM")
        elif char.isdigit() or char == UNKNOWN:
            self._skip("0123456789~" + UNKNOWN)

    def _delimited(self, mark: str, *, is_pattern: bool) -> str:
        """The text up to a mark, which is passed over."""
        if not mark or mark in "\n\\":
            raise Unreadable("an expression without a mark")
        start = self._at
        while self._at < len(self._code):
            char = self._code[self._at]
            if char == "\\":
                self._at += 2
                continue
            if char == "[" and is_pattern:
                self._brackets()
                continue
            self._at += 1
            if char == mark:
                return self._code[start : self._at - 1]
            if char == "\n" and is_pattern:
                break
        raise Unreadable("an expression is not closed")

    def _brackets(self) -> None:
        """`[…]`: the mark may stand within."""
        end = self._at + 1
        if self._code[end : end + 1] == "^":
            end += 1
        if self._code[end : end + 1] == "]":
            end += 1
        while end < len(self._code) and self._code[end] not in "]\n":
            if self._code.startswith(("[:", "[.", "[="), end):
                close = self._code.find(self._code[end + 1] + "]", end + 2)
                end = close + 1 if close > 0 else end
            end += 1
        if end >= len(self._code) or self._code[end] == "\n":
            raise Unreadable("a bracket is not closed")
        self._at = end + 1

    # --- commands --------------------------------------------------------------------------------

    def _command(self) -> None:
        char = self._peek()
        self._at += 1
        if char in _PLAIN:
            self._skip(" \t0123456789" if char == "l" else "")
        elif char in "qQL":
            self._skip(" \t0123456789")
        elif char == "#":
            self._line()
        elif char == "s":
            self._substitute()
        elif char == "y":
            mark = self._peek()
            self._at += 1
            self._delimited(mark, is_pattern=False)
            self._delimited(mark, is_pattern=False)
        elif char in "aic":
            self._text()
        elif char in ":btTv":
            end = min(
                (at for at in (self._code.find(one, self._at) for one in "\n;}") if at >= 0),
                default=len(self._code),
            )
            self._at = end
        elif char in "rR":
            self._found.touches(Touch.READ, self._line().strip())
        elif char in "wW":
            self._writes(self._line().strip())
        elif char == "e":
            command = self._line().strip()
            if not command:
                self._found.cannot_tell("runs what it reads as commands")
            self._found.runs(command)
        elif char == UNKNOWN:
            self._found.medium("a command of the script is not known")
        elif char not in " \t\n;{}":
            raise Unreadable(f"the command {char!r}")

    def _writes(self, path: str) -> None:
        if path not in _STANDARD:
            self._found.touches(Touch.WRITE, path)

    def _text(self) -> None:
        r"""The text of `a`, `i` and `c`: the line, and those behind a backslash."""
        while True:
            line = self._line()
            if not line.endswith("\\") or self._at >= len(self._code):
                return
            self._at += 1

    def _substitute(self) -> None:
        mark = self._peek()
        self._at += 1
        self._delimited(mark, is_pattern=True)
        self._delimited(mark, is_pattern=False)
        while self._at < len(self._code):
            char = self._peek()
            if char in "gpiImM0123456789" + UNKNOWN:
                self._at += 1
            elif char == "e":
                self._at += 1
                self._found.cannot_tell("runs what it reads as commands")
            elif char == "w":
                self._at += 1
                self._writes(self._line().strip())
            else:
                break
        self._skip(" \t")
        if self._peek() not in ("", ";", "\n", "}", "#"):
            raise Unreadable("a flag of s that is not known")
