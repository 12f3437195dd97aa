"""What the lists of settings say of a line of shell: blocked, denied, allowed.

Of what is forbidden, one command of the line is enough, and so is one that cannot be told; of what is
allowed, every command must be on the list, as it stands and with nothing added to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from droid.domain.levels import AutonomyLevel, Risk
from droid.domain.policy import ListEntry
from droid.safety.commands.expressions import PREFIX
from droid.safety.commands.model import Assessment, RatedCommand, RedirectKind, SimpleCommand, base_name
from droid.safety.commands.patterns import (
    Pattern,
    WordsPattern,
    compile_pattern,
    is_exactly,
    may_be,
    reading_of,
)
from droid.safety.commands.rows import lookup
from droid.safety.commands.words import UNKNOWN, Word

NOT_TO_BE_TOLD = "it cannot be told that it does not run"
_SHOWN_CHARACTERS = 200
_MAX_PROBED = 4
_HARMLESS_TARGETS = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr"})
# They run the words behind them as they are, and change nothing about it that a list speaks of.
_TRANSPARENT = frozenset({"builtin", "command", "nice", "nohup", "stdbuf", "time", "timeout"})
# Their users give them subcommands of their own, which may run any program.
_HAVE_ALIASES = frozenset({"gh", "git"})
_NEEDS_QUOTES = frozenset(" \t'\"\\|&;")
_MAX_ENTRY = 200


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


# --- forbidden -------------------------------------------------------------------------------------


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
        return Match(entry, _line(assessment), note)
    if assessment.undecidable is not None:
        return Match(entry, _line(assessment), f"{NOT_TO_BE_TOLD}: {assessment.undecidable}")
    line = [rated.command for rated in assessment.commands]
    if expression is not None:
        for command in line:
            if any(map(expression.finds, _texts(command, expression.probes))):
                return Match(entry, shown(command))
    else:
        hits = [next((one for one in line if _matches(part, one, line)), None) for part in pattern.parts]
        if all(hit is not None for hit in hits):
            return Match(entry, ", ".join(shown(hit) for hit in hits if hit is not None)[:_SHOWN_CHARACTERS])
        if pattern.whole_program in (assessment.programs or ()):
            return Match(entry, pattern.whole_program or "")
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


def _could_be(pattern: Pattern, rated: RatedCommand) -> bool:
    """Whether a command of which it is not known what it runs could be what an entry names."""
    name = rated.command.program
    if name is None or pattern.expression is not None:
        return True
    if not rated.effects.subcommand_only or name.casefold() in _HAVE_ALIASES:
        return True
    bare = SimpleCommand(words=rated.command.words[:1])
    return any(may_be(WordsPattern(part.program), bare) for part in pattern.parts)


def _texts(command: SimpleCommand, probes: Sequence[str]) -> Iterable[str]:
    """A command as text: as it is written, and as its program reads it; unknown pieces as something apt."""
    if not command.words:
        return
    yield from _filled(_as_text(command.words, quotes=False), probes)
    yield from _filled(_as_text(command.words, quotes=True), probes)
    if command.program is None:
        return
    given = reading_of(command)
    flags = [Word(text) for flag in given.flags for text in (flag.name, *_value(flag.value))]
    words = (command.words[0], *map(Word, given.path), *flags, *given.operands, *(given.raw or ()))
    yield from _filled(_as_text(words, quotes=False), probes)


def _value(word: Word | None) -> tuple[str, ...]:
    return () if word is None else (word.text,)


def _filled(text: str, probes: Sequence[str]) -> Iterable[str]:
    """A text with each of its unknown pieces replaced by what an expression might look for there."""
    pieces = text.split(UNKNOWN)
    if len(pieces) == 1:
        yield text
        return
    if len(pieces) - 1 > _MAX_PROBED:
        yield from (probe.join(pieces) for probe in ("", *probes))
        return
    few = ("", *probes)[: {1: 25, 2: 9, 3: 5, 4: 4}[len(pieces) - 1]]
    yield from (probe.join(pieces) for probe in ("", *probes))
    for chosen in product(few, repeat=len(pieces) - 1):
        yield pieces[0] + "".join(probe + piece for probe, piece in zip(chosen, pieces[1:], strict=True))


def blocked_programs(entries: Iterable[ListEntry]) -> dict[str, ListEntry]:
    """The programs that a blocklist forbids altogether, by name."""
    found: dict[str, ListEntry] = {}
    for entry in entries:
        name = compile_pattern(entry.text).whole_program
        if name is not None and name.isprintable() and name not in ("", ".", ".."):
            found.setdefault(name, entry)
    return found


# --- allowed ---------------------------------------------------------------------------------------


def allowed(entries: Sequence[ListEntry], assessment: Assessment) -> Match | None:
    """The entry that lets a line run, the first of several; None where it is not allowed as a whole."""
    needs = _to_be_allowed(assessment)
    if not needs:
        return None
    found = [_allowing(entries, rated, assessment.risk) for rated in needs]
    if any(entry is None for entry in found):
        return None
    first = next(entry for entry in found if entry is not None)
    return Match(first, ", ".join(shown(rated.command) for rated in needs)[:_SHOWN_CHARACTERS])


def missing_entry(entries: Sequence[ListEntry], assessment: Assessment, within: AutonomyLevel) -> str | None:
    """The one entry that would let a line run from now on; None where there is no such entry.

    Args:
        entries: Those that there are.
        within: The highest risk that an entry of the user's may let run.
    """
    needs = _to_be_allowed(assessment)
    lacking = {
        _entry_text(rated.command) for rated in needs or () if not _allowing(entries, rated, assessment.risk)
    }
    if len(lacking) != 1 or (text := lacking.pop()) is None:
        return None
    extended = (*entries, ListEntry(text=text, within=within))
    return text if allowed(extended, assessment) is not None else None


def _to_be_allowed(assessment: Assessment) -> Sequence[RatedCommand] | None:
    """The commands of a line that must be on the list; None where none of it can be allowed by one."""
    if assessment.undecidable is not None or assessment.programs is None:
        return None
    if assessment.risk > max((rated.risk for rated in assessment.commands), default=Risk.LOW):
        return None  # something about the line as a whole makes more of it
    if any(map(_defeats, assessment.commands)):
        return None
    return [rated for rated in assessment.commands if not _is_transparent(rated)] or None


def _defeats(rated: RatedCommand) -> bool:
    command = rated.command
    return bool(
        not command.words
        or command.assignments
        or command.many
        or rated.raised
        or rated.effects.undecidable is not None
        or any(writes_file(redirect.kind, redirect.target) for redirect in command.redirects)
        or not all(word.known and not word.may_split for word in command.words)
    )


def writes_file(kind: RedirectKind, target: Word) -> bool:
    """Whether a redirection may change a file."""
    return kind is not RedirectKind.READ and target.text not in _HARMLESS_TARGETS


def _is_transparent(rated: RatedCommand) -> bool:
    """Whether a command only runs another one, which is in the line too."""
    return (
        rated.risk is Risk.LOW
        and rated.command.words[0].text in _TRANSPARENT
        and len(rated.effects.inner) == 1
        and not rated.effects.touched
    )


def _allowing(entries: Sequence[ListEntry], rated: RatedCommand, whole: Risk) -> ListEntry | None:
    for entry in entries:
        if rated.risk.rank >= entry.within.rank:  # `off` lets nothing run, `low` what is low, and so on
            continue
        pattern = compile_pattern(entry.text)
        if pattern.expression is not None:
            if pattern.expression.is_all_of(_as_text(rated.command.words, quotes=True, base=False)):
                return entry
        elif len(pattern.parts) == 1 and is_exactly(
            pattern.parts[0], rated.command, further_words=whole is Risk.LOW
        ):
            return entry
    return None


def _entry_text(command: SimpleCommand) -> str | None:
    """A command as an entry that matches it and, but for how flags are written, no other."""
    if any(word.glob or not word.known or any(c in "*?[" for c in word.text) for word in command.words):
        return None
    if "/" in command.words[0].text:
        return None  # it is another program in another folder
    text = _as_text(command.words, quotes=True, base=False)
    if text.startswith(PREFIX) or not text.isprintable() or len(text) > _MAX_ENTRY:
        return None
    words = tuple(word.text for word in command.words)
    parts = compile_pattern(text).parts
    return text if len(parts) == 1 and (parts[0].program, *parts[0].words) == words else None


# --- in words --------------------------------------------------------------------------------------


def shown(command: SimpleCommand) -> str:
    """A command for people: one line, cut where it is long."""
    text = _as_text(command.words, quotes=True, base=False).replace(UNKNOWN, "…")
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"


def _line(assessment: Assessment) -> str:
    line = "; ".join(shown(rated.command) for rated in assessment.commands if rated.command.words)
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"


def _as_text(words: Sequence[Word], *, quotes: bool, base: bool = True) -> str:
    texts = [word.text for word in words]
    if base and texts and words[0].known:
        texts[0] = base_name(texts[0])
    return " ".join(map(_quoted, texts) if quotes else texts)


def _quoted(text: str) -> str:
    if text and not _NEEDS_QUOTES & set(text):
        return text
    if "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
