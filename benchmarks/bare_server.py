"""A language server with nothing in it: what the library alone costs."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1", text_document_sync_kind=types.TextDocumentSyncKind.Incremental)


@server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
async def code_action(ls: LanguageServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    ls.workspace.get_text_document(params.text_document.uri)
    kind = types.CodeActionKind.QuickFix
    return [types.CodeAction(title=title, kind=kind) for title in ("fix", "explain", "refactor")]


if __name__ == "__main__":
    server.start_io()
