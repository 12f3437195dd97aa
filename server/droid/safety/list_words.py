"""Commands in words: for people, and for expressions and entries to be compared with."""

from collections.abc import Sequence

from droid.safety.commands.model import Assessment, RedirectKind, SimpleCommand, base_name
from droid.safety.commands.words import UNKNOWN, Word

SHOWN_CHARACTERS = 200
_HARMLESS_TARGETS = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr"})
_NEEDS_QUOTES = frozenset(" \t'\"\\|&;")


def shown(command: SimpleCommand) -> str:
    """A command for people: one line, cut where it is long."""
    text = as_text(command.words, quotes=True, base=False).replace(UNKNOWN, "…")
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def line_of(assessment: Assessment) -> str:
    """All commands of a line, likewise."""
    line = "; ".join(shown(rated.command) for rated in assessment.commands if rated.command.words)
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def as_text(words: Sequence[Word], *, quotes: bool, base: bool = True) -> str:
    """Words as one text.

    Args:
        base: The program by its name alone.
    """
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


def writes_file(kind: RedirectKind, target: Word) -> bool:
    """Whether a redirection may change a file."""
    return kind is not RedirectKind.READ and target.text not in _HARMLESS_TARGETS
