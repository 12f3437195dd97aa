"""Real editors on a real project, with nothing of Droid's in them but the lines that the manual shows."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.model_server import FakeModelServer, Script, serving

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
SAMPLE = ROOT / ".cache" / "editors" / "sample"
LIMIT_S = 150


def program(name: str) -> str:
    """Where an editor is. These tests are asked for by name, so a missing one is a failure, not a skip."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed; run these tests by `make test-editors`")
    return found


def shown_in(page: str, language: str) -> str:
    """The first block of a language on a page of the documentation: what a reader would copy."""
    text = (ROOT / page).read_text(encoding="utf-8")
    block = re.search(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block, f"{page} shows no {language}"
    return block[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A person's machine: a project, a home with Droid's settings, and a model that plays a script.

    Attributes:
        project: The unpacked source of a real package, in git.
        env: For the editor; its `HOME` is empty but for Droid's settings.
    """

    project: Path
    home: Path
    model: FakeModelServer
    env: dict[str, str] = field(repr=False)

    def run(self, command: list[str], scenario: str) -> None:
        """Run an editor's script for one scenario; it tells each check, and exits 0 when all held."""
        done = subprocess.run(
            command,
            cwd=self.project,
            env={**self.env, "SCENARIO": scenario},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        log = self.home / "server.log"
        told = log.read_text(errors="replace")[-4000:] if log.exists() else ""
        assert done.returncode == 0, f"{done.stdout}\n{told}"
        assert "\nok 1 " in f"\n{done.stdout}", done.stdout
        assert "not ok" not in done.stdout, done.stdout

    def prompts(self) -> list[str]:
        """What each request to the model said last on the person's behalf."""
        return [
            str(next(m["content"] for m in reversed(r["body"]["messages"]) if m["role"] == "user"))
            for r in self.model.requests
        ]

    def tool_results(self) -> list[str]:
        """What the model was told of its calls, in the last request."""
        messages = self.model.requests[-1]["body"]["messages"]
        return [str(message["content"]) for message in messages if message["role"] == "tool"]

    def transcript(self) -> list[dict[str, Any]]:
        """The one session's events, oldest first."""
        (path,) = (self.home / ".factory" / "sessions").rglob("*.jsonl")
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _settings(base_url: str) -> dict[str, Any]:
    model = {
        "id": "custom:scripted",
        "model": "fake-model",
        "displayName": "scripted",
        "provider": "generic-chat-completion-api",
        "baseUrl": base_url,
        "apiKey": "none",
    }
    return {"customModels": [model], "model": "custom:scripted"}


def _unpack(folder: Path) -> Path:
    archives = sorted(SAMPLE.glob("*.tar.gz"))
    if not archives:
        pytest.fail("the sample project is not there; run these tests by `make test-editors`")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    (project,) = folder.iterdir()
    git = ["git", "-c", "user.name=person", "-c", "user.email=person@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "as released"]):
        subprocess.run([*git, *arguments], cwd=project, check=True)
    return project


@contextmanager
def desk_in(folder: Path, script: Script) -> Generator[Desk]:
    """Sets a desk up; the model serves until the end."""
    home = folder / "home"
    (home / ".factory").mkdir(parents=True)
    (folder / "src").mkdir()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb", "TMPDIR": str(folder)}
    with serving(script) as model:
        settings = json.dumps(_settings(model.base_url))
        (home / ".factory" / "settings.json").write_text(settings, encoding="utf-8")
        yield Desk(project=_unpack(folder / "src"), home=home, model=model, env=env)


SetUp = Callable[[Script], Desk]
