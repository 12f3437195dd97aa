"""Verbs about changes of files: list and open them, accept and reject them by hunk, file or all."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from droid.lsp.arguments import Arguments

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer
    from droid.lsp.protocol_review import ChangesetList, ReviewContent, ReviewResult


async def list_(ls: "DroidLanguageServer", arguments: Arguments) -> "ChangesetList":
    """Everything that is not looked at to its end."""
    surfaces = await ls.surfaces()
    from droid.lsp.review_wire import changeset_of

    desk = surfaces.reviews
    changesets = await desk.listed(arguments.text("sessionId"))
    return {"changesets": [changeset_of(one, desk.uri_of) for one in changesets]}


async def open_(ls: "DroidLanguageServer", arguments: Arguments) -> "ReviewResult":
    """Show a changeset; a client that does not show it itself is shown a `.diff` document."""
    surfaces = await ls.surfaces()
    from droid.lsp.review_wire import changeset_of

    desk = surfaces.reviews
    changeset_id = arguments.text("changesetId")
    if changeset_id is None:
        changeset = await desk.latest(arguments.text("sessionId"))
    else:
        changeset = await (await desk.session_of(changeset_id)).changeset(changeset_id)
    result: ReviewResult = {"changeset": changeset_of(changeset, desk.uri_of), "refused": []}
    shown = await desk.show(await desk.session_of(changeset.changeset_id), changeset)
    if shown is not None:
        result["document"] = str(shown)
    return result


async def decide(
    accept: bool, needs: str | None, ls: "DroidLanguageServer", arguments: Arguments
) -> "ReviewResult":
    """Accept or reject what `needs` names, or what the cursor is on in a `.diff` document, or all.

    What was refused is told in a message, too, in a client that does not show changes itself.
    """
    surfaces = await ls.surfaces()
    from droid.lsp.review_wire import result_of

    desk = surfaces.reviews
    changeset_id, uri, hunk_id = (arguments.text(name) for name in ("changesetId", "uri", "hunkId"))
    path = desk.path_of(uri) if uri is not None else None
    if needs is not None and arguments.text(needs) is None:
        changeset_id, path, hunk_id = desk.at_cursor(whole_file=needs == "uri")
    reviewed = await desk.decide(changeset_id, accept=accept, path=path, hunk_id=hunk_id)
    if reviewed.refused and not desk.by_hunk:
        more = len(reviewed.refused) - 1
        ls.editor.message(f"Droid: {reviewed.refused[0].why}{f' (and {more} more)' if more else ''}")
    return result_of(reviewed, desk.uri_of)


async def content(ls: "DroidLanguageServer", arguments: Arguments) -> "ReviewContent":
    """One side of a file, for a diff."""
    surfaces = await ls.surfaces()
    from droid.lsp.review_desk import NothingToReview

    desk = surfaces.reviews
    changeset_id, uri = arguments.text("changesetId"), arguments.text("uri")
    if changeset_id is None or uri is None:
        raise NothingToReview("say which: pass `changesetId`, `uri` and a `side`, `before` or `after`")
    data = await desk.content(changeset_id, desk.path_of(uri), arguments.text("side") or "after")
    return {"text": None if data is None else data.decode("utf-8", "replace")}


def _deciding() -> "Mapping[str, Callable[[DroidLanguageServer, Arguments], Awaitable[ReviewResult]]]":
    verbs: dict[str, Callable[[DroidLanguageServer, Arguments], Awaitable[ReviewResult]]] = {}
    for what, needs in (("Hunk", "hunkId"), ("File", "uri"), ("All", None)):
        for word, accept in (("accept", True), ("reject", False)):
            verbs[f"droid.review.{word}{what}"] = partial(decide, accept, needs)
    return verbs


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Any]]] = {
    "droid.review.list": list_,
    "droid.review.open": open_,
    "droid.review.content": content,
    **_deciding(),
}
