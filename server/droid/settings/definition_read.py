"""Reads one file that defines a droid, a command or a skill: its name, its front matter, its body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.settings.definition import (
    BadName,
    Definition,
    DefinitionKind,
    Status,
    check_file_name,
    command_name,
    skill_name,
)
from droid.settings.definition_files import Candidate
from droid.settings.factory_file import FactoryFile, Kind, parse_file
from droid.settings.jsonc import MAX_BYTES
from droid.settings.reading import line_of

_SHOWN_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class ReadDefinition:
    """A definition by itself, and the bytes of a program."""

    definition: Definition
    data: bytes = b""


def parse_definition(candidate: Candidate, level: SettingsLevel, data: bytes) -> ReadDefinition:
    """What a file defines; what is wrong with it is said in the definition.

    Args:
        data: Of a file that is no Markdown: a program, which begins with `#!`.
    """
    if not candidate.is_markdown:
        return _program(candidate, level, data)
    read = parse_file(Kind(candidate.kind.value), data)
    fatal = [issue for issue in read.issues if issue.fatal]
    try:
        name = _name(candidate, read)
    except BadName as error:
        if not fatal:
            return ReadDefinition(unusable(candidate, level, str(error)))
        name = ""
    if fatal:
        more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
        reason = line_of(candidate.path, fatal[0]) + more
        return ReadDefinition(
            unusable(candidate, level, reason, name=name, line=fatal[0].place.line, whole=True)
        )
    values: Mapping[str, Any] = read.values or {}
    body = read.matter.body if read.matter is not None else ""
    description = values.get("description", "")
    if not description and candidate.kind is DefinitionKind.COMMAND:
        description = _first_line(body)
    return ReadDefinition(
        Definition(
            kind=candidate.kind,
            name=name,
            level=level,
            file=candidate.path,
            line=read.line(("name",)) if "name" in values else 1,
            description=description,
            values=values,
            body=body,
        )
    )


def _program(candidate: Candidate, level: SettingsLevel, data: bytes) -> ReadDefinition:
    path = candidate.path
    try:
        name = _own_name(candidate)
    except BadName as error:
        return ReadDefinition(unusable(candidate, level, str(error)))
    if len(data) > MAX_BYTES:
        return ReadDefinition(unusable(candidate, level, "the file is larger than 1 MiB", name=name))
    made = Definition(kind=candidate.kind, name=name, level=level, file=path, values={}, executable=True)
    return ReadDefinition(made, data)


def _name(candidate: Candidate, read: FactoryFile) -> str:
    """What a file is called, by its front matter where that has a name; else by the file.

    Raises:
        BadName: nothing could be called so.
    """
    if candidate.kind is DefinitionKind.COMMAND:
        return _own_name(candidate)
    given = read.matter.values.get("name") if read.matter is not None else None
    if isinstance(given, str) and not any(issue.path == ("name",) and issue.fatal for issue in read.issues):
        own = candidate.path.parent if candidate.kind is DefinitionKind.SKILL else candidate.path
        check_file_name(own.name)
        check_file_name(given)
        return given
    return _own_name(candidate)


def _own_name(candidate: Candidate) -> str:
    """What a file is called by where it lies.

    Raises:
        BadName: nothing could be called so.
    """
    path = candidate.path
    own = path.parent if candidate.kind is DefinitionKind.SKILL else path
    check_file_name(own.name)
    if candidate.kind is DefinitionKind.SKILL:
        return skill_name(own.name)
    return command_name(path.stem) if candidate.kind is DefinitionKind.COMMAND else path.stem


def file_name(candidate: Candidate) -> str:
    """The same; empty where nothing could."""
    try:
        return _own_name(candidate)
    except BadName:
        return ""


def unusable(
    candidate: Candidate,
    level: SettingsLevel,
    reason: str,
    *,
    name: str = "",
    line: int = 1,
    whole: bool = False,
) -> Definition:
    """A file that cannot be used.

    Args:
        whole: The reason names the file itself.
    """
    return Definition(
        kind=candidate.kind,
        name=name,
        level=level,
        file=candidate.path,
        line=line,
        values={},
        status=Status.MALFORMED,
        reason=reason if whole else f"{candidate.path}:{line}:1: {reason}",
        executable=not candidate.is_markdown,
    )


def _first_line(body: str) -> str:
    """What stands for a command's description that has none."""
    line = next((line.strip("# \t\r") for line in body.splitlines() if line.strip("# \t\r")), "")
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[: _SHOWN_CHARACTERS - 1]}…"
