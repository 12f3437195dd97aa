"""What an editor shows of settings files, for every edge that shows files.

A `Draft` is one buffer at one moment; what there is to say of it are functions of it. All of it may run in
any thread, and nothing raises for what a buffer or a file holds.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from droid.app.policies import Policies
from droid.settings.authoring.completing import Completion, Sort, completions_at
from droid.settings.authoring.draft import Draft, Known, draft_of
from droid.settings.authoring.findings import Finding, Related, Severity, findings_of
from droid.settings.authoring.fixes import Fix, fixes_for
from droid.settings.authoring.hints import Hint, hints_of
from droid.settings.authoring.hovering import Hover, Row, hover_at
from droid.settings.authoring.outline import Shape
from droid.settings.authoring.pointing import Target, definition_at, key_at
from droid.settings.authoring.symbols import Symbol, symbols_of
from droid.settings.factory_file import Kind, kind_of
from droid.settings.folders import FactoryFolder
from droid.settings.paths import FACTORY_FOLDER, factory_home, real
from droid.settings.snapshot import Snapshot

__all__ = [
    "Completion",
    "Draft",
    "Finding",
    "Fix",
    "Hint",
    "Hover",
    "Related",
    "Row",
    "SettingsFile",
    "SettingsFiles",
    "Severity",
    "Shape",
    "Sort",
    "Symbol",
    "Target",
    "completions_at",
    "definition_at",
    "findings_of",
    "fixes_for",
    "hints_of",
    "hover_at",
    "key_at",
    "symbols_of",
]

_MAX_DRAFTS = 64
_MAX_DROIDS = 500
_PROBE_CHARACTERS = 4096
_NAME = re.compile(r"^name:[ \t]*[\"']?([a-z0-9_-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """A file that settings are read from, there or not.

    Attributes:
        path: Symlinks resolved.
        place: The folder that it holds for; None for the user's, which hold everywhere.
    """

    path: Path
    kind: Kind
    place: Path | None


@dataclass(frozen=True, slots=True)
class _Kept:
    text: str
    snapshot: Snapshot
    models: tuple[str, ...]
    draft: Draft


class SettingsFiles:
    """Reads buffers of settings files; one that has not changed is not read again.

    Args:
        environ: Only the names of its variables are shown.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._home = factory_home(self._environ)
        self._kept: dict[Path, _Kept] = {}

    def file_at(self, path: Path) -> SettingsFile | None:
        """What a path is to settings; None where it is nothing."""
        for home in (self._home, real(self._home)):
            kind = kind_of(path, home)
            if kind is not None:
                return SettingsFile(path=real(path), kind=kind, place=None)
        for folder in path.parents:
            if folder.name == FACTORY_FOLDER:
                kind = kind_of(path, folder)
                return (
                    None
                    if kind is None
                    else SettingsFile(path=real(path), kind=kind, place=real(folder.parent))
                )
        return None

    def draft(self, policies: Policies, file: SettingsFile, text: str) -> Draft:
        """A buffer as it is now, among the settings as they are now."""
        place = policies.workspace if file.place is None else file.place
        snapshot = policies.snapshot(place)
        models = tuple(policies.of(place).models)
        kept = self._kept.get(file.path)
        if (
            kept is not None
            and kept.snapshot is snapshot
            and kept.models == models
            and (kept.text is text or kept.text == text)
        ):
            return kept.draft
        known = Known(
            models=models,
            tools=_tools,
            droids=partial(_droids, snapshot.folders),
            variables=frozenset(self._environ),
        )
        draft = draft_of(file.path, file.kind, text, snapshot, known)
        if len(self._kept) >= _MAX_DRAFTS:
            self._kept.clear()
        self._kept[file.path] = _Kept(text, snapshot, models, draft)
        return draft

    def forget(self, path: Path) -> None:
        """The buffer was closed."""
        self._kept.pop(path, None)


@cache
def _tools() -> tuple[str, ...]:
    # Imported here: it brings all tools with it, and few files name any.
    from droid.tools.registry import builtin_tools

    return tuple(tool.spec.name for tool in builtin_tools())


def _droids(folders: tuple[FactoryFolder, ...]) -> dict[str, Path]:
    """The files of droids by name; of the same name the highest level's."""
    found: dict[str, Path] = {}
    for folder in folders:
        try:
            files = sorted((folder.path / "droids").glob("*.md"))[:_MAX_DROIDS]
        except OSError:
            continue
        for file in files:
            found.setdefault(_droid_name(file), file)
    return found


def _droid_name(file: Path) -> str:
    try:
        if not file.is_file():
            return file.stem
        with file.open(encoding="utf-8", errors="replace") as opened:
            head = opened.read(_PROBE_CHARACTERS)
    except OSError:
        return file.stem
    named = _NAME.search(head) if head.startswith("---") else None
    return named[1] if named is not None else file.stem
