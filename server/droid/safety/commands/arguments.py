"""Reads the words of a command as its program would: flags, their values, the subcommand, operands.

Where the table does not know a flag, it is taken to have no value; before a subcommand that could hide
what the subcommand is, so there the subcommand counts as unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from droid.domain.levels import Risk
from droid.safety.commands.rows import RAW_ROLES, FlagSpec, OperandRole, Program, Row
from droid.safety.commands.words import Word

_UNLISTED = FlagSpec(name="")
_OFF = frozenset({"false", "0", "no", "off", "none", "f"})
_RANKS = {Risk.LOW: -1, Risk.MEDIUM: 1, Risk.HIGH: 2}


@dataclass(slots=True)
class GivenFlag:
    """A flag of a command line.

    Attributes:
        name: The first of the names that the row has for it, else as it was written.
        value: Of a flag that has one.
        rest: The words after it, of a flag after which no option is the program's own.
    """

    name: str
    spec: FlagSpec
    value: Word | None = None
    rest: tuple[Word, ...] = ()


@dataclass(slots=True)
class Arguments:
    """What a program was given.

    Attributes:
        row: The subcommand's, or the program's own.
        path: The words of the subcommand.
        subcommand_unknown: Why it cannot be told which subcommand runs; empty where it can.
        subcommand_hidden: It is a word that only the running shell knows.
        doubtful: Indices of operands that may be the value of a flag which is not listed.
        raw: What is left to the command that is run in turn.
        helps: Only help is shown.
        splits: An unquoted expansion stands before the inner command, so its words may be others.
        instead: A flag says what the first operand would (`sed -e`, `bash -c`).
    """

    row: Row
    path: tuple[str, ...] = ()
    subcommand_unknown: str = ""
    subcommand_hidden: bool = False
    flags: list[GivenFlag] = field(default_factory=list[GivenFlag])
    operands: list[Word] = field(default_factory=list[Word])
    doubtful: list[int] = field(default_factory=list[int])
    raw: tuple[Word, ...] | None = None
    helps: bool = False
    splits: bool = False
    instead: bool = False

    @property
    def roles(self) -> tuple[OperandRole, ...]:
        """Of the operands: those of the row, but for the one that a flag stands for."""
        first = next((role for flag in self.flags for to, role in flag.spec.makes if to == "first"), None)
        if first is not None:
            return (first,)
        roles = self.row.operands
        if not self.instead:
            return roles
        gone = next(
            (at for at, role in enumerate(roles) if not role.repeated or role.role in RAW_ROLES), len(roles)
        )
        return (*roles[:gone], *roles[gone + 1 :])


def read_arguments(program: Program, words: Sequence[Word]) -> Arguments:
    """Read the words after the program."""
    return _Reader(program, words).read()


class _Reader:
    def __init__(self, program: Program, words: Sequence[Word]) -> None:
        self._program = program
        self._words = words
        self._at = 0
        self._found = Arguments(row=program.row)
        self._collecting = program.has_commands
        self._path: tuple[str, ...] = ()
        self._unlisted = ""
        self._unlisted_behind = 0
        self._behind_unlisted = -1

    def read(self) -> Arguments:
        found, words = self._found, self._words
        ended = False
        if found.row.first_is_bundle and words and words[0].known and not words[0].text.startswith("-"):
            self._at = 1
            for letter in words[0].text:  # values come behind, in the order of the letters
                self._take(f"-{letter}", found.row.flags.get(f"-{letter}"), None)
        while self._at < len(words):
            word = words[self._at]
            text = word.text
            if not ended and self._plus_flags(word):
                continue
            if self._is_raw(starts=not ended and text[:1] == "-"):
                found.raw = tuple(words[self._at :])
                break
            if not ended and text[:1] == "-" and len(text) > 1:
                self._at += 1
                if text == "--":
                    ended = True
                    if "--" in found.row.flags:
                        self._take("--", found.row.flags["--"], None)
                    if self._is_raw(starts=False):
                        found.raw = tuple(words[self._at :])
                        break
                elif not self._flag(word):
                    break
                continue
            self._at += 1
            if self._collecting and self._subcommand(word):
                found.splits = found.splits or word.may_split
                continue
            if self._is_raw(starts=False):  # no longer a subcommand: an inner command begins
                found.raw = tuple(words[self._at - 1 :])
                break
            self._operand(word)
            if found.row.only_first and not self._collecting and found.operands:
                ended = True
        self._settle()
        return found

    # --- operands and subcommands ----------------------------------------------------------------

    def _is_raw(self, *, starts: bool) -> bool:
        """Whether what comes now belongs to the inner command.

        Args:
            starts: It begins with a dash: before the first operand, it may still be an option.
        """
        if self._collecting:
            return False
        roles = self._found.roles
        index = len(self._found.operands)
        if index >= len(roles) or roles[index].role not in RAW_ROLES:
            return False
        if starts:
            return index > 0 and self._found.row.only_first
        return True

    def _operand(self, word: Word) -> None:
        if word.may_split:
            self._found.splits = True
        asks = word.known and word.text[:1] != "-"  # behind `--`, `--help` is a name like others
        if asks and word.text in self._found.row.helps and not self._found.operands:
            self._found.helps = True
        if self._at - 1 == self._behind_unlisted:
            self._found.doubtful.append(len(self._found.operands))
        self._found.operands.append(word)

    def _subcommand(self, word: Word) -> bool:
        """Take a word as part of the subcommand; False where it is none."""
        program, found = self._program, self._found
        if not word.known or word.may_split or word.glob:
            if not (found.row is not program.row and self._path):
                found.subcommand_unknown = f"{program.name}: its subcommand is not known"
                found.subcommand_hidden = True
            self._collecting = False
            return False
        text = word.text.lower() if program.row.any_case else word.text
        path = (*self._path, text)
        known = program.commands.get(path)
        if known is None and path not in program.prefixes:
            self._collecting = False
            return False
        self._path = found.path = path
        if known is not None:
            found.row = known
        self._collecting = path in program.prefixes
        return True

    def _settle(self) -> None:
        """Find out which row holds, once all words are read."""
        program, found = self._program, self._found
        if not program.has_commands or found.subcommand_unknown or found.helps:
            return
        if found.row is program.row:
            words = [*self._path, *(word.text for word in found.operands)]
            for globs, row in program.patterns:
                if len(words) >= len(globs) and all(map(fnmatchcase, words, globs)):
                    found.row, found.path = row, tuple(words[: len(globs)])
                    taken = len(globs) - len(self._path)
                    del found.operands[:taken]
                    found.doubtful = [index - taken for index in found.doubtful if index >= taken]
                    break
        if found.row is program.row and (self._path or found.operands):
            named = (*self._path, *(str(word) for word in found.operands[:1]))
            found.subcommand_unknown = f"{program.name} {' '.join(named)[:80]} is not in the table"
        elif self._unlisted and found.row is not program.row and not self._ends_with_flags():
            found.subcommand_unknown = f"{program.name} {self._unlisted[:80]} is not in the table"

    def _ends_with_flags(self) -> bool:
        """Whether nothing stands behind a flag that is not listed, so it cannot hide a subcommand."""
        return self._unlisted_behind == len(self._path) > 0 and not self._found.operands

    # --- flags -----------------------------------------------------------------------------------

    def _plus_flags(self, word: Word) -> bool:
        """Take `+x` of a shell, which stands before what it runs; False where there is none."""
        row = self._found.row
        runs = bool(row.operands) and row.operands[0].role in RAW_ROLES and not self._found.operands
        if row.plus is None or not runs or word.text[:1] != "+" or len(word.text) < 2:
            return False
        self._at += 1
        for letter in word.text[1:]:
            self._take(f"+{letter}", row.flags.get(f"+{letter}"), None)
        return True

    def _flag(self, word: Word) -> bool:
        """Take a flag with its value; False where all that follows is an inner command's."""
        text, row = word.text, self._found.row
        # Where options end at the first operand, as on macOS, `rm -rf x --help` does not ask for help.
        if (
            text in row.helps
            and text not in row.flags
            and (self._program.has_commands or not self._found.operands)
        ):
            self._found.helps = True
            return True
        if text.startswith("--") or row.single_dash:
            name, equals, value = text.partition("=")
            spec = row.flags.get(name) or self._shortened(name)
            bundled = row.single_dash and not text.startswith("--") and len(text) > 2
            if spec is None and bundled and text[:2] in row.flags:
                return self._letters(word)
            return self._take(name, spec, Word(value, word.glob, word.may_split) if equals else None)
        return self._letters(word)

    def _shortened(self, name: str) -> FlagSpec | None:
        """The flag that a beginning of its name stands for; of several, the first that raises a risk."""
        row = self._found.row
        if len(name) < 3 or not name.startswith("--"):
            return None
        candidates = [spec for flag, spec in row.flags.items() if flag.startswith(name)]
        return max(candidates, key=_concern, default=None)

    def _letters(self, word: Word) -> bool:
        """Flags of one letter, several of them in one word."""
        row, text = self._found.row, word.text
        whole = row.flags.get(text)
        if whole is not None:
            return self._take(text, whole, None)
        for index in range(1, len(text)):
            name = f"-{text[index]}"
            spec = row.flags.get(name)
            rest = text[index + 1 :]
            if name in row.helps and spec is None and not rest and index == 1:
                self._found.helps = True
                return True
            if spec is not None and (spec.takes_value or "optional" in spec.marks):
                value = Word(rest.removeprefix("="), word.glob, word.may_split) if rest else None
                return self._take(name, spec, value)
            if not self._take(name, spec, None):
                return False
        return True

    def _take(self, name: str, spec: FlagSpec | None, value: Word | None) -> bool:
        found = self._found
        if spec is None:
            if value is None:
                self._behind_unlisted = self._at
                if self._collecting and not self._unlisted:
                    self._unlisted, self._unlisted_behind = name, len(self._path)
            spec = _UNLISTED
        given = GivenFlag(spec.name or name, spec, value)
        raw = spec.role in ("words", "until", "module")
        if "named" in spec.marks:
            self._at += 1
        wants = spec.takes_value and value is None and "optional" not in spec.marks and not raw
        if wants and self._at < len(self._words):
            given.value = self._words[self._at]
            self._at += 1
            found.splits = found.splits or given.value.may_split
        if _lowers(spec) and given.value is not None and given.value.text.lower() in _OFF:
            given.spec = replace(spec, rating=None, makes=())  # `--dry-run=false`
        given.spec = self._by_value(given.spec, name, given.value)
        if spec.role == "until":
            end = self._end_of_inner()
            given.rest = (*([value] if value else []), *self._words[self._at : end])
            self._at = end + 1
        elif spec.role in ("words", "module"):
            given.rest = (*([value] if value else []), *self._words[self._at :])
            self._at = len(self._words)
        found.flags.append(given)
        found.instead = found.instead or "instead" in given.spec.marks
        if "end" in given.spec.marks:
            found.raw = tuple(self._words[self._at :])
            return False
        return self._at < len(self._words) or not raw

    def _by_value(self, spec: FlagSpec, name: str, value: Word | None) -> FlagSpec:
        conditions = self._found.row.conditional.get(name)
        if not conditions or value is None:
            return spec
        text = value.text.lower()
        return next((one for glob, one in conditions if fnmatchcase(text, glob.lower())), spec)

    def _end_of_inner(self) -> int:
        """Where a command within `find`'s words ends: at `;`, or at a `+` behind `{}`."""
        words = self._words
        for index in range(self._at, len(words)):
            if words[index].text == ";" or (
                words[index].text == "+" and index > self._at and words[index - 1].text == "{}"
            ):
                return index
        return len(words)


def _lowers(spec: FlagSpec) -> bool:
    return spec.rating is not None and spec.rating.risk is Risk.LOW


def _concern(spec: FlagSpec) -> tuple[int, bool]:
    """How much a flag matters: what raises the risk first, then what takes a value."""
    risk = _RANKS[spec.rating.risk] if spec.rating is not None else 0
    return risk, bool(spec.role)
