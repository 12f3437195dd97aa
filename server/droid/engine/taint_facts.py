"""Adds to a call's facts where it would send data, once untrusted text is in the context."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from droid.engine.core import SessionCore
from droid.engine.facts import Gathered
from droid.engine.result_text import mcp_server
from droid.safety.commands.model import Assessment
from droid.safety.destinations import destinations_of, git_folders
from droid.safety.facts import CallFacts
from droid.safety.hosts import Destination, unnamed, url_destination
from droid.safety.remotes import Remotes, remotes_of

_MAX_REPOSITORIES = 16


def with_destinations(core: SessionCore, gathered: Gathered) -> Gathered:
    """The same, with what step `taint` asks for; where nothing has entered, nothing is gathered."""
    tainted = core.state.tainted
    if tainted is None:
        return gathered
    facts = replace(
        gathered.facts,
        tainted=tainted,
        destinations=_destinations(core, gathered.facts),
        known_destinations=frozenset(core.state.destinations),
    )
    return replace(gathered, facts=facts)


def _destinations(core: SessionCore, facts: CallFacts) -> tuple[Destination, ...]:
    if facts.command is not None:
        if facts.assessment is None:
            return (unnamed("a command that is not known"),)
        return destinations_of(facts.assessment, _remotes(core, facts.assessment))
    if facts.tool == "FetchUrl":
        place = url_destination(str(facts.input.get("url", "")))
        return () if place is None else (place,)
    if facts.tool == "WebSearch":
        return (Destination(name="the web search"),)
    if facts.tool.startswith("mcp__"):
        return (Destination(name=f"the MCP server {mcp_server(facts.tool)}"),)
    if not facts.access_is_complete:
        return (Destination(name=f"the tool {facts.tool[:80]}"),)
    return ()


def _remotes(core: SessionCore, assessment: Assessment) -> Mapping[str, Remotes]:
    """What git's configuration says where the line uses git; nothing of what cannot be read whole."""
    paths, home = core.ports.paths, core.ports.home
    found: dict[str, Remotes] = {}
    for folder in sorted(git_folders(assessment))[:_MAX_REPOSITORIES]:
        repository = paths.repository(paths.real(core.state.cwd / Path(folder)), None, home)
        if repository.complete:
            found[folder] = remotes_of(repository.settings)
    return found
