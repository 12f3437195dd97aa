"""Second names of guarded files.

A hard link gives a file another name that nothing about the name itself can tell. Files that have several
names are rare, so only for those the guarded ones are looked up and compared.
"""

from collections.abc import Mapping
from pathlib import Path

from droid.engine.ports import FileId, PathResolver
from droid.safety.paths import guarded_places


class OtherNames:
    """Answers from one look at the guarded files, taken when it is first needed: keep it for one call."""

    def __init__(
        self, paths: PathResolver, *, home: Path, factory_home: Path, workspace: Path | None
    ) -> None:
        self._paths = paths
        self._home = home
        self._factory_home = factory_home
        self._workspace = workspace
        self._guarded: dict[Path, Mapping[FileId, Path]] = {}

    def of(self, real: Path) -> Path | None:
        """The guarded place where the same file has another name; None where there is none."""
        identity = self._paths.shared(real)
        if identity is None:
            return None
        folder = real.parent
        guarded = self._guarded.get(folder)
        if guarded is None:
            folders = (folder, self._workspace) if self._workspace else (folder,)
            places = guarded_places(self._home, self._factory_home, folders)
            guarded = self._guarded[folder] = self._paths.identities(map(Path, places))
        return guarded.get(identity)
