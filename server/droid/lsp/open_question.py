"""One question to the person, and how the engine is given what they say to it: once, and while it is open."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.errors import DroidError
from droid.engine.session import Session
from droid.lsp.rich_questions import RichAnswer

ANOTHER_TEXT = "the document beside the question was changed, so it is not what was approved; nothing was run"


class NotOpen(DroidError):
    """The question was answered or withdrawn, or there never was one."""


@dataclass(eq=False, slots=True)
class OpenQuestion:
    """One question in the queue.

    Attributes:
        session: None for questions of the editor edge itself.
        waits_for_text: The person chose to write; the next message to the session is the answer.
        document: Where all of it is, and what stands there; a command that runs might write something else.
    """

    id: str
    session: Session | None
    subject: ApprovalRequest | Question | str
    put: Callable[["OpenQuestion"], Awaitable[None]]
    waits_for_text: bool = False
    document: tuple[Path, str] | None = None
    closed: asyncio.Event = field(default_factory=asyncio.Event)


def says_so(entry: OpenQuestion) -> bool:
    """Whether the document beside a question, if there is one, still says what the question is about."""
    if entry.document is None:
        return True
    path, text = entry.document
    try:
        return path.read_text("utf-8", errors="replace") == text
    except OSError:
        return False


def answer_approval(
    entry: OpenQuestion, session: Session, request: ApprovalRequest, answer: Answer, instruction: str | None
) -> None:
    """Give an approval its answer.

    Raises:
        NotOpen: it is too late, or what the person read beside it is not what it is about any more.
    """
    if answer.allows and not says_so(entry):
        raise NotOpen(ANOTHER_TEXT)
    if entry.closed.is_set() or not session.answer(request.approval_id, answer, instruction):
        raise NotOpen("the question was answered or withdrawn already, and nothing was run")
    entry.closed.set()


def answer_by_hunk(entry: OpenQuestion, session: Session, request: ApprovalRequest, said: RichAnswer) -> bool:
    """Give an approval its answer, perhaps for some hunks alone; False where that is no answer to it.

    Raises:
        NotOpen: it is too late.
    """
    if entry.closed.is_set():
        raise NotOpen("the question was answered or withdrawn already, and nothing was run")
    if not session.answer(request.approval_id, said.answer, said.instruction, said.accepted):
        return False
    entry.closed.set()
    return True


def answer_question(entry: OpenQuestion, session: Session, answer: str | None) -> None:
    """Tell the agent what it wants to know; None declines.

    Raises:
        NotOpen: it is too late.
    """
    if entry.closed.is_set() or not session.answer_question(entry.id, answer):
        raise NotOpen("the question was answered or withdrawn already")
    entry.closed.set()
