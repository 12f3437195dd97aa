"""Where a hook runs: in the session's folder, unless it would find other files there than it means.

An agent goes where it likes, and writes files there. A hook that names its own by a relative path is found in
its project wherever the agent has gone to, so that `cd` neither evades it nor puts another in its place.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from droid.settings.trust_names import TooMuchToName, names_of

_FIXED = re.compile(r"\$\{?(?:FACTORY_PROJECT_DIR|DROID_PLUGIN_ROOT|HOME)\}?(?=[\"']?/)")


def running_place(command: str, *, cwd: Path, bases: Sequence[Path]) -> Path:
    """The folder that a command runs in.

    Args:
        cwd: The session's.
        bases: Where relative paths of the command may be meant to begin, the first that has one of them
            before the others; the last is the project's root.
    """
    if cwd in bases:
        return cwd
    try:
        names = [name for name in names_of(_FIXED.sub("", command)) if _is_relative(name)]
    except TooMuchToName:
        return bases[-1]
    for base in bases:
        if any(_is_there(base, name) for name in names):
            return base
    # A file that is only here is none that whoever wrote the hook has meant.
    return bases[-1] if any(_is_there(cwd, name) for name in names) else cwd


def definition_place(file: Path) -> Path:
    """The folder that a file of its `.factory` speaks for."""
    folder = file.parent.parent if file.parent.name == "hooks" else file.parent
    return folder.parent


def _is_relative(name: str) -> bool:
    return name[:1] not in ("/", "~") and os.path.normpath(name) not in (".", "..")


def _is_there(base: Path, name: str) -> bool:
    try:
        return os.path.lexists(base / name)
    except (OSError, ValueError):
        return False
