"""Whether a command could be what an entry of a blocklist or denylist names.

Doubt is a yes here: a word that is not known may be any one word, or several where it is not quoted; a flag
that the table does not list may have a value, or be a shortened one.
"""

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from droid.safety.commands.arguments import Arguments, GivenFlag
from droid.safety.commands.entries import WordsPattern, entry_reading, reading_of
from droid.safety.commands.model import SimpleCommand, base_name
from droid.safety.commands.rows import Row
from droid.safety.commands.words import UNKNOWN, Word

# Where the table knows neither, they are taken for each other.
_ALIKE = {
    "--all": "-a", "--delete": "-d", "--force": "-f", "--global": "-g", "--interactive": "-i",
    "--recursive": "-r", "--yes": "-y",
}  # fmt: skip
_ANY_NUMBER = 1_000


def may_be(part: WordsPattern, command: SimpleCommand, line: Sequence[SimpleCommand] = ()) -> bool:
    """Whether a command, as far as it is known, could be what an entry names.

    Args:
        line: Every command that runs, those that the command runs in turn among them.
    """
    name = command.program
    if name is None:
        return bool(command.words)
    if not _is_program(part, name):
        return False
    if not part.words:
        return True
    if command.many and all(word.known for word in command.words):
        command = replace(command, words=(*command.words, Word(UNKNOWN, may_split=True)))
    entry, given = entry_reading(name, part.words), reading_of(command)
    loose = _fit(entry, given, len(command.words) if _gets_paths(command) else _behind_dashes(command.words))
    if loose < 0 or not _flags_fit(entry, given, command, line, loose):
        return False
    if entry.raw:
        return _inner_fits(entry.raw, given.raw or (), name, line)
    return True


def _is_program(part: WordsPattern, name: str) -> bool:
    """Some file systems see no difference between `curl` and `CURL`."""
    name = name.casefold().removesuffix(".exe")
    return name == part.folded or fnmatchcase(name, part.folded)


def _inner_fits(
    wanted: Sequence[Word], given: Sequence[Word], wrapper: str, line: Sequence[SimpleCommand]
) -> bool:
    """Whether what a wrapper runs is what an entry names behind the wrapper: `sudo rm`."""
    part = WordsPattern(wanted[0].text, tuple(word.text for word in wanted[1:]))
    if given and may_be(part, SimpleCommand(words=tuple(given)), line):
        return True
    return any(may_be(part, one) for one in line if base_name(wrapper) in map(base_name, one.via))


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


def _flag_name(row: Row, name: str) -> str:
    spec = row.flags.get(name)
    return spec.name if spec is not None and spec.name else _ALIKE.get(name, name)
