"""The folder that a person imports into a JetBrains IDE: what is read of it, and how it finds the server."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.lsp4ij import FILES, Installing, Unread, load

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "editors" / "jetbrains" / "lsp4ij"
LOCAL = "$USER_HOME$/.local/bin/droid-lsp"

FOUND = "exit 0"
BROKEN = "echo no such package >&2; exit 1"

# The programs of a machine, what is configured then, and what was run for it.
MACHINES: list[tuple[dict[str, str], str, list[str]]] = [
    ({"droid-lsp": FOUND, "uv": FOUND}, "droid-lsp", ["droid-lsp --version"]),
    ({"~/.local/bin/droid-lsp": FOUND, "uv": FOUND}, LOCAL, ["droid-lsp --version"]),
    ({"droid-lsp": BROKEN, "~/.local/bin/droid-lsp": FOUND}, LOCAL, ["droid-lsp --version"] * 2),
]
HOPELESS: list[dict[str, str]] = [
    {},
    {"droid-lsp": BROKEN},
    {"uv": FOUND, "pipx": FOUND, "pip": FOUND, "python3": FOUND},
]


@pytest.fixture
def template() -> dict[str, Any]:
    return load(FOLDER)


def machine(home: Path, programs: dict[str, str]) -> Installing:
    """A machine that has some programs, each a shell script, and nothing else but a shell."""
    path = home / "bin"
    path.mkdir(parents=True)
    for name in ("sh", "mkdir", "cp"):
        (path / name).symlink_to(shutil.which(name) or name)
    for name, script in programs.items():
        file = home / name[2:] if name.startswith("~/") else path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        log = f'echo "${{0##*/}} $*" >> {home}/log'
        file.write_text(f"#!{path}/sh\n{log}\n{script}\n")
        file.chmod(0o755)
    return Installing(home=home, path=str(path), server="droid-lsp", patience_s=30)


def was_run(home: Path) -> list[str]:
    log = home / "log"
    return log.read_text().splitlines() if log.exists() else []


def test_the_folder_is_what_the_loader_reads(template: dict[str, Any]) -> None:
    assert template.keys() == FILES


def test_it_starts_the_server_for_code_conversations_and_settings(template: dict[str, Any]) -> None:
    described = template["template.json"]
    assert described["programArgs"] == {"default": "droid-lsp"}
    named = {
        pattern: mapping["languageId"]
        for mapping in described["fileTypeMappings"]
        for pattern in mapping["fileType"]["patterns"]
    }
    for pattern, language in {
        "*.droid.md": "markdown",
        "*.md": "markdown",
        "SKILL.md": "markdown",
        "*.diff": "diff",
        "settings.json": "json",
        "settings.local.json": "json",
        "hooks.json": "json",
        "mcp.json": "json",
        "*.py": "python",
        "*.kt": "kotlin",
        "*.java": "java",
    }.items():
        assert named[pattern] == language
    patterns = [one for mapping in described["fileTypeMappings"] for one in mapping["fileType"]["patterns"]]
    assert len(patterns) == len(set(patterns))


def test_it_offers_no_settings_because_the_server_asks_for_none(template: dict[str, Any]) -> None:
    """That no `workspace/configuration` is sent is held in `tests/e2e/test_client_profiles.py`."""
    assert template["settings.json"] == {}
    assert template["initializationOptions.json"] == template["experimental.json"] == {}
    schema = template["settings.schema.json"]
    assert schema["properties"] == {}
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(("programs", "server", "run"), MACHINES)
def test_the_installer_takes_what_is_there(
    tmp_path: Path, template: dict[str, Any], programs: dict[str, str], server: str, run: list[str]
) -> None:
    here = machine(tmp_path, programs)
    assert here.run(template["installer.json"], "run")
    assert (here.server, was_run(tmp_path)) == (server, run)
    assert not here.messages


@pytest.mark.parametrize("programs", HOPELESS)
def test_the_installer_fetches_nothing_by_its_name_and_says_what_to_do(
    tmp_path: Path, template: dict[str, Any], programs: dict[str, str]
) -> None:
    here = machine(tmp_path, programs)
    assert not here.run(template["installer.json"], "run")
    assert here.server == "droid-lsp"
    (message,) = here.messages
    assert "Python 3.11" in message
    assert all(line.startswith("droid-lsp ") for line in was_run(tmp_path))
    assert "pipx install" in message


def test_the_check_starts_the_real_server(tmp_path: Path, template: dict[str, Any]) -> None:
    here = machine(tmp_path, {})
    (here.home / "bin" / "droid-lsp").write_text(
        f"#!{here.home}/bin/sh\nPYTHONPATH={ROOT / 'server'} exec {sys.executable} -m droid\n"
    )
    (here.home / "bin" / "droid-lsp").chmod(0o755)
    here.patience_s = 1.0
    assert here.run(template["installer.json"], "check")
    assert not here.messages


def test_the_check_says_that_the_server_is_not_there(tmp_path: Path, template: dict[str, Any]) -> None:
    here = machine(tmp_path, {})
    assert not here.run(template["installer.json"], "check")
    assert "Press Install" in here.messages[0]


WRONG: list[tuple[str, Any]] = [
    ("notes.json", {}),
    ("template.json", {"command": "droid-lsp"}),
    ("template.json", {"expandConfiguration": "yes"}),
    ("template.json", {"programArgs": {"default": ""}}),
    ("template.json", {"fileTypeMappings": [{"fileType": {"patterns": [".factory/*.json"]}}]}),
    ("clientSettings.json", {"colour": "red"}),
    ("workspaceFolderSettings.json", {"rootType": "HERE"}),
    ("installer.json", {"run": {"shell": {"command": "x"}}}),
    ("installer.json", {"run": {"exec": {"command": "x"}, "showMessage": {"content": "y"}}}),
    ("installer.json", {"check": {"exec": {"command": "x", "onFail": {"exec": {"cmd": "y"}}}}}),
]


@pytest.mark.parametrize(("name", "changes"), WRONG)
def test_what_the_loader_would_not_read_is_noticed(tmp_path: Path, name: str, changes: Any) -> None:
    shutil.copytree(FOLDER, tmp_path / "copy")
    file = tmp_path / "copy" / name
    content = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**content, **changes}))
    with pytest.raises(Unread):
        load(tmp_path / "copy")
