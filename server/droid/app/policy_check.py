"""What the gate would decide about a call, for whoever asks without a session: nothing is run."""

import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from droid.app.policies import Policies, open_policies
from droid.domain.decisions import Decision, Step
from droid.domain.levels import AutonomyLevel, Verdict
from droid.domain.policy import Policy
from droid.engine.facts import gather
from droid.engine.gate import Gate, GateStep
from droid.engine.ports import PathResolver, SessionOptions
from droid.safety.facts import CallFacts
from droid.settings.paths import factory_home
from droid.tools.paths import OsPaths
from droid.tools.registry import builtin_tools


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ports:
    paths: PathResolver
    home: Path
    factory_home: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A call that somebody wants to know about.

    Attributes:
        autonomy: None: where a session would start.
        interactive: There would be a person to ask.
    """

    tool: str
    input: Mapping[str, Any]
    autonomy: AutonomyLevel | None = None
    interactive: bool = True


class PolicyCheck:
    """Answers for one folder.

    Args:
        policies: Open; the settings in force.
        plugs: Steps that need the world, where they are to be asked too.
    """

    def __init__(
        self,
        policies: Policies,
        environ: Mapping[str, str] | None = None,
        plugs: Mapping[Step, GateStep] | None = None,
    ) -> None:
        environ = os.environ if environ is None else environ
        self._policies = policies
        self._tools = {tool.spec.name: tool for tool in builtin_tools()}
        self._gate = Gate(plugs)
        paths = OsPaths()
        self._ports = _Ports(
            paths=paths,
            home=paths.real(Path(environ.get("HOME") or Path.home())),
            factory_home=factory_home(environ),
        )

    async def decide(self, question: Question, cwd: Path) -> Decision:
        """What would happen now; where nobody could be asked, an ask is a deny."""
        policy = self._policies.of(cwd)
        wanted = question.autonomy if question.autonomy is not None else policy.autonomy
        options = SessionOptions(
            surface="check",
            interactive=question.interactive,
            # As in a headless run that was given no level.
            allow_low_risk_commands=not question.interactive and question.autonomy is None,
        )

        def policies(facts: CallFacts) -> Sequence[Policy]:
            named = [Path(path.real) for path in (*facts.reads, *facts.writes)]
            return self._policies.all_of(cwd, named)

        def facts_of(arguments: Mapping[str, Any]) -> CallFacts:
            tool = self._tools.get(question.tool)
            return gather(
                self._ports,
                options,
                call_id="check",
                name=question.tool,
                tool=tool,
                arguments=arguments,
                invalid=None,
                unavailable=None
                if tool
                else f"there is no such tool; the tools are {', '.join(self._tools)}",
                cwd=cwd,
                workspace=self._policies.workspace,
                autonomy=min(wanted, policy.max_autonomy),
                policies_for=policies,
            ).facts

        async def again(arguments: Mapping[str, Any]) -> CallFacts:
            return facts_of(arguments)

        decision, _ = await self._gate.decide(facts_of(question.input), policies, again)
        if decision.verdict is Verdict.ASK and not question.interactive:
            return replace(decision, verdict=Verdict.DENY)
        return decision


def decision_row(decision: Decision) -> dict[str, Any]:
    """A decision for scripts and clients: verdict, effective input, and what each step had to say."""
    return {
        "verdict": decision.verdict.value,
        "input": decision.input,
        "trace": [
            {
                "step": entry.step.value,
                "verdict": None if entry.verdict is None else entry.verdict.value,
                "rule": entry.rule,
                "level": entry.level.value,
                "file": entry.file,
                "matched": entry.matched,
            }
            for entry in decision.trace
        ],
    }


@asynccontextmanager
async def open_check(
    place: Path, environ: Mapping[str, str] | None = None, *, hooks: bool = False
) -> AsyncGenerator[PolicyCheck, None]:
    """Answers for a folder, with the settings in force there.

    Args:
        hooks: The hooks that would be asked are asked.
    """
    if hooks:
        from droid.app.hook_trial import open_trial

        async with open_trial(place, environ) as trial:
            yield PolicyCheck(trial.policies, environ, {Step.HOOKS: trial.step})
        return
    policies = open_policies(place, os.environ if environ is None else environ)
    await policies.start()
    try:
        yield PolicyCheck(policies, environ)
    finally:
        await policies.aclose()
