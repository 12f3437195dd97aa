"""One settings object at its level, and the order in which objects of all levels count.

A file makes up to two of them: what it says, and what it says for the environment that the program runs
in. Both orders are total, so it does not matter in which order files were found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Literal

from droid.domain.levels import SettingsLevel
from droid.settings.jsonc import Path

Part = Literal["base", "environment", "local", "local-environment"]
Rank = tuple[int, int, int, str]
"""The smaller, the higher: by level, depth and part; the file's name makes the order total."""

_PARTS: tuple[Part, ...] = ("base", "environment", "local", "local-environment")
_FIRST_PARTS: tuple[Part, ...] = ("local-environment", "local", "environment", "base")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """What one file says, or one part of it.

    Attributes:
        depth: Of folder levels, from the outermost, which is 0 and the highest.
        part: Within a folder: `settings.json` and the files beside it, `settings.local.json`, and what each
            has for the environment.
        environment: Which one an environment part is for; empty for the others.
        file: A path, or the URL of an organisation's endpoint.
        values: Validated, in the one form that `normalise` gives it.
        lines: The line of a value by its path in `values`, from 1.
        trusted: What it loosens or executes counts; of org and user always.
        verified: That the program runs in that environment is proven; else an environment part can only
            tighten.
    """

    level: SettingsLevel
    depth: int = 0
    part: Part = "base"
    environment: str = ""
    file: FilePath | str
    values: Mapping[str, Any]
    lines: Callable[[Path], int]
    trusted: bool
    verified: bool = True

    @property
    def rank(self) -> Rank:
        """Sorts from the highest to the lowest, for every rule but `first`."""
        return _rank(self, _PARTS)

    @property
    def first_rank(self) -> Rank:
        """Sorts from the highest to the lowest for `first`: what is local or for an environment overrides."""
        return _rank(self, _FIRST_PARTS)

    @property
    def own_level(self) -> tuple[int, int, bool]:
        """Equal for what counts as one level; a `settings.local.json` is a level of its own."""
        return _own_level(self)


def _rank(layer: Layer, parts: Sequence[Part]) -> Rank:
    return (layer.level.rank, layer.depth, parts.index(layer.part), str(layer.file))


def _own_level(layer: Layer) -> tuple[int, int, bool]:
    return (layer.level.rank, layer.depth, layer.part.startswith("local"))
