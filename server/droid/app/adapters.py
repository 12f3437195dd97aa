"""Chooses and builds the adapters of one workspace. Importing them takes long, so importing this does."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from droid.app.allowlist import UserAllowlist, user_allowlist
from droid.app.hooks import hooks_of
from droid.app.options import RuntimeOptions
from droid.app.policies import Policies, open_policies
from droid.domain.ports import Files, Tool, Workspace
from droid.engine.ports import Hooks, PathResolver
from droid.providers.factory import Providers
from droid.sandbox.runner import WardenRunner
from droid.sessions.store import SessionStore
from droid.settings.paths import factory_home
from droid.tools.files import DiskFiles
from droid.tools.paths import OsPaths
from droid.tools.registry import builtin_tools
from droid.tools.workspace import DiskWorkspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """What the sessions of a workspace share.

    Attributes:
        home: The person's home folder, symlinks resolved.
        factory_home: The user level's `.factory` folder, as it was named.
        allowlist: None where nothing can be added to it.
    """

    environ: Mapping[str, str]
    home: Path
    factory_home: Path
    store: SessionStore
    tools: tuple[Tool, ...]
    files: Files
    paths: PathResolver
    workspace: Workspace
    runner: WardenRunner
    providers: Providers
    policies: Policies
    hooks: Hooks
    allowlist: UserAllowlist | None


def load_adapters(options: RuntimeOptions, environ: Mapping[str, str], runner: WardenRunner) -> Adapters:
    """Build them all; `runner` is up already."""
    user_folder = factory_home(environ)
    workspace = options.workspace

    disk: Files = DiskFiles()
    store = SessionStore(user_folder, workspace)
    policies = open_policies(workspace, environ, trust_hash=options.trust_hash, restricted=options.restricted)
    return Adapters(
        environ=environ,
        home=_home(environ),
        factory_home=user_folder,
        store=store,
        tools=builtin_tools(),
        files=options.overlay(disk) if options.overlay else disk,
        paths=OsPaths(),
        workspace=DiskWorkspace(runner, store.blobs),
        runner=runner,
        providers=Providers(),
        policies=policies,
        hooks=hooks_of(policies, runner, environ, lambda session_id: str(store.transcript(session_id))),
        allowlist=user_allowlist(policies),
    )


def _home(environ: Mapping[str, str]) -> Path:
    try:
        return Path(os.path.realpath(environ.get("HOME") or Path.home()))
    except RuntimeError:  # an account without a home
        return Path("/")
