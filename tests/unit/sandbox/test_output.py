"""Reading a pipe on the event loop."""

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.sandbox.output import OutputReader, Tail


@given(st.lists(st.binary(max_size=40)), st.integers(min_value=1, max_value=50))
def test_the_tail_is_the_end_of_everything(chunks: list[bytes], bound: int) -> None:
    tail = Tail(bound)
    for chunk in chunks:
        tail.append(chunk)
    assert tail.value == b"".join(chunks)[-bound:]


async def test_what_is_still_in_the_pipe_is_read_at_the_end() -> None:
    reading, writing = os.pipe()
    chunks: list[bytes] = []
    reader = OutputReader(reading, chunks.append)
    os.write(writing, b"last words")
    reader.finish()
    assert (chunks, reader.seen_bytes) == ([b"last words"], 10)
    reader.finish()
    os.close(writing)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reading)


async def test_many_small_writes_come_in_few_pieces() -> None:
    """A program that writes byte by byte does not wake the loop for each of them."""
    reading, writing = os.pipe()
    chunks: list[bytes] = []
    reader = OutputReader(reading, chunks.append)
    for _ in range(2000):
        os.write(writing, b"x")
        await asyncio.sleep(0)
    os.close(writing)
    reader.finish()
    assert sum(map(len, chunks)) == 2000
    assert len(chunks) < 500


async def test_the_end_of_a_pipe_is_not_asked_for_again_and_again() -> None:
    reading, writing = os.pipe()
    chunks: list[bytes] = []
    reader = OutputReader(reading, chunks.append)
    os.write(writing, b"x")
    os.close(writing)
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert chunks == [b"x"]
    assert not asyncio.get_running_loop().remove_reader(reading)
    reader.finish()
