"""Finds the rules that repositories and people write for agents.

`AGENTS.md`, or `CLAUDE.md` where there is no `AGENTS.md`: of the working folder and its parents up to
the workspace's root, of the folders of files that are worked on, and of the user's `.factory`. The
nearest has the last word.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from droid.domain.errors import ToolFailed
from droid.engine.context_files import ContextFiles
from droid.engine.core import SessionCore
from droid.engine.untrusted import flagged, plain_rules

if TYPE_CHECKING:
    from droid.safety.facts import CallFacts

_NAMES = ("AGENTS.md", "CLAUDE.md")
_MAX_CHARACTERS = 40_000
_MAX_FOLDERS = 32
_MAX_NEW_FOLDERS = 64
"""So many folders are looked into for rules: above a file, from the nearest on, and after one call."""


async def rules_of(folder: Path, files: ContextFiles) -> tuple[str, str] | None:
    """`(file name, text)` of a folder's rules; None where it has none that can, or may, be read."""
    for name in _NAMES:
        try:
            data = (await files.read(folder / name)).data
        except (OSError, ToolFailed):
            continue
        text = data.decode("utf-8", "replace").strip()
        if len(text) > _MAX_CHARACTERS:
            text = f"{text[:_MAX_CHARACTERS]}\n[… {len(text) - _MAX_CHARACTERS} characters left out …]"
        return (name, text) if text else None
    return None


def folders_up_to(root: Path, folder: Path) -> list[Path]:
    """The root and the folders from it down to `folder`; just the root where it lies elsewhere."""
    if not folder.is_relative_to(root):
        return [root]
    below = [parent for parent in (folder, *folder.parents) if parent.is_relative_to(root)]
    return list(reversed(below))


async def session_rules(
    *, root: Path, cwd: Path, factory_home: Path, files: ContextFiles, known: set[Path]
) -> list[tuple[str, str]]:
    """`(path, text)` of the rules that hold from the start, the nearest last. Adds to `known`."""
    found: list[tuple[str, str]] = []
    for folder in (factory_home, *folders_up_to(root, cwd)):
        known.add(folder)
        rules = await rules_of(folder, files)
        if rules is not None:
            found.append((str(folder / rules[0]), rules[1]))
    return found


async def nested_rules(core: SessionCore, facts: "CallFacts") -> str:
    """Rules of folders that a call has touched for the first time, to go with its result."""
    root = Path(facts.workspace)
    touched = [Path(p.real) for p in (*facts.reads, *facts.writes) if p.in_workspace]
    found: list[str] = []
    for folder in _new_folders(root, touched, core.known_rules):
        rules = await rules_of(folder, core.context_files)
        if rules is not None:
            name = (folder / rules[0]).relative_to(root).as_posix()
            text, hidden = plain_rules(rules[1])
            if hidden:
                flagged(core, name, hidden, call_id=facts.call_id)
            found.append(f'\n\n<rules from="{name}">\n{text}\n</rules>')
    return "".join(found)


def _new_folders(root: Path, paths: Iterable[Path], known: set[Path]) -> list[Path]:
    new: list[Path] = []
    for path in paths:
        for folder in folders_up_to(root, path)[-_MAX_FOLDERS:]:
            if folder != path and folder not in known and len(new) < _MAX_NEW_FOLDERS:
                known.add(folder)
                new.append(folder)
    return new
