"""The organisation's level as the engine takes it, wherever it comes from."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from droid.settings.layers import Layer
from droid.settings.snapshot import Environment, LevelFile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrgLevel:
    """What the organisation says now.

    Attributes:
        levels: Its files, for `settings show`.
        lockdown: Policy is configured and not to be had: why no session starts, with file, line and mend.
    """

    layers: tuple[Layer, ...] = ()
    levels: tuple[LevelFile, ...] = ()
    lockdown: str | None = None
    warnings: tuple[str, ...] = ()
    environment: Environment = field(default_factory=Environment)


class OrgSource(Protocol):
    """Where the organisation's level comes from."""

    def current(self) -> OrgLevel:
        """What holds now: the same object while nothing has changed. Never waits for a network."""
        ...

    def call_began(self) -> None:
        """A tool call that can change files starts."""
        ...

    def call_ended(self) -> None:
        """It has ended."""
        ...

    def confirm(self, path: Path) -> None:
        """A person wants a file that changed while a tool call ran as it is now."""
        ...

    def unconfirmed(self) -> tuple[Path, ...]:
        """The files whose change waits for a person."""
        ...


class NoOrg:
    """A machine without an organisation."""

    def __init__(self, level: OrgLevel | None = None) -> None:
        self._level = level or OrgLevel()

    def current(self) -> OrgLevel:
        return self._level

    def call_began(self) -> None:
        pass

    def call_ended(self) -> None:
        pass

    def confirm(self, path: Path) -> None:
        pass

    def unconfirmed(self) -> tuple[Path, ...]:
        return ()
