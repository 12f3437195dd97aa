"""Which models may be asked, and every way that was thought of to ask another."""

import pytest

from droid.domain.levels import SettingsLevel
from droid.domain.models import ModelProfile, Wire
from droid.domain.policy import BUILTIN, Source
from droid.settings.model_rules import ModelRules, Names

ORG = Source(level=SettingsLevel.ORG, file="/etc/factory/settings.json", line=3)
USER = Source(level=SettingsLevel.USER, file="/home/a/.factory/settings.json", line=2)


def model(id_: str, name: str = "", url: str = "https://api.example.com/v1") -> ModelProfile:
    return ModelProfile(id=id_, model=name or id_, wire=Wire.CHAT_COMPLETIONS, base_url=url)


@pytest.mark.parametrize(
    ("rules", "profile", "source", "reason"),
    [
        (ModelRules(), model("m"), BUILTIN, None),
        (ModelRules(allowed=(Names(names=("m",), source=ORG),)), model("m"), BUILTIN, None),
        (ModelRules(allowed=(Names(names=("m",), source=ORG),)), model("n"), BUILTIN, "allowedModelIds"),
        (ModelRules(allowed=(Names(names=(), source=ORG),)), model("m"), BUILTIN, "allowedModelIds"),
        (ModelRules(allowed=(Names(names=("m",), source=ORG),)), model("custom:m", "m"), USER, None),
        (ModelRules(allowed=(Names(names=("custom:m",), source=ORG),)), model("custom:m"), USER, None),
        # Another's name on the wire is no way in.
        (
            ModelRules(allowed=(Names(names=("m",), source=ORG),)),
            model("custom:x", "m"),
            USER,
            "allowedModelIds",
        ),
        (
            ModelRules(allowed=(Names(names=("m",), source=ORG), Names(names=("n",), source=USER))),
            model("m"),
            BUILTIN,
            "allowedModelIds of user",
        ),
        (
            ModelRules(allowed=(Names(names=("m",), source=ORG, spares_catalogue=True),)),
            model("other"),
            BUILTIN,
            None,
        ),
        (
            ModelRules(allowed=(Names(names=("m",), source=ORG, spares_catalogue=True),)),
            model("custom:other"),
            USER,
            "allowedModelIds",
        ),
        (ModelRules(blocked=(Names(names=("bad",), source=ORG),)), model("bad"), BUILTIN, "blockedModelIds"),
        (ModelRules(blocked=(Names(names=("bad",), source=ORG),)), model("BAD "), BUILTIN, "blockedModelIds"),
        (
            ModelRules(blocked=(Names(names=("bad",), source=ORG),)),
            model("custom:x", "bad"),
            USER,
            "blockedModelIds",
        ),
        (
            ModelRules(blocked=(Names(names=("bad",), source=ORG),)),
            model("custom:x", "vendor/Bad"),
            USER,
            "blockedModelIds",
        ),
        # A custom model that has borrowed the name of one of the catalogue is another one.
        (
            ModelRules(allowed=(Names(names=("m",), source=ORG),)),
            model("custom:m", "n"),
            USER,
            "allowedModelIds",
        ),
        (ModelRules(allowed=(Names(names=("m", "n"), source=ORG),)), model("custom:m", "n"), USER, None),
        (ModelRules(allowed=(Names(names=("m",), source=ORG),)), model("custom:m", "n"), ORG, None),
        (ModelRules(allowed=(Names(names=("custom:m",), source=ORG),)), model("custom:m", "n"), USER, None),
        (ModelRules(custom_refused=ORG), model("custom:x"), USER, "allowCustomModels"),
        (ModelRules(custom_refused=ORG), model("custom:x"), ORG, None),
        (ModelRules(custom_refused=USER), model("custom:x"), ORG, None),
        (ModelRules(custom_refused=ORG), model("custom:x"), BUILTIN, "allowCustomModels"),
        (ModelRules(custom_refused=ORG), model("x"), BUILTIN, None),
    ],
)
def test_a_model_is_refused_for_the_first_rule_that_it_breaks(
    rules: ModelRules, profile: ModelProfile, source: Source, reason: str | None
) -> None:
    said = rules.refusal(profile, source)
    assert (said is None) is (reason is None), said
    assert reason is None or (said and reason in said)


@pytest.mark.parametrize(
    ("blocked", "asked", "passes"),
    [
        ("claude-x-4.6", "claude-x-4-6", False),
        ("claude-x-4-6", "claude-x-4.6", False),
        ("claude-x", "claude-x-20250101", False),
        ("claude-x", "claude-x@20250101", False),
        ("claude-x", "claude-x-2025-01-01", False),
        ("claude-x", "claude-x-latest", False),
        ("claude-x", "claude-x-v2", False),
        ("claude-x", "claude-x[1m]", False),
        ("claude-x", "claude-x:thinking", False),
        ("claude-x", "anthropic/claude-x", False),
        ("claude-x", "openrouter/anthropic/Claude-X:free", False),
        ("claude-x", "us.anthropic.claude-x-20250101-v1:0", False),
        ("claude-x", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-x-20250101-v1:0", False),
        ("claude-x", "publishers/anthropic/models/claude-x@default", False),
        ("anthropic/claude-x", "claude-x", False),
        ("anthropic.claude-x", "claude-x-20250101", False),
        ("claude-x-20250101", "claude-x-20250101", False),
        ("claude-x-20250101", "us.anthropic.claude-x-20250101-v1:0", False),
        ("claude-x-20250101", "claude-x", True),
        ("claude-x-20250101", "claude-x-20250601", True),
        ("claude-x", "claude-x-mini", True),
        ("claude-x", "claude", True),
        ("gpt-5", "gpt-5.2", True),
        ("router/m", "other/m", True),
        ("m", ":" * 10_000, True),
    ],
)
def test_a_name_is_blocked_whatever_vendors_put_around_it(blocked: str, asked: str, passes: bool) -> None:
    rules = ModelRules(blocked=(Names(names=(blocked,), source=ORG),))
    assert (rules.refusal(model("custom:x", asked), USER) is None) is passes
    assert (rules.refusal(model(asked)) is None) is passes


@pytest.mark.parametrize(
    ("url", "passes"),
    [
        ("https://x.openai.azure.com/openai/deployments/bad-20250101", False),
        ("https://x.example/v1/models/bad:generate", False),
        ("https://bad.example/v1", True),
    ],
)
def test_an_address_that_names_a_blocked_model_is_no_way_to_it(url: str, passes: bool) -> None:
    rules = ModelRules(blocked=(Names(names=("bad",), source=ORG),))
    assert (rules.refusal(model("custom:x", "innocent", url), USER) is None) is passes


def test_a_refusal_says_where_the_rule_stands() -> None:
    rules = ModelRules(blocked=(Names(names=("bad",), source=ORG),))
    assert (
        rules.refusal(model("bad"))
        == "blockedModelIds of org settings, /etc/factory/settings.json:3 names it"
    )


@pytest.mark.parametrize(
    ("allowed", "url", "passes"),
    [
        ("https://gw.corp", "https://gw.corp", True),
        ("https://gw.corp/", "https://gw.corp/v1", True),
        ("https://gw.corp:443", "https://GW.corp./v1", True),
        ("https://gw.corp/llm", "https://gw.corp/llm/v1", True),
        ("https://gw.corp/llm", "https://gw.corp/llm", True),
        ("https://*.corp", "https://a.b.corp/v1", True),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1", True),
        ("https://gw.corp/llm", "https://gw.corp/llm2", False),
        ("https://gw.corp/llm", "https://gw.corp/llm/../other", False),
        ("https://gw.corp/llm", "https://gw.corp/llm/%2e%2e/other", False),
        ("https://gw.corp", "https://gw.corp.evil.example", False),
        ("https://gw.corp", "https://gw.corp@evil.example", False),
        ("https://gw.corp", "https://user:pw@gw.corp", False),
        ("https://gw.corp", "http://gw.corp", False),
        ("https://gw.corp", "https://gw.corp:8443", False),
        ("https://gw.corp", "https://gw.corp\\.evil.example", False),
        ("https://*.corp", "https://corp/v1", False),
        ("https://*.corp", "https://evilcorp/v1", False),
        ("https://*.corp", "https://.corp/v1", False),
        ("gw.corp", "https://gw.corp", False),
        ("https://gw.corp", "https://gw.corp:notaport", False),
    ],
)
def test_an_address_is_compared_part_by_part(allowed: str, url: str, passes: bool) -> None:
    rules = ModelRules(base_urls=(Names(names=(allowed,), source=ORG),))
    assert (rules.refusal(model("m", url=url)) is None) is passes
