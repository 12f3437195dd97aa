"""Whether a command is for sure what an entry of an allowlist names, and nothing more.

Doubt is a no here: a word that is not known, a flag that the table does not list, a program in some folder.
"""

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from droid.safety.commands.arguments import Arguments, GivenFlag
from droid.safety.commands.entries import WordsPattern, entry_reading, reading_of
from droid.safety.commands.model import SimpleCommand
from droid.safety.commands.rows import lookup
from droid.safety.commands.words import Word

_SYSTEM_FOLDERS = frozenset({"/bin", "/opt/homebrew/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/sbin"})
_MOST_WORDS = 64
"""So many words of a command may be spelled otherwise than in the entry."""


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
    entry = entry_reading(name, part.words)
    most = min(len(rest), _MOST_WORDS)
    sizes = range(1, most + 1) if further_words else (len(rest),)
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
