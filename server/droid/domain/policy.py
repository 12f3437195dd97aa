"""All that engine and safety see of settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.models import ModelProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The level and file (with line, from 1) that a value came from."""

    level: SettingsLevel
    file: str | None = None
    line: int | None = None


BUILTIN = Source(level=SettingsLevel.BUILTIN)


def _asks_any(profile: ModelProfile) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The effective settings of one workspace, compiled.

    Attributes:
        autonomy: Where a session starts, already capped by `max_autonomy`.
        max_autonomy: What no flag, picker or approval may go beyond.
        model: The id of the model to start with; None where nothing names one.
        reasoning_effort: As the provider knows it; None leaves it out.
        models: By id, those that can be asked: the catalogue's whose key is known, and `customModels`.
        models_refused: By id, those that are known and may not be asked, and why.
        model_refusal: Why a model that settings do not define may not be asked; None where it may.
        lockdown: Organisation policy is configured and not to be had: why no session starts. None where
            there is none, or it is in force.
        warnings: What was wrong with the settings files, one line each.
        malformed: Those of the warnings that make a whole file unusable: what it should have said is not
            known, so with nobody to ask, nothing is begun.
    """

    autonomy: AutonomyLevel = AutonomyLevel.OFF
    autonomy_source: Source = BUILTIN
    max_autonomy: AutonomyLevel = AutonomyLevel.HIGH
    max_autonomy_source: Source = BUILTIN
    model: str | None = None
    model_source: Source = BUILTIN
    reasoning_effort: str | None = None
    models: Mapping[str, ModelProfile] = field(default_factory=dict[str, ModelProfile])
    models_refused: Mapping[str, str] = field(default_factory=dict[str, str])
    model_refusal: Callable[[ModelProfile], str | None] = field(default=_asks_any, compare=False, repr=False)
    lockdown: str | None = None
    warnings: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()
