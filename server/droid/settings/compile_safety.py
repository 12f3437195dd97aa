"""What merged settings say of calls: lists of commands, guarded files and branches, hooks, risks, taint."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from droid.domain.levels import AutonomyLevel, Risk, SettingsLevel, Verdict
from droid.domain.policy import HookRule, ListEntry, RiskVerdict, Source
from droid.settings.effective import Effective, Given
from droid.settings.layers import Layer

_MAXIMUM = "maxAutonomyLevel"
_START, _LEVEL = "sessionDefaultSettings", "autonomyLevel"
_HOOKS = "hooks."
_DLP_HOOKS = "hooks.PreModelRequest"
_ALL = frozenset({"", "*"})
_HOOK_SECONDS = 60.0
_VENDORS = (
    "amazonaws.com", "anthropic.com", "azure.com", "cloudflare.com", "cohere.ai", "deepseek.com",
    "fireworks.ai", "googleapis.com", "groq.com", "huggingface.co", "mistral.ai", "openai.com",
    "openrouter.ai", "perplexity.ai", "together.ai", "together.xyz", "x.ai",
)  # fmt: skip


class SafetyRules(TypedDict):
    """The fields of `Policy` that follow from these settings."""

    command_allowlist: tuple[ListEntry, ...]
    command_denylist: tuple[ListEntry, ...]
    command_blocklist: tuple[ListEntry, ...]
    risk_verdicts: Mapping[Risk, RiskVerdict]
    protected_files: tuple[ListEntry, ...]
    protected_branches: tuple[ListEntry, ...]
    deny_read: tuple[ListEntry, ...]
    taint: Verdict
    taint_source: Source
    allowed_domains: tuple[ListEntry, ...]
    own_servers: tuple[ListEntry, ...]
    hooks: tuple[HookRule, ...]
    show_hook_output: bool


def compile_safety(merged: Mapping[str, Effective], layers: Iterable[Layer]) -> SafetyRules:
    """The rules that calls are judged by.

    Args:
        layers: Everything that was merged, for what is set above an entry's level.
    """
    layers = tuple(layers)
    taint, taint_source = _taint(merged)
    shown = merged.get("showHookOutput")
    return SafetyRules(
        command_allowlist=_allowlist(merged, layers),
        command_denylist=_entries(merged, "commandDenylist"),
        command_blocklist=_entries(merged, "commandBlocklist"),
        risk_verdicts=_risk_verdicts(merged, layers),
        protected_files=_entries(merged, "protectedFiles"),
        protected_branches=_entries(merged, "protectedBranches"),
        deny_read=_entries(merged, "sandbox.filesystem.denyRead"),
        taint=taint,
        taint_source=taint_source,
        allowed_domains=_entries(merged, "sandbox.network.allowedDomains"),
        own_servers=tuple(_own_servers(merged)),
        hooks=tuple(_hooks(merged, layers)),
        show_hook_output=bool(shown and shown.value),
    )


def source_of(given: Given | None) -> Source:
    """Level, file and line of a value; the built-in default where no file gives it."""
    if given is None:
        return Source(level=SettingsLevel.BUILTIN)
    return Source(level=given.layer.level, file=str(given.layer.file), line=given.line)


def _entries(merged: Mapping[str, Effective], key: str) -> tuple[ListEntry, ...]:
    found = merged.get(key)
    parts: dict[int, int] = {}
    return tuple(
        ListEntry(
            text=given.value,
            source=source_of(given),
            part=parts.setdefault(id(given.layer), len(parts)),
        )
        for given in (found.contributions if found else ())
    )


def _allowlist(merged: Mapping[str, Effective], layers: tuple[Layer, ...]) -> tuple[ListEntry, ...]:
    """What runs without asking, each entry within the maximum of the levels above its own."""
    found = merged.get("commandAllowlist")
    return tuple(
        ListEntry(text=given.value, source=source_of(given), within=_within(given, layers))
        for given in (found.contributions if found else ())
    )


def _within(given: Given, layers: tuple[Layer, ...], *, start: bool = False) -> AutonomyLevel:
    """The maximum that is set above an entry's own level.

    Args:
        start: What those levels let a session start with counts too.
    """
    above = [one.values for one in layers if one.rank < given.layer.rank]
    limits = [values[_MAXIMUM] for values in above if _MAXIMUM in values]
    if start:
        limits += [values[_START][_LEVEL] for values in above if _LEVEL in values.get(_START, {})]
    return min(map(AutonomyLevel, limits), default=AutonomyLevel.HIGH)


def _risk_verdicts(merged: Mapping[str, Effective], layers: tuple[Layer, ...]) -> dict[Risk, RiskVerdict]:
    found: dict[Risk, RiskVerdict] = {}
    for risk in Risk:
        said = merged.get(f"riskPolicy.{risk.value}")
        if said is not None and said.source is not None:
            found[risk] = RiskVerdict(
                verdict=Verdict(said.value),
                source=source_of(said.source),
                # A level that has sessions start low has said what runs without asking.
                within=_within(said.source, layers, start=True),
            )
    return found


def _taint(merged: Mapping[str, Effective]) -> tuple[Verdict, Source]:
    """Only the organisation may switch it off: from anywhere else `off` says nothing."""
    found = merged.get("taint")
    if found is None or found.source is None:
        return Verdict.ASK, source_of(None)
    if found.value == "off":
        org = next((g for g in found.contributions if g.layer.level is SettingsLevel.ORG), None)
        return (Verdict.ALLOW, source_of(org)) if org is not None else (Verdict.ASK, source_of(None))
    return Verdict(found.value), source_of(found.source)


def _own_servers(merged: Mapping[str, Effective]) -> Iterable[ListEntry]:
    """Where the organisation runs models itself: conversations go there anyway.

    A vendor's address is none of its own: behind it, whoever has a key finds what others send there.
    """
    models = merged.get("customModels")
    for given in models.contributions if models else ():
        url = given.value.get("baseUrl")
        if given.layer.level is not SettingsLevel.ORG or not isinstance(url, str):
            continue
        from droid.safety.hosts import url_destination  # few organisations have servers of their own

        place = url_destination(url)
        if place is not None and place.host and not _is_shared(place.host):
            yield ListEntry(text=place.name, source=source_of(given))


def _is_shared(host: str) -> bool:
    return any(host == vendor or host.endswith(f".{vendor}") for vendor in _VENDORS)


def _hooks(merged: Mapping[str, Effective], layers: tuple[Layer, ...]) -> Iterable[HookRule]:
    longest = merged.get("shield.dlpHookTimeoutMs")
    dlp_s = longest.value / 1000 if longest is not None and longest.value is not None else _HOOK_SECONDS
    for key, found in merged.items():
        if not key.startswith(_HOOKS):
            continue
        usual_s = dlp_s if key == _DLP_HOOKS else _HOOK_SECONDS
        for given in sorted(found.contributions, key=lambda one: one.layer.rank):
            group: Mapping[str, Any] = given.value
            matcher = group.get("matcher", "")
            within = _within(given, layers)
            for index, hook in enumerate(group["hooks"]):
                yield HookRule(
                    event=key.removeprefix(_HOOKS),
                    matcher="" if matcher in _ALL else matcher,
                    command_regex=group.get("commandRegex", ""),
                    command=hook["command"],
                    timeout_s=float(hook.get("timeout", usual_s)),
                    deny_on_error=hook.get("onError") == "deny",
                    within=within,
                    source=Source(
                        level=given.layer.level,
                        file=str(given.layer.file),
                        line=given.layer.lines((*given.path, "hooks", index, "command")),
                    ),
                )
