"""Whether, and how long, to wait before a failed model request is tried again."""

import random
from collections.abc import Callable

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.events import RetryScheduled
from droid.engine.core import SessionCore

MAX_ATTEMPTS = 6
MAX_WAIT_S = 120.0
_BASE_S = 0.5
_CAP_S = 30.0


def retry_delay_s(
    error: ProviderError, attempt: int, jitter: Callable[[], float] = random.random
) -> float | None:
    """Seconds to wait before the next attempt; None where trying again makes no sense.

    Args:
        attempt: How many attempts have failed, from 1.
        jitter: A number from 0 to 1; half of the wait is left to it, so that clients which failed
            together do not come back together.
    """
    if error.kind is not ProviderErrorKind.RETRY or attempt >= MAX_ATTEMPTS:
        return None
    if error.retry_after_s is not None:
        return error.retry_after_s if error.retry_after_s <= MAX_WAIT_S else None
    backoff = min(_CAP_S, _BASE_S * 2 ** (attempt - 1))
    return backoff * (0.5 + jitter() / 2)


async def wait_to_retry(core: SessionCore, error: ProviderError, attempt: int) -> None:
    """Tell of a failure and wait until the request may be tried again.

    Raises:
        ProviderError: it makes no sense to try again; where it would at another time, it says so.
    """
    delay_s = retry_delay_s(error, attempt)
    if delay_s is None:
        raise _given_up(error, attempt) if error.kind is ProviderErrorKind.RETRY else error
    core.emit(RetryScheduled(attempt=attempt, delay_s=delay_s, reason=str(error)))
    await core.ports.clock.sleep(delay_s)


def _given_up(error: ProviderError, attempts: int) -> ProviderError:
    """The same error, saying why it is not tried again."""
    if attempts < MAX_ATTEMPTS:
        why = f"it asks to wait {error.retry_after_s:g} s, which is too long to sit through"
    else:
        why = f"gave up after {attempts} attempts"
    return ProviderError(f"{error} ({why})", kind=error.kind, status=error.status)
