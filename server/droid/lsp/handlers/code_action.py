"""`textDocument/codeAction`: what Droid can do here.

No disk, no model, and work in proportion to the selection. Every action carries its command, so nothing
needs to be resolved.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from droid.lsp.checkpoint_index import ways
from droid.lsp.comments import MAX_COMMENT_LINES, summary
from droid.lsp.convert import shortened
from droid.lsp.documents import Document
from droid.lsp.editor_context import is_code, is_session_document, range_json
from droid.lsp.handlers import settings_files
from droid.lsp.verbs import CODE_VERBS, VERBS

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer

QUICK_FIX = "quickfix"
REWRITE = "refactor.rewrite.droid"
SOURCE = "source.droid"
_MAX_DIAGNOSTICS = 20
_IN_SESSION_DOCUMENTS = (
    "droid.model.set",
    "droid.autonomy.set",
    "droid.usage",
    "droid.session.list",
    "droid.checkpoint.list",
)

Action = Mapping[str, Any]


def register(ls: "DroidLanguageServer") -> None:
    async def code_action(params: types.CodeActionParams) -> list[Action]:
        document = ls.documents.get(params.text_document.uri)
        if document is None:
            return []
        ls.focus.looked(document, params.range, params.context.diagnostics)
        wanted = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        found = [
            *await settings_files.quick_fixes(ls, document, params.range),
            *_actions(ls, document, params),
        ]
        actions = [action for action in found if _is_wanted(action["kind"], wanted)]
        if not ls.editor.profile.code_action_literals:
            return [action["command"] for action in actions if "command" in action]
        return actions

    ls.rpc.handlers[types.TEXT_DOCUMENT_CODE_ACTION] = code_action
    ls.rpc.options[types.TEXT_DOCUMENT_CODE_ACTION] = types.CodeActionOptions(
        code_action_kinds=[QUICK_FIX, REWRITE, SOURCE], resolve_provider=False
    )


def _is_wanted(kind: str, wanted: Sequence[str]) -> bool:
    """Whether a kind is one of those asked for, or below one."""
    return not wanted or any(not one or kind == one or kind.startswith(f"{one}.") for one in wanted)


def _actions(ls: "DroidLanguageServer", document: Document, params: types.CodeActionParams) -> list[Action]:
    actions = _waiting(ls)
    if is_session_document(document):
        own = _of_session_document(ls, document, params.range.start.line)
        said = [_meaning(one) for one in own]
        return [*(one for one in actions if _meaning(one) not in said), *own]
    if ls.shown is not None and ls.shown.reviews.documents.rendering_of(document) is not None:
        line = params.range.start.line
        return [
            action(f"Droid: {one.title[0].lower()}{one.title[1:]}", one.verb, one.arguments, kind=QUICK_FIX)
            for one in ls.shown.reviews.documents.actions(document, line)
        ] + actions
    if not is_code(document):
        return actions + _of_index(ls, document, params.range)
    where = {"uri": document.uri, "range": range_json(params.range)}
    diagnostics = params.context.diagnostics[:_MAX_DIAGNOSTICS]
    actions += _for_diagnostics(diagnostics, where)
    actions += _for_comments(ls, document, params.range)
    # A light bulb at every place where the cursor rests would say nothing: unasked, only what stands here.
    selects = params.range.start != params.range.end
    if selects or params.context.trigger_kind is not types.CodeActionTriggerKind.Automatic:
        actions += [action(title, command, where, kind=REWRITE) for command, title in CODE_VERBS.items()]
    return actions + _for_sessions(ls)


def _waiting(ls: "DroidLanguageServer") -> list[Action]:
    """What waits for the person comes first, wherever they are."""
    if ls.shown is None:
        return []
    found = [
        action(
            f"Droid: do not run what waits for {names}",
            "droid.reject",
            {"approvalId": save_id},
            kind=QUICK_FIX,
        )
        for save_id, names in ls.shown.transcripts.saves()
    ]
    if (entry := ls.shown.questions.open) is None or entry.session is None:
        return found
    from droid.lsp.question_buttons import buttons

    return found + [
        action(title, command, arguments, kind=QUICK_FIX) for title, command, arguments in buttons(entry)
    ]


def _for_diagnostics(diagnostics: Sequence[types.Diagnostic], where: Mapping[str, Any]) -> list[Action]:
    actions: list[Action] = []
    if not diagnostics:
        return actions
    shown = [
        {
            "range": range_json(one.range),
            "message": one.message,
            **({"severity": int(one.severity)} if one.severity else {}),
            **({"source": one.source} if one.source else {}),
        }
        for one in diagnostics
    ]
    about = shortened(diagnostics[0].message, 60) if len(diagnostics) == 1 else f"{len(diagnostics)} problems"
    for command, word in (("droid.fix", "fix"), ("droid.explain", "explain")):
        arguments = {**where, "diagnostics": shown}
        actions.append(action(f"Droid: {word}: {about}", command, arguments, kind=QUICK_FIX))
    return actions


def _for_comments(ls: "DroidLanguageServer", document: Document, range_: types.Range) -> list[Action]:
    first, last = range_.start.line, range_.end.line
    comments = ls.comments.comments_in(document, first - MAX_COMMENT_LINES, last + 1)
    return [
        action(
            f"Droid: run “{summary(comment)}”",
            "droid.comment.run",
            {"uri": document.uri, "line": comment.start_line + 1},
            kind=QUICK_FIX,
        )
        for comment in comments
        if comment.end_line >= first
    ]


def _for_review(ls: "DroidLanguageServer") -> list[Action]:
    """Where changes are proposed, or were made: a way to look at them hunk by hunk."""
    current = ls.host.current()
    if ls.shown is None or current is None:
        return []
    entry = ls.shown.questions.open
    asked = entry.session if entry is not None else None
    if entry is not None and asked is not None and asked.proposed(entry.id) is not None:
        current = asked
    elif current.undoable_turn is None or current.busy:
        return []
    return [action("Droid: review changes", "droid.review.open", {"sessionId": current.id}, kind=SOURCE)]


def _for_sessions(ls: "DroidLanguageServer") -> list[Action]:
    actions: list[Action] = []
    for session in ls.host.busy:
        arguments = {"sessionId": session.id}
        actions.append(action("Droid: cancel the running turn", "droid.cancel", arguments, kind=SOURCE))
    current = ls.host.current()
    if current is not None:
        arguments = {"sessionId": current.id}
        if current.undoable_turn is not None and not current.busy:
            title = "Droid: undo the last turn's changes"
            actions.append(action(title, "droid.undo", arguments, kind=SOURCE))
        actions += _for_review(ls)
        title = "Droid: open the session document"
        actions.append(action(title, "droid.transcript.open", arguments, kind=SOURCE))
    actions.append(action("Droid: new session", "droid.session.new", {"open": True}, kind=SOURCE))
    return [*actions, _verb("droid.session.list")]


def _verb(command: str) -> Action:
    """A verb without arguments, under its own title."""
    title = VERBS[command].title
    return action(f"Droid: {title[0].lower()}{title[1:]}", command, {}, kind=SOURCE)


def _of_session_document(ls: "DroidLanguageServer", document: Document, line: int) -> list[Action]:
    if ls.shown is None:
        return []
    found = [
        action(lens.title, lens.verb, {**lens.arguments, "uri": document.uri}, kind=SOURCE)
        for lens in ls.shown.transcripts.actions(document)
    ]
    if not any(one["command"]["command"] == "droid.review.open" for one in found):
        found += _for_review(ls)
    if (at := ls.shown.transcripts.turn_at(document, line)) is not None:
        found += _back_to(*at)
    return found + [_verb(command) for command in _IN_SESSION_DOCUMENTS]


def _back_to(session_id: str, turn_id: str) -> list[Action]:
    """The ways to go back to before a turn."""
    return [
        action(f"Droid: {title.lower()} (before {shortened(turn_id, 20)})", command, arguments, kind=SOURCE)
        for title, command, arguments in ways(session_id, turn_id)
    ]


def _of_index(ls: "DroidLanguageServer", document: Document, range_: types.Range) -> list[Action]:
    if ls.shown is None:
        return []
    line = range_.start.line
    return [
        action(f"Droid: {title.lower()}", command, arguments, kind=SOURCE)
        for title, command, arguments in ls.shown.checkpoints.buttons(document, line)
    ] + [
        action(f"Droid: {title.lower()} this session", command, arguments, kind=SOURCE)
        for title, command, arguments in ls.shown.index.buttons(document, range_.start.line)
    ]


def _meaning(one: Action) -> tuple[str, Mapping[str, Any]]:
    """What an action does: two that mean the same need not both be offered."""
    command = one["command"]["command"]
    given = one["command"]["arguments"][0]
    default = {"droid.approve": "once", "droid.reject": "reject"}.get(command)
    about = {key: given[key] for key in ("approvalId", "questionId", "changesetId") if key in given}
    return command, {**about, "answer": given.get("answer", default)}


def action(title: str, command: str, arguments: Mapping[str, Any], *, kind: str) -> Action:
    """A code action with its command."""
    return {
        "title": title,
        "kind": kind,
        "command": {"title": title, "command": command, "arguments": [arguments]},
    }
