"""Commands as texts that expressions are searched in: whatever a line looks like, what really runs."""

from collections.abc import Iterator, Sequence
from itertools import product

from droid.safety.commands.entries import reading_of
from droid.safety.commands.model import Assessment, SimpleCommand
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.list_words import as_text

_MAX_PROBED = 4


def readings_of(assessment: Assessment | None) -> tuple[tuple[str, ...], ...] | None:
    """Each command of a line in all its texts; None where it cannot be told what runs."""
    if assessment is None or assessment.undecidable is not None:
        return None
    if any(rated.effects.undecidable is not None for rated in assessment.commands):
        return None
    found = (tuple(dict.fromkeys(texts_of(rated.command))) for rated in assessment.commands)
    return tuple(filter(None, found))


def texts_of(command: SimpleCommand) -> Iterator[str]:
    """A command as it is written, and as its program reads it; what is not known of it is `UNKNOWN`."""
    if not command.words:
        return
    yield as_text(command.words, quotes=False)
    yield as_text(command.words, quotes=True)
    if command.program is None:
        return
    given = reading_of(command)
    flags = [Word(text) for flag in given.flags for text in (flag.name, *_value(flag.value))]
    words = (command.words[0], *map(Word, given.path), *flags, *given.operands, *(given.raw or ()))
    yield as_text(words, quotes=False)


def _value(word: Word | None) -> tuple[str, ...]:
    return () if word is None else (word.text,)


def filled(text: str, probes: Sequence[str]) -> Iterator[str]:
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
