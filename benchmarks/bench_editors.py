"""What the clients cost: VS Code's activation, first paint and frames; Neovim's start and appends.

The editors are those that `make test-editors` drives; the extension is packaged and installed as a user's is.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.editors.vscode_desk import package
from tests.fakes.model_server import serving

from benchmarks.report import Row, machine, median, show

ROOT = Path(__file__).resolve().parents[1]
NEOVIM_STARTS = 9
LIMIT_S = 600


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not installed; run this by `make bench-editors`")
    return found


def neovim() -> list[Row]:
    """Each start is a process of its own; of the appends, the slowest but one in a hundred counts."""
    script = Path(__file__).with_name("neovim_figures.lua")
    command = [
        _program("nvim"),
        "--headless",
        "--clean",
        "-u",
        "NONE",
        "-l",
        str(script),
        str(ROOT / "neovim"),
    ]
    starts: list[float] = []
    appends: list[float] = []
    for number in range(NEOVIM_STARTS + 1):
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        told = json.loads(done.stdout.splitlines()[-1])
        if number:  # the first only warms the disk cache
            starts.append(told["requiredMs"])
            appends += told["appendsMs"]
    slowest = sorted(appends)[int(len(appends) * 0.99)]
    return [
        Row(name="Neovim: require('droid')", unit="ms", ours=median(starts), target=1.0),
        Row(
            name="Neovim: an append to 5,000 lines of chat, median",
            unit="ms",
            ours=median(appends),
            target=2.0,
        ),
        Row(name="Neovim: the same, 99th percentile", unit="ms", ours=slowest, target=2.0),
    ]


def _home(folder: Path, base_url: str) -> Path:
    home = folder / "home"
    (home / ".factory").mkdir(parents=True)
    model = {
        "id": "custom:scripted",
        "model": "fake-model",
        "displayName": "scripted",
        "provider": "generic-chat-completion-api",
        "baseUrl": base_url,
        "apiKey": "none",
    }
    settings = json.dumps({"customModels": [model], "model": "custom:scripted"})
    (home / ".factory" / "settings.json").write_text(settings, encoding="utf-8")
    return home


def _in_vscode(folder: Path) -> dict[str, list[float]]:
    workspace = folder / "workspace"
    workspace.mkdir()
    (workspace / "readme.md").write_text("# A folder\n", encoding="utf-8")
    with serving([]) as model:
        home = _home(folder, model.base_url)
        env: dict[str, str] = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TMPDIR": str(folder),
            "DROID_VSCODE_RIG": str(ROOT / ".cache" / "vscode"),
            "DROID_TEST_MODEL": model.url,
            "DROID_LSP": str(ROOT / ".venv" / "bin" / "droid-lsp"),
        }
        script = ROOT / "tests" / "editors" / "vscode" / "figures.mjs"
        command = [_program("node"), str(script), str(package(folder)), str(workspace), str(home)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            output, _ = process.communicate(timeout=LIMIT_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(15)
    if process.returncode:
        sys.exit(f"the editor was not measured: exit code {process.returncode}")
    told: dict[str, Any] = json.loads(output.splitlines()[-1])
    return told


def vscode() -> list[Row]:
    """Frames of 60 a second, drawn without a graphics card."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        told = _in_vscode(Path(folder))
    return [
        Row(name="VS Code: activation", unit="ms", ours=median(told["activationMs"]), target=150),
        Row(
            name="VS Code: command to the chat's first paint",
            unit="ms",
            ours=median(told["firstPaintMs"]),
            target=300,
        ),
        Row(
            name="VS Code: longest frame, 20,000 tokens streamed",
            unit="ms",
            ours=median(told["longestFrameMs"]),
            target=50,
        ),
        Row(
            name="VS Code: 99th percentile of its frames",
            unit="ms",
            ours=median(told["p99FrameMs"]),
            target=50,
        ),
    ]


def main() -> bool:
    return show("editors", [*neovim(), *vscode()])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the editor is ended on the way out
    print(machine(), flush=True)
    sys.exit(0 if main() else 1)
