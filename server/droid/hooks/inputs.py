"""What a hook is told on its standard input, and where it runs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from droid.domain.hooks import HookCall
from droid.domain.levels import AutonomyLevel
from droid.domain.policy import HookRule
from droid.hooks.git_facts import current_branch, remote_of
from droid.hooks.matching import PLUGIN_ROOT, plugin_root

PROJECT_DIR = "FACTORY_PROJECT_DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the runner of hooks is given of the program that it is part of.

    Attributes:
        env: Of every hook, without secrets.
        argv: The command line that runs a shell command.
        project: The root of the project that a hook is for: its own, where it comes from a repository.
        transcript: The file that a session is written to; empty where there is none.
        environment_type: `local`, `ci` or `sandbox`.
        refusal: Why a hook must not run in a folder; None where it may. Reads files.
    """

    env: Mapping[str, str] = field(repr=False)
    argv: Callable[[str], tuple[str, ...]]
    project: Callable[[HookRule], Path]
    transcript: Callable[[str], str]
    environment_type: Callable[[Path], str]
    user_id: str
    refusal: Callable[[HookRule, Path], str | None]


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
        said["git"] = _with_repository(cast("Mapping[str, Any]", said.get("git", {})), call.git_folder)
    return json.dumps(said).encode()


def env_of(rule: HookRule, cwd: Path, around: Surroundings) -> dict[str, str]:
    """The whole environment of a hook that runs for a folder."""
    env = {**around.env, "PWD": str(cwd), PROJECT_DIR: str(around.project(rule))}
    env.pop(PLUGIN_ROOT, None)
    root = plugin_root(rule)
    return {**env, PLUGIN_ROOT: root} if root else env


def _with_repository(git: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    branch = git.get("branch") or current_branch(folder)
    return {**git, "branch": branch, "remote": git.get("remote") or remote_of(folder, branch)}
