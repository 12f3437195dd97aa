"""What hooks are told, and the environment that they run in."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.unit.hooks.rules import hook_call, rule

from droid.domain.hooks import HookCall, HookEvent
from droid.domain.levels import AutonomyLevel
from droid.hooks.inputs import Surroundings, env_of, input_of, permission_mode
from droid.tools.paths import OsPaths

AROUND = Surroundings(
    env={"PATH": "/bin", "DROID_PLUGIN_ROOT": "/somebody/else"},
    argv=lambda command: ("sh", "-c", command),
    project=lambda rule: Path("/work"),
    transcript=lambda session_id: f"/sessions/{session_id}.jsonl",
    environment_type=lambda folder: "ci",
    user_id="ada",
    place=lambda rule, folder: folder,
    refusal=lambda rule, folder: None,
    repository=lambda folder: OsPaths().repository(folder, None, Path("/nowhere")),
)


def told(call: HookCall) -> dict[str, Any]:
    return json.loads(input_of(call, AROUND))


def test_every_event_is_told_the_same_of_its_session() -> None:
    for event in HookEvent:
        assert told(hook_call(event)) == {
            "session_id": "s1",
            "transcript_path": "/sessions/s1.jsonl",
            "cwd": "/work",
            "permission_mode": "auto-low",
            "hook_event_name": event.value,
            "environment_type": "ci",
            "surface": "lsp",
            "user_id": "ada",
        }


def test_an_event_s_own_fields_come_with_it_whatever_characters_they_have() -> None:
    fields = {"tool_name": "Execute", "tool_input": {"command": "echo 日本 \udc80 \0 \u2028"}}
    call = hook_call(fields=fields)
    assert told(call)["tool_input"] == fields["tool_input"]
    assert input_of(call, AROUND).isascii()


@pytest.mark.parametrize(
    ("autonomy", "is_spec", "mode"),
    [
        ("off", False, "off"),
        ("low", False, "auto-low"),
        ("medium", False, "auto-medium"),
        ("high", False, "auto-high"),
        ("high", True, "spec"),
    ],
)
def test_modes_have_factory_s_names(autonomy: str, is_spec: bool, mode: str) -> None:
    assert permission_mode(AutonomyLevel(autonomy), is_spec=is_spec) == mode


def test_the_environment_names_the_project_and_where_the_hook_came_from() -> None:
    env = env_of(rule(file="/plugins/a/hooks/hooks.json"), Path("/work/sub"), AROUND)
    assert env == {
        "PATH": "/bin",
        "PWD": "/work/sub",
        "FACTORY_PROJECT_DIR": "/work",
        "DROID_PLUGIN_ROOT": "/plugins/a",
    }
    assert "DROID_PLUGIN_ROOT" not in env_of(rule(file="https://org.example"), Path("/work"), AROUND)


def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / ".git").mkdir(parents=True)
    (root / ".git/HEAD").write_text("ref: refs/heads/ticket/7\n")
    (root / ".git/config").write_text(
        '[remote "up"]\n\turl = x\n[remote "origin"]\n\turl = y\n[branch "ticket/7"]\n\tremote = up\n'
    )
    (root / "src").mkdir()
    return root


def branch_and_remote(folder: Path, **named: str) -> tuple[str | None, str | None]:
    git = {"subcommand": "push", "args": [], "branch": None, "remote": None} | named
    found = told(hook_call(HookEvent.PRE_GIT, fields={"git": git}, git_folder=folder))["git"]
    assert found == git | {"branch": found["branch"], "remote": found["remote"]}
    return found["branch"], found["remote"]


def test_the_branch_and_its_remote_are_read_from_the_repository(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert branch_and_remote(root / "src") == ("ticket/7", "up")
    assert branch_and_remote(root, branch="main") == ("main", "origin")
    assert branch_and_remote(root, branch="main", remote="other") == ("main", "other")


def test_a_worktree_shares_its_remotes(tmp_path: Path) -> None:
    root, tree = tmp_path / "shop", tmp_path / "tree"
    subprocess.run(["git", "init", "-q", root], check=True)
    subprocess.run(["git", "-C", root, "remote", "add", "origin", "x"], check=True)
    commit = ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q"]
    subprocess.run([*commit, "--allow-empty", "-m", "x"], check=True)
    subprocess.run(["git", "-C", root, "worktree", "add", "-q", "-b", "side", tree], check=True)
    assert branch_and_remote(tree) == ("side", "origin")


def test_what_is_no_repository_has_no_branch(tmp_path: Path) -> None:
    assert branch_and_remote(tmp_path) == (None, None)
    root = repository(tmp_path)
    (root / ".git/HEAD").write_text("1234\n")
    (root / ".git/config").unlink()
    assert branch_and_remote(root) == (None, None)
