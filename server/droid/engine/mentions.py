"""What a prompt mentions with `@`: files, ranges, diagnostics, the selection, the diff.

A mention that names nothing stays plain text: an `@` is also part of e-mail addresses and decorators.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from droid.domain.context import EditorContext
from droid.domain.ports import Files, ProcessRunner
from droid.engine.git_status import run_git
from droid.engine.ports import PathResolver
from droid.safety.paths import secret_path

_MENTION = re.compile(r"(?<![\w@`/.])@(?P<name>[^\s@`'\"<>()\[\]{}]+)")
_RANGE = re.compile(r"^(?P<path>.+?):(?P<first>\d+)(?:-(?P<last>\d+))?$")
_MAX_CHARACTERS = 60_000
_TRAILING = ".,;:!?"


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionSources:
    """Where mentions are looked up."""

    cwd: Path
    workspace: Path
    home: Path
    files: Files
    paths: PathResolver
    processes: ProcessRunner
    context: EditorContext | None


async def expand_mentions(text: str, sources: MentionSources) -> list[str]:
    """One block of context for each thing that the text mentions, in order, each once."""
    blocks: list[str] = []
    seen: set[str] = set()
    for match in _MENTION.finditer(text):
        name = match["name"].rstrip(_TRAILING)
        if name and name not in seen:
            seen.add(name)
            block = await _expand(name, sources)
            if block is not None:
                blocks.append(block)
    return blocks


async def _expand(name: str, sources: MentionSources) -> str | None:
    context = sources.context
    match name:
        case "selection":
            if context is None or context.selection is None:
                return _block("@selection", "nothing is selected")
            selection = context.selection
            return _block(f"{selection.path}:{selection.start_line}-{selection.end_line}", selection.text)
        case "diagnostics":
            shown = context.diagnostics if context else ()
            lines = [f"{d.path}:{d.line}: {d.severity}: {d.message}" for d in shown]
            return _block("@diagnostics", "\n".join(lines) or "the editor shows no diagnostics")
        case "diff":
            diff = await run_git(
                sources.cwd, sources.processes, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD"
            )
            return _block("@diff", "no diff can be had here" if diff is None else diff or "no changes")
        case _:
            return await _expand_file(name, sources)


async def _expand_file(name: str, sources: MentionSources) -> str | None:
    ranged = _RANGE.match(name)
    named = ranged["path"] if ranged else name
    if named.startswith(("http://", "https://")):
        return _block(f"@{named}", "web pages cannot be fetched here")
    path = sources.paths.real(sources.cwd / Path(named).expanduser())
    if (why := secret_path(path, sources.home)) is not None:
        return _block(f"@{named}", f"not attached: {why}")
    if path.is_dir():
        entries = sorted(f"{p.name}/" if p.is_dir() else p.name for p in path.iterdir())
        return _block(named, "\n".join(entries[:500]))
    try:
        data = (await sources.files.read(path)).data
    except OSError:
        return None
    if b"\0" in data[:8192]:
        return _block(named, "a binary file")
    lines = data.decode("utf-8", "replace").splitlines()
    first, last = 1, len(lines)
    if ranged:
        first = max(1, int(ranged["first"]))
        last = min(last, int(ranged["last"] or ranged["first"]))
    numbered = "\n".join(f"{n}: {lines[n - 1]}" for n in range(first, last + 1))
    return _block(f"{named}:{first}-{last}" if ranged else named, numbered)


def _block(name: str, text: str) -> str:
    if len(text) > _MAX_CHARACTERS:
        left = len(text) - _MAX_CHARACTERS
        text = f"{text[:_MAX_CHARACTERS]}\n[… {left} characters left out: read the rest …]"
    return f'<attached name="{name}">\n{text}\n</attached>'
