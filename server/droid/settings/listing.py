"""What is defined by name, and the hooks, as `settings list` shows them: as JSON and as lines to read.

What came from a file is shown as what it is; of servers nothing is shown that could hold a secret.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from droid.settings.definition import Definition
from droid.settings.explain import aligned, one_line
from droid.settings.hook_rows import Hook
from droid.settings.servers import Server
from droid.settings.visible import visible

LISTED = ("droids", "commands", "skills", "hooks", "servers")

_COLUMN = re.compile(r"[0-9]+: ")

Row = dict[str, Any]


def definition(one: Definition) -> Row:
    """`{"name", "status", "level", "file", "line", "reason", "description", "executable"}`."""
    return {
        "name": one.name,
        "status": one.status.value,
        "level": one.level.value,
        "file": _readable(str(one.file)),
        "line": one.line,
        "reason": _readable(one.reason),
        "description": visible(one.description),
        "executable": one.executable,
    }


def server(one: Server) -> Row:
    """`{"name", "status", "level", "file", "line", "reason"}`."""
    return {
        "name": visible(one.name),
        "status": one.status.value,
        "level": one.level,
        "file": _readable(one.file),
        "line": one.line,
        "reason": visible(one.reason),
    }


def hook(one: Hook) -> Row:
    """`{"event", "matcher", "commandRegex", "command", "status", "level", "file", "line", "reason"}`."""
    return {
        "event": one.event,
        "matcher": visible(one.matcher),
        "commandRegex": visible(one.command_regex),
        "command": visible(one.command),
        "status": one.status.value,
        "level": one.level,
        "file": _readable(one.file),
        "line": one.line,
        "reason": visible(one.reason),
    }


def lines(kind: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Rows of one kind under its heading, in columns."""
    cells = [(*_named(row), row["status"], row["level"], _place(row), _reason(row)) for row in rows]
    return [kind.capitalize(), *(aligned(cells) if cells else ["  none"])]


def _named(row: Mapping[str, Any]) -> tuple[str, ...]:
    if "event" not in row:
        return (one_line(row["name"]) or "-",)
    matched = row["matcher"] + (f" /{row['commandRegex']}/" if row["commandRegex"] else "")
    return (row["event"], one_line(matched) or "*", one_line(row["command"]))


def _place(row: Mapping[str, Any]) -> str:
    return one_line(f"{row['file']}:{row['line']}")


def _reason(row: Mapping[str, Any]) -> str:
    """Without the place, which stands beside it."""
    reason: str = row["reason"]
    told = reason.removeprefix(f"{row['file']}:{row['line']}:")
    return one_line(told if told == reason else _COLUMN.sub("", told, count=1))


def _readable(text: str) -> str:
    """A path as text: bytes of it that are none are escaped."""
    return text.encode(errors="backslashreplace").decode()
