"""`droid-lsp hooks`, in this process."""

import json
from pathlib import Path

import pytest

from droid.cli.main import main

HOOKS = {
    "hooks": {
        "PreToolUse": [
            {"matcher": "Execute", "hooks": [{"type": "command", "command": "echo no >&2; exit 2"}]},
            {"matcher": "(", "hooks": [{"type": "command", "command": "true"}]},
        ],
        "PreGit": [{"matcher": "push", "hooks": [{"type": "command", "command": "exit 7"}]}],
    }
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home/.factory"
    home.mkdir(parents=True)
    (home / "hooks.json").write_text(json.dumps(HOOKS))
    monkeypatch.setenv("FACTORY_HOME", str(home))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DROID_ORG_BUNDLE", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def test_the_list_says_what_is_in_force_and_from_where(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hooks", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert sorted((row["event"], row["matcher"], row["status"]) for row in rows) == [
        ("PreGit", "push", "active"),
        ("PreToolUse", "(", "malformed"),
        ("PreToolUse", "Execute", "active"),
    ]
    assert main(["hooks", "list"]) == 0
    assert "echo no >&2; exit 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["PreToolUse", "--tool", "Execute", "--input", '{"command": "ls"}'], 3, "together: deny: no"),
        (["PreToolUse", "--tool", "Read"], 0, "no hook is for this PreToolUse"),
        (["PreGit", "--input", '{"command": "git push"}'], 1, "failed with exit code 7"),
        (["PreGit", "--input", '{"command": "git log"}'], 2, ""),
        (["PreGit"], 2, ""),
        (["PreToolUse"], 2, ""),
        (["PostEdit"], 2, ""),
        (["preToolUse", "--tool", "Execute"], 2, ""),
        (["Stop", "--input", "[]"], 2, ""),
        (["Stop", "--input", "{"], 2, ""),
        (["Stop"], 0, "no hook is for this Stop"),
    ],
)
def test_a_test_says_what_hooks_say(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert main(["hooks", "test", *arguments]) == code
    assert said in capsys.readouterr().out


def test_a_test_for_scripts_says_everything(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hooks", "test", "PreToolUse", "--tool", "Execute", "--json", "--cwd", str(place)]) == 3
    row = json.loads(capsys.readouterr().out)
    assert (row["verdict"], row["hooks"][0]["exitCode"], row["hooks"][0]["level"]) == ("deny", 2, "user")


def test_the_gate_can_be_asked_with_its_hooks(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check = ["policy", "check", "--tool", "Execute", "--input", '{"command": "ls"}', "--json"]
    assert main(check) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] != "deny"
    assert main([*check, "--hooks"]) == 0
    decision = json.loads(capsys.readouterr().out)
    assert (decision["verdict"], decision["trace"][-1]["step"]) == ("deny", "hooks")
