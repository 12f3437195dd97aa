import sys
import time
from typing import Any, get_args

import pytest

from droid.settings.jsonc import dotted
from droid.settings.schema_tree import SchemaName, load
from droid.settings.schemas.models import Provider
from droid.settings.validate import Unknown, nearest, validate

MODEL = {"model": "m", "provider": "openai"}
HOOK = {"type": "command", "command": "true"}
AUTONOMY = "must be one of off, low, medium, high"


def problems(value: Any, name: SchemaName = "settings") -> list[str]:
    found = validate(load(name), value)
    return [f"{dotted(problem.path)}: {problem.reason}" for problem in found.problems]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, []),
        ([], [": must be an object in { }"]),
        (None, [": must not be null; leave the key out instead"]),
        ({"model": ""}, ["model: must not be empty"]),
        ({"model": 5}, ["model: must be a text"]),
        ({"model": None}, ["model: must not be null; leave the key out instead"]),
        ({"maxAutonomyLevel": "Low"}, [f"maxAutonomyLevel: {AUTONOMY}"]),
        ({"maxAutonomyLevel": True}, [f"maxAutonomyLevel: {AUTONOMY}"]),
        ({"maxAutonomyLevel": ["low"]}, [f"maxAutonomyLevel: {AUTONOMY}"]),
        ({"enableDroidShield": 1}, ["enableDroidShield: must be true or false"]),
        ({"enableDroidShield": "true"}, ["enableDroidShield: must be true or false"]),
        ({"sessionRetentionDays": 13}, ["sessionRetentionDays: must be at least 14"]),
        ({"sessionRetentionDays": 366}, ["sessionRetentionDays: must be at most 365"]),
        ({"sessionRetentionDays": 14.0}, ["sessionRetentionDays: must be a whole number"]),
        ({"sessionRetentionDays": True}, ["sessionRetentionDays: must be a whole number"]),
        ({"budget": {"maxUsdPerSession": -0.01}}, ["budget.maxUsdPerSession: must be at least 0"]),
        ({"budget": {"maxUsdPerSession": 3}}, []),
        ({"budget": {"maxTurns": 0, "maxTokensPerSession": "1"}}, [
            "budget.maxTurns: must be at least 1", "budget.maxTokensPerSession: must be a whole number"]),
        ({"commandDenylist": "rm"}, ["commandDenylist: must be a list in [ ]"]),
        ({"commandDenylist": ["rm", "", 5, None]}, [
            "commandDenylist[1]: must not be empty", "commandDenylist[2]: must be a text",
            "commandDenylist[3]: must not be null; leave the key out instead"]),
        ({"customModels": [MODEL, {"provider": "openia"}]}, [
            f"customModels[1].provider: must be one of {', '.join(get_args(Provider))}",
            "customModels[1]: the key 'model' is missing"]),
        ({"customModels": [MODEL | {"extraHeaders": {"a": 1, "b": "x"}, "extraArgs": {"a": None}}]}, [
            "customModels[0].extraHeaders.a: must be a text"]),
        ({"shield": {"mode": "block"}}, []),
        ({"shield": {"mode": {"prompts": "report"}}}, []),
        ({"shield": {"mode": "warn"}}, ["shield.mode: must be one of block, redact, ask, report or an object in { }"]),
        ({"shield": {"mode": 5}}, ["shield.mode: must be one of block, redact, ask, report or an object in { }"]),
        ({"shield": {"mode": None}}, ["shield.mode: must not be null; leave the key out instead"]),
        ({"shield": {"mode": {"prompts": "warn"}}}, ["shield.mode.prompts: must be one of block, redact, ask, report"]),
        ({"trustedWorkspaces": "forbid"}, []),
        ({"trustedWorkspaces": "forbidden"}, ["trustedWorkspaces: must be forbid or a list in [ ]"]),
        ({"trustedWorkspaces": [{"remote": "r"}]}, ["trustedWorkspaces[0]: the key 'sha256' is missing"]),
        ({"userModelPolicies": {"u": {"allowedModelIds": "all"}}}, [
            "userModelPolicies.u.allowedModelIds: must be a list in [ ]"]),
        ({"enabledPlugins": {"p@m": "yes"}}, ["enabledPlugins.'p@m': must be true or false"]),
        ({"hooks": {"PreToolUse": [{"hooks": [HOOK | {"timeout": -1, "type": "python"}]}, {}]}}, [
            "hooks.PreToolUse[0].hooks[0].type: must be command",
            "hooks.PreToolUse[0].hooks[0].timeout: must be at least 0",
            "hooks.PreToolUse[1]: the key 'hooks' is missing"]),
        ({"environments": {"ci": {"maxAutonomyLevel": "highest"}}}, [f"environments.ci.maxAutonomyLevel: {AUTONOMY}"]),
        ({"telemetry": {"sampling": 1.5}}, ["telemetry.sampling: must be at most 1"]),
        ({"model": 1, "maxAutonomyLevel": 2}, ["model: must be a text", f"maxAutonomyLevel: {AUTONOMY}"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_and_all_of_it(value: Any, expected: list[str]) -> None:
    assert problems(value) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("droid", {}, [": the key 'name' is missing"]),
        ("droid", {"name": "Code Reviewer"}, ["name: must match ^[a-z0-9_-]+$"]),
        ("droid", {"name": "code-reviewer\n"}, ["name: must match ^[a-z0-9_-]+$"]),
        ("droid", {"name": "a", "tools": 5}, [
            "tools: must be one of read-only, edit, execute, web, mcp or a text or a list in [ ]"]),
        ("droid", {"name": "a", "tools": ["Read", 5]}, ["tools[1]: must be a text"]),
        ("skill", {"name": "a_b"}, ["name: must match ^[a-z0-9-]+$"]),
        ("command", {"description": ["a"]}, ["description: must be a text"]),
        ("mcp", {"mcpServers": {"a": {"type": "websocket"}}}, ["mcpServers.a.type: must be one of stdio, http, sse"]),
        ("mcp", {"mcpServers": {"a": {"oauth": {"callbackPort": 0}}}}, [
            "mcpServers.a.oauth.callbackPort: must be at least 1"]),
        ("hooks", {"PreToolUse": {}}, ["PreToolUse: must be a list in [ ]"]),
    ],
)  # fmt: skip
def test_other_files_are_checked_as_closely(name: SchemaName, value: Any, expected: list[str]) -> None:
    assert problems(value, name) == expected


@pytest.mark.parametrize(
    ("name", "value", "path", "meant"),
    [
        ("settings", {"maxAutonomyLvl": "low"}, ("maxAutonomyLvl",), "maxAutonomyLevel"),
        ("settings", {"MODEL": "m"}, ("MODEL",), "model"),
        ("settings", {"xyzzy": 1}, ("xyzzy",), None),
        ("settings", {"themes": 1}, ("themes",), "theme"),
        ("settings", {"sandbox": {"filesytem": {}}}, ("sandbox", "filesytem"), "filesystem"),
        ("settings", {"customModels": [MODEL | {"apikey": "s"}]}, ("customModels", 0, "apikey"), "apiKey"),
        ("settings", {"hooks": {"preToolUse": []}}, ("hooks", "preToolUse"), "PreToolUse"),
        ("settings", {"shield": {"mode": {"prompt": "block"}}}, ("shield", "mode", "prompt"), "prompts"),
        ("settings", {"environments": {"ci": {"modle": "m"}}}, ("environments", "ci", "modle"), "model"),
        ("settings", {"environments": {"ci": {"environments": {}}}}, ("environments", "ci", "environments"), None),
        ("settings", {"environments": {"ci": {"orgEndpoint": ""}}}, ("environments", "ci", "orgEndpoint"), None),
        ("settings", {"environments": {"CI": {}}}, ("environments", "CI"), "ci"),
        ("settings", {"__proto__": {}}, ("__proto__",), None),
        ("droid", {"name": "a", "tool": "edit"}, ("tool",), "tools"),
        ("skill", {"user_invocable": True}, ("user_invocable",), "user-invocable"),
    ],
)  # fmt: skip
def test_unknown_keys_are_told_with_the_key_that_was_meant(
    name: SchemaName, value: Any, path: Any, meant: str
) -> None:
    found = validate(load(name), value)
    assert found.problems == []
    assert found.unknown == [Unknown(path=path, nearest=meant)]


def test_members_of_maps_are_nobodys_keys() -> None:
    assert validate(load("settings"), {"compactionTokenLimitPerModel": {"modle": 5}}).unknown == []


def test_a_message_never_repeats_a_value() -> None:
    secret = "sk-verysecret"
    for name in ("settings", "hooks", "mcp", "droid", "command", "skill"):
        for key in load(name).properties:
            for value in (secret, [secret], {secret: secret}, [{secret: [secret]}]):
                found = validate(load(name), {key: value})
                assert not any(secret in problem.reason for problem in found.problems)
                assert not any(secret in (unknown.nearest or "") for unknown in found.unknown)


def test_a_huge_key_costs_nothing() -> None:
    assert nearest("m" * 1_000_000, ["model"]) is None


@pytest.mark.parametrize(
    "value",
    [
        {f"k{number}": 1 for number in range(50_000)},
        {"trustedWorkspaces": [{"remote": "r", "sha256": [], "remotes": number} for number in range(20_000)]},
        {"commandDenylist": [0] * 100_000},
    ],
    ids=["unknown keys", "unknown keys in a choice", "problems"],
)
def test_a_file_full_of_mistakes_is_checked_all_the_same(value: dict[str, Any]) -> None:
    started = time.process_time()
    found = validate(load("settings"), value)
    assert len(found.unknown) + len(found.problems) >= 20_000
    assert len([unknown for unknown in found.unknown if unknown.nearest]) <= 20
    assert time.process_time() - started < 10


def test_checking_a_file_without_mistakes_needs_no_library_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "difflib", None)
    assert validate(load("settings"), {"model": "m", "theme": "dark"}).unknown == []
