"""What commands could do, told once for each: a call is judged before it is asked about and again afterwards.

A long command takes tens of milliseconds; it is looked at in a thread beforehand, so nobody waits for it.
"""

import asyncio
from functools import lru_cache
from pathlib import Path

from droid.safety.commands.classify import Assessment, classify

LONG_CHARACTERS = 4_096


@lru_cache(maxsize=32)
def assess(command: str, cwd: Path, home: Path, workspace: Path) -> Assessment:
    """Rate a command; the paths are real ones."""
    return classify(command, cwd=cwd, home=home, workspace=workspace)


async def prepare(command: str | None, cwd: Path, home: Path, workspace: Path) -> None:
    """Have a long command looked at off the event loop; `assess` answers at once afterwards."""
    if command is not None and len(command) > LONG_CHARACTERS:
        await asyncio.to_thread(assess, command, cwd, home, workspace)
