"""Tells what SQL does, and the commands that database clients add to it.

A database in a file is like any file of the workspace; one behind a server is live, and changing it is
dangerous whatever the change.
"""

import re

from droid.safety.commands.languages.findings import Findings
from droid.safety.commands.languages.sql_tokens import SqlLexer, Statement
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_READS = frozenset(
    {"SELECT", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "WITH", "VALUES", "TABLE", "FROM", "HELP", "USE",
     "SET", "PRAGMA",
     "BEGIN", "COMMIT", "ROLLBACK", "START", "SAVEPOINT", "RELEASE", "END", "ABORT", "FETCH", "DECLARE",
     "CLOSE",
     "LIST", "SUMMARIZE", "STATUS", "RESET", "CHECK", "CONSISTENCY", "PRINT", "GO", "EXISTS", "SCHEMA",
     "TABLES",
     "(", "DELIMITER", "PREPARE", "DEALLOCATE", "DISCARD", "LISTEN", "UNLISTEN"}
)  # fmt: skip
_CHANGES = frozenset(
    {"INSERT", "UPDATE", "CREATE", "REPLACE", "MERGE", "UPSERT", "ANALYZE", "VACUUM", "REINDEX", "COMMENT",
     "OPTIMIZE",
     "REFRESH", "CLUSTER", "LOCK", "UNLOCK", "NOTIFY", "CHECKPOINT", "IMPORT", "DETACH"}
)  # fmt: skip
_REACHES_OUT = frozenset(
    {"LOAD_FILE", "LO_IMPORT", "LO_EXPORT", "LO_PUT", "XP_CMDSHELL", "XP_DIRTREE", "XP_REGREAD",
     "XP_REGWRITE", "SP_OACREATE",
     "SP_EXECUTE_EXTERNAL_SCRIPT", "SP_CONFIGURE", "OPENROWSET", "OPENDATASOURCE", "OPENQUERY", "OUTFILE",
     "DUMPFILE",
     "PG_READ_FILE", "PG_READ_BINARY_FILE", "PG_LS_DIR", "PG_WRITE_FILE", "PG_FILE_WRITE", "PG_FILE_UNLINK",
     "PG_TERMINATE_BACKEND", "PG_CANCEL_BACKEND", "PG_RELOAD_CONF", "PG_SWITCH_WAL", "PG_ROTATE_LOGFILE",
     "DBLINK",
     "DBLINK_EXEC", "DBLINK_CONNECT", "UTL_FILE", "UTL_HTTP", "UTL_TCP", "DBMS_SCHEDULER", "DBMS_SQL",
     "SYS_EXEC",
     "SYS_EVAL", "LOAD_EXTENSION", "WRITEFILE", "READFILE", "EDIT", "FTS3_TOKENIZER", "SET_CONFIG", "SETVAL",
     "PG_EXECUTE_SERVER_PROGRAM", "QUERY_TO_XML", "EXECUTABLE", "S3", "URL", "REMOTE", "REMOTESECURE",
     "HTTP_GET",
     "HTTP_POST", "PG_STAT_RESET", "PG_DROP_REPLICATION_SLOT", "PG_ADVISORY_LOCK", "PG_LOGICAL_EMIT_MESSAGE",
     "PG_CREATE_RESTORE_POINT", "PG_PROMOTE"}
)  # fmt: skip
_WITHIN = frozenset(
    {"INSERT", "UPDATE", "DELETE", "MERGE", "DROP", "TRUNCATE", "ALTER", "GRANT", "REVOKE", "CREATE"}
)
_SAFE_PRAGMAS = frozenset(
    {"TABLE_INFO", "TABLE_XINFO", "TABLE_LIST", "INDEX_LIST", "INDEX_INFO", "INTEGRITY_CHECK", "QUICK_CHECK",
     "FOREIGN_KEY_LIST", "FOREIGN_KEY_CHECK", "DATABASE_LIST", "COMPILE_OPTIONS", "COLLATION_LIST",
     "FUNCTION_LIST",
     "MODULE_LIST", "PRAGMA_LIST", "FOREIGN_KEYS", "PAGE_SIZE", "PAGE_COUNT", "INDEX_XINFO", "SHOW_TABLES"}
)  # fmt: skip
_GIVES_RIGHTS = frozenset(
    {"USER", "ROLE", "LOGIN", "SERVER", "EXTENSION", "SECRET", "SUBSCRIPTION", "PUBLICATION", "LANGUAGE",
     "CREDENTIAL", "EVENT"}
)  # fmt: skip
_SECRET_TABLES = re.compile(
    r"PG_SHADOW|PG_AUTHID|MYSQL\.USER|PG_USER_MAPPING|SYS\.USER\$|SYS\.SQL_LOGINS", re.IGNORECASE
)
_ADDRESS = re.compile(r"[a-z][a-z0-9+]*://", re.IGNORECASE)


def read(code: str, found: Findings, language: str = "sql") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    lexer = SqlLexer(code, found)
    lexer.read()
    for name, rest in lexer.commands:
        _client(name, rest, found)
    for statement in lexer.statements:
        if statement.words:
            _statement(statement, found, server=language == "sql-server")


def _statement(statement: Statement, found: Findings, *, server: bool) -> None:
    words = statement.words
    words = words[next((at for at, word in enumerate(words) if word != "("), len(words)) :]
    if not words:
        return
    verb = words[0]
    if reached := next((word for word in words if word in _REACHES_OUT and _is_name(words, word)), None):
        found.high(f"uses {reached}, which reaches out of the database")
    if _SECRET_TABLES.search(" ".join(words).replace(" . ", ".")):
        found.high("reads the passwords of a database")
    if verb == "SELECT" or verb in (
        "WITH",
        "EXPLAIN",
        "TABLE",
        "VALUES",
        "FROM",
        "DESCRIBE",
        "DESC",
        "SUMMARIZE",
    ):
        _reads(verb, words, statement, found, server=server)
    elif verb == "PRAGMA":
        if "=" in words or ("(" in words and words[1] not in _SAFE_PRAGMAS):
            _changes(f"sets {' '.join(words[:2])}", found, server=server)
    elif verb == "SET":
        if "GLOBAL" in words or "PERSIST" in words or "PASSWORD" in words or "ROLE" in words[:3]:
            found.high("changes the settings of a server")
    elif verb == "UPDATE":
        if _where_of_its_own(words):
            _changes("changes rows", found, server=server)
        else:
            found.high("changes all rows of a table")
    elif verb == "CREATE":
        _creates(words, found, server=server)
    elif verb == "COPY":
        _copies(words, statement, found)
    elif verb == "MERGE" and "DELETE" in words:
        found.high("removes rows")
    elif verb in ("CLUSTER", *_CHANGES):
        _changes(f"does {verb}", found, server=server)
    elif verb == UNKNOWN or UNKNOWN in verb:
        found.medium("a statement is not known")
    elif verb not in _READS:
        found.high(f"does {verb[:40]}")


def _where_of_its_own(words: list[str]) -> bool:
    """Whether there is a WHERE outside of all brackets."""
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == "WHERE" and depth == 0:
            return True
    return False


def _is_name(words: list[str], word: str) -> bool:
    """Whether a word is used as a function or a clause, not as the name of a column."""
    if word in ("OUTFILE", "DUMPFILE", "XP_CMDSHELL", "SP_CONFIGURE"):
        return True
    return any(one == word and words[at + 1 : at + 2] == ["("] for at, one in enumerate(words))


def _reads(verb: str, words: list[str], statement: Statement, found: Findings, *, server: bool) -> None:
    if verb == "EXPLAIN" and "ANALYZE" not in words and "ANALYSE" not in words:
        return
    inner = next((at for at, word in enumerate(words) if word in _WITHIN and _begins(words, at)), None)
    if inner is not None and verb in ("WITH", "EXPLAIN"):
        if words[inner] in ("INSERT", "UPDATE", "CREATE", "MERGE") and "DELETE" not in words:
            _changes("changes rows", found, server=server)
        else:
            found.high(f"does {words[inner]}")
    if verb == "SELECT" and "INTO" in words:
        _changes("puts what it reads into a table or a variable", found, server=server)
    strings = iter(statement.strings)
    for at, word in enumerate(words):
        if word not in ("'", '"') or (text := next(strings, None)) is None:
            continue
        source = words[at - 1] in ("FROM", "JOIN") or (words[at - 1] == "(" and "_" in words[at - 2])
        if source and _ADDRESS.match(text):
            found.high("reads from an address")


def _begins(words: list[str], at: int) -> bool:
    """Whether a verb begins a statement within another: behind a bracket, or behind one that is closed."""
    return at > 0 and (words[at - 1] in ("(", ")", "EXPLAIN", "ANALYZE", "ANALYSE", "VERBOSE"))


def _creates(words: list[str], found: Findings, *, server: bool) -> None:
    kinds = set(words[1:7])
    if kinds & _GIVES_RIGHTS:
        found.high(f"creates what gives rights or reaches out: {' '.join(words[:3])}")
    elif kinds & {"FUNCTION", "PROCEDURE", "AGGREGATE", "TRIGGER"}:
        _changes("creates code in the database", found, server=server)
    elif "REPLACE" in words[1:3] and "TABLE" in kinds:
        found.high("replaces a table")
    else:
        _changes("creates", found, server=server)


def _copies(words: list[str], statement: Statement, found: Findings) -> None:
    """`COPY t TO 'file'`, `COPY t FROM PROGRAM 'command'`."""
    text = statement.strings[-1] if statement.strings else ""
    if "PROGRAM" in words:
        found.high("lets the server run a command")
        found.runs(next((one for one in statement.strings), ""))
    elif "STDOUT" in words and "FROM" not in words:
        return
    elif "TO" in words and "'" in words:
        if _ADDRESS.match(statement.strings[0]):
            found.high("writes to an address")
        found.touches(Touch.WRITE, statement.strings[0])
    else:
        found.high("loads data into a table")
        if text:
            found.touches(Touch.READ, statement.strings[0])


def _changes(what: str, found: Findings, *, server: bool) -> None:
    if server:
        found.high(f"{what} in a live database")
    else:
        found.medium(f"{what} in a database")


# --- commands of the clients -------------------------------------------------------------------------

_PSQL_READS = re.compile(
    r"\\(?:d[A-Za-z]*\+?|l\+?|z|sf\+?|sv\+?|conninfo|encoding|x|a|t|timing|pset|echo|qecho|warn|q|\?|h|copyright|dt\+?|r|p"
    r"|c|connect|H|f|C|T|set|unset|errverbose|g|gx|G|gdesc|crosstabview|watch|s|u|R|P|n|;|:|list|help|if|else|elif|endif"
    r"|describe|use|status)"
)
_SQLITE_READS = frozenset(
    {".bail", ".changes", ".columns", ".databases", ".dbinfo", ".dump", ".echo", ".eqp", ".exit",
     ".expert", ".explain",
     ".fullschema", ".headers", ".header", ".help", ".indexes", ".indices", ".limit", ".lint", ".maxrows",
     ".mode",
     ".nullvalue", ".parameter", ".print", ".progress", ".prompt", ".quit", ".schema", ".scanstats",
     ".separator",
     ".show", ".stats", ".tables", ".timeout", ".timer", ".version", ".vfsinfo", ".vfslist", ".width",
     ".selftest", ".sha3sum",
     ".rows", ".colsep", ".rowsep"}
)  # fmt: skip


def _client(name: str, rest: str, found: Findings) -> None:
    first = (rest.split() or [""])[0].strip("'\"")
    if name in ("\\!", "!", "!!", ":!!", ".shell", ".system", "system", "host"):
        found.high("runs a shell command from the client")
        found.runs(rest)
    elif name == "\\copy":
        _copy_of_client(rest, found)
    elif name in ("\\i", "\\ir", "\\.", "source", ".read", ":r", "start", "\\include") or name.startswith(
        "@"
    ):
        found.touches(Touch.RUN, first)
    elif name in (
        "\\o",
        "\\out",
        ".output",
        ".once",
        "tee",
        "spool",
        ":out",
        "\\w",
        "\\write",
        ".log",
        ".trace",
    ):
        if rest.lstrip("'\" ").startswith("|"):
            found.high("feeds a command that it runs")
            found.runs(rest.lstrip("'\" |").rstrip("'\""))
        elif first and first not in ("stdout", "off", "-"):
            found.touches(Touch.WRITE, first)
    elif name in ("\\g", "\\gx") and rest:
        if rest.startswith("|"):
            found.high("feeds a command that it runs")
            found.runs(rest[1:])
        else:
            found.touches(Touch.WRITE, first)
    elif name in ("pager", "\\P"):
        if rest:
            found.runs(rest)
            found.high("feeds a command that it runs")
    elif name in (".save", ".backup", ".clone", ".archive", ".ar", ".excel"):
        found.touches(Touch.WRITE, (rest.split() or [UNKNOWN])[-1].strip("'\""))
    elif name == ".import":
        if rest.lstrip("'\" ").startswith("|"):
            found.runs(rest.lstrip("'\" |"))
            found.high("reads from a command that it runs")
        found.touches(Touch.READ, first)
        found.medium("loads data into a table")
    elif name == ".open":
        found.touches(Touch.WRITE, (rest.split() or [UNKNOWN])[-1])
    elif name == ".cd":
        found.medium("changes its folder")
    elif "`" in rest and name.startswith("\\"):
        found.high("runs a shell command from the client")
        found.runs(rest.replace("`", " "))
    elif name.startswith("."):
        if not any(one == name or (len(name) > 3 and one.startswith(name)) for one in _SQLITE_READS):
            found.high(f"does {name[:40]}")
    elif not _PSQL_READS.fullmatch(name):
        found.high(f"does {name[:40]}")


def _copy_of_client(rest: str, found: Findings) -> None:
    program = re.search(r"\bprogram\s+(.*)", rest, re.IGNORECASE)
    if program is not None:
        found.high("runs a shell command from the client")
        found.runs(program[1].split("'")[1] if "'" in program[1] else program[1])
        return
    to = re.search(r"\bto\s+(?:'([^']*)'|(\S+))", rest, re.IGNORECASE)
    if to is not None and not re.search(
        r"\bfrom\s+(?:'|\S+\s+(?:csv|with|\())", rest[to.end() :], re.IGNORECASE
    ):
        path = to[1] or to[2] or UNKNOWN
        if path.lower() not in ("stdout", "pstdout"):
            found.touches(Touch.WRITE, path)
        return
    found.high("loads data into a table")
