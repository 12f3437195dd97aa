"""Signals stop a run in order the first time, and at once the second time."""

import asyncio
import os
import signal

import pytest

from droid.headless.interrupts import Interrupts

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", SIGNALS)
async def test_the_first_signal_asks_and_the_second_ends(number: signal.Signals) -> None:
    left: list[int] = []
    with Interrupts(lambda: left.append(1)) as interrupts:
        stopped = asyncio.Event()
        interrupts.arm(stopped.set)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stopped.wait(), 5)
        assert not left
        os.kill(os.getpid(), number)
        assert left == [1]


@pytest.mark.parametrize("number", SIGNALS)
def test_before_there_is_anything_to_stop_a_signal_ends(number: signal.Signals) -> None:
    left: list[int] = []
    with Interrupts(lambda: left.append(1)):
        os.kill(os.getpid(), number)
        assert left == [1]


def test_after_the_run_a_signal_ends_as_well() -> None:
    left: list[int] = []

    async def run() -> None:
        interrupts.arm(lambda: None)

    with Interrupts(lambda: left.append(1)) as interrupts:
        asyncio.run(run())
        os.kill(os.getpid(), signal.SIGTERM)
        assert left == [1]


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
