import pytest

from droid.settings.rules import Merge, Rule
from droid.settings.schema_tree import SCHEMA_NAMES, load


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_a_schema_is_read_once(name: str) -> None:
    assert load(name) is load(name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "dotted", "kinds"),
    [
        ((), "", ("object",)),
        (("model",), "model", ("string",)),
        (("sandbox", "network", "allowedDomains"), "sandbox.network.allowedDomains", ("array",)),
        (("sandbox", "network", "allowedDomains", 3), "sandbox.network.allowedDomains[]", ("string",)),
        (("customModels", 0, "apiKey"), "customModels[].apiKey", ("string",)),
        (("customModels", 0, "extraHeaders", "X-Team"), "customModels[].extraHeaders.*", ("string",)),
        (("userModelPolicies", "u", "allowedModelIds"), "userModelPolicies.*.allowedModelIds", ("array",)),
        (("shield", "mode", "prompts"), "shield.mode.prompts", ("string",)),
        (("trustedWorkspaces", 0, "remote"), "trustedWorkspaces[].remote", ("string",)),
        (("environments", "ci", "sandbox", "mode"), "environments.ci.sandbox.mode", ("string",)),
        (("hooks", "PreToolUse", 0, "hooks", 0, "command"), "hooks.PreToolUse[].hooks[].command", ("string",)),
    ],
)  # fmt: skip
def test_a_value_is_found_by_its_path(
    path: tuple[str | int, ...], dotted: str, kinds: tuple[str, ...]
) -> None:
    node = load("settings").at(path)
    assert node is not None
    assert (node.path, node.kinds) == (dotted, kinds)


@pytest.mark.parametrize(
    "path",
    [
        ("xyzzy",), ("model", "x"), ("model", 0), (0,), ("sandbox", "mode", "x"), ("customModels", "x"),
        ("theme",), ("environments", "ci", "environments"), ("shield", "mode", "xyzzy"),
    ],
)  # fmt: skip
def test_what_is_not_declared_is_not_found(path: tuple[str | int, ...]) -> None:
    assert load("settings").at(path) is None


def test_a_node_knows_its_rule_and_what_holds_without_it() -> None:
    settings = load("settings")
    level = settings.properties["maxAutonomyLevel"]
    assert level.rule == Rule(merge=Merge.STRICTEST, safest=("off", "low", "medium", "high"), default="high")
    assert (level.name, level.default, level.enum) == (
        "maxAutonomyLevel",
        "high",
        ("off", "low", "medium", "high"),
    )
    assert settings.properties["customModels"].rule == Rule(
        merge=Merge.LOCKED_KEYS, key="id", trusted_only=True
    )
    assert settings.properties["enabledPlugins"].rule == Rule(
        merge=Merge.LOCKED_KEYS, off=("", False), trusted_only=True
    )
    assert settings.properties["sandbox"].rule is None
    assert "theme" in settings.ignored
    server = load("mcp").at(("mcpServers", "a", "headers"))
    assert server is not None
    assert server.rule is not None
    assert server.rule.secret
    assert server.rule.expands


@pytest.mark.parametrize(
    "rule",
    [
        Rule(merge=Merge.FIRST),
        Rule(merge=Merge.STRICTEST, safest=(True, False), default=True, levels=("org", "user")),
        Rule(merge=Merge.STRICTEST, bound="min"),
        Rule(merge=Merge.STRICTEST, safest=("a", "b"), spread=("x", "y"), default={"x": "a", "y": "b"}),
        Rule(
            merge=Merge.LOCKED_KEYS,
            off=("disabled", True),
            key="id",
            trusted_only=True,
            secret=True,
            expands=True,
        ),
    ],
)
def test_a_rule_survives_being_written_down(rule: Rule) -> None:
    assert Rule.from_json(rule.to_json()) == rule
