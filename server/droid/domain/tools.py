"""What passes between the engine and a tool."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from droid.domain.messages import ImagePart


class TodoStatus(StrEnum):
    """Where an item of the plan stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One item of the agent's plan."""

    content: str
    status: TodoStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolAccess:
    """What a call would touch, told before it runs, from its input alone.

    Attributes:
        reads: Paths that it reads, absolute or relative to the session's folder.
        writes: Paths that it creates, changes or deletes, likewise.
        command: The shell command that it runs.
    """

    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What a tool hands back.

    Attributes:
        text: For the model: bounded, says how much was cut and where the rest is.
        is_error: The call did not do what was asked.
        full_output: The file with the whole output, where `text` is cut.
        cwd: The session's folder from now on, where the call changed it.
        todos: The new plan, where the call changed it.
        exit_code: Of a command.
    """

    text: str
    is_error: bool = False
    images: tuple[ImagePart, ...] = ()
    full_output: str | None = None
    cwd: str | None = None
    todos: tuple[Todo, ...] | None = None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolInput:
    """Arguments that fit the tool's schema.

    Attributes:
        arguments: As JSON values, defaults not filled in: what approvals show and logs keep.
        value: The tool's own validated form of them; only the tool looks inside.
    """

    arguments: Mapping[str, Any]
    value: Any
