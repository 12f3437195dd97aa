"""`settings.json` and `settings.local.json`, at every level."""

from typing import Annotated, ClassVar

from droid.settings.schemas.common import FIRST_OF_ORG, UNSET, Section, Text
from droid.settings.schemas.hooks import HookKeys
from droid.settings.schemas.mcp import McpKeys
from droid.settings.schemas.models import ModelKeys
from droid.settings.schemas.organisation import OrganisationKeys
from droid.settings.schemas.plugins import PluginKeys
from droid.settings.schemas.safety import SafetyKeys
from droid.settings.schemas.sandbox import SandboxKeys
from droid.settings.schemas.session import SessionKeys


class PartialSettings(
    SessionKeys, ModelKeys, SafetyKeys, SandboxKeys, HookKeys, McpKeys, PluginKeys, OrganisationKeys
):
    """Settings that hold in one type of environment."""

    ignored_keys: ClassVar[frozenset[str]] = frozenset({
        "$schema", "allowAllFactoryModels", "allowBackgroundProcesses", "autonomyLevel", "autonomyMode",
        "awaitingInputSound", "byomComputersEnabled", "completionSound", "diffMode",
        "disableWeeklyUsageSummary", "enableCompletionBell", "enableCustomDroids", "enableHooks",
        "enableReadinessReport", "ideAutoConnect", "keepSystemAwakeDuringMissions", "logoAnimation",
        "managedComputersEnabled", "missionModelSettings", "missionOrchestratorModel",
        "missionOrchestratorReasoningEffort", "missionPolicy", "nerdFont", "overrideTerminalColors",
        "restrictApiKeyCreationToManagers", "restrictMemberVisibility", "showThinkingInMainView",
        "showTokenUsageIndicator", "soundFocusMode", "specModeModel", "specModeReasoningEffort",
        "specSaveEnabled", "statusLine", "subagentSounds", "theme", "todoDisplayMode", "toolResultDisplay",
    })  # fmt: skip


class Environments(Section):
    """Settings that are laid over those of the same file where the program runs in such an environment."""

    local: PartialSettings = UNSET
    """On somebody's own machine."""
    ci: PartialSettings = UNSET
    """In a continuous-integration job."""
    sandbox: PartialSettings = UNSET
    """In a container or virtual machine that is marked so."""


class EnvironmentKeys(Section):
    """Environments

    Settings for one type of environment.
    """

    environments: Environments = UNSET
    """Settings that are laid over those of the same file where the program runs in such an environment.
    What is not verified to be one can only be tightened by them."""


class SystemFileKeys(Section):
    """System file

    Keys that count only in the system-managed file, where nobody but an administrator can write.
    """

    org_endpoint: Annotated[Text, FIRST_OF_ORG] = UNSET
    """The HTTPS address that the organisation's settings are fetched from; goes before
    `DROID_ORG_ENDPOINT`."""
    org_public_key: Annotated[Text, FIRST_OF_ORG] = UNSET
    """The Ed25519 key that they must be signed with; goes before `DROID_ORG_PUBLIC_KEY`."""
    org_required: Annotated[bool, FIRST_OF_ORG] = UNSET
    """Whether no session starts without the organisation's settings."""


class Settings(PartialSettings, EnvironmentKeys, SystemFileKeys):
    """settings.json

    Settings of one level of a `.factory/` folder, or of the organisation.
    """


AREAS: tuple[type[Section], ...] = (
    SessionKeys,
    ModelKeys,
    SafetyKeys,
    SandboxKeys,
    HookKeys,
    McpKeys,
    PluginKeys,
    OrganisationKeys,
    EnvironmentKeys,
    SystemFileKeys,
)
"""The parts of `Settings`, in the order in which the reference page has them."""
