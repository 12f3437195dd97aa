"""Opens the index's database, and survives whatever state it is in.

The database is a copy of what the transcripts say: it can be deleted, damaged, of another version,
written by several processes at once, or impossible to write at all (a read-only or full disk). It is then
made anew, or made in memory for the one answer.

Everybody who has it open holds a shared lock on the folder; replacing a damaged one takes that lock
exclusively, so nobody's files are deleted under them.
"""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import sqlite3

logger = logging.getLogger(__name__)

_T = TypeVar("_T")

_SCHEMA_VERSION = 1
_BUSY_S = 5.0
_LOCK_S = 5.0
_LOCK_PAUSE_S = 0.02
_USELESS_TO_REPLACE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_READONLY")
"""Errors that a new database would meet as well."""

_TABLES = (
    """CREATE TABLE sessions (
        path TEXT PRIMARY KEY, slug TEXT NOT NULL, id TEXT NOT NULL,
        inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, read_bytes INTEGER NOT NULL,
        workspace TEXT NOT NULL, model TEXT NOT NULL, parent TEXT,
        title TEXT NOT NULL, title_is_given INTEGER NOT NULL,
        started_at REAL, updated_at REAL NOT NULL,
        turns INTEGER NOT NULL, tokens INTEGER NOT NULL, cost_usd REAL NOT NULL, unpriced INTEGER NOT NULL
    )""",
    "CREATE INDEX sessions_of ON sessions (slug)",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, seq INTEGER NOT NULL, at REAL NOT NULL
    )""",
    "CREATE INDEX passages_of ON passages (path)",
)
_FULL_TEXT = "CREATE VIRTUAL TABLE bodies USING fts5(body, tokenize = 'unicode61 remove_diacritics 2')"
_PLAIN_TEXT = "CREATE TABLE bodies (body TEXT NOT NULL)"


def with_database(path: Path, use: "Callable[[sqlite3.Connection], _T]", *, full_text: bool = True) -> _T:
    """Give a function the database, ready for use; it may be called again with a new, empty one.

    Args:
        full_text: Use SQLite's full-text index where this SQLite has one.
    """
    import sqlite3

    for _ in range(2):
        inode = _inode(path)
        try:
            with (
                _folder_lock(path.parent, fcntl.LOCK_SH),
                contextlib.closing(_connect(path, full_text)) as database,
            ):
                return use(database)
        except sqlite3.DatabaseError as error:
            name = getattr(error, "sqlite_errorname", "")
            logger.warning("the index of sessions cannot be used: %s", name or error)
            if name.startswith(_USELESS_TO_REPLACE):
                break
            _remove(path, inode)
        except OSError as error:
            logger.warning("the index of sessions cannot be used: %s", error.strerror)
            break
    with contextlib.closing(_connect(None, full_text)) as database:
        return use(database)


def has_full_text(database: "sqlite3.Connection") -> bool:
    """Whether the texts are in a full-text index, rather than in a plain table."""
    row = database.execute("SELECT sql FROM sqlite_master WHERE name = 'bodies'").fetchone()
    return row is not None and "fts5" in row[0]


def _connect(path: Path | None, full_text: bool) -> "sqlite3.Connection":
    import sqlite3

    if path is None:
        database = sqlite3.connect(":memory:", isolation_level=None)
    else:
        # Made here, so that it and what SQLite lays beside it are private.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        database = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        if path is not None:
            _use_wal(database)
        _prepare(database, full_text)
    except BaseException:
        database.close()
        raise
    return database


def _use_wal(database: "sqlite3.Connection") -> None:
    import sqlite3

    try:
        database.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # Another process is making the same switch, or the file system has no shared memory: both work.
        logger.debug("the index of sessions stays without a write-ahead log: %s", error)
    database.execute("PRAGMA synchronous = NORMAL")


def _prepare(database: "sqlite3.Connection", full_text: bool) -> None:
    import sqlite3

    if _version(database) == _SCHEMA_VERSION:
        return
    database.execute("BEGIN IMMEDIATE")
    with _rollback_on_error(database):
        version = _version(database)
        if version == 0:
            for statement in _TABLES:
                database.execute(statement)
            try:
                database.execute(_FULL_TEXT if full_text else _PLAIN_TEXT)
            except sqlite3.OperationalError:
                database.execute(_PLAIN_TEXT)
            database.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
        elif version != _SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"the index is of version {version}")


def _version(database: "sqlite3.Connection") -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


@contextlib.contextmanager
def _rollback_on_error(database: "sqlite3.Connection") -> Generator[None]:
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def transaction(database: "sqlite3.Connection") -> Generator[None]:
    """Write, all or nothing; waits for other writers."""
    database.execute("BEGIN IMMEDIATE")
    with _rollback_on_error(database):
        yield


@contextlib.contextmanager
def _folder_lock(folder: Path, kind: int) -> Generator[None]:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + _LOCK_S
        while True:
            try:
                fcntl.flock(fd, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_LOCK_PAUSE_S)
        yield
    finally:
        os.close(fd)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _remove(path: Path, inode: int | None) -> None:
    """Delete a database that is of no use, unless somebody has replaced it meanwhile."""
    try:
        with _folder_lock(path.parent, fcntl.LOCK_EX):
            if inode is None or _inode(path) == inode:
                for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
                    path.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        logger.warning("the damaged index of sessions cannot be deleted: %s", error.strerror)
