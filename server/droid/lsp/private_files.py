"""Files that the server writes for a person to read: below `.factory/local`, which git ignores."""

import logging
import os
import tempfile
from pathlib import Path

logger = logging.getLogger(__name__)


def local_folder(workspace: Path) -> Path:
    """The workspace's private folder, made, with a `.gitignore` that keeps it out of every commit.

    Raises:
        OSError: it cannot be made.
    """
    root = workspace.resolve()
    folder = root / ".factory" / "local"
    if not folder.resolve().is_relative_to(root):
        # A repository is somebody else's input: a link in it must not lead our writes elsewhere.
        raise OSError(f"{folder} leads out of the workspace")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        write_new(folder / ".gitignore", "*\n")
    except FileExistsError:
        pass
    return folder


def write_private(workspace: Path, kind: str, name: str, text: str) -> Path:
    """Write a document for a person; only they can read it.

    Where the workspace cannot be written, it goes to a private temporary folder.

    Args:
        kind: The folder in `.factory/local`.

    Raises:
        OSError: neither works.
    """
    try:
        folder = local_folder(workspace) / kind
        if folder.is_symlink():
            raise OSError(f"{folder} leads elsewhere")
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        logger.warning("the workspace cannot hold our documents: %s", error)
        folder = Path(tempfile.mkdtemp(prefix="droid-"))
    path = folder / name
    path.unlink(missing_ok=True)
    write_new(path, text)
    return path


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, for the person alone; no link is followed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(text)


def remove_quietly(path: Path) -> None:
    """Delete a document that has served."""
    try:
        path.unlink()
    except OSError:
        logger.debug("could not delete a document of ours")
