"""Files that go into the context without a tool call: rules, and what a prompt mentions.

No call means no gate, so what the gate would refuse to a reading call is refused here: a repository's
`AGENTS.md` may be a link to a private key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.files import FileSnapshot
from droid.domain.policy import Policy
from droid.domain.ports import Files
from droid.engine.other_names import OtherNames
from droid.engine.ports import FileId, PathResolver
from droid.safety.paths import guarded_read


@dataclass(slots=True)
class _Look:
    """What is looked up only once while many files are asked about."""

    other_names: OtherNames
    policies: dict[Path, list[Policy]] = field(default_factory=dict[Path, list[Policy]])
    linked: Mapping[FileId, Sequence[Path]] | None = None


class ContextFiles:
    """Reads files, but no secrets."""

    def __init__(
        self,
        files: Files,
        paths: PathResolver,
        *,
        home: Path,
        factory_home: Path,
        workspace: Callable[[], Path] | None = None,
        policies_of: Callable[[Iterable[Path]], Sequence[Policy]] | None = None,
    ) -> None:
        """Read for a session.

        Args:
            workspace: Symlinks resolved.
            policies_of: The settings that hold for some paths; None: there are none.
        """
        self._files = files
        self._paths = paths
        self._workspace = workspace
        self._policies_of = policies_of
        self._home = paths.real(home)
        self._factory_home = paths.real(factory_home)

    @property
    def home(self) -> Path:
        """The person's, symlinks resolved."""
        return self._home

    def secrets_now(self) -> Callable[[Path], str | None]:
        """Why a real path must not be read (None where it may): to be asked about many, and not for long."""
        look = _Look(self._other_names())
        return lambda real: self._why_secret(real, real, look)

    def real(self, path: Path) -> Path:
        """Where a path leads.

        Raises:
            ToolFailed: to a secret.
        """
        real = self._paths.real(path)
        self._check(path, real)
        return real

    async def read(self, path: Path) -> FileSnapshot:
        """Read a file.

        Raises:
            OSError: as `Files.read`.
            ToolFailed: likewise, or it holds a secret.
        """
        snapshot = await self._files.read(self.real(path))
        self._check(path, snapshot.path)  # a link may have been swapped since
        return snapshot

    def _check(self, named: Path, real: Path) -> None:
        why = self._why_secret(named, real, _Look(self._other_names()))
        if why is not None:
            raise ToolFailed(why)

    def _why_secret(self, named: Path, real: Path, look: "_Look") -> str | None:
        also = look.other_names.of(real)
        why = guarded_read(named, real, home=self._home, factory_home=self._factory_home, also=also)
        return self._why_protected(named, real, look) if why is None else why

    def _why_protected(self, named: Path, real: Path, look: "_Look") -> str | None:
        """By which setting a file may not be read."""
        if self._policies_of is None or self._workspace is None:
            return None
        policies = look.policies.get(real.parent)
        if policies is None:
            found = self._policies_of((real.parent,))
            policies = look.policies[real.parent] = [
                one for one in found if one.protected_files or one.deny_read
            ]
        if not policies:
            return None
        # Only where settings protect files.
        from droid.engine.path_facts import MAX_LOOKED_AT
        from droid.safety.protected import Here, never_read

        workspace = self._workspace()
        here = Here(workspace=workspace, home=self._home)
        names: list[Path] = [named, real]
        identity = self._paths.shared(real)
        if identity is not None:
            if look.linked is None:
                look.linked = self._paths.linked_files(workspace, MAX_LOOKED_AT)
            names += look.linked.get(identity, ())
        for policy in policies:
            entry = never_read(names, here, policy)
            if entry is not None:
                return f"{entry.source.level} settings keep it from being read ({entry.text[:100]})"
        return None

    def _other_names(self) -> OtherNames:
        return OtherNames(self._paths, home=self._home, factory_home=self._factory_home, workspace=None)
