"""What the warden decides, without a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from droid.sandbox import warden

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are not run there")


class World:
    """The processes below a keeper, and what was done to them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.members: list[int] = []
        self.refuses: set[int] = set()
        self.statuses: list[tuple[int, int]] = []
        self.signals: list[tuple[int, int]] = []
        self.now = 100.0
        monkeypatch.setattr(warden, "descendants", lambda _: list(self.members))
        monkeypatch.setattr(warden, "signal_all", self._signal_all)
        monkeypatch.setattr(os, "waitpid", self._waitpid)
        monkeypatch.setattr(time, "monotonic", lambda: self.now)

    def end(self, pid: int, status: int = 0) -> None:
        self.members.remove(pid)
        self.statuses.append((pid, status))

    def _signal_all(self, pids: list[int], number: int) -> int:
        self.signals += [(pid, number) for pid in pids if pid not in self.refuses]
        return len(self.refuses.intersection(pids))

    def _waitpid(self, pid: int, options: int) -> tuple[int, int]:
        if self.statuses:
            return self.statuses.pop(0)
        if self.members:
            return 0, 0
        raise ChildProcessError


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def call_of(world: World, *members: int) -> warden.Call:
    world.members = list(members)
    return warden.Call(members[0], "1-1", subreaper=True)


def test_a_command_without_children_is_over_when_it_ends(world: World) -> None:
    call = call_of(world, 7)
    assert not call.over()
    assert call.wait_s is None
    world.end(7, 3 << 8)
    assert call.over()
    assert (call.status, call.left, world.signals) == (3, [], [])


def test_what_a_command_leaves_is_asked_to_end_then_killed(world: World) -> None:
    call = call_of(world, 7, 8)
    world.end(7)
    assert not call.over()
    assert world.signals == [(8, signal.SIGTERM)]
    assert call.wait_s == pytest.approx(warden.GRACE_S)
    world.now += warden.GRACE_S / 2
    assert not call.over()
    assert world.signals == [(8, signal.SIGTERM)]
    world.now += warden.GRACE_S
    assert not call.over()
    assert world.signals[1:] == [(8, signal.SIGKILL)]
    world.end(8)
    assert call.over()
    assert (call.status, call.left) == (0, [])


def test_what_asks_twice_is_asked_once(world: World) -> None:
    call = call_of(world, 7)
    call.end()
    call.end()
    assert world.signals == [(7, signal.SIGTERM)]


def test_after_killing_nobody_is_asked_any_more(world: World) -> None:
    call = call_of(world, 7)
    call.end(signal.SIGKILL)
    call.end()
    assert world.signals == [(7, signal.SIGKILL)]


def test_what_appears_while_killing_is_killed_too(world: World) -> None:
    call = call_of(world, 7)
    call.end(signal.SIGKILL)
    world.members.append(9)
    assert not call.over()
    assert (9, signal.SIGKILL) in world.signals


def test_another_user_s_process_is_reported_at_once(world: World) -> None:
    call = call_of(world, 7, 8)
    world.refuses = {8}
    world.end(7)
    call.end(signal.SIGKILL)
    assert call.over()
    assert call.left == [8]


def test_what_cannot_die_is_given_up_and_reported(world: World) -> None:
    call = call_of(world, 7)
    call.end(signal.SIGKILL)
    assert not call.over()
    world.now += warden.GIVE_UP_S + 0.1
    assert call.over()
    assert (call.status, call.left) == (None, [7])


def test_signals_to_nobody_are_not_an_error() -> None:
    """The process may have ended since it was listed."""
    child = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 0"], {}, setpgroup=0)
    os.waitpid(child, 0)
    assert warden.signal_all([child], signal.SIGTERM) == 0
    assert warden.signal_all([child], signal.SIGKILL) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="there are no subreapers")
def test_this_system_lets_orphans_be_adopted() -> None:
    """Through a module that Python does not promise: a release without it must not go unnoticed."""
    script = (
        "import sys; sys.path.append(sys.argv[1]); import warden; sys.exit(not warden.become_subreaper())"
    )
    folder = str(Path(warden.__file__).parent)
    subprocess.run([sys.executable, "-I", "-S", "-c", script, folder], check=True)


def test_importing_the_warden_is_cheap() -> None:
    """It is started on the way to a first command, and stays in memory: no `socket`, `signal`, `ctypes`."""
    script = "import sys; sys.path.append(sys.argv[1]); import warden; print(*sys.modules)"
    folder = str(Path(warden.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, folder], capture_output=True, text=True, check=True
    )
    costly = {"socket", "signal", "ctypes", "enum", "re", "collections", "json", "subprocess", "pathlib"}
    assert costly.isdisjoint(done.stdout.split())
