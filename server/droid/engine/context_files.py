"""Files that go into the context without a tool call: rules, and what a prompt mentions.

No call means no gate, so what the gate would refuse to a reading call is refused here: a repository's
`AGENTS.md` may be a link to a private key.
"""

from collections.abc import Callable
from pathlib import Path

from droid.domain.errors import ToolFailed
from droid.domain.files import FileSnapshot
from droid.domain.ports import Files
from droid.engine.other_names import OtherNames
from droid.engine.ports import PathResolver
from droid.safety.paths import guarded_read


class ContextFiles:
    """Reads files, but no secrets."""

    def __init__(self, files: Files, paths: PathResolver, *, home: Path, factory_home: Path) -> None:
        self._files = files
        self._paths = paths
        self._home = paths.real(home)
        self._factory_home = paths.real(factory_home)

    @property
    def home(self) -> Path:
        """The person's, symlinks resolved."""
        return self._home

    def secrets_now(self) -> Callable[[Path], str | None]:
        """Why a real path must not be read (None where it may): to be asked about many, and not for long."""
        other_names = self._other_names()
        return lambda real: self._why_secret(real, real, other_names)

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
        why = self._why_secret(named, real, self._other_names())
        if why is not None:
            raise ToolFailed(why)

    def _why_secret(self, named: Path, real: Path, other_names: OtherNames) -> str | None:
        also = other_names.of(real)
        return guarded_read(named, real, home=self._home, factory_home=self._factory_home, also=also)

    def _other_names(self) -> OtherNames:
        return OtherNames(self._paths, home=self._home, factory_home=self._factory_home, workspace=None)
