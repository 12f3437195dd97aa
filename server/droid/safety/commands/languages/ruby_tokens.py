"""Cuts Ruby into tokens: its strings have many forms, and code may stand in most of them."""

import re

from droid.safety.commands.languages.findings import Unreadable
from droid.safety.commands.languages.tokens import CLOSERS, NOTHING, Kind, Lexer, Token

_BEFORE_VALUE = frozenset(
    {"and", "case", "do", "else", "elsif", "ensure", "if", "in", "not", "or", "p", "print", "puts",
     "raise", "return",
     "then", "unless", "until", "when", "while", "yield", "split", "match", "scan", "gsub", "sub", "grep",
     "select",
     "reject", "begin", "system", "exec", "spawn", "pp", "require"}
)  # fmt: skip
_GLOBAL = re.compile(r"\$(?:[A-Za-z_]\w*|-\w|\d+|[~*$?!@/\\;,.=:<>\"&`'+_])")
_MEMBER = re.compile(r"@@?[A-Za-z_]\w*")
_METHOD = re.compile(r"[A-Za-z_]\w*[?!](?!=)")
_CHARACTER = re.compile(r"\?(?:\\.|[^\s\\])(?!\w)")
_HEREDOC = re.compile(r"<<([~-]?)(?:(['\"`])([^'\"`\n]+)\2|([A-Za-z_]\w*))")
_PERCENT = re.compile(r"%([qQwWiIxrs]?)([^\w\s])")
_OPERATOR_SYMBOL = re.compile(r":(?:\[\]=?|[+\-*/%]|<=>|===?|=~|<<|>>|[<>]=?|!|\*\*)(?![\w\"'])")


class RubyLexer(Lexer):
    """Ruby's tokens. A symbol `:x` is the mark `:` and a word."""

    marks = ("&.", *Lexer.marks)

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._heredocs: list[tuple[str, bool]] = []
        self._lines = {line.strip() for line in code.split("\n")}

    def blank(self) -> bool:
        if self._heredocs and self.peek("\n"):
            self.at += 1
            raise_later = self._heredocs
            self._heredocs = []
            for end, filled in raise_later:
                self._body(end, filled)
            self.at -= 1
            return super().blank() if self.code[self.at] == "\n" else True
        if self._heredocs:
            # Only up to the end of the line: the body begins there.
            start = self.at
            while self.at < len(self.code) and self.code[self.at] in " \t\r":
                self.at += 1
            return self.at > start or self.comment()
        return super().blank()

    def comment(self) -> bool:
        if self.peek("#"):
            return self.skip_line()
        if self.peek("=begin") and (self.at == 0 or self.code[self.at - 1] == "\n"):
            return self.skip_past("\n=end")
        if self.peek("__END__") and (self.at == 0 or self.code[self.at - 1] == "\n"):
            self.at = len(self.code)
            return True
        return False

    def special(self, before: list[Token]) -> Token | None:
        char = self.code[self.at]
        last = before[-1] if before else NOTHING
        if char in "\"'`":
            if char == "`" and last.is_mark("."):
                raise Unreadable("a method that is a backtick")
            self.at += 1
            text = self.quoted(char, escapes=char != "'", holes="" if char == "'" else "#{")
            return Token(Kind.SHELL if char == "`" else Kind.STRING, text)
        for pattern, kind in ((_GLOBAL, Kind.VARIABLE), (_MEMBER, Kind.VARIABLE)):
            if (found := pattern.match(self.code, self.at)) is not None:
                self.at = found.end()
                return Token(kind, found[0])
        if (
            char == ":"
            and not self.peek("::")
            and (found := _OPERATOR_SYMBOL.match(self.code, self.at)) is not None
        ) and self._value_may_start(last):
            self.at = found.end()
            return Token(Kind.STRING, found[0][1:])
        if (found := _METHOD.match(self.code, self.at)) is not None:
            self.at = found.end()
            return Token(Kind.WORD, found[0])
        if (
            char == "?"
            and self._value_may_start(last)
            and (found := _CHARACTER.match(self.code, self.at)) is not None
        ):
            self.at = found.end()
            return Token(Kind.STRING, found[0][1:])
        if char == "<" and (found := _HEREDOC.match(self.code, self.at)) is not None:
            return self._heredoc(found, last)
        if char == "%" and self._value_may_start(last):
            found = _PERCENT.match(self.code, self.at)
            return self._percent(found) if found is not None else None
        if char == "/":
            return self._slash(last)
        return None

    def _value_may_start(self, last: Token) -> bool:
        """Whether here a value begins, and not an operator between two."""
        if last.kind is Kind.WORD:
            spaced = self.at > 0 and self.code[self.at - 1] in " \t"
            follows = self.code[self.at + 1 : self.at + 2]
            return last.text in _BEFORE_VALUE or (spaced and not follows.isspace())
        return last.kind in (Kind.LINE, Kind.MARK) and not last.is_mark(")", "]", "}")

    def _slash(self, last: Token) -> Token | None:
        if not self._value_may_start(last):
            if last.is_mark("}", ")", "]") or last.kind is Kind.WORD:
                self._must_be_plain()
            return None
        if last.kind is Kind.WORD and last.text not in _BEFORE_VALUE:
            self._must_be_plain()
        self.at += 1
        return Token(Kind.REGEX, self.quoted("/", holes="#{"))

    def _must_be_plain(self) -> None:
        """It may divide or begin an expression: neither reading may hide code."""
        line = self.code[self.at + 1 :].partition("\n")[0]
        body, slash, _ = line.partition("/")
        if slash and re.search(r"['\"`#%(]|\w\s+\w", body):
            raise Unreadable("a slash of which it cannot be told what it means")

    def _percent(self, found: re.Match[str]) -> Token:
        kind, opens = found[1], found[2]
        if opens == "=" and not kind:
            raise Unreadable("a percent sign of which it cannot be told what it means")
        self.at = found.end()
        close = CLOSERS.get(opens, opens)
        filled = kind in ("", "Q", "W", "I", "x", "r")
        text = self.quoted(
            close, opens=opens if close != opens else "", escapes=filled, holes="#{" if filled else ""
        )
        if kind in ("w", "W", "i", "I"):
            # A list: its words are seen as one text, and never as what starts a program.
            return Token(Kind.REGEX, text)
        return Token({"x": Kind.SHELL, "r": Kind.REGEX}.get(kind, Kind.STRING), text)

    # --- here-documents --------------------------------------------------------------------------

    def _heredoc(self, found: re.Match[str], last: Token) -> Token | None:
        quote, end = found[2], found[3] or found[4]
        if end not in self._lines:
            return None
        if not found[1] and not quote and last.kind in (Kind.WORD, Kind.VARIABLE, Kind.NUMBER):
            raise Unreadable("a here-document of which it cannot be told whether it is one")
        if last.is_mark(")", "]", "}"):
            raise Unreadable("a here-document of which it cannot be told whether it is one")
        if quote == "`":
            raise Unreadable("a here-document that is run")
        self.at = found.end()
        self._heredocs.append((end, quote != "'"))
        return Token(Kind.STRING, "\0")

    def _body(self, end: str, filled: bool) -> None:
        closed = re.compile(rf"^[ \t]*{re.escape(end)}[ \t\r]*$", re.MULTILINE).search(self.code, self.at)
        if closed is None:
            raise Unreadable("a here-document is not closed")
        if filled and "#{" in self.code[self.at : closed.start()]:
            raise Unreadable("code within a here-document")
        self.at = closed.end() + 1
