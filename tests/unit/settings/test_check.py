import json
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from droid.domain.levels import AutonomyLevel
from droid.settings.check import Findings, check, known_keys, rule_of
from droid.settings.jsonc import dotted
from droid.settings.schema import OTHER_KEYS, CustomModel, Merge, Provider, SessionDefaults, Settings

MODEL = {"model": "m", "provider": "openai"}


def problems(value: Mapping[str, Any]) -> list[str]:
    found = Findings()
    settings = check(Settings, value, found)
    assert (settings is None) is bool(found.problems)
    return [f"{dotted(problem.path)}: {problem.reason}" for problem in found.problems]


def model_problems(**changes: Any) -> list[str]:
    return [
        problem.removeprefix("customModels[0]") for problem in problems({"customModels": [MODEL | changes]})
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, []),
        ({"model": "m"}, []),
        ({"model": ""}, ["model: must not be empty"]),
        ({"model": 5}, ["model: must be a text"]),
        ({"model": None}, ["model: must not be null; leave the key out instead"]),
        ({"maxAutonomyLevel": "low"}, []),
        ({"maxAutonomyLevel": "Low"}, ["maxAutonomyLevel: must be one of off, low, medium, high"]),
        ({"maxAutonomyLevel": True}, ["maxAutonomyLevel: must be one of off, low, medium, high"]),
        ({"maxAutonomyLevel": ["low"]}, ["maxAutonomyLevel: must be one of off, low, medium, high"]),
        ({"reasoningEffort": "huge"}, [
            "reasoningEffort: must be one of none, dynamic, off, minimal, low, medium, high, xhigh, max"]),
        ({"sessionDefaultSettings": []}, ["sessionDefaultSettings: must be an object in { }"]),
        ({"sessionDefaultSettings": {"autonomyLevel": "auto-high"}}, [
            "sessionDefaultSettings.autonomyLevel: must be one of off, low, medium, high"]),
        ({"sessionDefaultSettings": {"autonomyMode": "high"}}, [
            "sessionDefaultSettings.autonomyMode: must be one of normal, spec, auto-low, auto-medium, auto-high"]),
        ({"customModels": {}}, ["customModels: must be a list in [ ]"]),
        ({"customModels": [5]}, ["customModels[0]: must be an object in { }"]),
        ({"customModels": [{}]}, [
            "customModels[0]: the key 'model' is missing", "customModels[0]: the key 'provider' is missing"]),
        ({"customModels": [MODEL, MODEL | {"provider": "openia"}]}, [
            f"customModels[1].provider: must be one of {', '.join(get_args(Provider))}"]),
        ({"model": 1, "maxAutonomyLevel": 2}, [
            "model: must be a text", "maxAutonomyLevel: must be one of off, low, medium, high"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_and_all_of_it(value: dict[str, Any], expected: list[str]) -> None:
    assert problems(value) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"maxOutputTokens": 1}, []),
        ({"maxOutputTokens": 0}, [".maxOutputTokens: must be at least 1"]),
        ({"maxOutputTokens": -5}, [".maxOutputTokens: must be at least 1"]),
        ({"maxOutputTokens": 1.5}, [".maxOutputTokens: must be a whole number"]),
        ({"maxOutputTokens": "8192"}, [".maxOutputTokens: must be a whole number"]),
        ({"maxOutputTokens": True}, [".maxOutputTokens: must be a whole number"]),
        ({"maxContextLimit": -1}, [".maxContextLimit: must be at least 1"]),
        ({"thinkingMaxTokens": 0}, []),
        ({"thinkingMaxTokens": -1}, [".thinkingMaxTokens: must be at least 0"]),
        ({"enableThinking": 1}, [".enableThinking: must be true or false"]),
        ({"noImageSupport": "yes"}, [".noImageSupport: must be true or false"]),
        ({"apiKey": 5}, [".apiKey: must be a text"]),
        ({"extraHeaders": {"a": 1, "b": "x", "c": None}}, [
            ".extraHeaders.a: must be a text", ".extraHeaders.c: must not be null; leave the key out instead"]),
        ({"extraArgs": {"a": None, "b": [1]}}, []),
        ({"price": {"inputPerMTok": 3}}, []),
        ({"price": {"inputPerMTok": -0.1}}, [".price.inputPerMTok: must be at least 0"]),
        ({"price": {"outputPerMTok": "3"}}, [".price.outputPerMTok: must be a number"]),
        ({"bedrock": {"awsRegion": "eu-central-1"}}, []),
        ({"id": ""}, [".id: must not be empty"]),
    ],
)  # fmt: skip
def test_custom_models_are_checked_field_by_field(changes: dict[str, Any], expected: list[str]) -> None:
    assert model_problems(**changes) == expected


def test_a_message_never_repeats_a_value() -> None:
    secret = "sk-verysecret"
    for key in ("model", "maxAutonomyLevel", "reasoningEffort", "sessionDefaultSettings", "customModels"):
        for value in (secret, [secret], {secret: secret}):
            assert not any(secret in reason.partition(": ")[2] for reason in problems({key: value}))
    for key in ("provider", "maxOutputTokens", "enableThinking", "price", "extraHeaders"):
        assert secret not in str(model_problems(**{key: secret}))


def test_sections_are_built_with_their_values() -> None:
    found = Findings()
    built = check(Settings, {
        "maxAutonomyLevel": "low", "sessionDefaultSettings": {"autonomyLevel": "off", "interactionMode": "spec"},
        "customModels": [MODEL | {"price": {"inputPerMTok": 3}, "extraHeaders": {"a": "b"}, "index": 0}],
        "theme": "dark",
    }, found)  # fmt: skip
    assert built is not None
    assert built.max_autonomy_level is AutonomyLevel.LOW
    assert built.session_default_settings == SessionDefaults(autonomy_level=AutonomyLevel.OFF)
    assert built.custom_models is not None
    assert built.custom_models[0].price is not None
    assert built.custom_models[0].price.input_per_m_tok == 3.0
    assert built.custom_models[0].extra_headers == {"a": "b"}
    assert found.unknown == []


def test_secrets_do_not_show_in_what_is_printed() -> None:
    found = Findings()
    built = check(CustomModel, MODEL | {"apiKey": "sk-1", "extraHeaders": {"a": "sk-1"}}, found)
    assert "sk-1" not in repr(built)


def test_unknown_keys_are_collected_where_they_are() -> None:
    found = Findings()
    check(
        Settings,
        {"modle": 1, "sessionDefaultSettings": {"modell": 1}, "customModels": [MODEL | {"x": 1}]},
        found,
    )
    assert [path for path, _ in found.unknown] == [
        ("modle",),
        ("sessionDefaultSettings", "modell"),
        ("customModels", 0, "x"),
    ]


def test_every_mergeable_key_declares_its_rule() -> None:
    assert {key: rule_of(Settings, key) for key in known_keys(Settings) - OTHER_KEYS[Settings]
            if key != "sessionDefaultSettings"} == {
        "model": Merge.FIRST, "reasoningEffort": Merge.FIRST,
        "maxAutonomyLevel": Merge.STRICTEST, "customModels": Merge.LOCKED_KEYS,
        "compactionTokenLimit": Merge.FIRST, "compactionTokenLimitPerModel": Merge.FIRST,
        "compactionModelMode": Merge.FIRST,
    }  # fmt: skip
    assert {key: rule_of(SessionDefaults, key) for key in ("model", "reasoningEffort", "autonomyLevel")} == {
        "model": Merge.FIRST, "reasoningEffort": Merge.FIRST, "autonomyLevel": Merge.STRICTEST,
    }  # fmt: skip
    with pytest.raises(KeyError):
        rule_of(Settings, "sessionDefaultSettings")


WRONG = st.sampled_from(
    ["", "x", "low", "auto-low", "openai", 0, 1, -1, 1.5, True, [], {}, ["low"], {"a": "b"}]
)
RIGHT: dict[str, list[Any]] = {
    "model": ["m"], "reasoningEffort": ["low"], "maxAutonomyLevel": ["off", "high"], "autonomyLevel": ["medium"],
    "autonomyMode": ["spec"], "id": ["custom:a"], "provider": ["anthropic"], "displayName": [""], "baseUrl": ["u"],
    "apiKey": ["k"], "maxContextLimit": [1], "maxOutputTokens": [9], "enableThinking": [False],
    "thinkingMaxTokens": [0], "extraHeaders": [{"a": "b"}], "extraArgs": [{"a": [1]}], "noImageSupport": [True],
    "supportsImages": [True], "bedrock": [{}], "inputPerMTok": [0, 1.5], "outputPerMTok": [2],
    "cacheReadPerMTok": [0.1], "cacheWritePerMTok": [0.2],
}  # fmt: skip


def sections(keys: list[str], **inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that mostly fit, with a wrong value here and there."""
    values = {key: st.sampled_from(RIGHT[key]) | WRONG for key in keys} | inner
    return st.fixed_dictionaries({}, optional=values | {"unknown": WRONG})


PRICES = sections(["inputPerMTok", "outputPerMTok", "cacheReadPerMTok", "cacheWritePerMTok"])
MODELS = sections(
    ["id", "displayName", "baseUrl", "apiKey", "maxContextLimit", "maxOutputTokens", "enableThinking",
     "thinkingMaxTokens", "extraHeaders", "extraArgs", "noImageSupport", "supportsImages", "bedrock"],
    price=PRICES | WRONG,
).flatmap(lambda section: st.just(MODEL | section) | st.just(section))  # fmt: skip
FILES = sections(
    ["model", "reasoningEffort", "maxAutonomyLevel"],
    sessionDefaultSettings=sections(["model", "reasoningEffort", "autonomyLevel", "autonomyMode"]) | WRONG,
    customModels=st.lists(MODELS, max_size=2) | WRONG,
)


@given(FILES)
def test_the_check_agrees_with_pydantic_about_the_same_declarations(value: dict[str, Any]) -> None:
    """One source for every contract: what is generated from the declarations says what is checked."""
    try:
        expected = _ADAPTER.validate_json(json.dumps(value))
    except ValidationError as error:
        wrong = {tuple(item["loc"]) for item in error.errors()}
        assert problems(value), wrong
    else:
        assert problems(value) == []
        assert check(Settings, value, Findings()) == expected


_ADAPTER = TypeAdapter(Settings)
