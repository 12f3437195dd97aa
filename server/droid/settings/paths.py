"""Where settings are looked for: the user's folder, and the project's. Nothing here starts git."""

import os
from collections.abc import Mapping
from pathlib import Path

FACTORY_FOLDER = ".factory"
SETTINGS_FILE = "settings.json"
_ATTEMPTS = 5


def factory_home(environ: Mapping[str, str]) -> Path:
    """The user's `.factory` folder: `FACTORY_HOME` itself where that is set, else `~/.factory`."""
    given = environ.get("FACTORY_HOME")
    if given:
        return Path(given).expanduser().absolute()
    home = environ.get("HOME")
    return (Path(home) if home else Path.home()) / FACTORY_FOLDER


def real(path: Path) -> Path:
    """Absolute, symlinks and `..` resolved as far as the path exists; never raises, not even on a loop."""
    for _ in range(_ATTEMPTS):
        try:
            return Path(os.path.realpath(path))
        except OSError:  # a link was replaced while it was read
            continue
    return Path(os.path.abspath(path))  # noqa: PTH100


def git_root(place: Path) -> Path | None:
    """The nearest folder, from a place upwards, with a `.git` in it; None where there is none.

    A worktree and a submodule have a file of that name.
    """
    for folder in (place, *place.parents):
        try:
            (folder / ".git").lstat()
        except OSError:
            continue
        return folder
    return None


def project_root(workspace: Path) -> Path:
    """The git root of a folder; with none, the folder itself is the project."""
    workspace = real(workspace)
    return git_root(workspace) or workspace
