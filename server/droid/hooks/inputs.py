"""What a hook is told on its standard input, and where it runs."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from droid.domain.hooks import HookCall
from droid.domain.levels import AutonomyLevel
from droid.domain.policy import HookRule
from droid.hooks.matching import PLUGIN_ROOT, plugin_root
from droid.safety.git_facts import GitFacts

PROJECT_DIR = "FACTORY_PROJECT_DIR"
_USUAL_REMOTE = "origin"
_REMOTE = re.compile(r"remote\.(.+)\.url", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the runner of hooks is given of the program that it is part of.

    Attributes:
        env: Of every hook, without secrets.
        argv: The command line that runs a shell command.
        project: The root of the project that a hook is for: its own, where it comes from a repository.
        transcript: The file that a session is written to; empty where there is none.
        environment_type: `local`, `ci` or `sandbox`.
        place: Where a hook runs for a session that is in a folder. Reads folders.
        refusal: Why a hook must not run in a folder; None where it may. Reads files.
        repository: What the repository of a folder says of itself. Reads files.
    """

    env: Mapping[str, str] = field(repr=False)
    argv: Callable[[str], tuple[str, ...]]
    project: Callable[[HookRule], Path]
    transcript: Callable[[str], str]
    environment_type: Callable[[Path], str]
    user_id: str
    place: Callable[[HookRule, Path], Path]
    refusal: Callable[[HookRule, Path], str | None]
    repository: Callable[[Path], GitFacts]


def permission_mode(autonomy: AutonomyLevel, *, is_spec: bool = False) -> str:
    """The name that Factory's hooks know a session's mode by."""
    if is_spec:
        return "spec"
    return "off" if autonomy is AutonomyLevel.OFF else f"auto-{autonomy}"


def input_of(call: HookCall, around: Surroundings) -> bytes:
    """The JSON of a call, ASCII alone, so that no encoding can spoil it."""
    said: dict[str, Any] = {
        "session_id": call.session_id,
        "transcript_path": around.transcript(call.session_id),
        "cwd": str(call.cwd),
        "permission_mode": permission_mode(call.autonomy),
        "hook_event_name": call.event.value,
        "environment_type": around.environment_type(call.cwd),
        "surface": call.surface,
        "user_id": around.user_id,
        **call.fields,
    }
    if call.git_folder is not None:
        repository = around.repository(call.git_folder)
        said["git"] = _with_repository(cast("Mapping[str, Any]", said.get("git", {})), repository)
    return json.dumps(said).encode()


def env_of(rule: HookRule, cwd: Path, around: Surroundings) -> dict[str, str]:
    """The whole environment of a hook that runs for a folder."""
    env = {**around.env, "PWD": str(cwd), PROJECT_DIR: str(around.project(rule))}
    env.pop(PLUGIN_ROOT, None)
    root = plugin_root(rule)
    return {**env, PLUGIN_ROOT: root} if root else env


def _with_repository(git: Mapping[str, Any], repository: GitFacts) -> dict[str, Any]:
    branch = git.get("branch") or repository.branch
    return {**git, "branch": branch, "remote": git.get("remote") or _remote_of(repository, branch)}


def _remote_of(repository: GitFacts, branch: str | None) -> str | None:
    """The name of the remote that a branch goes to; None where there is none."""
    settings = dict(repository.settings)
    tracked = settings.get(f"branch.{branch}.remote")
    remotes = [match[1] for key in settings if (match := _REMOTE.fullmatch(key)) is not None]
    return tracked or (_USUAL_REMOTE if _USUAL_REMOTE in remotes else next(iter(remotes), None))
