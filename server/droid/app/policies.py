"""The settings of one workspace, for its sessions and for whoever shows them."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from droid.app.restricted import RESTRICTED, narrowed
from droid.domain.errors import PolicyRefused
from droid.domain.levels import SettingsLevel
from droid.domain.models import ModelProfile
from droid.domain.policy import HookRule, Policy
from droid.providers.catalogue import catalogue_models
from droid.settings.compile import with_catalogue
from droid.settings.definition import Definition
from droid.settings.discovery import DefinitionFinder
from droid.settings.engine import SettingsEngine
from droid.settings.hook_place import definition_place, running_place
from droid.settings.hook_rows import Hook, hooks
from droid.settings.hook_trust import untrusted_file
from droid.settings.org import Organisation
from droid.settings.org_level import OrgLevel
from droid.settings.paths import factory_home, git_root
from droid.settings.read_file import CannotRead, read_bounded
from droid.settings.servers import Server, servers
from droid.settings.snapshot import Snapshot

_MAX_COMPLETED = 1024
_REFRESH_S = 300.0
_RETRY_S = 10.0


class Policies:
    """What holds for the folders and files of one workspace.

    Args:
        workspace: Symlinks resolved.
    """

    def __init__(self, engine: SettingsEngine, organisation: Organisation, workspace: Path) -> None:
        self.engine = engine
        self.organisation = organisation
        self._refreshing: asyncio.Task[None] | None = None
        self.workspace = workspace
        # As it is now: a `.git` that a command makes or moves away must not lead out of what holds here.
        self._project = git_root(workspace) or workspace
        self._extra: dict[str, ModelProfile] = {}
        self._with_extra: dict[int, tuple[Policy, Policy]] = {}
        self._definitions = DefinitionFinder()

    async def start(self) -> None:
        """Have the organisation's level ready, and see to it that it stays fresh; `aclose` ends that."""
        found = await self.organisation.start()
        # A copy from before is asked about at once; what was fetched just now is not.
        first_s = 0.0 if found.age_s is not None else self._pause_s(found)
        self._refreshing = asyncio.create_task(self._refresh(first_s), name="org-settings")

    async def aclose(self) -> None:
        """Stop asking the organisation's endpoint."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    async def _refresh(self, pause_s: float) -> None:
        """Ask the endpoint now and then, also one that is named only later; more often while it fails."""
        while True:
            await asyncio.sleep(pause_s)
            if self.organisation.endpoint is not None and await self.organisation.refresh():
                self.engine.changed()
            pause_s = self._pause_s(self.organisation.current())

    @staticmethod
    def _pause_s(found: OrgLevel) -> float:
        return _REFRESH_S if found.lockdown is None else _RETRY_S

    def add_model(self, profile: ModelProfile) -> None:
        """Let a model be asked that neither settings nor the catalogue list.

        Raises:
            PolicyRefused: some level does not let it.
        """
        reason = self.of(self.workspace).model_refusal(profile)
        if reason is not None:
            raise PolicyRefused(f"model {profile.id!r} may not be used: {reason}")
        self._extra[profile.id] = profile
        self._with_extra.clear()

    def snapshot(self, place: Path | None = None) -> Snapshot:
        """Everything about the settings of a folder or file; the workspace's where none is given."""
        place = self.workspace if place is None else place
        return self.engine.snapshot(place, self._root(place))

    def definitions(self, place: Path | None = None) -> tuple[Definition, ...]:
        """The droids, commands and skills of a folder, the highest level first: the active, and the others.

        The same object while nothing has changed.
        """
        return self._definitions.find(self.snapshot(place), self.organisation.current().bundle)

    def servers(self, place: Path | None = None) -> list[Server]:
        """The MCP servers of a folder, the highest level first: the active, and the others."""
        return servers(self.snapshot(place), self.engine.environ)

    def hooks(self, place: Path | None = None) -> list[Hook]:
        """The hooks of a folder, by event, the highest level first: the active, and the others."""
        return hooks(self.snapshot(place))

    def hook_refusal(self, rule: HookRule, cwd: Path) -> str | None:
        """Why an organisation's hook must not run in a folder; None where it may.

        Its own files are its own business. A file of the repository is somebody else's until it is trusted.
        """
        if rule.source.level is not SettingsLevel.ORG:
            return None
        snapshots = {one.root: one for one in (self.snapshot(cwd), self.snapshot())}
        whys = (untrusted_file(rule.command, cwd=cwd, root=r, trust=s.trust) for r, s in snapshots.items())
        return next((why for why in whys if why is not None), None)

    def hook_place(self, rule: HookRule, cwd: Path) -> Path:
        """Where a hook runs while the session is in a folder."""
        project = self.hook_project(rule)
        bases = [project]
        if rule.source.level is SettingsLevel.FOLDER and rule.source.file:
            bases.insert(0, definition_place(Path(rule.source.file)))
        return running_place(rule.command, cwd=cwd, bases=bases)

    def hook_project(self, rule: HookRule) -> Path:
        """The root of the project that a hook is for.

        One of a repository belongs to that alone: in the place of the session's folder, another repository's
        file of the same name would run.
        """
        source = rule.source
        of_repository = source.level in (SettingsLevel.PROJECT, SettingsLevel.FOLDER)
        return self._root(Path(source.file)) if of_repository and source.file else self._project

    def of(self, place: Path) -> Policy:
        """The policy in force for a folder or file."""
        return self._completed(self.snapshot(place).policy)

    def all_of(self, cwd: Path, paths: Iterable[Path]) -> tuple[Policy, ...]:
        """Every policy that a call has to pass, that of the session's folder first.

        A repository in the workspace's own obeys that one too, and so does a session that goes elsewhere.
        """
        found: dict[int, Policy] = {}
        # Files of one folder obey the same: a call may name hundreds.
        for place in dict.fromkeys(map(_folder_of, (cwd, *paths, self.workspace))):
            snapshots = [self.snapshot(place)]
            if snapshots[0].root != self._project and place.is_relative_to(self._project):
                snapshots.append(self.engine.snapshot(place, self._project))
            for snapshot in snapshots:
                for policy in snapshot.policies:
                    found.setdefault(id(policy), self._completed(policy))
        return tuple(found.values())

    def call_began(self) -> None:
        """A tool call that can change files starts: what policy files say now holds until it has ended."""
        self.engine.call_began()

    def call_ended(self) -> None:
        """It has ended."""
        self.engine.call_ended()

    def _completed(self, policy: Policy) -> Policy:
        """With the models that were added, as far as this policy lets them be asked."""
        if not self._extra:
            return policy
        known = self._with_extra.get(id(policy))
        if known is None or known[0] is not policy:
            allowed = {key: one for key, one in self._extra.items() if policy.model_refusal(one) is None}
            known = (policy, replace(policy, models={**policy.models, **allowed}))
            if len(self._with_extra) >= _MAX_COMPLETED:
                self._with_extra.clear()
            self._with_extra[id(policy)] = known
        return known[1]

    def _root(self, place: Path) -> Path:
        """The project: the git root, or with none the workspace for what lies in it."""
        found = git_root(place)
        if place.is_relative_to(self._project):
            is_nested = found is not None and found != self.workspace and found.is_relative_to(self.workspace)
            return found if found is not None and is_nested else self._project
        if found is not None:
            return found
        return place if place.is_dir() else place.parent


def _folder_of(place: Path) -> Path:
    return place if os.path.isdir(place) else place.parent  # noqa: PTH112  it raises nothing


def open_policies(
    workspace: Path, environ: Mapping[str, str], *, trust_hash: str | None = None, restricted: bool = False
) -> Policies:
    """The settings of a workspace, with the models of the catalogue.

    Args:
        workspace: Symlinks resolved.
        trust_hash: The hash that this run was started with.
        restricted: The editor has the workspace in Restricted Mode.
    """

    def also(policy: Policy) -> Policy:
        known = with_catalogue(policy, catalogue_models(environ))
        return narrowed(known) if restricted else known

    home = factory_home(environ)
    organisation = Organisation(home=home, environ=environ)
    engine = SettingsEngine(
        home=home,
        environ=environ,
        org=organisation,
        trust_hash=trust_hash,
        identities=identities(environ),
        also=also,
        restricted=RESTRICTED if restricted else None,
    )
    return Policies(engine, organisation, workspace)


def identities(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What the person may be known by: nothing of it is verified, so it can only tighten."""
    names = [environ.get(name, "").strip() for name in ("DROID_USER_ID", "USER", "LOGNAME", "USERNAME")]
    names.append(_git_email(environ))
    return tuple(dict.fromkeys(filter(None, names)))


def _git_email(environ: Mapping[str, str]) -> str:
    """`user.email` of the person's own git configuration, read without starting git."""
    home = environ.get("HOME")
    path = Path(environ.get("GIT_CONFIG_GLOBAL") or os.path.join(home or "", ".gitconfig"))  # noqa: PTH118
    try:
        text = read_bounded(path).decode(errors="replace")
    except (OSError, CannotRead):
        return ""
    section = ""
    for line in text.splitlines()[:10_000]:
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped.strip("[]").strip().lower()
        elif section == "user" and stripped.lower().startswith("email"):
            return stripped.partition("=")[2].strip().strip('"')
    return ""
