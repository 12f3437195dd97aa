"""Which hooks a call runs."""

from typing import Any

import pytest
from tests.unit.hooks.rules import ORG, PROJECT, USER, hook_call, rule

from droid.domain.hooks import HookEvent
from droid.domain.levels import AutonomyLevel
from droid.domain.policy import HookRule
from droid.hooks.matching import matches, matching, permits, plugin_root
from droid.safety.commands.words import UNKNOWN

GIT, EDIT = HookEvent.PRE_GIT, HookEvent.POST_EDIT


@pytest.mark.parametrize(
    ("matcher", "tool", "fits"),
    [
        ("", "Execute", True),
        ("*", "Execute", True),
        ("Execute", "Execute", True),
        ("execute", "Execute", False),
        ("Exec", "Execute", False),
        ("xecute", "Execute", False),
        ("Edit|Execute", "Execute", True),
        ("Edit|Execute", "Edits", False),
        ("mcp__memory__.*", "mcp__memory__create", True),
        ("mcp__.*__write.*", "mcp__fs__read", False),
        (".*", "Anything", True),
        ("(", "(", False),
        ("[", "Execute", False),
    ],
)
def test_a_matcher_is_an_anchored_case_sensitive_expression(matcher: str, tool: str, fits: bool) -> None:
    assert matches(rule(matcher=matcher), hook_call(subjects=(tool,))) is fits


@pytest.mark.parametrize(
    ("expression", "command", "fits"),
    [
        ("^git push", "git push -f", True),
        ("^git push", "cd x && git push", False),
        ("push", "git push", True),
        ("push", None, False),
        ("", None, True),
        ("(", "(", False),
    ],
)
def test_an_expression_for_commands_is_searched_in_the_command(
    expression: str, command: str | None, fits: bool
) -> None:
    call = hook_call(subjects=("Execute",), command=command)
    assert matches(rule(command_regex=expression), call) is fits
    assert not matches(rule(matcher="Edit", command_regex=expression), call)


@pytest.mark.parametrize(
    ("matcher", "path", "fits"),
    [
        ("*.py", "src/a.py", True),
        ("*.py", "src/a.pyc", False),
        ("src/**", "src/deep/a.ts", True),
        ("/src/*.py", "lib/src/a.py", False),
        ("*.ts|*.py", "a.py", True),
        ("*.PY", "a.py", False),
        ("", "a.py", True),
        ("*", "a.py", True),
        ("docs/", "docs/a.md", True),
    ],
)
def test_edits_are_matched_by_patterns_for_paths(matcher: str, path: str, fits: bool) -> None:
    assert matches(rule(EDIT, matcher=matcher), hook_call(EDIT, subjects=("other.bin", path))) is fits


@pytest.mark.parametrize(
    ("expression", "resolved", "fits"),
    [
        ("^git push", (("git push -f",),), True),
        ("^git push", (("cd x",), ("git push",)), True),
        ("^git push", (("git pull",), ("echo git push",)), False),
        ("^git push", None, True),
        ("(", (("git push",),), False),
    ],
)
def test_an_expression_for_commands_is_searched_in_what_really_runs(
    expression: str, resolved: Any, fits: bool
) -> None:
    call = hook_call(subjects=("Execute",), command="written otherwise", resolved=resolved)
    assert matches(rule(command_regex=expression), call) is fits
    assert not permits(rule(command_regex=expression), call)


def test_what_is_not_known_of_a_command_may_be_what_an_expression_looks_for() -> None:
    call = hook_call(subjects=("Execute",), command='git "$x"', resolved=((f"git {UNKNOWN}",),))
    assert matches(rule(command_regex="^git push"), call)
    assert not matches(rule(command_regex="^npm publish"), call)


def test_an_expression_that_may_take_for_ever_is_for_every_command() -> None:
    call = hook_call(subjects=("Execute",), command="a" * 40, resolved=(("a" * 40,),))
    assert matches(rule(command_regex=r"(a+)+$x"), call)
    assert not permits(rule(command_regex=r"(a+)+$x"), call)
    long = hook_call(subjects=("Execute",), command="rm -rf x/ " * 10_000, resolved=(("rm",),))
    assert matches(rule(command_regex=r"rm\s+.*-rf\s+/"), long)


@pytest.mark.parametrize(
    ("command", "resolved", "permitted"),
    [
        ("git push", (("git push",),), True),
        ("git push; git push -f", (("git push",), ("git push -f",)), True),
        ("git push; rm a", (("git push",), ("rm a",)), False),
        ("git push", None, False),
        ("g''it push", (("git push",),), False),
    ],
)
def test_a_hook_for_some_commands_permits_those_alone(command: str, resolved: Any, permitted: bool) -> None:
    call = hook_call(subjects=("Execute",), command=command, resolved=resolved)
    assert permits(rule(command_regex="^git push"), call) is permitted
    assert permits(rule(), call)


def test_of_the_organisation_an_expression_that_cannot_be_read_is_for_everything() -> None:
    call = hook_call(subjects=("Execute",), command="git push")
    assert matches(rule(level=ORG, command_regex="("), call)
    assert not permits(rule(level=ORG, command_regex="("), call)
    assert matches(rule(level=ORG, matcher="("), call)


def test_what_cannot_be_told_is_matched_by_everything_and_an_event_without_a_matcher_too() -> None:
    assert matches(rule(GIT, matcher="push"), hook_call(GIT, subjects=()))
    assert not matches(rule(GIT, matcher="push"), hook_call(GIT, subjects=("commit",)))
    stop = HookEvent.STOP
    assert matches(rule(stop, matcher="anything"), hook_call(stop, subjects=None))


def commands(*rules: HookRule, **call: Any) -> list[tuple[str, str]]:
    found = matching(rules, hook_call(subjects=("Execute",), **call))
    return [(one.command, str(one.source.level)) for one in found]


def test_hooks_of_other_events_do_not_run_and_the_highest_level_comes_first() -> None:
    rules = [rule(command="c", level=USER), rule(HookEvent.STOP, "d"), rule(command="a", level=ORG)]
    assert commands(*rules, rule(command="b", level=PROJECT)) == [
        ("a", "org"),
        ("b", "project"),
        ("c", "user"),
    ]


def test_identical_commands_run_once_as_the_highest_level_has_them() -> None:
    assert commands(rule(level=USER), rule(level=ORG, matcher="Execute"), rule(level=ORG)) == [
        ("check", "org")
    ]
    strict = rule(level=ORG, deny_on_error=True, matcher="Exec.*")
    assert matching([rule(level=ORG), strict], hook_call(subjects=("Execute",))) == [strict]
    assert matching([rule(level=USER, deny_on_error=True), rule(level=ORG)], hook_call()) == [rule(level=ORG)]


def test_the_same_words_for_different_plugins_are_different_programs() -> None:
    command = "$DROID_PLUGIN_ROOT/run"
    one = rule(command=command, file="/plugins/a/hooks/hooks.json")
    other = rule(command=command, file="/plugins/b/hooks/hooks.json")
    assert matching([one, other, one], hook_call()) == [one, other]


@pytest.mark.parametrize(
    ("file", "root"),
    [
        ("/plugins/a/hooks/hooks.json", "/plugins/a"),
        ("/home/ada/.factory/hooks.json", "/home/ada/.factory"),
        ("/etc/factory/settings.json", "/etc/factory"),
        ("https://org.example/config", ""),
        ("", ""),
    ],
)
def test_the_root_of_a_plugin_is_where_its_definition_is(file: str, root: str) -> None:
    assert plugin_root(rule(file=file)) == root


def test_of_one_command_with_two_maxima_the_lower_counts() -> None:
    low = rule(within=AutonomyLevel.LOW)
    assert matching([rule(), low], hook_call(subjects=("Execute",))) == [low]
    ours = rule(level=ORG)
    assert matching([low, ours], hook_call(subjects=("Execute",))) == [ours]
