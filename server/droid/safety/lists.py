"""What a blocklist or denylist says of a line of shell.

One command is enough, and so is one of which it cannot be told what it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from droid.domain.levels import Risk
from droid.domain.policy import ListEntry
from droid.safety.command_texts import filled, texts_of
from droid.safety.commands.entries import Pattern, WordsPattern, compile_pattern
from droid.safety.commands.model import Assessment, RatedCommand, SimpleCommand
from droid.safety.commands.patterns import may_be
from droid.safety.commands.rows import lookup
from droid.safety.commands.words import Word
from droid.safety.list_words import SHOWN_CHARACTERS, line_of, shown

NOT_TO_BE_TOLD = "it cannot be told that it does not run"
_PROGRAM_FOLDERS = frozenset({"bin", "sbin", "libexec"})
# Their users give them subcommands of their own, which may run any program.
_HAVE_ALIASES = frozenset({"gh", "git"})


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that speaks of a line.

    Attributes:
        matched: The command that it matched, in words.
        note: Why it matches although nothing of the line looks like it; empty where something does.
    """

    entry: ListEntry
    matched: str
    note: str = ""


def forbidden(entries: Iterable[ListEntry], assessment: Assessment) -> Match | None:
    """The first entry of a blocklist or denylist that matches a line; None where none does."""
    for entry in entries:
        found = _forbids(compile_pattern(entry.text), entry, assessment)
        if found is not None:
            return found
    return None


def _forbids(pattern: Pattern, entry: ListEntry, assessment: Assessment) -> Match | None:
    expression = pattern.expression
    if expression is None and not pattern.parts:
        return None
    if expression is not None and expression.problem is not None:
        note = f"the entry matches everything: {expression.problem}"
        return Match(entry, line_of(assessment), note)
    if assessment.undecidable is not None:
        return Match(entry, line_of(assessment), f"{NOT_TO_BE_TOLD}: {assessment.undecidable}")
    line = [rated.command for rated in assessment.commands]
    if expression is not None:
        for command in line:
            if any(map(expression.finds, _texts(command, expression.probes))):
                return Match(entry, shown(command))
    else:
        hits = [next((one for one in line if _matches(part, one, line)), None) for part in pattern.parts]
        if all(hit is not None for hit in hits):
            return Match(entry, ", ".join(shown(hit) for hit in hits if hit is not None)[:SHOWN_CHARACTERS])
        whole = pattern.whole_program
        if whole is not None and whole in (assessment.programs or ()):
            return Match(entry, whole)
        given = next(
            (one for one in assessment.commands if whole is not None and _is_given(whole, one)), None
        )
        if given is not None:
            return Match(entry, shown(given.command), "under another name it would be another program")
    for rated in assessment.commands:
        why = rated.effects.undecidable
        if why is not None and _could_be(pattern, rated):
            return Match(entry, shown(rated.command), f"{NOT_TO_BE_TOLD}: {why}")
    return None


def _matches(part: WordsPattern, command: SimpleCommand, line: Sequence[SimpleCommand]) -> bool:
    if may_be(part, command, line) or _may_run_its_words(part, command):
        return True
    # A wrapper may have been left out of the commands, as the others are what really runs.
    return not part.words and any(
        may_be(part, SimpleCommand(words=(Word(wrapper),))) for wrapper in command.via if wrapper
    )


def _may_run_its_words(part: WordsPattern, command: SimpleCommand) -> bool:
    """Whether an unlisted program is given the path of one that an entry names: a wrapper, perhaps."""
    name, words = command.program, command.words
    if name is None or lookup(name) is not None:
        return False
    inner = (SimpleCommand(words=words[at:]) for at in range(1, len(words)) if "/" in words[at].text)
    return any(may_be(part, one) for one in inner if one.program is not None)


def _is_given(name: str, rated: RatedCommand) -> bool:
    """Whether a command does more than look at the file of a program."""
    if rated.risk is Risk.LOW:
        return False
    words = (*rated.command.words[1:], *(one.target for one in rated.command.redirects))
    names = (PurePosixPath(word.text.rpartition("=")[2]) for word in words)
    return any(path.name == name and path.parent.name in _PROGRAM_FOLDERS for path in names)


def _could_be(pattern: Pattern, rated: RatedCommand) -> bool:
    """Whether a command of which it is not known what it runs could be what an entry names."""
    name = rated.command.program
    if name is None or pattern.expression is not None:
        return True
    if not rated.effects.subcommand_only or name.casefold() in _HAVE_ALIASES:
        return True
    bare = SimpleCommand(words=rated.command.words[:1])
    return any(may_be(WordsPattern(part.program), bare) for part in pattern.parts)


def _texts(command: SimpleCommand, probes: Sequence[str]) -> Iterator[str]:
    """A command as text, unknown pieces as something apt."""
    for text in texts_of(command):
        yield from filled(text, probes)


def blocked_programs(entries: Iterable[ListEntry]) -> dict[str, ListEntry]:
    """The programs that a blocklist forbids altogether, by name."""
    found: dict[str, ListEntry] = {}
    for entry in entries:
        name = compile_pattern(entry.text).whole_program
        if name is not None and name.isprintable() and name not in ("", ".", ".."):
            found.setdefault(name, entry)
    return found
