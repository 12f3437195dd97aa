"""What one headless run was asked to do."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from droid.domain.levels import AutonomyLevel


class OutputFormat(StrEnum):
    """How a run reports."""

    TEXT = "text"
    """The answer on standard output; progress on standard error, on a terminal only."""
    JSON = "json"
    """One object at the end."""
    STREAM_JSON = "stream-json"
    """The engine's events as they happen, one a line."""


class Listing(StrEnum):
    """What may be shown instead of a run."""

    TOOLS = "tools"
    MODELS = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecOptions:
    """The flags of `droid-lsp exec`, checked.

    Attributes:
        prompt: The argument; `-` or None means standard input, unless `prompt_file` is given.
        workspace: The folder to work in, absolute.
        auto: None is read-only: the read tools and low-risk commands, no edits.
        session_id: The session to go on with; a unique prefix is enough.
        fork_id: The session to fork, likewise.
        trust_hash: What the repository's content must have as its hash to be trusted for this run.
        append_system_prompt: Text after the system prompt; the file's text follows it.
        time_limit_s: Wall time.
    """

    workspace: Path
    prompt: str | None = None
    prompt_file: Path | None = None
    listing: Listing | None = None
    output: OutputFormat = OutputFormat.TEXT
    auto: AutonomyLevel | None = None
    skip_permissions: bool = False
    on_ask: Literal["stop", "continue"] = "stop"
    dry_run: bool = False
    trust_hash: str | None = None
    session_id: str | None = None
    fork_id: str | None = None
    model: str | None = None
    reasoning_effort: str | None = None
    only_tools: tuple[str, ...] = ()
    extra_tools: tuple[str, ...] = ()
    disabled_tools: tuple[str, ...] = ()
    append_system_prompt: str = ""
    append_system_prompt_file: Path | None = None
    max_turns: int | None = None
    max_tokens: int | None = None
    max_usd: float | None = None
    time_limit_s: float | None = None
