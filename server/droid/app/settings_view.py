"""The settings in force as people and scripts see them: shown, explained, checked."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from droid.app.policies import Policies
from droid.settings import explain as wording
from droid.settings import listing
from droid.settings.definition_files import candidates
from droid.settings.factory_file import Kind, kind_of, parse_file
from droid.settings.folders import FactoryFolder
from droid.settings.listing import LISTED
from droid.settings.paths import FACTORY_FOLDER
from droid.settings.read_file import CannotRead, read_bounded
from droid.settings.reading import line_of
from droid.settings.schema_tree import GENERATED
from droid.settings.snapshot import Snapshot
from droid.settings.trust_watch import Watch

__all__ = ["LISTED", "Checked", "SettingsView", "check_file", "check_files", "schema_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a file has wrong with it.

    Attributes:
        errors: Each makes it malformed; `file:line:column: what`.
        warnings: What is odd but harmless.
    """

    file: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def schema_text() -> str:
    """The JSON Schema of `settings.json`."""
    document = json.loads((GENERATED / "settings.json").read_bytes())
    return json.dumps(document, ensure_ascii=False, indent=2)


class SettingsView:
    """One moment's settings of a folder."""

    def __init__(self, policies: Policies, place: Path) -> None:
        self._policies = policies
        self._place = place
        self.snapshot: Snapshot = policies.snapshot(place)
        self._merged = {**self.snapshot.settings, **self.snapshot.servers}

    @property
    def lockdown(self) -> str | None:
        """Why no session starts; None where they do."""
        return self.snapshot.policy.lockdown

    @property
    def trust(self) -> str:
        """Whether what the repository loosens counts, in words."""
        return self.snapshot.trust.reason

    def show(self) -> dict[str, Any]:
        """`{"settings": {…}, "levels": […]}`."""
        return wording.show(self._merged, self.snapshot.levels)

    def show_lines(self) -> list[str]:
        """The same, to be read."""
        return wording.show_lines(self._merged, self.snapshot.levels)

    def explain(self, key: str | None) -> list[dict[str, Any]]:
        """A key, the keys of a section, or all that are set; empty where there is no such key."""
        return [wording.explain(one) for one in self._chosen(key)]

    def explain_lines(self, key: str | None) -> list[str]:
        """The same, to be read."""
        return [line for one in self._chosen(key) for line in wording.explain_lines(one)]

    def nearest(self, key: str) -> str | None:
        """The key that was probably meant."""
        from difflib import get_close_matches

        by_folded = {name.casefold(): name for name in self._merged}
        close = get_close_matches(key.casefold(), by_folded, n=1)
        return by_folded[close[0]] if close else None

    def listed(self, kind: str | None = None) -> dict[str, list[dict[str, Any]]]:
        """What each kind of `LISTED` has, row by row: what is in force, and what is not and why.

        Args:
            kind: The only one of them that is wanted.
        """
        return {name: self._rows(name) for name in (LISTED if kind is None else (kind,))}

    def listed_lines(self, kind: str | None = None) -> Iterator[str]:
        """The same, to be read."""
        for name, rows in self.listed(kind).items():
            yield from listing.lines(name, rows)

    def problems(self) -> Iterator[str]:
        """What is wrong with files of settings, so that nothing of them is listed."""
        for level in self.snapshot.levels:
            if level.status != "ok":
                yield from map(wording.one_line, level.errors)

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        if kind == "servers":
            return [listing.server(one) for one in self._policies.servers(self._place)]
        if kind == "hooks":
            return [listing.hook(one) for one in self._policies.hooks(self._place)]
        found = self._policies.definitions(self._place)
        return [listing.definition(one) for one in found if f"{one.kind}s" == kind]

    def _chosen(self, key: str | None) -> Sequence[Any]:
        if key is not None:
            return wording.chosen(self._merged, key)
        return [one for one in self._merged.values() if one.source is not None or one.refused]


def check_files(policies: Policies, place: Path) -> list[Checked]:
    """Every file that has a say in a folder, and every droid, command and skill beside it."""
    snapshot = policies.snapshot(place)
    found = [
        Checked(file=str(file.path), errors=file.problems, warnings=() if file.problems else file.warnings)
        for file in snapshot.files
    ]
    org = [
        Checked(file=level.file, errors=level.errors if level.status != "ok" else ())
        for level in snapshot.levels
        if level.level == "org"
    ]
    definitions = [check_file(path, kind) for path, kind in _definitions(snapshot.folders)]
    return [*org, *found, *definitions]


def check_file(path: Path, kind: Kind | None = None) -> Checked:
    """One file, by itself; without a kind its name and folder tell it, else it is a settings file."""
    kind = kind or _kind(path)
    try:
        data = read_bounded(path)
    except FileNotFoundError:
        return Checked(file=str(path), errors=(f"{path}: there is no such file",))
    except CannotRead as error:
        return Checked(file=str(path), errors=(f"{path}: {error}",))
    issues = parse_file(kind, data).issues
    lines = [(issue.fatal, line_of(path, issue)) for issue in issues]
    return Checked(
        file=str(path),
        errors=tuple(line for fatal, line in lines if fatal),
        warnings=tuple(line for fatal, line in lines if not fatal),
    )


def _kind(path: Path) -> Kind:
    folder = next((one for one in path.parents if one.name == FACTORY_FOLDER), path.parent)
    return kind_of(path, folder) or _BY_NAME.get(path.name, Kind.SETTINGS)


_BY_NAME = {"hooks.json": Kind.HOOKS, "mcp.json": Kind.MCP, "SKILL.md": Kind.SKILL}


def _definitions(folders: Sequence[FactoryFolder]) -> Iterator[tuple[Path, Kind]]:
    for folder in folders:
        for candidate in candidates(folder.path, Watch()):
            if candidate.is_markdown and candidate.path.is_file():
                yield candidate.path, Kind(candidate.kind.value)
