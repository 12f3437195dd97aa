"""The MCP servers of every level: which of them hold, and what each of the others has wrong.

What is said of a server names its keys and variables, never a value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from droid.settings.definition import Status
from droid.settings.effective import Cause, Given, Refused
from droid.settings.expand import CannotExpand, NotSet, expand
from droid.settings.jsonc import Path, dotted
from droid.settings.snapshot import Snapshot

KEY = "mcpServers"
_TEXTS = ("command", "url")
_GROUPS = ("args", "env", "headers")
_STDIO = "stdio"

STATUSES: Mapping[Cause, Status] = {
    Cause.UNTRUSTED: Status.UNTRUSTED,
    Cause.LOCKED: Status.SHADOWED,
    Cause.OVERRIDDEN: Status.SHADOWED,
    Cause.DISABLED: Status.OFF,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server as one file defines it.

    Attributes:
        line: From 1; where something is wrong, of that.
        status: `active`, `off` (also where a variable that it needs is not set), `malformed` (it alone, not
            its file), `shadowed`, `untrusted`, `refused`.
        reason: Why it is not active, for people.
    """

    name: str
    level: str
    file: str
    line: int
    status: Status = Status.ACTIVE
    reason: str = ""


class _Wrong(Exception):
    """What a server has wrong, and where."""

    def __init__(self, reason: str, path: Path = (), status: Status = Status.MALFORMED) -> None:
        super().__init__(reason)
        self.path = path
        self.status = status


def servers(snapshot: Snapshot, environ: Mapping[str, str]) -> list[Server]:
    """Every server that a file of any level defines, from the highest level on; nothing raises.

    Args:
        environ: Where `${NAME}` is looked up.
    """
    merged = snapshot.servers.get(KEY)
    if merged is None:
        return []
    rows = [(given, _held(given, environ)) for given in merged.contributions]
    rows += [(one.given, _refused(one)) for one in merged.refused]
    return [row for _, row in sorted(rows, key=lambda row: row[0].layer.rank)]


def _held(given: Given, environ: Mapping[str, str]) -> Server:
    value: Mapping[str, Any] = given.value
    if value.get("disabled") is True:
        return _row(given, Status.OFF, f"switched off: {given.where}")
    try:
        _check(value)
        for path, text in _texts(value):
            try:
                expand(text, environ)
            except CannotExpand as error:
                status = Status.OFF if isinstance(error, NotSet) else Status.MALFORMED
                raise _Wrong(f"{dotted(path)} {error}", path, status) from error
    except _Wrong as error:
        return _row(given, error.status, str(error), error.path)
    return _row(given, Status.ACTIVE, "")


def _check(value: Mapping[str, Any]) -> None:
    """Whether it says in one way how the server is reached.

    Raises:
        _Wrong: it says nothing, or more than one thing.
    """
    kind = value.get("type", "")
    has_command, has_url = bool(value.get("command")), bool(value.get("url"))
    if has_command and has_url:
        raise _Wrong("it has both a command and a url; leave one of them out", ("url",))
    if not has_command and not has_url:
        missing = {"": "neither a command nor a url", _STDIO: "no command"}.get(kind, "no url")
        raise _Wrong(f"it has {missing}")
    if kind and (kind == _STDIO) is not has_command:
        raise _Wrong(
            f"its type is {kind}, which goes with a {'command' if kind == _STDIO else 'url'}", ("type",)
        )


def _texts(value: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The texts in which variables stand, by their path in the server."""
    for key in _TEXTS:
        if key in value:
            yield (key,), str(value[key])
    for key in _GROUPS:
        group = value.get(key, ())
        members = cast("Mapping[str, str]", group).items() if isinstance(group, Mapping) else enumerate(group)
        for step, text in members:
            yield (key, step), str(text)


def _refused(one: Refused) -> Server:
    return _row(one.given, STATUSES.get(one.cause, Status.REFUSED), one.reason)


def _row(given: Given, status: Status, reason: str, path: Path = ()) -> Server:
    return Server(
        name=str(given.path[-1]),
        level=given.layer.level.value,
        file=str(given.layer.file),
        line=given.layer.lines((*given.path, *path)),
        status=status,
        reason=reason,
    )
