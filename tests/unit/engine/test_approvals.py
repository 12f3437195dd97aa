"""One open question, answered once."""

import asyncio

import pytest

from droid.domain.decisions import Answer, ApprovalRequest
from droid.domain.events import ApprovalAnswered, ApprovalWanted, Event
from droid.domain.levels import Risk
from droid.engine.approvals import ApprovalQueue, Reply


def request(name: str, options: tuple[Answer, ...] = tuple(Answer)) -> ApprovalRequest:
    return ApprovalRequest(
        approval_id=name, call_id=f"call-{name}", tool="Execute", subject="rm a", cwd="/w", risk=Risk.HIGH,
        reason="high risk", options=options,
    )  # fmt: skip


class Board:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.queue = ApprovalQueue(self.events.append)

    def ask(self, name: str, **kw: tuple[Answer, ...]) -> asyncio.Task[tuple[Answer, str | None]]:
        return asyncio.create_task(self.queue.ask(request(name, **kw)))

    def open(self) -> list[str]:
        wanted = [e.request.approval_id for e in self.events if isinstance(e, ApprovalWanted)]
        closed = [e.approval_id for e in self.events if isinstance(e, ApprovalAnswered)]
        return [name for name in wanted if name not in closed]


async def test_the_second_question_waits_for_the_first() -> None:
    board = Board()
    first, second = board.ask("1"), board.ask("2")
    await asyncio.sleep(0)
    assert board.open() == ["1"]
    assert board.queue.answer("2", Answer.ONCE, None) is False
    assert board.queue.answer("1", Answer.ONCE, None) is True
    assert await first == Reply(Answer.ONCE, None)
    assert board.open() == ["2"]
    assert board.queue.answer("2", Answer.INSTRUCT, "use git") is True
    assert await second == Reply(Answer.INSTRUCT, "use git")


async def test_an_answer_is_taken_once() -> None:
    board = Board()
    task = board.ask("1")
    await asyncio.sleep(0)
    assert board.queue.answer("1", Answer.REJECT, None) is True
    assert board.queue.answer("1", Answer.ONCE, None) is False
    assert (await task)[0] is Answer.REJECT
    assert board.queue.answer("1", Answer.ONCE, None) is False


async def test_an_answer_that_is_not_on_offer_is_refused() -> None:
    board = Board()
    task = board.ask("1", options=(Answer.ONCE, Answer.REJECT))
    await asyncio.sleep(0)
    assert board.queue.answer("1", Answer.SESSION, None) is False
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_withdrawn_question_makes_way_for_the_next() -> None:
    board = Board()
    first, second = board.ask("1"), board.ask("2")
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait({first})
    assert board.open() == ["2"]
    assert board.queue.answer("1", Answer.ONCE, None) is False
    board.queue.answer("2", Answer.ONCE, None)
    await second


async def test_a_question_withdrawn_before_its_turn_is_never_shown() -> None:
    board = Board()
    first, second = board.ask("1"), board.ask("2")
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.wait({second})
    assert [type(e).__name__ for e in board.events] == ["ApprovalWanted"]
    board.queue.answer("1", Answer.ONCE, None)
    await first
