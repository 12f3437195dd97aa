"""The time of this machine."""

import asyncio
import time


class SystemClock:
    """Implements the `Clock` port."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
