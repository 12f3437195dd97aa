"""The verb that asks the gate: what would become of a call, and why."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.domain.errors import DroidError
from droid.lsp.arguments import Arguments
from droid.lsp.handlers.hover import explained
from droid.lsp.text_map import TextMap

if TYPE_CHECKING:
    from droid.app.policies import Policies
    from droid.domain.decisions import Decision
    from droid.lsp.documents import Document
    from droid.lsp.language_server import DroidLanguageServer


class NothingToExplain(DroidError):
    """There is no command at the place that was meant."""


async def explain(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """The gate's decision about a call, step by step; a client that shows nothing of it gets a message."""
    uri = arguments.text("uri") or (ls.focus.place.uri if ls.focus.place is not None else None)
    document = ls.documents.get(uri) if uri is not None else None
    tool, given = arguments.text("tool"), arguments.object("input")
    if tool is None:
        command = arguments.text("command") or await _command_at(ls, document, arguments)
        tool, given = "Execute", {"command": command}
    path = document.path if document is not None else None
    policies = await ls.settings.policies(path)
    inside = path is not None and path.is_relative_to(policies.workspace)
    place = path.parent if path is not None and inside else policies.workspace
    decision = await asyncio.to_thread(_decide, policies, place, tool, given)
    if not ls.editor.profile.droid.declared:
        from droid.lsp.command_hover import why

        ls.editor.message(f"Droid: {decision.risk} risk. {tool} {why(decision)}")
    from droid.app.policy_check import decision_row

    return {**decision_row(decision), "risk": decision.risk.value, "reason": decision.reason}


def _decide(policies: "Policies", place: Path, tool: str, given: Mapping[str, Any]) -> "Decision":
    from droid.app.policy_check import PolicyCheck, Question

    return asyncio.run(PolicyCheck(policies).decide(Question(tool=tool, input=given), place))


async def _command_at(ls: "DroidLanguageServer", document: "Document | None", arguments: Arguments) -> str:
    range_ = arguments.range("range")
    if document is not None and range_ is None and ls.focus.place is not None:
        range_ = ls.focus.place.range if ls.focus.place.uri == document.uri else None
    found = None
    if document is not None and range_ is not None:
        text = TextMap(document.text, document.encoding)
        found = await explained(ls, document, text.offset(range_.start))
    if found is None:
        raise NothingToExplain(
            "droid.policy.explain: there is no shell command there; give `command`, or `tool` and `input`"
        )
    return found.command


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Any]]] = {
    "droid.policy.explain": explain,
}
