"""The system-managed file: where it is, whether only an administrator can have written it, what it points to.

The file can name the endpoint and the key that hold, and forbid a start without an organisation's settings.
That goes before the environment, which belongs to the user, and is worth as much as the file is hard to
change: the file, and every folder and link on the way to it, must belong to root and be closed to others.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from droid.settings.jsonc import MalformedJson, decode
from droid.settings.read_file import CannotRead, read_bounded

Look = Callable[[Path], os.stat_result]

_MAX_LINKS = 40
_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_PLACES = {
    "darwin": "/Library/Application Support/Factory",
    "win32": "C:\\Program Files\\Factory",
}
_MARK = "DROID_ENVIRONMENT_TYPE"


def system_folder(platform: str = sys.platform) -> Path:
    """The folder of the system-managed file; nothing in the environment moves it."""
    return Path(_PLACES.get(platform, "/etc/factory"))


def tampering(path: Path, look: Look = os.lstat) -> str | None:
    """Why somebody else than an administrator can change a file; None where nobody can.

    Args:
        path: Absolute.
        look: The facts about a path, links not followed.
    """
    if os.name == "nt":
        return "who may change it is not looked at on Windows"
    try:
        for step, status in _way_to(path, look):
            if status.st_uid != 0:
                return f"{step} does not belong to root"
            if status.st_mode & _OTHERS and not stat.S_ISLNK(status.st_mode):
                return f"{step} can be written by others than root"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return f"{path} cannot be looked at ({reason})"
    return None


def image_mark(folder: Path, tampering: Callable[[Path], str | None] = tampering) -> str:
    """The environment type that an image or a machine is marked with; empty where it is not.

    It is the line `DROID_ENVIRONMENT_TYPE=…` of the file `environment` beside the system-managed file, and
    counts where only an administrator can have written it. Unlike a variable, nobody sets it in passing.
    """
    path = folder / "environment"
    if tampering(path) is not None:
        return ""
    try:
        lines = decode(read_bounded(path)).splitlines()
    except (FileNotFoundError, CannotRead, MalformedJson):
        return ""
    for line in lines:
        name, equals, value = line.strip().partition("=")
        if equals and name.removeprefix("export ").strip() == _MARK:
            return value.strip().strip("\"'")
    return ""


def _way_to(path: Path, look: Look) -> Iterator[tuple[Path, os.stat_result]]:
    """Every folder, link and file that is passed on the way to what a path leads to."""
    at = Path(path.anchor)
    yield at, look(at)
    left = list(reversed(path.parts[1:]))
    links = 0
    while left:
        part = left.pop()
        if part == "..":
            at = at.parent
            continue
        step = at / part
        status = look(step)
        yield step, status
        if not stat.S_ISLNK(status.st_mode):
            at = step
            continue
        links += 1
        if links > _MAX_LINKS:
            raise ValueError("too many symbolic links")
        target = Path(os.readlink(step))  # noqa: PTH115
        if target.is_absolute():
            at = Path(target.anchor)
        left.extend(reversed([one for one in target.parts if one != target.anchor]))
