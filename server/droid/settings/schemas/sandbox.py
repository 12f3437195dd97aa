"""Keys about the confinement of commands."""

from typing import Annotated, Literal

from pydantic import Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import (
    ORG_AND_USER,
    UNION,
    UNION_IF_TRUSTED,
    UNSET,
    Count,
    Section,
    Texts,
    smallest,
    strictest,
)

_GIVEN_TO_COMMANDS = Rule(merge=Merge.UNION_IF_TRUSTED, trusted_only=True, levels=ORG_AND_USER)


class SandboxFiles(Section):
    """Files that confined commands can reach."""

    allow_write: Annotated[Texts, UNION_IF_TRUSTED, Field(examples=[["/tmp/build-output"]])] = UNSET  # noqa: S108
    """Paths that may be written beside the workspace."""
    deny_write: Annotated[Texts, UNION, Field(examples=[["~/.config/secrets"]])] = UNSET
    """Paths that may not be written, also within what is allowed."""
    deny_read: Annotated[Texts, UNION, Field(examples=[["~/.ssh", "~/.aws/credentials"]])] = UNSET
    """Paths that may not be read."""


class SandboxNetwork(Section):
    """Hosts that confined commands can reach."""

    allowed_domains: Annotated[Texts, UNION_IF_TRUSTED, Field(examples=[["github.com", "*.npmjs.org"]])] = (
        UNSET
    )
    """Host names that may be connected to, exact or as `*.suffix`; no other host can be reached."""


class SandboxLimits(Section):
    """What one command may use."""

    memory_mb: Annotated[Count, smallest()] = UNSET
    """Memory of all its processes, in MiB."""
    processes: Annotated[Count, smallest()] = UNSET
    """Processes at one time."""
    output_bytes: Annotated[Count, smallest()] = UNSET
    """Bytes of output before the command is ended."""
    cpu_seconds: Annotated[Count, smallest()] = UNSET
    """Processor time."""


class Sandbox(Section):
    """How commands are confined by the operating system."""

    enabled: Annotated[bool, strictest(True, False, default=True)] = UNSET
    """Whether commands are confined, where the system can do it."""
    required: Annotated[bool, strictest(True, False, default=False)] = UNSET
    """No sandbox, no command: where it cannot be had, nothing runs."""
    mode: Annotated[
        Literal["per-command", "whole-process"],
        strictest("whole-process", "per-command", default="per-command"),
    ] = UNSET
    """`per-command` confines each command, `whole-process` the whole agent."""
    filesystem: SandboxFiles = UNSET
    """Files that confined commands can reach."""
    network: SandboxNetwork = UNSET
    """Hosts that confined commands can reach."""
    limits: SandboxLimits = UNSET
    """What one command may use."""
    pass_env: Annotated[Texts, _GIVEN_TO_COMMANDS, Field(examples=[["NPM_TOKEN"]])] = UNSET
    """Environment variables that commands see although they may hold secrets."""
    allow_sockets: Annotated[Texts, _GIVEN_TO_COMMANDS, Field(examples=[["SSH_AUTH_SOCK"]])] = UNSET
    """Unix sockets that commands may connect to, by path or by the variable that names them."""


class SandboxKeys(Section):
    """Sandbox

    How commands are confined by the operating system.
    """

    sandbox: Sandbox = UNSET
    """How commands are confined by the operating system."""
