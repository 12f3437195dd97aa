"""What git says of a folder, asked in a way that a hostile repository cannot turn into running code.

A repository's own configuration may name programs: hooks, an fsmonitor, filters, text converters, pagers,
and, where objects are missing, whatever fetches them. All of them are switched off for our calls. Filters
and hooks that a configuration defines have names of their own, so they are listed first; submodules have
configurations of their own, so nothing looks into them. The configuration may also say that the files are
somewhere else entirely, so we say where they are, and a repository that is another folder's is not asked.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.ports import ProcessRunner
from droid.domain.processes import ProcessRequest
from droid.engine.git_claims import claims_another
from droid.safety.paths import secret_path

_DEADLINE_S = 2.0
_SHOWN_FILES = 20
_LEFT_OUT_FILES = 100
_SAFE = (
    "git",
    "--no-optional-locks",
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "core.safecrlf=false",
    "-c", "diff.external=",
    "-c", "diff.relative=false",
    "-c", "safe.bareRepository=explicit",
    "-c", "submodule.recurse=false",
)  # fmt: skip
_NAMED = r"^(filter\..*\.(clean|smudge|process)|hook\..*\.(command|event))$"
_MAX_OUTPUT_BYTES = 8 * 1024 * 1024
_STATUS = ("status", "--porcelain=v1", "--branch", "--ignore-submodules=all", "-uall")
_DIFF = (
    "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--submodule=short", "--ignore-submodules=dirty",
)  # fmt: skip


async def git_summary(cwd: Path, processes: ProcessRunner) -> str:
    """Branch and changed files in a few lines; says so where there is no repository."""
    if _root(cwd) is None:
        return "Git: not a repository"
    status = await _run_git(cwd, processes, *_STATUS)
    if status is None:
        return "Git: a repository, but its status could not be read"
    branch, *changed = _text(status).splitlines() or [""]
    lines = [f"Git branch: {branch.removeprefix('## ')}"]
    lines += [f"  {line}" for line in changed[:_SHOWN_FILES]]
    if len(changed) > _SHOWN_FILES:
        lines.append(f"  … and {len(changed) - _SHOWN_FILES} more changed files")
    return "\n".join(lines if changed else [*lines, "  no changes"])


async def git_diff(
    cwd: Path,
    home: Path,
    processes: ProcessRunner,
    why_secret: Callable[[Path], str | None] | None = None,
) -> str | None:
    """What differs from the last commit; None where that cannot be told. Files with secrets are left out.

    Args:
        home: The person's, symlinks resolved.
        why_secret: What else must not be shown.
    """
    root = _root(cwd)
    if root is None:
        return None
    names = await _run_git(cwd, processes, *_DIFF, "--name-only", "--no-renames", "-z", "HEAD")
    if names is None:
        return None
    secret = [
        name
        for name in map(os.fsdecode, names.split(b"\0")[:-1])
        if secret_path(root / name, home) or (why_secret is not None and why_secret(root / name))
    ]
    if len(secret) > _LEFT_OUT_FILES or not all(name.isprintable() for name in secret):
        return None  # they could not be named on the command line, so they could not be left out
    left_out = [f":(top,exclude,literal){name}" for name in secret]
    diff = await _run_git(cwd, processes, *_DIFF, "HEAD", "--", ":(top)", *left_out)
    if diff is None:
        return None
    note = f"\n[left out: {len(secret)} that may hold secrets]" if secret else ""
    return _text(diff) + note


def _root(cwd: Path) -> Path | None:
    return next((folder for folder in (cwd, *cwd.parents) if (folder / ".git").exists()), None)


async def _run_git(cwd: Path, processes: ProcessRunner, *arguments: str) -> bytes | None:
    """What a command wrote; None where it failed, took too long, wrote too much, or would not be safe."""
    root = _root(cwd)
    if root is None or os.pathsep in str(root) or claims_another(Path(os.path.realpath(root))):
        return None
    safe = (*_SAFE, f"--work-tree={root}")
    named = (*safe, "config", "-z", "--name-only", "--get-regexp", _NAMED)
    listed = await _run(cwd, root, processes, *named, codes=(0, 1))
    if listed is None:
        return None
    without: list[str] = []
    for entry in listed.split(b"\0")[:-1]:
        name = entry.decode("utf-8", "replace")
        if "=" in name or not name.isprintable() or "\ufffd" in name:
            return None  # it could not be named on the command line, so it could not be switched off
        section = name.rpartition(".")[0]
        off = "enabled" if name.startswith("hook.") else "required"
        without += ["-c", f"{name}=", "-c", f"{section}.{off}=false"]
    return await _run(cwd, root, processes, *safe, *without, *arguments)


async def _run(
    cwd: Path, root: Path, processes: ProcessRunner, *argv: str, codes: tuple[int, ...] = (0,)
) -> bytes | None:
    output = bytearray()
    written = 0

    def keep(data: bytes) -> None:
        nonlocal written
        written += len(data)
        if written <= _MAX_OUTPUT_BYTES:
            output.extend(data)

    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        # What is missing stays missing: fetching it would run what the repository names.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        # Where the folder's own repository is broken, the one around it is not taken instead.
        "GIT_CEILING_DIRECTORIES": str(root.parent),
    }
    request = ProcessRequest(
        argv=argv,
        cwd=cwd,
        env=environment,
        timeout_s=_DEADLINE_S,
        label="git",
        # Warnings come at any moment, also in the middle of a name.
        on_errors=lambda _: None,
    )
    try:
        async with asyncio.timeout(_DEADLINE_S + 1):
            result = await processes.run(request, keep)
    except (ToolFailed, TimeoutError):
        return None
    fits = written <= _MAX_OUTPUT_BYTES
    return bytes(output) if result.exit_code in codes and not result.timed_out and fits else None


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")
