"""All that engine and safety see of settings."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The effective settings of one workspace, compiled.

    Attributes:
        autonomy: Where a session starts, already capped by `max_autonomy`.
        max_autonomy: What no flag, picker or approval may go beyond.
        model: The id of the model to start with; None where nothing names one.
        reasoning_effort: As the provider knows it; None leaves it out.
        models: By id, those that can be asked: the catalogue's whose key is known, and `customModels`.
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
    warnings: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()
