"""The droids, commands and skills of every level, as the files are now, merged by name.

A name that a level has defined is locked whole for those below it, a malformed file's too: breaking a file
lets nobody else speak in its name. What is not trusted locks nothing, since it is not there until it is.
Markdown needs no trust, programs do.
"""

import hashlib
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from droid.domain.levels import SettingsLevel
from droid.settings.definition import Definition, DefinitionKind, Status
from droid.settings.definition_files import Candidate, candidates
from droid.settings.definition_read import ReadDefinition, file_name, parse_definition, unusable
from droid.settings.org_files import bundle_problem
from droid.settings.paths import real
from droid.settings.read_file import CannotRead, read_bounded
from droid.settings.snapshot import Snapshot
from droid.settings.trust import TrustDecision
from droid.settings.trust_watch import Watch

MAX_TOTAL_BYTES = 16 * 1024 * 1024
_MAX_FOLDERS = 1024
_MAX_MERGED = 64
_OF_REPOSITORY = frozenset({SettingsLevel.PROJECT, SettingsLevel.FOLDER})


@dataclass(frozen=True, slots=True)
class _Folder:
    """What a `.factory` folder defines, while nothing in it changes.

    Attributes:
        parsed: What each file says by itself, with the digest of its bytes.
    """

    watch: Watch
    read: tuple[ReadDefinition, ...]
    parsed: Mapping[Path, tuple[bytes, ReadDefinition]]


class DefinitionFinder:
    """Looks again and again; where nothing has changed it costs a `stat` call a file."""

    def __init__(self) -> None:
        self._folders: dict[tuple[Path, SettingsLevel, Path], _Folder] = {}
        self._merged: dict[
            tuple[object, ...], tuple[list[tuple[ReadDefinition, ...]], tuple[Definition, ...]]
        ] = {}
        self._lock = threading.Lock()

    def find(self, snapshot: Snapshot, bundle: Path | None = None) -> tuple[Definition, ...]:
        """Every definition that has a say in a place, the highest level first; nothing raises.

        Args:
            bundle: The organisation's folder, laid out like a `.factory`.
        """
        with self._lock:
            folders = [(folder.path, folder.level) for folder in snapshot.folders]
            if bundle is not None:
                folders.insert(0, (bundle, SettingsLevel.ORG))
            read = [self._folder(path, level, snapshot.root).read for path, level in folders]
            trust = snapshot.trust
            key = (trust.trusted, trust.sha256, trust.reason, *map(id, read))
            known = self._merged.get(key)
            if known is None:
                if len(self._merged) >= _MAX_MERGED:
                    self._merged.clear()
                # With what it is made of, so that an id names the same thing for as long as it is in a key.
                known = self._merged[key] = (read, _merge(read, trust))
            return known[1]

    def _folder(self, path: Path, level: SettingsLevel, root: Path) -> _Folder:
        key = (path, level, root)
        known = self._folders.get(key)
        if known is not None and (known.watch.is_unchanged() or _is_lost(path, level)):
            return known
        watch = Watch()
        found = _read_folder(path, level, root, watch, {} if known is None else known.parsed)
        read = tuple(_without_twins([one for _, one in found.values()]))
        if known is not None and len(known.read) == len(read) and all(map(_is, known.read, read)):
            read = known.read
        if len(self._folders) >= _MAX_FOLDERS:
            self._folders.clear()
        made = self._folders[key] = _Folder(watch, read, found)
        return made


def _is(one: object, other: object) -> bool:
    return one is other


def _is_lost(path: Path, level: SettingsLevel) -> bool:
    """The organisation's bundle cannot be read any more: what it held stays in force."""
    return level is SettingsLevel.ORG and bundle_problem(path) is not None


# --- one folder ------------------------------------------------------------------------------


def _read_folder(
    factory: Path,
    level: SettingsLevel,
    root: Path,
    watch: Watch,
    before: Mapping[Path, tuple[bytes, ReadDefinition]],
) -> dict[Path, tuple[bytes, ReadDefinition]]:
    """What each file of a folder defines, with the digest of its bytes.

    Args:
        before: The same of an earlier look; what has not changed is not read anew.
    """
    within = str(real(root)) if level in _OF_REPOSITORY else ""
    found: dict[Path, tuple[bytes, ReadDefinition]] = {}
    left = MAX_TOTAL_BYTES
    for candidate in candidates(factory, watch):
        path = candidate.path
        digest = b""
        try:
            if left < 0:
                raise CannotRead(f"is beyond the {MAX_TOTAL_BYTES:,} bytes of a folder that are read")
            data = _bytes(candidate, within)
            left -= len(data)
            digest = hashlib.sha256(data).digest()
            if path in before and before[path][0] == digest:
                read = before[path][1]
            elif candidate.is_markdown or data.startswith(b"#!"):
                read = parse_definition(candidate, level, data)
            else:
                continue
        except FileNotFoundError:
            continue
        except CannotRead as error:
            name = "" if candidate.problem else file_name(candidate)
            read = ReadDefinition(unusable(candidate, level, str(error), name=name))
        found[path] = (digest, read)
    return found


def _bytes(candidate: Candidate, within: str) -> bytes:
    """A file's bytes.

    Args:
        within: Where it has to lie, really; empty: anywhere.

    Raises:
        FileNotFoundError: there is none.
        CannotRead: it cannot be read, or should not be.
    """
    if candidate.problem:
        raise CannotRead(candidate.problem)
    if within and _leaves(candidate.path, within):
        raise CannotRead("is a link that leads out of the repository; put a copy there")
    return read_bounded(candidate.path)


def _without_twins(read: Sequence[ReadDefinition]) -> Iterable[ReadDefinition]:
    """With those refused that have one name in one folder, since neither is the one that was meant."""
    by_name: dict[tuple[DefinitionKind, str], list[ReadDefinition]] = {}
    for one in read:
        if one.definition.status is Status.ACTIVE:
            by_name.setdefault(_key(one.definition), []).append(one)
    for one in read:
        own = one.definition
        other = next((twin for twin in by_name.get(_key(own), ()) if twin is not one), None)
        if other is None or own.status is not Status.ACTIVE:
            yield one
            continue
        reason = f"{own.file}:{own.line}:1: {other.definition.file} has the same name; rename one of them"
        yield ReadDefinition(replace(own, status=Status.MALFORMED, reason=reason, values={}, body=""))


def _key(one: Definition) -> tuple[DefinitionKind, str]:
    return one.kind, one.name.casefold()


def _leaves(path: Path, root: str) -> bool:
    """Whether a file of a repository really lies outside of it, or in what git keeps there.

    Raises:
        CannotRead: a link on the way is replaced meanwhile.
    """
    try:
        place = os.path.realpath(path)
    except OSError as error:
        raise CannotRead(f"cannot be read ({error.strerror})") from error
    inside = place.removeprefix(root.rstrip("/") + "/")
    return inside == place or ".git" in inside.split("/")


# --- all levels ------------------------------------------------------------------------------


def _merge(folders: Iterable[Iterable[ReadDefinition]], trust: TrustDecision) -> tuple[Definition, ...]:
    defined: dict[tuple[DefinitionKind, str], Definition] = {}
    merged: list[Definition] = []
    for folder in folders:
        here: list[Definition] = []
        for read in folder:
            one = _trusted(read, trust)
            above = defined.get(_key(one))
            if above is not None and one.status is not Status.MALFORMED:
                reason = f"locked by {above.level}: {above.file}:{above.line}"
                one = replace(one, status=Status.SHADOWED, reason=reason)
            here.append(one)
        # Only then: a folder does not lock its own. What can be used goes before what cannot.
        for one in sorted(here, key=lambda one: one.status is Status.MALFORMED):
            if one.name and one.status in (Status.ACTIVE, Status.MALFORMED):
                defined.setdefault(_key(one), one)
        merged += here
    return tuple(merged)


def _trusted(read: ReadDefinition, trust: TrustDecision) -> Definition:
    """A definition, with a program of the repository held back that nobody has trusted."""
    one = read.definition
    if not one.executable or one.status is not Status.ACTIVE or one.level not in _OF_REPOSITORY:
        return one
    if not trust.trusted or trust.content is None:
        return replace(one, status=Status.UNTRUSTED, reason=trust.reason)
    if not trust.content.matches(one.file, read.data):
        return replace(one, status=Status.UNTRUSTED, reason="it is not what was trusted")
    return one
