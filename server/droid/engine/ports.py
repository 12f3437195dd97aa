"""The adapters of one session, and the choices that its surface made for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from droid.domain.events import InjectionFlagged
from droid.domain.hooks import HookCall, HookOutcome
from droid.domain.levels import AutonomyLevel
from droid.domain.models import ModelProfile
from droid.domain.policy import HookRule, Policy
from droid.domain.ports import (
    BlobStore,
    Clock,
    EventLog,
    Files,
    ModelProvider,
    ProcessRunner,
    Tool,
    Workspace,
)
from droid.engine.budget import Budgets
from droid.engine.gate import Gate
from droid.safety.git_facts import GitFacts

FileId = tuple[int, int]
"""Device and inode: what all names of a file share."""


class PathResolver(Protocol):
    """Real paths, for the facts that the gate judges."""

    def real(self, path: Path) -> Path:
        """Absolute, symlinks and `..` resolved as far as the path exists; never raises."""
        ...

    def shared(self, path: Path) -> FileId | None:
        """Which file it is, where a file has several names (hard links); None for all else."""
        ...

    def identities(self, places: Iterable[Path]) -> Mapping[FileId, Path]:
        """Which files these are, those of folders among them, as far as they exist; never raises."""
        ...

    def ways(self, path: Path) -> Sequence[Path]:
        """The names that a path takes one after the other while its links are followed; never raises."""
        ...

    def is_folder(self, path: Path) -> bool:
        """Whether a folder is there; never raises."""
        ...

    def expand(self, pattern: Path, limit: int, *, widely: bool) -> Sequence[Path] | None:
        """The files that a shell takes a glob for, and perhaps some more; None where it is over the limit.

        Args:
            widely: The shell may have been told to expand more: hidden names, and `**`.
        """
        ...

    def below(self, folder: Path, limit: int) -> tuple[Sequence[Path], bool]:
        """What a folder holds, the nearest first, links not followed, and whether that is all of it."""
        ...

    def linked_files(self, folder: Path, limit: int) -> Mapping[FileId, Sequence[Path]]:
        """Files below a folder that have several names (hard links), with those that are seen there.

        After `limit` files the search ends.
        """
        ...

    def repository(self, folder: Path, git_dir: Path | None, home: Path) -> GitFacts:
        """What a repository's files say of it, without starting git; never raises.

        Args:
            folder: Where a command works; the repository is looked for from there upwards.
            git_dir: The repository itself, where it is named.
        """
        ...


class PolicySource(Protocol):
    """The settings in force, place by place."""

    def of(self, place: Path) -> Policy:
        """What holds now for a folder or file."""
        ...

    def all_of(self, cwd: Path, paths: Iterable[Path]) -> tuple[Policy, ...]:
        """Every policy that a call has to pass: that of the session's folder first, then those of the
        files that it names, and what waits for a person's confirmation."""
        ...

    def call_began(self) -> None:
        """A tool call that can change files starts: what policy files say now holds until it has ended."""
        ...

    def call_ended(self) -> None:
        """It has ended."""
        ...


class Hooks(Protocol):
    """The programs that run at points of the loop."""

    async def run(self, calls: Sequence[HookCall], rules: Sequence[HookRule]) -> HookOutcome:
        """Ask or tell those of the rules that match a call, side by side; returns when all have answered.

        A cancel ends those that run. What goes wrong with one is in its reply.
        """
        ...


class PersonalAllowlist(Protocol):
    """Where a person keeps which commands run without asking, in all of their sessions."""

    async def add(self, entry: str) -> None:
        """Add an entry; it holds, and is on the disk, when this returns.

        Raises:
            SettingsError: it could not be written, and nothing was changed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EnginePorts:
    """What a session needs of the world.

    Attributes:
        provider: The adapter for a model.
        forget: Drops what any provider keeps for a conversation that has ended.
        policies: The settings in force.
        artifacts: A private folder of the session for long outputs.
        home: The person's home folder.
        factory_home: The user level's `.factory` folder.
        allowlist: None where it cannot be written; then nothing is offered that would be.
        workspace: None where nothing is kept before commands.
    """

    clock: Clock
    provider: Callable[[ModelProfile], ModelProvider]
    forget: Callable[[str], None]
    policies: PolicySource
    files: Files
    processes: ProcessRunner
    paths: PathResolver
    log: EventLog
    blobs: BlobStore
    gate: Gate
    hooks: Hooks
    tools: Sequence[Tool]
    artifacts: Path
    home: Path
    factory_home: Path
    allowlist: PersonalAllowlist | None = None
    workspace: Workspace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """What the surface chose.

    Attributes:
        surface: `lsp`, `exec`, `demo`.
        interactive: There is a person who can be asked.
        stop_on_ask: With nobody to ask, the first call that would need a person ends the turn.
        dry_run: Decisions and diffs only; nothing is written or run.
        unavailable_tools: Tool name to the reason why it cannot be used.
        is_subagent: The session works for another one.
    """

    surface: str
    interactive: bool = True
    stop_on_ask: bool = True
    dry_run: bool = False
    skip_permissions: bool = False
    allow_low_risk_commands: bool = False
    reasoning_effort: str | None = None
    budgets: Budgets = field(default_factory=Budgets)
    unavailable_tools: dict[str, str] = field(default_factory=dict[str, str])
    is_subagent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStart:
    """Where a new session begins.

    Attributes:
        known_rules: Folders whose `AGENTS.md`, if any, is part of `system`.
        flagged: What is to be told of these rules.
    """

    session_id: str
    workspace: Path
    cwd: Path
    model: str
    autonomy: AutonomyLevel
    system: str
    known_rules: frozenset[Path] = frozenset()
    flagged: tuple[InjectionFlagged, ...] = ()
    parent: str | None = None
