"""Which of the organisation's sources hold now: the first that exists.

They are the system-managed file, the bundle folder that `DROID_ORG_BUNDLE` names, and the endpoint that
`DROID_ORG_ENDPOINT` names. A system-managed file that points to an endpoint holds together with it; one
that only says how the organisation's settings have to come leaves it to the environment to name them.
What is there and cannot be read is never passed over for the next.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from droid.settings.factory_file import Kind
from droid.settings.file_layers import SETTINGS_FILES
from droid.settings.layers import Part
from droid.settings.org_endpoint import TIMEOUT_S, EndpointName, OrgEndpoint
from droid.settings.org_files import OrgFile, bundle_problem
from droid.settings.org_signature import SYSTEM_FILE_KEYS
from droid.settings.paths import SETTINGS_FILE
from droid.settings.reading import SettingsReader

BUNDLE = "DROID_ORG_BUNDLE"
ENDPOINT = "DROID_ORG_ENDPOINT"
PUBLIC_KEY = "DROID_ORG_PUBLIC_KEY"
TOKEN = "DROID_ORG_TOKEN"  # noqa: S105

NO_SESSION = "until then no session starts"
_SAYS_NOTHING = frozenset({*SYSTEM_FILE_KEYS, "$schema"})

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What there is at one moment; equal while nothing has changed.

    Attributes:
        tampering: Why somebody else than an administrator can change the system-managed file.
        bundle_files: Those that are there; where the bundle cannot be read any more, those that were.
        bundle_problem: Why the bundle cannot be read.
        lockdown: Why none of this is what the organisation wants to hold, with the mend.
    """

    system: OrgFile | None = None
    tampering: str | None = None
    bundle: Path | None = None
    bundle_files: tuple[OrgFile, ...] = ()
    bundle_problem: str | None = None
    endpoint: OrgEndpoint | None = None
    lockdown: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[OrgFile, ...]:
        """All files, the highest first."""
        return self.bundle_files if self.system is None else (self.system, *self.bundle_files)


class SourceFinder:
    """Looks for the sources, again and again; looking costs a few `stat` calls. Not for several threads.

    Args:
        home: The user's `.factory` folder, where an endpoint's copy is kept.
        system: The folder of the system-managed file.
        tampering: Why somebody else than an administrator can change a file.
    """

    def __init__(
        self,
        *,
        home: Path,
        environ: Mapping[str, str],
        system: Path,
        tampering: Callable[[Path], str | None],
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.reader = SettingsReader()
        self._home = home
        self._environ = environ
        self._system = system / SETTINGS_FILE
        self._tampering = tampering
        self._timeout_s = timeout_s
        self._now = now
        self._endpoint: OrgEndpoint | None = None
        self._files: dict[Path, OrgFile] = {}
        self._held: tuple[Path, tuple[OrgFile, ...]] | None = None

    def find(self) -> Sources:
        """The sources that hold now."""
        system = self._file(self._system, Kind.SETTINGS, depth=0, system=True)
        if system is None:
            return self._named_by_environment(Sources(), {})
        found = Sources(system=system, tampering=self._tampering(self._system))
        values = system.values
        if values is None:
            if not system.read.unusable:  # it has appeared while a tool call ran
                return self._named_by_environment(found, {})
            return replace(found, lockdown=f"{system.read.unusable[0]}: mend the file; {NO_SESSION}")
        if found.tampering is not None and values.keys() & set(SYSTEM_FILE_KEYS):
            warning = f"{self._system}: {found.tampering}, so it gives way to what the environment names"
            found = replace(found, warnings=(warning,))
        if "orgEndpoint" in values:
            return self._with_endpoint(found, values)
        if values.keys() - _SAYS_NOTHING:
            ignored = [name for name in (BUNDLE, ENDPOINT) if self._given(name)]
            warnings = [f"{name} is ignored: {self._system} says what holds" for name in ignored]
            return replace(found, warnings=(*found.warnings, *warnings))
        return self._named_by_environment(found, values)

    def _named_by_environment(self, found: Sources, values: Values) -> Sources:
        """What the environment names, under what the system-managed file demands of it."""
        bundle = self._given(BUNDLE)
        if bundle:
            if "orgPublicKey" in values and found.tampering is None:
                return replace(
                    found,
                    lockdown=f"{self._where(found, 'orgPublicKey')}: orgPublicKey asks for a signature, "
                    f"which a bundle has not: unset {BUNDLE}; {NO_SESSION}",
                )
            return self._with_bundle(found, Path(bundle))
        if self._given(ENDPOINT):
            return self._with_endpoint(found, values)
        if values.get("orgRequired"):
            return replace(
                found,
                lockdown=f"{self._where(found, 'orgRequired')}: orgRequired is true, and nothing names the "
                f"organisation's settings: set orgEndpoint in this file, or {ENDPOINT} or {BUNDLE}; "
                f"{NO_SESSION}",
            )
        return found

    def _with_bundle(self, found: Sources, folder: Path) -> Sources:
        problem = bundle_problem(folder)
        found = replace(found, bundle=folder, bundle_problem=problem)
        if problem is None:
            read = [
                self._file(folder / name, kind, depth=1, part=part) for name, kind, part in SETTINGS_FILES
            ]
            self._held = (folder, tuple(file for file in read if file is not None))
        elif self._held is None or self._held[0] != folder:
            return replace(found, lockdown=f"{folder} (named by {BUNDLE}) {problem}; {NO_SESSION}")
        found = replace(found, bundle_files=self._held[1])
        for file in found.bundle_files:
            if file.read.unusable:
                return replace(found, lockdown=f"{file.read.unusable[0]}: mend the file; {NO_SESSION}")
        return found

    def _with_endpoint(self, found: Sources, values: Values) -> Sources:
        url, named_by = self._pointer(found, values, "orgEndpoint", ENDPOINT)
        key, key_named_by = self._pointer(found, values, "orgPublicKey", PUBLIC_KEY)
        name = EndpointName(
            url=url, named_by=named_by, key=key, key_named_by=key_named_by, token=self._given(TOKEN)
        )
        if self._endpoint is None or self._endpoint.name != name:
            self._endpoint = OrgEndpoint(
                name, home=self._home, environ=self._environ, timeout_s=self._timeout_s, now=self._now
            )
            self._endpoint.load()
        return replace(found, endpoint=self._endpoint)

    def _pointer(self, found: Sources, values: Values, key: str, variable: str) -> tuple[str, str]:
        """What the file or the environment gives, and where."""
        given = self._given(variable)
        if key in values and (found.tampering is None or not given):
            return str(values[key]).strip(), self._where(found, key)
        return given, variable

    def _where(self, found: Sources, key: str) -> str:
        used = found.system.read.used if found.system is not None else None
        return f"{self._system}:{used.line((key,))}" if used is not None else str(self._system)

    def _given(self, variable: str) -> str:
        return self._environ.get(variable, "").strip()

    def _file(
        self, path: Path, kind: Kind, *, depth: int, part: Part = "base", system: bool = False
    ) -> OrgFile | None:
        read = self.reader.read(path, kind)
        if read is None:
            return None
        known = self._files.get(path)
        if known is None or known.read is not read:
            known = self._files[path] = OrgFile(read=read, depth=depth, part=part, system=system)
        return known
