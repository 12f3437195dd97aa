"""A conversation as a Markdown document (`*.droid.md`): how it is read, and where its buttons go.

    # Make parse iterative
    <!-- droid session 0197… -->
    ## You
    Make `parse` iterative.
    ## Droid · t1
    …
    ## You
    (the draft)

What stands under the last `## You` is the draft. A document without headings is a draft as a whole, below
its title and the line that names its session. The document is a rendering of the transcript, so
nothing is decided by reading it back: it tells the draft, the session's id and where blocks stand. Lenses
and actions come from the server's state; the document only lends them a line.

What the agent writes never holds a structural line (see `session_headings`), so its sections end at the
next heading whatever they contain. A person's section may quote such lines in a code block, as long as
the block is closed.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.lsp.comments import split_lines
from droid.lsp.markdown_text import one_line
from droid.lsp.session_headings import (
    asked_id,
    droid_turn,
    is_you,
    marked_session,
    short_id,
    unescaped,
)

SEND = "droid.send"
CANCEL = "droid.cancel"
APPROVE = "droid.approve"
REJECT = "droid.reject"
ANSWER = "droid.answer"
UNDO = "droid.undo"
REVIEW = "droid.review.open"
BEGIN = "droid.document.begin"
GO_BACK = "droid.checkpoint.restore"


class Speaker(StrEnum):
    """Whose section it is."""

    YOU = "you"
    DROID = "droid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it; lines count from 0.

    Attributes:
        turn_id: Of an agent's section; empty where the heading names none.
        line: The heading; the first line of the text where there is none.
        end_line: Behind the section's last line.
        content_end: Behind its last line that is not blank; `line + 1` where there is none.
        text: What it says, without blank lines around it; a person's escapes are taken away.
        headed: False for the text of a document that has no headings.
    """

    speaker: Speaker
    turn_id: str
    line: int
    end_line: int
    content_start: int
    content_end: int
    text: str
    headed: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDocument:
    """A document as it was read.

    Attributes:
        session_id: None where the document names none yet.
        marker_line: Where the session is named; None where the line is missing.
        lines: The text's lines, without their ends.
        newline: How lines end in it.
        loose: What is written in a document without headings; None where there is nothing.
        asks: Line of the heading of each approval and question, by the short id.
    """

    title: str
    session_id: str | None
    marker_line: int | None
    sections: tuple[Section, ...]
    lines: Sequence[str]
    newline: str
    loose: Section | None
    asks: Mapping[str, int]

    @property
    def draft(self) -> Section | None:
        """The prompt being written: the last section, where it is a person's, or all there is."""
        last = self.sections[-1] if self.sections else self.loose
        return last if last and last.speaker is Speaker.YOU else None

    def turn(self, turn_id: str) -> Section | None:
        """The last section of a turn."""
        for section in reversed(self.sections):
            if section.speaker is Speaker.DROID and section.turn_id == turn_id:
                return section
        return None


def parse(text: str) -> SessionDocument:
    """Read a document. Any text is one: what is missing is None or empty."""
    lines = split_lines(text)
    marked = [number for number, line in enumerate(lines) if line.startswith("##")]
    headings = _headings(lines, marked)
    first = headings[0][0] if headings else len(lines)
    session_id, marker_line, title = None, None, ""
    for number in range(first):
        named = marked_session(lines[number])
        if named is not None and marker_line is None:
            session_id, marker_line = named or None, number
        elif lines[number].startswith("# ") and not title:
            title = lines[number][2:].strip()
    loose = None
    if not headings:
        title_line, start = _preamble(lines, marker_line)
        title = "" if title_line is None else title
        loose = _section(lines, start - 1, len(lines), None)
    ends = [*(line for line, _ in headings), len(lines)][1:]
    sections = tuple(
        _section(lines, line, end, turn) for (line, turn), end in zip(headings, ends, strict=True)
    )
    return SessionDocument(
        title=title,
        session_id=session_id,
        marker_line=marker_line,
        sections=sections,
        lines=lines,
        newline="\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n",
        loose=None
        if loose is None or loose.is_empty
        else replace(loose, line=loose.content_start, headed=False),
        asks=MappingProxyType(_asks(lines, sections, marked)),
    )


def _preamble(lines: Sequence[str], marker_line: int | None) -> tuple[int | None, int]:
    """Of a document without headings: the line of its title, and where what the person writes begins."""
    first = next((n for n, line in enumerate(lines) if line.strip() and n != marker_line), None)
    title_line = first if first is not None and lines[first].startswith("# ") else None
    return title_line, 1 + max(-1 if line is None else line for line in (title_line, marker_line))


def _headings(lines: Sequence[str], marked: Sequence[int]) -> list[tuple[int, str | None]]:
    """`(line, turn id)` of each section; the turn is None for a person's."""
    found: list[tuple[int, str | None]] = []
    never_closed: set[str] = set()
    looked_at = 0
    for number in marked:
        turn = droid_turn(lines[number])
        if turn is None and not is_you(lines[number]):
            continue
        if found and found[-1][1] is None:
            # In what a person wrote, a closed code block may quote a heading.
            while looked_at < number:
                looked_at = (_block_end(lines, looked_at, never_closed) or looked_at) + 1
            if looked_at > number:
                continue
        found.append((number, turn))
        looked_at = number + 1
    return found


def _block_end(lines: Sequence[str], number: int, never_closed: set[str]) -> int | None:
    """The line that closes the code block which a line opens; None where none is opened, or closed."""
    bare = lines[number].strip()
    sign = bare[:1]
    if sign not in {"`", "~"}:
        return None
    run = sign * (len(bare) - len(bare.lstrip(sign)))
    if len(run) < 3 or (sign == "`" and sign in bare[len(run) :]) or run in never_closed:
        return None
    for index in range(number + 1, len(lines)):
        closing = lines[index].strip()
        if closing.startswith(run) and not closing.strip(sign):
            return index
    never_closed.add(run)
    return None


def _section(lines: Sequence[str], line: int, end: int, turn: str | None) -> Section:
    start, stop = line + 1, end
    while start < stop and not lines[start].strip():
        start += 1
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    if start == stop:
        start = stop = line + 1
    content = lines[start:stop]
    text = "\n".join(content if turn is not None else map(unescaped, content)).rstrip()
    return Section(
        speaker=Speaker.YOU if turn is None else Speaker.DROID,
        turn_id=turn or "",
        line=line,
        end_line=end,
        content_start=start,
        content_end=stop,
        text=text,
    )


def _asks(lines: Sequence[str], sections: Sequence[Section], marked: Sequence[int]) -> dict[str, int]:
    starts = [section.line for section in sections]
    asks: dict[str, int] = {}
    for number in marked:
        at = bisect_right(starts, number) - 1
        if at >= 0 and sections[at].speaker is Speaker.DROID and (named := asked_id(lines[number])):
            asks[named] = number
    return asks


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentState:
    """What the server knows of a document's session, and all that buttons come from.

    Attributes:
        turn_id: The running turn; None where none runs.
        saves: What waits for files to be saved: an id, and the names of the files.
        approvals: Those that wait, the open one first.
        undo_turn_id: The last turn whose changes can be taken back; None where there is none.
        proposed_id: The changeset that the open approval is about, where it is about files.
        applied_id: The changeset of that turn.
        rewindable: The turns that can be gone back to before.
    """

    session_id: str | None = None
    turn_id: str | None = None
    saves: tuple[tuple[str, str], ...] = ()
    approvals: tuple[ApprovalRequest, ...] = ()
    questions: tuple[Question, ...] = ()
    undo_turn_id: str | None = None
    proposed_id: str | None = None
    applied_id: str | None = None
    rewindable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A button in a line, or the same as a code action.

    Attributes:
        verb: The command.
        arguments: Its one JSON object.
    """

    line: int
    title: str
    verb: str
    arguments: Mapping[str, str]


def lenses(document: SessionDocument, state: DocumentState) -> list[Lens]:
    """The buttons of a document, from top to bottom; those of the open approval in its order of answers.

    Where the block that a button is about cannot be found, it goes to the last heading.
    """
    fallback = document.sections[-1].line if document.sections else 0
    session = {"sessionId": state.session_id} if state.session_id else {}
    found: list[Lens] = []

    def add(line: int | None, title: str, verb: str, **arguments: str) -> None:
        found.append(
            Lens(
                line=fallback if line is None else line,
                title=title,
                verb=verb,
                arguments={**session, **arguments},
            )
        )

    draft = document.draft
    running = state.turn_id
    if running is not None:
        section = document.turn(running)
        add(section.line if section else None, "Cancel", CANCEL, turnId=running)
        for save_id, names in state.saves:
            title = f"Do not run what waits for {names}"
            add(section.line if section else None, title, REJECT, approvalId=save_id)
    if state.approvals:
        request = state.approvals[0]
        line = document.asks.get(short_id(request.approval_id))
        for answer in request.options:
            title, verb = _approval_button(answer, request, len(state.approvals), draft)
            add(line, title, verb, approvalId=request.approval_id, answer=answer.value)
        if state.proposed_id is not None:
            add(line, "Review changes", REVIEW, changesetId=state.proposed_id)
    for question in state.questions:
        line = document.asks.get(short_id(question.question_id))
        for option in question.options:
            title = f"Answer: {one_line(option, 60)}"
            add(line, title, ANSWER, questionId=question.question_id, answer=option)
        if draft and not draft.is_empty:
            add(line, "Answer with the text below", ANSWER, questionId=question.question_id)
    if state.undo_turn_id is not None and running is None:
        section = document.turn(state.undo_turn_id)
        title = f"Undo the changes of {one_line(state.undo_turn_id, 20)}"
        add(section.line if section else None, title, UNDO, turnId=state.undo_turn_id)
        if state.applied_id is not None:
            add(section.line if section else None, "Review changes", REVIEW, changesetId=state.applied_id)
    if running is None:
        for turn_id in state.rewindable:
            if (section := document.turn(turn_id)) is not None:
                title = f"Go back to before {one_line(turn_id, 20)}"
                add(section.line, title, GO_BACK, turnId=turn_id, what="both")
    if draft and not draft.is_empty:
        add(draft.line, "Send" if running is None else "Send to the running turn", SEND)
    if draft is None and running is None and document.sections:
        add(_last_line(document), "Add a place to write", BEGIN)
    elif draft is None and running is None:
        add(0, "Start a session here", BEGIN)
    return sorted(found, key=lambda lens: lens.line)


def actions(document: SessionDocument, state: DocumentState) -> list[Lens]:
    """The same as code actions, for any place in the document, with titles that say whose they are.

    What waits for the person comes first.
    """
    order = {APPROVE: 0, REJECT: 0, ANSWER: 1, SEND: 2, BEGIN: 2, CANCEL: 3, UNDO: 4, REVIEW: 4}
    # What waits for files is offered as an action in every document.
    # Going back is offered where the cursor is in a turn: there are as many of these as turns.
    found = sorted(
        lenses(document, replace(state, saves=(), rewindable=())), key=lambda lens: order[lens.verb]
    )
    return [replace(lens, title=f"Droid: {lens.title[0].lower()}{lens.title[1:]}") for lens in found]


def ways_back(document: SessionDocument, state: DocumentState, line: int) -> str | None:
    """The turn that a line, from 0, belongs to, where it can be gone back to."""
    if state.turn_id is not None:
        return None
    for section in document.sections:
        if section.line <= line < section.end_line and section.turn_id in state.rewindable:
            return section.turn_id
    return None


def _last_line(document: SessionDocument) -> int:
    return max((number for number, line in enumerate(document.lines) if line.strip()), default=0)


def _approval_button(
    answer: Answer, request: ApprovalRequest, waiting: int, draft: Section | None
) -> tuple[str, str]:
    more = f" (1 of {waiting})" if waiting > 1 else ""
    match answer:
        case Answer.ONCE:
            return f"Approve once: {one_line(request.subject, 60)}{more}", APPROVE
        case Answer.SESSION:
            return f"Approve for this session: {one_line(request.session_grant or 'the same', 60)}", APPROVE
        case Answer.SESSION_PROGRAM:
            return f"Approve `{one_line(request.session_program or '', 60)}` for this session", APPROVE
        case Answer.ALWAYS:
            return f"Always allow `{one_line(request.always or '', 60)}`", APPROVE
        case Answer.REJECT:
            return f"Reject{more}", REJECT
        case Answer.INSTRUCT:
            said = f": {one_line(draft.text, 40)}" if draft and not draft.is_empty else ""
            return f"Reject and instruct{said or ' (write it below first)'}", REJECT
