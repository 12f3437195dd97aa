"""The hooks of every level, command by command: which are in force, and why the others are not."""

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from droid.domain.levels import SettingsLevel
from droid.settings.definition import Status
from droid.settings.effective import Given
from droid.settings.jsonc import Path
from droid.settings.servers import STATUSES
from droid.settings.snapshot import Snapshot

_HOOKS = "hooks."
_ALL = frozenset({"", "*"})
_MATCHED_BY_GLOB = frozenset({"PostEdit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One command that an event runs.

    Attributes:
        matcher, command_regex: Empty where everything matches.
        command: Verbatim.
        line: From 1.
        status: `active`, `untrusted`, `off`, `malformed` (it alone, not its file), `refused`.
        reason: Why it is not in force, or is for more than it says, for people.
    """

    event: str
    matcher: str
    command_regex: str
    command: str
    level: str
    file: str
    line: int
    status: Status = Status.ACTIVE
    reason: str = ""


def hooks(snapshot: Snapshot) -> list[Hook]:
    """Every hook that a file of any level defines, by event, from the highest level on."""
    found: list[Hook] = []
    for key, merged in snapshot.settings.items():
        if not key.startswith(_HOOKS):
            continue
        rows = [(given, Status.ACTIVE, "") for given in merged.contributions]
        rows += [(one.given, STATUSES.get(one.cause, Status.REFUSED), one.reason) for one in merged.refused]
        rows.sort(key=lambda row: row[0].layer.rank)
        for given, status, reason in rows:
            found += _rows(key.removeprefix(_HOOKS), given, status, reason)
    return found


def _rows(event: str, given: Given, status: Status, reason: str) -> Iterator[Hook]:
    """The commands of a group, or of all groups that a level gives where none of them count."""
    value: Any = given.value
    groups: list[tuple[Path, Mapping[str, Any]]] = [(given.path, value)]
    if isinstance(value, list):
        every = cast("list[Mapping[str, Any]]", value)
        groups = [((*given.path, index), group) for index, group in enumerate(every)]
    for path, group in groups:
        wrong = _wrong(event, group) if status is Status.ACTIVE else ""
        is_out = bool(wrong) and given.layer.level is not SettingsLevel.ORG
        if wrong and not is_out:
            # What an organisation wants to be asked about is asked about, however it was written.
            wrong = f"{wrong}; so it is for every call"
        for index, hook in enumerate(group["hooks"]):
            yield Hook(
                event=event,
                matcher="" if group.get("matcher", "") in _ALL else group["matcher"],
                command_regex=group.get("commandRegex", ""),
                command=hook["command"],
                level=given.layer.level.value,
                file=str(given.layer.file),
                line=given.layer.lines((*path, "hooks", index, "command")),
                status=Status.MALFORMED if is_out else status,
                reason=wrong or reason,
            )


def _wrong(event: str, group: Mapping[str, Any]) -> str:
    """What of a group cannot be read; empty where all can."""
    for key in ("matcher", "commandRegex"):
        text = group.get(key, "")
        if key == "matcher" and (text in _ALL or event in _MATCHED_BY_GLOB):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what a later Python may read in another way
                re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            return f"its {key} is no regular expression: {error}"
    return ""
