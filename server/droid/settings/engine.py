"""The settings of every place, as they are now: finds, reads, merges and compiles them, and remembers.

Asking again costs a few `stat` calls. What was read is trusted only as far as its bytes are those that the
workspace's trust was given for.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.domain.policy import Policy, Source
from droid.settings.compile import Broken, compile_policy
from droid.settings.effective import Cause, Effective
from droid.settings.factory_file import FactoryFile
from droid.settings.file_layers import SETTINGS_FILES, environment_layer, normalised
from droid.settings.folders import FactoryFolder, folders_of
from droid.settings.held_trust import HeldTrust
from droid.settings.jsonc import dotted
from droid.settings.layers import Layer, Part
from droid.settings.merging import merge
from droid.settings.org_level import OrgLevel, OrgSource
from droid.settings.paths import project_root
from droid.settings.reading import ReadFile, SettingsReader
from droid.settings.schema_tree import load
from droid.settings.snapshot import Environment, LevelFile, Snapshot
from droid.settings.trust import OrgTrust, TrustDecision, decide, org_trust_of
from droid.settings.trust_scan import TrustScanner
from droid.settings.trust_store import TrustStore

_FRESH_S = 0.05
"""What was looked at so short a time ago is not looked at again, unless a tool call has run meanwhile."""
_MAX_PLACES = 4096
_BROKEN = "until this is mended the file is ignored and autonomy is off"
_TOLD = frozenset({Cause.UNTRUSTED, Cause.UNVERIFIED, Cause.LEVEL, Cause.LOCKED})


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of a folder."""

    folder: FactoryFolder
    part: Part
    file: ReadFile


@dataclass(frozen=True, slots=True)
class _Kept:
    key: tuple[object, ...]
    at: float
    epoch: int
    snapshot: Snapshot


class SettingsEngine:
    """Settings for one user of one machine.

    Args:
        home: The user's `.factory` folder.
        environ: Where `${NAME}` is looked up.
        org: The organisation's level.
        trust_hash: The hash that this run was started with, of the workspace's root.
        identities: What the person may be known by.
        also: Gives a policy what settings do not know: the models of the catalogue.
        restricted: Why no repository is trusted, whoever trusts it; None: trust counts.
    """

    def __init__(
        self,
        *,
        home: Path,
        environ: Mapping[str, str],
        org: OrgSource,
        trust_hash: str | None = None,
        identities: Sequence[str] = (),
        also: Callable[[Policy], Policy] = lambda policy: policy,
        restricted: str | None = None,
    ) -> None:
        self.home = home
        self.store = TrustStore(home)
        self._trusted = HeldTrust(self.store)
        self.environ = environ
        self._org = org
        self._trust_hash = trust_hash
        self._identities = tuple(identities)
        self._also = also
        self._restricted = restricted
        self._reader = SettingsReader()
        self._scanners: dict[Path, tuple[tuple[str, ...], TrustScanner]] = {}
        self._org_said: tuple[OrgLevel, OrgTrust] | None = None
        self._kept: dict[tuple[Path, Path | None], _Kept] = {}
        self._made: dict[tuple[object, ...], Snapshot] = {}
        self._epoch = 0
        # Runtimes of several folders, and the threads that check files, share one engine.
        self._lock = threading.RLock()

    def snapshot(self, place: Path, root: Path | None = None) -> Snapshot:
        """The settings in force for a folder or file; nothing raises.

        Args:
            place: Absolute, symlinks resolved.
            root: The project, where it is not the git root of `place`.
        """
        with self._lock:
            return self._snapshot(place, root)

    def call_began(self) -> None:
        """A tool call that can change files starts."""
        with self._lock:
            self._org.call_began()
            self._reader.call_began()
            self._trusted.call_began()

    def call_ended(self) -> None:
        """It has ended."""
        with self._lock:
            self._org.call_ended()
            self._reader.call_ended()
            self._trusted.call_ended()
            self._epoch += 1

    def confirm(self, path: Path) -> None:
        """A person wants a file that changed while a tool call ran as it is now."""
        with self._lock:
            self._org.confirm(path)
            self._reader.confirm(path)
            self._epoch += 1

    def accept(self, path: Path, data: bytes) -> None:
        """A person had a file written just now, whatever runs meanwhile: theirs while it is these bytes."""
        with self._lock:
            self._reader.accept(path, data)
            self._epoch += 1

    def trusted(self, root: Path) -> None:
        """A person was asked, and has trusted a git root, whatever runs meanwhile."""
        with self._lock:
            self._trusted.accept(root)
            self._epoch += 1

    def changed(self) -> None:
        """Look again at once: something was trusted, or written by a person."""
        with self._lock:
            self._epoch += 1

    def _snapshot(self, place: Path, root: Path | None) -> Snapshot:
        kept = self._kept.get((place, root))
        now = time.monotonic()
        if kept is not None and kept.epoch == self._epoch and now - kept.at < _FRESH_S:
            return kept.snapshot
        org = self._org.current()
        project = project_root(place) if root is None else root
        folders = folders_of(place, self.home, project)
        read = [found for folder in folders for found in self._files(folder)]
        trust = self._trust(project, place, org, folders, read)
        files = (found.file for found in read)
        key = (org, project, folders, trust.trusted, trust.sha256, trust.reason, *files)
        if kept is not None and kept.key == key:
            snapshot = kept.snapshot
        elif (snapshot := self._made.get(key)) is None:
            snapshot = self._make(project, folders, org, read, trust)
            if len(self._made) >= _MAX_PLACES:
                self._made.clear()
            self._made[key] = snapshot
        if len(self._kept) >= _MAX_PLACES:
            self._kept.clear()
        self._kept[place, root] = _Kept(key, now, self._epoch, snapshot)
        return snapshot

    def scan(self, place: Path, root: Path | None = None) -> None:
        """Search the whole project for folders that have appeared, which ends its trust; takes long."""
        project = project_root(place) if root is None else root
        with self._lock:
            commands = self._org_trust(self._org.current()).commands
        self._scanner(project, commands).scan()
        self.changed()

    def _scanner(self, root: Path, commands: tuple[str, ...]) -> TrustScanner:
        """What reads a root; `commands` are those of the organisation's hooks."""
        with self._lock:
            known = self._scanners.get(root)
            if known is None or known[0] != commands:
                known = self._scanners[root] = (commands, TrustScanner(root, self.home, commands))
            return known[1]

    def _org_trust(self, org: OrgLevel) -> OrgTrust:
        if self._org_said is None or self._org_said[0] is not org:
            self._org_said = (org, org_trust_of(org.layers))
        return self._org_said[1]

    def _files(self, folder: FactoryFolder) -> Iterator[_Found]:
        for name, kind, part in SETTINGS_FILES:
            file = self._reader.read(folder.path / name, kind)
            if file is not None:
                yield _Found(folder, part, file)

    def _trust(
        self,
        root: Path,
        place: Path,
        org: OrgLevel,
        folders: Iterable[FactoryFolder],
        read: Sequence[_Found],
    ) -> TrustDecision:
        if self._restricted is not None:
            return TrustDecision(trusted=False, reason=self._restricted)
        said = self._org_trust(org)
        has_own = any(found.folder.level is not SettingsLevel.USER for found in read)
        if not has_own and not said.commands and not _has_commands(folders):
            return TrustDecision(trusted=False, reason="this workspace has no settings of its own")
        return decide(
            root,
            store=self._trusted,
            read=partial(self._scanner(root, said.commands).recheck, place),
            org=said,
            trust_hash=self._trust_hash,
        )

    def _make(
        self,
        root: Path,
        folders: tuple[FactoryFolder, ...],
        org: OrgLevel,
        read: Sequence[_Found],
        trust: TrustDecision,
    ) -> Snapshot:
        environment = org.environment
        layers, pending, levels = list(org.layers), list(org.layers), list(org.levels)
        lines, warnings, source = list[str](), list(org.warnings), Source(level=SettingsLevel.USER)
        unconfirmed = list(self._org.unconfirmed())
        for found in read:
            folder, file = found.folder, found.file
            make = partial(_layers, folder, found.part, trust=trust, environment=environment)
            if file.used is not None:
                layers += make(file.path, file.used, file.used_data)
            if file.unconfirmed:
                unconfirmed.append(file.path)
                pending += make(file.path, file.newest, file.newest_data)
                warnings.append(
                    f"{file.path}: changed while a tool ran; until you confirm it, it can only tighten"
                )
            elif file.used is not None:
                pending += make(file.path, file.used, file.used_data)
            warnings += file.warnings
            levels.append(_level_file(folder, file))
            if file.unusable:
                if not lines:
                    source = Source(level=folder.level, file=str(file.path))
                lines += [f"{one}; {_BROKEN}" for one in file.unusable]
            elif file.problems and file.used is not None:
                warnings += [f"{one}; its last good version stays in force" for one in file.problems]
        broken = Broken(lines=tuple(lines), source=source)
        said = tuple(_of(layers, servers=False))
        settings = merge(load("settings"), said)
        compiled = partial(
            compile_policy,
            environ=self.environ,
            identities=self._identities,
            broken=broken,
            lockdown=org.lockdown,
        )
        policies = [self._also(compiled(settings, layers=said, warnings=[*warnings, *_told(settings)]))]
        if unconfirmed:
            said = tuple(_of(pending, servers=False))
            waiting = self._also(compiled(merge(load("settings"), said), layers=said))
            # A program that nobody has confirmed is not run: it is no tightening.
            policies.append(replace(waiting, hooks=()))
        servers = merge(load("mcp"), _of(layers, servers=True))
        if not trust.trusted and _wants_trust((*settings.values(), *servers.values())):
            policies = [replace(policy, untrusted=trust.reason) for policy in policies]
        return Snapshot(
            root=root,
            folders=folders,
            policies=tuple(policies),
            settings=settings,
            servers=servers,
            layers=tuple(layers),
            files=tuple(found.file for found in read),
            levels=tuple(levels),
            trust=trust,
            environment=environment,
            unconfirmed=tuple(unconfirmed),
        )


def _wants_trust(settled: Iterable[Effective]) -> bool:
    """Whether a repository says something that only counts once it is trusted; else nobody is ever asked."""
    return any(refused.cause is Cause.UNTRUSTED for one in settled for refused in one.refused)


def _has_commands(folders: Iterable[FactoryFolder]) -> bool:
    """Whether a repository may have programs for commands, which need its trust."""
    return any(
        folder.level is not SettingsLevel.USER and os.path.lexists(folder.path / "commands")
        for folder in folders
    )


def _layers(
    folder: FactoryFolder,
    part: Part,
    path: Path,
    file: FactoryFile,
    data: bytes | str,
    *,
    trust: TrustDecision,
    environment: Environment,
) -> list[Layer]:
    """What a file gives: what it says, and what it says for the environment."""
    if file.values is None:
        return []
    trusted = folder.level is SettingsLevel.USER or _is_trusted(trust, path, data)
    values = normalised(file.kind, file.values)
    base = Layer(
        level=folder.level,
        depth=folder.depth,
        part=part,
        file=path,
        values=values,
        lines=file.line,
        trusted=trusted,
    )
    laid: Any = values.get("environments", {}).get(environment.type)
    if laid is None:
        return [base]
    return [base, environment_layer(base, laid, environment)]


def _is_trusted(trust: TrustDecision, path: Path, data: bytes | str) -> bool:
    content = trust.content
    return trust.trusted and content is not None and isinstance(data, bytes) and content.matches(path, data)


def _of(layers: Iterable[Layer], *, servers: bool) -> list[Layer]:
    """The layers of `mcp.json` files, or all others: the two have keys of their own."""
    return [layer for layer in layers if (Path(str(layer.file)).name == "mcp.json") is servers]


def _level_file(folder: FactoryFolder, file: ReadFile) -> LevelFile:
    status = "ok"
    if file.unconfirmed:
        status = "unconfirmed"
    elif file.problems:
        status = "malformed" if file.used is None else "last good"
    return LevelFile(level=str(folder.level), file=str(file.path), status=status, errors=file.problems)


def _told(settings: Mapping[str, Effective]) -> list[str]:
    """What files wanted and do not get, where a person should know."""
    said: list[str] = []
    for key, effective in settings.items():
        for refused in effective.refused:
            if refused.cause in _TOLD:
                given = refused.given
                said.append(f"{given.where}: {dotted(given.in_file) or key} is ignored: {refused.reason}")
    return said
