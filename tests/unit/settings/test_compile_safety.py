"""What settings say of taint, of risks and of the organisation's own servers, compiled."""

from typing import Any

import pytest
from tests.unit.settings.setting_stacks import FOLDER, ORG, PROJECT, USER, layer

from droid.domain.levels import AutonomyLevel, Risk, SettingsLevel, Verdict
from droid.domain.policy import Policy
from droid.settings.compile import compile_policy
from droid.settings.layers import Layer
from droid.settings.merging import merge
from droid.settings.schema_tree import load


def policy_of(*layers: Layer) -> Policy:
    return compile_policy(merge(load("settings"), layers), layers=layers, environ={})


@pytest.mark.parametrize(
    ("said", "verdict", "level"),
    [
        ([], Verdict.ASK, SettingsLevel.BUILTIN),
        ([(ORG, "off")], Verdict.ALLOW, ORG),
        ([(USER, "off")], Verdict.ASK, SettingsLevel.BUILTIN),
        ([(PROJECT, "off")], Verdict.ASK, SettingsLevel.BUILTIN),
        ([(USER, "deny")], Verdict.DENY, USER),
        ([(ORG, "off"), (USER, "deny")], Verdict.DENY, USER),
        ([(ORG, "off"), (FOLDER, "ask")], Verdict.ASK, FOLDER),
        ([(ORG, "deny"), (USER, "off")], Verdict.DENY, ORG),
    ],
)
def test_taint_is_switched_off_by_the_organisation_alone(
    said: list[tuple[SettingsLevel, str]], verdict: Verdict, level: SettingsLevel
) -> None:
    policy = policy_of(*(layer(one, {"taint": value}, trusted=True) for one, value in said))
    assert (policy.taint, policy.taint_source.level) == (verdict, level)


def test_a_risk_that_is_allowed_stays_within_a_maximum_from_above() -> None:
    org = layer(ORG, {"maxAutonomyLevel": "medium"})
    user = layer(USER, {"riskPolicy": {"high": "allow", "low": "deny"}})
    risks = policy_of(org, user).risk_verdicts
    assert (risks[Risk.HIGH].verdict, risks[Risk.HIGH].within) == (Verdict.ALLOW, AutonomyLevel.MEDIUM)
    assert (risks[Risk.LOW].verdict, risks[Risk.LOW].source.level) == (Verdict.DENY, USER)
    above = layer(ORG, {"riskPolicy": {"high": "allow"}})
    below = layer(USER, {"maxAutonomyLevel": "low"})
    assert policy_of(above, below).risk_verdicts[Risk.HIGH].within is AutonomyLevel.HIGH


def test_a_hook_that_looks_at_what_leaves_has_the_time_that_settings_give() -> None:
    hooks = [
        {"hooks": [{"type": "command", "command": "a"}, {"type": "command", "command": "b", "timeout": 5}]}
    ]
    user = layer(USER, {"hooks": {"PreModelRequest": hooks, "PreToolUse": hooks}})
    org = layer(ORG, {"shield": {"dlpHookTimeoutMs": 90_000}})
    found = [(rule.event, rule.command, rule.timeout_s) for rule in policy_of(org, user).hooks]
    assert sorted(found) == [
        ("PreModelRequest", "a", 90.0),
        ("PreModelRequest", "b", 5.0),
        ("PreToolUse", "a", 60.0),
        ("PreToolUse", "b", 5.0),
    ]


def _model(url: str) -> dict[str, Any]:
    return {"id": "custom:x", "model": "x", "provider": "generic-chat-completion-api", "baseUrl": url}


@pytest.mark.parametrize(
    ("level", "url", "servers"),
    [
        (ORG, "https://llm.corp.example/v1", ["llm.corp.example"]),
        (ORG, "https://llm.corp.example:8443/v1", ["llm.corp.example:8443"]),
        (ORG, "https://api.openai.com/v1", []),
        (ORG, "https://bedrock-runtime.eu-west-1.amazonaws.com", []),
        (ORG, "https://good.example\\@evil.example/v1", []),
        (USER, "https://llm.corp.example/v1", []),
        (PROJECT, "https://llm.corp.example/v1", []),
    ],
)
def test_only_where_the_organisation_runs_models_itself_is_its_own(
    level: SettingsLevel, url: str, servers: list[str]
) -> None:
    policy = policy_of(layer(level, {"customModels": [_model(url)]}, trusted=True))
    assert [one.text for one in policy.own_servers] == servers
