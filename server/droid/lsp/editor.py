"""What the server can ask of the editor, in the editor's words; nothing that it did not declare.

Every request is bounded. A question to the person is not, because a person may take their time; it ends
with the client, or when it is withdrawn.
"""

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, cast

from droid.lsp.client_requests import ClientRequests, OnLate, Outcome
from droid.lsp.comment_watch import CommentWatch
from droid.lsp.convert import uri_of
from droid.lsp.documents import Document
from droid.lsp.json_values import object_of, text_of
from droid.lsp.negotiation import ClientProfile
from droid.lsp.plain_text import unlinked

logger = logging.getLogger(__name__)

_REQUEST_S = 10.0
# An editor may ask the person before it edits (eglot does).
_EDIT_S = 60.0


class MessageKind(IntEnum):
    """As LSP's `MessageType`."""

    ERROR = 1
    WARNING = 2
    INFO = 3


class Editor:
    """The client, once it has introduced itself.

    Attributes:
        profile: What it declared.
    """

    def __init__(self, requests: ClientRequests, comments: CommentWatch) -> None:
        self.requests = requests
        self.profile = ClientProfile()
        self._comments = comments

    def message(self, text: str, kind: MessageKind = MessageKind.INFO) -> None:
        """Show the person a line."""
        self.requests.notify("window/showMessage", {"type": int(kind), "message": unlinked(text)})

    def log(self, text: str, is_error: bool) -> None:
        """Write a line to the editor's log of this server."""
        kind = MessageKind.ERROR if is_error else MessageKind.WARNING
        self.requests.notify("window/logMessage", {"type": int(kind), "message": text})

    async def choose(
        self, text: str, titles: Sequence[str], *, kind: MessageKind, on_late: Callable[[str], None]
    ) -> str | None:
        """Let the person choose; None when they dismissed it, the client failed, or it is gone.

        Args:
            on_late: Given what was chosen after the question had been withdrawn.
        """
        actions = [{"title": title} for title in titles]

        def late(reply: Any) -> None:
            if (title := _title_of(reply.result, titles)) is not None:
                on_late(title)

        reply = await self.requests.ask(
            "window/showMessageRequest",
            {"type": int(kind), "message": unlinked(text), "actions": actions},
            timeout_s=None,
            on_late=cast("OnLate", late),
        )
        return _title_of(reply.result, titles)

    async def show(self, path: Path, *, line: int = 1, take_focus: bool = False) -> bool:
        """Show a file; False where the editor cannot, or did not say that it has."""
        if not self.profile.show_document:
            return False
        place = {"line": max(0, line - 1), "character": 0}
        reply = await self.requests.ask(
            "window/showDocument",
            # LSP4IJ never answers without a selection.
            {
                "uri": uri_of(path),
                "external": False,
                "takeFocus": take_focus,
                "selection": {"start": place, "end": place},
            },
            timeout_s=_REQUEST_S,
        )
        return object_of(reply.result).get("success") is True

    @property
    def can_edit(self) -> bool:
        return self.profile.apply_edit

    async def apply_edit(
        self, document: Document, edits: Sequence[dict[str, Any]], label: str
    ) -> bool | None:
        """Ask for an edit of one document; what the client claims, None where it did not answer."""
        if self.profile.versioned_edits:
            identifier = {"uri": document.uri, "version": document.version}
            edit: dict[str, Any] = {"documentChanges": [{"textDocument": identifier, "edits": list(edits)}]}
        else:
            edit = {"changes": {document.uri: list(edits)}}
        reply = await self.requests.ask(
            "workspace/applyEdit", {"label": label, "edit": edit}, timeout_s=_EDIT_S
        )
        if reply.outcome is Outcome.ERROR:
            return False
        return object_of(reply.result).get("applied") is True if reply.result is not None else None

    async def preview_edit(
        self, changes: Sequence[Mapping[str, Any]], annotations: Mapping[str, Any], label: str
    ) -> bool | None:
        """Have the person confirm annotated edits; what the client claims then, None where it said nothing.

        They may take their time, as with a question.
        """
        edit = {"documentChanges": list(changes), "changeAnnotations": dict(annotations)}
        reply = await self.requests.ask("workspace/applyEdit", {"label": label, "edit": edit}, timeout_s=None)
        if reply.outcome is not Outcome.RESULT:
            return False
        return object_of(reply.result).get("applied") is True

    @contextmanager
    def server_edit(self, document: Document, text_after: str) -> Generator[None]:
        """While entered, what arrives for the document is ours: comments in it were not typed."""
        self._comments.expect(document, text_after)
        try:
            yield
        finally:
            self._comments.done(document)

    async def create_progress(self, token: str) -> bool:
        """Have the client make room for a progress; False where it cannot."""
        if not self.profile.progress:
            return False
        reply = await self.requests.ask(
            "window/workDoneProgress/create", {"token": token}, timeout_s=_REQUEST_S
        )
        return reply.outcome is Outcome.RESULT

    async def refresh_lenses(self) -> None:
        if self.profile.refresh_lenses:
            await self.requests.ask("workspace/codeLens/refresh", {}, timeout_s=_REQUEST_S)

    async def refresh_hints(self) -> None:
        if self.profile.refresh_hints:
            await self.requests.ask("workspace/inlayHint/refresh", {}, timeout_s=_REQUEST_S)

    async def watch(self, id_: str, patterns: Sequence[str]) -> None:
        """Have the client tell of files that change; where it cannot, nothing is asked."""
        if not self.profile.watch_files:
            return
        options = {"watchers": [{"globPattern": pattern} for pattern in patterns]}
        registration = {"id": id_, "method": "workspace/didChangeWatchedFiles", "registerOptions": options}
        await self.requests.ask(
            "client/registerCapability", {"registrations": [registration]}, timeout_s=_REQUEST_S
        )

    def publish(self, uri: str, version: int | None, diagnostics: Sequence[Mapping[str, Any]]) -> None:
        """Show diagnostics of a document in place of those before."""
        if not self.profile.diagnostics:
            return
        versioned = version is not None and self.profile.diagnostic_versions
        self.requests.notify(
            "textDocument/publishDiagnostics",
            {"uri": uri, **({"version": version} if versioned else {}), "diagnostics": list(diagnostics)},
        )

    async def save(self, documents: Sequence[Document]) -> bool:
        """Have the client save buffers; False where it cannot or did not answer."""
        if not self.profile.droid.save:
            return False
        reply = await self.requests.ask(
            "droid/save", {"uris": [document.uri for document in documents]}, timeout_s=_EDIT_S
        )
        return reply.outcome is Outcome.RESULT


def _title_of(result: Any, titles: Sequence[str]) -> str | None:
    """The chosen title, which must be one that was offered."""
    title = text_of(object_of(result).get("title"))
    return title if title in titles else None
