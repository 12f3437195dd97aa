"""Hours of use in minutes: one server, hundreds of turns, and nothing may grow or stay behind.

Turns read files, run commands, answer at length and are cancelled half way; a new session begins now
and then. After a warm-up, memory, open files, threads and child processes are sampled; at the end
each transcript must be whole.
"""

import argparse
import json
import queue
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil

from benchmarks.lsp_client import Client
from benchmarks.model_server import Script
from benchmarks.processes import (
    DROID,
    ModelServer,
    children,
    environment,
    make_workspace,
    model_server,
    write_settings,
)
from benchmarks.report import Row, machine, show

TURNS_A_SESSION = 25
CANCEL_EVERY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The server at one moment, between two turns."""

    turn: int
    memory_mb: float
    files: int
    threads: int
    processes: int


def weigh(client: Client, turn: int) -> Sample:
    server = psutil.Process(client.process.pid)
    return Sample(
        turn=turn,
        memory_mb=server.memory_info().rss / 1e6,
        files=server.num_fds(),
        threads=server.num_threads(),
        processes=len(children(client.process.pid)),
    )


def scripts(workspace: Path) -> Iterator[Script]:
    """What the model does from turn to turn."""
    return cycle(
        [
            Script(turns=3, tool="read", argument=f"{workspace}/file_{{turn}}.txt"),
            Script(turns=2, tool="shell", argument="seq 1 2000"),
            Script(words=3000),
            Script(turns=2, tool="shell", argument="sleep 0.05; false"),
        ]
    )


def use(client: Client, model: ModelServer, run: str, workspace: Path, limit_s: float) -> list[Sample]:
    ended: queue.SimpleQueue[None] = queue.SimpleQueue()

    def notice(_at: float, message: dict[str, Any]) -> None:
        if message["method"] == "$/progress" and message["params"]["value"].get("kind") == "end":
            ended.put(None)

    client.on_message = notice
    samples: list[Sample] = []
    deadline = time.monotonic() + limit_s
    for turn, script in enumerate(scripts(workspace), start=1):
        cancelled = turn % CANCEL_EVERY == 0
        model.play(run, Script(words=5000, words_per_s=500) if cancelled else script)
        if turn % TURNS_A_SESSION == 1:
            client.command("droid.session.new")
        client.command("droid.ask", {"prompt": f"Task {turn}"})
        if cancelled:
            time.sleep(0.2)
            client.command("droid.cancel")
        ended.get(timeout=60)
        if turn % TURNS_A_SESSION == 0:
            samples.append(weigh(client, turn))
        if time.monotonic() > deadline and len(samples) >= 4:
            return samples
    return samples


def check_transcripts(home: Path) -> int:
    """Reads every line of every transcript; returns how many lines there are."""
    lines = 0
    for path in (home / ".factory" / "sessions").rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            json.loads(line)
            lines += 1
    return lines


def measure(folder: Path, model: ModelServer, limit_s: float) -> list[Row]:
    workspace = make_workspace(folder / "workspace")
    run = model.new_run(Script())
    write_settings(folder, model.base_url(run), sessionDefaultSettings={"autonomyLevel": "high"})
    client = Client(
        (str(DROID), "serve"), workspace=workspace, env=environment(folder), errors=folder / "errors.log"
    )
    try:
        client.initialize()
        samples = use(client, model, run, workspace, limit_s)
        family = [client.process.pid, *(process.pid for process in children(client.process.pid))]
    finally:
        client.close()
    time.sleep(1)
    warm, last = samples[len(samples) // 4], samples[-1]
    hundreds = (last.turn - warm.turn) / 100
    print(f"{last.turn} turns, {check_transcripts(folder)} transcript lines, {len(samples)} samples")
    return [
        Row(
            name="memory gained in a hundred turns",
            unit="MB",
            ours=(last.memory_mb - warm.memory_mb) / hundreds,
            target=2.0,
        ),
        Row(name="open files gained", unit="", ours=last.files - warm.files, target=2),
        Row(name="threads gained", unit="", ours=last.threads - warm.threads, target=1),
        Row(name="processes gained", unit="", ours=last.processes - warm.processes, target=0),
        Row(
            name="processes left behind after exit",
            unit="",
            ours=sum(psutil.pid_exists(pid) for pid in family),
            target=0,
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="default: 5")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, model_server() as model:
        passed = show("soak", measure(Path(folder), model, options.minutes * 60))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
