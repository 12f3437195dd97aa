"""Which shell runs a command, and how the folder that it ends up in is learnt."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from droid.domain.errors import ToolFailed

# An exit trap, so that `exit 3`, `set -e` and a failing command tell it too; a file, so that nothing is
# written where the command's own output goes; one line, so that the shell counts the command's from 1.
# The command sees no arguments. One that sets an exit trap of its own leaves the folder as it was.
_FOLLOWED = "; ".join(
    [
        "_droid_command=$1 _droid_folder=$2",
        "shift 2",
        """trap '{ set +x; } 2>/dev/null; command pwd 2>/dev/null >| "$_droid_folder" || :' EXIT""",
        'eval "$_droid_command"',
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """A shell program.

    Attributes:
        note: What the model should know about it; empty for the one it expects.
    """

    program: str
    note: str = ""

    def argv(self, command: str, folder_file: Path | None = None) -> tuple[str, ...]:
        """The command line that runs `command`.

        Args:
            folder_file: Where the shell writes the folder that it is in at its end.
        """
        if folder_file is None:
            return (self.program, "-c", command)
        return (self.program, "-c", _FOLLOWED, Path(self.program).name, command, str(folder_file))


def find_shell() -> Shell:
    """The shell of this machine.

    Raises:
        ToolFailed: there is none.
    """
    return _find_shell(os.environ.get("PATH", os.defpath))


@cache
def _find_shell(path: str) -> Shell:
    folders = [Path(folder) for folder in path.split(os.pathsep) if folder]
    folders += [Path("/bin"), Path("/usr/bin")]
    for name in ("bash", "sh"):
        for folder in folders:
            program = folder / name
            if program.is_file() and os.access(program, os.X_OK):
                note = "" if name == "bash" else "[there is no bash on this machine: run with sh]"
                return Shell(program=str(program), note=note)
    raise ToolFailed("there is no shell on this machine: neither bash nor sh")


def read_folder(folder_file: Path) -> Path | None:
    """The folder that a shell wrote down, once; None where it did not."""
    try:
        text = folder_file.read_bytes()
        folder_file.unlink()
    except OSError:
        return None
    return Path(os.fsdecode(text.removesuffix(b"\n"))) if text.startswith(b"/") else None
