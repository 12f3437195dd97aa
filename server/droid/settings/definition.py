"""A droid, a command or a skill as one file defines it, and what it may be called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from droid.domain.levels import SettingsLevel
from droid.settings.visible import visible

_MAX_NAME_CHARACTERS = 128
_NOT_IN_ADDRESS = re.compile(r"[^a-z0-9._~-]+")
_SKILL = re.compile(r"[a-z0-9-]+")


class Status(StrEnum):
    """What becomes of a definition, or of an entry of a file."""

    ACTIVE = "active"
    SHADOWED = "shadowed"
    """A higher level has defined the name."""
    MALFORMED = "malformed"
    """It cannot be used as it is written."""
    UNTRUSTED = "untrusted"
    """It runs something, and the workspace is not trusted as it is now."""
    OFF = "off"
    """It is switched off."""
    REFUSED = "refused"
    """It is not honoured from where it stands."""


class DefinitionKind(StrEnum):
    """What a file defines."""

    DROID = "droid"
    COMMAND = "command"
    SKILL = "skill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What one file defines.

    Attributes:
        name: How it is called; empty where the file gives no name that could be used.
        file: As it is spelled, links not resolved; a folder where that itself cannot be used.
        line: Where the name stands, or what is wrong; from 1.
        values: The front matter, validated; empty for executables and malformed files.
        body: What follows it; empty for executables and malformed files.
        status: `active`, `shadowed`, `malformed` or `untrusted`.
        reason: Why it is not active, for people; of a malformed file `file:line:column: what`.
        executable: A command that is a program, which begins with `#!`. Whoever runs it compares its bytes
            once more with what was trusted.
    """

    kind: DefinitionKind
    name: str
    level: SettingsLevel
    file: Path
    line: int = 1
    description: str = ""
    values: Mapping[str, Any]
    body: str = ""
    status: Status = Status.ACTIVE
    reason: str = ""
    executable: bool = False


class BadName(Exception):
    """A file's name is none that anything could be called by; the message says why."""


def check_file_name(name: str) -> None:
    """Refuse names of files that do not read as what they are.

    Raises:
        BadName: it has a character that does not show or separates paths, or is too long.
    """
    if visible(name) != name or any(character in name for character in "\n\t"):
        raise BadName("its name has characters that do not show")
    if "\\" in name:
        raise BadName("its name has a \\ in it, which separates folders elsewhere")
    if len(name) > _MAX_NAME_CHARACTERS:
        raise BadName(f"its name has more than {_MAX_NAME_CHARACTERS} characters")


def command_name(stem: str) -> str:
    """How a command is called by its file's name without the extension: `Code Review` is `code-review`.

    Source: https://docs.factory.ai/harness/custom-slash-commands

    Raises:
        BadName: nothing is left of it.
    """
    name = _NOT_IN_ADDRESS.sub("-", stem.lower()).strip("-")
    if not any(character.isalnum() for character in name):
        raise BadName("its name has no letter from a to z and no digit")
    return name


def skill_name(folder: str) -> str:
    """How a skill is called that gives itself no name.

    Raises:
        BadName: the folder is not named as a skill could be.
    """
    if not _SKILL.fullmatch(folder):
        raise BadName("its folder's name is none for a skill (lower-case letters, digits, -); give it a name")
    return folder
