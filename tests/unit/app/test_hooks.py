"""Hooks cost nothing where there are none."""

from tests.fakes.hooks import ScriptedHooks
from tests.unit.hooks.rules import hook_call, rule

from droid.app.hooks import LazyHooks


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
