"""Signals stop a run in order the first time, and at once the second time."""

import asyncio
import os
import signal

import pytest

from droid.headless.interrupts import Interrupts

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", SIGNALS)
async def test_the_first_signal_asks_and_the_second_ends(number: signal.Signals) -> None:
    with Interrupts() as interrupts:
        stopped = asyncio.Event()
        interrupts.arm(stopped.set)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stopped.wait(), 5)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_before_there_is_anything_to_stop_a_signal_ends(number: signal.Signals) -> None:
    with Interrupts(), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)


async def test_what_is_armed_last_is_what_stops() -> None:
    """The run may get further between the signal and its turn on the loop."""
    with Interrupts() as interrupts:
        first, last = asyncio.Event(), asyncio.Event()
        interrupts.arm(first.set)
        os.kill(os.getpid(), signal.SIGTERM)
        interrupts.arm(last.set)
        await asyncio.wait_for(last.wait(), 5)
        assert not first.is_set()


def test_handlers_are_put_back_and_ignored_signals_stay_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    term = signal.getsignal(signal.SIGTERM)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not term
        assert signal.getsignal(signal.SIGTERM) is term
    finally:
        signal.signal(signal.SIGHUP, before)
