"""Keeps blocked programs from running where no parser sees them: in scripts, in `make`, in `npm run`.

Every command is started with a folder before all others on its `PATH` that has a program of the same name
for each that is blocked altogether; it says so and fails. A program that is named by its whole path, or a
shell that sets its `PATH` anew, does not come by: the sandbox is for those.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from droid.domain.errors import ToolFailed

_MODE = 0o500


def shim_folder(artifacts: Path, blocked: Mapping[str, str]) -> Path | None:
    """The folder for these programs, made anew where it is not as it must be; None where nothing is blocked.

    Args:
        artifacts: A private folder of the session.
        blocked: What to say, by the name of the program.

    Raises:
        ToolFailed: it cannot be had, so that a blocked program might run.
    """
    if not blocked:
        return None
    import hashlib

    shims = {name: _shim(said) for name, said in sorted(blocked.items())}
    digest = hashlib.sha256(repr(shims).encode()).hexdigest()
    folder = artifacts / f"blocked-{digest[:32]}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            raise ToolFailed(f"not run: {folder} is not the folder that keeps blocked programs from running")
        if status.st_mode & 0o077:
            folder.chmod(0o700)
        # A command of the session could have put a program of its own here, before all others on the path.
        for path in folder.iterdir():
            if path.name not in shims:
                _remove(path)
        for name, content in shims.items():
            _keep(folder / name, content)
    except OSError as error:
        raise ToolFailed(
            f"not run: blocked programs cannot be kept from running ({folder}: {error.strerror})"
        ) from error
    return folder


def _shim(said: str) -> bytes:
    quoted = said.replace("'", "'\\''")
    return f"#!/bin/sh\nprintf '%s\\n' '{quoted}' >&2\nexit 126\n".encode(errors="replace")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink()


def _keep(path: Path, content: bytes) -> None:
    try:
        status = path.lstat()
        is_ours = stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == _MODE
        if is_ours and path.read_bytes() == content:
            return
        if stat.S_ISDIR(status.st_mode):
            _remove(path)
    except FileNotFoundError:
        pass
    passing = path.with_name(f".{os.urandom(8).hex()}")
    descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    passing.chmod(_MODE)
    passing.replace(path)
