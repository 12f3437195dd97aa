"""What settings mean for calls and models: a level added below never loosens a verdict.

The stacks are over the whole schema. A session begins at the autonomy that the settings give, and where
nothing above says one the built-in default holds, which the user may loosen; so the top of each stack says it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.safety.facts import call_facts, path_fact
from tests.unit.settings.setting_stacks import FOLDER, ORG, PROJECT, RULES, USER, at, layer, nested, values_of

from droid.domain.levels import AutonomyLevel, SettingsLevel, Verdict
from droid.domain.models import ModelProfile, Wire
from droid.domain.policy import Policy
from droid.engine.gate import Gate
from droid.safety.facts import CallFacts
from droid.settings.compile import compile_policy
from droid.settings.layers import Layer
from droid.settings.merging import merge
from droid.settings.normalise import normalise
from droid.settings.schema_tree import load

SCHEMA = load("settings")
laws = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)

CALLS: tuple[Mapping[str, Any], ...] = (
    {"tool": "Read", "reads": (path_fact("a.py"),)},
    {"tool": "Read", "reads": (path_fact(".env"),)},
    {"tool": "Edit", "writes": (path_fact("a.py"),)},
    {"tool": "Edit", "writes": (path_fact("x", "/etc/hosts"),)},
    {"tool": "Execute", "command": "ls"},
    {"tool": "Execute", "command": "rm -rf build"},
    {"tool": "Execute", "command": "git push --force", "skip_permissions": True},
    {"tool": "mcp__x__y", "access_is_complete": False},
)
MODELS = tuple(
    ModelProfile(id=id_, model=name, wire=Wire.CHAT_COMPLETIONS, base_url=url)
    for id_, name, url in (
        ("a", "a", "https://a.example/v1"),
        ("b", "b", "https://b.example"),
        ("custom:a", "c", "https://a.example/v1"),
    )
)
PINNED: dict[str, Any] = {
    "sessionDefaultSettings": {"autonomyLevel": "high"},
    "maxAutonomyLevel": "high",
}
URLS = st.lists(st.sampled_from(["https://a.example", "https://b.example"]), max_size=2)


@st.composite
def settings_of_a_level(draw: st.DrawFn) -> dict[str, Any]:
    """Some keys of the schema, those that decide about calls and models more often than others."""
    often = [key for key in RULES if key.startswith(("maxAutonomy", "modelPolicy", "sessionDefault", "risk"))]
    chosen = draw(st.lists(st.sampled_from(often) | st.sampled_from(list(RULES)), max_size=5, unique=True))
    flat: dict[str, Any] = {}
    for key in chosen:
        node = SCHEMA.at(tuple(key.split(".")))
        assert node is not None
        flat[key] = draw(URLS if key == "modelPolicy.allowedBaseUrls" else values_of(node))
    return normalise(nested(flat))


def policy_of(layers: Sequence[Layer]) -> Policy:
    return compile_policy(merge(SCHEMA, layers), layers=layers, environ={}, identities=("one",))


async def verdicts(policy: Policy) -> list[Verdict]:
    async def regather(_: Any) -> CallFacts:
        raise AssertionError("nothing rewrites here")

    found: list[Verdict] = []
    for call in CALLS:
        facts = call_facts(**call, autonomy=policy.autonomy)
        decision, _ = await Gate().decide(facts, lambda _: (policy,), regather)
        found.append(decision.verdict)
    return found


STACKS = st.lists(
    st.tuples(st.sampled_from([PROJECT, FOLDER]), settings_of_a_level(), st.booleans()), max_size=3
)


def stack(said: Sequence[tuple[SettingsLevel, dict[str, Any], bool]]) -> list[Layer]:
    return [
        layer(level, values, depth=depth if level is FOLDER else 0, trusted=trusted)
        for depth, (level, values, trusted) in enumerate(said)
    ]


@laws
@given(
    settings_of_a_level(),
    STACKS,
    settings_of_a_level(),
    st.sampled_from([PROJECT, FOLDER, USER]),
    st.booleans(),
)
async def test_a_level_below_never_loosens_a_verdict_nor_lets_another_model_be_asked(
    org: dict[str, Any],
    above: list[tuple[SettingsLevel, dict[str, Any], bool]],
    below: dict[str, Any],
    level: SettingsLevel,
    trusted: bool,
) -> None:
    top = [layer(ORG, PINNED, name="pinned.json"), layer(ORG, org)]
    before = [*top, *stack(above)]
    after = [*before, layer(level, below, depth=99, trusted=trusted or level is USER)]
    old, new = policy_of(before), policy_of(after)
    assert new.max_autonomy <= old.max_autonomy
    assert all(b >= a for a, b in zip(await verdicts(old), await verdicts(new), strict=True))
    for profile in MODELS:
        if old.model_refusal(profile) is not None:
            assert new.model_refusal(profile) is not None


@laws
@given(settings_of_a_level(), settings_of_a_level(), settings_of_a_level())
async def test_an_untrusted_repository_never_loosens_even_a_default(
    user: dict[str, Any], project: dict[str, Any], folder: dict[str, Any]
) -> None:
    mine = [layer(USER, user)]
    theirs = [layer(PROJECT, project, trusted=False), layer(FOLDER, folder, trusted=False)]
    old, new = policy_of(mine), policy_of([*mine, *theirs])
    assert new.autonomy <= old.autonomy
    assert new.max_autonomy <= old.max_autonomy
    assert all(b >= a for a, b in zip(await verdicts(old), await verdicts(new), strict=True))
    assert set(new.models) <= set(old.models)
    for profile in MODELS:
        if old.model_refusal(profile) is not None:
            assert new.model_refusal(profile) is not None


def test_the_stacks_decide_about_calls() -> None:
    """The laws would hold for settings that say nothing too."""
    assert policy_of([layer(ORG, PINNED)]).autonomy is AutonomyLevel.HIGH
    low = at("maxAutonomyLevel", "low")
    assert policy_of([layer(ORG, PINNED), layer(USER, low)]).max_autonomy is AutonomyLevel.LOW
