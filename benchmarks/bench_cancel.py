"""How long a cancel takes while a command runs: until the client is told that the turn is over."""

import contextlib
import queue
import tempfile
import time
from collections.abc import Callable, Sequence
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
from benchmarks.report import Row, machine, percentile, show

ROUNDS = 20
COMMAND = "sh -c 'trap \"\" TERM; sleep 321 & sleep 321'"
"""Ignores the polite signal and leaves a child, as build tools do."""


def sleepers(pid: int) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for process in children(pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if process.cmdline()[:2] == ["sleep", "321"]:
                found.append(process)
    return found


def until(condition: Callable[[], object], what: str, limit_s: float = 10) -> None:
    """Wait for something. Raises: TimeoutError."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.005)


def until_gone(processes: Sequence[psutil.Process]) -> None:
    until(lambda: not any(process.is_running() for process in processes), "the command still runs")


def measure(folder: Path, model: ModelServer) -> list[Row]:
    workspace = make_workspace(folder / "workspace")
    script = Script(turns=1, tool="shell", argument=COMMAND)
    run = model.new_run(script)
    write_settings(folder, model.base_url(run), sessionDefaultSettings={"autonomyLevel": "high"})
    client = Client(
        (str(DROID), "serve"), workspace=workspace, env=environment(folder), errors=folder / "errors.log"
    )
    ended: queue.SimpleQueue[float] = queue.SimpleQueue()

    def notice(at: float, message: dict[str, Any]) -> None:
        if message["method"] == "$/progress" and message["params"]["value"].get("kind") == "end":
            ended.put(at)

    client.on_message = notice
    told: list[float] = []
    gone: list[float] = []
    try:
        client.initialize()
        for _ in range(ROUNDS):
            model.play(run, script)
            client.command("droid.ask", {"prompt": "Wait for it."})
            until(lambda: len(sleepers(client.process.pid)) == 2, "the command did not start")
            running = sleepers(client.process.pid)
            began = time.perf_counter()
            client.command("droid.cancel")
            told.append((ended.get(timeout=10) - began) * 1e3)
            until_gone(running)
            gone.append((time.perf_counter() - began) * 1e3)
    finally:
        client.close()
    return [
        Row(name="cancel to the turn's end, p50", unit="ms", ours=percentile(told, 0.5), target=250),
        Row(name="cancel to the turn's end, worst", unit="ms", ours=max(told), target=250),
        Row(name="cancel until no process is left, worst", unit="ms", ours=max(gone), target=1000),
    ]


def main() -> bool:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, model_server() as model:
        return show("cancel with a command running", measure(Path(folder), model))


if __name__ == "__main__":
    print(machine())
    main()
