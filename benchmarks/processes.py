"""Starting what is measured, and weighing it."""

import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from benchmarks.model_server import Script

ROOT = Path(__file__).resolve().parents[1]
DROID = ROOT / ".venv" / "bin" / "droid-lsp"
PI = ROOT / ".cache" / "bench" / "npm" / "pi" / "node_modules" / ".bin" / "pi"
BARE_SERVER = (sys.executable, str(ROOT / "benchmarks" / "bare_server.py"))


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a program sees: nothing of the person's own settings, no colours, no telemetry."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "FACTORY_HOME": str(home / ".factory"),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "DO_NOT_TRACK": "1",
        **more,
    }


class ModelServer:
    """The scripted model as a process of its own."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._runs = 0

    def new_run(self, script: Script) -> str:
        """Register a script; returns the id of the run."""
        self._runs += 1
        run = f"r{self._runs}"
        self.play(run, script)
        return run

    def play(self, run: str, script: Script) -> None:
        """Start a run over with another script."""
        wanted = {name: value for name, value in asdict(script).items() if name != "asked"}
        self._call(f"/run/{run}", wanted)

    def base_url(self, run: str) -> str:
        return f"{self._url}/run/{run}/v1"

    def asked(self, run: str) -> list[dict[str, int]]:
        return self._call(f"/run/{run}")

    def _call(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)


@contextmanager
def model_server() -> Generator[ModelServer]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.model_server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield ModelServer(int(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait()


def children(pid: int) -> list[psutil.Process]:
    """All that a process started and what those started."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def pss_mb(pid: int) -> float:
    """Memory of a process and all its children, shared pages counted once (RSS where PSS is not told)."""
    total = 0
    try:
        family = [psutil.Process(pid), *children(pid)]
    except psutil.NoSuchProcess:
        return 0.0
    for process in family:
        try:
            info = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += getattr(info, "pss", info.rss)
    return total / 1e6


class MemoryWatch:
    """The most that a process tree ever weighed, looked at twice a second."""

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            self.peak_mb = max(self.peak_mb, pss_mb(self._pid))

    def close(self) -> float:
        self._stop.set()
        self._thread.join()
        return self.peak_mb


def write_settings(home: Path, base_url: str, **more: object) -> None:
    """Droid's user settings for the scripted model."""
    folder = home / ".factory"
    folder.mkdir(parents=True, exist_ok=True)
    model = {
        "id": "custom:bench",
        "model": "bench",
        "displayName": "scripted",
        "provider": "generic-chat-completion-api",
        "baseUrl": base_url,
        "apiKey": "none",
        "maxContextLimit": 10_000_000,
        "maxOutputTokens": 32_000,
    }
    settings = {"customModels": [model], "model": "custom:bench", **more}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def make_workspace(folder: Path) -> Path:
    """A small git repository with 200 files of 2 kB."""
    folder.mkdir(parents=True)
    for number in range(1, 201):
        lines = "".join(
            f"line {line:03d} of file {number:03d}: value = {line * number}\n" for line in range(60)
        )
        (folder / f"file_{number}.txt").write_text(lines[:2048], encoding="utf-8")
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "files"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    return folder
