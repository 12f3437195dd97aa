"""What the client can do: LSP's own capabilities, and the ones it declares for Droid.

Nothing is sent that was not declared here. What a client declares changes how things are shown, never
what is allowed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from droid.lsp.json_values import list_of, object_of, text_of

if TYPE_CHECKING:
    from droid.lsp.protocol import ServerCapabilities

API = 1

_E = TypeVar("_E", bound=StrEnum)


class Transcript(StrEnum):
    """How the client shows a conversation."""

    STREAM = "stream"
    """In a view of its own, from `droid/sessionUpdate`."""
    FILE = "file"
    """As a `*.droid.md` file."""


class Review(StrEnum):
    """How the client shows a change of files."""

    HUNK = "hunk"
    ANNOTATED = "annotated"
    FILE = "file"


class Approval(StrEnum):
    """How the client asks a person."""

    RICH = "rich"
    """Through `droid/requestApproval`."""
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class DroidClient:
    """What a client that knows of Droid declared; the defaults are a client that does not.

    Attributes:
        declared: It asked for `droid/*` messages at all.
        input: It has a box to write prompts in.
        status: It wants `droid/status`.
        sessions: It shows sessions, and wants to know when the list changes.
        save: It answers `droid/save`.
    """

    declared: bool = False
    editor: str = ""
    transcript: Transcript = Transcript.FILE
    review: Review = Review.FILE
    approval: Approval = Approval.MESSAGE
    input: bool = False
    status: bool = False
    sessions: bool = False
    save: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientProfile:
    """What may be sent to this client.

    Attributes:
        versioned_edits: `documentChanges` with versions; else a plain map of changes.
        review: How changes are reviewed here: the rung that is really served.
        code_action_literals: Code actions may be more than commands.
        refresh_lenses: `workspace/codeLens/refresh`; `refresh_hints` is the same for inlay hints.
        diagnostics: `textDocument/publishDiagnostics`; the three after it say what may be in them.
        watch_files: It can be asked, at run time, to tell of files that change.
        restricted: It does not trust its folders (VS Code's Restricted Mode): `trusted` is false in
            `initializationOptions.droid`. It narrows, and nothing that is said there widens.
        symbol_tree: Document symbols may lie in each other.
    """

    name: str = ""
    droid: DroidClient = DroidClient()
    apply_edit: bool = False
    versioned_edits: bool = False
    review: Review = Review.FILE
    show_document: bool = False
    progress: bool = False
    code_action_literals: bool = False
    refresh_lenses: bool = False
    refresh_hints: bool = False
    diagnostics: bool = False
    unnecessary_tag: bool = False
    related_information: bool = False
    diagnostic_versions: bool = False
    watch_files: bool = False
    markdown_hover: bool = False
    markdown_completion: bool = False
    symbol_tree: bool = False
    restricted: bool = False

    @property
    def draws_icons(self) -> bool:
        """It draws `$(name)` in the titles of lenses as an icon, or as nothing."""
        return self.name in _PREVIEWS


_UNNECESSARY = 1
# They show a preview of edits that need confirmation. Others that take annotations apply them unasked
# (Neovim, Helix), so a client that is not known to ask must say so itself.
_PREVIEWS = frozenset({"Visual Studio Code", "Visual Studio Code - Insiders", "VSCodium", "code-server"})


def profile_of(params: Mapping[str, Any]) -> ClientProfile:
    """Read the parameters of `initialize` as they came; what has a wrong type counts as not declared."""
    capabilities = _map(params, "capabilities")
    workspace = _map(capabilities, "workspace")
    window = _map(capabilities, "window")
    document = _map(capabilities, "textDocument")
    diagnostics = _map(document, "publishDiagnostics")
    completion = _map(_map(document, "completion"), "completionItem")
    name = _text(_map(params, "clientInfo").get("name"))
    droid = _droid_of(params)
    return ClientProfile(
        name=name,
        droid=droid,
        review=_review_of(droid, name, workspace),
        apply_edit=workspace.get("applyEdit") is True,
        # Neovim 0.11 takes versioned edits without saying so, and refuses stale ones, which it cannot
        # do for plain ones. Source: runtime/lua/vim/lsp/util.lua, apply_workspace_edit.
        versioned_edits=_map(workspace, "workspaceEdit").get("documentChanges") is True or name == "Neovim",
        show_document=_map(window, "showDocument").get("support") is True,
        progress=window.get("workDoneProgress") is True,
        code_action_literals=bool(_map(document, "codeAction").get("codeActionLiteralSupport")),
        refresh_lenses=_map(workspace, "codeLens").get("refreshSupport") is True,
        refresh_hints=_map(workspace, "inlayHint").get("refreshSupport") is True,
        diagnostics="publishDiagnostics" in document,
        unnecessary_tag=_UNNECESSARY in list_of(_map(diagnostics, "tagSupport").get("valueSet")),
        related_information=diagnostics.get("relatedInformation") is True,
        diagnostic_versions=diagnostics.get("versionSupport") is True,
        watch_files=_map(workspace, "didChangeWatchedFiles").get("dynamicRegistration") is True,
        markdown_hover="markdown" in list_of(_map(document, "hover").get("contentFormat")),
        markdown_completion="markdown" in list_of(completion.get("documentationFormat")),
        symbol_tree=_map(document, "documentSymbol").get("hierarchicalDocumentSymbolSupport") is True,
        restricted=_map(_map(params, "initializationOptions"), "droid").get("trusted") is False,
    )


def _review_of(droid: DroidClient, name: str, workspace: Mapping[str, Any]) -> Review:
    """The rung of the ladder: native, in the editor's preview of an edit, or in a document."""
    if droid.review is Review.HUNK:
        return Review.HUNK
    edits = _map(workspace, "workspaceEdit")
    able = edits.get("documentChanges") is True and "changeAnnotationSupport" in edits
    asked = droid.review is Review.ANNOTATED or (not droid.declared and name in _PREVIEWS)
    return Review.ANNOTATED if asked and able and workspace.get("applyEdit") is True else Review.FILE


def _droid_of(params: Mapping[str, Any]) -> DroidClient:
    declared = _map(_map(_map(params, "capabilities"), "experimental"), "droid")
    declared = declared or _map(_map(params, "initializationOptions"), "droid")
    api = declared.get("api")
    if not isinstance(api, int) or isinstance(api, bool) or api < API:
        return DroidClient()
    editor = _map(declared, "editor")
    return DroidClient(
        declared=True,
        editor=" ".join(filter(None, (_text(editor.get("name")), _text(editor.get("version"))))),
        transcript=_member(Transcript, declared.get("transcript"), Transcript.FILE),
        review=_member(Review, declared.get("review"), Review.FILE),
        approval=_member(Approval, declared.get("approval"), Approval.MESSAGE),
        input=declared.get("input") is True,
        status=declared.get("status") is True,
        sessions=declared.get("sessions") is True,
        save=declared.get("save") is True,
    )


def answer_to(profile: ClientProfile, *, version: str, methods: Sequence[str]) -> "ServerCapabilities":
    """What the server says in `capabilities.experimental.droid`: what is served, and its methods."""
    client = profile.droid
    return {
        "api": API,
        "server": {"name": "droid", "version": version},
        "transcript": client.transcript,
        "review": profile.review,
        "approval": client.approval,
        "input": client.input,
        "status": client.status,
        "sessions": client.sessions,
        "save": client.save,
        "methods": list(methods),
    }


def _map(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return object_of(value.get(key))


def _text(value: object) -> str:
    return text_of(value)[:100]


def _member(kind: type[_E], value: object, default: _E) -> _E:
    return kind(value) if isinstance(value, str) and value in set(kind) else default
