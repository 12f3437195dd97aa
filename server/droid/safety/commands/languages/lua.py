"""Tells what Lua does, from its tokens: what a name outside its library does is not known."""

from droid.safety.commands.languages.findings import Findings
from droid.safety.commands.languages.tokens import Code, Kind, Lexer, Token, constants, text_of
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_REACHES_ANYTHING = frozenset(
    {"_ENV", "_G", "debug", "dofile", "ffi", "getfenv", "jit", "load", "loadfile", "loadstring", "module",
     "package",
     "redis", "require", "setfenv", "vim"}
)  # fmt: skip
_OS = frozenset({"clock", "date", "difftime", "exit", "getenv", "setlocale", "time"})
_IO = frozenset({"lines", "read", "stderr", "stdin", "stdout", "type", "write", "close", "flush", "input"})


class _Lexer(Lexer):
    def comment(self) -> bool:
        if not self.peek("--"):
            return False
        self.at += 2
        level = self._long_level()
        if level is None:
            return self.skip_line()
        return self.skip_past(f"]{'=' * level}]")

    def _long_level(self) -> int | None:
        """How many `=` a long bracket here has; None where there is none."""
        if not self.peek("["):
            return None
        end = self.at + 1
        while self.code.startswith("=", end):
            end += 1
        return end - self.at - 1 if self.code.startswith("[", end) else None

    def special(self, before: list[Token]) -> Token | None:
        char = self.code[self.at]
        if char in "'\"":
            self.at += 1
            return Token(Kind.STRING, self.quoted(char))
        level = self._long_level()
        if level is not None:
            start = self.at + level + 2
            self.skip_past(f"]{'=' * level}]")
            return Token(Kind.STRING, self.code[start : self.at - level - 2])
        return None


def read(code: str, found: Findings, language: str = "lua") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    for tokens in _Lexer(code).read():
        piece = Code(tokens)
        values = constants(piece, "..")
        for index, token in enumerate(tokens):
            before = piece.at(index - 1)
            if token.kind is Kind.WORD and not before.is_mark(".", ":"):
                _word(piece, index, token.text, values, found)
            elif token.is_word("popen", "execute", "remove", "dump") and before.is_mark(":"):
                found.high(f"calls the method {token.text}")


def _word(code: Code, index: int, name: str, values: dict[str, str], found: Findings) -> None:
    if name in _REACHES_ANYTHING:
        found.high(f"uses {name}")
        return
    if name not in ("os", "io", "string"):
        return
    member = code.at(index + 2)
    if not code.at(index + 1).is_mark(".") or member.kind is not Kind.WORD:
        if name != "string":
            found.high(f"hands on {name}")
        return
    given = code.arguments(index + 3)
    literal = code.at(index + 3)
    if not given and literal.kind is Kind.STRING:
        given = [[literal]]
    first = text_of(given[0], "..", values) if given else UNKNOWN
    mode = text_of(given[1], "..", values) if len(given) > 1 else "r"
    called = literal.is_mark("(") or literal.kind is Kind.STRING
    match (name, member.text):
        case ("os", "execute") | ("io", "popen"):
            found.runs(first)
            if not called or first.startswith(UNKNOWN):
                found.high("runs a command that is not known")
            if member.text == "popen" and mode != "r":
                found.high("feeds a command that it runs")
        case ("os", "remove"):
            found.touches(Touch.DELETE, first)
        case ("os", "rename"):
            found.touches(Touch.WRITE, first)
            found.touches(Touch.WRITE, mode)
        case ("io", "open"):
            found.touches(Touch.READ if set(mode) <= set("rb") else Touch.WRITE, first)
            if not called:
                found.high("hands on io.open")
        case ("io", "output"):
            found.touches(Touch.WRITE, first)
        case ("io", "lines" | "input"):
            if given:
                found.touches(Touch.READ, first)
        case ("os", "getenv"):
            found.reads_variable(first)
        case ("os", "tmpname"):
            found.medium("makes a temporary file")
        case ("string", member_):
            if member_ == "dump":
                found.high("reaches compiled code")
        case (_, member_):
            if member_ not in (_OS if name == "os" else _IO):
                found.high(f"uses {name}.{member_}")
