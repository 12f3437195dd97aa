"""What the tools that change files share: a plan, shown beforehand and carried out unchanged.

`preview` and `run` follow the same plan, so what a person approves is what is written. A file that the
model has not seen as it is now is not overwritten: the ledger of the conversation holds the digest of
each file as it was last read or written.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from droid.domain.errors import StaleFile, ToolFailed
from droid.domain.files import FileSnapshot, FileWrite, digest_of
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolInput, ToolResult
from droid.tools.base import BaseTool
from droid.tools.text import decode

InputT = TypeVar("InputT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a call would write, and what the model is told when it is written."""

    writes: tuple[FileWrite, ...]
    text: str


class WritingTool(BaseTool[InputT]):
    """A tool that changes files; a subclass makes the plan."""

    read_only = False
    access_is_complete = True

    async def plan(self, call: ToolInput, context: ToolContext) -> Plan:
        """Work out the changes without making them.

        Raises:
            ToolFailed: it could not work; the message is a result for the model.
        """
        raise NotImplementedError

    async def preview(self, call: ToolInput, context: ToolContext) -> tuple[FileWrite, ...]:
        """The changes that `run` would make now."""
        return (await self.plan(call, context)).writes

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        """Make the changes, all or none."""
        plan = await self.plan(call, context)
        if plan.writes:
            await context.files.write(plan.writes)
            for write in plan.writes:
                if write.data is None:
                    context.ledger.pop(write.path, None)
                else:
                    context.ledger[write.path] = digest_of(write.data)
            await _note_editor(context, plan.writes)
        return ToolResult(text=plan.text)


def check_seen(context: ToolContext, path: Path, snapshot: FileSnapshot, *, must: bool) -> None:
    """Refuse to change a file that is not as the model knows it.

    Args:
        must: The model must have read the file; without it, one that it never read may be changed.

    Raises:
        StaleFile: it is not.
    """
    seen = context.ledger.get(snapshot.path)
    if seen is None and must:
        raise StaleFile(f"{path} has not been read in this conversation; read it first")
    if seen is not None and seen != snapshot.digest:
        raise StaleFile(f"{path} changed since it was read; read it again")


async def read_if_there(context: ToolContext, path: Path) -> FileSnapshot | None:
    """Read a file that need not exist.

    Raises:
        ToolFailed: something is there that is no readable file.
    """
    try:
        return await context.files.read(context.cwd / path)
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        raise ToolFailed(f"{path} is a folder") from None
    except PermissionError:
        raise ToolFailed(f"{path} cannot be read: permission denied") from None


async def _note_editor(context: ToolContext, writes: tuple[FileWrite, ...]) -> None:
    """Keep the digest of what an editor made of the text: it may have its own idea of line ends."""
    for path in await context.files.unsaved([write.path for write in writes if write.data is not None]):
        wanted = next(write.data for write in writes if write.path == path)
        snapshot = await context.files.read(path)
        ours, theirs = decode(wanted or b""), decode(snapshot.data)
        if ours is not None and theirs is not None and ours.lines == theirs.lines:
            context.ledger[path] = snapshot.digest
