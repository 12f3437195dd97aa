"""The pieces of a stream, joined in time: what may change is how many there are, and little else.

The loop's clock is a number here, which jumps to the next timer: nothing sleeps.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from selectors import BaseSelector
from typing import Any, TypeVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.providers.pacing import paced

T = TypeVar("T")
Piece = tuple[float, bytes]
"""Seconds to wait for it, and what comes then; 0 seconds were there already."""


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop on which waiting takes no time."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        selector = cast("BaseSelector", self._selector)  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
        select = selector.select

        def jump(timeout: float | None = None) -> list[Any]:
            assert timeout is not None, "everything waits for something that never comes"
            self._now += timeout
            return select(0)

        selector.select = jump

    def time(self) -> float:
        return self._now


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(work)


async def stream(pieces: Sequence[Piece], failure: Exception | None = None) -> AsyncGenerator[bytes, None]:
    """Pieces at their times, whenever they are asked for: those that came meanwhile are there at once."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    for wait_s, piece in pieces:
        due += wait_s
        if due > loop.time():
            await asyncio.sleep(due - loop.time())
        yield piece
    if failure is not None:
        raise failure


def read(pieces: Sequence[Piece], failure: Exception | None = None) -> list[tuple[float, bytes]]:
    """What comes out, and when; all of it, before a failure is raised."""
    return read_all(lambda: stream(pieces, failure), failure)


def read_all(
    source: Callable[[], AsyncGenerator[bytes, None]], failure: Exception | None = None
) -> list[tuple[float, bytes]]:
    times: list[float] = []
    found: list[bytes] = []

    async def take() -> None:
        loop = asyncio.get_running_loop()
        async with contextlib.aclosing(paced(source())) as chunks:
            async for chunk in chunks:
                times.append(loop.time())
                found.append(chunk)

    if failure is None:
        run(take())
    else:
        with pytest.raises(type(failure)):
            run(take())
    return list(zip(times, found, strict=True))


timings = st.lists(
    st.tuples(st.sampled_from([0.0, 0.0005, 0.005, 0.05, 1.0]), st.binary(min_size=1, max_size=3)),
    max_size=60,
)


@given(timings, st.sampled_from([None, ValueError()]))
def test_every_byte_comes_out_in_order_whether_the_stream_ends_or_fails(
    pieces: list[Piece], failure: Exception | None
) -> None:
    assert b"".join(chunk for _, chunk in read(pieces, failure)) == b"".join(piece for _, piece in pieces)


@given(timings)
def test_nothing_is_late_by_more_than_a_pause_or_a_tenth_of_what_the_answer_took(pieces: list[Piece]) -> None:
    came: list[float] = []
    due = 0.0
    for wait_s, piece in pieces:
        due += wait_s
        came += [due] * len(piece)
    seen = [at for at, chunk in read(pieces) for _ in chunk]
    for due, at in zip(came, seen, strict=True):
        assert at - due <= min(0.05, 0.1 * at) + 1e-6


def test_a_short_answer_comes_as_it_is_sent() -> None:
    pieces = [(0.004, b"%d" % number) for number in range(12)]
    assert [chunk for _, chunk in read(pieces)] == [piece for _, piece in pieces]


def test_two_hundred_pieces_a_second_become_forty_and_are_seen_evenly() -> None:
    found = read([(0.005, b"x") for _ in range(2000)])
    later = [at for at, _ in found if at > 1]
    assert len(later) / (later[-1] - later[0]) < 41
    assert max(b - a for a, b in itertools.pairwise(later)) < 0.06


def test_a_slow_stream_is_not_held_up() -> None:
    found = read([(0.2, b"x") for _ in range(50)])
    assert [round(at, 3) for at, _ in found] == [round(0.2 * number, 3) for number in range(1, 51)]


def test_a_stream_that_is_faster_than_its_reader_is_read_without_a_pause() -> None:
    found = read([(0.06, b"x"), *[(0.0005, b"x") for _ in range(1000)]])
    assert found[-1][0] == pytest.approx(0.56, abs=1e-6)


@pytest.mark.parametrize("silence_s", [0.06, 30.0])
def test_a_fast_sender_with_little_room_is_not_made_to_wait(silence_s: float) -> None:
    """Twenty megabytes in a second, through a connection that holds 64 kB of them."""
    rate, room, size = 20_000_000, 65_536, 20_000_000

    async def source() -> AsyncGenerator[bytes, None]:
        loop = asyncio.get_running_loop()
        yield b"x"
        await asyncio.sleep(silence_s)
        yield b"x"
        given, there, looked = 0, 0, loop.time()
        while given < size:
            await asyncio.sleep(0.0015)
            there = min(room, there + int((loop.time() - looked) * rate))
            looked = loop.time()
            yield bytes(there)
            given, there = given + there, 0

    assert read_all(source)[-1][0] - silence_s < 1.2


def test_closing_ends_the_reading_wherever_it_waits() -> None:
    async def leave(after: int) -> bool:
        ended = False

        async def source() -> AsyncGenerator[bytes, None]:
            nonlocal ended
            try:
                async for piece in stream([(0.02, b"x") for _ in range(100)]):
                    yield piece
            finally:
                ended = True

        async with contextlib.aclosing(source()) as chunks, contextlib.aclosing(paced(chunks)) as found:
            for _ in range(after):
                await anext(found)
        return ended and asyncio.all_tasks() == {asyncio.current_task()}

    assert all(run(leave(after)) for after in range(1, 20))


def test_a_cancel_ends_the_reading() -> None:
    async def cancelled() -> set[str]:
        async def take() -> None:
            async with contextlib.aclosing(paced(stream([(0.02, b"x")] * 100))) as found:
                async for _ in found:
                    pass

        task = asyncio.create_task(take())
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return {one.get_name() for one in asyncio.all_tasks() if one is not asyncio.current_task()}

    assert run(cancelled()) == set()
