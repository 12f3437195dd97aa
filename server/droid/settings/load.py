"""Reads the settings of a workspace and compiles them into its policy.

No workspace is trusted: what its files tighten applies, what they loosen does not, and the person is told
which line was left out and why. A malformed file loosens nothing either: until it is mended, autonomy is
off, since what it was meant to forbid cannot be known.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.models import ModelProfile
from droid.domain.policy import BUILTIN, Compaction, Policy
from droid.settings.custom_models import ModelDisabled, profile_of
from droid.settings.jsonc import shown
from droid.settings.layer import Layer, read_layer
from droid.settings.merge import (
    Autonomy,
    custom_models,
    first,
    max_autonomy,
    starting_autonomy,
    untrusted_models,
)
from droid.settings.paths import FACTORY_FOLDER, LOCAL_SETTINGS_FILE, SETTINGS_FILE, project_root, real

_SAME_MODEL = "same"
_WITHOUT_EFFORT = frozenset({"off", "none", "dynamic"})
"""Efforts that are asked for by not asking: the provider's own default, or no reasoning."""


def load_policy(workspace: Path, home: Path, environ: Mapping[str, str]) -> Policy:
    """The policy of a workspace, from the files as they are now; nothing is cached and nothing raises.

    Args:
        workspace: The folder that the session works in.
        home: The user's `.factory` folder.
        environ: Where `${NAME}` is looked up.
    """
    return compile_policy(read_layers(workspace, home), environ, home)


def settings_files(workspace: Path, home: Path) -> list[Path]:
    """Every file that can have a say, whether it is there or not, from the highest level to the lowest."""
    return [file for file, _, _ in _places(workspace, home)]


def read_layers(workspace: Path, home: Path) -> list[Layer]:
    """The files that are there, from the highest level to the lowest, a local one after its sibling."""
    layers = [
        read_layer(file, level, trusted=trusted, local=file.name == LOCAL_SETTINGS_FILE)
        for file, level, trusted in _places(workspace, home)
    ]
    return [layer for layer in layers if layer is not None]


def _places(workspace: Path, home: Path) -> Iterator[tuple[Path, SettingsLevel, bool]]:
    """File, level, and whether what it loosens counts."""
    project = project_root(workspace) / FACTORY_FOLDER
    # With the home folder as workspace the two are one, and it is the user's.
    if real(project) != real(home):
        for name in (SETTINGS_FILE, LOCAL_SETTINGS_FILE):
            yield project / name, SettingsLevel.PROJECT, False
    for name in (SETTINGS_FILE, LOCAL_SETTINGS_FILE):
        yield home / name, SettingsLevel.USER, True


def compile_policy(layers: Sequence[Layer], environ: Mapping[str, str], home: Path) -> Policy:
    """Merge layers into the policy that they make."""
    most = max_autonomy(layers)
    start = starting_autonomy(layers)
    malformed = next((layer for layer in layers if layer.settings is None), None)
    if malformed is not None:
        most = Autonomy(value=AutonomyLevel.OFF, source=malformed.source())
    capped = malformed is not None or most.value < start.value
    model = first(layers, ("session_default_settings", "model"), ("model",))
    effort = first(layers, ("session_default_settings", "reasoning_effort"), ("reasoning_effort",))
    warnings = [warning for layer in layers for warning in layer.warnings]
    warnings += _refusals(layers, start, home)
    models = _models(layers, environ, warnings)
    return Policy(
        autonomy=most.value if capped else start.value,
        autonomy_source=most.source if capped else start.source,
        max_autonomy=most.value,
        max_autonomy_source=most.source,
        model=model.value if model else None,
        model_source=model.source if model else BUILTIN,
        reasoning_effort=effort.value if effort and effort.value not in _WITHOUT_EFFORT else None,
        models=models,
        compaction=_compaction(layers),
        warnings=tuple(warnings),
        malformed=tuple(line for layer in layers if layer.settings is None for line in layer.warnings),
    )


def _compaction(layers: Sequence[Layer]) -> Compaction:
    limit = first(layers, ("compaction_token_limit",))
    limits = first(layers, ("compaction_token_limit_per_model",))
    mode = first(layers, ("compaction_model_mode",))
    return Compaction(
        limit_tokens=limit.value if limit else None,
        limits_by_model=limits.value if limits else {},
        model=mode.value if mode and mode.value != _SAME_MODEL else None,
    )


def _models(
    layers: Sequence[Layer], environ: Mapping[str, str], warnings: list[str]
) -> dict[str, ModelProfile]:
    models: dict[str, ModelProfile] = {}
    for identity, given, above in custom_models(layers):
        if above is not None:
            warnings.append(
                f"{given.where}: model {shown(identity)} is defined at {above.where} already; "
                "give this one another id"
            )
            continue
        try:
            models[identity] = profile_of(identity, given.value, environ)
        except ModelDisabled as error:
            warnings.append(f"{given.where}: model {shown(identity)} is off: {error}")
    return models


def _refusals(layers: Sequence[Layer], start: Autonomy, home: Path) -> Iterator[str]:
    """What untrusted files wanted and do not get."""
    instead = f"this workspace is not trusted; put it in {home / SETTINGS_FILE} instead"
    for given in untrusted_models(layers):
        yield f"{given.where}: customModels are ignored: {instead}"
    for given in start.refused:
        yield f"{given.where}: autonomy {given.value} is ignored: {instead}"
