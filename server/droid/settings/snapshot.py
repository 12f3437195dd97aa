"""What the settings of one place come to, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from droid.domain.policy import Policy
from droid.settings.effective import Effective
from droid.settings.folders import FactoryFolder
from droid.settings.layers import Layer
from droid.settings.reading import ReadFile
from droid.settings.trust import TrustDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFile:
    """One file of a level, as `settings show` lists it.

    Attributes:
        level: `org`, `project`, `folder` or `user`.
        status: `ok`; `malformed`: it is not used; `last good`: an earlier version is; `unconfirmed`: it
            changed while a tool call ran, and what it was before holds; `cached`: an endpoint's last copy.
        errors: What is wrong, one line each.
    """

    level: str
    file: str
    status: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where the program runs.

    Attributes:
        type: `local`, `ci` or `sandbox`.
        verified: That is proven; else its settings can only tighten.
    """

    type: str = "local"
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """The settings of a folder.

    Attributes:
        root: The project: the git root, or the folder that was opened.
        policies: What every call has to pass; the first is the one in force, others hold beside it while
            changes wait for a person.
        settings: What holds for each key, with its provenance.
        servers: The same for `mcpServers`.
        files: Those that are there, from the highest level to the lowest.
        trust: Whether what the repository loosens counts.
        unconfirmed: Files whose change waits for a person.
    """

    root: Path
    folders: tuple[FactoryFolder, ...]
    policies: tuple[Policy, ...]
    settings: Mapping[str, Effective]
    servers: Mapping[str, Effective]
    layers: tuple[Layer, ...]
    files: tuple[ReadFile, ...]
    levels: tuple[LevelFile, ...]
    trust: TrustDecision
    environment: Environment
    unconfirmed: tuple[Path, ...] = ()

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.policies[0]
