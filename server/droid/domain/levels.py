"""Ordered scales: what may run without asking, how dangerous a thing is, what the gate says."""

from enum import StrEnum
from functools import total_ordering


@total_ordering
class _OrderedEnum(StrEnum):
    """A string enum whose members compare by the order in which they are written."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)

    def __lt__(self, other: str) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.rank < other.rank

    # `str` defines these alphabetically, and total_ordering only fills what is missing.
    def __le__(self, other: str) -> bool:
        return self == other or self < other

    def __gt__(self, other: str) -> bool:
        return not self <= other

    def __ge__(self, other: str) -> bool:
        return not self < other


class AutonomyLevel(_OrderedEnum):
    """The highest risk that runs without asking."""

    OFF = "off"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Risk(_OrderedEnum):
    """What a command or tool could do; undecidable is `HIGH`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Verdict(_OrderedEnum):
    """What the gate says, from the loosest to the strictest."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class SettingsLevel(_OrderedEnum):
    """Where a setting came from; earlier members win. `RUNTIME` is a flag or a picker."""

    ORG = "org"
    PROJECT = "project"
    FOLDER = "folder"
    USER = "user"
    RUNTIME = "runtime"
    BUILTIN = "built-in"

    @property
    def is_a_file(self) -> bool:
        """Whether settings files are of this level."""
        return self not in (SettingsLevel.RUNTIME, SettingsLevel.BUILTIN)
