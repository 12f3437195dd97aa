"""Verbs that start or end a turn. The turn runs on its own; what is returned is where it will be seen."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.domain.errors import DroidError
from droid.lsp.arguments import Arguments
from droid.lsp.comments import DroidComment
from droid.lsp.comments import prompt_for as comment_prompt
from droid.lsp.convert import whole_lines
from droid.lsp.documents import Document
from droid.lsp.editor_context import Place, is_session_document
from droid.lsp.json_values import object_of
from droid.lsp.resting import RestingSession
from droid.lsp.verb_prompts import place_in_words, prompt_for
from droid.lsp.verbs import CODE_VERBS

if TYPE_CHECKING:
    from droid.domain.context import EditorContext
    from droid.domain.messages import ImagePart
    from droid.engine.session import Session
    from droid.lsp.language_server import DroidLanguageServer

_RUN_IT = "Run it"
_DO_NOT_RUN = "Do not run it"
_MAX_IMAGES = 20


ASKED: Mapping[str, Any] = {"asked": True}
"""The result of a verb that first asks the person: a request answers at once, and a person does not."""


class NothingToDo(DroidError):
    """The verb has nothing to work on."""


async def about_code(command: str, ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """A verb about code, at the place that was given or, without one, where the person is."""
    place = _place(ls, arguments)
    more = arguments.text("prompt")
    if command == "droid.ask" and more is None and not arguments.text("uri"):
        return await _ask_for_prompt(ls, arguments)
    document = ls.documents.get(place.uri) if place is not None else None
    folder = ls.host.folder_for(document.path if document is not None else None)
    session = await ls.host.session(folder, arguments.text("sessionId"))
    lines = whole_lines(place.range) if place is not None and place.range is not None else None
    text = prompt_for(
        command,
        place=place_in_words(_name(document, folder), lines, selected=place is not None and place.selects),
        diagnostics=_told(place, arguments),
        more=more,
    )
    steer = arguments.flag("steer", default=True)
    return await start(ls, session, text, ls.focus.context(place), images=_images(arguments), steer=steer)


async def start(
    ls: "DroidLanguageServer",
    session: "Session",
    text: str,
    context: "EditorContext",
    images: "tuple[ImagePart, ...]" = (),
    *,
    steer: bool = True,
) -> Mapping[str, Any]:
    """Give a message to a session: to a question that waits for one, to the running turn, or to a new one."""
    surfaces = await ls.surfaces()
    if surfaces.questions.take_message(session, text):
        return {"sessionId": session.id, "turnId": session.turn_id, "answered": True}
    turn_id = session.prompt(text, context=context, images=images, steer=steer)
    return {"sessionId": session.id, "turnId": turn_id}


async def _ask_for_prompt(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """LSP has no box to type in: where the client has none either, the session document is it."""
    if ls.editor.profile.droid.input:
        raise NothingToDo("droid.ask: what should Droid do? Pass it as `prompt`")
    place = ls.focus.place
    document = ls.documents.get(place.uri) if place is not None else None
    folder = ls.host.folder_for(document.path if document is not None else None)
    session = await ls.host.session(folder, arguments.text("sessionId"))
    path = await (await ls.surfaces()).transcripts.open(session)
    if path is None:
        raise NothingToDo("there is nowhere to write a prompt; pass it as `prompt`")
    ls.editor.message(f"Write under the last “## You” in {path.name}, then run Send.")
    return {"sessionId": session.id, "document": str(path)}


async def send(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Send what stands under the last heading of a session document."""
    document = session_document(ls, arguments)
    if document is None:
        raise NothingToDo("no session document is open; droid.session.new opens one")
    transcripts = (await ls.surfaces()).transcripts
    text = transcripts.draft(document)
    session = await transcripts.session_of(document)
    busy = session.busy
    result = await start(ls, session, text, ls.focus.context(ls.focus.place))
    if busy or result.get("answered"):
        transcripts.take_draft(document, session, text)
    return result


async def begin(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Give a session document a place to write; the session itself begins with the first prompt."""
    document = session_document(ls, arguments)
    if document is None:
        raise NothingToDo("no session document is open; open a file whose name ends in .droid.md")
    ls.later((await ls.surfaces()).transcripts.begin(document), "document:begin")
    return {"document": document.uri}


def session_document(ls: "DroidLanguageServer", arguments: Arguments) -> Document | None:
    """The session document that is meant: the one named, else the only or last one that is open."""
    uri = arguments.text("uri")
    if uri is not None:
        document = ls.documents.get(uri)
        return document if document is not None and is_session_document(document) else None
    found = [document for document in ls.documents if is_session_document(document)]
    return found[-1] if found else None


async def run_comment(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Do what a `droid:` comment says; one that was not typed here is shown in full and confirmed first."""
    place = _place(ls, arguments)
    document = ls.documents.get(place.uri) if place is not None else None
    if place is None or document is None or document.path is None:
        raise NothingToDo("no document with a `droid:` comment is open")
    line = arguments.line("line") or (place.range.start.line + 1 if place.range is not None else 1)
    comment = _comment_at(ls, document, line - 1)
    if ls.comments.is_trusted(document, comment):
        return await _do_comment(ls, document, comment)
    ls.later(_confirm_comment(ls, document, comment), "comment:confirm")
    return ASKED


async def _confirm_comment(ls: "DroidLanguageServer", document: Document, comment: DroidComment) -> None:
    from droid.lsp.markdown_text import exact

    surfaces = await ls.surfaces()
    text = (
        f"This comment was not typed here. It asks Droid to do this, at line {comment.start_line + 1} of "
        f"{document.path}:\n\n{exact(comment.text)}"
    )
    if await surfaces.questions.confirm(text, [_DO_NOT_RUN, _RUN_IT]) != _RUN_IT:
        return
    now = _comment_at(ls, document, comment.start_line)
    if now.text != comment.text:
        raise NothingToDo("the comment changed while it was being confirmed, so it was not run")
    await _do_comment(ls, document, now)


async def _do_comment(
    ls: "DroidLanguageServer", document: Document, comment: DroidComment
) -> Mapping[str, Any]:
    folder = ls.host.folder_for(document.path)
    session = await ls.host.session(folder)
    text = comment_prompt(comment, _name(document, folder) or document.uri, document.language_id)
    return await start(ls, session, text, ls.focus.context(Place(uri=document.uri)))


def _comment_at(ls: "DroidLanguageServer", document: Document, line: int) -> DroidComment:
    for comment in ls.comments.comments_in(document):
        if comment.start_line <= line <= comment.end_line:
            return comment
    raise NothingToDo(f"there is no `droid:` comment at line {line + 1}")


async def cancel(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """End the running turn; without arguments, that of the session which is busy."""
    session_id, turn_id = arguments.text("sessionId"), arguments.text("turnId")
    session = await ls.host.find_or_current(session_id)
    if session is None or (turn_id is not None and session.turn_id != turn_id):
        return {"cancelled": False}
    cancelled = not isinstance(session, RestingSession) and await session.cancel()
    return {"sessionId": session.id, "cancelled": cancelled}


async def undo(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Take back the file changes of a turn."""
    known = await ls.host.find_or_current(arguments.text("sessionId"))
    if known is None:
        raise NothingToDo("no session is open, so there is nothing to undo")
    session = await ls.host.wake(known)
    undone = await session.undo(arguments.text("turnId"))
    if undone.conflicts:
        names = ", ".join(undone.conflicts)
        ls.editor.message(f"Changed by somebody since, so left as they are: {names}")
    return {
        "sessionId": session.id,
        "turnId": undone.turn_id,
        "paths": [change.path for change in undone.changes],
        "conflicts": list(undone.conflicts),
    }


def _place(ls: "DroidLanguageServer", arguments: Arguments) -> Place | None:
    uri = arguments.text("uri")
    if uri is None:
        return ls.focus.place
    return Place(uri=uri, range=arguments.range("range"), diagnostics=arguments.diagnostics("diagnostics"))


def _told(place: Place | None, arguments: Arguments) -> tuple[str, ...]:
    """The diagnostics that a verb was asked to deal with; those merely shown are context."""
    if place is None or not arguments.list("diagnostics"):
        return ()
    return tuple(f"line {one.range.start.line + 1}: {one.message}" for one in place.diagnostics)


def _name(document: Document | None, folder: Path) -> str | None:
    if document is None or document.path is None:
        return None
    path = document.path
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _images(arguments: Arguments) -> "tuple[ImagePart, ...]":
    given = arguments.list("images")
    if not given:
        return ()
    from droid.domain.messages import ImagePart

    images: list[ImagePart] = []
    for one in given[:_MAX_IMAGES]:
        fields = object_of(one)
        media_type, data = fields.get("mediaType"), fields.get("data")
        if not isinstance(media_type, str) or not isinstance(data, str):
            raise NothingToDo("an image is `{mediaType, data}`, the data in base64")
        images.append(ImagePart(media_type=media_type, data=data))
    return tuple(images)


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Mapping[str, Any]]]] = {
    **{command: partial(about_code, command) for command in CODE_VERBS},
    "droid.send": send,
    "droid.document.begin": begin,
    "droid.comment.run": run_comment,
    "droid.cancel": cancel,
    "droid.undo": undo,
}
