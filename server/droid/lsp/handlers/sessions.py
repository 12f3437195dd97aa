"""Verbs about sessions: begin, list, take up, fork, name, export, show."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from droid.domain.errors import DroidError
from droid.lsp.arguments import Arguments
from droid.lsp.convert import shortened
from droid.lsp.editor_context import is_session_document
from droid.lsp.handlers.prompts import ASKED
from droid.lsp.negotiation import Transcript
from droid.lsp.resting import RestingSession, described

if TYPE_CHECKING:
    from droid.app.parts import SessionSummary
    from droid.engine.session import Session
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.resting import KnownSession

_MAX_LISTED = 200
_MAX_PICKED = 10


class WhichSession(DroidError):
    """A verb needs a session and was not told which."""


async def new(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    level = None
    if (autonomy := arguments.text("autonomy")) is not None:
        from droid.domain.levels import AutonomyLevel

        level = AutonomyLevel(autonomy)
    session = await ls.host.create(folder_of_focus(ls), model=arguments.text("model"), autonomy=level)
    surfaces = await ls.surfaces()
    wanted = arguments.flag("open") or ls.editor.profile.droid.transcript is Transcript.FILE
    document = await surfaces.transcripts.open(session) if wanted else None
    return {**described(session), **({"document": str(document)} if document else {})}


async def list_(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    runtime = await ls.host.runtime(folder_of_focus(ls))
    query = arguments.text("query")
    summaries = await asyncio.to_thread(runtime.store.list)
    if query is not None:
        hits = await asyncio.to_thread(runtime.store.search, query)
        found = {hit.session_id for hit in hits}
        summaries = [one for one in summaries if one.id in found]
    listed = summaries[:_MAX_LISTED]
    if not ls.editor.profile.droid.sessions:
        surfaces = await ls.surfaces()
        await surfaces.index.show(runtime.workspace, listed)
    return {
        "sessions": [
            {
                "sessionId": one.id,
                "title": one.title,
                "workspace": one.workspace,
                "startedAt": one.started_at,
                "updatedAt": one.updated_at,
                "turns": one.turns,
                "tokens": one.tokens,
                "costUsd": one.cost_usd,
                "model": one.model,
                "live": _is_live(ls.host.known(one.id), one),
                "locked": one.locked,
                "parent": one.parent,
            }
            for one in listed
        ]
    }


async def resume(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Take a stored session up; without one, the person picks."""
    folder = folder_of_focus(ls)
    session_id = arguments.text("sessionId")

    async def take_up(picked: str) -> Mapping[str, Any]:
        session = await ls.host.resume(folder, picked)
        await _follow(ls, session)
        return await _show(ls, session)

    if session_id is None:
        return await pick_session(ls, folder, "Which session do you want to resume?", take_up)
    return await take_up(session_id)


async def fork(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Go on with a copy of a session: the one named, else the current one, else one that is picked."""
    folder = folder_of_focus(ls)
    current = ls.host.current(folder)
    session_id = arguments.text("sessionId") or (current.id if current is not None else None)

    async def copy(picked: str) -> Mapping[str, Any]:
        return await _show(ls, await ls.host.fork(folder, picked))

    if session_id is None:
        return await pick_session(ls, folder, "Which session do you want to fork?", copy)
    return await copy(session_id)


async def _follow(ls: "DroidLanguageServer", session: "Session") -> None:
    """Documents that were opened before their session was taken up, after a restart say, go on with it."""
    from droid.lsp.session_document import parse

    transcripts = (await ls.surfaces()).transcripts
    for document in ls.documents:
        if is_session_document(document) and parse(document.text).session_id == session.id:
            await transcripts.opened(document)


async def _show(ls: "DroidLanguageServer", session: "Session") -> Mapping[str, Any]:
    surfaces = await ls.surfaces()
    surfaces.updates.replay(session)
    if not ls.editor.profile.droid.declared:
        await surfaces.transcripts.open(session)
    return described(session)


async def rename(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    title = arguments.text("title")
    if title is None:
        raise WhichSession("droid.session.rename: pass the new name as `title`")
    title = " ".join(title.split())[:200]
    session_id = arguments.text("sessionId")
    known = await ls.host.find_or_current(session_id)
    if known is not None:
        session = await ls.host.wake(known)
        session.rename(title)
        return described(session)
    if session_id is None:
        raise WhichSession("no session is open; pass its `sessionId`")
    runtime = await ls.host.runtime(folder_of_focus(ls))
    await asyncio.to_thread(runtime.store.rename, session_id, title)
    ls.host.on_list()
    return {"sessionId": session_id, "title": title}


async def export(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    format_: Literal["markdown", "json"] = "json" if arguments.text("format") == "json" else "markdown"
    folder = folder_of_focus(ls)
    runtime = await ls.host.runtime(folder)
    current = ls.host.current(folder)
    session_id = arguments.text("sessionId") or (current.id if current is not None else None)
    if session_id is None:
        raise WhichSession("no session is open; pass its `sessionId`")
    text = await asyncio.to_thread(runtime.store.export, session_id, format_)
    if ls.editor.profile.droid.declared:
        return {"sessionId": session_id, "format": format_, "text": text}
    from droid.lsp.private_files import write_private

    ending = "md" if format_ == "markdown" else "json"
    path = await asyncio.to_thread(
        write_private, runtime.workspace, "exports", f"{session_id}.{ending}", text
    )
    if not await ls.editor.show(path):
        ls.editor.message(f"The session was exported to {path}.")
    return {"sessionId": session_id, "format": format_, "document": str(path)}


async def open_transcript(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    session = await ls.host.session(folder_of_focus(ls), arguments.text("sessionId"))
    path = await (await ls.surfaces()).transcripts.open(session)
    if path is not None and not ls.editor.profile.show_document:
        ls.editor.message(f"The session document is {path}.")
    return {"sessionId": session.id, "document": str(path) if path is not None else None}


def folder_of_focus(ls: "DroidLanguageServer") -> Path:
    """The workspace folder that the person is in."""
    place = ls.focus.place
    document = ls.documents.get(place.uri) if place is not None else None
    return ls.host.folder_for(document.path if document is not None else None)


def _is_live(session: "KnownSession | None", summary: "SessionSummary") -> bool:
    """Whether this server has a session at hand; one that rests may have been taken up elsewhere."""
    return session is not None and not (isinstance(session, RestingSession) and summary.locked)


async def pick_session(
    ls: "DroidLanguageServer", folder: Path, question: str, then: Callable[[str], Awaitable[Any]]
) -> Mapping[str, Any]:
    """Let the person pick from the last sessions, and go on once they did.

    Raises:
        WhichSession: there is none.
    """
    from droid.lsp.markdown_text import exact

    runtime = await ls.host.runtime(folder)
    summaries = (await asyncio.to_thread(runtime.store.list))[:_MAX_PICKED]
    if not summaries:
        raise WhichSession("there are no sessions in this workspace yet")
    titles = {f"{shortened(exact(one.title), 60) or 'untitled'} ({one.id})": one.id for one in summaries}
    questions = (await ls.surfaces()).questions

    async def pick() -> None:
        chosen = await questions.confirm(question, list(titles))
        if chosen is not None:
            await then(titles[chosen])

    ls.later(pick(), "session:pick")
    return ASKED


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Mapping[str, Any]]]] = {
    "droid.session.new": new,
    "droid.session.list": list_,
    "droid.session.resume": resume,
    "droid.session.fork": fork,
    "droid.session.rename": rename,
    "droid.session.export": export,
    "droid.transcript.open": open_transcript,
}
