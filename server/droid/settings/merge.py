"""Makes one value of what several files say, by the rule that stands beside the key in `schema`.

Two laws hold whatever the files say: a file never loosens what a higher one has tightened, and an
untrusted one never loosens anything.

Files are given from the highest level to the lowest, a `settings.local.json` after its sibling. That is
the order for every rule but `first`, where the local file goes before its sibling.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from droid.domain.levels import AutonomyLevel
from droid.domain.policy import BUILTIN, Source
from droid.settings.check import rule_of
from droid.settings.jsonc import Path
from droid.settings.layer import Layer
from droid.settings.schema import LEGACY_AUTONOMY, CustomModel, Merge, SessionDefaults, Settings, key_of

T = TypeVar("T")

Names = tuple[str, ...]
"""The fields that lead from `Settings` to a value."""

_SECTIONS: dict[Names, type] = {(): Settings, ("session_default_settings",): SessionDefaults}
_STARTING_AUTONOMY = ("session_default_settings", "autonomy_level")
_STARTING_MODE = ("session_default_settings", "autonomy_mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Generic[T]):
    """A value that a file gives, and where it stands in it."""

    value: T
    layer: Layer
    path: Path

    @property
    def source(self) -> Source:
        """Level, file and line."""
        return self.layer.source(self.path)

    @property
    def where(self) -> str:
        """`file:line:column`."""
        return self.layer.where(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Autonomy:
    """An autonomy level in force.

    Attributes:
        refused: What untrusted files wanted beyond it.
    """

    value: AutonomyLevel
    source: Source = BUILTIN
    refused: tuple[Given[AutonomyLevel], ...] = ()


def first(layers: Sequence[Layer], *names: Names) -> Given[Any] | None:
    """The value of the highest level that gives one; within a file the first of the names counts."""
    for layer in sorted(layers, key=lambda layer: (layer.level.rank, not layer.local)):
        for name in names:
            for given in _given([layer], name, Merge.FIRST):
                return given
    return None


def max_autonomy(layers: Sequence[Layer]) -> Autonomy:
    """What nothing may go beyond: the lowest of what the files give."""
    given = list(_given(layers, ("max_autonomy_level",), Merge.STRICTEST))
    lowest = min(given, key=lambda one: one.value, default=None)
    if lowest is None:
        return Autonomy(value=AutonomyLevel.HIGH)
    return Autonomy(value=lowest.value, source=lowest.source)


def starting_autonomy(layers: Sequence[Layer]) -> Autonomy:
    """Where a session starts: the lowest of what the files give, off where no trusted one gives anything."""
    given = list(_given(layers, _STARTING_AUTONOMY, Merge.STRICTEST))
    given += [
        Given(value=LEGACY_AUTONOMY[mode.value], layer=mode.layer, path=mode.path)
        for mode in _given(layers, _STARTING_MODE, Merge.STRICTEST)
    ]
    trusted = min((one for one in given if one.layer.trusted), key=lambda one: one.value, default=None)
    base = AutonomyLevel.OFF if trusted is None else trusted.value
    lowering = [one for one in given if not one.layer.trusted and one.value < base]
    refused = tuple(one for one in given if trusted is None and one.value > base)
    if lowering:
        lowest = min(lowering, key=lambda one: one.value)
        return Autonomy(value=lowest.value, source=lowest.source)
    return Autonomy(value=base, source=trusted.source if trusted else BUILTIN, refused=refused)


def custom_models(
    layers: Sequence[Layer],
) -> Iterator[tuple[str, Given[CustomModel], Given[CustomModel] | None]]:
    """Every custom model by the id that people use, and the higher one of that id which locks it, if any.

    Those of untrusted files are left out: a model is where everything that is said is sent to.
    """
    taken: dict[str, Given[CustomModel]] = {}
    for given in _given([layer for layer in layers if layer.trusted], ("custom_models",), Merge.LOCKED_KEYS):
        for index, model in enumerate(given.value):
            identity = f"custom:{(model.id or '').removeprefix('custom:') or model.model}"
            entry = Given(value=model, layer=given.layer, path=(*given.path, index))
            yield identity, entry, taken.get(identity)
            taken.setdefault(identity, entry)


def untrusted_models(layers: Sequence[Layer]) -> list[Given[Any]]:
    """The `customModels` of untrusted files."""
    untrusted = [layer for layer in layers if not layer.trusted]
    return [given for given in _given(untrusted, ("custom_models",), Merge.LOCKED_KEYS) if given.value]


def _given(layers: Sequence[Layer], names: Names, rule: Merge) -> Iterator[Given[Any]]:
    path = tuple(key_of(name) for name in names)
    if rule_of(_SECTIONS[names[:-1]], path[-1]) is not rule:
        raise ValueError(f"{'.'.join(path)} is not merged by {rule.value}")
    for layer in layers:
        value: Any = layer.settings
        for name in names:
            value = None if value is None else getattr(value, name)
        if value is not None:
            yield Given(value=value, layer=layer, path=path)
