"""What an allowlist lets run: every command of a line, as it stands, and with nothing added to it."""

from collections.abc import Sequence

from droid.domain.levels import AutonomyLevel, Risk
from droid.domain.policy import ListEntry
from droid.safety.commands.entries import compile_pattern
from droid.safety.commands.exactness import is_exactly
from droid.safety.commands.expressions import PREFIX
from droid.safety.commands.model import Assessment, RatedCommand, SimpleCommand
from droid.safety.list_words import SHOWN_CHARACTERS, as_text, shown, writes_file
from droid.safety.lists import Match

# They run the words behind them as they are, and change nothing about it that a list speaks of.
_TRANSPARENT = frozenset({"builtin", "command", "nice", "nohup", "stdbuf", "time", "timeout"})
_MAX_ENTRY = 200


def allowed(entries: Sequence[ListEntry], assessment: Assessment) -> Match | None:
    """The entry that lets a line run, the first of several; None where it is not allowed as a whole."""
    needs = _to_be_allowed(assessment)
    if not needs:
        return None
    found = [_allowing(entries, rated, assessment.risk) for rated in needs]
    if any(entry is None for entry in found):
        return None
    first = next(entry for entry in found if entry is not None)
    return Match(first, ", ".join(shown(rated.command) for rated in needs)[:SHOWN_CHARACTERS])


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
            if pattern.expression.is_all_of(as_text(rated.command.words, quotes=True, base=False)):
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
    text = as_text(command.words, quotes=True, base=False)
    if text.startswith(PREFIX) or not text.isprintable() or len(text) > _MAX_ENTRY:
        return None
    words = tuple(word.text for word in command.words)
    parts = compile_pattern(text).parts
    return text if len(parts) == 1 and (parts[0].program, *parts[0].words) == words else None
