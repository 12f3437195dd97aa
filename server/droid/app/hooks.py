"""The hooks of one workspace: plugs their runner into the engine."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from droid.app.policies import Policies, identities
from droid.domain.hooks import HookCall, HookOutcome
from droid.domain.policy import HookRule
from droid.domain.ports import ProcessRunner
from droid.engine.ports import Hooks

if TYPE_CHECKING:
    from droid.hooks.inputs import Surroundings

logger = logging.getLogger(__name__)


class LazyHooks:
    """Implements the `Hooks` port; what runs hooks is imported with the first one that there is."""

    def __init__(self, make: Callable[[], Hooks]) -> None:
        self._make = make
        self._made: Hooks | None = None

    async def run(self, calls: Sequence[HookCall], rules: Sequence[HookRule]) -> HookOutcome:
        """See `Hooks.run`."""
        if self._made is None:
            self._made = await asyncio.to_thread(self._make)
        return await self._made.run(calls, rules)


def hooks_of(
    policies: Policies,
    processes: ProcessRunner,
    environ: Mapping[str, str],
    transcript: Callable[[str], str] = lambda _: "",
) -> Hooks:
    """What runs the hooks of a workspace.

    Args:
        transcript: The file that a session is written to.
    """

    def make() -> Hooks:
        from droid.hooks.runner import HookRunner

        return HookRunner(processes, _surroundings(policies, environ, transcript))

    return LazyHooks(make)


def _surroundings(
    policies: Policies, environ: Mapping[str, str], transcript: Callable[[str], str]
) -> "Surroundings":
    from droid.hooks.inputs import Surroundings
    from droid.sandbox.environment import environment_for
    from droid.tools.paths import OsPaths
    from droid.tools.shell import find_shell

    home = Path(environ.get("HOME") or Path.home())

    def argv(command: str) -> tuple[str, ...]:
        return find_shell().argv(command)

    return Surroundings(
        env=environment_for(os.environ),
        argv=argv,
        project=policies.hook_project,
        transcript=transcript,
        environment_type=lambda folder: policies.snapshot(folder).environment.type,
        user_id=next(iter(identities(environ)), ""),
        place=policies.hook_place,
        refusal=policies.hook_refusal,
        repository=lambda folder: OsPaths().repository(folder, None, home),
    )
