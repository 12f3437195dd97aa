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
        (ModelRules(allowed=(Names(names=("m",), source=ORG),)), model("custom:m"), USER, None),
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
