"""Finds the files of one `.factory` folder that may define a droid, a command or a skill.

Droids lie in the folder itself, skills in a folder each, commands anywhere below theirs. What is looked at is
bounded, and everything that was looked at is told to a `Watch`, so that nobody has to look again.

Source: https://docs.factory.ai/cli/configuration/custom-droids (top-level files only),
https://docs.factory.ai/harness/custom-slash-commands (nested, without namespaces),
https://docs.factory.ai/cli/configuration/skills
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from droid.settings.definition import DefinitionKind
from droid.settings.trust_watch import Watch

MAX_ENTRIES = 1000
_MAX_LISTED = 20 * MAX_ENTRIES
_MAX_DEPTH = 8
_MARKDOWN = ".md"
_SKILL = "SKILL.md"
FOLDERS = {
    DefinitionKind.DROID: "droids",
    DefinitionKind.COMMAND: "commands",
    DefinitionKind.SKILL: "skills",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file that may define something.

    Attributes:
        is_markdown: Else it is a command where it begins with `#!`, and nothing otherwise.
        problem: Why it, or the folder that it is, cannot be looked at.
    """

    kind: DefinitionKind
    path: Path
    is_markdown: bool = True
    problem: str = ""


def candidates(factory: Path, watch: Watch) -> Iterator[Candidate]:
    """Everything in a `.factory` folder that may define something, sorted by path within each kind."""
    look(factory, watch)
    yield from _droids(factory, watch)
    yield from _commands(factory, watch)
    yield from _skills(factory, watch)


def look(path: Path, watch: Watch) -> os.stat_result | None:
    """What a path leads to; None where that is nothing, or cannot be looked at."""
    try:
        own = os.lstat(path)
    except (OSError, ValueError):
        watch.see(str(path), None)
        return None
    watch.see(str(path), own)
    if not stat.S_ISLNK(own.st_mode):
        return own
    try:
        target = os.stat(path)  # noqa: PTH116
    except OSError:
        watch.see_target(str(path), None)
        return None
    watch.see_target(str(path), target)
    return target


def _droids(factory: Path, watch: Watch) -> Iterator[Candidate]:
    kind = DefinitionKind.DROID
    names, problem = _list(factory / FOLDERS[kind], watch)
    for name in names:
        if name.endswith(_MARKDOWN):
            look(factory / FOLDERS[kind] / name, watch)
            yield Candidate(kind=kind, path=factory / FOLDERS[kind] / name)
    if problem:
        yield Candidate(kind=kind, path=factory / FOLDERS[kind], problem=problem)


def _skills(factory: Path, watch: Watch) -> Iterator[Candidate]:
    kind = DefinitionKind.SKILL
    names, problem = _list(factory / FOLDERS[kind], watch)
    for name in names:
        folder = factory / FOLDERS[kind] / name
        status = look(folder, watch)
        if status is None or not stat.S_ISDIR(status.st_mode):
            continue
        look(folder / _SKILL, watch)
        if os.path.lexists(folder / _SKILL):
            yield Candidate(kind=kind, path=folder / _SKILL)
    if problem:
        yield Candidate(kind=kind, path=factory / FOLDERS[kind], problem=problem)


def _commands(factory: Path, watch: Watch) -> Iterator[Candidate]:
    kind = DefinitionKind.COMMAND
    top = factory / FOLDERS[kind]
    stack, passed, count = [(top, 0)], set[tuple[int, int]](), 0
    while stack:
        folder, depth = stack.pop()
        names, problem = _list(folder, watch)
        below: list[tuple[Path, int]] = []
        for name in names:
            path = folder / name
            status = look(path, watch)
            is_markdown = name.endswith(_MARKDOWN)
            count += 1
            if count > MAX_ENTRIES:
                yield Candidate(kind=kind, path=top, problem=_too_many())
                return
            if status is not None and stat.S_ISDIR(status.st_mode) and not is_markdown:
                # A link that leads back to a folder that was seen would have no end.
                if (identity := (status.st_dev, status.st_ino)) not in passed:
                    passed.add(identity)
                    below.append((path, depth + 1))
                continue
            yield Candidate(kind=kind, path=path, is_markdown=is_markdown)
        if problem:
            yield Candidate(kind=kind, path=folder, problem=problem)
        if below and depth >= _MAX_DEPTH:
            yield Candidate(kind=kind, path=folder, problem=f"has folders more than {_MAX_DEPTH} deep")
        else:
            stack.extend(reversed(below))


def _list(folder: Path, watch: Watch) -> tuple[list[str], str]:
    """The names in a folder, sorted, and why they are not all; hidden files and backups are none."""
    look(folder, watch)
    try:
        with os.scandir(folder) as entries:
            listed = [entry.name for entry in islice(entries, _MAX_LISTED)]
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return [], "is not a folder" if os.path.lexists(folder) else ""
    except OSError as error:
        return [], f"cannot be read ({error.strerror})"
    names = sorted(name for name in listed if not name.startswith(".") and not name.endswith("~"))
    return names[:MAX_ENTRIES], _too_many() if len(names) > MAX_ENTRIES else ""


def _too_many() -> str:
    return f"has more than {MAX_ENTRIES:,} entries; those beyond are not read"
