"""What a prompt mentions with `@`: files, ranges, folders, diagnostics, the selection, the diff.

A name that holds blanks or brackets stands in quotes: `@"app/[id]/a page.tsx"`.
A mention that names nothing stays plain text: an `@` is also part of e-mail addresses and decorators.
Whatever it names, a prompt is never refused for it.
"""

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from droid.domain.context import EditorContext
from droid.domain.errors import ToolFailed
from droid.domain.ports import ProcessRunner
from droid.engine.context_files import ContextFiles
from droid.engine.git_status import git_diff

_MENTION = re.compile(r"(?<![\w@`/.])@(?:\"(?P<quoted>[^\"\n]{1,1000})\"|(?P<name>[^\s@`'\"<>()\[\]{}]+))")
_RANGE = re.compile(r"^(?P<path>.+?):(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?$")
_MAX_CHARACTERS = 60_000
_NOTE_CHARACTERS = 100
_MAX_ENTRIES = 500
_DIRECT_BYTES = 256 * 1024
_TRAILING = ".,;:!?"


Taken = Callable[[Path | None, str, str], str]
"""`(real path, name, text)`: makes of text what a model may see. The path is None for what is no file."""


def untouched(path: Path | None, name: str, text: str) -> str:
    """The text as it is."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionSources:
    """Where mentions are looked up.

    Attributes:
        taken: What becomes of the text of each.
    """

    cwd: Path
    files: ContextFiles
    processes: ProcessRunner
    context: EditorContext | None
    taken: Taken = untouched


def mention_of(name: str) -> str:
    """How a path is mentioned; empty where it cannot be."""
    whole = f"@{name}"
    found = _MENTION.fullmatch(whole)
    if found is not None and not name.endswith(tuple(_TRAILING)):
        return whole
    quoted = f'@"{name}"'
    return quoted if _MENTION.fullmatch(quoted) else ""


async def expand_mentions(text: str, sources: MentionSources) -> list[str]:
    """One block of context for each thing that the text mentions, in order, each once."""
    blocks: list[str] = []
    seen: set[str] = set()
    for match in _MENTION.finditer(text):
        name = match["quoted"] or match["name"].rstrip(_TRAILING)
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
            where = f"{selection.path}:{selection.start_line}-{selection.end_line}"
            return _block(where, sources.taken(selection.path, where, selection.text))
        case "diagnostics":
            shown = context.diagnostics if context else ()
            lines = [f"{d.path}:{d.line}: {d.severity}: {d.message}" for d in shown]
            return _block("@diagnostics", "\n".join(lines) or "the editor shows no diagnostics")
        case "diff":
            files = sources.files
            diff = await git_diff(sources.cwd, files.home, sources.processes, files.secrets_now())
            if not diff:
                return _block("@diff", "no diff can be had here" if diff is None else "no changes")
            return _block("@diff", sources.taken(None, "the diff", diff))
        case _ if name.startswith(("http://", "https://")):
            return _block(f"@{name}", "web pages cannot be fetched here")
        case _:
            ranged = _RANGE.match(name)
            named = ranged["path"] if ranged else name
            try:
                return await _expand_path(named, ranged, sources)
            except (FileNotFoundError, NotADirectoryError):
                return None
            except ToolFailed as error:
                return _block(f"@{named}", f"not attached: {error}")
            except OSError as error:
                return _block(f"@{named}", f"not attached: {error.strerror or error}")


async def _expand_path(named: str, ranged: re.Match[str] | None, sources: MentionSources) -> str | None:
    try:
        path = sources.cwd / Path(named).expanduser()
        os.fsencode(path)
        is_folder = path.is_dir()
    except (RuntimeError, OSError, ValueError):  # nobody of that name has a home; no file can be called that
        return None
    if is_folder:
        real = sources.files.real(path)
        entries = await asyncio.to_thread(_entries, real)
        return _block(named, sources.taken(real, named, "\n".join(entries)))
    snapshot = await sources.files.read(path)
    data = snapshot.data
    if b"\0" in data[:8192]:
        return _block(named, "a binary file")
    first = max(1, int(ranged["first"])) if ranged else 1
    last = int(ranged["last"] or ranged["first"]) if ranged else None
    if len(data) > _DIRECT_BYTES:
        numbered, last = await asyncio.to_thread(_numbered, data, first, last)
    else:
        numbered, last = _numbered(data, first, last)
    name = f"{named}:{first}-{last}" if ranged else named
    return _block(name, sources.taken(snapshot.path, name, numbered))


def _numbered(data: bytes, first: int, last: int | None) -> tuple[str, int]:
    """The lines of a range as far as they may be shown, and the last line of the range that is there."""
    lines = data.decode("utf-8", "replace").splitlines()
    last = len(lines) if last is None else min(last, len(lines))
    shown: list[str] = []
    size = 0
    for number in range(first, last + 1):
        line = f"{number}: {lines[number - 1]}"
        size += len(line) + 1
        if shown and size > _MAX_CHARACTERS - _NOTE_CHARACTERS:
            shown.append(f"[… lines {number} to {last} left out: read the rest …]")
            break
        shown.append(line)
    return "\n".join(shown), last


def _entries(folder: Path) -> list[str]:
    with os.scandir(folder) as found:
        names = sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in found)
    more = len(names) - _MAX_ENTRIES
    return [*names[:_MAX_ENTRIES], f"[… {more} more entries …]"] if more > 0 else names


def _block(name: str, text: str) -> str:
    if len(text) > _MAX_CHARACTERS:
        left = len(text) - _MAX_CHARACTERS
        text = f"{text[:_MAX_CHARACTERS]}\n[… {left} characters left out …]"
    return f'<attached name="{name}">\n{text}\n</attached>'
