"""Tells what awk does: `system()`, pipes, `getline` and redirections of `print`."""

import re

from droid.safety.commands.languages.findings import Findings, Unreadable
from droid.safety.commands.languages.tokens import NOTHING, Code, Kind, Lexer, Token
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_OPERATORS = frozenset(
    {"and", "in", "print", "printf", "return", "getline", "else", "do", "case", "if", "while", "not"}
)
_UNKNOWN_TOKEN = Token(Kind.VARIABLE, UNKNOWN)
_NETWORK = re.compile(r"/inet[46]?/")


class _Lexer(Lexer):
    def comment(self) -> bool:
        return self.peek("#") and self.skip_line()

    def special(self, before: list[Token]) -> Token | None:
        char = self.code[self.at]
        if char == '"':
            self.at += 1
            return Token(Kind.STRING, self.quoted('"'))
        if char == UNKNOWN:
            self.at += 1
            return _UNKNOWN_TOKEN
        if char == "/":
            last = next((token for token in reversed(before) if token.kind is not Kind.LINE), NOTHING)
            ends_value = last.kind in (Kind.NUMBER, Kind.STRING, Kind.VARIABLE) or last.is_mark(
                ")", "]", "$", "++", "--"
            )
            if ends_value or (last.kind is Kind.WORD and last.text not in _OPERATORS):
                return None
            self.at += 1
            return Token(Kind.REGEX, self._regex())
        return None

    def _regex(self) -> str:
        start, in_class = self.at, False
        while self.at < len(self.code) and self.code[self.at] != "\n":
            char = self.code[self.at]
            self.at += 2 if char == "\\" else 1
            if char == "[" and not in_class:
                in_class = True
                if self.code[self.at : self.at + 1] == "^":
                    self.at += 1
                if self.code[self.at : self.at + 1] == "]":
                    self.at += 1
            elif char == "]":
                in_class = False
            elif char == "/":
                # Implementations differ on a slash in brackets: whichever is meant, nothing may hide.
                if in_class and re.search(r"[\"|>]|getline|system", self.code[self.at :].partition("/")[0]):
                    raise Unreadable("a slash of which it cannot be told what it means")
                if not in_class:
                    return self.code[start : self.at - 1]
        raise Unreadable("an expression is not closed")


def read(code: str, found: Findings, language: str = "awk") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    if re.search(r"^[ \t]*@(?:load|include)\b", code, re.MULTILINE):
        found.high("loads other code")
    tokens = _Lexer(code.replace("\\\n", " ")).read()[0]
    _Reader(Code(tokens), found).read()


class _Reader:
    def __init__(self, code: Code, found: Findings) -> None:
        self._code = code
        self._found = found
        self._values = _constants(code)

    def read(self) -> None:
        code, found = self._code, self._found
        for index, token in enumerate(code.tokens):
            if token.is_mark("@"):
                found.cannot_tell("calls a function by a computed name")
            elif token.is_word("system"):
                if code.at(index + 1).is_mark("("):
                    self._runs(code.tokens[index + 2 : code.closing(index + 1)])
                else:
                    found.cannot_tell("runs a command that is not known")
            elif token.is_word("print", "printf"):
                self._print(index)
            elif token.is_word("getline"):
                self._getline(index)
            elif token.is_mark("|") and not code.at(index + 1).is_word("getline"):
                if not (code.at(index + 1).is_mark("&") or self._in_print(index)):
                    found.high("runs a command in a way that is not followed")
            elif token.is_word("ENVIRON"):
                key = code.at(index + 2)
                found.reads_variable(
                    key.text if code.at(index + 1).is_mark("[") and key.kind is Kind.STRING else ""
                )
            elif token.is_word("PROCINFO") and not code.at(index + 1).is_mark("["):
                found.medium("hands on PROCINFO")
            elif token.kind is Kind.STRING and _NETWORK.match(token.text):
                found.high("opens a network connection")

    def _runs(self, tokens: list[Token]) -> None:
        text = self._text(tokens)
        if tokens and not text:  # `system("")` only flushes
            return
        if not text.strip(UNKNOWN + " ") or text.startswith(UNKNOWN):
            self._found.cannot_tell("runs a command that is not known")
        self._found.runs(text)

    def _ends(self, index: int) -> bool:
        """Whether a statement ends at a token."""
        token = self._code.at(index)
        if token.kind is Kind.LINE:
            return not self._code.at(index - 1).is_mark(",", "&&", "||")
        return token.is_mark(";", "}", "{")

    def _in_print(self, index: int) -> bool:
        """Whether a pipe belongs to a `print` before it, which looks after it."""
        here = index - 1
        while here >= 0 and not self._ends(here):
            if self._code.at(here).is_word("print", "printf"):
                return True
            here -= 1
            if index - here > 500:
                return False
        return False

    def _print(self, index: int) -> None:
        """`print … > "file"`, `print … | "command"`: only outside of brackets."""
        code = self._code
        end = index + 1
        while end < len(code.tokens):
            token = code.tokens[end]
            if token.is_mark("(", "["):
                end = code.closing(end) + 1
                continue
            if self._ends(end):
                return
            if token.is_mark(">", ">>"):
                path = self._text(self._target(end + 1))
                if _NETWORK.match(path):
                    self._found.high("opens a network connection")
                self._found.touches(Touch.WRITE, path)
                return
            if token.is_mark("|"):
                start = end + 2 if code.at(end + 1).is_mark("&") else end + 1
                command = self._text(self._target(start))
                if command.strip() in _FILTERS or command.split(" ")[0] in _FILTERS:
                    self._found.runs(command)
                else:
                    self._found.high("feeds a command that it runs")
                    self._found.runs(command)
                return
            end += 1

    def _target(self, start: int) -> list[Token]:
        """The expression behind a redirection, up to the end of the statement."""
        code = self._code
        end = start
        while end < len(code.tokens) and not self._ends(end):
            if code.tokens[end].is_word("print", "printf", "if", "while", "for", "next", "getline"):
                break
            if code.tokens[end].is_mark("(", "[", "{"):
                end = code.closing(end)
            end += 1
        return code.tokens[start:end]

    def _getline(self, index: int) -> None:
        """`"command" | getline`, `getline < "file"`."""
        code = self._code
        if code.at(index - 1).is_mark("|") or (
            code.at(index - 1).is_mark("&") and code.at(index - 2).is_mark("|")
        ):
            end = index - 1 if code.at(index - 1).is_mark("|") else index - 2
            start = end
            depth = 0
            while start > 0:
                before = code.tokens[start - 1]
                if before.is_mark(")", "]"):
                    depth += 1
                elif before.is_mark("(", "["):
                    if depth == 0:
                        break
                    depth -= 1
                elif depth == 0 and (
                    self._ends(start - 1)
                    or before.is_mark("{", "=", "&&", "||", "!", ",")
                    or before.is_word("while", "if", "do", "else", "print", "return")
                ):
                    break
                start -= 1
            self._runs(code.tokens[start:end])
        after = index + 1
        if code.at(after).kind is Kind.WORD:
            after += 1
            if code.at(after).is_mark("["):
                after = code.closing(after) + 1
        if code.at(after).is_mark("<"):
            path = self._text(self._target(after + 1)[:1])
            if _NETWORK.match(path):
                self._found.high("opens a network connection")
            self._found.touches(Touch.READ, path)

    def _text(self, tokens: list[Token]) -> str:
        """What an expression of strings, written one behind the other, makes."""
        pieces: list[str] = []
        field = False
        for token in tokens:
            if field:
                field = False
            elif token.is_mark("$"):
                pieces.append(UNKNOWN)
                field = True
            elif token.kind is Kind.STRING:
                pieces.append(token.text)
            elif token.kind is Kind.WORD and token.text in self._values:
                pieces.append(self._values[token.text])
            elif token.kind is Kind.NUMBER:
                pieces.append(token.text)
            elif not token.is_mark("(", ")"):
                pieces.append(UNKNOWN)
        return re.sub(f"{UNKNOWN}+", UNKNOWN, "".join(pieces))[:4096]


_FILTERS = frozenset(
    {"sort", "uniq", "cat", "wc", "column", "head", "tail", "cat 1>&2", "cat >&2", "tac", "nl", "fold"}
)
"""Programs that do nothing with what they are fed but show it."""


def _constants(code: Code) -> dict[str, str]:
    """Variables that are given a string once."""
    found: dict[str, str] = {}
    often: set[str] = set()
    for index, token in enumerate(code.tokens):
        if token.kind is not Kind.WORD:
            continue
        after = code.at(index + 1)
        if token.text in ("sub", "gsub", "split", "getline", "for"):
            often.update(one.text for one in code.tokens[index : index + 60] if one.kind is Kind.WORD)
        if after.kind is Kind.MARK and after.text in ("=", "+=", "-=", "*=", "/=", "++", "--"):
            value, end = code.at(index + 2), code.at(index + 3)
            plain = value.kind is Kind.STRING and (end.is_mark(";", "}") or end is NOTHING)
            if not after.is_mark("=") or not plain or token.text in found:
                often.add(token.text)
            found.setdefault(token.text, value.text)
    return {name: text for name, text in found.items() if name not in often}
