"""The `Glob` tool: files by the pattern of their path, by ripgrep."""

import asyncio
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated

from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools.base import BaseTool, one_line
from droid.tools.globs import compile_globs, name_globs, names_hidden
from droid.tools.inputs import Arg
from droid.tools.locate import shown
from droid.tools.ripgrep import run_ripgrep, search_root

MAX_FILES = 250
_MAX_PATTERNS = 100
_DIRECT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobInput:
    """See the descriptions."""

    patterns: Annotated[
        tuple[str, ...],
        Arg("Globs such as `*.py`, `src/**/*.{ts,tsx}`, `.github/**`.", minimum=1, maximum=_MAX_PATTERNS),
    ]
    folder: Annotated[Path | None, Arg("The folder to look in; the session's folder if left out.")] = None
    excludePatterns: Annotated[  # noqa: N815
        tuple[str, ...], Arg("Globs of files and folders to leave out.", maximum=_MAX_PATTERNS)
    ] = ()


class Glob(BaseTool[GlobInput]):
    """See `descriptions/Glob.md`."""

    name = "Glob"
    read_only = True
    access_is_complete = True
    input_type = GlobInput

    def access(self, call: ToolInput) -> ToolAccess:
        wanted: GlobInput = call.value
        return ToolAccess(reads=(wanted.folder or Path(),))

    def title(self, call: ToolInput) -> str:
        wanted: GlobInput = call.value
        where = f" in {wanted.folder}" if wanted.folder else ""
        return one_line(f"Glob {', '.join(wanted.patterns[:10])}{where}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: GlobInput = call.value
        folder = wanted.folder or Path()
        root = search_root(context, folder)
        # Models also write the whole path into a pattern.
        prefixes = [f"{(context.cwd / folder).as_posix().rstrip('/')}/", f"{root.as_posix().rstrip('/')}/"]
        patterns = [_below(pattern, prefixes) for pattern in wanted.patterns]
        choice = compile_globs(patterns)
        output = await run_ripgrep(context, _options(patterns, wanted.excludePatterns), root)
        if len(output.data) > _DIRECT_BYTES:
            paths = await asyncio.to_thread(_chosen, output.data, choice)
        else:
            paths = _chosen(output.data, choice)
        base = PurePosixPath(shown(context, folder))
        lines = (
            [str(base / path) for path in paths[:MAX_FILES]] if root.is_dir() else [str(base)] * len(paths)
        )
        if len(paths) > MAX_FILES or not output.complete:
            more = "" if output.complete else "more than "
            lines.append(
                f"[{min(len(paths), MAX_FILES)} of {more}{len(paths):,} files shown; narrow the patterns]"
            )
        return ToolResult(text="\n".join(lines) or "No files match.")


def _below(pattern: str, prefixes: Sequence[str]) -> str:
    for prefix in prefixes:
        if pattern.startswith(prefix):
            return f"/{pattern.removeprefix(prefix)}"
    return pattern


def _options(patterns: Sequence[str], excluded: Sequence[str]) -> list[str]:
    options = ["--files"]
    if names_hidden(patterns):
        options.append("--hidden")
    names = name_globs(patterns)
    options += [f"--type-add=wanted:{name}" for name in names]
    options += ["--type=wanted"] if names else []
    return [*options, *(f"--glob=!{pattern.removeprefix('!')}" for pattern in excluded)]


def _chosen(data: bytes, choice: re.Pattern[str]) -> list[str]:
    paths = [os.fsdecode(path).removeprefix("./") for path in data.split(b"\0")[:-1]]
    return [path for path in paths if choice.fullmatch(path)]
