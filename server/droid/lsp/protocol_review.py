"""Changes of files on the wire: what is looked at hunk by hunk, and what is gone back to.

A changeset is what one tool call would change (`proposed`), what one turn has changed (`applied`), or what
going back to a checkpoint would change (`proposed`, with `kind` `restore`). In a proposed one, `accepted` and
`rejected` are answers, and once every hunk has one, what was accepted is written and the changeset is
`closed`. In an applied one, rejecting a hunk takes it back at once, and accepting it means it was looked at.
A hunk whose file no longer holds what it is based on is `stale`, and is refused.
"""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict


class HunkInfo(TypedDict):
    """One hunk; lines from 1, as in a unified diff.

    Attributes:
        lines: Each with ` `, `+` or `-` before it, without its line end; after one that has none in the
            file, `\\ No newline at end of file`. Empty where the file is not text.
        leftOut: How many more lines there are, of a very long hunk; `droid/review/content` has them.
    """

    hunkId: str
    oldStart: int
    oldLines: int
    newStart: int
    newLines: int
    lines: Sequence[str]
    state: Literal["pending", "accepted", "rejected", "stale"]
    leftOut: NotRequired[int]


class ChangedFile(TypedDict):
    """What changes in one file.

    Attributes:
        path: As people name it: relative where it lies in the workspace.
        version: The version of the open document that it is based on; null where it was not open.
        before: SHA-256 of the content that it is based on; null where there is no file.
        after: SHA-256 of the content with all hunks; null where there is no file then.
        binary: It is not text. As where a file is created or deleted, one hunk stands for all of it; here it
            has no lines.
    """

    path: str
    uri: str
    kind: Literal["create", "edit", "delete"]
    version: int | None
    before: str | None
    after: str | None
    binary: bool
    state: Literal["pending", "accepted", "rejected", "stale", "mixed"]
    hunks: Sequence[HunkInfo]


class Changeset(TypedDict):
    """Changes that belong together.

    Attributes:
        callId: The tool call that wants them; null for those of a whole turn.
        approvalId: The question that is answered by accepting and rejecting; null where nobody asks.
        conflicts: Paths that would be gone back to and that somebody else has changed since.
    """

    changesetId: str
    sessionId: str
    turnId: str | None
    callId: str | None
    approvalId: str | None
    kind: Literal["edit", "restore"]
    state: Literal["proposed", "applied", "closed"]
    title: str
    files: Sequence[ChangedFile]
    conflicts: Sequence[str]


class RefusedHunk(TypedDict):
    """A hunk that could not be accepted or rejected, and why."""

    path: str
    hunkId: str | None
    why: str


class ReviewResult(TypedDict):
    """What `droid/review/*` answers: how things stand now, and what was refused."""

    changeset: Changeset
    refused: Sequence[RefusedHunk]
    document: NotRequired[str]


class ChangesetList(TypedDict):
    """What `droid/review/list` answers: those of a session that are not closed, the newest last."""

    changesets: Sequence[Changeset]


class ReviewContent(TypedDict):
    """What `droid/review/content` answers: one side of a file for a diff; null where there is no file."""

    text: str | None


class Checkpoint(TypedDict):
    """A moment that can be gone back to: before a turn.

    Attributes:
        startedAt: Seconds since the epoch, UTC.
        paths: The files that change when it is gone back to, as people name them.
        workspace: What commands did to other files can be taken back too.
        leftOut: What could not be kept, in words.
    """

    turnId: str
    prompt: str
    startedAt: float
    paths: Sequence[str]
    workspace: bool
    leftOut: Sequence[str]


class CheckpointList(TypedDict):
    """What `droid/checkpoint/list` answers, the newest last."""

    sessionId: str
    checkpoints: Sequence[Checkpoint]


class RestoreResult(TypedDict):
    """What `droid/checkpoint/restore` answers.

    Attributes:
        changeset: What is to be accepted first; null where no file changes.
        prompt: What the person had said in that turn, to say it again in other words; null where the
            conversation stays.
        done: Nothing waits for an answer any more.
    """

    sessionId: str
    turnId: str
    changeset: Changeset | None
    prompt: str | None
    done: bool
