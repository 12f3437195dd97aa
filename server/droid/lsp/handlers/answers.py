"""Verbs that answer what waits for the person."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException

from droid.domain.errors import DroidError
from droid.lsp.arguments import Arguments
from droid.lsp.handlers.prompts import session_document
from droid.lsp.pygls_workarounds import INVALID_PARAMS

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.questions import Questions


class NothingAsked(DroidError):
    """Nothing waits for an answer."""


async def approve(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    from droid.domain.decisions import Answer

    given = arguments.text("answer") or Answer.ONCE
    known = [answer.value for answer in Answer if answer.allows]
    if given not in known:
        said = f"droid.approve: 'answer' is one of {', '.join(known)}"
        raise JsonRpcException(said, INVALID_PARAMS)
    entry = _questions(ls).approve(arguments.text("approvalId"), Answer(given))
    return {"approvalId": entry.id, "answer": given}


async def reject(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Refuse; with an instruction, or, from a session document, with its draft as the instruction."""
    questions = _questions(ls)
    given_up = (await ls.surfaces()).saving.give_up(arguments.text("approvalId"))
    if given_up is not None:
        return {"approvalId": given_up.id, "answer": "reject"}
    instruction = arguments.text("instruction")
    document = None
    if instruction is None and arguments.text("answer") == "instruct":
        document = session_document(ls, arguments)
        instruction = (await ls.surfaces()).transcripts.draft(document) if document is not None else None
        if instruction is None:
            raise NothingAsked("say what to do instead: pass it as `instruction`")
    entry = questions.reject(arguments.text("approvalId"), instruction)
    if document is not None and entry.session is not None and instruction is not None:
        (await ls.surfaces()).transcripts.take_draft(document, entry.session, instruction)
    return {"approvalId": entry.id, "answer": "instruct" if instruction else "reject"}


async def answer(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Answer what the agent asks; without an answer, a session document's draft is it."""
    questions = _questions(ls)
    text = arguments.text("answer")
    document = session_document(ls, arguments) if text is None and arguments.text("uri") else None
    if document is not None:
        text = (await ls.surfaces()).transcripts.draft(document)
    entry = questions.reply(arguments.text("questionId"), text)
    if document is not None and entry.session is not None and text is not None:
        (await ls.surfaces()).transcripts.take_draft(document, entry.session, text)
    return {"questionId": entry.id, "answer": text}


def _questions(ls: "DroidLanguageServer") -> "Questions":
    if ls.shown is None:
        raise NothingAsked("nothing waits for an answer")
    return ls.shown.questions


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Mapping[str, Any]]]] = {
    "droid.approve": approve,
    "droid.reject": reject,
    "droid.answer": answer,
}
