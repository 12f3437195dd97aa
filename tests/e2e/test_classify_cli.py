"""`droid-lsp classify` and `droid-lsp policy check`, as scripts and people run them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def run(*argv: str, cwd: Path, home: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "HOME": str(home), "FACTORY_HOME": str(home / ".factory")}
    return subprocess.run(
        [sys.executable, "-m", "droid", *argv], cwd=cwd, env=environ, input=stdin, capture_output=True, text=True, timeout=60
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "work" / ".git").mkdir(parents=True)
    return tmp_path / "work"


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_rows_of_commands_are_rated(workspace: Path, home: Path) -> None:
    given = [
        {"id": "a", "command": "ls -l"},
        {"id": 2, "command": "sudo rm -rf /", "blocklist": ["rm -rf"]},
        {"id": "c", "command": "echo hi", "blocklist": ["rm"]},
        {"id": "d", "command": "echo 'unclosed"},
    ]
    done = run("classify", cwd=workspace, home=home, stdin="\n".join(map(json.dumps, given)))
    assert done.returncode == 0, done.stderr
    first, second, third, fourth = lines(done.stdout)
    assert (first["id"], first["risk"], first["programs"]) == ("a", "low", ["ls"])
    assert (second["id"], second["risk"], second["programs"], second["blocked"]) == (
        2,
        "high",
        ["sudo", "rm"],
        True,
    )
    assert (third["risk"], third["blocked"]) == ("low", False)
    assert (fourth["risk"], fourth["programs"]) == ("high", None)


def test_one_command_is_explained_to_a_person(workspace: Path, home: Path) -> None:
    done = run("classify", "cat a | tee /etc/hosts", cwd=workspace, home=home)
    assert done.returncode == 0
    assert done.stdout.startswith("high risk\n")
    assert "changes /etc/hosts, outside the workspace" in done.stdout


@pytest.mark.parametrize("row", ["{", "[]", "{}", '{"command": 1}', '{"command": "ls", "blocklist": "rm"}'])
def test_a_malformed_row_is_told_in_one_line(workspace: Path, home: Path, row: str) -> None:
    done = run("classify", cwd=workspace, home=home, stdin=row)
    assert done.returncode == 2
    assert "standard input, line 1" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_gate_answers_rows_of_calls(workspace: Path, home: Path) -> None:
    (home / ".factory").mkdir()
    settings = home / ".factory/settings.json"
    settings.write_text('{"commandBlocklist": ["curl"], "commandAllowlist": ["npm test"]}')
    given = [
        {"id": 1, "tool": "Execute", "input": {"command": "env curl x.io"}, "autonomy": "high"},
        {"id": 2, "tool": "Execute", "input": {"command": "npm test"}, "autonomy": "off"},
        {"id": 3, "tool": "Execute", "input": {"command": "npm install"}, "autonomy": "low"},
        {
            "id": 4,
            "tool": "Execute",
            "input": {"command": "npm install"},
            "autonomy": "low",
            "interactive": False,
        },
        {"id": 5, "tool": "Read", "input": {"file_path": "a.txt"}, "autonomy": "off"},
        {"id": 6, "tool": "Read", "input": {"wrong": 1}},
        {"id": 7, "tool": "Nothing", "input": {}},
    ]
    done = run("policy", "check", cwd=workspace, home=home, stdin="\n".join(map(json.dumps, given)))
    assert done.returncode == 0, done.stderr
    answers = lines(done.stdout)
    assert [row["verdict"] for row in answers] == ["deny", "allow", "ask", "deny", "allow", "deny", "deny"]
    (blocked,) = (entry for entry in answers[0]["trace"] if entry["step"] == "blocklist")
    assert (blocked["verdict"], blocked["level"]) == ("deny", "user")
    assert blocked["file"].startswith(str(settings))


def test_a_person_sees_every_step_of_the_gate(workspace: Path, home: Path) -> None:
    call = ("--tool", "Execute", "--input", '{"command": "git push"}')
    done = run("policy", "check", *call, cwd=workspace, home=home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ask: ")
    for step in (
        "input",
        "tools",
        "blocklist",
        "files",
        "shield",
        "hooks",
        "denylist",
        "taint",
        "allowlist",
        "autonomy",
    ):
        assert f"\n  {step}" in done.stdout
