"""Which failures are tried again, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.engine.retry import MAX_ATTEMPTS, MAX_WAIT_S, retry_delay_s


def error(kind: ProviderErrorKind, retry_after_s: float | None = None) -> ProviderError:
    return ProviderError("it failed", kind=kind, retry_after_s=retry_after_s)


@pytest.mark.parametrize("kind", [k for k in ProviderErrorKind if k is not ProviderErrorKind.RETRY])
def test_what_would_fail_again_is_not_tried_again(kind: ProviderErrorKind) -> None:
    assert retry_delay_s(error(kind, 1.0), 1) is None


def test_what_the_provider_asks_for_is_honoured() -> None:
    assert retry_delay_s(error(ProviderErrorKind.RETRY, 7.5), 1) == 7.5


def test_a_wait_that_nobody_would_sit_through_is_refused() -> None:
    assert retry_delay_s(error(ProviderErrorKind.RETRY, MAX_WAIT_S + 1), 1) is None


def test_there_is_an_end_to_it() -> None:
    assert retry_delay_s(error(ProviderErrorKind.RETRY), MAX_ATTEMPTS) is None


@given(st.integers(1, MAX_ATTEMPTS - 1), st.floats(0, 1))
def test_waits_grow_and_stay_within_bounds(attempt: int, jitter: float) -> None:
    delay = retry_delay_s(error(ProviderErrorKind.RETRY), attempt, lambda: jitter)
    assert delay is not None
    assert 0.25 * 2 ** (attempt - 1) <= delay <= 30
