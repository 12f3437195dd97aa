"""Writes only those hunks of a call's changes that a person accepted, and tells the model which are missing.

The tool itself does not run: its plan is the proposed changeset, and what is written is the files as they are
now with the accepted hunks in them, through the call's guarded files like any write.
"""

from collections.abc import Collection
from dataclasses import dataclass

from droid.domain.errors import ToolFailed
from droid.domain.files import FileWrite, digest_of
from droid.domain.tools import ToolResult
from droid.engine.changesets import Changeset
from droid.engine.core import SessionCore
from droid.engine.diffs import file_heading
from droid.engine.guarded_files import GuardedFiles
from droid.engine.proposals import MOVED_ON, read_or_none, writes_of

_SHOWN_CHARACTERS = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedPart:
    """What of a changeset may be written."""

    changeset: Changeset
    accepted: frozenset[str]


async def write_part(core: SessionCore, part: AcceptedPart, files: GuardedFiles) -> ToolResult:
    """Write it; returns what the model is told.

    Raises:
        ToolFailed: nothing of it could be written.
    """
    changeset = part.changeset
    writes, lost = await writes_of(changeset, part.accepted, files)
    core.proposals.note_stale(changeset.changeset_id, lost)
    rejected = changeset.ids - part.accepted
    if not writes:
        raise ToolFailed(_told(changeset, frozenset(), rejected, lost))
    await files.write(writes)
    for write in writes:
        await _learn(core, changeset, write, files)
    return ToolResult(text=_told(changeset, part.accepted - lost, rejected, lost))


async def _learn(core: SessionCore, changeset: Changeset, write: FileWrite, files: GuardedFiles) -> None:
    """The model knows what it is told of; a file that the person changed besides, it must read again."""
    before = changeset.file_at(write.path).hunks.before
    as_proposed = write.before == (None if before is None else digest_of(before))
    now = await read_or_none(files, write.path) if write.data is not None and as_proposed else None
    if now is None:
        core.ledger.pop(write.path, None)
    else:
        core.ledger[write.path] = now.digest


def _told(
    changeset: Changeset, written: Collection[str], rejected: Collection[str], lost: Collection[str]
) -> str:
    hunks = "hunk" if len(changeset.ids) == 1 else "hunks"
    count = f"{len(written)} of {len(changeset.ids)} {hunks} {'is' if len(written) == 1 else 'are'}"
    told = f"The person accepted a part of this: {count} written, the others are not."
    if not rejected and not lost:
        told = "All of it is written, into a file that the person has changed meanwhile: read it again first."
    parts = [told if written else "Nothing was written."]
    if rejected:
        parts.append(
            "Rejected by the person and not in the files; do not write this another way:\n"
            + diff_of_hunks(changeset, rejected)
        )
    if lost:
        parts.append(f"Accepted, but {MOVED_ON}, so not in the files:\n" + diff_of_hunks(changeset, lost))
    return "\n\n".join(parts)


def diff_of_hunks(changeset: Changeset, ids: Collection[str], limit: int = _SHOWN_CHARACTERS) -> str:
    """Some hunks of a changeset as a unified diff, bounded."""
    lines: list[str] = []
    for file in changeset.files:
        chosen = [hunk for hunk in file.hunks.hunks if hunk.hunk_id in ids]
        if chosen:
            lines += file_heading(file.name, file.hunks.before is None, file.hunks.after is None)
        for hunk in chosen:
            lines += [hunk.heading, *(hunk.lines or ["(not text)"])]
    text = "\n".join(lines)
    if len(text) <= limit:
        return text
    cut = text.rfind("\n", 0, limit) + 1
    return f"{text[:cut]}… {text.count(chr(10), cut) + 1} more lines are not shown"
