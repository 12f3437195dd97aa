"""Chooses and builds the adapters of one workspace. Importing them takes long, so importing this does."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from droid.app.options import RuntimeOptions
from droid.app.policy_watch import PolicyWatch
from droid.domain.policy import Policy
from droid.domain.ports import Files, Tool
from droid.engine.ports import PathResolver
from droid.providers.catalogue import catalogue_models
from droid.providers.factory import Providers
from droid.sandbox.runner import WardenRunner
from droid.sessions.store import SessionStore
from droid.settings.load import load_policy, settings_files
from droid.settings.paths import factory_home
from droid.tools.files import DiskFiles
from droid.tools.paths import OsPaths
from droid.tools.registry import builtin_tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """What the sessions of a workspace share.

    Attributes:
        home: The person's home folder, symlinks resolved.
        factory_home: The user level's `.factory` folder, as it was named.
    """

    environ: Mapping[str, str]
    home: Path
    factory_home: Path
    store: SessionStore
    tools: tuple[Tool, ...]
    files: Files
    paths: PathResolver
    runner: WardenRunner
    providers: Providers
    policy: PolicyWatch


def load_adapters(options: RuntimeOptions, environ: Mapping[str, str], runner: WardenRunner) -> Adapters:
    """Build them all; `runner` is up already."""
    user_folder = factory_home(environ)
    workspace = options.workspace

    def load() -> Policy:
        policy = load_policy(workspace, user_folder, environ)
        return replace(policy, models={**catalogue_models(environ), **policy.models})

    disk: Files = DiskFiles()
    return Adapters(
        environ=environ,
        home=_home(environ),
        factory_home=user_folder,
        store=SessionStore(user_folder, workspace),
        tools=builtin_tools(),
        files=options.overlay(disk) if options.overlay else disk,
        paths=OsPaths(),
        runner=runner,
        providers=Providers(),
        policy=PolicyWatch(load, settings_files(workspace, user_folder)),
    )


def _home(environ: Mapping[str, str]) -> Path:
    try:
        return Path(os.path.realpath(environ.get("HOME") or Path.home()))
    except RuntimeError:  # an account without a home
        return Path("/")
