"""Where sessions live, and keeping those folders to their owner.

`<home>/sessions/<workspace slug>/<id>.jsonl` is a transcript, `<id>.files/` beside it holds outputs that
were too long for the model, `<home>/sessions/index.db` is the index, `<home>/checkpoints/` holds the old
contents of files.
"""

import hashlib
import re
import stat
from pathlib import Path

TRANSCRIPT_SUFFIX = ".jsonl"
ARTIFACTS_SUFFIX = ".files"
PART_SUFFIX = ".part"

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SLUG_CHARACTERS = 40


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can enter; one that others can is closed to them.

    Raises:
        OSError: it cannot be made.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        return path
    if mode & _OTHERS:
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    return path


def slug_of(workspace: Path) -> str:
    """The folder name of a workspace: its last part for people, a digest of the whole path for identity."""
    digest = hashlib.sha256(str(workspace).encode(errors="surrogateescape")).hexdigest()[:10]
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", workspace.name).strip("-.")[:_SLUG_CHARACTERS]
    return f"{name or 'root'}-{digest}"


def is_session_id(text: str) -> bool:
    """Whether a text can be an id: nothing that means something in a path."""
    return _SESSION_ID.fullmatch(text) is not None
