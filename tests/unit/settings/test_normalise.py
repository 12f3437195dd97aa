import copy
from typing import Any

import pytest
from hypothesis import given, settings
from tests.unit.settings.json_values import fitting

from droid.settings.normalise import normalise, normalise_hooks
from droid.settings.schema_tree import load
from droid.settings.validate import validate

GROUP = [{"hooks": [{"type": "command", "command": "true"}]}]
OTHER = [{"hooks": [{"type": "command", "command": "false"}]}]
SURFACES = ("prompts", "reads", "toolOutput", "commands", "writes", "commit", "push")


@pytest.mark.parametrize(
    ("given_values", "expected"),
    [
        ({}, {}),
        ({"autonomyMode": "normal"}, {"autonomyLevel": "off"}),
        ({"autonomyMode": "auto-low"}, {"autonomyLevel": "low"}),
        ({"autonomyMode": "auto-medium"}, {"autonomyLevel": "medium"}),
        ({"autonomyMode": "auto-high"}, {"autonomyLevel": "high"}),
        ({"autonomyMode": "spec"}, {"autonomyLevel": "off", "interactionMode": "spec"}),
        ({"autonomyMode": "auto-high", "autonomyLevel": "low"}, {"autonomyLevel": "low"}),
        ({"autonomyMode": "auto-low", "autonomyLevel": "high"}, {"autonomyLevel": "low"}),
        ({"autonomyMode": "spec", "autonomyLevel": "high", "interactionMode": "auto"},
         {"autonomyLevel": "off", "interactionMode": "spec"}),
        ({"autonomyMode": "auto-high", "interactionMode": "spec"}, {"autonomyLevel": "high", "interactionMode": "spec"}),
        ({"autonomyMode": "auto-high", "interactionMode": "agi"}, {"autonomyLevel": "high", "interactionMode": "agi"}),
        ({"model": "m", "autonomyLevel": "low"}, {"model": "m", "autonomyLevel": "low"}),
    ],
)  # fmt: skip
def test_the_older_mode_becomes_level_and_mode_and_the_stricter_counts(
    given_values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert normalise({"sessionDefaultSettings": given_values}) == {"sessionDefaultSettings": expected}


@pytest.mark.parametrize(
    ("given_values", "expected"),
    [
        ({"subagentAutonomyLevel": "inherit"}, {}),
        ({"subagentAutonomyLevel": "low"}, {"subagentAutonomyLevel": "low"}),
        ({"subagentModelSettings": {"lightModel": "inherit", "heavyModel": "m"}},
         {"subagentModelSettings": {"heavyModel": "m"}}),
        ({"shield": {"mode": "report"}}, {"shield": {"mode": dict.fromkeys(SURFACES, "report")}}),
        ({"shield": {"mode": {"reads": "block"}}}, {"shield": {"mode": {"reads": "block"}}}),
        ({"shield": {"scan": {"files": True}}}, {"shield": {"scan": {"files": True}}}),
        ({"trustedWorkspaces": "forbid"}, {"trustedWorkspaces": ["forbid"]}),
        ({"hooks": {"hooksDisabled": True, "Stop": GROUP}},
         {"hooks": {"Stop": GROUP}, "hooksDisabled": True}),
        ({"hooks": {"hooksDisabled": False}, "hooksDisabled": True}, {"hooks": {}, "hooksDisabled": True}),
        ({"hooks": {"hooksDisabled": True}, "hooksDisabled": False}, {"hooks": {}, "hooksDisabled": True}),
        ({"hooks": {"showHookOutput": True}, "showHookOutput": False}, {"hooks": {}, "showHookOutput": False}),
        ({"hooks": {"hooksDisabled": "yes"}}, {"hooks": {}}),
        ({"environments": {"ci": {"sessionDefaultSettings": {"autonomyMode": "spec"}}}},
         {"environments": {"ci": {"sessionDefaultSettings": {"autonomyLevel": "off", "interactionMode": "spec"}}}}),
        ({"environments": {"other": 5}}, {"environments": {"other": 5}}),
    ],
)  # fmt: skip
def test_each_other_way_of_saying_a_thing_becomes_one(
    given_values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert normalise(given_values) == expected


@pytest.mark.parametrize(
    ("identity", "full"),
    [(None, "custom:m"), ("custom:x", "custom:x"), ("x", "custom:x"), ("custom:", "custom:m")],
)
def test_custom_models_have_their_full_id(identity: str | None, full: str) -> None:
    entry = {"model": "m", "provider": "openai"} | ({} if identity is None else {"id": identity})
    assert normalise({"customModels": [entry]}) == {"customModels": [{**entry, "id": full}]}


@pytest.mark.parametrize(
    ("given_values", "expected"),
    [
        ({}, {"hooks": {}}),
        ({"hooks": {"Stop": GROUP}}, {"hooks": {"Stop": GROUP}}),
        ({"Stop": GROUP, "description": "d"}, {"hooks": {"Stop": GROUP}}),
        ({"Stop": GROUP, "hooks": {"Stop": OTHER, "PreGit": GROUP}},
         {"hooks": {"Stop": [*OTHER, *GROUP], "PreGit": GROUP}}),
        ({"hooksDisabled": True, "hooks": {}}, {"hooks": {}, "hooksDisabled": True}),
        ({"hooks": {"hooksDisabled": True, "showHookOutput": True}},
         {"hooks": {}, "hooksDisabled": True, "showHookOutput": True}),
        ({"hooks": {"Xyzzy": 5}}, {"hooks": {}}),
    ],
)  # fmt: skip
def test_a_hooks_file_becomes_the_settings_that_it_stands_for(
    given_values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert normalise_hooks(given_values) == expected


@settings(max_examples=60, deadline=None)
@given(fitting(load("settings")))
def test_the_one_form_is_valid_stays_as_it_is_and_leaves_what_was_given_alone(values: dict[str, Any]) -> None:
    before = copy.deepcopy(values)
    once = normalise(values)
    assert values == before
    assert validate(load("settings"), once).problems == []
    assert normalise(once) == once


@settings(max_examples=60, deadline=None)
@given(fitting(load("hooks")))
def test_the_settings_of_a_hooks_file_are_valid(values: dict[str, Any]) -> None:
    made = normalise_hooks(values)
    assert validate(load("settings"), made).problems == []
    assert normalise_hooks(made) == made
