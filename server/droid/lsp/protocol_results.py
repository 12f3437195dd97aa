"""What verbs take and answer on the wire: the values in their arguments, and one type for each answer.

A verb that has to ask the person first answers `Asked` at once, since a request answers at once and a person
does not; what comes of it shows in the session. A client that declares nothing is also told in a message or
a document; the answer is the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from droid.lsp.protocol_updates import TraceRow


class Position(TypedDict):
    """A place in a document as in LSP: from 0, in the agreed position encoding."""

    line: int
    character: int


class Range(TypedDict):
    """A stretch of a document as in LSP."""

    start: Position
    end: Position


class GivenDiagnostic(TypedDict):
    """A diagnostic that is to be dealt with; an LSP `Diagnostic` fits.

    Attributes:
        severity: 1 error, 2 warning, 3 information, 4 hint.
    """

    range: Range
    message: str
    severity: NotRequired[int]
    source: NotRequired[str | None]


class PromptImage(TypedDict):
    """An image that comes with a prompt.

    Attributes:
        mediaType: `image/png` and the like.
        data: In base64.
    """

    mediaType: str
    data: str


class Asked(TypedDict):
    """The person is asked first."""

    asked: bool


class PromptResult(TypedDict):
    """A prompt was taken.

    Attributes:
        turnId: The turn that it began or joined; null where no turn runs any more.
        answered: It answered a question that was open, instead of beginning a turn.
        document: Where to write the prompt, in a client without a box for it; then nothing was sent.
    """

    sessionId: str
    turnId: NotRequired[str | None]
    answered: NotRequired[bool]
    document: NotRequired[str]


class CancelResult(TypedDict):
    """Whether there was something to cancel."""

    sessionId: NotRequired[str]
    cancelled: bool


class UndoResult(TypedDict):
    """What was taken back, and what was left as it is because somebody changed it since."""

    sessionId: str
    turnId: str
    paths: Sequence[str]
    conflicts: Sequence[str]


class SessionResult(TypedDict):
    """A session that is open in this server.

    Attributes:
        turnId: The turn that runs.
        document: Its session document, where one was opened.
    """

    sessionId: str
    title: str
    model: str
    autonomy: Literal["off", "low", "medium", "high"]
    busy: bool
    turnId: str | None
    document: NotRequired[str]


class SessionRow(TypedDict):
    """One session in a list.

    Attributes:
        startedAt: Seconds since the epoch, UTC; `updatedAt` likewise.
        tokens: All that its requests processed, cached or not.
        costUsd: US dollars; null where a price is not known.
        live: It is open in this server.
        locked: Some process has it open for writing, this one or another.
        parent: The session that it was forked from.
    """

    sessionId: str
    title: str
    workspace: str
    startedAt: float
    updatedAt: float
    turns: int
    tokens: int
    costUsd: float | None
    model: str
    live: bool
    locked: bool
    parent: str | None


class SessionList(TypedDict):
    """The sessions of a workspace, the last one used first."""

    sessions: Sequence[SessionRow]


class RenameResult(TypedDict):
    """What a session is called now."""

    sessionId: str
    title: str


class ExportResult(TypedDict):
    """A session as a text, or the file that it was written to in a client that declares nothing."""

    sessionId: str
    format: Literal["markdown", "json"]
    text: NotRequired[str]
    document: NotRequired[str]


class DeleteResult(TypedDict):
    """Whether a session is gone from the disk, with all that belonged to it."""

    sessionId: str
    deleted: bool


class TranscriptResult(TypedDict):
    """Where a session's document is; null where it cannot be shown."""

    sessionId: str
    document: str | None


class BeginResult(TypedDict):
    """The document that got a place to write in."""

    document: str


class ApprovalResult(TypedDict):
    """The question that was answered, and how."""

    approvalId: str
    answer: Literal["once", "session", "session_program", "always", "reject", "instruct"]


class AnswerResult(TypedDict):
    """The question that was answered; null declines."""

    questionId: str
    answer: str | None


class ModelRow(TypedDict):
    """A model that can be chosen.

    Attributes:
        contextWindow: In tokens; null where it is not known.
        images: It understands images.
    """

    id: str
    name: str
    provider: str
    contextWindow: int | None
    images: bool


class RefusedModel(TypedDict):
    """A model that is configured and may not be used, and why."""

    id: str
    why: str


class ModelList(TypedDict):
    """The models of a workspace; `current` is the session's, null where there is none."""

    models: Sequence[ModelRow]
    current: str | None
    refused: Sequence[RefusedModel]


class StatusResult(TypedDict):
    """How things stand; without a session, only the first three.

    Attributes:
        kind: As in `droid/status`.
        approvalId: The question that waits for an answer.
        costUsd: US dollars of the session so far; null where a price is not known.
    """

    busy: bool
    kind: str
    message: str
    sessionId: NotRequired[str]
    title: NotRequired[str]
    model: NotRequired[str]
    autonomy: NotRequired[Literal["off", "low", "medium", "high"]]
    turnId: NotRequired[str | None]
    approvalId: NotRequired[str | None]
    costUsd: NotRequired[float | None]
    cwd: NotRequired[str]


class MentionItem(TypedDict):
    """Something that can be named in a prompt.

    Attributes:
        insert: What to write: `@src/a.py`.
        label: Its name; `detail` says where it is, or what it stands for.
    """

    insert: str
    label: str
    detail: str
    kind: Literal["file", "folder", "special"]


class MentionList(TypedDict):
    """What fits the query, the best first."""

    items: Sequence[MentionItem]


class UsageResult(TypedDict):
    """What a session used so far, and how full the model's window is.

    Attributes:
        costUsd: US dollars; null where a price is not known.
        contextTokens: What the conversation takes of the window now.
        contextWindow: The model's window in tokens; null where it is not known.
        text: The same as Markdown.
    """

    sessionId: str | None
    inputTokens: int
    outputTokens: int
    cacheReadTokens: int
    cacheWriteTokens: int
    costUsd: float | None
    contextTokens: int
    contextWindow: int | None
    text: str


class DoctorResult(TypedDict):
    """What `droid-lsp doctor` says; `ok` means that nothing fails, `text` is Markdown."""

    ok: bool
    text: str


class TrustResult(TypedDict):
    """The person is asked whether to trust the folder `root`."""

    asked: bool
    root: str


class PolicyResult(TypedDict):
    """What the gate would do with a call, step by step; `input` as hooks would have made it."""

    verdict: Literal["allow", "ask", "deny"]
    risk: Literal["low", "medium", "high"]
    reason: str
    input: Mapping[str, Any]
    trace: Sequence[TraceRow]
