"""Cuts Perl into tokens: its quotes take any mark, and code may stand within strings and expressions."""

import re

from droid.safety.commands.languages.findings import Unreadable
from droid.safety.commands.languages.tokens import CLOSERS, NOTHING, Kind, Lexer, Token
from droid.safety.commands.words import UNKNOWN

_QUOTES = frozenset({"q", "qq", "qw", "qx", "m", "qr", "s", "tr", "y"})
_BEFORE_REGEX = frozenset(
    {"and", "cmp", "eq", "ge", "grep", "gt", "if", "join", "le", "lt", "map", "ne", "not", "or", "push",
     "return",
     "split", "unless", "until", "when", "while", "x", "xor", "print"}
)  # fmt: skip
_VARIABLE = re.compile(
    r"[$@]\#?\${0,8}(?:\{\^?\w+\}|(?:::)?[A-Za-z_]\w*(?:(?:::|')[A-Za-z_]\w*)*(?:::)?|\d+)|\$\#?[&`'+!@/\\,;.0-9_\"$<>()\[\]:?|^~=%-]|\$\^\w|@[-+_]"
)
_HASH = re.compile(r"%\${0,8}(?:\{\^?\w+\}|(?:::)?[A-Za-z_]\w*(?:::\w+)*(?:::)?|[+!])")
_WORD = re.compile(r"[A-Za-z_]\w*(?:::\w+)*(?:::)?")
_HEREDOC = re.compile(r"<<(~?)(?:(['\"`])([^'\"`\n]*)\2|([A-Za-z_]\w*))")
_SUBSCRIPT = re.compile(r"(?:[$@][\w:]+|[\]}])(?:->)?[\[{]([^\]}]*)")
_PLAIN_SUBSCRIPT = re.compile(r"\s*(?:-?\w+|'[^'`\\]*'|\"\w*\"|[$@]#?\w+(?:[+-]\d+)?|\d*,\d*)\s*")
_HOLE = re.compile(r"[$@]\${0,8}(?:\{\^?\w+\}|[A-Za-z_][\w:]*|\d+|[&])")


class PerlLexer(Lexer):
    """Perl's tokens. The replacement of `s///e` is handed out as code of its own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._heredocs: list[tuple[str, bool]] = []

    def blank(self) -> bool:
        if self._heredocs and self.peek("\n"):
            self.at += 1
            for end, filled in self._heredocs:
                self._body(end, filled)
            self._heredocs = []
            return True
        if self._heredocs:
            start = self.at
            while self.at < len(self.code) and self.code[self.at] in " \t\r":
                self.at += 1
            return self.at > start or self.comment()
        return super().blank()

    def comment(self) -> bool:
        starts_line = self.at == 0 or self.code[self.at - 1] == "\n"
        if self.peek("#"):
            return self.skip_line()
        if starts_line and re.compile(r"=[a-zA-Z]").match(self.code, self.at):
            end = self.code.find("\n=cut", self.at)
            self.at = len(self.code) if end < 0 else end + 5
            return self.skip_line()
        if starts_line and (self.peek("__END__") or self.peek("__DATA__")):
            self.at = len(self.code)
            return True
        return False

    def special(self, before: list[Token]) -> Token | None:
        char = self.code[self.at]
        last = next((token for token in reversed(before) if token.kind is not Kind.LINE), NOTHING)
        if char in "\"'`":
            return self._string(char)
        if char in "$@" and (found := _VARIABLE.match(self.code, self.at)) is not None:
            self.at = found.end()
            return Token(Kind.VARIABLE, found[0])
        if (
            char == "%"
            and self._value_may_start(last)
            and (found := _HASH.match(self.code, self.at)) is not None
        ):
            self.at = found.end()
            return Token(Kind.VARIABLE, found[0])
        if (found := _WORD.match(self.code, self.at)) is not None:
            return self._word(found[0], last)
        if char == "<" and (found := _HEREDOC.match(self.code, self.at)) is not None:
            return self._heredoc(found, last)
        if char == "/":
            return self._slash(last)
        return None

    def _value_may_start(self, last: Token) -> bool:
        if last.kind is Kind.WORD:
            return True
        return last.kind in (Kind.LINE, Kind.MARK) and not last.is_mark(")", "]", "}")

    def _string(self, char: str) -> Token:
        self.at += 1
        start = self.at
        text = self.quoted(char, escapes=char != "'")
        if char == "'":
            return Token(Kind.STRING, text)
        self._no_code(self.code[start : self.at - 1])
        return Token(Kind.SHELL if char == "`" else Kind.STRING, self._filled(text))

    def _filled(self, text: str) -> str:
        return _HOLE.sub(UNKNOWN, text)

    def _no_code(self, raw: str) -> None:
        """A string or an expression that may hold code cannot be followed."""
        if "(?{" in raw or "(??{" in raw:
            raise Unreadable("code within an expression")
        for found in re.finditer(r"[$@]\${0,8}\{", raw):
            if not re.compile(r"[$@]\${0,8}\{\^?\w+\}").match(raw, found.start()):
                raise Unreadable("code within a string")
        if not re.search(r"[$@][\w:{]", raw):
            return
        for found in _SUBSCRIPT.finditer(raw):
            if not _PLAIN_SUBSCRIPT.fullmatch(found[1]) and re.search(r"[(`'\"\s{<;&|,!/%~#]", found[1]):
                raise Unreadable("code within a string")

    # --- words and quotes ------------------------------------------------------------------------

    def _word(self, word: str, last: Token) -> Token:
        start = self.at
        self.at += len(word)
        if word not in _QUOTES or last.is_mark("->") or self.code[self.at : self.at + 1] == "":
            return Token(Kind.WORD, word)
        at = self.at
        while at < len(self.code) and self.code[at].isspace():
            at += 1
        opens = self.code[at : at + 1]
        if (
            opens in ("", ",", ";", ")")
            or self.code.startswith("=>", at)
            or (opens == "}" and last.is_mark("{"))
            or (at > self.at and (opens == "#" or opens.isalnum() or opens == "_"))
            or (opens == "=" and word in ("s", "y", "m", "q") and last.is_mark("{", ","))
        ):
            return Token(Kind.WORD, word)
        if start and self.code[start - 1] in "&%":
            raise Unreadable("a name that looks like a quote")
        self.at = at + 1
        return self._quote(word, opens)

    def _quote(self, word: str, opens: str) -> Token:
        close = CLOSERS.get(opens, opens)
        start = self.at
        filled = word in ("qq", "qx") and not (word == "qx" and opens == "'")
        text = self.quoted(close, opens=opens if close != opens else "", escapes=filled)
        raw = self.code[start : self.at - 1]
        if word not in ("q", "qw", "tr", "y") and opens != "'":
            self._no_code(raw)
        if word == "qx":
            return Token(Kind.SHELL, self._filled(text) if filled else text)
        if word in ("q", "qq"):
            return Token(Kind.STRING, self._filled(text) if filled else text)
        if word == "qw":
            return Token(Kind.REGEX, text)
        if word in ("s", "tr", "y"):
            self._replacement(word, opens, close)
        flags = re.compile(r"[a-z]*").match(self.code, self.at)
        self.at = flags.end() if flags else self.at
        return Token(Kind.REGEX, raw)

    def _replacement(self, word: str, opens: str, close: str) -> None:
        if close != opens:
            while self.at < len(self.code) and self.code[self.at].isspace():
                self.at += 1
            opens = self.code[self.at : self.at + 1]
            if not opens or opens.isalnum() or opens == "#":
                raise Unreadable("a replacement that is not found")
            close = CLOSERS.get(opens, opens)
            self.at += 1
        start = self.at
        self.quoted(close, opens=opens if close != opens else "", escapes=False)
        raw = self.code[start : self.at - 1]
        flags = re.compile(r"[a-z]*").match(self.code, self.at)
        given = flags[0] if flags else ""
        if word != "s":
            return
        if given.count("e") > 1:
            raise Unreadable("a replacement that is run twice")
        if "e" in given:
            inner = type(self)(raw)
            inner._depth = self._depth + 1
            self.nested.extend(inner.read())
        elif opens != "'":
            self._no_code(raw)

    def _slash(self, last: Token) -> Token | None:
        if self.peek("//") and not self._value_may_start(last):
            return None
        if last.kind in (Kind.VARIABLE, Kind.NUMBER, Kind.STRING) or last.is_mark(")", "]"):
            return None
        if last.is_mark("}") or (last.kind is Kind.WORD and last.text not in _BEFORE_REGEX):
            # It may divide as well: then what follows is code, and must not hide anything.
            body, slash, _ = self.code[self.at + 1 :].partition("/")
            if not slash:
                return None
            if re.search(r"['\"`#]|\b(?:q|qq|qw|qx|m|qr|s|tr|y)\b", body):
                raise Unreadable("a slash of which it cannot be told what it means")
            inner = PerlLexer(re.sub(r"[^\w\s]", " ", body))
            self.nested.extend(inner.read())
        self.at += 1
        start = self.at
        self.quoted("/", escapes=False)
        raw = self.code[start : self.at - 1]
        self._no_code(raw)
        flags = re.compile(r"[a-z]*").match(self.code, self.at)
        self.at = flags.end() if flags else self.at
        return Token(Kind.REGEX, raw)

    # --- here-documents --------------------------------------------------------------------------

    def _heredoc(self, found: re.Match[str], last: Token) -> Token | None:
        quote, end = found[2], found[3] if found[2] else found[4]
        if not quote and last.kind in (Kind.VARIABLE, Kind.NUMBER):
            return None
        if last.kind in (Kind.VARIABLE, Kind.NUMBER) or last.is_mark(")", "]", "}") or quote == "`":
            raise Unreadable("a here-document of which it cannot be told what it is")
        self.at = found.end()
        self._heredocs.append((end, quote != "'"))
        return Token(Kind.STRING, UNKNOWN)

    def _body(self, end: str, filled: bool) -> None:
        closed = re.compile(rf"^[ \t]*{re.escape(end)}[ \t\r]*$", re.MULTILINE).search(self.code, self.at)
        if closed is None:
            raise Unreadable("a here-document is not closed")
        if filled:
            self._no_code(self.code[self.at : closed.start()])
        self.at = closed.end()
