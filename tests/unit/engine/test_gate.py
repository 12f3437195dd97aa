"""The one gate: what each step says, and how the steps become a verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.safety.commands_of import execute
from tests.unit.safety.facts import call_facts, path_fact

from droid.domain.decisions import Decision, Step, TraceEntry
from droid.domain.levels import AutonomyLevel, SettingsLevel, Verdict
from droid.domain.policy import Policy, Source
from droid.engine.gate import Gate, Ruling
from droid.safety.facts import CallFacts

OFF, LOW, MEDIUM, HIGH = AutonomyLevel


async def decide(facts: CallFacts, *policies: Policy, plugs: Mapping[Step, Any] | None = None) -> Decision:
    async def regather(arguments: Mapping[str, Any]) -> CallFacts:
        if "command" in arguments:
            return execute(arguments["command"], autonomy=facts.autonomy)
        return call_facts(facts.tool, input=arguments, autonomy=facts.autonomy)

    decision, _ = await Gate(plugs).decide(facts, lambda _: policies or (Policy(),), regather)
    return decision


def edit(name: str, real: str | None = None, **changes: Any) -> CallFacts:
    return call_facts("Edit", writes=(path_fact(name, real),), **changes)


def command(text: str, **changes: Any) -> CallFacts:
    return execute(text, **changes)


@pytest.mark.parametrize(
    ("facts", "verdict", "step"),
    [
        (call_facts(reads=(path_fact("a.py"),)), Verdict.ALLOW, Step.AUTONOMY),
        (call_facts(reads=(path_fact("x", "/etc/hosts"),)), Verdict.ALLOW, Step.AUTONOMY),
        (call_facts(reads=(path_fact("x", "/home/ada/.ssh/id_rsa"),), autonomy=HIGH), Verdict.DENY, Step.FILES),
        (call_facts(reads=(path_fact(".env"),), autonomy=HIGH), Verdict.DENY, Step.FILES),
        (call_facts(reads=(path_fact("innocent", "/home/ada/.AWS/Credentials"),)), Verdict.DENY, Step.FILES),
        (call_facts(invalid="file_path is missing"), Verdict.DENY, Step.INPUT),
        (call_facts(unavailable="there is no such tool"), Verdict.DENY, Step.TOOLS),
        (edit("a.py"), Verdict.ASK, Step.AUTONOMY),
        (edit("a.py", autonomy=LOW), Verdict.ALLOW, Step.AUTONOMY),
        (edit("x", "/etc/hosts", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit(".factory/settings.json", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit(".factory/hooks.json", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit(".FACTORY/Settings.Local.JSON", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit("link", "/home/ada/.factory/settings.json", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit(".git/hooks/pre-commit", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit("sub/.git/config", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit("notes", "/home/ada/project/.git/config", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit(".envrc", autonomy=HIGH), Verdict.ASK, Step.FILES),
        (edit(".factory/local/chat.droid.md", autonomy=LOW), Verdict.ALLOW, Step.AUTONOMY),
        (command("ls"), Verdict.ASK, Step.AUTONOMY),
        (command("ls", allow_low_risk_commands=True), Verdict.ALLOW, Step.AUTONOMY),
        (command("rm a", allow_low_risk_commands=True), Verdict.ASK, Step.AUTONOMY),
        (command("ls", autonomy=LOW), Verdict.ALLOW, Step.AUTONOMY),
        (command("rm -r a", autonomy=MEDIUM), Verdict.ASK, Step.AUTONOMY),
        (command("rm a", autonomy=HIGH), Verdict.ALLOW, Step.AUTONOMY),
        (command("rm a", skip_permissions=True), Verdict.ALLOW, Step.AUTONOMY),
        (edit(".git/config", skip_permissions=True), Verdict.ASK, Step.FILES),
        (call_facts("TodoWrite"), Verdict.ALLOW, Step.AUTONOMY),
        (call_facts("mcp__x__get", access_is_complete=False), Verdict.ASK, Step.AUTONOMY),
        (call_facts("mcp__x__get", access_is_complete=False, autonomy=MEDIUM), Verdict.ASK, Step.AUTONOMY),
        (call_facts("mcp__x__get", access_is_complete=False, autonomy=HIGH), Verdict.ALLOW, Step.AUTONOMY),
        (command("ls", access_is_complete=False, autonomy=LOW), Verdict.ASK, Step.AUTONOMY),
        (command("ls", access_is_complete=False, allow_low_risk_commands=True), Verdict.ASK, Step.AUTONOMY),
    ],
)  # fmt: skip
async def test_the_built_in_steps(facts: CallFacts, verdict: Verdict, step: Step) -> None:
    decision = await decide(facts)
    assert (decision.verdict, decision.deciding and decision.deciding.step) == (verdict, step)


async def test_skipping_ends_when_a_maximum_comes() -> None:
    facts = command("rm a", skip_permissions=True)
    assert (await decide(facts, Policy(max_autonomy=MEDIUM))).verdict is Verdict.ASK


async def test_skipping_holds_for_plugged_steps_and_says_so() -> None:
    plugs = {step: _Says(step, Verdict.ASK) for step in (Step.DENYLIST, Step.ALLOWLIST, Step.AUTONOMY)}
    decision = await decide(command("rm a", skip_permissions=True), plugs=plugs)
    assert decision.verdict is Verdict.ALLOW
    skipped = [entry.step for entry in decision.trace if "skip-permissions" in entry.rule]
    assert skipped == list(plugs)


async def test_a_command_that_shows_a_secret_is_denied_as_a_read_is() -> None:
    decision = await decide(command("cat .env", reads=(path_fact(".env"),), autonomy=HIGH))
    assert decision.verdict is Verdict.DENY


async def test_every_step_has_its_place_in_the_trace() -> None:
    decision = await decide(edit("a.py"))
    assert [entry.step for entry in decision.trace] == list(Step)


async def test_a_deny_ends_the_walk() -> None:
    decision = await decide(call_facts(unavailable="disabled"))
    assert [entry.step for entry in decision.trace] == [Step.INPUT, Step.TOOLS]


async def test_the_maximum_holds_whatever_the_session_says_and_names_its_source() -> None:
    source = Source(level=SettingsLevel.PROJECT, file="/home/ada/project/.factory/settings.json")
    policy = Policy(max_autonomy=LOW, max_autonomy_source=source)
    decision = await decide(command("rm a", autonomy=HIGH), policy)
    assert decision.verdict is Verdict.ASK
    assert "project settings, /home/ada/project/.factory/settings.json" in decision.reason


class _Says:
    def __init__(self, step: Step, verdict: Verdict | None, *inputs: Mapping[str, Any]) -> None:
        self.step, self.verdict, self.inputs = step, verdict, list(inputs)

    async def judge(self, facts: CallFacts, policies: Sequence[Policy]) -> Ruling:
        entry = TraceEntry(step=self.step, verdict=self.verdict, rule="says the test")
        return Ruling(entry=entry, input=self.inputs.pop(0) if self.inputs else None)


async def test_an_allow_of_a_hook_answers_the_question_of_autonomy() -> None:
    plugs = {Step.HOOKS: _Says(Step.HOOKS, Verdict.ALLOW)}
    assert (await decide(command("rm a"), plugs=plugs)).verdict is Verdict.ALLOW


async def test_an_allow_of_a_hook_lifts_no_ask_of_the_files_step() -> None:
    plugs = {Step.HOOKS: _Says(Step.HOOKS, Verdict.ALLOW)}
    assert (await decide(edit(".git/config", autonomy=HIGH), plugs=plugs)).verdict is Verdict.ASK


async def test_an_allow_of_a_step_that_may_not_answer_spares_nothing() -> None:
    plugs = {Step.SHIELD: _Says(Step.SHIELD, Verdict.ALLOW)}
    assert (await decide(command("rm a"), plugs=plugs)).verdict is Verdict.ASK


async def test_a_rewritten_input_walks_the_gate_again_and_is_what_runs() -> None:
    plugs = {Step.HOOKS: _Says(Step.HOOKS, None, {"command": "ls"})}
    decision = await decide(command("rm a", autonomy=LOW), plugs=plugs)
    assert (decision.verdict, decision.input) == (Verdict.ALLOW, {"command": "ls"})


async def test_a_rewrite_to_something_dangerous_is_judged_as_such() -> None:
    plugs = {Step.HOOKS: _Says(Step.HOOKS, Verdict.ALLOW, {"command": "rm a"})}
    assert (await decide(command("ls", autonomy=LOW), plugs=plugs)).verdict is Verdict.ALLOW
    plugs = {Step.HOOKS: _Says(Step.HOOKS, None, {"command": "rm a"})}
    assert (await decide(command("ls", autonomy=LOW), plugs=plugs)).verdict is Verdict.ASK


async def test_a_second_rewrite_denies() -> None:
    plugs = {Step.HOOKS: _Says(Step.HOOKS, None, {"command": "a"}, {"command": "b"})}
    assert (await decide(command("ls", autonomy=HIGH), plugs=plugs)).verdict is Verdict.DENY


@given(
    st.dictionaries(st.sampled_from(list(Step)), st.sampled_from([None, *Verdict]), max_size=len(Step)),
    st.sampled_from(list(Step)),
)
async def test_one_more_deny_denies_whatever_the_others_say(
    verdicts: dict[Step, Verdict | None], denying: Step
) -> None:
    plugs = {step: _Says(step, verdict) for step, verdict in (verdicts | {denying: Verdict.DENY}).items()}
    assert (await decide(command("ls", autonomy=HIGH), plugs=plugs)).verdict is Verdict.DENY


@given(st.dictionaries(st.sampled_from(list(Step)), st.sampled_from([None, *Verdict]), max_size=len(Step)))
async def test_an_ask_before_autonomy_is_never_lifted(verdicts: dict[Step, Verdict | None]) -> None:
    plugs = {step: _Says(step, verdict) for step, verdict in (verdicts | {Step.FILES: Verdict.ASK}).items()}
    assert (await decide(command("ls", autonomy=HIGH), plugs=plugs)).verdict is not Verdict.ALLOW


@given(st.permutations([Policy(), Policy(max_autonomy=LOW), Policy(max_autonomy=MEDIUM)]))
async def test_of_several_policies_the_strictest_counts_in_whatever_order(policies: list[Policy]) -> None:
    call = command("rm a", autonomy=HIGH)
    assert (await decide(call, Policy())).verdict is Verdict.ALLOW
    assert (await decide(call, *policies)).verdict is Verdict.ASK
    assert (await decide(command("rm a", skip_permissions=True), *policies)).verdict is Verdict.ASK


@given(st.lists(st.sampled_from(AutonomyLevel), min_size=1), st.sampled_from(AutonomyLevel))
async def test_another_policy_never_loosens(levels: list[AutonomyLevel], more: AutonomyLevel) -> None:
    call = edit("a.py", autonomy=HIGH)
    policies = [Policy(max_autonomy=level) for level in levels]
    alone = (await decide(call, *policies)).verdict
    assert (await decide(call, *policies, Policy(max_autonomy=more))).verdict >= alone
