"""The steps of the gate that go by lists: what they say, at which level, from which line of which file."""

import pytest
from tests.unit.safety.commands_of import ORG, USER, entries, execute
from tests.unit.safety.facts import call_facts

from droid.domain.decisions import Step
from droid.domain.levels import AutonomyLevel, SettingsLevel, Verdict
from droid.domain.policy import ListEntry, Policy
from droid.safety.rules import BUILTIN_RULES

BLOCKED = Policy(command_blocklist=entries("curl", source=ORG))


def test_a_block_is_a_deny_with_its_place() -> None:
    entry = BUILTIN_RULES[Step.BLOCKLIST](execute("echo x; /usr/bin/curl x.org"), BLOCKED)
    assert entry.verdict is Verdict.DENY
    assert entry.level is SettingsLevel.ORG
    assert entry.file == "/etc/droid/org.json:12"
    assert entry.rule == "`curl` is blocked"
    assert entry.matched == "/usr/bin/curl x.org"


def test_no_flag_and_no_level_lifts_a_block() -> None:
    facts = execute("curl x.org", skip_permissions=True, autonomy=AutonomyLevel.HIGH)
    assert BUILTIN_RULES[Step.BLOCKLIST](facts, BLOCKED).verdict is Verdict.DENY


def test_a_command_that_nobody_judged_is_blocked() -> None:
    facts = execute("ls", assessment=None)
    assert BUILTIN_RULES[Step.BLOCKLIST](facts, BLOCKED).verdict is Verdict.DENY
    assert BUILTIN_RULES[Step.DENYLIST](facts, Policy()).verdict is Verdict.ASK
    assert BUILTIN_RULES[Step.ALLOWLIST](facts, Policy(command_allowlist=entries("ls *"))).verdict is None


@pytest.mark.parametrize("step", [Step.BLOCKLIST, Step.DENYLIST, Step.ALLOWLIST])
def test_lists_say_nothing_of_tools_that_run_no_command(step: Step) -> None:
    everything = entries("re:.*")
    policy = Policy(command_blocklist=everything, command_denylist=everything, command_allowlist=everything)
    assert BUILTIN_RULES[step](call_facts("Read"), policy).verdict is None


def test_the_denylist_asks_at_every_level() -> None:
    policy = Policy(command_denylist=entries("git push", source=USER))
    facts = execute("git push origin x", autonomy=AutonomyLevel.HIGH)
    entry = BUILTIN_RULES[Step.DENYLIST](facts, policy)
    assert (entry.verdict, entry.level, entry.file) == (
        Verdict.ASK,
        SettingsLevel.USER,
        "/home/ada/.factory/settings.json:3",
    )


def test_what_destroys_is_asked_about_without_any_settings() -> None:
    entry = BUILTIN_RULES[Step.DENYLIST](execute("rm -rf ~", autonomy=AutonomyLevel.HIGH), Policy())
    assert entry.verdict is Verdict.ASK
    assert entry.level is SettingsLevel.BUILTIN
    assert "home" in entry.rule


def test_protected_branches_of_settings_count_as_such() -> None:
    policy = Policy(protected_branches=(ListEntry(text="team/*"),))
    facts = execute("git push --force origin team/x")
    assert BUILTIN_RULES[Step.DENYLIST](facts, policy).verdict is Verdict.ASK
    assert BUILTIN_RULES[Step.DENYLIST](facts, Policy()).verdict is None


def test_skipping_permissions_skips_the_denylist_and_the_allowlist_alone() -> None:
    facts = execute("rm -rf ~", skip_permissions=True)
    assert BUILTIN_RULES[Step.DENYLIST](facts, Policy()).verdict is None
    capped = Policy(max_autonomy=AutonomyLevel.MEDIUM)
    assert BUILTIN_RULES[Step.DENYLIST](facts, capped).verdict is Verdict.ASK


def test_an_allow_says_which_entry_gave_it() -> None:
    policy = Policy(command_allowlist=entries("git *"))
    entry = BUILTIN_RULES[Step.ALLOWLIST](execute("git commit -m x"), policy)
    assert (entry.verdict, entry.rule) == (Verdict.ALLOW, "`git *` is allowed")
    assert entry.file == "/home/ada/.factory/settings.json:3"


def test_an_entry_that_makes_no_sense_blocks_everything_and_says_so() -> None:
    entry = BUILTIN_RULES[Step.BLOCKLIST](execute("ls"), Policy(command_blocklist=entries("re:[")))
    assert entry.verdict is Verdict.DENY
    assert "no regular expression" in entry.rule
