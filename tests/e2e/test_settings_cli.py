"""`droid-lsp settings`: what is in force and why, and which files cannot be used."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench, bench_in

ORG_EXAMPLE = Path("tests/data/settings/factory-org.json")


@pytest.fixture
def bench(tmp_path: Path) -> Generator[Bench]:
    with bench_in(tmp_path) as made:
        made.settings(sessionDefaultSettings={"autonomyLevel": "high"})
        yield made


def write(folder: Path, value: dict[str, Any] | str, name: str = "settings.json") -> Path:
    path = folder / ".factory" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def test_show_has_the_values_in_force_and_the_files(bench: Bench) -> None:
    project = write(bench.workspace, {"maxAutonomyLevel": "low", "commandAllowlist": ["make"]})
    done = bench.run("settings", "show", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["settings"]["maxAutonomyLevel"] == "low"
    assert shown["settings"]["customModels"][0]["apiKey"] == "***"
    assert shown["levels"][0] == {"level": "project", "file": str(project), "status": "ok", "errors": []}
    text = bench.run("settings", "show")
    assert "maxAutonomyLevel" in text.stdout
    assert f"{project}:1" in text.stdout
    assert "not-a-key" not in text.stdout + done.stdout


def test_explain_names_what_wins_and_what_was_refused(bench: Bench) -> None:
    project = write(bench.workspace, '{"model": "theirs",\n"commandAllowlist": ["make"]}')
    row = json.loads(bench.run("settings", "explain", "model", "--json").stdout)
    assert (row["key"], row["value"], row["level"], row["file"], row["line"]) == (
        "model", "theirs", "project", str(project), 1,
    )  # fmt: skip
    assert row["refused"][0]["level"] == "user"
    assert row["refused"][0]["reason"].startswith("a higher level sets it")
    rows = json.loads(bench.run("settings", "explain", "--json").stdout)
    by_key = {row["key"]: row for row in rows}
    assert by_key["commandAllowlist"]["refused"] == [
        {
            "level": "project",
            "file": str(project),
            "line": 2,
            "value": "make",
            "reason": "this workspace is not trusted",
        }
    ]
    assert "this workspace is not trusted" in bench.run("settings", "explain", "commandAllowlist").stdout


def test_a_key_that_does_not_exist_is_told_the_nearest(bench: Bench) -> None:
    done = bench.run("settings", "explain", "maxAutonomylevl")
    assert done.returncode == 2
    assert "did you mean maxAutonomyLevel?" in done.stderr


def test_validate_ends_with_six_where_a_file_cannot_be_used(bench: Bench) -> None:
    assert bench.run("settings", "validate").returncode == 0
    broken = write(bench.workspace, '{"maxAutonomyLevel": "hihg"}')
    odd = write(bench.workspace, "---\nname: x\nmodle: y\n---\n", "droids/x.md")
    deep = write(bench.workspace, "---\ndescription: 3\n---\n", "commands/ops/y.md")
    done = bench.run("settings", "validate")
    assert done.returncode == 6
    assert f"error    {broken}:1:22: maxAutonomyLevel: must be one of off, low, medium, high" in done.stdout
    assert f"error    {deep}:2:1: description: must be a text" in done.stdout
    assert f"warning  {odd}:3:1: unknown key modle; did you mean model?" in done.stdout
    rows = json.loads(bench.run("settings", "validate", str(broken), "--json").stdout)
    assert [(row["file"], len(row["errors"])) for row in rows] == [(str(broken), 1)]
    assert bench.run("settings", "validate", str(bench.workspace / "no.json")).returncode == 6


def test_the_published_example_of_an_organisation_is_sound(bench: Bench) -> None:
    done = bench.run("settings", "validate", str(ORG_EXAMPLE.absolute()))
    assert (done.returncode, done.stdout) == (0, f"ok       {ORG_EXAMPLE.absolute()}\n")


def test_a_bundle_that_is_not_there_locks_down_and_is_still_explained(bench: Bench, tmp_path: Path) -> None:
    env = {"DROID_ORG_BUNDLE": str(tmp_path / "nowhere")}
    run = bench.run("exec", "hello", env=env)
    assert run.returncode == 3
    assert str(tmp_path / "nowhere") in run.stderr
    assert not bench.server.requests
    shown = bench.run("settings", "show", env=env)
    assert shown.returncode == 0
    assert "lockdown: " in shown.stderr
    assert bench.run("doctor", env=env).returncode == 6


def test_a_bundle_is_above_all_others(bench: Bench, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "settings.json").write_text(
        '{"maxAutonomyLevel": "low", "modelPolicy": {"allowCustomModels": false}}'
    )
    env = {"DROID_ORG_BUNDLE": str(bundle)}
    row = json.loads(bench.run("settings", "explain", "maxAutonomyLevel", "--json", env=env).stdout)
    assert (row["value"], row["level"], row["file"]) == ("low", "org", str(bundle / "settings.json"))
    run = bench.run("exec", "hello", env=env)
    assert run.returncode == 3
    assert "allowCustomModels is false in org settings" in run.stderr
    models = bench.run("exec", "--list-models", "-o", "json", env=env)
    assert json.loads(models.stdout) == []


def test_the_schema_is_printed(bench: Bench) -> None:
    schema = json.loads(bench.run("settings", "schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert '"maxAutonomyLevel"' in json.dumps(schema)


def test_list_has_what_is_in_force_and_why_the_rest_is_not(bench: Bench) -> None:
    reviewer = write(bench.workspace, "---\nname: reviewer\n---\nBe strict.", "droids/r.md")
    broken = write(bench.workspace, "---\nnam: x\n---\n", "droids/x.md")
    deploy = write(bench.workspace, "#!/bin/sh\n", "commands/ops/deploy.sh")
    write(bench.workspace, {"mcpServers": {"db": {"command": "x", "env": {"TOKEN": "t0ken"}}}}, "mcp.json")
    hook = {"type": "command", "command": "./check.sh \u202e\nrm x"}
    write(bench.workspace, {"hooks": {"Stop": [{"hooks": [hook]}]}}, "hooks.json")
    (bench.home / "skills" / "ship").mkdir(parents=True)
    (bench.home / "skills" / "ship" / "SKILL.md").write_text("---\ndescription: ships\n---\n")

    done = bench.run("settings", "list", "--json")
    assert done.returncode == 0, done.stderr
    listed = json.loads(done.stdout)
    assert list(listed) == ["droids", "commands", "skills", "hooks", "servers"]
    assert listed["droids"] == [
        {
            "name": "reviewer",
            "status": "active",
            "level": "project",
            "file": str(reviewer),
            "line": 2,
            "reason": "",
            "description": "",
            "executable": False,
        },
        {
            "name": "x",
            "status": "malformed",
            "level": "project",
            "file": str(broken),
            "line": 2,
            "reason": f"{broken}:2:1: the key 'name' is missing",
            "description": "",
            "executable": False,
        },
    ]
    assert [(row["name"], row["status"], row["executable"]) for row in listed["commands"]] == [
        ("deploy", "untrusted", True)
    ]
    assert [(row["name"], row["level"], row["description"]) for row in listed["skills"]] == [
        ("ship", "user", "ships")
    ]
    assert [(row["event"], row["command"], row["status"], row["reason"]) for row in listed["hooks"]] == [
        ("Stop", "./check.sh \u27e8U+202E\u27e9\nrm x", "untrusted", "this workspace is not trusted")
    ]
    assert [(row["name"], row["status"]) for row in listed["servers"]] == [("db", "untrusted")]
    assert "t0ken" not in done.stdout

    text = bench.run("settings", "list")
    assert f"reviewer  active     project  {reviewer}:2" in text.stdout
    assert f"{broken}:2  the key 'name' is missing" in text.stdout
    assert "./check.sh \u27e8U+202E\u27e9⏎rm x" in text.stdout
    assert "trust: this workspace is not trusted" in text.stderr

    assert bench.run("trust", "--yes").returncode == 0
    commands = json.loads(bench.run("settings", "list", "commands", "--json").stdout)
    assert [(row["file"], row["status"]) for row in commands] == [(str(deploy), "active")]


def test_a_repository_that_has_nothing_but_a_program_can_be_trusted(bench: Bench) -> None:
    write(bench.workspace, "#!/bin/sh\n", "commands/deploy")
    assert "untrusted" in bench.run("settings", "list", "commands").stdout
    shown = bench.run("trust", "--yes")
    assert shown.returncode == 0, shown.stderr
    assert "active" in bench.run("settings", "list", "commands").stdout


def test_list_in_another_folder_and_with_a_kind_that_is_none(bench: Bench, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    write(bench.workspace, "go", "commands/go.md")
    assert bench.run("settings", "list", "commands", "--cwd", str(empty)).stdout == "Commands\n  none\n"
    assert bench.run("settings", "list", "plugins").returncode == 2
    write(bench.workspace, "{", "hooks.json")
    done = bench.run("settings", "list", "hooks")
    assert "none" in done.stdout
    assert "hooks.json:1:2: a key in double quotes" in done.stderr
