"""Changesets as clients are told of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from droid.domain.files import digest_of
from droid.engine.changesets import ChangedFile as EngineFile
from droid.engine.changesets import Changeset as EngineChangeset
from droid.engine.changesets import Reviewed
from droid.engine.hunks import Hunk
from droid.lsp.markdown_text import exact, one_line
from droid.lsp.protocol_review import ChangedFile, Changeset, HunkInfo, RefusedHunk, ReviewResult

_SHOWN_LINES = 5_000
_TITLE = 1_000

UriOf = Callable[[Path], str]


def changeset_of(changeset: EngineChangeset, uri_of: UriOf) -> Changeset:
    """A changeset on the wire; `uri_of` names a file as the client does."""
    return Changeset(
        changesetId=changeset.changeset_id,
        sessionId=changeset.session_id,
        turnId=changeset.turn_id,
        callId=changeset.call_id,
        approvalId=changeset.approval_id,
        kind=changeset.purpose.value,
        state=changeset.phase.value,
        title=one_line(changeset.title, _TITLE),
        files=[_file(file, uri_of) for file in changeset.files],
        conflicts=[one_line(one, _TITLE) for one in changeset.conflicts],
    )


def result_of(reviewed: Reviewed, uri_of: UriOf) -> ReviewResult:
    """What came of accepting or rejecting something."""
    refused = [
        RefusedHunk(path=exact(one.name), hunkId=one.hunk_id, why=exact(one.why)) for one in reviewed.refused
    ]
    return ReviewResult(changeset=changeset_of(reviewed.changeset, uri_of), refused=refused)


def _file(file: EngineFile, uri_of: UriOf) -> ChangedFile:
    before, after = file.hunks.before, file.hunks.after
    kind: Literal["create", "edit", "delete"] = "edit"
    if before is None:
        kind = "create"
    elif after is None:
        kind = "delete"
    state = file.state
    return ChangedFile(
        # Lists show it as it stands.
        path=exact(file.name),
        uri=uri_of(file.path),
        kind=kind,
        version=file.version,
        before=None if before is None else digest_of(before),
        after=None if after is None else digest_of(after),
        binary=file.hunks.is_binary,
        state="mixed" if state is None else state.value,
        hunks=[_hunk(file, hunk) for hunk in file.hunks.hunks],
    )


def _hunk(file: EngineFile, hunk: Hunk) -> HunkInfo:
    shown: Sequence[str] = hunk.lines[:_SHOWN_LINES]
    old_start, old_lines, new_start, new_lines = hunk.ranges
    info = HunkInfo(
        hunkId=hunk.hunk_id,
        oldStart=old_start,
        oldLines=old_lines,
        newStart=new_start,
        newLines=new_lines,
        lines=list(shown),
        state=file.state_of(hunk).value,
    )
    if len(shown) < len(hunk.lines):
        info["leftOut"] = len(hunk.lines) - len(shown)
    return info
