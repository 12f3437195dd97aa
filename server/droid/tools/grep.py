"""The `Grep` tool: lines that match a regular expression, by ripgrep."""

import asyncio
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated

from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools.base import BaseTool, one_line
from droid.tools.globs import compile_globs, name_globs, names_hidden
from droid.tools.inputs import Arg
from droid.tools.locate import shown
from droid.tools.ripgrep import Output, run_ripgrep, search_root

DEFAULT_LIMIT = 250
MAX_LIMIT = 2000
MAX_RESULT_CHARS = 64 * 1024
_MAX_COLUMNS = 500
_DIRECT_BYTES = 256 * 1024
_DIRECT_FILES = 32
"""Of each folder it is asked which settings hold there."""
_LINE = re.compile(rb"\d+([:-])")


class OutputMode(StrEnum):
    """What is told about the matches."""

    FILES = "files_with_matches"
    CONTENT = "content"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrepInput:
    """See the descriptions."""

    pattern: Annotated[str, Arg("A regular expression (Rust syntax; look-around works too).")]
    path: Annotated[Path | None, Arg("The folder or file to search; the session's folder if left out.")] = (
        None
    )
    glob_pattern: Annotated[
        str | None, Arg("Only files of this glob, such as `*.py`, `src/**/*.{ts,tsx}` or `!*.lock`.")
    ] = None
    output_mode: Annotated[
        OutputMode, Arg("Paths only (the default), matching lines, or matching lines counted by file.")
    ] = OutputMode.FILES
    case_insensitive: Annotated[bool, Arg("Ignore case.")] = False
    context: Annotated[
        int | None, Arg("With content: lines to show before and after each match.", minimum=0)
    ] = None
    head_limit: Annotated[
        int | None, Arg(f"Show at most so many lines or files ({DEFAULT_LIMIT} if left out).", minimum=1)
    ] = None


@dataclass(slots=True)
class _File:
    """What was found in one file; `lines` are as they will be shown."""

    path: str
    lines: list[str] = field(default_factory=list[str])
    matches: int = 0


class Grep(BaseTool[GrepInput]):
    """See `descriptions/Grep.md`."""

    name = "Grep"
    read_only = True
    access_is_complete = True
    input_type = GrepInput

    def adapt(self, arguments: Mapping[str, object]) -> Mapping[str, object]:
        if arguments.get("output_mode") == "file_paths":
            return {**arguments, "output_mode": "files_with_matches"}
        return arguments

    def access(self, call: ToolInput) -> ToolAccess:
        wanted: GrepInput = call.value
        return ToolAccess(reads=(wanted.path or Path(),))

    def title(self, call: ToolInput) -> str:
        wanted: GrepInput = call.value
        where = f" in {wanted.path}" if wanted.path else ""
        only = f" ({wanted.glob_pattern})" if wanted.glob_pattern else ""
        return one_line(f"Grep {wanted.pattern}{where}{only}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: GrepInput = call.value
        root = search_root(context, wanted.path or Path())
        globs = [wanted.glob_pattern] if wanted.glob_pattern and root.is_dir() else []
        choice = (
            compile_globs([glob for glob in globs if not glob.startswith("!")] or ["**"]) if globs else None
        )
        output = await run_ripgrep(context, _options(wanted, globs), root)
        folder = root if root.is_dir() else root.parent
        if len(output.data) > _DIRECT_BYTES or output.data.count(b"\0") > _DIRECT_FILES:
            files, secret = await asyncio.to_thread(_chosen, output.data, wanted, folder, choice, context)
        else:
            files, secret = _chosen(output.data, wanted, folder, choice, context)
        base = PurePosixPath(shown(context, wanted.path or Path()))
        names = {file.path: str(base / file.path if root.is_dir() else base) for file in files}
        notes = _notes(output, secret)
        if unsaved := await context.files.unsaved([folder / file.path for file in files[:MAX_LIMIT]]):
            listed = ", ".join(shown(context, path) for path in unsaved[:5])
            notes.append(f"[searched as on disk; unsaved in the editor: {listed}]")
        if not files:
            return ToolResult(text="\n".join(["No matches.", *notes]))
        return ToolResult(text=_report(files, names, wanted, output.complete, notes))


def _options(wanted: GrepInput, globs: Sequence[str]) -> list[str]:
    options = [f"--regexp={wanted.pattern}", "--engine=auto", "--with-filename"]
    if wanted.case_insensitive:
        options.append("--ignore-case")
    if "\n" in wanted.pattern or "\\n" in wanted.pattern:
        options.append("--multiline")
    if wanted.output_mode is OutputMode.FILES:
        options.append("--files-with-matches")
    elif wanted.output_mode is OutputMode.COUNT:
        options.append("--count")
    else:
        options += ["--heading", "--line-number", f"--max-columns={_MAX_COLUMNS}", "--max-columns-preview"]
        options.append(f"--context={min(wanted.context or 0, 100)}")
    if names_hidden(globs):
        options.append("--hidden")
    wanted_names = name_globs([glob for glob in globs if not glob.startswith("!")])
    options += [f"--type-add=wanted:{name}" for name in wanted_names]
    options += ["--type=wanted"] if wanted_names else []
    options += [f"--glob={glob}" for glob in globs if glob.startswith("!")]
    return options


def _chosen(
    data: bytes, wanted: GrepInput, folder: Path, choice: re.Pattern[str] | None, context: ToolContext
) -> tuple[list[_File], int]:
    """The files that the glob chooses, without those that hold secrets, and how many those are."""
    parse = {OutputMode.FILES: _paths, OutputMode.COUNT: _counts, OutputMode.CONTENT: _content}
    files = [file for file in parse[wanted.output_mode](data) if not choice or choice.fullmatch(file.path)]
    kept = [file for file in files if context.why_secret(folder / file.path) is None]
    return kept, len(files) - len(kept)


def _paths(data: bytes) -> Iterator[_File]:
    for name in data.split(b"\0")[:-1]:
        yield _File(path=_path(name), matches=1)


def _counts(data: bytes) -> Iterator[_File]:
    for entry in re.finditer(rb"([^\0]+)\0(\d+)\n", data):
        yield _File(path=_path(entry[1]), matches=int(entry[2]))


def _content(data: bytes) -> Iterator[_File]:
    """Groups of `path NUL line`, `line`, …, blank; a line is `12:text`, or `12-text` around a match.

    A path may contain line ends; what else does not look like such a line is ripgrep's own remark.
    """
    file: _File | None = None
    path_so_far = b""
    for line in data.split(b"\n"):
        name, separator, rest = line.rpartition(b"\0")
        if separator:
            if file is not None:
                yield file
            file = _File(path=_path(path_so_far + name))
            path_so_far = b""
            line = rest
        if file is not None and (kind := _LINE.match(line)):
            file.matches += kind[1] == b":"
            file.lines.append(line.rstrip(b"\r").decode(errors="replace"))
        elif file is not None and line == b"--":
            file.lines.append("--")
        elif not separator:
            path_so_far = path_so_far + line + b"\n" if line else b""
    if file is not None:
        yield file


def _path(name: bytes) -> str:
    return os.fsdecode(name).removeprefix("./")


def _report(
    files: Sequence[_File], names: Mapping[str, str], wanted: GrepInput, complete: bool, notes: list[str]
) -> str:
    limit = min(wanted.head_limit or DEFAULT_LIMIT, MAX_LIMIT)
    matches = sum(file.matches for file in files)
    more = "" if complete else "more than "
    if wanted.output_mode is OutputMode.CONTENT:
        text, shown_matches = _lines(files, names, limit)
        if shown_matches < matches or not complete:
            notes.insert(
                0,
                f"[{shown_matches:,} of {more}{matches:,} matching lines in {len(files):,} files shown; "
                "narrow the search, or raise head_limit]",
            )
        return "\n".join([text, *notes])
    counts = wanted.output_mode is OutputMode.COUNT
    lines = [names[file.path] + (f": {file.matches}" if counts else "") for file in files[:limit]]
    if counts:
        notes.insert(0, f"[{more}{matches:,} matching lines in {len(files):,} files]")
    if len(files) > limit or not complete:
        notes.insert(
            0,
            f"[{len(lines):,} of {more}{len(files):,} files shown; narrow the search, or raise head_limit]",
        )
    return "\n".join([*lines, *notes])


def _lines(files: Sequence[_File], names: Mapping[str, str], limit: int) -> tuple[str, int]:
    """Matching lines by file, and how many matches they show."""
    blocks: list[str] = []
    shown_matches = shown_lines = size = 0
    for file in files:
        kept: list[str] = []
        for line in file.lines:
            if shown_lines >= limit or size > MAX_RESULT_CHARS:
                break
            kept.append(line)
            shown_lines += 1
            size += len(line)
            shown_matches += line.lstrip("0123456789").startswith(":")
        if kept:
            blocks.append("\n".join([names[file.path], *kept]))
    return "\n\n".join(blocks), shown_matches


def _notes(output: Output, secret: int) -> list[str]:
    notes = [f"[{output.why}]"] if output.why else []
    if secret:
        notes.append(f"[left out: {secret} file{'s' if secret > 1 else ''} that may hold secrets]")
    return notes
