"""From what a model calls a file to the file, with help where there is none of that name."""

import os
import stat
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.files import FileSnapshot
from droid.domain.ports import ToolContext
from droid.tools.text import Text, decode

_LISTED_NAMES = 2000


def real_path(context: ToolContext, path: Path) -> Path:
    """Absolute, with symlinks resolved; relative paths are taken from the session's folder."""
    return Path(os.path.realpath(context.cwd / path))


def shown(context: ToolContext, path: Path) -> str:
    """A path as results name it: relative to the session's folder where it lies in it."""
    absolute = context.cwd / path
    return (absolute.relative_to(context.cwd) if absolute.is_relative_to(context.cwd) else path).as_posix()


def existing(context: ToolContext, path: Path) -> Path:
    """The real path of a folder or a regular file that is there.

    Raises:
        ToolFailed: with what to do instead.
    """
    real = real_path(context, path)
    try:
        mode = real.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise ToolFailed(f"no such file or folder: {path}{_suggestion(context, path)}") from None
    except OSError as error:
        raise ToolFailed(f"{path} cannot be looked at: {error.strerror or error}") from error
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise ToolFailed(f"{path} is neither a folder nor a regular file")
    return real


async def read_file(context: ToolContext, path: Path) -> FileSnapshot:
    """Read a file as the editor or the disk has it.

    Raises:
        ToolFailed: with what to do instead.
    """
    try:
        return await context.files.read(context.cwd / path)
    except FileNotFoundError:
        raise ToolFailed(f"no such file: {path}{_suggestion(context, path)}") from None
    except IsADirectoryError:
        raise ToolFailed(f"{path} is a folder; list it with LS") from None
    except PermissionError:
        raise ToolFailed(f"{path} cannot be read: permission denied") from None


def text_of(snapshot: FileSnapshot) -> Text | None:
    """The snapshot as text; None where it is binary. An open buffer is always UTF-8."""
    return decode(snapshot.data, encoding="utf-8" if snapshot.is_open else None)


def _suggestion(context: ToolContext, path: Path) -> str:
    """`; did you mean …?` where something of nearly that name exists."""
    if not path.is_absolute() and context.cwd != context.workspace and _is_there(context.workspace / path):
        return f" (relative to {context.cwd}); did you mean {context.workspace / path}?"
    wanted = context.cwd / path
    parent = next((folder for folder in wanted.parents if _is_there(folder / ".")), None)
    if parent is None:
        return ""
    missing = wanted.relative_to(parent).parts[0]
    names = _names_in(parent)
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in names}
    near = get_close_matches(missing.casefold(), folded, n=1, cutoff=0.6)
    if near:
        # Only the part that is wrong is replaced: what follows it may be right.
        candidate = parent / folded[near[0]] / wanted.relative_to(parent / missing)
        better = candidate if _is_there(candidate) else parent / folded[near[0]]
        return f"; did you mean {shown(context, better)}?"
    if len(wanted.relative_to(parent).parts) > 1:
        return f"; there is no folder {shown(context, parent / missing)}"
    return ""


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except OSError:  # not there, or not for us
        return False
    return True


def _names_in(folder: Path) -> list[str]:
    names: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                names.append(entry.name)
                if len(names) >= _LISTED_NAMES:
                    break
    except OSError:
        return []
    return names
