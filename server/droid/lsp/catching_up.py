"""Brings a session document up to date with its session, so that each turn is shown once.

A document may have been closed or copied at any moment of an answer, and the person, or a formatter,
may have changed it since. Nothing is taken away, and what cannot be recognised is shown again rather than
left out. Text that streamed and was never stored (an attempt that failed, a process that was killed)
stays where it stands, and what is stored comes below it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from droid.lsp.session_document import SessionDocument
from droid.lsp.session_edits import AppendPlan, Edit
from droid.lsp.transcript_markdown import Piece

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnText:
    """A turn as it reads so far.

    Attributes:
        prompt: None where the records do not tell how it began.
        text: Of its section; blank lines lead, none follow.
    """

    turn_id: str
    prompt: str | None
    text: str


def turns_of(pieces: Iterable[Piece]) -> list[TurnText]:
    """The turns that pieces make up, in order; what stands above the first is not among them."""
    prompts: dict[str, str | None] = {}
    texts: dict[str, list[str]] = {}
    for piece in pieces:
        if piece.turn_id is not None:
            prompts.setdefault(piece.turn_id, piece.prompt)
            texts.setdefault(piece.turn_id, []).append(piece.text)
    return [
        TurnText(turn_id=turn_id, prompt=prompt, text="".join(texts[turn_id]))
        for turn_id, prompt in prompts.items()
    ]


def catch_up(plan: AppendPlan, turn: TurnText, order: Mapping[str, int]) -> Edit | None:
    """Show what a document does not show of a turn; None where it shows all of it.

    Args:
        order: Places of all turns by id: one that is missing comes above those that follow it.
    """
    section = plan.document.turn(turn.turn_id)
    if section is None and turn.prompt is not None:
        place = order[turn.turn_id]
        later = [turn_id for turn_id, other in order.items() if other > place]
        return plan.turn_started(turn.turn_id, turn.prompt, text=turn.text, above=later)
    missing = missing_text(turn.text, content_of(plan.document, turn.turn_id))
    return plan.piece(Piece(turn_id=turn.turn_id, text=missing))


def content_of(document: SessionDocument, turn_id: str | None) -> str:
    """What a turn's section holds, without what editors take off or put on; for None, what stands above."""
    if turn_id is None:
        first = document.sections[0].line if document.sections else len(document.lines)
        return bare(document.lines[:first])
    section = document.turn(turn_id)
    return "" if section is None else bare(document.lines[section.line + 1 : section.end_line])


def bare(lines: Sequence[str]) -> str:
    """Lines without what an editor may take off or put on: blanks at their ends, blank lines around them."""
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def missing_text(whole: str, held: str) -> str:
    """What to append to a section so that it shows all of a turn.

    Args:
        held: As `content_of` gives it.
    """
    plain = bare(whole.split("\n"))
    if plain.startswith(held):
        return _below(plain) if not held else plain[len(held) :]
    lines, have = plain.split("\n"), held.split("\n")
    shown = {_words(line) for line in have}
    last = next((n for n in reversed(range(len(lines))) if _words(lines[n]) in shown - {""}), -1)
    rest = "\n".join(lines[last + 1 :]).strip("\n")
    if last >= 0 and lines[last] in have:
        # The line below the last one that is whole may have been cut while it streamed.
        begun = "\n".join(have[len(have) - have[::-1].index(lines[last]) :]).strip("\n")
        if begun and rest.startswith(begun):
            return rest[len(begun) :]
    first = last + 1
    while 0 < first < len(lines) and not _words(lines[first]) and lines[first] in have:
        first += 1
    return _below("\n".join(lines[first:]).strip("\n"))


def _below(text: str) -> str:
    return f"\n\n{text}" if text else ""


def _words(line: str) -> str:
    """A line without its marks: a formatter may turn `*Done*` into `_Done_`."""
    return " ".join(_WORDS.findall(line.replace("_", " ")))
