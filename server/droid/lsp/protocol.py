"""The wire types of the `droid/*` methods: the one source of what a client made for Droid must know.

`METHODS` lists every method with its direction; what a client sends is described by the verbs' parameters
(`verbs.VERBS`), what they answer by `RESULTS`, what the server sends by the types here. Names on the wire
are in camel case, as LSP's are. A field that is `NotRequired` may be missing; one that may be None is sent
as `null`. `make generate` writes `protocol.ts`, `protocol.lua` and `docs/protocol.md` from all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NotRequired, TypedDict

from droid.lsp import protocol_results as results
from droid.lsp.protocol_review import (
    Changeset,
    ChangesetList,
    CheckpointList,
    RestoreResult,
    ReviewContent,
    ReviewResult,
)
from droid.lsp.protocol_updates import SessionUpdate, TraceRow
from droid.lsp.verbs import VERBS


class EditorInfo(TypedDict):
    """Who the client is."""

    name: str
    version: NotRequired[str]


class ClientCapabilities(TypedDict):
    """What a client declares, in `capabilities.experimental.droid` or `initializationOptions.droid`.

    Attributes:
        trusted: In `initializationOptions.droid` alone: `false` where the editor does not trust its folders;
            `true` changes nothing.
    """

    api: int
    editor: NotRequired[EditorInfo]
    transcript: NotRequired[Literal["stream", "file"]]
    review: NotRequired[Literal["hunk", "annotated", "file"]]
    approval: NotRequired[Literal["rich", "message"]]
    input: NotRequired[bool]
    status: NotRequired[bool]
    sessions: NotRequired[bool]
    save: NotRequired[bool]
    trusted: NotRequired[bool]


class ServerInfo(TypedDict):
    """Which server answers."""

    name: str
    version: str


class ServerCapabilities(TypedDict):
    """What the server answers, in `capabilities.experimental.droid`; the same names mean the same."""

    api: int
    server: ServerInfo
    transcript: str
    review: str
    approval: str
    input: bool
    status: bool
    sessions: bool
    save: bool
    methods: Sequence[str]


class SessionUpdateParams(TypedDict):
    """`droid/sessionUpdate`: something happened in a session."""

    sessionId: str
    turnId: str | None
    update: SessionUpdate


class StatusParams(TypedDict):
    """`droid/status`: what a session is doing, in a word and in a line."""

    sessionId: str
    busy: bool
    kind: str
    message: str


class ConfigChangedParams(TypedDict):
    """`droid/configChanged`, and how verbs describe a live session."""

    sessionId: str
    title: str
    model: str
    autonomy: str
    busy: bool
    turnId: str | None


class RequestApprovalParams(TypedDict):
    """`droid/requestApproval`: whether a tool may run.

    Attributes:
        subject: The exact command, or a line for each file, or the tool's input.
        options: The answers that can be given, of `once`, `session`, `session_program`, `always`,
            `reject`, `instruct`; a client leaves out those that it does not know.
        sessionGrant: What `session` would allow from now on, in words.
        sessionProgram: The program with its subcommand that `session_program` would: `git commit`.
        always: The entry that `always` would add to the user's allowlist: `npm test`.
        diff: What would change, where that can be told.
        changeset: The same, hunk by hunk, for a client that declared `review: hunk`.
        trace: What each step of the gate said.
    """

    sessionId: str
    turnId: str | None
    approvalId: str
    callId: str
    tool: str
    subject: str
    cwd: str
    risk: str
    reason: str
    options: Sequence[str]
    sessionGrant: str | None
    sessionProgram: str | None
    always: str | None
    diff: str | None
    changeset: NotRequired[Changeset | None]
    trace: NotRequired[Sequence[TraceRow]]


class RequestApprovalResult(TypedDict):
    """The person's answer; anything else is a no.

    Attributes:
        acceptedHunks: With `once`, the hunks of the changeset that may be written; without it, all.
    """

    answer: Literal["once", "session", "session_program", "always", "reject", "instruct"]
    instruction: NotRequired[str]
    acceptedHunks: NotRequired[Sequence[str]]


class RequestAnswerParams(TypedDict):
    """`droid/requestAnswer`: what the agent wants to know; without options, in the person's own words."""

    sessionId: str
    turnId: str | None
    questionId: str
    text: str
    options: Sequence[str]


class RequestAnswerResult(TypedDict):
    """`answer` is null where the person declines."""

    answer: str | None


class SaveParams(TypedDict):
    """`droid/save`: save these documents; the result says nothing, `didSave` does."""

    uris: Sequence[str]


RESULTS: Mapping[str, Any] = {
    "droid.ask": results.PromptResult,
    "droid.fix": results.PromptResult,
    "droid.explain": results.PromptResult,
    "droid.test": results.PromptResult,
    "droid.document": results.PromptResult,
    "droid.refactor": results.PromptResult,
    "droid.review": results.PromptResult,
    "droid.send": results.PromptResult,
    "droid.comment.run": results.PromptResult | results.Asked,
    "droid.cancel": results.CancelResult,
    "droid.undo": results.UndoResult,
    "droid.review.list": ChangesetList,
    "droid.review.open": ReviewResult,
    "droid.review.acceptHunk": ReviewResult,
    "droid.review.rejectHunk": ReviewResult,
    "droid.review.acceptFile": ReviewResult,
    "droid.review.rejectFile": ReviewResult,
    "droid.review.acceptAll": ReviewResult,
    "droid.review.rejectAll": ReviewResult,
    "droid.review.content": ReviewContent,
    "droid.checkpoint.list": CheckpointList,
    "droid.checkpoint.restore": RestoreResult,
    "droid.session.new": results.SessionResult,
    "droid.session.list": results.SessionList,
    "droid.session.resume": results.SessionResult | results.Asked,
    "droid.session.fork": results.SessionResult | results.Asked,
    "droid.session.rename": results.RenameResult,
    "droid.session.export": results.ExportResult,
    "droid.session.delete": results.DeleteResult | results.Asked,
    "droid.transcript.open": results.TranscriptResult,
    "droid.document.begin": results.BeginResult,
    "droid.approve": results.ApprovalResult,
    "droid.reject": results.ApprovalResult,
    "droid.answer": results.AnswerResult,
    "droid.model.set": results.SessionResult | results.Asked,
    "droid.model.list": results.ModelList,
    "droid.autonomy.set": results.SessionResult | results.Asked,
    "droid.mentions": results.MentionList,
    "droid.status": results.StatusResult,
    "droid.usage": results.UsageResult,
    "droid.doctor": results.DoctorResult,
    "droid.settings.explain": Any,
    "droid.policy.explain": results.PolicyResult,
    "droid.trust": results.TrustResult,
}
"""What each verb answers, as a command and as a method. They are not in `verbs`, which starting needs."""


class Direction(StrEnum):
    """Who sends a method."""

    TO_SERVER = "client to server"
    TO_CLIENT = "server to client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method.

    Attributes:
        params: None where the parameters are those of `command` (see `verbs`).
        result: None for notifications, and for requests whose result says nothing.
        needs: The client capability without which it is never sent.
    """

    name: str
    direction: Direction
    is_request: bool
    about: str
    params: type | None = None
    result: Any = None
    command: str | None = None
    needs: str | None = None


METHODS: Sequence[Method] = (
    *(
        Method(
            name=verb.method,
            direction=Direction.TO_SERVER,
            is_request=True,
            about=verb.title,
            command=verb.command,
            result=RESULTS[verb.command],
        )
        for verb in VERBS.values()
        if verb.method is not None
    ),
    Method(
        name="droid/sessionUpdate",
        direction=Direction.TO_CLIENT,
        is_request=False,
        about="Something happened in a session.",
        params=SessionUpdateParams,
        needs="transcript: stream",
    ),
    Method(
        name="droid/sessionListChanged",
        direction=Direction.TO_CLIENT,
        is_request=False,
        about="A session came, went or was renamed.",
        needs="sessions",
    ),
    Method(
        name="droid/status",
        direction=Direction.TO_CLIENT,
        is_request=False,
        about="What a session is doing.",
        params=StatusParams,
        needs="status",
    ),
    Method(
        name="droid/configChanged",
        direction=Direction.TO_CLIENT,
        is_request=False,
        about="A session goes on with another model or autonomy level.",
        params=ConfigChangedParams,
        needs="api",
    ),
    Method(
        name="droid/requestApproval",
        direction=Direction.TO_CLIENT,
        is_request=True,
        about="Whether a tool may run.",
        params=RequestApprovalParams,
        result=RequestApprovalResult,
        needs="approval: rich",
    ),
    Method(
        name="droid/requestAnswer",
        direction=Direction.TO_CLIENT,
        is_request=True,
        about="What the agent wants to know.",
        params=RequestAnswerParams,
        result=RequestAnswerResult,
        needs="approval: rich",
    ),
    Method(
        name="droid/reviewChanges",
        direction=Direction.TO_CLIENT,
        is_request=False,
        about="Changes to be looked at hunk by hunk came, or stand otherwise than before.",
        params=Changeset,
        needs="review: hunk",
    ),
    Method(
        name="droid/save",
        direction=Direction.TO_CLIENT,
        is_request=True,
        about="Save documents before a command runs.",
        params=SaveParams,
        needs="save",
    ),
)
