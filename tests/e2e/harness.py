"""`droid-lsp` as a subprocess, with a home of its own and a fake model behind real HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.model_server import FakeModelServer, serving

SERVER = Path(__file__).resolve().parents[2] / "server"
MODEL = "custom:fake"

Step = Mapping[str, Any]


def call(name: str, **arguments: Any) -> dict[str, Any]:
    """A step in which the model makes one call."""
    return {"calls": [{"name": name, "arguments": arguments}]}


@dataclass(slots=True, kw_only=True)
class Bench:
    """One person's machine.

    Attributes:
        home: Their `.factory` folder.
        workspace: A git repository with `a.txt` ("one\\ntwo\\n").
        server: The model.
    """

    home: Path
    workspace: Path
    server: FakeModelServer

    def play(self, *steps: Step) -> None:
        """What the model does from now on."""
        self.server.play(list(steps))

    def settings(self, **changes: Any) -> None:
        """Write the user's settings, with the fake model in them."""
        model = {
            "id": MODEL,
            "model": "fake-model",
            "displayName": "fake",
            "provider": "generic-chat-completion-api",
            "baseUrl": self.server.base_url,
            "apiKey": "key-of-the-fake",
            "price": {"inputPerMTok": 1000.0, "outputPerMTok": 0.0},
        }
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = {"model": MODEL, "customModels": [model], **changes}
        (self.home / "settings.json").write_text(json.dumps(settings))

    @property
    def env(self) -> dict[str, str]:
        """The environment: nothing of the machine's settings or keys, and no proxy."""
        keep = ("PATH", "LANG", "LC_ALL", "TMPDIR")
        mine = {name: os.environ[name] for name in keep if name in os.environ}
        return {
            **mine,
            "HOME": str(self.home.parent),
            "FACTORY_HOME": str(self.home),
            "PYTHONPATH": str(SERVER),
            "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
            "TERM": "dumb",
        }

    def argv(self, *argv: str) -> list[str]:
        return [sys.executable, "-m", "droid", *argv]

    def run(
        self,
        *argv: str,
        stdin: str | bytes | None = None,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """Run `droid-lsp` to its end, with nothing on standard input unless given."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            self.argv(*argv),
            cwd=self.workspace,
            env={**self.env, **(env or {})},
            input=b"" if data is None else data,
            capture_output=True,
            timeout=timeout_s,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def exec(self, *argv: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run `droid-lsp exec` to its end."""
        return self.run("exec", *argv, **more)

    def start(self, *argv: str, **more: Any) -> subprocess.Popen[str]:
        """Start `droid-lsp`; the caller waits for it."""
        return subprocess.Popen(
            self.argv(*argv),
            cwd=self.workspace,
            env=self.env,
            stdin=more.pop("stdin", subprocess.DEVNULL),
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=more.pop("stderr", subprocess.PIPE),
            text=True,
            **more,
        )

    def transcripts(self) -> list[Path]:
        return sorted(self.home.glob("sessions/*/*.jsonl"))

    def events(self) -> list[dict[str, Any]]:
        """The events of the only session, as stored."""
        (path,) = self.transcripts()
        return [json.loads(line) for line in path.read_text().splitlines()]

    def files(self) -> dict[str, str]:
        """Every file of the workspace, the git folder aside."""
        return {
            path.relative_to(self.workspace).as_posix(): path.read_text()
            for path in sorted(self.workspace.rglob("*"))
            if path.is_file() and ".git" not in path.parts
        }

    def tool_results(self, request: int = -1) -> list[str]:
        """What the model was told of its calls, in one of its requests."""
        messages = self.server.requests[request]["body"]["messages"]
        return [message["content"] for message in messages if message["role"] == "tool"]


@contextmanager
def bench_in(folder: Path) -> Generator[Bench]:
    """A bench below a folder, with its model served."""
    workspace = folder / "work"
    workspace.mkdir()
    (workspace / "a.txt").write_text("one\ntwo\n")
    subprocess.run(["git", "init", "-q", str(workspace)], check=True)
    with serving() as server:
        bench = Bench(home=folder / "home" / ".factory", workspace=workspace, server=server)
        bench.settings()
        yield bench


def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the condition did not come true")
        time.sleep(0.02)


def alive(text: str) -> list[str]:
    """Processes, zombies aside, that have a text in their command line."""
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "stat=,args="], capture_output=True, text=True)
    return [line for line in listing.stdout.splitlines() if text in line and not line.startswith("Z")]
