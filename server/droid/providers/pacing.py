"""How often a stream is looked at.

A model sends hundreds of pieces a second, and each costs far more than the few bytes in it: a wake-up
of the loop, a way through the HTTP client and through everyone who listens, on the loop that also answers
key presses. Nobody sees more than some twenty pieces a second. So what is there is passed on as one, and
once there is nothing more the connection is left alone for a moment; what comes meanwhile is fetched in
one go.

That costs no time. An answer that is short is passed on as it comes. Only a stream that had to be waited
for is left alone, for a small share of the time that the answer has taken, and never for so long that
its sender would have to wait: the reader cannot fall behind, and a fast answer is read on and on.
"""

import asyncio
from collections.abc import AsyncGenerator

_SHORT_S = 0.05
_WAITED_S = 0.001
_SHARE = 0.1
_LONGEST_PAUSE_S = 0.05
_SHORTEST_PAUSE_S = 0.004
_ROOM_BYTES = 16 * 1024
"""What a connection certainly holds until it is read."""


async def paced(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The same bytes in fewer pieces. To be closed before `chunks` is."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async for chunk in chunks:
        yield chunk
        if loop.time() - began >= _SHORT_S:
            break
    else:
        return
    pieces: list[bytes] = []
    news = asyncio.Event()
    reading = asyncio.create_task(_read(chunks, began, pieces, news), name="read a long answer")
    try:
        while pieces or not reading.done():
            await news.wait()
            news.clear()
            if pieces:
                together = b"".join(pieces)
                pieces.clear()
                yield together
        await reading
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def _read(
    chunks: AsyncGenerator[bytes, None], began: float, pieces: list[bytes], news: asyncio.Event
) -> None:
    """Collect what is there before whoever waits for `news` has a turn; pause after a wait."""
    loop = asyncio.get_running_loop()
    asked = since = loop.time()
    size = 0
    try:
        async for chunk in chunks:
            pieces.append(chunk)
            news.set()
            size += len(chunk)
            came = loop.time()
            if came - asked >= _WAITED_S:
                fills_s = _ROOM_BYTES * (came - since) / size
                pause_s = min(_LONGEST_PAUSE_S, (came - began) * _SHARE, fills_s)
                if pause_s >= _SHORTEST_PAUSE_S:
                    since, size = came, 0
                    await asyncio.sleep(pause_s)
            asked = loop.time()
    finally:
        news.set()
