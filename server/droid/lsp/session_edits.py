"""Where text goes in a session document that a person is writing in.

Every plan is made from the buffer's text of this moment and asks for one edit, which inserts, and at
most replaces blank lines: what a person wrote, wherever they wrote it, stays. The agent's text goes to
the end of its turn's section, so above the heading that the person writes under. A section that was
deleted is opened again rather than guessed at.

Positions are lines and code points from 0.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from droid.lsp.session_document import Section, SessionDocument, Speaker, parse
from droid.lsp.session_headings import YOU_HEADING, droid_heading, marker, unescaped
from droid.lsp.session_text import frozen, new_document, open_fence, title_line
from droid.lsp.transcript_markdown import Piece

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace a range by text; line ends are those of the document."""

    start_line: int
    start_character: int
    end_line: int
    end_character: int
    text: str


class AppendPlan:
    """The edits of one document, each from the text as it is now."""

    def __init__(self, text: str) -> None:
        self.document: SessionDocument = parse(text)

    def piece(self, piece: Piece, *, from_draft: bool = False) -> Edit | None:
        """Place what a renderer gave; None where there is nothing to place.

        Args:
            from_draft: The prompt of a piece that opens a turn was sent from this document's draft, so
                that what stands behind it there was typed since.
        """
        if piece.prompt is not None:
            return self.turn_started(piece.turn_id or "t", piece.prompt, from_draft=from_draft)
        if not piece.text:
            return None
        document = self.document
        if piece.turn_id is None:
            return self._after_line(self._preamble_end(), piece.text)
        section = document.turn(piece.turn_id)
        if section is not None:
            # A section may have been emptied: its heading stays a line of its own.
            apart = section.is_empty and not piece.text.startswith("\n")
            text = f"\n\n{piece.text}" if apart else piece.text
            return self._after_line(section.content_end - 1, text)
        # The person deleted the section; what comes now still belongs to that turn.
        text = f"{droid_heading(piece.turn_id)}\n\n{piece.text.lstrip(chr(10))}"
        draft = document.draft
        if draft is not None:
            return self._before(draft, text)
        return self._at_end(f"{text}\n\n{YOU_HEADING}\n\n")

    def turn_started(
        self,
        turn_id: str,
        prompt: str,
        *,
        from_draft: bool = False,
        text: str = "",
        above: Collection[str] = (),
    ) -> Edit:
        """Open a turn's section, and a place for the next prompt below it.

        A draft that says what was sent becomes the turn's prompt where it stands. With `from_draft` it
        may say more, which becomes the next draft. Any other prompt (from an action, another window, or
        one whose draft was changed meanwhile) goes in above the draft.

        Args:
            text: What the section holds already; blank lines lead.
            above: Turns that come after this one: it is placed above the first of them.
        """
        draft = self.document.draft
        heading = droid_heading(turn_id) + text
        follower = self._first_of(above)
        if follower is not None:
            return self._before(follower, f"{YOU_HEADING}\n\n{frozen(prompt)}\n\n{heading}")
        if draft is not None:
            sent = self._sent_end(draft, prompt) if draft.headed else None
            if sent is not None and (from_draft or self._is_all(draft, *sent)):
                line, character = sent
                fence = open_fence(draft.text.split("\n")[: line - draft.content_start + 1])
                close = f"\n{fence}" if fence else ""
                text = f"{close}\n\n{heading}\n\n{YOU_HEADING}\n\n"
                return self._edit(line, character, *self._next_text(line, character), text)
            return self._before(draft, f"{YOU_HEADING}\n\n{frozen(prompt)}\n\n{heading}")
        return self._at_end(f"{YOU_HEADING}\n\n{frozen(prompt)}\n\n{heading}\n\n{YOU_HEADING}\n\n")

    def _first_of(self, turn_ids: Collection[str]) -> Section | None:
        """Where the first of some turns begins: its prompt, where that stands right above it."""
        before = None
        for section in self.document.sections:
            if section.speaker is Speaker.DROID and section.turn_id in turn_ids:
                return before or section
            before = section if section.speaker is Speaker.YOU else None
        return None

    def head(self, session_id: str, title: str) -> Edit | None:
        """Make a conversation of text that stands under no heading; None where there is no such text.

        What it has of a title and of the line that names its session stays.

        Args:
            title: Of the session; without one yet, the first line is the title, as it becomes the session's.
        """
        document, loose = self.document, self.document.loose
        if loose is None:
            return None
        parts = [] if document.title else [title_line(title or loose.text.partition("\n")[0])]
        if document.session_id is None and document.marker_line is None:
            parts.append(marker(session_id))
        text = "\n\n".join([*parts, YOU_HEADING])
        line = loose.content_start - 1
        while line >= 0 and not document.lines[line].strip():
            line -= 1
        if line < 0:
            return self._edit(0, 0, loose.content_start, 0, f"{text}\n\n")
        end = len(document.lines[line].rstrip())
        return self._edit(line, end, loose.content_start, 0, f"\n\n{text}\n\n")

    def begin(self) -> Edit | None:
        """Add what one writes under; None where there is something to send, or a place to write."""
        document = self.document
        if document.draft is not None:
            return None
        if document.sections or document.marker_line is not None:
            return self._at_end(f"{YOU_HEADING}\n\n")
        if document.title:
            return self._at_end(f"{marker(None)}\n\n{YOU_HEADING}\n\n")
        return self._at_end(new_document(None, ""))

    def clear_draft(self, prompt: str) -> Edit | None:
        """Take out a draft that was sent into a running turn, whose section shows it from then on.

        None where the draft is not, or does not begin with, what was sent.
        """
        draft = self.document.draft
        sent = self._sent_end(draft, prompt) if draft else None
        if draft is None or sent is None or draft.is_empty:
            return None
        return self._edit(draft.content_start, 0, *self._next_text(*sent), "")

    def session(self, session_id: str) -> Edit | None:
        """Name the session in the document; None where it is named already."""
        document = self.document
        if document.session_id == session_id:
            return None
        line = document.marker_line
        if line is not None:
            return self._edit(line, 0, line, len(document.lines[line]), marker(session_id))
        if document.lines[0].startswith("# "):
            return self._after_line(0, f"\n\n{marker(session_id)}")
        return self._edit(0, 0, 0, 0, f"{marker(session_id)}\n\n")

    def title(self, old: str, new: str) -> Edit | None:
        """Rename the document, unless the person has given it a title of their own."""
        for number, line in enumerate(self.document.lines):
            if line.startswith("## "):
                break
            if line.rstrip() == title_line(old) != title_line(new):
                return self._edit(number, 0, number, len(line), title_line(new))
        return None

    def _sent_end(self, draft: Section, prompt: str) -> tuple[int, int] | None:
        """Where the sent prompt ends in the draft; None where the draft does not begin with it."""
        sent = prompt.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip().split("\n")
        have = self.document.lines[draft.content_start : draft.content_end]
        if not prompt.strip() or len(have) < len(sent):
            return None
        last = len(sent) - 1
        if any(unescaped(a).rstrip() != b.rstrip() for a, b in zip(have[:last], sent[:last], strict=True)):
            return None
        raw = have[last]
        escape = len(raw) - len(unescaped(raw))
        if not raw[escape:].startswith(sent[last]):
            return None
        return draft.content_start + last, escape + len(sent[last])

    def _is_all(self, draft: Section, line: int, character: int) -> bool:
        return line == draft.content_end - 1 and not self.document.lines[line][character:].strip()

    def _next_text(self, line: int, character: int) -> tuple[int, int]:
        """The first place from here on that is not blank, or the end of the document."""
        lines = self.document.lines
        if lines[line][character:].strip():
            return line, character
        for index in range(line + 1, len(lines)):
            if lines[index].strip():
                return index, 0
        return len(lines) - 1, len(lines[-1])

    def _preamble_end(self) -> int:
        """The last line above the first section that is not blank; -1 where there is none."""
        document = self.document
        first = document.sections[0] if document.sections else document.loose
        line = (len(document.lines) if first is None else first.line) - 1
        while line >= 0 and not document.lines[line].strip():
            line -= 1
        return line

    def _after_line(self, line: int, text: str) -> Edit:
        if line < 0:
            return self._edit(0, 0, 0, 0, f"{text.lstrip(chr(10))}\n\n")
        character = len(self.document.lines[line].rstrip())
        return self._edit(line, character, line, character, text)

    def _before(self, section: Section, text: str) -> Edit:
        below = "" if section.headed else f"{YOU_HEADING}\n\n"
        return self._edit(section.line, 0, section.line, 0, f"{text}\n\n{below}")

    def _at_end(self, text: str) -> Edit:
        lines = self.document.lines
        line = len(lines) - 1
        while line > 0 and not lines[line].strip():
            line -= 1
        character = len(lines[line].rstrip())
        lead = "\n\n" if lines[line].strip() else ""
        return self._edit(line, character, len(lines) - 1, len(lines[-1]), lead + text)

    def _edit(self, line: int, character: int, end_line: int, end_character: int, text: str) -> Edit:
        return Edit(
            start_line=line,
            start_character=character,
            end_line=end_line,
            end_character=end_character,
            text=text.replace("\n", self.document.newline),
        )


def apply(text: str, edit: Edit) -> str:
    """The text after an edit: what a client that kept up would have."""
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    start = starts[edit.start_line] + edit.start_character
    end = starts[edit.end_line] + edit.end_character
    return text[:start] + edit.text + text[end:]
