"""What a prompt can name with `@`, found by what was typed after it: for completion in a client.

Only what `engine.mentions` understands is offered, written so that it does.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from droid.app.path_search import best
from droid.app.workspace_files import FileList
from droid.engine.mentions import mention_of

MAX_ITEMS = 50
_MAX_OPEN = 8
_LINES = re.compile(r"(?P<path>.+?)(?P<lines>:[0-9]+(?:-[0-9]+)?)?[:-]?")
_SPECIAL = {
    "diagnostics": "the problems that the editor shows",
    "selection": "the selected text",
    "diff": "what git says has changed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Something that can be named.

    Attributes:
        insert: What to write, `@` included.
        detail: The folder that it is in; of what is no file, what it stands for.
    """

    insert: str
    label: str
    detail: str
    kind: Literal["file", "folder", "special"]


def search(
    query: str, listed: FileList, *, root: Path, cwd: Path, open_paths: Sequence[Path] = ()
) -> list[Mention]:
    """The likeliest first, open files before others that are as likely; at most `MAX_ITEMS`.

    Args:
        query: What was typed after `@`; lines at its end (`a.py:3-5`) are kept.
        root: What the listed paths are below.
        cwd: What paths in a prompt are relative to.
        open_paths: Of the editor's buffers, the last used first.
    """
    wanted, lines = _apart(query)
    opened = [path.relative_to(root).as_posix() for path in open_paths if path.is_relative_to(root)]
    folders = frozenset(listed.folders)
    # A buffer may be of a file that is ignored, or that was not there when the others were listed.
    paths = [*dict.fromkeys([*opened, *listed.folders, *listed.files])]
    if wanted:
        found = best(paths, wanted, MAX_ITEMS, preferred=frozenset(opened).__contains__)
    else:
        found = [*opened[:_MAX_OPEN], *paths[len(opened) :]][:MAX_ITEMS]
    items = [
        item
        for path in found
        if (item := _item(path, lines, os.path.relpath(root / path, cwd), folder=path in folders)) is not None
    ]
    specials = [_special(name) for name in _SPECIAL if name.startswith(wanted.lower()) and not lines]
    place = 0 if wanted else min(len(opened), _MAX_OPEN)
    return [*items[:place], *specials, *items[place:]][:MAX_ITEMS]


def _apart(query: str) -> tuple[str, str]:
    """What is looked for, and the lines that are meant of it: `:3-5`, or nothing."""
    found = _LINES.fullmatch(query.strip().lstrip("@").strip('"').removeprefix("./"))
    return (found["path"], found["lines"] or "") if found is not None else ("", "")


def _special(name: str) -> Mention:
    return Mention(insert=f"@{name}", label=name, detail=_SPECIAL[name], kind="special")


def _item(path: str, lines: str, relative: str, *, folder: bool) -> Mention | None:
    """A path of the workspace; None where it cannot be mentioned."""
    within, _, name = path.rpartition("/")
    if folder:
        insert = mention_of(f"{relative}/")
        return Mention(insert=insert, label=f"{name}/", detail=within, kind="folder") if insert else None
    # Nothing tells a file of one of these names from what they stand for; a path does.
    written = f"./{relative}" if relative in _SPECIAL else relative
    insert = mention_of(f"{written}{lines}")
    return Mention(insert=insert, label=f"{name}{lines}", detail=within, kind="file") if insert else None
