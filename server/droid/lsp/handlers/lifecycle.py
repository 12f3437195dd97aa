"""`initialized`, workspace folders, files that changed, progress cancel."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from droid.lsp.convert import NotAFile, path_of

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer


def register(ls: "DroidLanguageServer") -> None:
    async def initialized(_: object) -> None:
        await ls.settings.begin()

    async def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        ls.settings.files_changed([change.uri for change in params.changes])

    async def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        removed = {path for folder in params.event.removed if (path := _folder(folder.uri))}
        added = [path for folder in params.event.added if (path := _folder(folder.uri))]
        kept = [folder for folder in ls.host.folders if folder not in removed]
        ls.host.folders = list(dict.fromkeys([*kept, *added]))
        await ls.settings.begin()

    async def progress_cancelled(params: types.WorkDoneProgressCancelParams) -> None:
        if ls.shown is not None and (cancel := ls.shown.progress.cancel(params.token)) is not None:
            await cancel

    ls.rpc.handlers |= {
        types.INITIALIZED: initialized,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: files_changed,
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: folders_changed,
        types.WINDOW_WORK_DONE_PROGRESS_CANCEL: progress_cancelled,
    }


def _folder(uri: str) -> Path | None:
    try:
        return Path(os.path.realpath(path_of(uri)))
    except NotAFile:
        return None
