"""Tells what a jq program does: it can read the environment and modules, and nothing more.

The forks of `yq` can also load files and variables by functions of their own.
"""

import re

from droid.safety.commands.languages.findings import Findings, Unreadable
from droid.safety.commands.languages.tokens import Code, Kind, Lexer, Token, text_of
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_FORMAT = re.compile(r"@\w+")
_VARIABLE = re.compile(r"\$(?:__loc__|[A-Za-z_]\w*(?:::\w+)*)")


class _Lexer(Lexer):
    def comment(self) -> bool:
        return self.peek("#") and self.skip_line()

    def special(self, before: list[Token]) -> Token | None:
        char = self.code[self.at]
        if char == '"':
            self.at += 1
            return Token(Kind.STRING, self._string())
        if char == UNKNOWN:
            self.at += 1
            return Token(Kind.VARIABLE, UNKNOWN)
        for pattern, kind in ((_FORMAT, Kind.MARK), (_VARIABLE, Kind.VARIABLE)):
            if (found := pattern.match(self.code, self.at)) is not None:
                self.at = found.end()
                return Token(kind, found[0])
        return None

    def _string(self) -> str:
        r"""A string, with the code in `\(…)` read apart."""
        pieces: list[str] = []
        while self.at < len(self.code):
            char = self.code[self.at]
            if self.peek("\\("):
                self.at += 2
                self.nested.append(self.tokens(")"))
                pieces.append(UNKNOWN)
                continue
            self.at += 2 if char == "\\" else 1
            if char == '"':
                return "".join(pieces)
            pieces.append(UNKNOWN if char == "\\" else char)
        raise Unreadable("a string is not closed")


def read(code: str, found: Findings, language: str = "jq") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    for tokens in _Lexer(code).read():
        piece = Code(tokens)
        for index, token in enumerate(tokens):
            before, after = piece.at(index - 1), piece.at(index + 1)
            if token.kind is Kind.VARIABLE and token.text == "$ENV":
                _environment(piece, index + 1, found)
            elif token.kind is not Kind.WORD or before.is_mark(".", "?.") or after.is_mark(":"):
                continue
            elif token.text in ("env", "strenv") and after.is_mark("("):
                found.reads_variable(piece.at(index + 2).text)
            elif token.text == "env":
                _environment(piece, index + 1, found)
            elif token.text == "envsubst":
                found.reads_variable("")
            elif token.text in ("load", "load_str", "load_xml", "load_props", "load_base64"):
                given = piece.arguments(index + 1)
                found.touches(Touch.READ, text_of(given[0], "+") if given else UNKNOWN)
            elif token.text in ("import", "include"):
                found.medium("loads other code")
            elif token.text in ("system", "eval", "exec") and after.is_mark("("):
                found.high(f"calls {token.text}")


def _environment(code: Code, index: int, found: Findings) -> None:
    """`env.NAME` or `env["NAME"]`; all of it otherwise."""
    after, name = code.at(index), code.at(index + 1)
    if (after.is_mark(".") and name.kind in (Kind.WORD, Kind.STRING)) or (
        after.is_mark("[") and name.kind is Kind.STRING
    ):
        found.reads_variable(name.text)
    else:
        found.reads_variable("")
