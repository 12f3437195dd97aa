"""Where settings name something that is defined elsewhere."""

import re
from enum import StrEnum

from droid.settings.factory_file import Kind
from droid.settings.jsonc import Path


class Names(StrEnum):
    """What a text names."""

    MODELS = "models"
    TOOLS = "tools"
    DROIDS = "droids"
    SERVERS = "servers"


_MODEL_KEYS = frozenset({"specModeModel", "lightModel", "mediumModel", "heavyModel", "compactionModelMode"})
_MODEL_LISTS = frozenset({"allowedModelIds", "blockedModelIds"})
_TOOL_EVENTS = frozenset({"PreToolUse", "PostToolUse"})
_LAST_NAME = re.compile(r"[^|()^]*\Z")


def names_at(kind: Kind, path: Path) -> Names | None:
    """What the text at a path names; None where it is no name."""
    if kind is Kind.SETTINGS and path[:1] == ("environments",):
        path = path[2:]
    match kind, path:
        case Kind.DROID, ("model",):
            return Names.MODELS
        case Kind.DROID, ("tools",) | ("tools", int()):
            return Names.TOOLS
        case Kind.DROID, ("mcpServers",) | ("mcpServers", int()):
            return Names.SERVERS
        case Kind.DROID, ("name",):
            return Names.DROIDS
        case Kind.SETTINGS, ("model",) | ("sessionDefaultSettings", "model"):
            return Names.MODELS
        case ((Kind.SETTINGS | Kind.HOOKS), (*before, event, int(), "matcher")) if before in ([], ["hooks"]):
            if event in _TOOL_EVENTS:
                return Names.TOOLS
            return Names.DROIDS if event == "SubagentStop" else None
        case Kind.SETTINGS, (*_, str() as key) if key in _MODEL_KEYS:
            return Names.MODELS
        case Kind.SETTINGS, (*_, str() as key, int()) if key in _MODEL_LISTS:
            return Names.MODELS
        case _:
            return None


def last_name(typed: str) -> str:
    """Of an expression such as `Edit|Cre` the name that is being written."""
    found = _LAST_NAME.search(typed)
    return found[0] if found is not None else typed
