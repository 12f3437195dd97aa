"""A headless run beside another agent, both asking the same scripted model for the same tools.

Only what the programs add is measured: the model answers at once, the command is `true`, the files
are 2 kB. The gap is the time from the end of one answer to the arrival of the next request, the tool
included. Both run with everything on that they have on by default; ours with its gate and transcript.
"""

import itertools
import json
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.model_server import Script
from benchmarks.processes import (
    DROID,
    PI,
    MemoryWatch,
    ModelServer,
    environment,
    make_workspace,
    model_server,
    write_settings,
)
from benchmarks.report import Row, machine, median, show

PROMPT = "Please do the task in this folder."
COLD_ROUNDS = 7
LONG_ROUNDS = 5
STREAM_ROUNDS = 3
STREAM_WORDS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run left behind; times in milliseconds.

    Attributes:
        gaps: From the end of answer k to the arrival of request k + 1, in order.
        streaming: From the first byte of the first answer to the arrival of the second request.
        peak_mb: The most its processes ever weighed.
    """

    first: float
    wall: float
    gaps: Sequence[float]
    streaming: float
    peak_mb: float


def _droid(home: Path, base_url: str) -> list[str]:
    write_settings(home, base_url)
    return [str(DROID), "exec", "--auto", "high", "-m", "custom:bench", PROMPT]


def _pi(home: Path, base_url: str) -> list[str]:
    model = {"id": "bench", "contextWindow": 10_000_000, "maxTokens": 32_000}
    provider = {"baseUrl": base_url, "api": "openai-completions", "apiKey": "none", "models": [model]}
    folder = home / ".pi" / "agent"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models.json").write_text(json.dumps({"providers": {"bench": provider}}), encoding="utf-8")
    return [str(PI), "--offline", "--provider", "bench", "--model", "bench", "-p", PROMPT]


AGENTS: dict[str, Callable[[Path, str], list[str]]] = {"ours": _droid, "pi": _pi}


class Bench:
    """Runs either agent on a script, in homes of their own and the same folder."""

    def __init__(self, folder: Path, model: ModelServer) -> None:
        self._folder = folder
        self._model = model
        self._workspace = make_workspace(folder / "workspace")

    def path(self, turn: str) -> str:
        return f"{self._workspace}/file_{turn}.txt"

    def run(self, agent: str, script: Script, *, weigh: bool = False) -> Run:
        run = self._model.new_run(script)
        home = self._folder / agent
        home.mkdir(exist_ok=True)
        command = AGENTS[agent](home, self._model.base_url(run))
        log = self._folder / f"{agent}.log"
        with log.open("wb") as output:
            began = time.monotonic_ns()
            process = subprocess.Popen(
                command, cwd=self._workspace, env=environment(home), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output,
            )  # fmt: skip
            watch = MemoryWatch(process.pid) if weigh else None
            try:
                code = process.wait(timeout=300)
            finally:
                process.kill()
            ended = time.monotonic_ns()
        peak_mb = watch.close() if watch else 0.0
        asked = self._model.asked(run)
        if code or len(asked) != script.turns + 1:
            told = log.read_text(errors="replace")[-800:]
            raise RuntimeError(f"{shlex.join(command)}: exit {code}, {len(asked)} requests\n{told}")
        return Run(
            first=(asked[0]["arrived_ns"] - began) / 1e6,
            wall=(ended - began) / 1e6,
            gaps=[(b["arrived_ns"] - a["ended_ns"]) / 1e6 for a, b in itertools.pairwise(asked)],
            streaming=(asked[1]["arrived_ns"] - asked[0]["first_ns"]) / 1e6 if len(asked) > 1 else 0.0,
            peak_mb=peak_mb,
        )

    def each(self, script: Callable[[], Script], rounds: int, *, weigh: bool = False) -> dict[str, list[Run]]:
        """The agents by turns, so that what else the machine does falls on all alike."""
        found: dict[str, list[Run]] = {name: [] for name in AGENTS}
        for _ in range(rounds):
            for name in AGENTS:
                found[name].append(self.run(name, script(), weigh=weigh))
        return found


def _around(gaps: Sequence[float], turn: int) -> float:
    """The median gap of the eleven turns around one."""
    return median(gaps[max(0, turn - 6) : turn + 5])


def _beside_pi(
    name: str, unit: str, values: dict[str, float], target: float, *, at_least: bool = False
) -> Row:
    return Row(
        name=name, unit=unit, ours=values["ours"], beside="pi", peer=values["pi"],
        target=target, at_least=at_least,
    )  # fmt: skip


def measure(folder: Path, model: ModelServer) -> list[Row]:
    bench = Bench(folder, model)
    bench.each(Script, 1)
    cold = bench.each(Script, COLD_ROUNDS)
    shell = bench.each(lambda: Script(turns=50, tool="shell", argument="true # {turn}"), 3)
    reads = bench.each(
        lambda: Script(turns=200, tool="read", argument=bench.path("{turn}")), LONG_ROUNDS, weigh=True
    )
    streams = bench.each(lambda: Script(turns=1, words=STREAM_WORDS), STREAM_ROUNDS)
    floors = bench.each(lambda: Script(turns=1, words=1), STREAM_ROUNDS)

    def medians(runs: dict[str, list[Run]], value: Callable[[Run], float]) -> dict[str, float]:
        return {name: median(value(run) for run in found) for name, found in runs.items()}

    busy, floor = (medians(runs, lambda run: run.streaming) for runs in (streams, floors))
    rates = {name: STREAM_WORDS / max(1.0, busy[name] - floor[name]) for name in AGENTS}
    early, late = (median(_around(run.gaps, turn) for run in reads["ours"]) for turn in (10, 195))
    return [
        _beside_pi("spawn to first request", "ms", medians(cold, lambda run: run.first), 0.6),
        _beside_pi("gap after `true`", "ms", medians(shell, lambda run: median(run.gaps[1:])), 1.0),
        _beside_pi("200 reads, whole run", "ms", medians(reads, lambda run: run.wall), 1.0),
        Row(
            name="gap at turn 195",
            unit="ms",
            ours=late,
            beside="at turn 10",
            peer=early,
            target=1.5,
        ),
        _beside_pi("peak memory in that run", "MB", medians(reads, lambda run: run.peak_mb), 0.5),
        _beside_pi("streamed words", "per ms", rates, 1.0, at_least=True),
    ]


def main() -> bool:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, model_server() as model:
        return show("headless run", measure(Path(folder), model))


if __name__ == "__main__":
    print(machine())
    main()
