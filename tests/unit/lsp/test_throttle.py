"""Saying the latest thing, not too often; owning what runs."""

import asyncio

import pytest

from droid.lsp.background import Background
from droid.lsp.throttle import Throttle


async def test_the_first_is_said_at_once_and_the_last_is_always_said() -> None:
    said: list[int] = []
    now = [0]
    throttle = Throttle(lambda: said.append(now[0]), 0.02)
    for now[0] in range(100):
        throttle.poke()
    assert said == [0]
    await asyncio.sleep(0.05)
    assert said == [0, 99]
    throttle.poke()
    assert said == [0, 99, 99]


async def test_a_cancelled_throttle_is_silent() -> None:
    said: list[int] = []
    throttle = Throttle(lambda: said.append(1), 0.01)
    throttle.poke()
    throttle.poke()
    throttle.cancel()
    await asyncio.sleep(0.03)
    assert said == [1]


async def test_a_task_that_fails_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    background = Background()

    async def broken() -> None:
        raise ZeroDivisionError

    task = background.start(broken(), "something")
    await asyncio.wait({task})
    await asyncio.sleep(0)
    assert [record.getMessage() for record in caplog.records] == ["something failed"]


async def test_closing_ends_every_task_and_those_that_come_later() -> None:
    background = Background()
    tasks = [background.start(asyncio.sleep(60), f"sleep {number}") for number in range(3)]
    await background.close(1)
    tasks.append(background.start(asyncio.sleep(60), "late"))
    await asyncio.sleep(0)
    assert all(task.cancelled() for task in tasks)


async def test_closing_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    background = Background()
    go = asyncio.Event()

    async def stubborn() -> None:
        while not go.is_set():
            try:
                await go.wait()
            except asyncio.CancelledError:
                continue

    background.start(stubborn(), "stubborn")
    await asyncio.sleep(0)
    await background.close(0.01)
    assert "stubborn does not end" in caplog.text
    go.set()
    await asyncio.sleep(0)
