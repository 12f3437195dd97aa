"""Makes of merged settings the policy that engine and safety see."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from droid.domain.levels import AutonomyLevel
from droid.domain.models import ModelProfile
from droid.domain.policy import BUILTIN, Budget, Compaction, Policy, Source
from droid.settings.compile_safety import compile_safety, source_of
from droid.settings.custom_models import ModelDisabled, profile_of
from droid.settings.effective import Effective, Given
from droid.settings.jsonc import shown
from droid.settings.layers import Layer
from droid.settings.model_rules import ModelRules, Names

_WITHOUT_EFFORT = frozenset({"off", "none", "dynamic"})
"""Efforts that are asked for by not asking: the provider's own default, or no reasoning."""
_SAME_MODEL = "same"
_START = "sessionDefaultSettings"

_NOT_ENFORCED = (
    "audit.",
    "deployment.mode",
    "enableDroidShield",
    "mcpPolicy.",
    "networkPolicy.",
    "sandbox.",
    f"{_START}.interactionMode",
    "sessionRetentionDays",
    "shield.",
    "telemetry.",
)
"""Restrictions that are merged and shown, and that nothing acts on."""
_RESTRICTS_NOTHING = (False, "agi", "auto", "cloud")
_IN_PART = {
    "sandbox.filesystem.denyRead": "holds for tools and the paths that commands name, not within scripts",
    "sandbox.network.allowedDomains": "spares questions about these hosts, and keeps nothing from others",
}
"""What of a key there is so far, where that is not all that it says."""
_IN_FORCE = frozenset({"shield.dlpHookTimeoutMs"})

_MAXIMUM = "maxAutonomyLevel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Files that cannot be used and have no earlier version that could.

    Attributes:
        lines: What is wrong, one line each.
        source: The first of them.
    """

    lines: tuple[str, ...] = ()
    source: Source = BUILTIN


def compile_policy(
    merged: Mapping[str, Effective],
    *,
    layers: Iterable[Layer],
    environ: Mapping[str, str],
    identities: Iterable[str] = (),
    broken: Broken | None = None,
    warnings: Iterable[str] = (),
    lockdown: str | None = None,
) -> Policy:
    """The policy of merged settings.

    Args:
        layers: What was merged.
        identities: What the person may be known by in `userModelPolicies`; since none of it is verified,
            each of them can only tighten.
        broken: Makes autonomy off, since what the files were meant to forbid cannot be known.
    """
    broken = broken or Broken()
    said = [*warnings, *_not_enforced(merged)]
    most, most_source = _autonomy(merged, _MAXIMUM, AutonomyLevel.HIGH)
    start, start_source = _autonomy(merged, f"{_START}.autonomyLevel", AutonomyLevel.OFF)
    if broken.lines:
        most, most_source = AutonomyLevel.OFF, broken.source
    capped = bool(broken.lines) or most < start
    model, model_source = _first(merged, f"{_START}.model", "model")
    effort, _ = _first(merged, f"{_START}.reasoningEffort", "reasoningEffort")
    rules = model_rules(merged, identities)
    models: dict[str, ModelProfile] = {}
    refused: dict[str, str] = {}
    for entry in contributions(merged, "customModels"):
        identity = str(entry.value["id"])
        try:
            profile = profile_of(identity, entry.value, environ)
        except ModelDisabled as error:
            said.append(f"{entry.where}: model {shown(identity)} is off: {error}")
            refused[identity] = str(error)
            continue
        reason = rules.refusal(profile, source_of(entry))
        if reason is None:
            models[identity] = profile
        else:
            refused[identity] = reason
    return Policy(
        autonomy=most if capped else start,
        autonomy_source=most_source if capped else start_source,
        max_autonomy=most,
        max_autonomy_source=most_source,
        model=model,
        model_source=model_source,
        reasoning_effort=effort if effort not in _WITHOUT_EFFORT else None,
        models=models,
        models_refused=refused,
        model_refusal=rules.refusal,
        compaction=_compaction(merged),
        budget=_budget(merged),
        **compile_safety(merged, layers),
        lockdown=lockdown,
        warnings=(*said, *broken.lines),
        malformed=broken.lines,
    )


def _not_enforced(merged: Mapping[str, Effective]) -> Iterator[str]:
    """What somebody relies on and this version does not do."""
    for key, effective in merged.items():
        source = effective.source
        if source is None or not key.startswith(_NOT_ENFORCED) or key in _IN_FORCE:
            continue
        if effective.value not in _RESTRICTS_NOTHING:
            yield f"{source.where}: {key} {_IN_PART.get(key, 'is not enforced')} in this version"


def _budget(merged: Mapping[str, Effective]) -> Budget:
    usd, from_usd = _first(merged, "budget.maxUsdPerSession")
    tokens, from_tokens = _first(merged, "budget.maxTokensPerSession")
    turns, from_turns = _first(merged, "budget.maxTurns")
    source = min((from_usd, from_tokens, from_turns), key=lambda one: one.level.rank)
    return Budget(max_usd=usd, max_tokens=tokens, max_turns=turns, source=source)


def _compaction(merged: Mapping[str, Effective]) -> Compaction:
    limit, _ = _first(merged, "compactionTokenLimit")
    limits, _ = _first(merged, "compactionTokenLimitPerModel")
    model, _ = _first(merged, "compactionModelMode")
    return Compaction(
        limit_tokens=limit, limits_by_model=limits or {}, model=None if model == _SAME_MODEL else model
    )


def with_catalogue(policy: Policy, catalogue: Mapping[str, ModelProfile]) -> Policy:
    """The policy with the models that are known without settings, as far as it lets them be asked."""
    judged = {identity: policy.model_refusal(profile) for identity, profile in catalogue.items()}
    allowed = {identity: catalogue[identity] for identity, reason in judged.items() if reason is None}
    refused = {identity: reason for identity, reason in judged.items() if reason is not None}
    return replace(
        policy,
        models={**allowed, **policy.models},
        models_refused={**refused, **policy.models_refused},
    )


def model_rules(merged: Mapping[str, Effective], identities: Iterable[str]) -> ModelRules:
    """What the levels say of models."""
    custom = merged.get("modelPolicy.allowCustomModels")
    forbidden = custom is not None and custom.value is False and custom.source is not None
    allowed, blocked = list(_allowed(merged)), list(_blocked(merged))
    people = frozenset(identities)
    for given in contributions(merged, "userModelPolicies"):
        if given.path[-1] in people:
            person, source = given.value, source_of(given)
            if "allowedModelIds" in person:
                allowed.append(Names(names=tuple(person["allowedModelIds"]), source=source))
            blocked.append(Names(names=tuple(person.get("blockedModelIds", ())), source=source))
    return ModelRules(
        allowed=tuple(allowed),
        blocked=tuple(blocked),
        custom_refused=source_of(custom.source) if custom is not None and forbidden else None,
        base_urls=tuple(
            Names(names=tuple(given.value), source=source_of(given))
            for given in contributions(merged, "modelPolicy.allowedBaseUrls")
        ),
    )


def _allowed(merged: Mapping[str, Effective]) -> Iterator[Names]:
    """Each level's list; the catalogue passes it where that level or one above it says so."""
    spares = [given for given in contributions(merged, "modelPolicy.allowAllFactoryModels") if given.value]
    for given in contributions(merged, "modelPolicy.allowedModelIds"):
        spared = any(one.layer.level.rank <= given.layer.level.rank for one in spares)
        yield Names(names=tuple(given.value), source=source_of(given), spares_catalogue=spared)


def _blocked(merged: Mapping[str, Effective]) -> Iterator[Names]:
    for given in contributions(merged, "modelPolicy.blockedModelIds"):
        yield Names(names=(given.value,), source=source_of(given))


def contributions(merged: Mapping[str, Effective], path: str) -> tuple[Given, ...]:
    """What makes up the value of a key, from the highest level on."""
    found = merged.get(path)
    return () if found is None else found.contributions


def _autonomy(
    merged: Mapping[str, Effective], path: str, default: AutonomyLevel
) -> tuple[AutonomyLevel, Source]:
    found = merged.get(path)
    if found is None or found.value is None:
        return default, BUILTIN
    return AutonomyLevel(found.value), source_of(found.source)


def _first(merged: Mapping[str, Effective], *paths: str) -> tuple[Any, Source]:
    """The value of the highest level that gives one of them; at one level the first of them counts."""
    best: Given | None = None
    for path in paths:
        found = merged.get(path)
        given = found.source if found is not None else None
        if given is not None and (best is None or given.layer.first_rank < best.layer.first_rank):
            best = given
    return (None, BUILTIN) if best is None else (best.value, source_of(best))
