"""What holds for a key, where it comes from, and what did not count and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from droid.settings.jsonc import Path
from droid.settings.layers import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value that a file gives.

    Attributes:
        path: Where it stands in the layer's values.
    """

    value: Any
    layer: Layer
    path: Path

    @property
    def line(self) -> int:
        """The line that it stands in, from 1."""
        return self.layer.lines(self.path)

    @property
    def where(self) -> str:
        """`file:line`."""
        return f"{self.layer.file}:{self.line}"

    @property
    def in_file(self) -> Path:
        """Where it stands in its file."""
        return ("environments", self.layer.environment, *self.path) if self.layer.environment else self.path


class Cause(StrEnum):
    """Why a value did not count."""

    UNTRUSTED = "untrusted"
    """It loosens or executes, and the workspace is not trusted."""
    UNVERIFIED = "unverified"
    """It loosens or executes, for an environment that nothing proves."""
    LEVEL = "level"
    """The key is not honoured from its level."""
    OVERRIDDEN = "overridden"
    """`first`: something higher sets the key."""
    LOOSER = "looser"
    """`strictest`: something higher is stricter."""
    LOCKED = "locked"
    """`locked-keys`: something higher has defined the entry."""
    DISABLED = "disabled"
    """Hooks that their own level or the organisation has switched off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A value that did not count.

    Attributes:
        reason: For people, with no value in it.
        by: What counted instead, or what refuses it; None where it is the rule itself.
    """

    given: Given
    reason: str
    cause: Cause
    by: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """What holds for a key that carries a rule.

    What `value` and `contributions` are, by rule:

    - `first`: the value; the one place that gives it.
    - `strictest`: the value; the places that give it, of the levels that could. Where it is a map that a
      single value can stand for: all its keys; for each that is set, the place of its value.
    - `union`, `union-if-trusted`: a tuple of entries; for each entry the place it first stands at.
    - `locked-keys`: a tuple of entries or a map of them; for each entry, as it holds, the place that
      decides it: its definition, or what switches it off.
    - `narrow`: a tuple of lists of which each must allow; for each list its place. None where no level
      gives one.
    - `own-level`: a tuple of the files that say it for their level; their places. False where none does.

    Attributes:
        path: Dotted, as in the schema: `sandbox.network.allowedDomains`.
        source: The highest of the contributions; None where the built-in default holds.
        contributions: What makes up the value, from the highest on.
        refused: What did not count, from the highest on. What says the same as what holds is not among
            them, neither is what a lower level tightens.
    """

    path: str
    value: Any
    source: Given | None = None
    contributions: tuple[Given, ...] = ()
    refused: tuple[Refused, ...] = ()
