"""Hooks that follow a script: no program is run."""

from collections.abc import Callable, Sequence

from droid.domain.hooks import HookCall, HookOutcome
from droid.domain.policy import HookRule


class NoHooks:
    """The `Hooks` port where nothing is ever asked."""

    async def run(self, calls: Sequence[HookCall], rules: Sequence[HookRule]) -> HookOutcome:
        raise AssertionError("no hook is configured here")


class ScriptedHooks:
    """The `Hooks` port over a function.

    Attributes:
        calls: What was asked, in order.
        rules: The rules that came with each.
    """

    def __init__(self, answer: Callable[[HookCall], HookOutcome] = lambda _: HookOutcome()) -> None:
        self.calls: list[HookCall] = []
        self.rules: list[Sequence[HookRule]] = []
        self.answer = answer

    async def run(self, calls: Sequence[HookCall], rules: Sequence[HookRule]) -> HookOutcome:
        outcome = HookOutcome()
        for call in calls:
            self.calls.append(call)
            self.rules.append(rules)
            outcome = self.answer(call)
        return outcome
