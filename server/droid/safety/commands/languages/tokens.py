"""Cuts code into tokens, so that nothing within a string or a comment is taken for code, nor code for those.

Each language adds to the lexer what its strings and comments look like. Code within strings (`#{…}`) is
read as well and handed out apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from droid.safety.commands.languages.findings import Unreadable
from droid.safety.commands.words import UNKNOWN

_WORD = re.compile(r"[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*")
_NUMBER = re.compile(r"(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)n?")
_CODE_POINT = re.compile(
    r"u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2})|x\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})"
)
_DEEPEST = 30
_MOST_TOKENS = 8_000
CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    VARIABLE = auto()
    """A name with its sigil: `$x`."""
    STRING = auto()
    REGEX = auto()
    SHELL = auto()
    """Text between backticks and the like."""
    NUMBER = auto()
    MARK = auto()
    """Punctuation and operators."""
    LINE = auto()
    """The end of a line."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of code.

    Attributes:
        text: Of a string, its value, with `UNKNOWN` for what is put into it.
        spaced: White space stands before it.
    """

    kind: Kind
    text: str
    spaced: bool = False

    def is_mark(self, *texts: str) -> bool:
        return self.kind is Kind.MARK and self.text in texts

    def is_word(self, *texts: str) -> bool:
        return self.kind is Kind.WORD and self.text in texts


NOTHING = Token(Kind.LINE, "")
"""What stands before the first token and behind the last."""


class Lexer:
    """Goes through the code once, from left to right."""

    marks: tuple[str, ...] = (
        "===", "!==", "**=", "...", "<=>", "&&=", "||=", "??=", "=>", "->", "::", "==", "!=", "<=", ">=",
        "&&",
        "||", "**", "=~", "!~", "++", "--", "+=", "-=", "*=", "/=", ".=", "|=", "&=", "?.", "??", "..",
        "<<", ">>",
        "//",
    )  # fmt: skip

    def __init__(self, code: str) -> None:
        self.code = code
        self.at: int = 0
        self.nested: list[list[Token]] = []
        self._depth = 0
        self._count = 0
        self._marks: dict[str, list[str]] = {}
        for mark in self.marks:
            self._marks.setdefault(mark[0], []).append(mark)

    def read(self) -> list[list[Token]]:
        """The tokens of the code, then those of each piece of code within its strings.

        Raises:
            Unreadable: something is not closed, or cannot be told apart.
        """
        main = self.tokens("")
        return [main, *self.nested]

    def tokens(self, close: str) -> list[Token]:
        """The tokens up to a closing bracket, which is passed over; or up to the end."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")
        found: list[Token] = []
        open_: list[str] = []
        while self.at < len(self.code):
            start = self.at
            if self.blank():
                if "\n" in self.code[start : self.at]:
                    found.append(Token(Kind.LINE, "\n"))
                continue
            spaced = start > 0 and self.code[start - 1] in " \t\n\r\f"
            token = self.special(found) or self.common()
            if spaced:
                token = Token(token.kind, token.text, True)
            if token.kind is Kind.MARK:
                if token.text in CLOSERS and token.text != "<":
                    open_.append(CLOSERS[token.text])
                elif token.text in (")", "]", "}"):
                    if not open_ and token.text == close:
                        self._depth -= 1
                        return found
                    if not open_ or open_.pop() != token.text:
                        raise Unreadable("its brackets do not match")
            found.append(token)
            self._count += 1
            if self._count > _MOST_TOKENS:
                raise Unreadable("it is too long")
        if close or open_:
            raise Unreadable("a bracket is not closed")
        self._depth -= 1
        return found

    # --- for the languages -----------------------------------------------------------------------

    def blank(self) -> bool:
        """Pass over white space, or one comment; False where there is none."""
        start = self.at
        while self.at < len(self.code) and self.code[self.at] in " \t\r\n\f\v":
            self.at += 1
        return self.at > start or self.comment()

    def comment(self) -> bool:
        """Pass over a comment; False where there is none."""
        return False

    def special(self, before: list[Token]) -> Token | None:
        """A token that only this language has."""
        raise NotImplementedError

    def common(self) -> Token:
        """A word, a number or a mark."""
        for kind, pattern in ((Kind.WORD, _WORD), (Kind.NUMBER, _NUMBER)):
            if (found := pattern.match(self.code, self.at)) is not None:
                self.at = found.end()
                return Token(kind, found[0])
        char = self.code[self.at]
        for mark in self._marks.get(char, ()):
            if self.code.startswith(mark, self.at):
                self.at += len(mark)
                return Token(Kind.MARK, mark)
        self.at += 1
        return Token(Kind.MARK, char)

    # --- helpers ---------------------------------------------------------------------------------

    def peek(self, text: str) -> bool:
        return self.code.startswith(text, self.at)

    def skip_line(self) -> bool:
        """Pass over the rest of the line, but not its end."""
        end = self.code.find("\n", self.at)
        self.at = len(self.code) if end < 0 else end
        return True

    def skip_past(self, text: str) -> bool:
        """Pass over everything up to a text, and that."""
        end = self.code.find(text, self.at)
        if end < 0:
            raise Unreadable("a comment is not closed")
        self.at = end + len(text)
        return True

    def quoted(self, close: str, *, opens: str = "", escapes: bool = True, holes: str = "") -> str:
        """The value of a string from here to its closing mark, which is passed over.

        Args:
            opens: A bracket that may stand within, if it is closed again.
            escapes: A backslash changes the character behind it.
            holes: What begins code within the string: `${`, `#{`.
        """
        pieces: list[str] = []
        depth = 0
        while self.at < len(self.code):
            char = self.code[self.at]
            if char == "\\" and self.at + 1 < len(self.code):
                pieces.append(self._escaped(escapes, close, opens))
                continue
            if holes and self.code.startswith(holes, self.at):
                self.at += len(holes)
                self.nested.append(self.tokens("}"))
                pieces.append(UNKNOWN)
                continue
            self.at += 1
            if opens and char == opens:
                depth += 1
            elif char == close:
                if depth == 0:
                    return "".join(pieces)
                depth -= 1
            pieces.append(char)
        raise Unreadable("a string is not closed")

    def _escaped(self, escapes: bool, close: str, opens: str) -> str:
        char = self.code[self.at + 1]
        self.at += 2
        if not escapes:
            return char if char in ("\\", close, opens) else "\\" + char
        if char in "ux" or char.isdigit():
            found = _CODE_POINT.match(self.code, self.at - 1)
            if found is not None:
                self.at = found.end()
                hexadecimal = found[1] or found[2] or found[3] or found[4]
                number = int(hexadecimal, 16) if hexadecimal else int(found[5], 8)
                return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else UNKNOWN
        return {"n": "\n", "t": "\t", "r": "\r", "\n": "", "0": UNKNOWN, "e": "\x1b"}.get(char, char)


# --- looking at tokens -------------------------------------------------------------------------------

_MOST_CALLS = 400


class Code:
    """The tokens of a piece of code, with their brackets paired."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self._closings: dict[int, int] = {}
        self._calls = 0
        open_: list[int] = []
        for index, token in enumerate(tokens):
            if token.is_mark("(", "[", "{"):
                open_.append(index)
            elif token.is_mark(")", "]", "}") and open_:
                self._closings[open_.pop()] = index

    def at(self, index: int) -> Token:
        """A token, or `NOTHING`."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else NOTHING

    def closing(self, index: int) -> int:
        """Where the bracket at an index is closed."""
        return self._closings.get(index, len(self.tokens))

    def arguments(self, index: int, ends: frozenset[str] = frozenset()) -> list[list[Token]]:
        """The arguments that begin at an index: in brackets, or bare up to the end of the statement.

        Args:
            ends: Words that end arguments without brackets; where none are given, there must be brackets.

        Raises:
            Unreadable: there are too many calls to look at them all.
        """
        self._calls += 1
        if self._calls > _MOST_CALLS:
            raise Unreadable("it calls too much")
        if self.at(index).is_mark("("):
            return split(self.tokens[index + 1 : self.closing(index)])
        if not ends:
            return []
        depth, end = 0, index
        for end in range(index, len(self.tokens) + 1):
            token = self.at(end)
            if token.is_mark("(", "[", "{"):
                depth += 1
            elif token.is_mark(")", "]", "}"):
                depth -= 1
            if depth < 0 or (
                depth == 0
                and (token.is_mark(";", "||", "&&") or token.kind is Kind.LINE or token.is_word(*ends))
            ):
                break
        return split(self.tokens[index:end])


def split(tokens: list[Token]) -> list[list[Token]]:
    """Tokens parted at the commas that are within no bracket."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.is_mark("(", "[", "{"):
            depth += 1
        elif token.is_mark(")", "]", "}"):
            depth -= 1
        if depth == 0 and token.is_mark(",", "=>"):
            parts.append([])
        elif token.kind is not Kind.LINE:
            parts[-1].append(token)
    return [part for part in parts if part]


def text_of(tokens: list[Token], glue: str, values: Mapping[str, str] | None = None) -> str:
    """The string that an expression of strings makes, with `UNKNOWN` for what is not known."""
    pieces: list[str] = []
    for token in tokens:
        if token.kind is Kind.STRING:
            pieces.append(token.text)
        elif token.is_mark(glue, "(", ")"):
            continue
        elif values and token.text in values and token.kind in (Kind.WORD, Kind.VARIABLE):
            pieces.append(values[token.text])
        else:
            pieces.append(UNKNOWN)
    return "".join(pieces)[:4096]


def list_of(tokens: list[Token], glue: str) -> list[str] | None:
    """The strings of a list in square brackets; None where it is none."""
    if not tokens or not tokens[0].is_mark("[") or not tokens[-1].is_mark("]"):
        return None
    return [text_of(part, glue) for part in split(tokens[1:-1])]


def constants(code: Code, glue: str) -> dict[str, str]:
    """Variables that are given a string once, and nothing else."""
    found: dict[str, str] = {}
    often: set[str] = set()
    for index, token in enumerate(code.tokens):
        if token.kind not in (Kind.WORD, Kind.VARIABLE):
            continue
        after = code.at(index + 1)
        if not (
            after.kind is Kind.MARK
            and after.text.endswith("=")
            and after.text not in ("==", "===", "!=", "!==", "<=", ">=")
        ):
            if after.is_mark("++", "--", "<<", "=~"):
                often.add(token.text)
            continue
        value = code.at(index + 2)
        end = code.at(index + 3)
        plain = value.kind is Kind.STRING and (end.is_mark(";", ",", ")") or end.kind is Kind.LINE)
        if token.text in found or not after.is_mark("=") or not plain:
            often.add(token.text)
        else:
            found[token.text] = value.text
    return {name: text for name, text in found.items() if name not in often}
