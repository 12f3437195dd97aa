"""How long to wait before a failed model request is tried again."""

import random
from collections.abc import Callable

from droid.domain.errors import ProviderError, ProviderErrorKind

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
