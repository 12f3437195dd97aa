"""Everything that a verdict may depend on, gathered by the engine before the gate is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from droid.domain.levels import AutonomyLevel
from droid.safety.commands.model import Assessment
from droid.safety.git_facts import GitFacts, Place
from droid.safety.hosts import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFact:
    """A path that a call names.

    Attributes:
        named: As the call has it.
        real: Absolute, with symlinks and `..` resolved as far as the path exists.
        in_workspace: `real` is the workspace or lies below it, and so does `also`.
        also: A guarded place where the same file has a second name (a hard link).
        names: Further names of the same file, absolute: those on the way where links are followed, and, where
            settings protect files, its other hard links and the links that lead to it.
        certain: The call does touch it; else it may.
        holds: Of a folder that is touched with all that is in it: what in there deserves a look.
    """

    named: str
    real: PurePath
    in_workspace: bool
    also: PurePath | None = None
    names: tuple[PurePath, ...] = ()
    certain: bool = True
    holds: tuple[PurePath, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """One tool call and the world it would run in.

    Attributes:
        input: The arguments as JSON values; empty where they could not be read.
        invalid: What is wrong with the arguments; None where they fit the tool's schema.
        unavailable: Why the tool cannot be used in this session; None where it can.
        command: The shell command that the call runs, if any.
        assessment: What it could do; None where there is none.
        repositories: What is known of those that the command works in, where settings protect branches.
        unchecked: Why not all paths of the command could be looked at; None where they were.
        access_is_complete: `reads`, `writes` and `command` are all that the call touches.
        home: The person's home folder, symlinks resolved, for secret paths.
        factory_home: The user level's `.factory` folder, symlinks resolved.
        allow_low_risk_commands: Low-risk commands run even with autonomy off (headless default).
        skip_permissions: Steps `denylist`, `allowlist` and `autonomy` are skipped.
        tainted: By what untrusted text has entered the session's context, in words; None where none has.
        destinations: The places that the call would reach; told only where untrusted text has entered.
        known_destinations: Names of places that are no news: known before, or a person let data go there.
    """

    call_id: str
    tool: str
    input: Mapping[str, Any]
    invalid: str | None
    unavailable: str | None
    reads: tuple[PathFact, ...]
    writes: tuple[PathFact, ...]
    command: str | None
    cwd: PurePath
    workspace: PurePath
    home: PurePath
    factory_home: PurePath
    autonomy: AutonomyLevel
    access_is_complete: bool = False
    allow_low_risk_commands: bool = False
    skip_permissions: bool = False
    assessment: Assessment | None = None
    tainted: str | None = None
    destinations: tuple[Destination, ...] = ()
    known_destinations: frozenset[str] = frozenset()
    repositories: Mapping[Place, GitFacts] = field(default_factory=dict[Place, GitFacts])
    unchecked: str | None = None
