"""A list of all sessions and a full-text search over them, for quick answers.

The transcripts are the truth. Each time somebody asks, the index is first brought up to date from what was
appended to them since; writing a session never touches it.
"""

import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from droid.sessions.database import has_full_text, transaction, with_database
from droid.sessions.digest import Digest
from droid.sessions.folders import TRANSCRIPT_SUFFIX, is_session_id
from droid.sessions.log import is_locked
from droid.sessions.summaries import SearchHit, SessionSummary, snippet_of

if TYPE_CHECKING:
    import sqlite3

_DIGEST_COLUMNS = tuple(field.name for field in fields(Digest) if field.name != "passages")
_COLUMNS = ("path", "slug", "id", "inode", "size", "mtime_ns", "read_bytes", *_DIGEST_COLUMNS)
_FOUND = """
    SELECT sessions.id, sessions.title, sessions.workspace,
        passages.kind, passages.seq, passages.at, bodies.body
    FROM bodies JOIN passages ON passages.id = bodies.rowid JOIN sessions ON sessions.path = passages.path
"""


class SessionIndex:
    """The index of every transcript below one folder.

    Args:
        root: `<home>/sessions`; its folders are the workspaces' slugs.
        full_text: Use SQLite's full-text index where there is one.
    """

    def __init__(self, root: Path, *, full_text: bool = True) -> None:
        self._root = root
        self._full_text = full_text

    @property
    def path(self) -> Path:
        """The database; it may be deleted at any time."""
        return self._root / "index.db"

    def sessions(self, slug: str | None) -> list[SessionSummary]:
        """The sessions of one workspace, or of all, the one that was used last first."""

        def ask(database: "sqlite3.Connection") -> list[tuple[Any, ...]]:
            self._refresh(database, slug)
            return database.execute(
                f"SELECT id, path, {', '.join(_DIGEST_COLUMNS)} FROM sessions "  # noqa: S608  names of our own
                "WHERE started_at IS NOT NULL AND (?1 IS NULL OR slug = ?1) "
                "ORDER BY updated_at DESC, id DESC",
                (slug,),
            ).fetchall()

        if not self._root.is_dir():
            return []
        return [self._summary(row) for row in with_database(self.path, ask, full_text=self._full_text)]

    def search(self, query: str, slug: str | None, limit: int) -> list[SearchHit]:
        """Places in which every word of the query occurs, the best first.

        Words match from their beginning, whatever their case and accents; where that finds nothing, they
        match anywhere.
        """
        words = query.replace("\0", " ").encode(errors="replace").decode().split()

        def ask(database: "sqlite3.Connection") -> list[tuple[Any, ...]]:
            self._refresh(database, slug)
            rows = _find_words(database, words, slug, limit) if has_full_text(database) else []
            return rows or _find_text(database, words, slug, limit)

        if not words or not self._root.is_dir():
            return []
        rows = with_database(self.path, ask, full_text=self._full_text)
        return [
            SearchHit(
                session_id=session_id, title=title, workspace=workspace, kind=kind, seq=seq, at=at,
                snippet=snippet_of(body, words),
            )
            for session_id, title, workspace, kind, seq, at, body in rows
        ]  # fmt: skip

    def _summary(self, row: tuple[Any, ...]) -> SessionSummary:
        session_id, path, *values = row
        digest = Digest(**dict(zip(_DIGEST_COLUMNS, values, strict=True)))
        transcript = self._root / path
        return SessionSummary(
            id=session_id,
            title=digest.title,
            workspace=digest.workspace,
            started_at=digest.started_at or 0.0,
            updated_at=digest.updated_at,
            turns=digest.turns,
            tokens=digest.tokens,
            cost_usd=None if digest.unpriced else digest.cost_usd,
            model=digest.model,
            locked=is_locked(transcript),
            parent=digest.parent,
            path=transcript,
        )

    def _refresh(self, database: "sqlite3.Connection", slug: str | None) -> None:
        known = {
            path: facts
            for path, *facts in database.execute(
                "SELECT path, inode, size, mtime_ns FROM sessions WHERE ?1 IS NULL OR slug = ?1", (slug,)
            )
        }
        for path, facts in _transcripts(self._root, slug):
            if known.pop(path, None) != facts:
                _update(database, self._root, path)
        if known:
            with transaction(database):
                for path in known:
                    _forget(database, path)
                    database.execute("DELETE FROM sessions WHERE path = ?", (path,))


def _transcripts(root: Path, slug: str | None) -> Iterator[tuple[str, list[int]]]:
    """Relative path, and inode, size and time of change, of every transcript."""
    for folder in [root / slug] if slug else [entry for entry in root.iterdir() if entry.name.isascii()]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    stem = entry.name.removesuffix(TRANSCRIPT_SUFFIX)
                    if stem != entry.name and is_session_id(stem) and entry.is_file(follow_symlinks=False):
                        status = entry.stat(follow_symlinks=False)
                        yield (
                            f"{folder.name}/{entry.name}",
                            [status.st_ino, status.st_size, status.st_mtime_ns],
                        )
        except OSError:
            # A workspace without sessions, or a folder that is no longer there.
            continue


def _update(database: "sqlite3.Connection", root: Path, path: str) -> None:
    """Take in what was appended to one transcript, or all of it where it is another file by now."""
    slug, _, name = path.partition("/")
    with transaction(database):
        row = database.execute(
            f"SELECT inode, read_bytes, {', '.join(_DIGEST_COLUMNS)} FROM sessions WHERE path = ?",  # noqa: S608
            (path,),
        ).fetchone()
        try:
            with (root / path).open("rb") as file:
                status = os.fstat(file.fileno())
                digest, read_bytes = Digest(), 0
                if row is not None and row[0] == status.st_ino and row[1] <= status.st_size:
                    digest = Digest(**dict(zip(_DIGEST_COLUMNS, row[2:], strict=True)))
                    read_bytes = row[1]
                else:
                    _forget(database, path)
                file.seek(read_bytes)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    digest.add(line)
                    read_bytes += len(line)
        except FileNotFoundError:
            return
        for passage in digest.passages:
            place = database.execute(
                "INSERT INTO passages (path, kind, seq, at) VALUES (?, ?, ?, ?)",
                (path, passage.kind, passage.seq, passage.at),
            ).lastrowid
            database.execute("INSERT INTO bodies (rowid, body) VALUES (?, ?)", (place, passage.body))
        values = (
            path, slug, name.removesuffix(TRANSCRIPT_SUFFIX),
            status.st_ino, status.st_size, status.st_mtime_ns, read_bytes,
            *(getattr(digest, column) for column in _DIGEST_COLUMNS),
        )  # fmt: skip
        database.execute(
            f"INSERT OR REPLACE INTO sessions ({', '.join(_COLUMNS)}) "  # noqa: S608
            f"VALUES ({', '.join('?' * len(_COLUMNS))})",
            values,
        )


def _forget(database: "sqlite3.Connection", path: str) -> None:
    database.execute("DELETE FROM bodies WHERE rowid IN (SELECT id FROM passages WHERE path = ?)", (path,))
    database.execute("DELETE FROM passages WHERE path = ?", (path,))


def _find_words(
    database: "sqlite3.Connection", words: list[str], slug: str | None, limit: int
) -> list[tuple[Any, ...]]:
    # Quoted, so that nothing in a word is an operator.
    match = " ".join('"' + word.replace('"', '""') + '"*' for word in words)
    return database.execute(
        f"{_FOUND} WHERE bodies MATCH ?1 AND (?2 IS NULL OR sessions.slug = ?2) "
        "ORDER BY bm25(bodies), passages.at DESC LIMIT ?3",
        (match, slug, limit),
    ).fetchall()


def _find_text(
    database: "sqlite3.Connection", words: list[str], slug: str | None, limit: int
) -> list[tuple[Any, ...]]:
    patterns = [
        "%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%" for word in words
    ]
    conditions = " AND ".join([r"bodies.body LIKE ? ESCAPE '\'"] * len(patterns))
    return database.execute(
        f"{_FOUND} WHERE {conditions} AND (? IS NULL OR sessions.slug = ?) ORDER BY passages.at DESC LIMIT ?",
        (*patterns, slug, slug, limit),
    ).fetchall()
