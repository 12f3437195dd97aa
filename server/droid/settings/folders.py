"""Finds the `.factory` folders that have a say in a path: its project's, and those on the way to it.

Looking is a few `lstat` calls a level of depth, so nothing is cached: a folder that appears counts at once.
"""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from droid.domain.levels import SettingsLevel
from droid.settings.paths import FACTORY_FOLDER, project_root, real


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoryFolder:
    """One `.factory` folder at its level.

    Attributes:
        path: The `.factory` folder itself.
        depth: Of folder levels, from the outermost, which is 0 and the highest.
    """

    path: Path
    level: SettingsLevel
    depth: int = 0


def folders_of(place: Path, home: Path, root: Path | None = None) -> tuple[FactoryFolder, ...]:
    """The folders that hold for a folder or file, from the highest level to the lowest, the user's last.

    The project's folder and the user's are always among them, so that a file that appears there is seen.

    Args:
        place: Absolute, symlinks resolved.
        home: The user's `.factory` folder.
        root: The project, where it is not the git root of `place`.
    """
    project = project_root(place) if root is None else root
    # As it is called, not where it leads: a link in either's place must not make the two one.
    users = real(home.parent) / home.name
    found: list[FactoryFolder] = []
    # With the home folder as project the two are one, and it is the user's.
    if project / FACTORY_FOLDER != users:
        found.append(FactoryFolder(path=project / FACTORY_FOLDER, level=SettingsLevel.PROJECT))
    for depth, folder in enumerate(_below(project, place)):
        if folder != users:
            found.append(FactoryFolder(path=folder, level=SettingsLevel.FOLDER, depth=depth))
    found.append(FactoryFolder(path=home, level=SettingsLevel.USER))
    return tuple(found)


def _below(project: Path, place: Path) -> Iterator[Path]:
    """Every `.factory` between a project's root and a place below it, outermost first."""
    if place == project or not place.is_relative_to(project):
        return
    folder = project
    for part in place.relative_to(project).parts:
        folder = folder / part
        if part == FACTORY_FOLDER:
            return  # what lies in a `.factory` obeys the folder that it belongs to
        candidate = folder / FACTORY_FOLDER
        if _exists(candidate):
            yield candidate


def _exists(path: Path) -> bool:
    """Whether anything is there; what cannot be looked at counts, since it may tighten something."""
    try:
        os.lstat(path)
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ENOTDIR)
    except ValueError:
        return False
    return True
