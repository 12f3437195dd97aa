"""The `LS` tool: what a folder holds, one level deep."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from droid.domain.errors import ToolFailed
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools.base import BaseTool, one_line
from droid.tools.globs import compile_globs
from droid.tools.inputs import Arg
from droid.tools.locate import existing

MAX_ENTRIES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LsInput:
    """See the descriptions."""

    directory_path: Annotated[Path, Arg("The folder, absolute or relative to the session's folder.")]
    ignorePatterns: Annotated[tuple[str, ...], Arg("Globs of names to leave out.")] = ()  # noqa: N815


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """Sorted as shown: folders first, then by name."""

    is_file: bool
    name: str
    note: str

    @property
    def line(self) -> str:
        return (self.name if self.name.isprintable() else repr(self.name)) + self.note


class Ls(BaseTool[LsInput]):
    """See `descriptions/LS.md`."""

    name = "LS"
    read_only = True
    input_type = LsInput

    def access(self, call: ToolInput) -> ToolAccess:
        wanted: LsInput = call.value
        return ToolAccess(reads=(wanted.directory_path,))

    def title(self, call: ToolInput) -> str:
        wanted: LsInput = call.value
        return one_line(f"LS {wanted.directory_path}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: LsInput = call.value
        folder = existing(context, wanted.directory_path)
        if not folder.is_dir():
            raise ToolFailed(f"{wanted.directory_path} is a file; look at it with Read")
        ignored = compile_globs(wanted.ignorePatterns) if wanted.ignorePatterns else None
        try:
            entries = await asyncio.to_thread(_entries, folder)
        except PermissionError:
            raise ToolFailed(f"{wanted.directory_path} cannot be listed: permission denied") from None
        except OSError as error:
            raise ToolFailed(f"{wanted.directory_path} cannot be listed: {error.strerror}") from error
        # `build/` and `**/build/**` mean what is in the folder; here they leave the folder itself out.
        kept = [
            entry
            for entry in entries
            if not ignored or not (ignored.fullmatch(entry.name) or ignored.fullmatch(f"{entry.name}/x"))
        ]
        lines = [entry.line for entry in kept[:MAX_ENTRIES]]
        if len(kept) > MAX_ENTRIES:
            lines.append(f"[{MAX_ENTRIES} of {len(kept):,} entries shown; find the others with Glob]")
        if hidden := len(entries) - len(kept):
            lines.append(f"[{hidden} left out by ignorePatterns]")
        return ToolResult(text="\n".join(lines) or "[the folder is empty]")


def _entries(folder: Path) -> list[_Entry]:
    with os.scandir(folder) as found:
        entries = [_entry(entry) for entry in found if entry.name.casefold() != ".git"]
    return sorted(entries, key=lambda entry: (entry.is_file, entry.name))


def _entry(entry: os.DirEntry[str]) -> _Entry:
    name = entry.name
    try:
        folder = "/" if entry.is_dir() else ""
        if entry.is_symlink():
            return _Entry(
                is_file=not folder,
                name=name,
                note=f"{folder} -> {one_line(str(Path(entry.path).readlink()))}",
            )
        size = "" if folder else f" ({entry.stat(follow_symlinks=False).st_size:,} bytes)"
    except OSError:  # gone since, or not ours to look at
        return _Entry(is_file=True, name=name, note="")
    return _Entry(is_file=not folder, name=name, note=folder or size)
