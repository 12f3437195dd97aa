"""What git says of a folder, asked in a way that a hostile repository cannot turn into running code.

A repository's own configuration may name programs: hooks, an fsmonitor, filters, pagers. All of them
are switched off for our calls; filters have names of their own, so they are listed first.
"""

import asyncio
import os
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.ports import ProcessRunner
from droid.domain.processes import ProcessRequest

_DEADLINE_S = 2.0
_SHOWN_FILES = 20
_SAFE = (
    "git",
    "--no-optional-locks",
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "diff.external=",
    "-c", "submodule.recurse=false",
)  # fmt: skip


async def git_summary(cwd: Path, processes: ProcessRunner) -> str:
    """Branch and changed files in a few lines; says so where there is no repository."""
    if not any((folder / ".git").exists() for folder in (cwd, *cwd.parents)):
        return "Git: not a repository"
    status = await run_git(
        cwd, processes, "status", "--porcelain=v1", "--branch", "--ignore-submodules=all", "-uall"
    )
    if status is None:
        return "Git: a repository, but its status could not be read"
    branch, *changed = status.splitlines()
    lines = [f"Git branch: {branch.removeprefix('## ')}"]
    lines += [f"  {line}" for line in changed[:_SHOWN_FILES]]
    if len(changed) > _SHOWN_FILES:
        lines.append(f"  … and {len(changed) - _SHOWN_FILES} more changed files")
    return "\n".join(lines if changed else [*lines, "  no changes"])


async def run_git(cwd: Path, processes: ProcessRunner, *arguments: str) -> str | None:
    """Standard output of a read-only git command; None where it failed or took too long."""
    listed = await _run(
        cwd,
        processes,
        *_SAFE,
        "config",
        "--name-only",
        "--get-regexp",
        r"^filter\..*\.(clean|smudge|process)$",
    )
    if listed is None:
        return None
    without_filters = [
        option
        for name in listed.splitlines()
        for option in ("-c", f"{name}=", "-c", f"{name.rsplit('.', 1)[0]}.required=false")
    ]
    return await _run(cwd, processes, *_SAFE, *without_filters, *arguments, required=True)


async def _run(cwd: Path, processes: ProcessRunner, *argv: str, required: bool = False) -> str | None:
    output = bytearray()
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EXTERNAL_DIFF": "",
    }
    request = ProcessRequest(argv=argv, cwd=cwd, env=environment, timeout_s=_DEADLINE_S, label="git")
    try:
        async with asyncio.timeout(_DEADLINE_S + 1):
            result = await processes.run(request, output.extend)
    except (ToolFailed, TimeoutError):
        return None
    if result.timed_out or (required and result.exit_code != 0):
        return None
    return output.decode("utf-8", "replace")
