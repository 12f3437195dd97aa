"""What each built-in step of the gate says about a call.

A rule returns a trace entry; its verdict is None where the step has no objection and no permission to
give. Steps with nothing configured say so, so that a trace shows the whole walk.
"""

from collections.abc import Callable, Mapping

from droid.domain.decisions import Step, TraceEntry
from droid.domain.levels import AutonomyLevel, Risk, Verdict
from droid.domain.policy import Policy
from droid.safety.facts import CallFacts
from droid.safety.files_step import judge_files
from droid.safety.list_steps import allowlist, blocklist, denylist
from droid.safety.taint import taint

Rule = Callable[[CallFacts, Policy], TraceEntry]

SKIPPABLE = frozenset({Step.DENYLIST, Step.ALLOWLIST, Step.AUTONOMY})
"""What `--skip-permissions-unsafe` skips, whether the rule is built in or plugged."""
SKIPPED = "skipped by --skip-permissions-unsafe"


def risk_of(facts: CallFacts) -> tuple[Risk, str]:
    """How dangerous a call is, and why."""
    if not facts.access_is_complete:
        return Risk.HIGH, f"what {facts.tool[:80]} touches is not known"
    if facts.command is not None:
        if facts.assessment is None:
            return Risk.HIGH, "what the command does is not known"
        return facts.assessment.risk, "; ".join(facts.assessment.reasons)
    if outside := [path.named for path in facts.writes if not path.in_workspace]:
        return Risk.HIGH, f"changes {outside[0]}, outside the workspace"
    if facts.writes:
        return Risk.LOW, "edits files in the workspace"
    return Risk.LOW, "reads only"


def _input(facts: CallFacts, policy: Policy) -> TraceEntry:
    if facts.invalid is not None:
        return TraceEntry(
            step=Step.INPUT, verdict=Verdict.DENY, rule="the arguments do not fit", matched=facts.invalid
        )
    return TraceEntry(step=Step.INPUT, verdict=None, rule="the arguments fit the tool's schema")


def _tools(facts: CallFacts, policy: Policy) -> TraceEntry:
    if facts.unavailable is not None:
        return TraceEntry(
            step=Step.TOOLS, verdict=Verdict.DENY, rule=facts.unavailable, matched=facts.tool[:200]
        )
    return TraceEntry(step=Step.TOOLS, verdict=None, rule="the tool is enabled")


def skips_permissions(facts: CallFacts, policy: Policy) -> bool:
    """Whether `denylist`, `allowlist` and `autonomy` are skipped; a maximum may have come since the start."""
    return facts.skip_permissions and policy.max_autonomy is AutonomyLevel.HIGH


def _by_risk_policy(facts: CallFacts, policy: Policy) -> TraceEntry | None:
    """What `riskPolicy` makes of a call's risk, whatever the autonomy; None where it says nothing."""
    if not policy.risk_verdicts:
        return None
    if facts.access_is_complete and facts.command is None and not facts.reads and not facts.writes:
        return None  # a plan or a question touches nothing, so it has no risk
    risk, why = risk_of(facts)
    said = policy.risk_verdicts.get(risk)
    if said is None:
        return None
    within = AutonomyLevel.OFF if policy.malformed else said.within
    if said.verdict is Verdict.ALLOW and (within is AutonomyLevel.OFF or risk > Risk(within.value)):
        return None
    return TraceEntry(
        step=Step.AUTONOMY,
        verdict=said.verdict,
        rule=f"riskPolicy: {said.verdict} what is of {risk} risk",
        level=said.source.level,
        file=said.source.file,
        matched=why,
    )


def _autonomy(facts: CallFacts, policy: Policy) -> TraceEntry:
    if skips_permissions(facts, policy):
        return TraceEntry(step=Step.AUTONOMY, verdict=Verdict.ALLOW, rule=SKIPPED)
    if (said := _by_risk_policy(facts, policy)) is not None:
        return said
    if facts.access_is_complete and not facts.writes and facts.command is None:
        return TraceEntry(step=Step.AUTONOMY, verdict=Verdict.ALLOW, rule="looking needs no approval")
    risk, why = risk_of(facts)
    level = min(facts.autonomy, policy.max_autonomy)
    if facts.command is not None and risk is Risk.LOW and facts.allow_low_risk_commands:
        return TraceEntry(
            step=Step.AUTONOMY, verdict=Verdict.ALLOW, rule="low-risk commands may run", matched=why
        )
    if level is not AutonomyLevel.OFF and risk <= Risk(level.value):
        return TraceEntry(
            step=Step.AUTONOMY, verdict=Verdict.ALLOW, rule=f"{risk} risk, autonomy {level}", matched=why
        )
    # At the maximum it is the maximum that a person would have to change.
    at_maximum = facts.autonomy >= policy.max_autonomy
    source = policy.max_autonomy_source if at_maximum else policy.autonomy_source
    return TraceEntry(
        step=Step.AUTONOMY,
        verdict=Verdict.ASK,
        rule=f"{risk} risk needs approval at autonomy {level}",
        level=source.level,
        file=source.file,
        matched=why,
    )


def _nothing(step: Step, rule: str) -> Rule:
    def say(facts: CallFacts, policy: Policy) -> TraceEntry:
        return TraceEntry(step=step, verdict=None, rule=rule)

    return say


def _skippable(step: Step, rule: Rule) -> Rule:
    def say(facts: CallFacts, policy: Policy) -> TraceEntry:
        if skips_permissions(facts, policy):
            return TraceEntry(step=step, verdict=None, rule=SKIPPED)
        return rule(facts, policy)

    return say


BUILTIN_RULES: Mapping[Step, Rule] = {
    Step.INPUT: _input,
    Step.TOOLS: _tools,
    Step.BLOCKLIST: blocklist,
    Step.FILES: judge_files,
    Step.SHIELD: _nothing(Step.SHIELD, "no scanner is configured"),
    Step.HOOKS: _nothing(Step.HOOKS, "no hook is configured"),
    Step.DENYLIST: _skippable(Step.DENYLIST, denylist),
    Step.TAINT: taint,
    Step.ALLOWLIST: _skippable(Step.ALLOWLIST, allowlist),
    Step.AUTONOMY: _autonomy,
    Step.SANDBOX: _nothing(Step.SANDBOX, "no sandbox is configured: the call runs unconfined"),
}
