"""Notices that settings have changed, and tells what of it waits for a person. Call it from a thread."""

import hashlib
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from droid.app.policies import Policies
from droid.domain.errors import DroidError
from droid.engine.diffs import diff_of
from droid.settings.authoring.wording import without_secrets
from droid.settings.paths import FACTORY_FOLDER
from droid.settings.read_file import read_bounded
from droid.settings.snapshot import Snapshot
from droid.settings.visible import visible

logger = logging.getLogger(__name__)

_SCAN_EVERY_S = 1.0
_SCAN_SHARE = 20
"""A scan that takes long comes that much less often: it never costs more than a twentieth of a core."""
_PATIENCE_S = 10.0
"""How long a scan waits for a person who types: it would take the interpreter from their requests."""
_DIFF_LINES = 30
_LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A policy file that changed while a tool call ran.

    Attributes:
        diff: What changed, shortened, without secrets; empty where it cannot be said.
        version: Of the whole file as it is now, of which the diff may show a part.
    """

    path: Path
    diff: str
    version: str


class SettingsWatch:
    """Looks at the settings of some places again and again."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._seen: dict[Path, Snapshot] = {}
        self._scan_at = 0.0

    def look(self, places: Iterable[Path], *, at_rest: bool = True) -> bool:
        """Whether the settings of a place are others than at the last look; of a new place they are.

        Args:
            at_rest: Nobody waits for an answer, so that what takes long may be done too.
        """
        places = [self.policies.workspace, *places]
        self._scan(places, at_rest)
        now = {place: self.policies.snapshot(place) for place in places}
        changed = any(self._seen.get(place) is not snapshot for place, snapshot in now.items())
        self._seen = now
        return changed

    def _scan(self, places: list[Path], at_rest: bool) -> None:
        """Search for `.factory` folders that have appeared: what is in them ends the trust that was given."""
        began = time.monotonic()
        if began < self._scan_at or (not at_rest and began < self._scan_at + _PATIENCE_S):
            return
        roots = {
            snapshot.root: place
            for place, snapshot in self._seen.items()
            if place in places and snapshot.trust.trusted and (snapshot.root / FACTORY_FOLDER).exists()
        }
        for root, place in roots.items():
            self.policies.engine.scan(place, root)
        took_s = time.monotonic() - began
        self._scan_at = began + took_s + max(_SCAN_EVERY_S, took_s * _SCAN_SHARE)

    def changed(self) -> None:
        """Look anew, also at what was looked at a moment ago."""
        self.policies.engine.changed()

    def unconfirmed(self) -> tuple[Change, ...]:
        """The files whose change waits for a person, of all places that were looked at."""
        found: dict[Path, Change] = {}
        for snapshot in self._seen.values():
            read = {file.path: file for file in snapshot.files}
            for path in snapshot.unconfirmed:
                file = read.get(path)
                before = file.used_data if file is not None else b""
                # Those of the organisation are no part of a folder.
                after = file.newest_data if file is not None else _on_disk(path)
                text = ""
                if (
                    file is not None
                    and isinstance(before, bytes)
                    and isinstance(after, bytes)
                    and before != after
                ):
                    text = diff_of(path.name, before or None, None if file.gone else after).text
                found.setdefault(path, Change(path=path, diff=_short(text), version=_version(after)))
        return tuple(found.values())

    def confirm(self, change: Change) -> bool:
        """A person wants a file as they were shown it; False where it has changed since, and waits still."""
        self.changed()
        self.look(tuple(self._seen), at_rest=False)
        if change not in self.unconfirmed():
            return False
        self.policies.engine.confirm(change.path)
        return True


def _on_disk(path: Path) -> bytes | str:
    try:
        return read_bounded(path)
    except (OSError, DroidError) as error:
        return str(error)


def _version(data: bytes | str) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def _short(diff: str) -> str:
    lines = [visible(without_secrets(line)) for line in diff.splitlines()]
    more = len(lines) - _DIFF_LINES
    shown = [line if len(line) <= _LINE else f"{line[: _LINE - 1]}…" for line in lines[:_DIFF_LINES]]
    return "\n".join([*shown, f"… {more} more lines"] if more > 0 else shown)
