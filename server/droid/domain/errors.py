"""Errors, named after who can act on them."""

from collections.abc import Sequence
from enum import StrEnum


class DroidError(Exception):
    """The base of every error that a person or a model is meant to read: one line, with its mend."""


class ToolFailed(DroidError):
    """A tool could not do what was asked; the message is a result for the model."""


class StaleFile(ToolFailed):
    """A file changed since it was read, so a change based on the old content is refused."""


class InvalidToolInput(ToolFailed):
    """The arguments of a tool call do not fit its schema; the message says what and where."""


class ProviderErrorKind(StrEnum):
    """What the loop can do about a provider's error."""

    RETRY = "retry"
    """408, 409, 429, 5xx, a refused or broken connection: try again later."""
    UNAUTHORISED = "unauthorised"
    """401, 403: the key or its rights."""
    REJECTED = "rejected"
    """400, 404 and other refusals that would repeat: the request, the model's name, the address."""
    CONTEXT_OVERFLOW = "context_overflow"
    """The conversation does not fit the model's window."""


class ProviderError(DroidError):
    """A model request failed.

    Attributes:
        kind: What can be done about it.
        status: HTTP status, where there was one.
        retry_after_s: What the provider asked for, in seconds.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: ProviderErrorKind,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after_s = retry_after_s


class SettingsError(DroidError):
    """A settings file cannot be used; the message names file, line and mend."""


class PolicyRefused(DroidError):
    """Policy does not allow this model, tool or autonomy level."""


class SessionNotFound(DroidError):
    """No session has that id."""


class AmbiguousSession(SessionNotFound):
    """The beginning of an id that several sessions share.

    Args:
        beginning: What was given.
        session_ids: All that it fits.
    """

    def __init__(self, beginning: str, session_ids: Sequence[str]) -> None:
        ids = ", ".join(session_ids[:5])
        super().__init__(
            f"{beginning!r} is the beginning of {len(session_ids)} sessions: {ids}; type more of it"
        )


class SessionLocked(DroidError):
    """Another process is writing this session; it can be read or forked."""


class LogWriteFailed(DroidError):
    """A transcript line could not be written, so nothing that changes anything may run."""
