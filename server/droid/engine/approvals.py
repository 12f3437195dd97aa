"""Questions to the person: one open at a time, the others wait their turn.

A question that is withdrawn, dismissed or never answered allows nothing. An answer is taken once; a
later one is refused, so that a stale button in some editor cannot answer the next question.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.events import ApprovalAnswered, ApprovalWanted, Event, QuestionAnswered, QuestionAsked


class Reply(NamedTuple):
    """What a person said.

    Attributes:
        accepted: The hunks that may be written; None: it was not said of hunks.
    """

    answer: Answer
    instruction: str | None = None
    accepted: tuple[str, ...] | None = None


@dataclass(slots=True, eq=False)
class _Approval:
    request: ApprovalRequest
    hunks: tuple[str, ...] = ()
    reply: asyncio.Future[Reply] = field(default_factory=asyncio.Future[Reply])
    shown: bool = False


class ApprovalQueue:
    """The approvals of one session."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._queue: deque[_Approval] = deque()

    @property
    def pending(self) -> tuple[ApprovalRequest, ...]:
        """The open one first."""
        return tuple(entry.request for entry in self._queue)

    async def ask(self, request: ApprovalRequest, hunks: Collection[str] = ()) -> Reply:
        """Wait for the person; a cancel withdraws the question.

        Args:
            hunks: Those that an answer may choose from.
        """
        entry = _Approval(request, tuple(hunks))
        self._queue.append(entry)
        reply: Reply | None = None
        try:
            self._show()
            reply = await entry.reply
            return reply
        finally:
            self._queue.remove(entry)
            if entry.shown:
                self._emit(
                    ApprovalAnswered(
                        approval_id=request.approval_id,
                        call_id=request.call_id,
                        answer=reply.answer if reply else None,
                        instruction=reply.instruction if reply else None,
                        accepted_hunks=reply.accepted if reply and reply.accepted != entry.hunks else None,
                    )
                )
                self._show()

    def _show(self) -> None:
        """Put the first question, unless it is open already, or is being withdrawn with the others."""
        if self._queue and not self._queue[0].shown and not self._queue[0].reply.done():
            self._queue[0].shown = True
            self._emit(ApprovalWanted(request=self._queue[0].request))

    def answer(
        self,
        approval_id: str,
        answer: Answer,
        instruction: str | None,
        accepted: Collection[str] | None = None,
    ) -> bool:
        """Answer the open question; False where it is not that one, or closed, or not on offer.

        Args:
            accepted: Hunks of what is proposed, with an answer that allows; None allows all of it.
        """
        if not self._queue:
            return False
        entry = self._queue[0]
        request = entry.request
        if request.approval_id != approval_id or entry.reply.done() or answer not in request.options:
            return False
        chosen: tuple[str, ...] | None = None
        if accepted is not None:
            if not answer.allows or not accepted or not set(accepted) <= set(entry.hunks):
                return False
            chosen = tuple(hunk for hunk in entry.hunks if hunk in accepted)
        entry.reply.set_result(Reply(answer, instruction, chosen))
        return True


class QuestionBoard:
    """What the agent asked the person in its own words (`AskUser`)."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._open: dict[str, tuple[Question, asyncio.Future[str | None]]] = {}

    @property
    def pending(self) -> tuple[Question, ...]:
        return tuple(question for question, _ in self._open.values())

    async def ask(self, call_id: str, question: Question) -> str | None:
        """Wait for the person; None where they declined."""
        reply: asyncio.Future[str | None] = asyncio.Future()
        self._open[question.question_id] = (question, reply)
        answer: str | None = None
        try:
            self._emit(QuestionAsked(call_id=call_id, question=question))
            answer = await reply
            return answer
        finally:
            del self._open[question.question_id]
            self._emit(QuestionAnswered(question_id=question.question_id, answer=answer))

    def answer(self, question_id: str, answer: str | None) -> bool:
        entry = self._open.get(question_id)
        if entry is None or entry[1].done():
            return False
        entry[1].set_result(answer)
        return True
