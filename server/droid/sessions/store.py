"""The sessions of a workspace, and of all of them: create, open, read, fork, list, search, name, delete.

A session is one file; there is nothing else to keep in step with it. What writes takes the file's lock,
so two processes never write one session; what reads needs none.
"""

import logging
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from droid.domain.errors import AmbiguousSession, LogWriteFailed, SessionNotFound
from droid.domain.events import FORMAT_VERSION, Record, SessionRenamed, SessionStarted
from droid.domain.ports import BlobStore, Clock
from droid.sessions.blobs import DiskBlobs
from droid.sessions.folders import (
    ARTIFACTS_SUFFIX,
    PART_SUFFIX,
    TRANSCRIPT_SUFFIX,
    is_session_id,
    private_folder,
    slug_of,
)
from droid.sessions.ids import new_id
from droid.sessions.index import SessionIndex
from droid.sessions.log import SessionLog
from droid.sessions.reader import read_records
from droid.sessions.summaries import SearchHit, SessionSummary

logger = logging.getLogger(__name__)


class SessionStore:
    """Everything that is kept of sessions below one `.factory` folder.

    Ids may be shortened to any beginning that no other session shares. A session is opened and forked in
    its own workspace only, since what the person allowed in it was allowed there; it is read, searched,
    exported, named and deleted from anywhere.

    Args:
        home: The user's `.factory` folder.
        workspace: The folder whose sessions these are.
    """

    def __init__(self, home: Path, workspace: Path, clock: Clock | None = None) -> None:
        self._root = home / "sessions"
        self._slug = slug_of(Path(os.path.realpath(workspace)))
        self._now = clock.now if clock else time.time
        self._index = SessionIndex(self._root)
        self.blobs: BlobStore = DiskBlobs(home / "checkpoints")

    def new_id(self) -> str:
        """An id for a new session; later ones sort after it."""
        return new_id(self._now())

    def create(self, session_id: str) -> SessionLog:
        """Begin a session.

        Raises:
            LogWriteFailed: the transcript cannot be made, or there is one already.
        """
        return SessionLog.create(self._new_transcript(session_id))

    def resolve(self, session_id: str) -> str:
        """The whole id of a session of this workspace.

        Raises:
            SessionNotFound: there is none, or the beginning of an id fits several.
        """
        return self._find_here(session_id).stem

    def beginning_with(self, session_id: str) -> Sequence[str]:
        """The ids of this workspace that begin so; only the one where it is a whole id."""
        return [path.stem for path in self._matches(session_id, [self._slug])]

    def open(self, session_id: str) -> tuple[list[Record], SessionLog]:
        """Take a session of this workspace up: what happened so far, and its log.

        Raises:
            SessionNotFound: there is none, or the beginning of an id fits several.
            SessionLocked: another process writes it; it can be read or forked.
            LogWriteFailed: it cannot be written, or a later version wrote it.
        """
        path = self._find_here(session_id)
        log = SessionLog.open(path)
        try:
            records = read_records(path)
            _check_first(path.stem, records)
        except BaseException:
            log.close()
            raise
        return records, log

    def read(self, session_id: str) -> list[Record]:
        """What happened in a session, of any workspace; another process may be writing it.

        Raises:
            SessionNotFound: as `open`.
        """
        return read_records(self._find(session_id))

    def fork(self, session_id: str, new_id: str) -> tuple[list[Record], SessionLog]:
        """Copy a session of this workspace into a new one and take that up.

        The copy says whose fork it is. A turn that had not ended is open in it, as it is in the transcript of
        a killed program, for whoever takes it up to close. The original stays as it is, whoever writes it.

        Raises:
            SessionNotFound, LogWriteFailed: as `open` and `create`.
        """
        source = self._find_here(session_id)
        records = read_records(source)
        started = _check_first(source.stem, records)
        event = replace(started, session_id=new_id, parent=source.stem)
        records = [replace(record, event=event) if record.event is started else record for record in records]
        path = self._new_transcript(new_id)
        part = path.with_name(path.name + PART_SUFFIX)
        part.unlink(missing_ok=True)
        log = SessionLog.create(part)
        try:
            for record in records:
                log.append(record)
            # The lock is the file's, so it goes along; nobody sees half a copy.
            part.rename(path)
        except BaseException as error:
            log.close()
            part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise LogWriteFailed(f"cannot create the transcript {path}: {error.strerror}") from error
            raise
        log.path = path
        return records, log

    def list(self, *, all_workspaces: bool = False) -> Sequence[SessionSummary]:
        """The sessions that have begun, the one that was used last first."""
        return self._index.sessions(None if all_workspaces else self._slug)

    def search(self, query: str, *, all_workspaces: bool = False, limit: int = 20) -> Sequence[SearchHit]:
        """Places in prompts, answers, calls and results where all words of the query occur."""
        return self._index.search(query, None if all_workspaces else self._slug, limit)

    def rename(self, session_id: str, title: str) -> None:
        """Name a session that nobody has open.

        Raises:
            SessionNotFound, SessionLocked, LogWriteFailed: as `open`.
        """
        path = self._find(session_id)
        log = SessionLog.open(path)
        try:
            seq = max((record.seq for record in read_records(path)), default=0) + 1
            event = SessionRenamed(title=" ".join(title.split()))
            log.append(Record(seq=seq, at=self._now(), turn_id=None, event=event))
        finally:
            log.close()

    def delete(self, session_id: str) -> None:
        """Delete a session that nobody has open, with its long outputs.

        Raises:
            SessionNotFound, SessionLocked: as `open`.
            LogWriteFailed: it cannot be deleted.
        """
        import shutil

        path = self._find(session_id)
        log = SessionLog.open(path)
        try:
            path.unlink()
            shutil.rmtree(path.with_suffix(ARTIFACTS_SUFFIX), ignore_errors=True)
        except OSError as error:
            raise LogWriteFailed(f"cannot delete {path}: {error.strerror}") from error
        finally:
            log.close()
        logger.info("deleted a session", extra={"session": path.stem})

    def export(self, session_id: str, format: Literal["markdown", "json"]) -> str:  # noqa: A002  the word people type
        """A session as text to hand on: Markdown to read, JSON to process.

        Raises:
            SessionNotFound: as `open`.
        """
        from droid.sessions.export import to_json, to_markdown

        records = self.read(session_id)
        return to_json(records) if format == "json" else to_markdown(records)

    def artifacts(self, session_id: str) -> Path:
        """The private folder for outputs of a session that are too long for the model; it is made.

        Raises:
            LogWriteFailed: it cannot be made.
        """
        path = self._transcript(session_id).with_suffix(ARTIFACTS_SUFFIX)
        try:
            self._make_folder()
            return private_folder(path)
        except OSError as error:
            raise LogWriteFailed(f"cannot create {path}: {error.strerror}") from error

    def transcript(self, session_id: str) -> Path:
        """The file that a session of this workspace is written to, whether it is there or not.

        Raises:
            SessionNotFound: there can be no such id.
        """
        return self._transcript(session_id)

    def _transcript(self, session_id: str) -> Path:
        if not is_session_id(session_id):
            raise SessionNotFound(f"{session_id!r} is not a session id: letters, digits, - and _ only")
        return self._root / self._slug / f"{session_id}{TRANSCRIPT_SUFFIX}"

    def _new_transcript(self, session_id: str) -> Path:
        path = self._transcript(session_id)
        try:
            self._make_folder()
        except OSError as error:
            raise LogWriteFailed(f"cannot create {path.parent}: {error.strerror}") from error
        if path.exists():
            raise LogWriteFailed(f"there is a session {session_id} already")
        return path

    def _make_folder(self) -> None:
        private_folder(self._root)
        private_folder(self._root / self._slug)

    def _find_here(self, session_id: str) -> Path:
        """The transcript of an id or the beginning of one, in this workspace."""
        try:
            return self._match(session_id, [self._slug])
        except SessionNotFound:
            elsewhere = self._matches(session_id, self._slugs())
            if len(elsewhere) != 1 or elsewhere[0].parent.name == self._slug:
                raise
            raise SessionNotFound(
                f"session {elsewhere[0].stem} belongs to another workspace; start there to go on with it"
            ) from None

    def _find(self, session_id: str) -> Path:
        """The transcript of an id or the beginning of one: of this workspace if there is one, else of any."""
        if self._matches(session_id, [self._slug]):
            return self._match(session_id, [self._slug])
        return self._match(session_id, self._slugs())

    def _match(self, session_id: str, slugs: Sequence[str]) -> Path:
        found = self._matches(session_id, slugs)
        if not found:
            raise SessionNotFound(f"no session {session_id!r}")
        if len(found) > 1:
            raise AmbiguousSession(session_id, [path.stem for path in found])
        return found[0]

    def _matches(self, session_id: str, slugs: Sequence[str]) -> Sequence[Path]:
        if not is_session_id(session_id):
            return []
        begins = [
            path
            for slug in slugs
            for path in sorted((self._root / slug).glob(f"{session_id}*{TRANSCRIPT_SUFFIX}"))
            if is_session_id(path.stem)
        ]
        return [path for path in begins if path.stem == session_id][:1] or begins

    def _slugs(self) -> Sequence[str]:
        try:
            return sorted(entry.name for entry in self._root.iterdir() if entry.is_dir())
        except OSError:
            return []


def _check_first(session_id: str, records: Sequence[Record]) -> SessionStarted:
    """The event that a session must begin with to be gone on with.

    Raises:
        SessionNotFound: it is not there, or damaged.
        LogWriteFailed: a later version of the format.
    """
    started = next((record.event for record in records if isinstance(record.event, SessionStarted)), None)
    if started is None:
        raise SessionNotFound(f"the beginning of session {session_id} is missing, so it can only be exported")
    if started.format > FORMAT_VERSION:
        raise LogWriteFailed(
            f"session {session_id} was written by a later version of droid-lsp; update to go on with it"
        )
    return started
