"""What a settings file may say: keys, types, and beside each key the rule by which levels are merged.

Keys and value names follow Factory's public settings reference, so that an existing `.factory/` works
unchanged; a field `max_autonomy_level` is the key `maxAutonomyLevel`. Keys of that reference that have no
meaning here are in `OTHER_KEYS` and pass silently.

The declarations are dataclasses that pydantic understands, with strictness and key names in
`__pydantic_config__`, but they are checked by `check`: where a run waits for its settings, importing
pydantic would take longer than everything else that it waits for.

Source: https://docs.factory.ai/cli/configuration/settings
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal

from droid.domain.levels import AutonomyLevel


class Merge(Enum):
    """How the values of several levels become one."""

    FIRST = "first"
    """The highest level that sets it wins."""
    STRICTEST = "strictest"
    """The safest value of any level wins; an untrusted level can only lower what the others give."""
    LOCKED_KEYS = "locked-keys"
    """An entry that a level defines is locked whole for those below; they may add others."""


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest number, or the shortest text, that makes sense."""

    value: int

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        schema = handler(source)
        schema["min_length" if schema["type"] == "str" else "ge"] = self.value
        return schema


def key_of(name: str) -> str:
    """A field's key in a file: `max_autonomy_level` is `maxAutonomyLevel`."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


_CONFIG: Mapping[str, Any] = {"strict": True, "extra": "ignore", "alias_generator": key_of}

Text = Annotated[str, Least(1)]
Count = Annotated[int, Least(1)]
Amount = Annotated[float, Least(0)]
ReasoningEffort = Literal["none", "dynamic", "off", "minimal", "low", "medium", "high", "xhigh", "max"]
AutonomyMode = Literal["normal", "spec", "auto-low", "auto-medium", "auto-high"]
Provider = Literal["anthropic", "openai", "generic-chat-completion-api", "google", "bedrock", "vertex"]

LEGACY_AUTONOMY: Mapping[str, AutonomyLevel] = {
    "normal": AutonomyLevel.OFF,
    "spec": AutonomyLevel.OFF,
    "auto-low": AutonomyLevel.LOW,
    "auto-medium": AutonomyLevel.MEDIUM,
    "auto-high": AutonomyLevel.HIGH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDefaults:
    """Where a session starts.

    Attributes:
        autonomy_mode: The older name of `autonomy_level`; where a file has both, the stricter counts.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _CONFIG

    model: Annotated[Text | None, Merge.FIRST] = None
    reasoning_effort: Annotated[ReasoningEffort | None, Merge.FIRST] = None
    autonomy_level: Annotated[AutonomyLevel | None, Merge.STRICTEST] = None
    autonomy_mode: Annotated[AutonomyMode | None, Merge.STRICTEST] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomPrice:
    """US dollars for a million tokens."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _CONFIG

    input_per_m_tok: Amount = 0.0
    output_per_m_tok: Amount = 0.0
    cache_read_per_m_tok: Amount = 0.0
    cache_write_per_m_tok: Amount = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomModel:
    """A model that the organisation or the user brings.

    Attributes:
        id: With or without `custom:` before it; left out, `model` serves.
        model: The name on the wire.
        base_url, api_key, extra_headers: May hold `${NAME}`.
        supports_images: The older, positive form of `no_image_support`.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _CONFIG

    model: Text
    provider: Provider
    id: Text | None = None
    display_name: str | None = None
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    max_context_limit: Count | None = None
    max_output_tokens: Count | None = None
    enable_thinking: bool | None = None
    thinking_max_tokens: Annotated[int, Least(0)] | None = None
    extra_headers: Mapping[str, str] | None = field(default=None, repr=False)
    extra_args: Mapping[str, Any] | None = None
    no_image_support: bool | None = None
    supports_images: bool | None = None
    bedrock: Mapping[str, Any] | None = None
    price: CustomPrice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One settings file."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _CONFIG

    model: Annotated[Text | None, Merge.FIRST] = None
    reasoning_effort: Annotated[ReasoningEffort | None, Merge.FIRST] = None
    session_default_settings: SessionDefaults | None = None
    max_autonomy_level: Annotated[AutonomyLevel | None, Merge.STRICTEST] = None
    custom_models: Annotated[tuple[CustomModel, ...] | None, Merge.LOCKED_KEYS] = None
    compaction_token_limit: Annotated[Count | None, Merge.FIRST] = None
    compaction_token_limit_per_model: Annotated[Mapping[str, Count] | None, Merge.FIRST] = None
    compaction_model_mode: Annotated[Text | None, Merge.FIRST] = None


_OTHER_SETTINGS = frozenset({
    "allowAllFactoryModels", "allowBackgroundProcesses", "allowManagedHooksOnly", "audit", "autonomyLevel",
    "autonomyMode", "awaitingInputSound", "blockOnMcpLoad", "budget", "builtInToolAutonomyOverrides",
    "cloudSessionSync", "commandAllowlist", "commandBlocklist", "commandDenylist",
    "completionSound", "deployment", "diffMode",
    "enableCompletionBell", "enableCustomDroids", "enableDroidShield", "enableHooks", "enableReadinessReport",
    "enabledPlugins", "environments", "extraKnownMarketplaces", "hooks", "hooksDisabled", "ideAutoConnect",
    "identity", "includeCoAuthoredByDroid", "llmRequestTimeout", "logoAnimation", "mcp",
    "mcpAutonomyUrlOverrides", "mcpPolicy", "modelPolicy", "network", "networkPolicy", "orgEndpoint",
    "orgPublicKey", "orgRequired", "protectedBranches", "protectedFiles", "riskPolicy", "sandbox",
    "sessionRetentionDays", "shield", "showHookOutput", "showThinkingInMainView", "soundFocusMode",
    "specModeModel", "specModeReasoningEffort", "specSaveDir", "specSaveEnabled", "strictKnownMarketplaces",
    "subagentAutonomyLevel", "subagentModelSettings", "taint", "telemetry", "theme", "todoDisplayMode",
    "trustedWorkspaces", "userModelPolicies", "wikiCloudSync", "worktreeDirectory",
})  # fmt: skip

OTHER_KEYS: Mapping[type, frozenset[str]] = {
    Settings: _OTHER_SETTINGS,
    SessionDefaults: frozenset({"interactionMode", "specModeModel", "specModeReasoningEffort"}),
    CustomModel: frozenset({"index"}),
}
"""Keys of each section that are accepted and say nothing here."""
