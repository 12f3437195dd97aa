"""Times the settings engine from within, in a process of its own: prints milliseconds as JSON.

Run by `bench_settings` with the program's interpreter:

    python -m benchmarks.settings_probe cold WORKSPACE
    python -m benchmarks.settings_probe folders WORKSPACE
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from droid.app.policies import Policies, open_policies

WARM_LOOKS = 300


def main() -> None:
    what, workspace = sys.argv[1], Path(os.path.realpath(sys.argv[2]))
    print(json.dumps({"cold": cold, "folders": folders}[what](workspace)))


def cold(workspace: Path) -> dict[str, list[float]]:
    """The first look at the deepest folder, and looking again: nothing is taken from what was just seen."""
    deepest = max(workspace.rglob(".factory"), key=lambda folder: len(folder.parts)).parent
    began = time.perf_counter()
    policies = open_policies(workspace, os.environ)
    policies.of(deepest)
    first = _ms(began)
    return {"cold": [first], "warm": _looks(policies, [deepest] * WARM_LOOKS)}


def folders(workspace: Path) -> dict[str, list[float]]:
    """Looking at each of many folders, once each was looked at before."""
    policies = open_policies(workspace, os.environ)
    places = sorted(folder.parent for folder in workspace.rglob(".factory"))
    trusted = policies.snapshot(workspace).trust.trusted
    _looks(policies, places)
    return {"each": _looks(policies, places), "trusted": [float(trusted)]}


def _looks(policies: Policies, places: list[Path]) -> list[float]:
    times: list[float] = []
    look: Callable[[Path], object] = policies.of
    for place in places:
        policies.engine.changed()
        began = time.perf_counter()
        look(place)
        times.append(_ms(began))
    return times


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    main()
