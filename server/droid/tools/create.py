"""The `Create` tool: a new file, or a new content for one that was read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from droid.domain.errors import StaleFile
from droid.domain.files import FileSnapshot, FileWrite
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput
from droid.tools.base import one_line
from droid.tools.inputs import Arg
from droid.tools.locate import real_path, text_of
from droid.tools.text import Text, encode
from droid.tools.writing import Plan, WritingTool, check_seen, read_if_there


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInput:
    """See the descriptions."""

    file_path: Annotated[Path, Arg("The file to make; missing folders are made too.")]
    content: Annotated[str, Arg("The whole content.")]


class Create(WritingTool[CreateInput]):
    """See `descriptions/Create.md`."""

    name = "Create"
    input_type = CreateInput

    def access(self, call: ToolInput) -> ToolAccess:
        wanted: CreateInput = call.value
        return ToolAccess(writes=(wanted.file_path,))

    def title(self, call: ToolInput) -> str:
        wanted: CreateInput = call.value
        return one_line(f"Create {wanted.file_path}")

    async def plan(self, call: ToolInput, context: ToolContext) -> Plan:
        wanted: CreateInput = call.value
        path = wanted.file_path
        old = await read_if_there(context, path)
        count = len(Text(raw=wanted.content).lines)
        lines = f"{count:,} {'line' if count == 1 else 'lines'}"
        if old is None:
            data = wanted.content.encode()
            write = FileWrite(path=real_path(context, path), before=None, data=data)
            return Plan(writes=(write,), text=f"Created {path} ({lines}).")
        if old.data:
            _check_may_replace(context, path, old)
        data = _as_before(wanted.content, old)
        if data == old.data:
            return Plan(writes=(), text=f"{path} has this content already; nothing was written.")
        write = FileWrite(path=old.path, before=old.digest, data=data)
        return Plan(writes=(write,), text=f"Replaced the content of {path} ({lines}).")


def _check_may_replace(context: ToolContext, path: Path, old: FileSnapshot) -> None:
    try:
        check_seen(context, path, old, must=True)
    except StaleFile as error:
        raise StaleFile(f"{error}, or change a part of it with Edit (the file exists already)") from None


def _as_before(content: str, old: FileSnapshot) -> bytes:
    """The content in the encoding of the file that it replaces, and with its line ends."""
    text = text_of(old)
    if text is None:
        return content.encode()
    if text.ending == "\r\n":
        content = content.replace("\r\n", "\n").replace("\n", "\r\n")
    if text.mark:
        content = content.removeprefix("\ufeff")
    return encode(Text(raw=content, encoding=text.encoding, mark=text.mark))
