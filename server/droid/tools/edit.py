"""The `Edit` tool: exact old text to new text."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from droid.domain.errors import InvalidToolInput, ToolFailed
from droid.domain.files import FileWrite
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput
from droid.tools.base import one_line
from droid.tools.inputs import Arg
from droid.tools.locate import read_file, text_of
from droid.tools.text import encode
from droid.tools.writing import Plan, WritingTool, check_seen

_DIRECT_BYTES = 512 * 1024
_LISTED_PLACES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EditInput:
    """See the descriptions."""

    file_path: Annotated[Path, Arg("The file to change; it must have been read.")]
    old_str: Annotated[str, Arg("The exact text to replace, without line numbers.")]
    new_str: Annotated[str, Arg("What takes its place.")]
    change_all: Annotated[bool, Arg("Replace every occurrence, not just the only one.")] = False


class Edit(WritingTool[EditInput]):
    """See `descriptions/Edit.md`."""

    name = "Edit"
    input_type = EditInput

    def check(self, wanted: EditInput) -> EditInput:
        wanted = EditInput(
            file_path=wanted.file_path,
            old_str=wanted.old_str.replace("\r\n", "\n"),
            new_str=wanted.new_str.replace("\r\n", "\n"),
            change_all=wanted.change_all,
        )
        if wanted.old_str == wanted.new_str:
            raise InvalidToolInput("Edit: `old_str` and `new_str` are the same, so nothing would change")
        return wanted

    def access(self, call: ToolInput) -> ToolAccess:
        wanted: EditInput = call.value
        return ToolAccess(reads=(wanted.file_path,), writes=(wanted.file_path,))

    def title(self, call: ToolInput) -> str:
        wanted: EditInput = call.value
        return one_line(f"Edit {wanted.file_path}")

    async def plan(self, call: ToolInput, context: ToolContext) -> Plan:
        wanted: EditInput = call.value
        old = await read_file(context, wanted.file_path)
        check_seen(context, wanted.file_path, old, must=True)

        def work() -> Plan:
            from droid.tools.editing import edit

            text = text_of(old)
            if text is None:
                raise ToolFailed(f"{wanted.file_path} is binary, and Edit changes text")
            edited = edit(
                text,
                wanted.old_str,
                wanted.new_str,
                everywhere=wanted.change_all,
                name=str(wanted.file_path),
            )
            data = encode(edited.text)
            if data == old.data:
                raise ToolFailed(f"{wanted.file_path} would not change: the final line end is kept")
            write = FileWrite(path=old.path, before=old.digest, data=data)
            return Plan(writes=(write,), text=_told(wanted.file_path, edited.places, edited.excerpt))

        return await asyncio.to_thread(work) if len(old.data) > _DIRECT_BYTES else work()


def _told(path: Path, places: tuple[int, ...], excerpt: str) -> str:
    if len(places) == 1:
        return f"Edited {path}:\n{excerpt}"
    listed = ", ".join(map(str, places[:_LISTED_PLACES])) + (", …" if len(places) > _LISTED_PLACES else "")
    return f"Edited {path} in {len(places)} places (lines {listed}); the first:\n{excerpt}"
