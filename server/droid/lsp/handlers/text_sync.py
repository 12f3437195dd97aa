"""Open, change, save, close: the buffers follow at once, and whoever watches them is told."""

from typing import TYPE_CHECKING

from lsprotocol import types

from droid.lsp.editor_context import is_code, is_session_document

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer


def register(ls: "DroidLanguageServer") -> None:
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = ls.documents.open(params.text_document)
        if is_code(document):
            ls.comments.opened(document)
            ls.focus.opened(document)
        ls.settings.opened(document)

    async def follow(params: types.DidOpenTextDocumentParams) -> None:
        document = ls.documents.get(params.text_document.uri)
        if document is None or not is_session_document(document):
            return
        surfaces = await ls.surfaces()
        if ls.documents.get(document.uri) is document:
            await surfaces.transcripts.opened(document)

    def closed(params: types.DidCloseTextDocumentParams) -> None:
        ls.settings.closed(params.text_document.uri)
        ls.documents.close(params.text_document.uri)
        ls.comments.closed(params.text_document.uri)

    def saved(params: types.DidSaveTextDocumentParams) -> None:
        ls.documents.was_saved(params.text_document.uri)
        ls.settings.saved(params.text_document.uri)

    # A splice of a list is quicker than a task, and the order of changes is the order of keystrokes.
    ls.rpc.instant |= {
        types.TEXT_DOCUMENT_DID_OPEN: opened,
        types.TEXT_DOCUMENT_DID_CHANGE: ls.documents.change,
        types.TEXT_DOCUMENT_DID_CLOSE: closed,
        types.TEXT_DOCUMENT_DID_SAVE: saved,
    }
    ls.rpc.handlers[types.TEXT_DOCUMENT_DID_OPEN] = follow
