"""Step `taint`: nothing leaves for a new place unasked once untrusted text is in the context."""

from typing import Any

import pytest
from tests.unit.safety.facts import call_facts

from droid.domain.decisions import Step
from droid.domain.levels import AutonomyLevel, Risk, SettingsLevel, Verdict
from droid.domain.policy import ListEntry, Policy, RiskVerdict, Source
from droid.safety.commands.model import Assessment
from droid.safety.facts import CallFacts
from droid.safety.hosts import Destination, unnamed
from droid.safety.rules import BUILTIN_RULES, SKIPPABLE

EVIL = Destination(name="evil.example", host="evil.example")
GOOD = Destination(name="api.good.example:8443", host="api.good.example", port=8443)
ORG = Source(level=SettingsLevel.ORG, file="/etc/factory/settings.json")
LOW, MEDIUM, HIGH = Risk


def sends(*places: Destination, **more: Any) -> CallFacts:
    return call_facts("Execute", command="curl", tainted="web: page.example", destinations=places, **more)


@pytest.mark.parametrize(
    ("facts", "policy", "verdict"),
    [
        (call_facts("Execute", destinations=(EVIL,)), Policy(), None),
        (sends(), Policy(), None),
        (sends(EVIL), Policy(), Verdict.ASK),
        (sends(EVIL), Policy(taint=Verdict.DENY), Verdict.DENY),
        (sends(EVIL), Policy(taint=Verdict.ALLOW), None),
        (sends(EVIL, known_destinations=frozenset({"evil.example"})), Policy(), None),
        (sends(EVIL, known_destinations=frozenset({"evil.example:80"})), Policy(), Verdict.ASK),
        (sends(GOOD), Policy(allowed_domains=(ListEntry(text="*.good.example"),)), None),
        (sends(GOOD), Policy(own_servers=(ListEntry(text="api.good.example:8443"),)), None),
        (sends(GOOD), Policy(own_servers=(ListEntry(text="api.good.example:443"),)), Verdict.ASK),
        (sends(GOOD, EVIL), Policy(allowed_domains=(ListEntry(text="*.good.example"),)), Verdict.ASK),
        (sends(unnamed("x")), Policy(), Verdict.ASK),
        (sends(unnamed("x"), known_destinations=frozenset({"x"})), Policy(), Verdict.ASK),
        (sends(EVIL, skip_permissions=True, autonomy=AutonomyLevel.HIGH), Policy(), Verdict.ASK),
    ],
)
def test_the_step(facts: CallFacts, policy: Policy, verdict: Verdict | None) -> None:
    entry = BUILTIN_RULES[Step.TAINT](facts, policy)
    assert (entry.step, entry.verdict) == (Step.TAINT, verdict)


def test_it_says_where_to_and_by_what_and_who_wants_it_so() -> None:
    entry = BUILTIN_RULES[Step.TAINT](sends(EVIL, GOOD), Policy(taint=Verdict.DENY, taint_source=ORG))
    assert "web: page.example" in entry.rule
    assert entry.matched == "evil.example, api.good.example:8443"
    assert (entry.level, entry.file) == (ORG.level, ORG.file)


def test_it_is_not_among_what_can_be_skipped() -> None:
    assert Step.TAINT not in SKIPPABLE


def command(risk: Risk, **more: Any) -> CallFacts:
    assessment = Assessment(risk=risk, programs=("x",), reasons=("because",))
    return call_facts("Execute", command="x", assessment=assessment, **more)


def risks(within: AutonomyLevel = AutonomyLevel.HIGH, **verdicts: Verdict) -> Policy:
    made = {
        Risk(risk): RiskVerdict(verdict=verdict, source=ORG, within=within)
        for risk, verdict in verdicts.items()
    }
    return Policy(risk_verdicts=made)


@pytest.mark.parametrize(
    ("facts", "policy", "verdict"),
    [
        (command(HIGH, autonomy=AutonomyLevel.HIGH), risks(high=Verdict.ASK), Verdict.ASK),
        (command(HIGH, autonomy=AutonomyLevel.HIGH), risks(high=Verdict.DENY), Verdict.DENY),
        (command(HIGH), risks(high=Verdict.ALLOW), Verdict.ALLOW),
        (command(MEDIUM), risks(high=Verdict.ALLOW), Verdict.ASK),
        (command(LOW, autonomy=AutonomyLevel.HIGH), risks(high=Verdict.DENY), Verdict.ALLOW),
        (command(LOW, allow_low_risk_commands=True), risks(low=Verdict.ASK), Verdict.ASK),
        (command(HIGH), risks(AutonomyLevel.MEDIUM, high=Verdict.ALLOW), Verdict.ASK),
        (command(MEDIUM), risks(AutonomyLevel.MEDIUM, medium=Verdict.ALLOW), Verdict.ALLOW),
        (command(LOW), risks(AutonomyLevel.OFF, low=Verdict.ALLOW), Verdict.ASK),
        (command(HIGH, skip_permissions=True), risks(high=Verdict.DENY), Verdict.ALLOW),
        (call_facts("mcp__x__y", access_is_complete=False), risks(high=Verdict.DENY), Verdict.DENY),
        (call_facts("TodoWrite"), risks(low=Verdict.DENY), Verdict.ALLOW),
    ],
)
def test_a_risk_policy_decides_whatever_the_autonomy(
    facts: CallFacts, policy: Policy, verdict: Verdict
) -> None:
    assert BUILTIN_RULES[Step.AUTONOMY](facts, policy).verdict is verdict


def test_a_risk_policy_says_where_it_stands() -> None:
    entry = BUILTIN_RULES[Step.AUTONOMY](command(HIGH), risks(high=Verdict.DENY))
    assert (entry.level, entry.file, entry.matched) == (ORG.level, ORG.file, "because")


def test_a_file_that_cannot_be_read_leaves_a_risk_policy_nothing_to_allow() -> None:
    policy = Policy(risk_verdicts=risks(high=Verdict.ALLOW).risk_verdicts, malformed=("broken",))
    assert BUILTIN_RULES[Step.AUTONOMY](command(HIGH), policy).verdict is Verdict.ASK
