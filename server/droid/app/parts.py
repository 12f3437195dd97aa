"""Single adapters, for verbs that need no whole runtime."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from droid.sessions.store import SessionStore
from droid.sessions.summaries import SearchHit, SessionSummary

if TYPE_CHECKING:
    from droid.app.policies import Policies
    from droid.sandbox.runner import WardenRunner

__all__ = [
    "SearchHit",
    "SessionStore",
    "SessionSummary",
    "find_ripgrep",
    "open_policies",
    "process_runner",
    "reach",
    "session_store",
    "user_folder",
]

_REACH_S = 10.0


def user_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The user level's `.factory` folder; it need not exist."""
    from droid.settings.paths import factory_home

    return factory_home(os.environ if environ is None else environ)


def session_store(workspace: Path, environ: Mapping[str, str] | None = None) -> SessionStore:
    """The stored sessions of a workspace, and from there of all."""
    return SessionStore(user_folder(environ), workspace)


def process_runner() -> "WardenRunner":
    """The one way to start a process; whoever asks for it closes it."""
    from droid.sandbox.runner import WardenRunner

    return WardenRunner()


def find_ripgrep() -> Path | None:
    """The ripgrep that searches will use."""
    from droid.domain.errors import ToolFailed
    from droid.tools.ripgrep import find_ripgrep as find

    try:
        return Path(find())
    except ToolFailed:
        return None


async def open_policies(workspace: Path, environ: Mapping[str, str] | None = None) -> "Policies":
    """The settings of a folder, the organisation's asked for; whoever opens them closes them."""
    from droid.app.policies import open_policies as open_

    policies = open_(workspace.resolve(), os.environ if environ is None else environ)
    await policies.start()
    return policies


async def reach(url: str) -> str | None:
    """Whether anybody answers at an address: None, or why not."""
    import httpx

    from droid.net.client import create_client

    try:
        async with create_client(read_timeout_s=_REACH_S) as client:
            await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return str(error) or type(error).__name__
    return None
