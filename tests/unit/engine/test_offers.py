"""Which answers are offered: only those that can be honoured."""

import pytest
from tests.unit.safety.commands_of import ORG, USER, entries, execute
from tests.unit.safety.facts import call_facts, path_fact

from droid.domain.decisions import Answer, Decision, Step, TraceEntry
from droid.domain.levels import AutonomyLevel, Risk, SettingsLevel, Verdict
from droid.domain.policy import Policy
from droid.engine.offers import Offers, always_entry, is_granted, offers_for
from droid.safety.facts import CallFacts
from droid.safety.program_grants import program_key
from droid.safety.rules import BUILTIN_RULES
from droid.safety.verdicts import Walk, strictest


def decided(facts: CallFacts, *policies: Policy) -> Decision:
    """As the gate decides, without plugs."""
    walk = Walk()
    for step in Step:
        if not walk.add(strictest([BUILTIN_RULES[step](facts, policy) for policy in policies])):
            break
    return walk.decision(facts.input, Risk.HIGH)


def offered(facts: CallFacts, *policies: Policy, can_write: bool = True) -> Offers:
    policies = policies or (Policy(),)
    return offers_for(facts, decided(facts, *policies), policies, can_write=can_write)


def test_a_plain_command_can_be_allowed_in_every_way() -> None:
    offers = offered(execute("git commit -m x"))
    assert offers.program == "git commit"
    assert offers.always == "git commit -m x"
    assert offers.answers == tuple(Answer)


def test_an_edit_can_be_allowed_for_the_session_and_no_longer() -> None:
    offers = offered(call_facts("Edit", writes=(path_fact("a.py"),)))
    assert offers.answers == (Answer.ONCE, Answer.SESSION, Answer.REJECT, Answer.INSTRUCT)


@pytest.mark.parametrize(
    "line",
    [
        "npm test > out.txt",
        "npm test && git push",
        'npm test "$X"',
        "A=1 npm test",
        "./x.sh",
        "$X",
        "rm -rf ~",
    ],
)
def test_always_is_not_offered_where_no_entry_would_help(line: str) -> None:
    assert offered(execute(line)).always is None


def test_always_is_not_offered_where_the_settings_cannot_be_written() -> None:
    assert offered(execute("npm test"), can_write=False).always is None


def test_always_is_not_offered_where_a_higher_level_asked() -> None:
    facts = execute("git push", autonomy=AutonomyLevel.MEDIUM)
    capped = Policy(max_autonomy=AutonomyLevel.MEDIUM, max_autonomy_source=ORG)
    assert offered(facts, capped).always is None
    assert offered(facts, capped).program == "git push"
    assert offered(facts).always == "git push"
    mine = Policy(max_autonomy=AutonomyLevel.MEDIUM, max_autonomy_source=USER)
    assert offered(facts, mine).always == "git push"


def test_always_is_not_offered_below_a_maximum_that_would_keep_it_from_helping() -> None:
    facts = execute("git push", autonomy=AutonomyLevel.OFF)
    capped = Policy(max_autonomy=AutonomyLevel.MEDIUM, max_autonomy_source=ORG)
    assert offered(facts, capped).always is None
    assert offered(execute("git commit -m x"), capped).always == "git commit -m x"


@pytest.mark.parametrize("step", [Step.FILES, Step.HOOKS, Step.DENYLIST, Step.TAINT, Step.SANDBOX])
def test_only_the_question_of_autonomy_can_be_answered_for_more_than_this_command(step: Step) -> None:
    facts = execute("npm test")
    entry = TraceEntry(step=step, verdict=Verdict.ASK, rule="asks")
    decision = decided(facts, Policy())
    asked = Decision(verdict=Verdict.ASK, input={}, risk=Risk.HIGH, trace=(*decision.trace, entry))
    offers = offers_for(facts, asked, (Policy(),), can_write=True)
    assert (offers.program, offers.always) == (None, None)
    assert offers.session is not None
    key = program_key(facts)
    assert key is not None
    assert is_granted({key}, facts, decision)
    assert not is_granted({key}, facts, asked)


def test_what_is_asked_by_a_place_of_its_own_policy_is_not_lifted_by_the_user() -> None:
    facts = execute("npm test")
    listed = Policy(command_allowlist=entries("npm test"))
    assert offered(facts, listed, Policy()).always == "npm test"
    entry = TraceEntry(step=Step.AUTONOMY, verdict=Verdict.ASK, rule="asks", level=SettingsLevel.PROJECT)
    asked = Decision(verdict=Verdict.ASK, input={}, risk=Risk.HIGH, trace=(entry,))
    assert always_entry(facts, asked, (Policy(),)) is None


def test_the_entry_that_is_offered_lets_the_call_run_the_next_time() -> None:
    for line in ("npm test", "git commit -m 'a b'", "git push", "rm build -rf", "timeout 9 npm test"):
        facts = execute(line)
        text = offered(facts).always
        assert text is not None
        after = decided(facts, Policy(command_allowlist=entries(text)))
        assert after.verdict is Verdict.ALLOW, line
