"""What each rule makes of a few layers, and what it says of those that did not count."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.settings.setting_stacks import (
    FOLDER,
    ORG,
    PROJECT,
    SERVERS,
    SETTINGS,
    USER,
    at,
    layer,
)

from droid.settings.effective import Cause, Effective, Given, Refused
from droid.settings.layers import Layer, Part
from droid.settings.merge_rules import combine, settle
from droid.settings.merging import hooks_refusal, merge, ruled
from droid.settings.rules import Merge, Rule
from droid.settings.schema_tree import build, load

ORG_FILE = "/etc/factory/settings.json"
PROJECT_FILE = "/work/.factory/settings.json"
USER_FILE = "/home/.factory/settings.json"
UNTRUSTED = "this workspace is not trusted"
UNVERIFIED = "the environment ci is not verified, so it can only tighten"

# What a layer says of one key: level, value, and what else is to be said of the layer.
Row = tuple[Any, ...]


def merged(key: str, rows: Sequence[Row]) -> Effective:
    """What holds for a key of the settings or of `mcp.json`."""
    root = SERVERS if key == "mcpServers" else SETTINGS
    return merge(root, stack(key, rows))[key]


def stack(key: str, rows: Sequence[Row]) -> list[Layer]:
    return [layer(row[0], at(key, row[1]), **(row[2] if len(row) > 2 else {})) for row in rows]


def refusals(effective: Effective) -> list[tuple[Any, str]]:
    """Values that did not count, and the reasons."""
    return [(one.given.value, one.reason) for one in effective.refused]


TRUSTED = {"trusted": True}
OUTER, INNER = {"depth": 0, "trusted": True}, {"depth": 1, "trusted": True}
LOCAL = {"part": "local"}
CI, UNPROVEN = {"part": "environment"}, {"part": "environment", "verified": False}


# --- first -----------------------------------------------------------------------------------

FIRST: dict[str, tuple[str, list[Row], Any, list[tuple[Any, str]]]] = {
    "nothing said, no default": ("model", [], None, []),
    "nothing said": ("compactionModelMode", [], "same", []),
    "one level": ("model", [(USER, "a")], "a", []),
    "org goes before project": (
        "model", [(PROJECT, "b"), (ORG, "a")], "a", [("b", f"a higher level sets it: {ORG_FILE}:1")],
    ),
    "project goes before folder": (
        "model", [(FOLDER, "b"), (PROJECT, "a")], "a", [("b", f"a higher level sets it: {PROJECT_FILE}:1")],
    ),
    "an outer folder goes before an inner one": (
        "model", [(FOLDER, "b", INNER), (FOLDER, "a", OUTER), (USER, "c")], "a", [
            ("b", "a higher level sets it: /work/0/.factory/settings.json:1"),
            ("c", "a higher level sets it: /work/0/.factory/settings.json:1"),
        ],
    ),
    "the same is not refused": ("model", [(ORG, "a"), (PROJECT, "a"), (USER, "b")], "a", [
        ("b", f"a higher level sets it: {ORG_FILE}:1"),
    ]),
    "local overrides its sibling": ("model", [(USER, "a"), (USER, "b", LOCAL)], "b", [
        ("a", "overridden by /home/.factory/settings.local.json:1"),
    ]),
    "local does not override a higher level": ("model", [(PROJECT, "a"), (USER, "b", LOCAL)], "a", [
        ("b", f"a higher level sets it: {PROJECT_FILE}:1"),
    ]),
    "an environment overrides its file": ("model", [(USER, "a"), (USER, "b", CI)], "b", [
        ("a", f"overridden by {USER_FILE}:1"),
    ]),
    "local overrides the environment of its sibling": ("model", [(USER, "a", CI), (USER, "b", LOCAL)], "b", [
        ("a", "overridden by /home/.factory/settings.local.json:1"),
    ]),
    "the environment of the local file goes before all": (
        "model", [(USER, "a", LOCAL), (USER, "b", {"part": "local-environment"})], "b",
        [("a", "overridden by /home/.factory/settings.local.json:1")],
    ),
    "an environment that nothing proves does not override": (
        "model", [(USER, "a"), (USER, "b", UNPROVEN)], "a", [("b", UNVERIFIED)],
    ),
    "what is neutral counts from an untrusted workspace": ("model", [(PROJECT, "a"), (USER, "b")], "a", [
        ("b", f"a higher level sets it: {PROJECT_FILE}:1"),
    ]),
    "false overrides true": ("includeCoAuthoredByDroid", [(PROJECT, False), (USER, True)], False, [
        (True, f"a higher level sets it: {PROJECT_FILE}:1"),
    ]),
    "honoured only from org": ("orgEndpoint", [(PROJECT, "a"), (USER, "b")], None, [
        ("a", "honoured only from org"), ("b", "honoured only from org"),
    ]),
    "honoured only from org and user": ("telemetry.endpoint", [(PROJECT, "a", TRUSTED), (USER, "b")], "b", [
        ("a", "honoured only from org and user"),
    ]),
    "the same as what holds is not refused, wherever it is said": (
        "orgEndpoint", [(ORG, "a"), (PROJECT, "a"), (USER, "b")], "a", [("b", "honoured only from org")],
    ),
    "hooks.json goes before its sibling": (
        "showHookOutput", [(USER, False), (USER, True, {"name": "hooks.json"})], True,
        [(False, "overridden by /home/.factory/hooks.json:1")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("key", "rows", "value", "refused"), FIRST.values(), ids=FIRST)
def test_first(key: str, rows: list[Row], value: Any, refused: list[tuple[Any, str]]) -> None:
    effective = merged(key, rows)
    assert effective.value == value
    assert refusals(effective) == refused


EXECUTES = Rule(merge=Merge.FIRST, trusted_only=True, default="d")


def test_first_of_what_loosens_waits_for_trust() -> None:
    effective = settle(EXECUTES, "k", cell("k", [(PROJECT, "a"), (USER, "b")]))
    assert effective.value == "b"
    assert refusals(effective) == [("a", UNTRUSTED)]
    effective = settle(EXECUTES, "k", cell("k", [(PROJECT, "a")]))
    assert (effective.value, effective.source) == ("d", None)
    assert refusals(effective) == [("a", UNTRUSTED)]
    effective = settle(EXECUTES, "k", cell("k", [(PROJECT, "a", TRUSTED), (USER, "b")]))
    assert effective.value == "a"


def cell(key: str, rows: Sequence[Row]) -> tuple[Given, ...]:
    return tuple(
        Given(value=row[1], layer=one, path=(key,)) for row, one in zip(rows, stack(key, rows), strict=True)
    )


# --- strictest -------------------------------------------------------------------------------

AUTONOMY = "sessionDefaultSettings.autonomyLevel"
STRICTEST: dict[str, tuple[str, list[Row], Any, Any, list[tuple[Any, str]]]] = {
    "nothing said": ("maxAutonomyLevel", [], "high", None, []),
    "nothing said, no default": ("riskPolicy.high", [], None, None, []),
    "a lower level tightens": ("maxAutonomyLevel", [(ORG, "high"), (USER, "low")], "low", USER, []),
    "a lower level does not loosen": ("maxAutonomyLevel", [(ORG, "low"), (USER, "high")], "low", ORG, [
        ("high", f"looser than org's: {ORG_FILE}:1"),
    ]),
    "the highest of those that agree stands for it": (
        "maxAutonomyLevel", [(USER, "low"), (ORG, "high"), (PROJECT, "low", TRUSTED)], "low", PROJECT, [],
    ),
    "the strictest of three": (
        "maxAutonomyLevel", [(ORG, "medium"), (PROJECT, "off", TRUSTED), (USER, "low")], "off", PROJECT,
        [("low", f"looser than project's: {PROJECT_FILE}:1")],
    ),
    "the user may loosen the default": (AUTONOMY, [(USER, "high")], "high", USER, []),
    "a trusted project may loosen the default": (
        "sandbox.enabled", [(PROJECT, False, TRUSTED)], False, PROJECT, [],
    ),
    "an untrusted project may not": ("sandbox.enabled", [(PROJECT, False)], True, None, [(False, UNTRUSTED)]),
    "an untrusted project lowers the default": ("maxAutonomyLevel", [(PROJECT, "low")], "low", PROJECT, []),
    "an untrusted project can say the default": (AUTONOMY, [(PROJECT, "off")], "off", PROJECT, []),
    "what an untrusted project lowers, the user cannot raise": (
        AUTONOMY, [(PROJECT, "low"), (USER, "high")], "low", PROJECT,
        [("high", f"looser than project's: {PROJECT_FILE}:2")],
    ),
    "an untrusted project does not raise what the user gives": (
        AUTONOMY, [(PROJECT, "high"), (USER, "low")], "low", USER, [],
    ),
    "an untrusted project below org does not raise it": (
        AUTONOMY, [(ORG, "low"), (PROJECT, "high")], "low", ORG,
        [("high", "looser than org's: /etc/factory/settings.json:2")],
    ),
    "where a trusted one says the same, that one stands for it": (
        AUTONOMY, [(PROJECT, "high"), (USER, "high")], "high", USER, [],
    ),
    "an untrusted loosening is told of beside an untrusted tightening": (
        AUTONOMY, [(PROJECT, "high"), (FOLDER, "off")], "off", FOLDER, [("high", UNTRUSTED)],
    ),
    "of two untrusted ones the stricter": (
        "maxAutonomyLevel", [(PROJECT, "low"), (FOLDER, "medium"), (FOLDER, "off", {"depth": 1})],
        "off", FOLDER, [],
    ),
    "an untrusted one below a stricter untrusted one": (
        "maxAutonomyLevel", [(PROJECT, "low"), (FOLDER, "medium")], "low", PROJECT,
        [("medium", f"looser than project's: {PROJECT_FILE}:1")],
    ),
    "true wins": ("enableDroidShield", [(ORG, False), (USER, True)], True, USER, []),
    "false wins": ("modelPolicy.allowCustomModels", [(ORG, True), (USER, False)], False, USER, []),
    "the smallest wins": ("budget.maxTurns", [(ORG, 5), (USER, 9), (PROJECT, 3)], 3, PROJECT, [
        (9, f"looser than project's: {PROJECT_FILE}:2"),
    ]),
    "the largest wins": ("audit.retentionDays", [(ORG, 5), (USER, 9)], 9, USER, []),
    "a smaller one is looser where the largest wins": ("audit.retentionDays", [(ORG, 9), (USER, 5)], 9, ORG, [
        (5, "looser than org's: /etc/factory/settings.json:2"),
    ]),
    "any highest number tightens none": ("budget.maxTurns", [(PROJECT, 10**9)], 10**9, PROJECT, []),
    "a lowest number may be looser than none": (
        "audit.retentionDays", [(PROJECT, 10**9)], None, None, [(10**9, UNTRUSTED)],
    ),
    "deny is stricter than nothing said": ("riskPolicy.high", [(PROJECT, "deny")], "deny", PROJECT, []),
    "ask is stricter than nothing said": ("riskPolicy.high", [(PROJECT, "ask")], "ask", PROJECT, []),
    "allow may be looser than nothing said": (
        "riskPolicy.high", [(PROJECT, "allow")], None, None, [("allow", UNTRUSTED)],
    ),
    "an environment that nothing proves tightens": (
        "maxAutonomyLevel", [(ORG, "high"), (ORG, "low", UNPROVEN)], "low", ORG, [],
    ),
    "an environment that nothing proves does not loosen the default": (
        "sandbox.enabled", [(ORG, False, UNPROVEN)], True, None, [(False, UNVERIFIED)],
    ),
    "an environment that is proven does": ("sandbox.enabled", [(ORG, False, CI)], False, ORG, []),
    "an untrusted workspace is told of before its environment": (
        "sandbox.enabled", [(PROJECT, False, UNPROVEN)], True, None, [(False, UNTRUSTED)],
    ),
    "a local file is a level below its sibling": (
        "maxAutonomyLevel", [(USER, "low"), (USER, "high", LOCAL)], "low", USER,
        [("high", f"looser than user's: {USER_FILE}:1")],
    ),
    "an environment is below its file": ("maxAutonomyLevel", [(USER, "low"), (USER, "high", CI)], "low", USER, [
        ("high", f"looser than user's: {USER_FILE}:1"),
    ]),
    "honoured only from org": (
        "allowManagedHooksOnly", [(USER, True), (PROJECT, False)], False, None, [(True, "honoured only from org")],
    ),
    "honoured only from org, which says the same": (
        "allowManagedHooksOnly", [(USER, True), (ORG, True)], True, ORG, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("key", "rows", "value", "level", "refused"), STRICTEST.values(), ids=STRICTEST)
def test_strictest(key: str, rows: list[Row], value: Any, level: Any, refused: list[tuple[Any, str]]) -> None:
    effective = merged(key, rows)
    assert effective.value == value
    assert (effective.source.layer.level if effective.source else None) == level
    assert refusals(effective) == refused


def test_all_that_give_the_strictest_value_and_could_make_it_up_it() -> None:
    rows = [(ORG, "low"), (PROJECT, "low"), (FOLDER, "high", TRUSTED), (USER, "low")]
    effective = merged("maxAutonomyLevel", rows)
    assert [one.layer.level for one in effective.contributions] == [ORG, USER]


MODES = {
    "prompts": "ask",
    "reads": "redact",
    "toolOutput": "redact",
    "commands": "block",
    "writes": "block",
    "commit": "block",
    "push": "block",
}


def test_each_key_of_a_map_that_a_single_value_stands_for_is_merged_by_itself() -> None:
    rows: list[Row] = [
        (ORG, {"prompts": "redact", "reads": "report"}),
        (PROJECT, {"push": "report", "commit": "block", "reads": "report"}),
        (USER, {"prompts": "ask", "reads": "ask", "writes": "report"}),
    ]
    effective = merged("shield.mode", rows)
    assert effective.value == MODES | {"prompts": "redact", "reads": "ask", "writes": "report"}
    assert [(one.path[-1], one.value, one.layer.level) for one in effective.contributions] == [
        ("prompts", "redact", ORG),
        ("commit", "block", PROJECT),
        ("reads", "ask", USER),
        ("writes", "report", USER),
    ]
    assert effective.source == effective.contributions[0]
    assert refusals(effective) == [
        ("report", UNTRUSTED),
        ("ask", "looser than org's: /etc/factory/settings.json:3"),
    ]
    assert merged("shield.mode", []).value == MODES
    assert merged("shield.mode", []).source is None


def test_a_map_that_a_single_value_stands_for_may_have_no_default() -> None:
    rule = Rule(merge=Merge.STRICTEST, safest=("deny", "ask", "allow"), spread=("one", "two"))
    effective = settle(rule, "k", cell("k", [(USER, {"one": "allow", "other": "deny"})]))
    assert effective.value == {"one": "allow", "two": None}


# --- union -----------------------------------------------------------------------------------

UNION: dict[str, tuple[str, list[Row], tuple[Any, ...], list[tuple[Any, str]]]] = {
    "nothing said": ("commandDenylist", [], (), []),
    "entries accumulate from the highest on": (
        "commandDenylist", [(USER, ["c", "a"]), (ORG, ["b", "a"])], ("b", "a", "c"), [],
    ),
    "an empty list takes nothing away": ("commandDenylist", [(ORG, ["a"]), (USER, [])], ("a",), []),
    "untrusted entries count": ("commandBlocklist", [(PROJECT, ["a"])], ("a",), []),
    "unproven entries count": ("commandBlocklist", [(ORG, ["a"], UNPROVEN)], ("a",), []),
    "objects are told apart by all that they say": (
        "shield.patterns",
        [(ORG, [{"id": "a", "regex": "b"}]), (USER, [{"regex": "b", "id": "a"}, {"id": "a", "regex": "c"}])],
        ({"id": "a", "regex": "b"}, {"id": "a", "regex": "c"}), [],
    ),
    "what loosens counts from the user": ("commandAllowlist", [(USER, ["a"])], ("a",), []),
    "what loosens counts from a trusted workspace": ("commandAllowlist", [(PROJECT, ["a"], TRUSTED)], ("a",), []),
    "what loosens does not count from an untrusted one": (
        "commandAllowlist", [(PROJECT, ["a", "b"]), (USER, ["c"])], ("c",), [("a", UNTRUSTED), ("b", UNTRUSTED)],
    ),
    "it is not refused where another level says it too": (
        "commandAllowlist", [(PROJECT, ["a", "b"]), (USER, ["b"])], ("b",), [("a", UNTRUSTED)],
    ),
    "what loosens does not count from an environment that nothing proves": (
        "commandAllowlist", [(ORG, ["a"], UNPROVEN)], (), [("a", UNVERIFIED)],
    ),
    "it counts from one that is proven": ("commandAllowlist", [(ORG, ["a"], CI)], ("a",), []),
    "hooks wait for trust": (
        "hooks.Stop", [(PROJECT, [{"hooks": []}])], (), [({"hooks": []}, UNTRUSTED)],
    ),
    "hooks wait for proof": (
        "hooks.Stop", [(USER, [{"hooks": []}], UNPROVEN)], (), [({"hooks": []}, UNVERIFIED)],
    ),
    "only from org and user": (
        "sandbox.passEnv", [(ORG, ["a"]), (PROJECT, ["b"], TRUSTED), (USER, ["c"])], ("a", "c"),
        [("b", "honoured only from org and user")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("key", "rows", "value", "refused"), UNION.values(), ids=UNION)
def test_union(key: str, rows: list[Row], value: Any, refused: list[tuple[Any, str]]) -> None:
    effective = merged(key, rows)
    assert effective.value == value
    assert tuple(one.value for one in effective.contributions) == value
    assert refusals(effective) == refused


def test_each_entry_of_a_union_has_its_place() -> None:
    effective = merged("commandDenylist", [(USER, ["c", "a"]), (ORG, ["b", "a"])])
    assert [(one.path, one.layer.level) for one in effective.contributions] == [
        (("commandDenylist", 0), ORG),
        (("commandDenylist", 1), ORG),
        (("commandDenylist", 0), USER),
    ]
    assert effective.source == effective.contributions[0]


def test_what_loosens_by_its_rule_needs_no_other_word_for_it() -> None:
    rule = Rule(merge=Merge.UNION_IF_TRUSTED)
    effective = settle(rule, "k", cell("k", [(PROJECT, ["a"]), (USER, ["b"], UNPROVEN)]))
    assert effective.value == ()
    assert [one.cause for one in effective.refused] == [Cause.UNTRUSTED, Cause.UNVERIFIED]


# --- narrow ----------------------------------------------------------------------------------

NARROW: dict[str, tuple[str, list[Row], Any, list[tuple[Any, str]]]] = {
    "nothing said": ("modelPolicy.allowedModelIds", [], None, []),
    "one level": ("modelPolicy.allowedModelIds", [(USER, ["a"])], (["a"],), []),
    "nothing is allowed": ("modelPolicy.allowedModelIds", [(USER, [])], ([],), []),
    "each level's list stands by itself": (
        "modelPolicy.allowedModelIds", [(USER, ["b", "c"]), (ORG, ["a", "b"])], (["a", "b"], ["b", "c"]), [],
    ),
    "untrusted and unproven lists count": (
        "networkPolicy.allowedIps", [(ORG, ["a"], UNPROVEN), (PROJECT, ["b"])], (["a"], ["b"]), [],
    ),
    "honoured only from org": (
        "mcpPolicy.allowlist", [(ORG, ["a"]), (USER, ["b"])], (["a"],), [(["b"], "honoured only from org")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("key", "rows", "value", "refused"), NARROW.values(), ids=NARROW)
def test_narrow(key: str, rows: list[Row], value: Any, refused: list[tuple[Any, str]]) -> None:
    effective = merged(key, rows)
    assert effective.value == value
    assert tuple(one.value for one in effective.contributions) == (value or ())
    assert effective.source == next(iter(effective.contributions), None)
    assert refusals(effective) == refused


# --- locked keys -----------------------------------------------------------------------------

ONE, OTHER = {"command": "one"}, {"command": "other"}
OFF = {"disabled": True}
MODEL, ITS_TWIN = {"id": "custom:a", "model": "m"}, {"id": "custom:a", "model": "n"}
SECOND = {"id": "custom:b", "model": "m"}
LOCKED: dict[str, tuple[str, list[Row], Any, list[tuple[Any, str]]]] = {
    "nothing said, a map": ("mcpServers", [], {}, []),
    "nothing said, a list": ("customModels", [], (), []),
    "a lower level adds": ("mcpServers", [(USER, {"b": OTHER}), (ORG, {"a": ONE})], {"a": ONE, "b": OTHER}, []),
    "the higher goes first, whatever the names": (
        "mcpServers", [(USER, {"a": ONE}), (ORG, {"b": OTHER})], {"b": OTHER, "a": ONE}, [],
    ),
    "a key set above is locked whole": (
        "mcpServers", [(ORG, {"a": ONE}), (USER, {"a": OTHER})], {"a": ONE},
        [(OTHER, f"locked by org: {ORG_FILE}:2")],
    ),
    "the same is not refused": ("mcpServers", [(ORG, {"a": ONE}), (USER, {"a": dict(ONE)})], {"a": ONE}, []),
    "entries of a list go by their name": (
        "customModels", [(ORG, [MODEL]), (USER, [ITS_TWIN, SECOND])], (MODEL, SECOND),
        [(ITS_TWIN, f"locked by org: {ORG_FILE}:2")],
    ),
    "the first of a list locks the others": (
        "customModels", [(USER, [MODEL, ITS_TWIN])], (MODEL,), [(ITS_TWIN, f"locked by user: {USER_FILE}:2")],
    ),
    "untrusted entries do not count, and lock nothing": (
        "mcpServers", [(PROJECT, {"a": ONE, "b": ONE}), (USER, {"a": OTHER})], {"a": OTHER},
        [(ONE, UNTRUSTED), (ONE, UNTRUSTED)],
    ),
    "untrusted entries of a list": (
        "customModels", [(PROJECT, [MODEL]), (USER, [ITS_TWIN])], (ITS_TWIN,), [(MODEL, UNTRUSTED)],
    ),
    "an untrusted copy of what holds is not refused": ("customModels", [(PROJECT, [MODEL]), (USER, [MODEL])], (MODEL,), []),
    "trusted entries do": (
        "mcpServers", [(PROJECT, {"a": ONE}, TRUSTED), (USER, {"a": OTHER})], {"a": ONE},
        [(OTHER, f"locked by project: {PROJECT_FILE}:2")],
    ),
    "an environment that nothing proves adds nothing": (
        "mcpServers", [(USER, {"a": ONE}, UNPROVEN)], {}, [(ONE, UNVERIFIED)],
    ),
    "also where no trust is needed": (
        "userModelPolicies", [(ORG, {"a": {}}, UNPROVEN)], {}, [({}, UNVERIFIED)],
    ),
    "honoured only from org": (
        "userModelPolicies", [(USER, {"a": {}}), (ORG, {"b": {}})], {"b": {}}, [({}, "honoured only from org")],
    ),
    "a lower level switches off": ("mcpServers", [(ORG, {"a": ONE}), (USER, {"a": OFF})], {"a": ONE | OFF}, []),
    "and the other way round": (
        "mcpServers", [(ORG, {"a": OFF}), (USER, {"a": ONE})], {"a": OFF}, [(ONE, f"locked by org: {ORG_FILE}:2")],
    ),
    "one that is defined as switched off": ("mcpServers", [(USER, {"a": ONE | OFF})], {"a": ONE | OFF}, []),
    "a lower definition does not come with its switch": (
        "mcpServers", [(ORG, {"a": ONE}), (USER, {"a": OTHER | OFF})], {"a": ONE | OFF}, [],
    ),
    "an untrusted workspace switches off": (
        "mcpServers", [(PROJECT, {"a": OTHER | OFF}), (USER, {"a": ONE})], {"a": ONE | OFF}, [],
    ),
    "and brings nothing by it": ("mcpServers", [(PROJECT, {"a": OTHER | OFF})], {"a": OFF}, []),
    "an environment that nothing proves switches off": (
        "mcpServers", [(USER, {"a": ONE}), (USER, {"a": OFF}, UNPROVEN)], {"a": ONE | OFF}, [],
    ),
    "not disabled says nothing": (
        "mcpServers", [(ORG, {"a": ONE}), (USER, {"a": {"disabled": False}})], {"a": ONE},
        [({"disabled": False}, f"locked by org: {ORG_FILE}:2")],
    ),
    "a plugin is switched off from below": (
        "enabledPlugins", [(ORG, {"a": True}), (USER, {"a": False, "b": True})], {"a": False, "b": True}, [],
    ),
    "and not on again": (
        "enabledPlugins", [(ORG, {"a": False}), (USER, {"a": True})], {"a": False},
        [(True, f"locked by org: {ORG_FILE}:2")],
    ),
    "an untrusted workspace switches a plugin off": (
        "enabledPlugins", [(PROJECT, {"a": False, "b": True}), (USER, {"a": True})], {"a": False},
        [(True, UNTRUSTED)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("key", "rows", "value", "refused"), LOCKED.values(), ids=LOCKED)
def test_locked_keys(key: str, rows: list[Row], value: Any, refused: list[tuple[Any, str]]) -> None:
    effective = merged(key, rows)
    assert effective.value == value
    held = value.values() if isinstance(value, dict) else value
    assert [one.value for one in effective.contributions] == list(held)
    assert effective.source == next(iter(effective.contributions), None)
    assert refusals(effective) == refused


def test_the_place_of_an_entry_is_its_definition_or_what_first_switches_it_off() -> None:
    rows = [(ORG, {"a": ONE, "b": ONE}), (PROJECT, {"b": OFF}), (USER, {"b": OFF, "c": ONE})]
    effective = merged("mcpServers", rows)
    assert [(one.path, one.layer.level) for one in effective.contributions] == [
        (("mcpServers", "a"), ORG),
        (("mcpServers", "b"), PROJECT),
        (("mcpServers", "c"), USER),
    ]
    assert [*effective.value] == ["a", "b", "c"]


def test_an_entry_is_named_by_the_last_step_to_it() -> None:
    rule = Rule(merge=Merge.LOCKED_KEYS)
    given = Given(value={"a": ONE}, layer=layer(ORG, {}), path=("some", "deep", "key"))
    assert settle(rule, "some.deep.key", (given,)).value == {"a": ONE}


def test_what_switches_off_is_not_heard_from_a_level_that_the_key_is_not_honoured_from() -> None:
    rule = Rule(merge=Merge.LOCKED_KEYS, off=("disabled", True), levels=("org",))
    effective = settle(rule, "k", cell("k", [(ORG, {"a": ONE}), (USER, {"a": OFF})]))
    assert effective.value == {"a": ONE}
    assert refusals(effective) == [(OFF, "honoured only from org")]


def test_entries_without_a_switch_cannot_be_switched_off() -> None:
    rule = Rule(merge=Merge.LOCKED_KEYS)
    effective = settle(rule, "k", cell("k", [(ORG, {"a": 1}), (USER, {"a": 0, "b": 0})]))
    assert effective.value == {"a": 1, "b": 0}


# --- own level -------------------------------------------------------------------------------

HOOK, ITS_COPY, ANOTHER = (
    {"matcher": name, "hooks": [{"type": "command", "command": "x"}]} for name in ("a", "a", "b")
)


def hooks(*rows: tuple[Any, dict[str, Any], dict[str, Any]]) -> dict[str, Effective]:
    return merge(SETTINGS, [layer(level, values, **more) for level, values, more in rows])


def stop(*groups: Any, **others: Any) -> dict[str, Any]:
    return {"hooks": {"Stop": list(groups)}, **others}


def test_each_level_switches_off_its_own_hooks_only() -> None:
    found = hooks(
        (ORG, stop(HOOK), {}),
        (USER, stop(ANOTHER, hooksDisabled=True), {}),
        (PROJECT, {"hooksDisabled": False}, {}),
    )
    assert found["hooks.Stop"].value == (HOOK,)
    assert found["hooks.Stop"].path == "hooks.Stop"
    assert found["hooksDisabled"].value == (USER_FILE,)
    assert found["hooksDisabled"].source == found["hooksDisabled"].contributions[0]
    assert refusals(found["hooksDisabled"]) == []
    (refused,) = found["hooks.Stop"].refused
    assert refused.reason == f"hooksDisabled at its level: {USER_FILE}:1"
    assert (refused.cause, refused.by) == (Cause.DISABLED, found["hooksDisabled"].source)
    assert refused.given.value == [ANOTHER]


def test_where_no_level_switches_hooks_off() -> None:
    for found in (hooks(), hooks((USER, {"hooksDisabled": False}, {}))):
        assert found["hooksDisabled"].value is False
        assert found["hooksDisabled"].source is None
        assert found["hooksDisabled"].contributions == ()


def test_another_level_s_copy_of_a_hook_does_not_go_with_it() -> None:
    found = hooks((ORG, stop(HOOK, hooksDisabled=True), {}), (USER, stop(ITS_COPY), {}))
    assert found["hooks.Stop"].value == (HOOK,)
    assert [one.layer.level for one in found["hooks.Stop"].contributions] == [USER]


@pytest.mark.parametrize(
    ("switch", "hook", "same"),
    [
        ({}, {"name": "hooks.json"}, True),
        ({"part": "environment"}, {}, True),
        ({}, {"part": "environment"}, True),
        ({"part": "local"}, {"part": "local-environment"}, True),
        ({"part": "local"}, {}, False),
        ({}, {"part": "local"}, False),
        ({"depth": 1}, {"depth": 0}, False),
    ],
)
def test_what_is_one_level(switch: dict[str, Any], hook: dict[str, Any], same: bool) -> None:
    found = hooks(
        (FOLDER, {"hooksDisabled": True}, {**switch, "trusted": True}),
        (FOLDER, stop(HOOK), {**hook, "trusted": True}),
    )
    assert found["hooks.Stop"].value == (() if same else (HOOK,))


def test_a_level_that_says_both_has_its_hooks_off() -> None:
    rows = [(USER, {"hooksDisabled": True}, {}), (USER, {"hooksDisabled": False}, {"part": "environment"})]
    found = hooks(*rows, (FOLDER, {"hooksDisabled": False}, {}))["hooksDisabled"]
    assert found.value == (USER_FILE,)
    assert refusals(found) == [(False, f"looser than user's: {USER_FILE}:1")]
    rows[1][1]["hooksDisabled"] = True
    found = hooks(*rows)["hooksDisabled"]
    assert found.value == (USER_FILE,), "a file is named once"
    assert len(found.contributions) == 2


def test_an_environment_that_nothing_proves_switches_no_hooks_off() -> None:
    """They may be what denies."""
    found = hooks((ORG, stop(HOOK), {}), (ORG, {"hooksDisabled": True}, UNPROVEN))
    assert found["hooks.Stop"].value == (HOOK,)
    assert refusals(found["hooksDisabled"]) == [(True, UNVERIFIED)]


def test_where_only_the_organisation_s_hooks_run() -> None:
    found = hooks(
        (ORG, stop(HOOK, allowManagedHooksOnly=True), {}),
        (USER, stop(ANOTHER), {}),
        (PROJECT, stop(ANOTHER), {}),
    )
    assert found["hooks.Stop"].value == (HOOK,)
    assert [(one.reason, one.cause) for one in found["hooks.Stop"].refused] == [
        (f"only the organisation's hooks run: {ORG_FILE}:1", Cause.DISABLED)
    ] * 2
    assert [one.given.layer.level for one in found["hooks.Stop"].refused] == [PROJECT, USER]
    assert found["hooks.Stop"].refused[0].by == found["allowManagedHooksOnly"].source


def test_where_the_organisation_says_that_others_run_too() -> None:
    found = hooks((ORG, {"allowManagedHooksOnly": False}, {}), (USER, stop(HOOK), {}))
    assert found["hooks.Stop"].value == (HOOK,)


def test_refusals_of_hooks_are_in_order() -> None:
    found = hooks(
        (PROJECT, stop(HOOK), {}), (FOLDER, stop(HOOK, hooksDisabled=True), {}), (USER, stop(ANOTHER), {})
    )
    assert [one.cause for one in found["hooks.Stop"].refused] == [Cause.UNTRUSTED, Cause.DISABLED]


def test_a_schema_without_the_switches_has_none() -> None:
    given = Given(value=[HOOK], layer=layer(USER, {}), path=())
    assert hooks_refusal({}, given) is None


# --- over a schema ---------------------------------------------------------------------------


def test_every_key_that_carries_a_rule_has_a_result_in_the_order_of_the_schema() -> None:
    found = merge(SETTINGS, [])
    assert [*found] == [key for key, _ in ruled(SETTINGS)]
    assert all(key == one.path for key, one in found.items())
    assert "sandbox.network.allowedDomains" in found
    assert "sandbox" not in found
    assert all(one.source is None and one.contributions == one.refused == () for one in found.values())


def test_settings_of_an_environment_are_not_merged_with_those_beside_it() -> None:
    found = merge(SETTINGS, [layer(USER, {"environments": {"ci": {"model": "b"}}, "model": "a"})])
    assert not [key for key in found if key.startswith("environments")]
    assert found["model"].value == "a"


def test_keys_that_no_section_declares_are_passed_over() -> None:
    found = merge(
        SETTINGS, [layer(USER, {"other": 1, "sandbox": {"other": 2, "enabled": True}, "model": "a"})]
    )
    assert found["model"].value == "a"
    assert found["sandbox.enabled"].value is True


def test_a_value_is_given_with_its_path() -> None:
    found = merge(
        SETTINGS, [layer(USER, {"sandbox": {"network": {"allowedDomains": ["a"]}, "enabled": True}})]
    )
    (one,) = found["sandbox.network.allowedDomains"].contributions
    assert one.path == ("sandbox", "network", "allowedDomains", 0)
    assert found["sandbox.enabled"].source is not None
    assert found["sandbox.enabled"].source.path == ("sandbox", "enabled")


def test_layers_that_say_the_same_both_stand_in_a_cell() -> None:
    one, two = cell("k", [(ORG, "a"), (USER, "a")])
    assert combine((one,), (two, one)) == (one, two)


# --- layers and results ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "environment", "path"),
    [("base", "", ("a", 1)), ("environment", "ci", ("environments", "ci", "a", 1))],
)
def test_a_value_has_a_line_and_a_place_in_its_file(part: Part, environment: str, path: Any) -> None:
    one = replace(layer(USER, {}, part=part), environment=environment)
    found = Given(value=0, layer=one, path=("a", 1))
    assert (found.line, found.where, found.in_file) == (2, f"{USER_FILE}:2", path)


def test_a_reason_has_no_value_in_it() -> None:
    rows = [(ORG, {"a": ONE}), (USER, {"a": {"command": "hunter2"}})]
    assert all("hunter2" not in one.reason for one in merged("mcpServers", rows).refused)


def test_refusals_say_what_counts_instead() -> None:
    for key, above, below, cause in (
        ("model", "a", "b", Cause.OVERRIDDEN),
        ("maxAutonomyLevel", "low", "high", Cause.LOOSER),
        ("mcpServers", {"a": ONE}, {"a": OTHER}, Cause.LOCKED),
    ):
        effective = merged(key, [(ORG, above), (USER, below)])
        (refused,) = effective.refused
        assert (refused.cause, refused.by) == (cause, effective.source)
    (refused,) = merged("orgEndpoint", [(USER, "a")]).refused
    assert (refused.cause, refused.by) == (Cause.LEVEL, None)
    assert isinstance(refused, Refused)


def test_a_schema_of_another_shape_is_merged_too() -> None:
    root = build({
        "properties": {"name": {"type": "string", "x-droid": {"merge": "first"}}, "rest": {"type": "object"}}
    })  # fmt: skip
    found = merge(root, [layer(USER, {"name": "a", "rest": {"b": 1}})])
    assert {key: one.value for key, one in found.items()} == {"name": "a"}
    assert load("settings") is SETTINGS
