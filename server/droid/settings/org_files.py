"""The organisation's files as layers: the system-managed file, and a bundle laid out like `.factory/`."""

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.settings.factory_file import FactoryFile, Kind
from droid.settings.file_layers import SETTINGS_FILES, environment_layer, normalised
from droid.settings.layers import Layer, Part
from droid.settings.org_signature import SYSTEM_FILE_KEYS
from droid.settings.reading import ReadFile
from droid.settings.snapshot import Environment, LevelFile

_OTHER_PARTS = ("AGENTS.md", "droids", "commands", "skills")
_UNCONFIRMED_DEPTH = 100
"""Below whatever is in force at the organisation's level, and above every other level."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrgFile:
    """One file and where it counts.

    Attributes:
        depth: 0 is the highest.
        system: It is the system-managed file.
    """

    read: ReadFile
    depth: int
    part: Part = "base"
    system: bool = False

    @property
    def values(self) -> Mapping[str, Any] | None:
        """What is in force of it, as it is written; None where nothing is."""
        return None if self.read.used is None else self.read.used.values

    def row(self) -> LevelFile:
        """The file as `settings show` lists it."""
        status = "ok"
        if self.read.unconfirmed:
            status = "unconfirmed"
        elif self.read.problems:
            status = "malformed" if self.read.used is None else "last good"
        return LevelFile(
            level=str(SettingsLevel.ORG), file=str(self.read.path), status=status, errors=self.read.problems
        )

    def warnings(self) -> list[str]:
        """What should be known about it, one line each."""
        read = self.read
        told = list(read.warnings)
        if read.unconfirmed:
            told.append(f"{read.path}: changed while a tool ran; until you confirm it, it can only tighten")
        elif read.problems and read.used is not None:
            told += [f"{problem}; its last good version stays in force" for problem in read.problems]
        if not self.system and read.used is not None and read.kind is Kind.SETTINGS:
            told += [
                f"{read.path}:{read.used.line((key,))}: {key} counts in the system-managed file alone; "
                "it is ignored"
                for key in SYSTEM_FILE_KEYS
                if key in (self.values or {})
            ]
        return told

    def layers(self, environment: Environment) -> list[Layer]:
        """What it says, and what it says for the environment.

        A change that waits for a person counts beside what is in force, for what it tightens.
        """
        made: list[Layer] = []
        if self.read.used is not None and self.read.used.values is not None:
            made += self._layers(self.read.used, self.read.used.values, environment, confirmed=True)
        if self.read.unconfirmed and self.read.newest.values is not None and not self.read.gone:
            made += self._layers(self.read.newest, self.read.newest.values, environment, confirmed=False)
        return made

    def _layers(
        self, file: FactoryFile, values: Mapping[str, Any], environment: Environment, *, confirmed: bool
    ) -> list[Layer]:
        left_out = () if self.system else SYSTEM_FILE_KEYS
        counted = normalised(file.kind, {key: value for key, value in values.items() if key not in left_out})
        if not confirmed and counted.get("trustedWorkspaces") != ["forbid"]:
            counted = {key: value for key, value in counted.items() if key != "trustedWorkspaces"}
        base = Layer(
            level=SettingsLevel.ORG,
            depth=self.depth + (0 if confirmed else _UNCONFIRMED_DEPTH),
            part=self.part,
            file=self.read.path,
            values=counted,
            lines=file.line,
            trusted=confirmed,
        )
        return with_environment(base, environment)


def with_environment(base: Layer, environment: Environment) -> list[Layer]:
    """A layer, and what it has for the environment."""
    laid: Any = base.values.get("environments", {}).get(environment.type)
    return [base] if laid is None else [base, environment_layer(base, laid, environment)]


def bundle_problem(folder: Path) -> str | None:
    """Why a named bundle cannot be read; None where it can."""
    if not folder.is_absolute():
        return "is not an absolute path: name the bundle by its full path"
    try:
        found = os.stat(folder)  # noqa: PTH116
        if not stat.S_ISDIR(found.st_mode):
            return "is not a folder: name the folder that holds settings.json"
        if not os.access(folder, os.R_OK | os.X_OK):
            return "cannot be read (Permission denied): let the user read it"
        names = [*(name for name, *_ in SETTINGS_FILES), *_OTHER_PARTS]
        if not any(os.path.lexists(folder / name) for name in names):
            return "holds nothing that a bundle has, such as settings.json: check that it was delivered"
    except FileNotFoundError:
        return "does not exist: deliver it, or correct the name"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return f"cannot be read ({reason}): mend that, or correct the name"
    return None


def setting(layers: Sequence[Mapping[str, Any]], section: str, key: str) -> list[Any]:
    """What every object that sets `section.key` sets it to."""
    found = (one.get(section, {}) for one in layers)
    return [values[key] for values in found if key in values]
