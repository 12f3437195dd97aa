"""List entries made of words, compared with commands that were taken apart: `git push`, `rm -rf`, `npm *`.

Both sides are read by the same row of the table, so that it does not matter how a flag is written, in
which order flags come, or what options of the program stand between its words. The two questions that are
asked differ in whom doubt hurts: `may_be` says yes where a command could be what an entry forbids, and
`is_exactly` says no wherever it could be something else than what an entry allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache

from droid.domain.levels import Risk
from droid.safety.commands.arguments import Arguments, GivenFlag, read_arguments
from droid.safety.commands.expressions import PREFIX, Expression, compile_expression
from droid.safety.commands.model import SimpleCommand, base_name
from droid.safety.commands.rows import Program, Rating, Row, lookup
from droid.safety.commands.words import UNKNOWN, Word

_SEPARATORS = frozenset({"|", "||", "&&", ";", "&"})
# Where the table knows neither, they are taken for each other.
_ALIKE = {
    "--all": "-a", "--delete": "-d", "--force": "-f", "--global": "-g", "--interactive": "-i",
    "--recursive": "-r", "--yes": "-y",
}  # fmt: skip
_SYSTEM_FOLDERS = frozenset({"/bin", "/opt/homebrew/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/sbin"})
_ANY_NUMBER = 1_000


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


# --- reading both sides ----------------------------------------------------------------------------


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
def _entry_reading(name: str, words: tuple[str, ...]) -> Arguments:
    return read_arguments(_program(name), tuple(map(Word, words)))


def _flag_name(row: Row, name: str) -> str:
    spec = row.flags.get(name)
    return spec.name if spec is not None and spec.name else _ALIKE.get(name, name)


# --- what is forbidden -----------------------------------------------------------------------------


def may_be(part: WordsPattern, command: SimpleCommand, line: Sequence[SimpleCommand] = ()) -> bool:
    """Whether a command, as far as it is known, could be what an entry names.

    Args:
        line: Every command that runs, those that the command runs in turn among them.
    """
    name = command.program
    if name is None:
        return bool(command.words)
    if not _is_program(part.name, name):
        return False
    if not part.words:
        return True
    if command.many and all(word.known for word in command.words):
        command = replace(command, words=(*command.words, Word(UNKNOWN, may_split=True)))
    entry, given = _entry_reading(name, part.words), reading_of(command)
    loose = _fit(entry, given, len(command.words) if _gets_paths(command) else _behind_dashes(command.words))
    if loose < 0 or not _flags_fit(entry, given, command, line, loose):
        return False
    if entry.raw:
        return _inner_fits(entry.raw, given.raw or (), name, line)
    return True


def _is_program(pattern: str, name: str) -> bool:
    """Some file systems see no difference between `curl` and `CURL`."""
    name = name.casefold().removesuffix(".exe")
    return fnmatchcase(name, pattern.casefold().removesuffix(".exe"))


def _inner_fits(
    wanted: Sequence[Word], given: Sequence[Word], wrapper: str, line: Sequence[SimpleCommand]
) -> bool:
    """Whether what a wrapper runs is what an entry names behind the wrapper: `sudo rm`."""
    part = WordsPattern(wanted[0].text, tuple(word.text for word in wanted[1:]))
    if given and may_be(part, SimpleCommand(words=tuple(given)), line):
        return True
    names = {base_name(one) for one in (wrapper,)}
    return any(may_be(part, one, ()) for one in line if names & set(map(base_name, one.via)))


def _gets_paths(command: SimpleCommand) -> bool:
    """Whether what is not known of its words are paths that `find` found, which are no flags."""
    source = command.stdin_from[-1].program if command.stdin_from else None
    return command.many and ("find" in command.via or source == "find")


def _behind_dashes(words: Sequence[Word]) -> int:
    """How many words stand behind `--`: they are no flags, whatever they are."""
    texts = [word.text for word in words]
    return len(texts) - texts.index("--") - 1 if "--" in texts else 0


def _fit(entry: Arguments, given: Arguments, behind_dashes: int) -> int:
    """Compare the words that are no flags, from the first on.

    Returns:
        -1 where they differ; else how many words that are not known could be flags of the entry.
    """
    any_case = given.row.any_case
    keyed, wanted = list[str](), list[str]()
    for text in (*entry.path, *(word.text for word in entry.operands)):
        (keyed if _is_keyed(text) else wanted).append(text)
    if not all(any(_fits(text, word, any_case) for word in given.operands) for text in keyed):
        return -1
    known = len(given.path)
    words = [*map(Word, given.path), *given.operands, *(() if entry.raw else given.raw or ())]
    never_flags = len(words) - behind_dashes if behind_dashes else len(words)
    unknown_flags = sum(UNKNOWN in flag.name for flag in given.flags)
    best, todo, seen = -1, [(0, 0, unknown_flags)], set[tuple[int, int, int]]()
    while todo:
        state = todo.pop()
        if state in seen:
            continue
        seen.add(state)
        at, found, loose = state
        rest = words[at:]
        if found == len(wanted):
            best = max(best, loose + sum(_loose(word) for word in rest[: max(0, never_flags - at)]))
            continue
        if not rest:
            continue
        word = rest[0]
        if word.may_split and _may_begin(wanted[found], word):
            return _ANY_NUMBER if at < never_flags else 0
        if at < never_flags and _loose(word):
            todo.append((at + 1, found, min(loose + 1, _ANY_NUMBER)))
        if at - known in given.doubtful or _is_keyed(word.text):
            todo.append((at + 1, found, loose))
        if _fits(wanted[found], word, any_case):
            todo.append((at + 1, found + 1, loose))
    return best


def _is_keyed(text: str) -> bool:
    """`of=x` of `dd`, `A=b` of `make`: it means the same in any place."""
    name, equals, _ = text.partition("=")
    return bool(equals) and name.isidentifier()


def _loose(word: Word) -> int:
    """How many flags a word may turn out to be."""
    if word.known:
        return 0
    if word.may_split:
        return _ANY_NUMBER
    return int(word.text[0] in (UNKNOWN, "-") and "/" not in word.text)


def _may_begin(wanted: str, word: Word) -> bool:
    head = word.text.partition(UNKNOWN)[0]
    return wanted.startswith(head) or "*" in wanted


def _fits(wanted: str, word: Word, any_case: bool) -> bool:
    """Whether one word of an entry and one of a command may be the same."""
    text = word.text
    if any_case:
        wanted, text = wanted.casefold(), text.casefold()
    if wanted == text:
        return True
    if not word.known:
        head, tail = text.partition(UNKNOWN)[0], text.rpartition(UNKNOWN)[2]
        fixed, rest = _until_glob(wanted), _until_glob(wanted[::-1])[::-1]
        begins = fixed.startswith(head) or (len(fixed) < len(wanted) and head.startswith(fixed))
        ends = rest.endswith(tail) or (len(rest) < len(wanted) and tail.endswith(rest))
        return begins and ends
    if word.glob and fnmatchcase(wanted, text):
        return True
    return fnmatchcase(text, wanted)


def _until_glob(text: str) -> str:
    return next((text[:at] for at, char in enumerate(text) if char in "*?[]"), text)


def _flags_fit(
    entry: Arguments, given: Arguments, command: SimpleCommand, line: Sequence[SimpleCommand], loose: int
) -> bool:
    """Whether all flags of an entry are given, or may hide in so many words that are not known."""
    if entry.helps and not given.helps:
        return loose > 0
    row = given.row
    missing = [flag for flag in entry.flags if not _is_given(flag, given, row, command, line)]
    if not missing or loose >= len(missing):
        return True
    # One word can be several flags of one letter.
    return loose > 0 and all(len(flag.name) == 2 and flag.value is None for flag in missing)


def _is_given(
    wanted: GivenFlag, given: Arguments, row: Row, command: SimpleCommand, line: Sequence[SimpleCommand]
) -> bool:
    name = _flag_name(row, wanted.name)
    for flag in given.flags:
        if _flag_name(row, flag.name) != name and not _shortens(flag, name, row):
            continue
        if wanted.rest:
            if _inner_fits(wanted.rest, flag.rest, command.program or "", line):
                return True
        elif wanted.value is None:
            return True
        elif flag.value is not None:
            if _fits(wanted.value.text, flag.value, row.any_case):
                return True
        elif any(_fits(wanted.value.text, given.operands[at], row.any_case) for at in given.doubtful):
            return True
    return False


def _shortens(flag: GivenFlag, name: str, row: Row) -> bool:
    """Whether an unlisted `--forc` may be `--force`, which most programs take it for."""
    if flag.spec.name or not flag.name.startswith("--") or len(flag.name) < 4:
        return False
    return any(
        one.startswith(flag.name) for one in (name, *row.flags) if one == name or _flag_name(row, one) == name
    )


# --- what is allowed -------------------------------------------------------------------------------


def is_exactly(part: WordsPattern, command: SimpleCommand, *, further_words: bool) -> bool:
    """Whether a command is for sure what an entry names, and nothing more.

    Args:
        further_words: More words may follow, as behind an entry that ends in `*`.
    """
    words = command.words
    if not all(word.known and not word.may_split for word in words):
        return False
    if not words or words[0].glob or not fnmatchcase(_as_found(words[0].text), part.program):
        return False
    further_words = further_words or part.goes_on
    rest = words[1:]
    if _same_words(part.words, rest[: len(part.words)]) and (further_words or len(rest) == len(part.words)):
        return True
    name = command.program or ""
    if lookup(name) is None:
        return False
    entry = _entry_reading(name, part.words)
    sizes = range(1, len(rest) + 1) if further_words else (len(rest),)
    return any(_same_reading(entry, replace(command, words=words[: size + 1])) for size in sizes)


def _as_found(program: str) -> str:
    """Its name alone where the system keeps it; a program of that name may lie in any other folder."""
    folder, _, name = program.rpartition("/")
    return name if folder in _SYSTEM_FOLDERS else program


def _same_words(wanted: Sequence[str], words: Sequence[Word]) -> bool:
    return len(wanted) == len(words) and all(
        not word.glob and fnmatchcase(word.text, text) for text, word in zip(wanted, words, strict=True)
    )


def _same_reading(entry: Arguments, command: SimpleCommand) -> bool:
    """Whether the words are the same but for how flags are written and where they stand."""
    given = reading_of(command)
    if entry.raw or given.raw or entry.helps or given.helps or given.row.name != entry.row.name:
        return False
    if entry.path != given.path or not _same_words([w.text for w in entry.operands], given.operands):
        return False
    # What the table does not list may have a value, or mean something else in another place.
    if not all(flag.spec.name and not flag.rest for flag in (*entry.flags, *given.flags)):
        return False
    return sorted(map(_told, entry.flags)) == sorted(map(_told, given.flags))


def _told(flag: GivenFlag) -> tuple[str, str]:
    return flag.name, "" if flag.value is None else f"={flag.value.text}"
