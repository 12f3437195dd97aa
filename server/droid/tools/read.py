"""The `Read` tool: text with line numbers, images, notebooks, PDF.

What only a few files need is imported when one of them is read: every start waits for this module.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from droid.domain.errors import ToolFailed
from droid.domain.files import FileSnapshot
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools.base import BaseTool, one_line
from droid.tools.images import MAX_IMAGE_BYTES, image_part, media_type
from droid.tools.inputs import Arg
from droid.tools.locate import read_file, text_of
from droid.tools.numbering import numbered

MAX_LINES = 2000
MAX_BYTES = 256 * 1024
_DIRECT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInput:
    """See the descriptions."""

    file_path: Annotated[Path, Arg("The file to read, absolute or relative to the session's folder.")]
    offset: Annotated[int | None, Arg("The first line to read, from 1; of a PDF, the page.", minimum=1)] = (
        None
    )
    limit: Annotated[int | None, Arg("How many lines to read; of a PDF, pages.", minimum=1)] = None


class Read(BaseTool[ReadInput]):
    """See `descriptions/Read.md`."""

    name = "Read"
    read_only = True
    access_is_complete = True
    input_type = ReadInput

    def access(self, call: ToolInput) -> ToolAccess:
        wanted: ReadInput = call.value
        return ToolAccess(reads=(wanted.file_path,))

    def title(self, call: ToolInput) -> str:
        wanted: ReadInput = call.value
        first = wanted.offset or 1
        lines = f":{first}" if wanted.offset else ""
        lines = f":{first}-{first + wanted.limit - 1}" if wanted.limit else lines
        return one_line(f"Read {wanted.file_path}{lines}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: ReadInput = call.value
        snapshot = await read_file(context, wanted.file_path)
        result = await self._show(snapshot, wanted, context)
        context.ledger[snapshot.path] = snapshot.digest
        return result

    async def _show(self, snapshot: FileSnapshot, wanted: ReadInput, context: ToolContext) -> ToolResult:
        data = snapshot.data
        if not data:
            return ToolResult(text="[the file is empty]")
        if kind := media_type(data):
            return _image(data, kind, wanted.file_path, context)
        if data.startswith(b"%PDF-"):
            return await _pdf(data, wanted, context)
        # Splitting a large file into lines takes longer than a keystroke may wait.
        if len(data) > _DIRECT_BYTES:
            return await asyncio.to_thread(_text, snapshot, wanted, context)
        return _text(snapshot, wanted, context)


def _image(data: bytes, kind: str, path: Path, context: ToolContext) -> ToolResult:
    size = f"{path} is an image ({kind}, {len(data):,} bytes)"
    if not context.supports_images:
        return ToolResult(text=f"[{size}; this model cannot look at images]")
    if len(data) > MAX_IMAGE_BYTES:
        raise ToolFailed(f"{size}, which is too large to look at; make a smaller copy of it and read that")
    return ToolResult(text=f"[{size}]", images=(image_part(data, kind),))


async def _pdf(data: bytes, wanted: ReadInput, context: ToolContext) -> ToolResult:
    from droid.tools.pdf import DEFAULT_PAGES, read_pdf

    first, count = wanted.offset or 1, wanted.limit or DEFAULT_PAGES
    try:
        pdf = await read_pdf(context, data, first=first, count=count, limit=MAX_BYTES)
    except ToolFailed as error:
        raise ToolFailed(f"{wanted.file_path} {error}") from error
    if first > pdf.pages:
        raise ToolFailed(f"{wanted.file_path} has {pdf.pages} pages; page {first} is past its end")
    parts: list[str] = []
    for page, text in enumerate(pdf.texts, first):
        parts.append(f"--- page {page} of {pdf.pages} ---\n{text.strip() or '[no text: perhaps a scan]'}")
    following = first + len(pdf.texts)
    if following <= pdf.pages:
        parts.append(
            f"[pages {first}–{following - 1} of {pdf.pages}; read on with offset={following} (a page)]"
        )
    return ToolResult(text="\n".join(parts))


def _text(snapshot: FileSnapshot, wanted: ReadInput, context: ToolContext) -> ToolResult:
    if wanted.file_path.suffix.lower() == ".ipynb":
        from droid.tools.notebook import read_notebook

        if notebook := read_notebook(snapshot.data):
            shown = _window(notebook.lines, wanted)
            note = "[a notebook, laid out for reading; Edit works on its JSON text, which Grep shows]"
            images = notebook.images if context.supports_images else ()
            return ToolResult(text=f"{shown}\n{note}", images=images)
    text = text_of(snapshot)
    if text is None:
        start = snapshot.data[:8].hex(" ")
        raise ToolFailed(
            f"{wanted.file_path} is binary ({len(snapshot.data):,} bytes, beginning with {start}); "
            "look at it with a program for its kind, through Execute"
        )
    return ToolResult(text=_window(text.lines, wanted))


def _window(lines: Sequence[str], wanted: ReadInput) -> str:
    """The lines that were asked for, as far as one call goes, and how to read on."""
    first = wanted.offset or 1
    if first > len(lines):
        counted = f"{len(lines)} line" + ("" if len(lines) == 1 else "s")
        raise ToolFailed(f"{wanted.file_path} has {counted}; line {first} is past its end")
    chosen = numbered(lines[first - 1 : first - 1 + min(wanted.limit or MAX_LINES, MAX_LINES)], first)
    size = kept = 0
    for line in chosen:
        size += len(line.encode()) + 1
        if size > MAX_BYTES and kept:
            break
        kept += 1
    last = first + kept - 1
    if last < len(lines):
        chosen[kept:] = [f"[lines {first}–{last} of {len(lines)}; read on with offset={last + 1}]"]
    return "\n".join(chosen)
