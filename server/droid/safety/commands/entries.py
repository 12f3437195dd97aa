"""Entries of lists as they are written: `git push`, `npm *`, `re:…`; and how a program reads their words.

An entry and a command are read by the same row of the table, so that it does not matter how a flag is
written, in which order flags come, or what options of the program stand between its words.
"""

from dataclasses import dataclass
from functools import lru_cache

from droid.domain.levels import Risk
from droid.safety.commands.arguments import Arguments, read_arguments
from droid.safety.commands.expressions import PREFIX, Expression, compile_expression
from droid.safety.commands.model import SimpleCommand, base_name
from droid.safety.commands.rows import Program, Rating, Row, lookup
from droid.safety.commands.words import Word

_SEPARATORS = frozenset({"|", "||", "&&", ";", "&"})


@dataclass(frozen=True, slots=True)
class WordsPattern:
    """An entry, or a part of one between `|`, `&&` and the like.

    Attributes:
        program: As it is written; may be a glob.
        words: Those behind it, without a `*` at the end.
        goes_on: There was one.
    """

    program: str
    words: tuple[str, ...] = ()
    goes_on: bool = False

    @property
    def name(self) -> str:
        return base_name(self.program)

    @property
    def folded(self) -> str:
        """Its name, to be compared without case."""
        return _folded(self.program)


@lru_cache(maxsize=4096)
def _folded(program: str) -> str:
    return base_name(program).casefold().removesuffix(".exe")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled entry: an expression, or parts of which each must be found.

    Attributes:
        whole_program: The one program that it is about, whatever its words; None for all others.
    """

    parts: tuple[WordsPattern, ...] = ()
    expression: Expression | None = None

    @property
    def whole_program(self) -> str | None:
        if len(self.parts) != 1 or self.parts[0].words:
            return None
        name = self.parts[0].name
        return None if any(mark in name for mark in "*?[/") else name


@lru_cache(maxsize=4096)
def compile_pattern(text: str) -> Pattern:
    """Compile an entry of a list; total on any text."""
    text = text.strip()
    if text.startswith(PREFIX):
        return Pattern(expression=compile_expression(text.removeprefix(PREFIX)))
    parts: list[WordsPattern] = []
    found: list[str] = []
    for word, is_separator in (*_split(text), ("", True)):
        if not is_separator:
            found.append(word)
        elif found:
            goes_on = len(found) > 1 and found[-1] == "*"
            parts.append(WordsPattern(found[0], tuple(found[1:-1] if goes_on else found[1:]), goes_on))
            found = []
    return Pattern(parts=tuple(parts))


def _split(text: str) -> list[tuple[str, bool]]:
    """The words of an entry, each with whether it is a separator; quotes as in a shell."""
    words: list[tuple[str, bool]] = []
    word, is_open, quote, at = "", False, "", 0
    while at < len(text):
        char = text[at]
        if quote:
            if char == quote:
                quote = ""
            elif char == "\\" and quote == '"' and text[at + 1 : at + 2] in ('"', "\\"):
                at += 1
                word += text[at]
            else:
                word += char
        elif char in "'\"" and char in text[at + 1 :]:
            quote, is_open = char, True
        elif char == "\\" and at + 1 < len(text):
            at += 1
            word, is_open = word + text[at], True
        elif char.isspace():
            if is_open:
                words.append((word, word in _SEPARATORS))
            word, is_open = "", False
        else:
            word, is_open = word + char, True
        at += 1
    return [*words, (word, word in _SEPARATORS)] if is_open else words


def reading_of(command: SimpleCommand) -> Arguments:
    """What a command's words are to its program; it must have a program."""
    return read_arguments(_program(command.program or ""), command.words[1:])


def _program(name: str) -> Program:
    return lookup(name) or _unlisted(name)


@lru_cache(maxsize=1024)
def _unlisted(name: str) -> Program:
    """A program that the table does not have: all of its flags are taken to have no value."""
    return Program(name=name, row=Row(name=name, rating=Rating(Risk.HIGH, "")), commands={})


@lru_cache(maxsize=4096)
def entry_reading(name: str, words: tuple[str, ...]) -> Arguments:
    """What an entry's words are to a program."""
    return read_arguments(_program(name), tuple(map(Word, words)))
