"""Text from elsewhere on its way into the context: what it is, and what becomes of it.

That untrusted text enters is told before the call runs that brings it in: what comes then may change what
was known before, and a call that is cut off may have shown a part of it. Whatever it is, text that carries
injection marks is told of and fenced.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from droid.domain.events import InjectionFlagged, UntrustedTextEntered
from droid.domain.tools import ToolResult
from droid.domain.untrusted import InjectionMark, UntrustedKind
from droid.engine.core import SessionCore
from droid.engine.facts import CheckedCall
from droid.engine.fence import fenced
from droid.engine.file_changes import display_name
from droid.safety.destinations import reaches_out
from droid.safety.facts import CallFacts, PathFact
from droid.safety.hidden_text import hidden_marks, shown
from droid.safety.hosts import url_destination
from droid.safety.injection import MAX_MARKS, marks
from droid.safety.remotes import remotes_of

_OUR_WORDS = frozenset({"ApplyPatch", "AskUser", "Create", "Edit", "TaskStop", "TodoWrite"})
"""Tools whose results are ours, the model's or the person's words."""
_MCP = "mcp__"
_LINE_NUMBER = re.compile(r" *([0-9]{1,9})(?:→|: )")
_DEVICES = PurePath("/dev")


def text_will_enter(core: SessionCore, call: CheckedCall) -> None:
    """Tell what untrusted text a call is about to bring in, as far as that is news."""
    facts = call.facts
    source = _source(facts, core)
    if source is not None:
        entered(core, *source, call_id=facts.call_id)
    if UntrustedKind.WORKSPACE not in _kinds(core) and (facts.reads or facts.command is not None):
        why = next((policy.untrusted for policy in core.policies_for(facts) if policy.untrusted), None)
        if why is not None:
            entered(core, UntrustedKind.WORKSPACE, why, call_id=facts.call_id)


def workspace_entered(core: SessionCore) -> None:
    """Tell that the workspace's own text is untrusted: its rules and what an editor shows come unasked."""
    why = core.policy.untrusted
    if why is not None and UntrustedKind.WORKSPACE not in _kinds(core):
        entered(core, UntrustedKind.WORKSPACE, why)


def entered(core: SessionCore, kind: UntrustedKind, source: str, *, call_id: str | None = None) -> None:
    """Tell that untrusted text enters, once for each source; with the first, which remotes are known."""
    state = core.state
    if (kind, source) in state.untrusted:
        return
    remotes: frozenset[str] = frozenset()
    if not state.untrusted:
        for folder in dict.fromkeys((state.workspace, state.cwd)):
            found = core.ports.paths.repository(core.ports.paths.real(folder), None, core.ports.home)
            remotes |= remotes_of(found.settings).known()
    core.emit(UntrustedTextEntered(kind=kind, source=source, remotes=tuple(sorted(remotes)), call_id=call_id))


def as_data(core: SessionCore, call: CheckedCall, result: ToolResult) -> ToolResult:
    """A result as the model may see it: told of and fenced where it carries marks."""
    if call.part.name in _OUR_WORDS:
        return result
    found = marks(result.text)
    if not found:
        return result
    source = _named(call)
    flagged(core, source, _in_file(result.text, found), call_id=call.part.call_id)
    return replace(result, text=fenced(result.text, source, found))


class Attachments:
    """What goes with one prompt. It is told of after the prompt, so that it stands in its turn."""

    def __init__(self, core: SessionCore) -> None:
        self._core = core
        self._outside: dict[Path, None] = {}
        self._marked: list[tuple[str, tuple[InjectionMark, ...]]] = []

    def take(self, path: Path | None, name: str, text: str) -> str:
        """The text as the model may see it.

        Args:
            path: Real; None for what is no file.
        """
        if path is not None and _is_outside(self._core, path):
            self._outside[path] = None
        found = marks(text)
        if not found:
            return text
        self._marked.append((name, _in_file(text, found)))
        return fenced(text, name, found)

    def tell(self) -> None:
        """Tell what has entered with it."""
        workspace_entered(self._core)
        for path in self._outside:
            entered(self._core, UntrustedKind.FILE, str(path))
        for name, found in self._marked:
            flagged(self._core, name, found)


def flagged(
    core: SessionCore, source: str, found: Iterable[InjectionMark], *, call_id: str | None = None
) -> None:
    """Tell a person where text addresses the agent or hides something; it is untrusted from then on."""
    core.emit(InjectionFlagged(source=source, marks=tuple(found), call_id=call_id))
    entered(core, UntrustedKind.MARKED, source, call_id=call_id)


def plain_rules(text: str) -> tuple[str, tuple[InjectionMark, ...]]:
    """Rules without anything hidden, and what was.

    Rules are instructions, so that they address the agent is no mark; what a person cannot see in them is.
    """
    hidden = hidden_marks(text, MAX_MARKS)
    return (shown(text), hidden) if hidden else (text, ())


def _in_file(text: str, found: Sequence[InjectionMark]) -> tuple[InjectionMark, ...]:
    """The marks by the lines of the file, where a text shows one with its numbers."""
    lines = text.split("\n")
    numbers = {mark.line: _LINE_NUMBER.match(lines[mark.line - 1]) for mark in found}
    return tuple(
        replace(mark, line=int(number[1])) if (number := numbers[mark.line]) is not None else mark
        for mark in found
    )


def _kinds(core: SessionCore) -> set[UntrustedKind]:
    return {kind for kind, _ in core.state.untrusted}


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
    return not path.in_workspace and _is_outside(core, Path(path.real))


def _is_outside(core: SessionCore, real: Path) -> bool:
    """Whether a file is neither of the workspace nor ours: outputs of this session, the user's settings."""
    ours = (core.ports.paths.real(core.state.workspace), core.ports.artifacts, core.ports.factory_home)
    return not real.is_relative_to(_DEVICES) and not any(
        real.is_relative_to(core.ports.paths.real(folder)) for folder in ours
    )


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
