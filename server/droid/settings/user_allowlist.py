"""Writes what a person allows for good into their own settings file."""

import os
import stat
from pathlib import Path

from droid.domain.errors import SettingsError
from droid.settings.jsonc import MAX_BYTES
from droid.settings.list_edit import CannotEdit, with_item
from droid.settings.own_files import StoreUnusable, locked, read_own, replace_own
from droid.settings.stamps import Stamp, stamp_of

KEY = "commandAllowlist"
_ATTEMPTS = 3


def allow_always(file: Path, entry: str, *, expected: bytes | None) -> bytes:
    """Add an entry to the allowlist of a settings file; it is on the disk when this returns.

    Comments and layout stay as they are. No link is followed, and what others may write is left alone.

    Args:
        expected: What the file must hold for this to be done at all; None where there must be none.

    Returns:
        What the file holds now.

    Raises:
        SettingsError: nothing was changed; one line with the file and why.
    """
    try:
        with locked(file):
            for _ in range(_ATTEMPTS):
                before = _stamp(file)
                data = read_own(file, MAX_BYTES)
                if data != expected:
                    raise SettingsError(f"{file} has just been changed by somebody else")
                made = with_item(data or b"", KEY, entry)
                if made == data:
                    return made
                if _stamp(file) == before:
                    replace_own(file, made, 0o600 if before is None else stat.S_IMODE(before[-1]))
                    return made
    except (CannotEdit, StoreUnusable) as error:
        about = f"{file} {error}" if isinstance(error, CannotEdit) else str(error)
        raise SettingsError(about) from error
    raise SettingsError(f"{file} is being written by somebody else")


def _stamp(file: Path) -> Stamp | None:
    try:
        return stamp_of(os.lstat(file))
    except OSError:
        return None
