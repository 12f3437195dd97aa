"""What must hold for every stack of files: a lower level never loosens what a higher one says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.policy import Policy
from droid.settings.layer import Layer
from droid.settings.load import compile_policy
from droid.settings.merge import first, max_autonomy
from droid.settings.schema import LEGACY_AUTONOMY, CustomModel, SessionDefaults, Settings

LEVELS = st.sampled_from(AutonomyLevel)
MODELS = st.builds(
    CustomModel,
    id=st.sampled_from(["a", "custom:a", "b", "c"]),
    model=st.just("m"),
    provider=st.just("openai"),
    base_url=st.sampled_from(["http://one/v1", "http://two/v1", "${NOT_SET}"]),
)
DEFAULTS = st.builds(
    SessionDefaults,
    model=st.none() | st.sampled_from("xyz"),
    autonomy_level=st.none() | LEVELS,
    autonomy_mode=st.none() | st.sampled_from(sorted(LEGACY_AUTONOMY)),
)
SETTINGS = st.builds(
    Settings,
    model=st.none() | st.sampled_from("xyz"),
    session_default_settings=st.none() | DEFAULTS,
    max_autonomy_level=st.none() | LEVELS,
    custom_models=st.none() | st.lists(MODELS, max_size=3).map(tuple),
)
PLACES = [
    (level, local)
    for level in (SettingsLevel.ORG, SettingsLevel.PROJECT, SettingsLevel.FOLDER, SettingsLevel.USER)
    for local in (False, True)
]


def layer(place: tuple[SettingsLevel, bool], settings: Settings | None, *, trusted: bool) -> Layer:
    level, local = place
    return Layer(level=level, file=Path(f"{level}{local}"), local=local, trusted=trusted, settings=settings)


@st.composite
def stacks(draw: st.DrawFn) -> list[Layer]:
    """From the highest file to the lowest; org and user are trusted, a repository may or may not be."""
    trusted = draw(st.booleans())
    places = sorted(draw(st.sets(st.sampled_from(PLACES))), key=PLACES.index)
    return [
        layer(
            place,
            draw(SETTINGS | st.none() if draw(st.integers(0, 9)) == 0 else SETTINGS),
            trusted=trusted or place[0] in (SettingsLevel.ORG, SettingsLevel.USER),
        )
        for place in places
    ]


def policy_of(stack: Sequence[Layer]) -> Policy:
    return compile_policy(stack, {}, Path("/home/dev/.factory"))


def wanted(one: Layer) -> list[AutonomyLevel]:
    """What a file says of where a session starts."""
    defaults = one.settings.session_default_settings if one.settings else None
    if defaults is None:
        return []
    mode = [] if defaults.autonomy_mode is None else [LEGACY_AUTONOMY[defaults.autonomy_mode]]
    return mode if defaults.autonomy_level is None else [defaults.autonomy_level, *mode]


@given(stacks())
def test_autonomy_is_never_above_what_any_file_or_the_trusted_ones_say(stack: list[Layer]) -> None:
    policy = policy_of(stack)
    said = [level for one in stack for level in wanted(one)]
    by_trusted = [level for one in stack if one.trusted for level in wanted(one)]
    capped = [one.settings.max_autonomy_level for one in stack if one.settings]
    caps = [level for level in capped if level is not None]
    assert policy.max_autonomy == min(caps, default=AutonomyLevel.HIGH) or None in [
        one.settings for one in stack
    ]
    assert policy.autonomy <= policy.max_autonomy
    assert all(policy.autonomy <= level for level in said)
    assert policy.autonomy <= min(by_trusted, default=AutonomyLevel.OFF)
    if all(one.settings for one in stack):
        exact = min([*said, min(by_trusted, default=AutonomyLevel.OFF), policy.max_autonomy])
        assert policy.autonomy == exact, "and no lower than they say"


@given(stacks(), st.data())
def test_a_level_that_is_added_below_never_loosens_what_is_above(
    stack: list[Layer], data: st.DataObject
) -> None:
    assume(stack)
    place = PLACES.index((stack[-1].level, stack[-1].local))
    assume(place + 1 < len(PLACES))
    below = layer(
        PLACES[data.draw(st.integers(place + 1, len(PLACES) - 1))],
        data.draw(SETTINGS | st.none()),
        trusted=data.draw(st.booleans()),
    )
    before, after = policy_of(stack), policy_of([*stack, below])
    assert after.max_autonomy <= before.max_autonomy
    if any(wanted(one) for one in stack if one.trusted) or not below.trusted:
        assert after.autonomy <= before.autonomy
    for identity in locked(stack):
        assert after.models.get(identity) == before.models.get(identity)
    if not below.local and before.model is not None:
        assert (after.model, after.model_source) == (before.model, before.model_source)


@given(stacks(), SETTINGS, st.data())
def test_keys_that_are_added_to_the_lowest_level_never_loosen_what_is_above(
    stack: list[Layer], more: Settings, data: st.DataObject
) -> None:
    assume(len(stack) > 1)
    *above, lowest = stack
    assume(lowest.settings is not None)
    added = replace(lowest, settings=with_more(lowest.settings or Settings(), more, data))
    before, after = policy_of(stack), policy_of([*above, added])
    assert after.max_autonomy <= before.max_autonomy
    if any(wanted(one) for one in stack if one.trusted) or not lowest.trusted:
        assert after.autonomy <= before.autonomy
    for identity in locked(above):
        assert after.models.get(identity) == before.models.get(identity)


def with_more(settings: Settings, more: Settings, data: st.DataObject) -> Settings:
    """The same settings with some of the keys that they lack."""
    changes: dict[str, Any] = {
        name: getattr(more, name)
        for name in ("model", "max_autonomy_level", "custom_models")
        if getattr(settings, name) is None and data.draw(st.booleans())
    }
    ours, theirs = settings.session_default_settings, more.session_default_settings
    if theirs is not None:
        ours = ours or SessionDefaults()
        changes["session_default_settings"] = replace(
            ours,
            **{
                name: getattr(theirs, name)
                for name in ("model", "autonomy_level", "autonomy_mode")
                if getattr(ours, name) is None
            },
        )
    return replace(settings, **changes)


def locked(stack: Sequence[Layer]) -> set[str]:
    """The ids that the trusted files of a stack define."""
    return {
        f"custom:{(model.id or '').removeprefix('custom:')}"
        for one in stack
        if one.trusted and one.settings
        for model in one.settings.custom_models or ()
    }


@given(stacks(), st.data())
def test_breaking_a_file_never_loosens_anything(stack: list[Layer], data: st.DataObject) -> None:
    assume(stack)
    broken = data.draw(st.integers(0, len(stack) - 1))
    before = policy_of(stack)
    after = policy_of([replace(one, settings=None) if i == broken else one for i, one in enumerate(stack)])
    assert after.autonomy is after.max_autonomy is AutonomyLevel.OFF
    assert before.autonomy >= after.autonomy
    assert after.models.keys() <= before.models.keys() | locked(stack)


@given(stacks())
def test_an_untrusted_file_brings_no_model(stack: list[Layer]) -> None:
    assert policy_of(stack).models.keys() <= locked(stack)


@given(stacks())
def test_a_source_names_a_file_that_says_so(stack: list[Layer]) -> None:
    policy = policy_of(stack)
    by_file = {str(one.file): one for one in stack}
    for value, source, says in (
        (policy.max_autonomy, policy.max_autonomy_source, lambda one: [one.settings.max_autonomy_level]),
        (
            policy.autonomy,
            policy.autonomy_source,
            lambda one: [*wanted(one), one.settings.max_autonomy_level],
        ),
    ):
        if source.file is not None and by_file[source.file].settings is not None:
            assert value in says(by_file[source.file])


def test_asking_for_another_rule_than_the_declared_one_is_a_bug() -> None:
    with pytest.raises(ValueError, match="maxAutonomyLevel is not merged by first"):
        first([layer(PLACES[0], Settings(), trusted=True)], ("max_autonomy_level",))
    assert max_autonomy([]).value is AutonomyLevel.HIGH
