"""The settings files of a `.factory` folder, and the layers that one gives, whichever level it is of."""

from collections.abc import Mapping
from typing import Any

from droid.settings.factory_file import Kind
from droid.settings.jsonc import Path as JsonPath
from droid.settings.layers import Layer, Part
from droid.settings.normalise import normalise, normalise_hooks
from droid.settings.snapshot import Environment

SETTINGS_FILES: tuple[tuple[str, Kind, Part], ...] = (
    ("settings.json", Kind.SETTINGS, "base"),
    ("settings.local.json", Kind.SETTINGS, "local"),
    ("hooks.json", Kind.HOOKS, "base"),
    ("hooks/hooks.json", Kind.HOOKS, "base"),
    ("mcp.json", Kind.MCP, "base"),
)


def environment_layer(base: Layer, values: Mapping[str, Any], environment: Environment) -> Layer:
    """What a file says for the environment, as a layer beside what it says for all."""

    def line(path: JsonPath) -> int:
        return base.lines(("environments", environment.type, *path))

    return Layer(
        level=base.level,
        depth=base.depth,
        part="local-environment" if base.part == "local" else "environment",
        environment=environment.type,
        file=base.file,
        values=values,
        lines=line,
        trusted=base.trusted,
        verified=environment.verified,
    )


def normalised(kind: Kind, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A file's values in the form that merging sees."""
    if kind is Kind.SETTINGS:
        return normalise(values)
    return normalise_hooks(values) if kind is Kind.HOOKS else values
