"""Cuts JavaScript into tokens, and finds which of its names stand for which module."""

from collections.abc import Sequence

from droid.safety.commands.languages.findings import Findings, Unreadable
from droid.safety.commands.languages.tokens import NOTHING, Code, Kind, Lexer, Token
from droid.safety.commands.words import UNKNOWN

BEFORE_REGEX = frozenset(
    {"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "instanceof",
     "yield",
     "await"}
)  # fmt: skip
DECLARES = ("const", "let", "var")

MAX_IMPORT_TOKENS = 100
"""Of `import {a, b} from …`."""


class JavaScriptLexer(Lexer):
    def comment(self) -> bool:
        if self.peek("//"):
            return self.skip_line()
        if self.peek("/*"):
            self.at += 2
            return self.skip_past("*/")
        if self.peek("<!--") or self.peek("-->"):
            raise Unreadable("a comment as in a web page")
        return False

    def special(self, before: list[Token]) -> Token | None:
        char = self.code[self.at]
        if char in "'\"":
            self.at += 1
            return Token(Kind.STRING, self.quoted(char))
        if char == "`":
            self.at += 1
            return Token(Kind.STRING, self.quoted("`", holes="${"))
        if char == "$":
            start = self.at
            while self.at < len(self.code) and (self.code[self.at].isalnum() or self.code[self.at] in "$_"):
                self.at += 1
            return Token(Kind.WORD, self.code[start : self.at])
        if char == "\\" or (char == "#" and self.at and not self.peek("#!")):
            raise Unreadable("a name that is written with escapes")
        if char == "/":
            return self._slash(before)
        return None

    def _slash(self, before: list[Token]) -> Token | None:
        last = next((token for token in reversed(before) if token.kind is not Kind.LINE), NOTHING)
        if last.kind in (Kind.NUMBER, Kind.STRING) or (
            last.kind is Kind.WORD and last.text not in BEFORE_REGEX
        ):
            return None
        if last.is_mark(")", "]", "}", "++", "--"):
            self._must_be_plain()
            return None
        self.at += 1
        return Token(Kind.REGEX, self._regex())

    def _must_be_plain(self) -> None:
        """A slash that may divide or begin an expression: nothing may stand in it that hides code."""
        end = self.code.find("\n", self.at)
        line = self.code[self.at + 1 : end if end > 0 else len(self.code)]
        body, slash, _ = line.partition("/")
        if slash and any(mark in body for mark in "'\"`\\"):
            raise Unreadable("a slash of which it cannot be told what it means")

    def _regex(self) -> str:
        start, in_class = self.at, False
        while self.at < len(self.code) and self.code[self.at] != "\n":
            char = self.code[self.at]
            self.at += 2 if char == "\\" else 1
            if char == "[":
                in_class = True
            elif char == "]":
                in_class = False
            elif char == "/" and not in_class:
                return self.code[start : self.at - 1]
        raise Unreadable("an expression is not closed")


class Bindings:
    """Finds which names stand for which module, or a member of one: `fs`, `child_process.exec`."""

    def __init__(self, code: Code, bound: dict[str, str], found: Findings) -> None:
        self._code = code
        self._bound = bound
        self._found = found

    def read(self) -> None:
        code = self._code
        for index, token in enumerate(code.tokens):
            if token.is_word("require") and not code.at(index - 1).is_mark(".", "?."):
                self._require(index)
            elif token.is_word("import"):
                self._import(index)

    def _require(self, index: int) -> None:
        """`const x = require('m')`, `const {a, b: c} = require('m').d`."""
        code = self._code
        module = module_at(code, index)
        target = binding_at(code, index)
        if module is None or target is None:
            return
        end = index + 4
        while code.at(end).is_mark(".") and code.at(end + 1).kind is Kind.WORD:
            module = f"{module}.{code.at(end + 1).text}"
            end += 2
        if code.at(target).kind is Kind.WORD:
            self._bind(code.at(target).text, module)
        elif code.at(target).is_mark("}"):
            start = target
            while start > target - MAX_IMPORT_TOKENS and start >= 0 and not code.at(start).is_mark("{"):
                start -= 1
            self._destructure(code.tokens[start + 1 : target], module)

    def _import(self, index: int) -> None:
        """`import a, {b as c} from 'm'`, `import * as d from 'm'`."""
        code = self._code
        if code.at(index + 1).is_mark("(", "."):
            return
        end, last = index + 1, min(len(code.tokens), index + MAX_IMPORT_TOKENS)
        while end < last and code.at(end).kind is not Kind.STRING and not code.at(end).is_word("import"):
            end += 1
        if end == last or code.at(end).kind is not Kind.STRING:
            return  # no module is named: to import it is judged elsewhere
        module = code.at(end).text.removeprefix("node:")
        names = code.tokens[index + 1 : end]
        for at, token in enumerate(names):
            if token.kind is Kind.WORD and token.text not in ("from", "as", "type"):
                if at and names[at - 1].is_word("as"):
                    source = names[at - 2]
                    self._bind(token.text, module if source.is_mark("*") else f"{module}.{source.text}")
                elif not (at + 1 < len(names) and names[at + 1].is_word("as")):
                    inside = any(one.is_mark("{") for one in names[:at])
                    self._bind(token.text, f"{module}.{token.text}" if inside else module)

    def _destructure(self, tokens: Sequence[Token], module: str) -> None:
        at = 0
        while at < len(tokens):
            name = tokens[at]
            if name.kind is not Kind.WORD:
                if not name.is_mark(","):
                    self._found.high(f"takes names of {module} in a way that is not followed")
                at += 1
                continue
            if at + 2 < len(tokens) and tokens[at + 1].is_mark(":") and tokens[at + 2].kind is Kind.WORD:
                self._bind(tokens[at + 2].text, f"{module}.{name.text}")
                at += 3
            else:
                self._bind(name.text, f"{module}.{name.text}")
                at += 1

    def _bind(self, name: str, module: str) -> None:
        if self._bound.get(name, module) != module:
            self._found.high(f"{name} stands for several modules")
        self._bound[name] = module


def binding_at(code: Code, index: int) -> int | None:
    """Where the names end that are bound to the module, or its member, that `require` at an index loads."""
    target = index - 2
    if not code.at(index - 1).is_mark("="):
        return None
    end = index + 4
    while code.at(end).is_mark(".") and code.at(end + 1).kind is Kind.WORD:
        end += 2
    ended = code.at(end).is_mark(";", ",", ")", "}") or code.at(end).kind is Kind.LINE
    before = code.at(target - 1)
    starts = before.is_word(*DECLARES) or before.is_mark(";", ",", "{", "(") or before.kind is Kind.LINE
    if ended and ((code.at(target).kind is Kind.WORD and starts) or code.at(target).is_mark("}")):
        return target
    return None


def module_at(code: Code, index: int) -> str | None:
    """The module that `require` or `import` at an index names; None where it is not told."""
    name = code.at(index + 2)
    plain = name.kind is Kind.STRING and UNKNOWN not in name.text and code.at(index + 3).is_mark(")")
    if not code.at(index + 1).is_mark("(") or not plain:
        return None
    return name.text.removeprefix("node:")
