"""The text that a tool call brings into the context: what it is, and what becomes of it.

That untrusted text enters is told before the call runs that brings it in: what comes then may change what
was known before, and a call that is cut off may have shown a part of it.
"""

from dataclasses import replace
from pathlib import Path

from droid.domain.tools import ToolResult
from droid.domain.untrusted import UntrustedKind
from droid.engine.core import SessionCore
from droid.engine.facts import CheckedCall
from droid.engine.fence import fenced
from droid.engine.file_changes import display_name
from droid.engine.untrusted import entered, flagged, in_file, is_outside, kinds
from droid.safety.destinations import reaches_out
from droid.safety.facts import CallFacts, PathFact
from droid.safety.hosts import url_destination
from droid.safety.injection import marks

_OUR_WORDS = frozenset({"ApplyPatch", "AskUser", "Create", "Edit", "TaskStop", "TodoWrite"})
"""Tools whose results are ours, the model's or the person's words."""
_MCP = "mcp__"


def text_will_enter(core: SessionCore, call: CheckedCall) -> None:
    """Tell what untrusted text a call is about to bring in, as far as that is news."""
    facts = call.facts
    source = _source(facts, core)
    if source is not None:
        entered(core, *source, call_id=facts.call_id)
    if UntrustedKind.WORKSPACE not in kinds(core) and (facts.reads or facts.command is not None):
        why = next((policy.untrusted for policy in core.policies_for(facts) if policy.untrusted), None)
        if why is not None:
            entered(core, UntrustedKind.WORKSPACE, why, call_id=facts.call_id)


def as_data(core: SessionCore, call: CheckedCall, result: ToolResult) -> ToolResult:
    """A result as the model may see it: told of and fenced where it carries marks."""
    if call.part.name in _OUR_WORDS:
        return result
    found = marks(result.text)
    if not found:
        return result
    source = _named(call)
    flagged(core, source, in_file(result.text, found), call_id=call.part.call_id)
    return replace(result, text=fenced(result.text, source, found))


def _source(facts: CallFacts, core: SessionCore) -> tuple[UntrustedKind, str] | None:
    """What untrusted text a call brings in by its nature."""
    if facts.tool == "FetchUrl":
        place = url_destination(str(facts.input.get("url", "")))
        return UntrustedKind.WEB, place.name if place is not None else "a page"
    if facts.tool == "WebSearch":
        return UntrustedKind.WEB, "search results"
    if facts.tool.startswith(_MCP):
        return UntrustedKind.MCP, mcp_server(facts.tool)
    if not facts.access_is_complete:
        return UntrustedKind.MCP, facts.tool
    if facts.command is not None:
        by = "a command that is not known" if facts.assessment is None else reaches_out(facts.assessment)
        if by is not None:
            return UntrustedKind.COMMAND, by
    outside = next((path for path in facts.reads if _reads_outside(core, path)), None)
    return None if outside is None else (UntrustedKind.FILE, str(outside.real))


def mcp_server(tool: str) -> str:
    """The server that a tool of MCP belongs to."""
    return tool.removeprefix(_MCP).partition("__")[0]


def _reads_outside(core: SessionCore, path: PathFact) -> bool:
    return not path.in_workspace and is_outside(core, Path(path.real))


def _named(call: CheckedCall) -> str:
    """Where a result came from, for people and for the model."""
    facts = call.facts
    if facts.command is not None:
        return "the output of a command"
    if facts.tool.startswith(_MCP):
        return f"the MCP server {mcp_server(facts.tool)}"
    if facts.tool == "FetchUrl":
        return f"the web page {str(facts.input.get('url', ''))[:120]}"
    if facts.reads:
        return display_name(Path(facts.reads[0].real), Path(facts.workspace))
    return f"the result of {facts.tool}"
