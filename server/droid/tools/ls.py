"""The `LS` tool: what a folder holds, one level deep."""

import asyncio
import os
import re
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


class Ls(BaseTool[LsInput]):
    """See `descriptions/LS.md`."""

    name = "LS"
    read_only = True
    access_is_complete = True
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
            text = await asyncio.to_thread(_listed, folder, ignored)
        except PermissionError:
            raise ToolFailed(f"{wanted.directory_path} cannot be listed: permission denied") from None
        except OSError as error:
            raise ToolFailed(f"{wanted.directory_path} cannot be listed: {error.strerror}") from error
        return ToolResult(text=text or "[the folder is empty]")


def _listed(folder: Path, ignored: re.Pattern[str] | None) -> str:
    with os.scandir(folder) as found:
        entries = [(entry.name, _is_folder(entry)) for entry in found if entry.name.casefold() != ".git"]
    # `build/` and `**/build/**` mean what is in the folder; here they leave the folder itself out.
    kept = [
        (name, is_folder)
        for name, is_folder in entries
        if not ignored or not (ignored.fullmatch(name) or ignored.fullmatch(f"{name}/x"))
    ]
    kept.sort(key=lambda entry: (not entry[1], entry[0]))
    lines = [_line(folder / name, is_folder) for name, is_folder in kept[:MAX_ENTRIES]]
    if len(kept) > MAX_ENTRIES:
        lines.append(f"[{MAX_ENTRIES} of {len(kept):,} entries shown; find the others with Glob]")
    if left_out := len(entries) - len(kept):
        lines.append(f"[{left_out} left out by ignorePatterns]")
    return "\n".join(lines)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # gone since, or not ours to look at
        return False


def _line(path: Path, is_folder: bool) -> str:
    name = (path.name if path.name.isprintable() else repr(path.name)) + ("/" if is_folder else "")
    try:
        if path.is_symlink():
            return f"{name} -> {one_line(str(path.readlink()))}"
        return name if is_folder else f"{name} ({path.lstat().st_size:,} bytes)"
    except OSError:  # gone since, or not ours to look at
        return name
