"""What settings cost: the first look at five levels, every look after it, and an editor in a large tree.

The tree is a trusted repository with 1,000 `.factory` folders. A look is one that takes nothing for granted:
every file that has a say is looked at. In the editor, keys are typed into a settings file, and after each one
a completion or a hover is asked for; it is over when the answer has arrived.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.lsp_client import Client
from benchmarks.processes import DROID, ROOT, environment
from benchmarks.report import Row, machine, median, percentile, show

FOLDERS = 1_000
COLD_STARTS = 9
QUESTIONS = 400
PYTHON = ROOT / ".venv" / "bin" / "python"


def five_levels(folder: Path) -> Path:
    """A workspace with an organisation, a project, two folders and a person, each with many keys."""
    workspace = folder / "five"
    inner = workspace / "services" / "shop"
    (workspace / ".git").mkdir(parents=True)
    for number, place in enumerate((folder / "org", workspace, workspace / "services", inner, folder)):
        factory = place if place.name == "org" else place / ".factory"
        _write(factory / "settings.json", _settings(number))
        _write(factory / "settings.local.json", {"model": f"local-{number}"})
        _write(factory / "hooks.json", {"hooks": {"PreToolUse": [_hook(number)]}})
        _write(factory / "mcp.json", {"mcpServers": {f"server-{number}": {"command": "npx", "args": ["x"]}}})
    return workspace


def monorepo(folder: Path) -> Path:
    """A repository with many `.factory` folders, ten to a directory."""
    workspace = folder / "many"
    (workspace / ".git").mkdir(parents=True)
    _write(workspace / ".factory" / "settings.json", _settings(0))
    for number in range(FOLDERS - 1):
        place = workspace / f"group-{number // 10}" / f"part-{number}"
        _write(place / ".factory" / "settings.json", _settings(number))
    return workspace


def _settings(number: int) -> Mapping[str, Any]:
    return {
        "model": f"model-{number}",
        "maxAutonomyLevel": "medium",
        "sessionDefaultSettings": {"autonomyLevel": "low"},
        "commandAllowlist": [f"make test-{number}", "git status"],
        "commandDenylist": [f"rm -rf /{number}"],
        "sandbox": {"enabled": True, "filesystem": {"denyRead": [f"/secret/{number}"]}},
        "modelPolicy": {"blockedModelIds": [f"bad-{number}"]},
        "customModels": [
            {
                "id": f"custom:{number}",
                "model": "m",
                "provider": "openai",
                "baseUrl": "https://models.example.org/v1",
                "apiKey": "${BENCH_KEY:-none}",
            }
        ],
        "shield": {"mode": "block", "patterns": [{"id": f"p-{number}", "regex": "x{20}"}]},
        "protectedFiles": [f"generated-{number}/**"],
    }


def _hook(number: int) -> Mapping[str, Any]:
    return {"matcher": "Execute", "hooks": [{"type": "command", "command": f"true {number}"}]}


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")


def _probe(what: str, workspace: Path, env: Mapping[str, str]) -> dict[str, list[float]]:
    done = subprocess.run(
        [PYTHON, "-m", "benchmarks.settings_probe", what, workspace],
        cwd=ROOT, env=dict(env), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


class Author:
    """One settings file open in the editor, and fingers on it."""

    def __init__(self, client: Client, path: Path) -> None:
        self._client = client
        self._uri = path.as_uri()
        self._lines = path.read_text(encoding="utf-8").split("\n")
        self._version = 1
        client.open(path, "\n".join(self._lines), language="json")

    def ask(self, method: str) -> float:
        """One key, and what the editor asks after it; returns milliseconds from the key to the answer."""
        self._version += 1
        line = 1 + self._version % (len(self._lines) - 3)
        end = {"line": line, "character": len(self._lines[line])}
        self._lines[line] += " "
        began = time.perf_counter()
        self._client.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self._uri, "version": self._version},
                "contentChanges": [{"range": {"start": end, "end": end}, "text": " "}],
            },
        )
        place = end if method.endswith("completion") else {"line": line, "character": 4}
        ended, reply = self._client.request(
            f"textDocument/{method}", {"textDocument": {"uri": self._uri}, "position": place}
        )
        assert "result" in reply, reply
        return (ended - began) * 1e3


def measure(folder: Path) -> list[Row]:
    five, many = five_levels(folder), monorepo(folder)
    env = {**environment(folder), "BENCH_KEY": "k"}
    with_org = {**env, "DROID_ORG_BUNDLE": str(folder / "org")}
    for workspace in (five, many):
        subprocess.run([DROID, "trust", "--yes", workspace], env=env, check=True, capture_output=True)
    starts = [_probe("cold", five, with_org) for _ in range(COLD_STARTS)]
    tree = _probe("folders", many, env)
    assert tree["trusted"] == [1.0], "the tree is not trusted"
    client = Client((str(DROID), "serve"), workspace=many, env=env, errors=folder / "errors.log")
    try:
        client.initialize()
        author = Author(client, many / "group-50" / "part-500" / ".factory" / "settings.json")
        for method in ("hover", "completion"):
            author.ask(method)
        time.sleep(1.0)  # until the first look at the tree is over
        asked = {name: [] for name in ("hover", "completion")}
        for number in range(2 * QUESTIONS):
            name = ("hover", "completion")[number % 2]
            asked[name].append(author.ask(name))
            time.sleep(0.01)
    finally:
        client.close()
    return [
        Row(
            name="first look at five levels",
            unit="ms",
            ours=median(one["cold"][0] for one in starts),
            target=30,
        ),
        Row(name="look again", unit="ms", ours=median(starts[-1]["warm"]), target=1),
        Row(name=f"any of {FOLDERS} folders, p50", unit="ms", ours=median(tree["each"]), target=5),
        Row(name=f"any of {FOLDERS} folders, p99", unit="ms", ours=percentile(tree["each"], 0.99), target=5),
        Row(name="hover while typing, p99", unit="ms", ours=percentile(asked["hover"], 0.99), target=20),
        Row(
            name="completion while typing, p99",
            unit="ms",
            ours=percentile(asked["completion"], 0.99),
            target=20,
        ),
    ]


def main() -> bool:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return show("settings", measure(Path(os.path.realpath(folder))))


if __name__ == "__main__":
    print(machine())
    main()
