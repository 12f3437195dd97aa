"""Collects what a piece of code would do, for the readers of all languages.

The readers share one rule: what they cannot follow is dangerous. They see names, strings and calls, never
values at run time, so each vouches for what it knows and calls `high` for the rest.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from droid.domain.levels import Risk
from droid.safety.commands.model import Touch, Touched
from droid.safety.commands.words import UNKNOWN, Word

MAX_FOUND = 200
"""More commands or paths than this in one piece of code are not looked at; it is high then."""

_NO_FILES = frozenset({"-", "/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"})
_SECRET_NAME = re.compile(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|PASS\b|_PASS|API_?KEY|_KEY|CRED|PRIVATE|COOKIE", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEffects:
    """What a piece of code would do.

    Attributes:
        risk: Of the code itself, without what `shell` and `touched` add.
        reason: In words, what decided.
        shell: Texts that it gives to a shell, and programs that it starts, quoted for one.
        touched: Paths that it reads, writes or removes, as far as they can be told.
        undecidable: Why it cannot be told which programs it runs; None where it can.
    """

    risk: Risk
    reason: str
    shell: tuple[Word, ...] = ()
    touched: tuple[Touched, ...] = ()
    undecidable: str | None = None


class Findings:
    """What has been found so far."""

    __slots__ = ("_reason", "_risk", "_shell", "_touched", "_undecidable")

    def __init__(self) -> None:
        self._risk = Risk.LOW
        self._reason = "computes, reads and prints"
        self._shell: dict[str, None] = {}
        self._touched: dict[Touched, None] = {}
        self._undecidable: str | None = None

    def high(self, why: str) -> None:
        self._raise(Risk.HIGH, why)

    def medium(self, why: str) -> None:
        self._raise(Risk.MEDIUM, why)

    def cannot_tell(self, why: str) -> None:
        """It runs a program, and any could be meant."""
        self.high(why)
        self._undecidable = self._undecidable or why

    def _raise(self, risk: Risk, why: str) -> None:
        if risk > self._risk:
            self._risk, self._reason = risk, why.replace(UNKNOWN, "…")[:120]

    def runs(self, text: str) -> None:
        """A text for a shell; pieces that are not known make it high, for they may hold anything."""
        if not text.strip():
            return
        if not text.strip(UNKNOWN + " "):
            self.cannot_tell("runs a command that is not known")
        elif UNKNOWN in text:
            self.high("runs a command that is not known")
        if text.strip(UNKNOWN + " ") and len(self._shell) < MAX_FOUND:
            self._shell[text] = None
        elif len(self._shell) >= MAX_FOUND:
            self.high("runs too many commands to be judged")

    def runs_words(self, words: Sequence[str]) -> None:
        """A program with its arguments, as no shell would change them."""
        if words and words[0].strip(UNKNOWN):
            self.runs(quoted(words))
        else:
            self.cannot_tell("starts a program that is not known")

    def touches(self, how: Touch, path: str) -> None:
        """A path or an address. Writing is medium, removing and reaching out are high."""
        if path in _NO_FILES:
            return
        if how is Touch.WRITE:
            self.medium(f"writes {path[:80]}")
        elif how is Touch.DELETE:
            self.high(f"removes {path[:80]}")
        elif how is not Touch.READ:
            self.high(f"reaches out or runs {path[:80]}")
        if len(self._touched) < MAX_FOUND:
            self._touched[Touched(how, Word(path))] = None
        else:
            self.high("touches too many files to be judged")

    def reads_variable(self, name: str) -> None:
        """An environment variable; empty or not known where it could be any."""
        if not name or UNKNOWN in name:
            self.high("shows the environment")
        elif _SECRET_NAME.search(name):
            self.high(f"reads the secret variable {name[:40]}")

    def effects(self) -> CodeEffects:
        return CodeEffects(
            risk=self._risk,
            reason=self._reason,
            shell=tuple(map(Word, self._shell)),
            touched=tuple(self._touched),
            undecidable=self._undecidable,
        )


def quoted(words: Sequence[str]) -> str:
    """Words as a shell needs them written; what is not known of the arguments becomes an unset variable."""
    return " ".join(
        shlex.quote(word) if index == 0 or UNKNOWN not in word else _with_holes(word)
        for index, word in enumerate(words)
    )


def _with_holes(word: str) -> str:
    plain = re.sub(r'([\\"$`])', r"\\\1", word)
    return f'"{plain.replace(UNKNOWN, "${unknown_piece}")}"'


class Unreadable(Exception):
    """The code cannot be followed; its message says why."""
