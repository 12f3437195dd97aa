"""One queue of questions to the person, one of them open at a time, across all sessions.

A question ends when the person answers it, wherever they do: in the message, by a button in a session
document, by a command. It also ends when its turn does. Everything that is not a clear answer is a no;
a question that is never answered allows nothing and waits.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    QuestionAnswered,
    QuestionAsked,
    Record,
    TurnEnded,
)
from droid.engine.session import Session
from droid.lsp.approval_text import ask_about, titles_of
from droid.lsp.background import Background
from droid.lsp.convert import shortened
from droid.lsp.editor import Editor, MessageKind
from droid.lsp.markdown_text import exact
from droid.lsp.negotiation import Approval, Review
from droid.lsp.open_question import (
    ANOTHER_TEXT,
    NotOpen,
    OpenQuestion,
    answer_approval,
    answer_by_hunk,
    answer_question,
    says_so,
)
from droid.lsp.private_files import remove_quietly, write_private
from droid.lsp.protocol_review import Changeset
from droid.lsp.review_desk import ReviewDesk
from droid.lsp.review_wire import changeset_of
from droid.lsp.rich_questions import request_answer, request_approval

logger = logging.getLogger(__name__)

_DECLINE = "Decline to answer"
_WRITE = "Write an answer…"
_REVIEW = "Review changes…"
_SAYS_NO = frozenset({"Reject", "Reject and instruct…", _DECLINE, _WRITE, _REVIEW})
_MAX_QUESTION = 1200
_CONFIRM_S = 300.0


class Questions:
    """The queue.

    Attributes:
        on_change: Called when another question became the open one, or the last one closed.
        open_document: Shows a session's document, where a person can write.
        reviews: Where changes are shown and decided hunk by hunk.
    """

    def __init__(self, editor: Editor, background: Background) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.open_document: Callable[[Session], Awaitable[Path | None]] | None = None
        self.reviews: ReviewDesk | None = None
        self._editor = editor
        self._background = background
        self._queue: deque[OpenQuestion] = deque()
        self._asker: asyncio.Task[None] | None = None
        self._numbers = 0

    @property
    def open(self) -> OpenQuestion | None:
        """The question that is before the person now."""
        return self._queue[0] if self._queue else None

    def pending_for(self, session: Session) -> Sequence[OpenQuestion]:
        return tuple(entry for entry in self._queue if entry.session is session)

    def on_record(self, session: Session, record: Record) -> None:
        event = record.event
        match event:
            case ApprovalWanted():
                request = event.request
                self._add(
                    request.approval_id,
                    session,
                    request,
                    lambda entry: self._put_approval(entry, session, request),
                )
            case QuestionAsked():
                question = event.question
                self._add(
                    question.question_id,
                    session,
                    question,
                    lambda entry: self._put_question(entry, session, question),
                )
            case ApprovalAnswered():
                self._close(event.approval_id)
            case QuestionAnswered():
                self._close(event.question_id)
            case TurnEnded():
                for entry in self.pending_for(session):
                    self._close(entry.id)
            case _:
                pass

    # Answers from outside the message

    def approve(self, approval_id: str | None, answer: Answer) -> OpenQuestion:
        """Allow what is asked.

        Raises:
            NotOpen: nothing is asked, or not this, or the answer is not on offer.
        """
        entry, session, request = self._approval(approval_id)
        if answer not in request.options:
            raise NotOpen(f"this question cannot be answered with {answer}")
        answer_approval(entry, session, request, answer, None)
        return entry

    def reject(self, approval_id: str | None, instruction: str | None) -> OpenQuestion:
        """Refuse what is asked, with what to do instead where the person says so.

        Raises:
            NotOpen: nothing is asked, or not this.
        """
        if approval_id is None and self._queue and self._queue[0].session is None:
            # A question of the editor edge that the editor will never answer must not keep the others back.
            self._queue[0].closed.set()
            return self._queue[0]
        entry, session, request = self._approval(approval_id)
        if instruction is not None and Answer.INSTRUCT in request.options:
            answer_approval(entry, session, request, Answer.INSTRUCT, instruction)
        else:
            answer_approval(entry, session, request, Answer.REJECT, None)
        return entry

    def reply(self, question_id: str | None, answer: str | None) -> OpenQuestion:
        """Answer what the agent wants to know; None declines.

        Raises:
            NotOpen: nothing is asked, or not this.
        """
        for entry in self._named(question_id):
            if isinstance(entry.subject, Question) and entry.session is not None:
                answer_question(entry, entry.session, answer)
                return entry
        raise NotOpen("no such question is open: it was answered or withdrawn")

    def take_message(self, session: Session, text: str) -> bool:
        """Give a person's message to the question that waits for one; False where none does."""
        for entry in self.pending_for(session):
            if not entry.waits_for_text:
                continue
            if isinstance(entry.subject, ApprovalRequest):
                answer_approval(entry, session, entry.subject, Answer.INSTRUCT, text)
            else:
                answer_question(entry, session, text)
            return True
        return False

    async def confirm(
        self, text: str, choices: Sequence[str], until: asyncio.Event | None = None
    ) -> str | None:
        """Ask the person something of the editor edge itself; None is a no, and so is no answer for long.

        Args:
            until: Once set, the question is moot and is withdrawn.
        """
        self._numbers += 1
        chosen: list[str | None] = []

        async def put(entry: OpenQuestion) -> None:
            chosen.append(
                await self._editor.choose(text, choices, kind=MessageKind.WARNING, on_late=self._too_late)
            )
            entry.closed.set()

        entry = self._add(f"editor-{self._numbers}", None, text, put)
        moot = self._background.start(_set_after(until, entry.closed), "question:until") if until else None
        try:
            async with asyncio.timeout(_CONFIRM_S):
                await entry.closed.wait()
        except TimeoutError:
            logger.info("a question of the editor edge was not answered")
        finally:
            entry.closed.set()
            if moot is not None:
                moot.cancel()
        return chosen[0] if chosen else None

    # The queue

    def _add(
        self,
        id_: str,
        session: Session | None,
        subject: ApprovalRequest | Question | str,
        put: Callable[[OpenQuestion], Awaitable[None]],
    ) -> OpenQuestion:
        for known in self._queue:
            if known.id == id_:
                return known
        entry = OpenQuestion(id_, session, subject, put)
        self._queue.append(entry)
        if self._asker is None or self._asker.done():
            self._asker = self._background.start(self._ask_all(), "questions")
        return entry

    def _close(self, id_: str) -> None:
        for entry in self._queue:
            if entry.id == id_:
                entry.closed.set()

    async def _ask_all(self) -> None:
        while self._queue:
            entry = self._queue[0]
            if not entry.closed.is_set():
                self.on_change()
                await self._ask(entry)
            self._queue.remove(entry)
        self.on_change()

    async def _ask(self, entry: OpenQuestion) -> None:
        """Put one question and wait until it is closed; closing it elsewhere withdraws it."""
        asking = self._background.start(_run(entry), f"question:{entry.id}")
        closed = asyncio.ensure_future(entry.closed.wait())
        try:
            await asyncio.wait({closed})
        finally:
            closed.cancel()
            asking.cancel()

    # Putting them

    async def _put_approval(self, entry: OpenQuestion, session: Session, request: ApprovalRequest) -> None:
        if self._editor.profile.droid.approval is Approval.RICH:
            said = await request_approval(
                self._editor.requests, session, request, self._too_late, self._changeset(session, request)
            )
            if not answer_by_hunk(entry, session, request, said):
                # Hunks that are not of this changeset: what is not a clear answer is a no.
                answer_approval(entry, session, request, Answer.REJECT, None)
            return
        ask = ask_about(request, session.title)
        text, path = ask.message, None
        if ask.document is not None:
            path = self._write(session.workspace, entry.id, ask.document)
            if path is not None:
                entry.document = path, ask.document
                await self._editor.show(path)
                text = f"{ask.brief}\n\nAll of it is in {path}"
        try:
            kind = MessageKind.WARNING
            changeset = session.proposed(request.approval_id) if self.reviews is not None else None
            choices = [*ask.choices, _REVIEW] if changeset is not None else list(ask.choices)
            title = await self._editor.choose(text, choices, kind=kind, on_late=self._too_late)
            answer = ask.choices.get(title or "", Answer.REJECT)
            if answer.allows and not says_so(entry):
                self._editor.message(f"Droid: {ANOTHER_TEXT}.", MessageKind.WARNING)
                answer = Answer.REJECT
        finally:
            entry.document = None
            if path is not None:
                remove_quietly(path)
        if title == _REVIEW and changeset is not None and self.reviews is not None:
            # The question stays open, and is answered by what is accepted and rejected there.
            await self.reviews.show(session, changeset)
            return
        if answer is Answer.INSTRUCT:
            await self._wait_for_text(entry, session, "what to do instead")
        else:
            answer_approval(entry, session, request, answer, None)

    def _changeset(self, session: Session, request: ApprovalRequest) -> Changeset | None:
        if self._editor.profile.review is not Review.HUNK or self.reviews is None:
            return None
        changeset = session.proposed(request.approval_id)
        return changeset_of(changeset, self.reviews.uri_of) if changeset is not None else None

    async def _put_question(self, entry: OpenQuestion, session: Session, question: Question) -> None:
        if self._editor.profile.droid.approval is Approval.RICH:
            answer = await request_answer(self._editor.requests, session, question)
            answer_question(entry, session, answer)
            return
        text = exact(question.text)
        if len(text) > _MAX_QUESTION and (
            path := self._write(session.workspace, entry.id, f"# Droid asks\n\n{text}\n")
        ):
            await self._editor.show(path)
            text = f"{shortened(text, 200)}\n\nAll of it is in {path}"
        titles = titles_of(question, (_DECLINE, _WRITE))
        chosen = await self._editor.choose(
            f"Droid asks: {text}",
            [*titles, _WRITE, _DECLINE],
            kind=MessageKind.INFO,
            on_late=self._too_late,
        )
        if chosen == _WRITE:
            await self._wait_for_text(entry, session, "your answer")
        else:
            answer_question(entry, session, titles.get(chosen or ""))

    async def _wait_for_text(self, entry: OpenQuestion, session: Session, what: str) -> None:
        """The next message to the session is what the person wants to say; nothing times out."""
        entry.waits_for_text = True
        self.on_change()
        where = "in the prompt" if self._editor.profile.droid.input else "in the session document, then Send"
        if self.open_document is not None and not self._editor.profile.droid.input:
            await self.open_document(session)
        self._editor.message(f"Droid waits for {what}: write it {where}.")

    def _write(self, workspace: Path, id_: str, text: str) -> Path | None:
        name = "".join(one if one.isalnum() or one in "-._" else "-" for one in id_)
        try:
            return write_private(workspace, "approvals", f"{name}.md", text)
        except OSError as error:
            logger.warning("a question could not be written to a file: %s", error.strerror)
            return None

    # Giving answers to the engine

    def _approval(self, approval_id: str | None) -> tuple[OpenQuestion, Session, ApprovalRequest]:
        for entry in self._named(approval_id):
            request, session = entry.subject, entry.session
            if isinstance(request, ApprovalRequest) and session is not None and not entry.closed.is_set():
                return entry, session, request
        raise NotOpen("no such question is open: it was answered or withdrawn, and nothing was run")

    def _named(self, id_: str | None) -> Sequence[OpenQuestion]:
        """The question of that id; without one, the one that is before the person, and no other."""
        if id_ is None:
            return tuple(self._queue)[:1]
        return tuple(entry for entry in self._queue if entry.id == id_)

    def _too_late(self, title: str) -> None:
        if title in _SAYS_NO:
            return
        self._editor.message(f"“{title}” came too late: that question was closed, and nothing was done.")


async def _run(entry: OpenQuestion) -> None:
    try:
        await entry.put(entry)
    except NotOpen:
        logger.debug("a question was closed while it was answered")


async def _set_after(first: asyncio.Event, then: asyncio.Event) -> None:
    await first.wait()
    then.set()
