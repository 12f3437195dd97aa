"""The known models: what is listed fits together, and what is not listed works."""

import json
from pathlib import Path

import pytest

from droid.domain.messages import Usage
from droid.domain.models import Wire
from droid.providers import catalogue
from droid.providers.catalogue import EFFORTS, base_url_for, catalogue_models, profile_for, traits_of

KEYS = {"ANTHROPIC_API_KEY": "sk-ant-1", "OPENAI_API_KEY": " sk-2\n"}
DATA = json.loads(Path(catalogue.__file__).with_name("catalogue.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("model", DATA["models"])
def test_a_listed_model_is_whole(model: str) -> None:
    profile = catalogue_models(KEYS)[model]
    assert (profile.id, profile.model) == (model, model)
    assert profile.display_name != model
    assert profile.base_url.startswith("https://")
    assert 4096 <= profile.max_output_tokens < profile.context_tokens
    price = profile.price
    assert price is not None
    assert 0 < price.cache_read_per_mtok < price.input_per_mtok < price.output_per_mtok
    assert price.input_per_mtok <= price.cache_write_per_mtok <= 1.25 * price.input_per_mtok
    traits = traits_of(model)
    assert traits.thinking in {"none", "budget", "optional", "default", "always"}
    assert set(traits.efforts) <= set(EFFORTS)
    assert list(traits.efforts) == sorted(traits.efforts, key=EFFORTS.index)


def test_only_models_whose_key_is_known_are_offered() -> None:
    assert catalogue_models({}) == {}
    assert catalogue_models({"OPENAI_API_KEY": "  "}) == {}
    anthropic = catalogue_models({"ANTHROPIC_API_KEY": "k"})
    assert {profile.wire for profile in anthropic.values()} == {Wire.ANTHROPIC}
    both = catalogue_models(KEYS)
    assert {profile.wire for profile in both.values()} == {Wire.ANTHROPIC, Wire.OPENAI}
    assert both["gpt-6-sol"].api_key == "sk-2"


def test_keys_are_not_shown() -> None:
    assert "sk-" not in repr(catalogue_models(KEYS))


@pytest.mark.parametrize(
    ("model_id", "wire", "name"),
    [
        ("claude-opus-5-5", Wire.ANTHROPIC, "Claude Opus 5.5"),
        ("claude-sonnet-4-5-20250929", Wire.ANTHROPIC, "Claude Sonnet 4.5"),
        ("claude-haiku-4-5@20251001", Wire.ANTHROPIC, "Claude Haiku 4.5"),
        ("gpt-5.2-2025-12-11", Wire.OPENAI, "GPT-5.2"),
        ("gpt-5.6", Wire.OPENAI, "GPT-5.6 Sol"),
        ("gpt-4o-latest", Wire.OPENAI, "GPT-4o"),
    ],
)
def test_dates_and_aliases_lead_to_the_listed_model(model_id: str, wire: Wire, name: str) -> None:
    profile = profile_for(model_id, KEYS)
    assert profile is not None
    assert (profile.id, profile.model, profile.wire, profile.display_name) == (model_id, model_id, wire, name)
    assert profile.price is not None


@pytest.mark.parametrize(
    ("model_id", "wire"),
    [
        ("claude-opus-9", Wire.ANTHROPIC),
        ("claude-something-new-20300101", Wire.ANTHROPIC),
        ("claude-3-7-sonnet-20250219", Wire.ANTHROPIC),
        ("gpt-9-mini", Wire.OPENAI),
        ("o7", Wire.OPENAI),
        ("codex-mini-latest", Wire.OPENAI),
        ("gpt-3.5-turbo", Wire.OPENAI),
    ],
)
def test_an_unlisted_model_of_a_known_family_works_with_safe_limits(model_id: str, wire: Wire) -> None:
    profile = profile_for(model_id, KEYS)
    assert profile is not None
    assert profile.wire is wire
    assert profile.api_key
    assert profile.price is None
    assert profile.context_tokens <= 200_000
    assert profile.max_output_tokens <= 32_000


@pytest.mark.parametrize("model_id", ["llama-3", "mistral-large", "", "custom:gpt-6-sol", "my-gpt-4"])
def test_a_stranger_is_no_model(model_id: str) -> None:
    assert profile_for(model_id, KEYS) is None


def test_without_the_key_there_is_a_profile_that_says_so() -> None:
    profile = profile_for("claude-opus-5-5", {})
    assert profile is not None
    assert profile.api_key == ""


@pytest.mark.parametrize(
    ("wire", "environ", "configured", "expected"),
    [
        (Wire.ANTHROPIC, {}, None, "https://api.anthropic.com"),
        (Wire.OPENAI, {}, None, "https://api.openai.com/v1"),
        (Wire.CHAT_COMPLETIONS, {}, None, "https://api.openai.com/v1"),
        (Wire.ANTHROPIC, {"ANTHROPIC_BASE_URL": "http://a/"}, None, "http://a"),
        (Wire.OPENAI, {"OPENAI_BASE_URL": "http://o/v1"}, None, "http://o/v1"),
        (Wire.OPENAI, {"ANTHROPIC_BASE_URL": "http://a"}, None, "https://api.openai.com/v1"),
        (Wire.OPENAI, {"OPENAI_BASE_URL": " "}, None, "https://api.openai.com/v1"),
        (Wire.OPENAI, {"OPENAI_BASE_URL": "http://o/v1"}, "http://settings/v1/", "http://settings/v1"),
    ],
)
def test_settings_go_before_the_environment_and_that_before_the_vendor(
    wire: Wire, environ: dict[str, str], configured: str | None, expected: str
) -> None:
    assert base_url_for(wire, environ, configured) == expected


def test_a_base_url_of_the_environment_reaches_every_model() -> None:
    environ = {**KEYS, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/"}
    assert catalogue_models(environ)["claude-opus-5-5"].base_url == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("model", "same_as"),
    [
        ("anthropic/claude-opus-4.6", "claude-opus-4-6"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("global.anthropic.claude-opus-4-6-v1", "claude-opus-4-6"),
        ("vertex/anthropic/claude-haiku-4-5@20251001", "claude-haiku-4-5"),
        ("openai/gpt-5.2", "gpt-5.2"),
        ("GPT-5.2", "gpt-5.2"),
    ],
)
def test_traits_are_found_behind_what_gateways_add(model: str, same_as: str) -> None:
    assert traits_of(model) == traits_of(same_as)


@pytest.mark.parametrize(
    ("model", "wanted", "expected"),
    [
        ("gpt-5", "medium", "medium"),
        ("gpt-5", "off", "minimal"),
        ("gpt-5", "xhigh", "high"),
        ("gpt-5.2", "minimal", "low"),
        ("claude-opus-4-6", "xhigh", "high"),
        ("gpt-5.2", "dynamic", None),
        ("gpt-5.2", None, None),
        ("gpt-5.2", "a-new-one", "a-new-one"),
        ("gpt-4o", "high", None),
    ],
)
def test_the_nearest_effort_is_chosen(model: str, wanted: str | None, expected: str | None) -> None:
    assert traits_of(model).effort(wanted) == expected


def test_a_price_makes_a_cost() -> None:
    price = catalogue_models(KEYS)["claude-opus-5-5"].price
    assert price is not None
    usage = Usage(input_tokens=1_000_000, output_tokens=1_000_000, cache_read_tokens=1_000_000)
    assert price.cost_usd(usage) == pytest.approx(24.2)
