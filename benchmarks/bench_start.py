"""How soon the language server answers `initialize`, and what it weighs when nobody asks anything."""

import tempfile
import time
from pathlib import Path

from benchmarks.lsp_client import Client
from benchmarks.processes import BARE_SERVER, DROID, environment, make_workspace, pss_mb
from benchmarks.report import Row, machine, median, show

ROUNDS = 9
WEIGHED = 3
COMMANDS = {"ours": (str(DROID), "serve"), "pygls alone": BARE_SERVER}


def measure(folder: Path) -> list[Row]:
    workspace = make_workspace(folder / "workspace")
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    weights: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(ROUNDS + 1):
        for name, command in COMMANDS.items():
            client = Client(
                command, workspace=workspace, env=environment(folder), errors=folder / "errors.log"
            )
            try:
                elapsed = client.initialize()
                if number:  # the first of each only warms the disk cache
                    times[name].append(elapsed)
                if 0 < number <= WEIGHED:
                    time.sleep(2)
                    weights[name].append(pss_mb(client.process.pid))
            finally:
                client.close()
    return [
        Row(
            name="spawn to initialize",
            unit="ms",
            ours=median(times["ours"]),
            beside="pygls alone",
            peer=median(times["pygls alone"]),
            target=1.3,
        ),
        Row(
            name="memory after 2 s, all its processes",
            unit="MB",
            ours=median(weights["ours"]),
            beside="pygls alone",
            peer=median(weights["pygls alone"]),
            target=1.6,
        ),
    ]


def main() -> bool:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return show("language server, start", measure(Path(folder)))


if __name__ == "__main__":
    print(machine())
    main()
