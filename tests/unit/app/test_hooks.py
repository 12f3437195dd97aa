"""Hooks cost nothing where there are none."""

import os
import subprocess
import sys
from pathlib import Path

from tests.fakes.hooks import ScriptedHooks
from tests.unit.hooks.rules import hook_call, rule

from droid.app.hooks import LazyHooks

SERVER = Path(__file__).parents[3] / "server"


def test_a_runtime_imports_nothing_of_them() -> None:
    script = "import sys, droid.app.runtime, droid.app.adapters; print([m for m in sys.modules if m.startswith('droid.hooks')])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


async def test_they_are_made_once_when_the_first_is_asked() -> None:
    made: list[ScriptedHooks] = []

    def make() -> ScriptedHooks:
        made.append(ScriptedHooks())
        return made[-1]

    hooks = LazyHooks(make)
    for _ in range(2):
        await hooks.run([hook_call()], [rule()])
    assert len(made) == 1
    assert len(made[0].calls) == 2
