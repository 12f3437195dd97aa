"""Real commands and what is left of them: nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from droid.domain.errors import ToolFailed
from droid.domain.processes import ProcessRequest
from droid.sandbox import warden
from droid.sandbox.process import TAIL_BYTES
from droid.sandbox.runner import WardenRunner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are not run there")

SERVER = Path(__file__).resolve().parents[2] / "server"
_numbers = count(int(time.time()) % 10_000 * 1000)


def new_nap() -> str:
    """A number of seconds to sleep that no other process has in its command line."""
    return f"{next(_numbers)}.{os.getpid()}"


def alive(nap: str) -> list[int]:
    """Processes, zombies aside, that have a nap in their command line."""
    return [pid for pid, arguments in commands() if nap in arguments]


def napping(nap: str) -> int:
    """How many processes take this very nap."""
    return sum(arguments in (f"sleep {nap}", f"/bin/sleep {nap}") for _, arguments in commands())


def commands() -> list[tuple[int, str]]:
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,stat=,args="], capture_output=True, text=True)
    rows = [line.split(None, 2) for line in listing.stdout.splitlines()]
    return [(int(row[0]), row[2]) for row in rows if len(row) == 3 and not row[1].startswith("Z")]


async def until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


def bash(script: str, **more: object) -> ProcessRequest:
    return ProcessRequest(argv=("bash", "-c", script), cwd=Path.cwd(), **more)  # pyright: ignore[reportArgumentType]


@pytest_asyncio.fixture
async def runner() -> AsyncIterator[WardenRunner]:
    made = WardenRunner()
    yield made
    await made.aclose()


# What a command may do to stay behind. NAP is a number of seconds; the command itself naps as well.
ESCAPES = {
    "in the background": "sleep NAP & sleep NAP",
    "immune to hang-ups": "nohup sleep NAP >/dev/null 2>&1 & sleep NAP",
    "disowned": "sleep NAP & disown; sleep NAP",
    "in a session of its own": "(setsid sleep NAP &); sleep NAP",
    "a daemon, forked twice": "(setsid bash -c 'sleep NAP & exec true' &); sleep NAP",
    "without its environment": "(setsid env -i /bin/bash -c '/bin/sleep NAP & exec true' &); sleep NAP",
    "deaf to SIGTERM": "(trap '' TERM HUP INT; sleep NAP) & trap '' TERM HUP INT; while :; do sleep NAP; done",
    "stopped": "sleep NAP & sleep 0.1; kill -STOP $!; sleep NAP",
    "forking from a trap": "trap '(setsid sleep NAP &)' TERM EXIT; sleep NAP & sleep NAP",
    "fifty at once": "for i in {1..50}; do (setsid sleep NAP &); done; sleep NAP",
    "fifty, each the child of the one before": (
        "f() { if (( $1 )); then f $(($1 - 1)) & fi; exec sleep NAP; }; f 50 & sleep NAP"
    ),
    "a daemon of Python's making": (
        f"{sys.executable} -c 'import os, time\n"
        "if os.fork(): os.wait()\n"
        "elif os.setsid() or os.fork(): os._exit(0)\n"
        'else: os.closerange(0, 99); os.execvp("sleep", ["sleep", "NAP"])\'; sleep NAP'
    ),
}


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
async def test_cancelling_leaves_nothing_behind(runner: WardenRunner, escape: str) -> None:
    nap = new_nap()
    call = asyncio.create_task(runner.run(bash(escape.replace("NAP", nap))))
    await until(lambda: napping(nap) >= (51 if "50" in escape else 2))
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert alive(nap) == []


@pytest.mark.alone
async def test_cancelling_takes_a_quarter_of_a_second_at_most(runner: WardenRunner) -> None:
    """Of the worst: what does not listen has to be killed. The best of a few, for busy machines."""
    took_s: list[float] = []
    for _ in range(5):
        nap = new_nap()
        script = ESCAPES["deaf to SIGTERM"].replace("NAP", nap)
        call = asyncio.create_task(runner.run(bash(script)))
        await until(lambda nap=nap: napping(nap) == 2)
        started = time.monotonic()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        took_s.append(time.monotonic() - started)
        if took_s[-1] < 0.25:
            return
    pytest.fail(f"took {took_s} s")


RABBIT = """
import os
while True:
    if os.fork():
        os._exit(0)
    os.setsid()
"""


async def test_what_never_stays_the_same_process_is_caught(runner: WardenRunner, tmp_path: Path) -> None:
    """It forks and ends, in a session of its own each time, faster than one can look."""
    mark = str(tmp_path)
    argv = (sys.executable, "-I", "-S", "-c", RABBIT, mark)
    result = await runner.run(ProcessRequest(argv=argv, cwd=tmp_path))
    assert result.exit_code == 0
    assert alive(mark) == []


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
async def test_nothing_outlives_a_finished_command(runner: WardenRunner, escape: str) -> None:
    nap = new_nap()
    start, _, _ = escape.rpartition("sleep NAP")
    if start.rstrip().endswith("do"):
        pytest.skip("this one never finishes")
    finished = await runner.run(bash(f"{start.replace('NAP', nap)} sleep 0.2; exit 7", timeout_s=20))
    assert finished.exit_code == 7
    assert alive(nap) == []


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
async def test_a_time_out_leaves_nothing_behind(runner: WardenRunner, escape: str) -> None:
    nap = new_nap()
    finished = await runner.run(bash(escape.replace("NAP", nap), timeout_s=0.3))
    assert finished.timed_out
    assert finished.exit_code != 0
    assert alive(nap) == []


SERVER_SCRIPT = """
import asyncio, sys
from pathlib import Path
from droid.domain.processes import ProcessRequest
from droid.sandbox.runner import WardenRunner

async def main():
    runner = WardenRunner()
    await asyncio.gather(*(
        runner.run(ProcessRequest(argv=("bash", "-c", sys.argv[1]), cwd=Path.cwd())) for _ in range(3)
    ))

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_killed_server_leaves_nothing_behind(number: signal.Signals) -> None:
    nap = new_nap()
    script = (
        f"sleep {nap} & (setsid sleep {nap} &) ; nohup sleep {nap} >/dev/null & "
        f"(setsid env -i /bin/bash -c '/bin/sleep {nap} & exec true' &) ; (trap '' TERM; sleep {nap}) & wait"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER_SCRIPT, script],
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await until(lambda: napping(nap) == 15, timeout_s=20)
        wardens = set(children_of(server.pid))
        server.send_signal(number)
        server.wait(10)
        await until(lambda: not alive(nap), timeout_s=1)
        await until(lambda: wardens.isdisjoint(pid for pid, _ in commands()), timeout_s=1)
    finally:
        server.kill()
        server.wait()


async def test_a_killed_server_leaves_nothing_behind_even_where_a_keeper_was_stopped() -> None:
    nap = new_nap()
    script = f"(setsid env -i /bin/sleep {nap} &); sleep {nap} & kill -STOP $PPID; sleep {nap}"
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER_SCRIPT, script],
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await until(lambda: napping(nap) == 9, timeout_s=20)
        server.kill()
        server.wait(10)
        await until(lambda: not alive(nap), timeout_s=10)
    finally:
        server.kill()
        server.wait()


def children_of(pid: int) -> list[int]:
    return warden.descendants(pid) if sys.platform == "linux" else []


async def test_a_command_that_kills_its_keeper_still_ends(runner: WardenRunner) -> None:
    nap = new_nap()
    script = f"(setsid env -i /bin/sleep {nap} &); sleep {nap} & sleep 0.1; kill -KILL $PPID; sleep {nap}"
    with pytest.raises(ToolFailed, match="was killed"):
        await runner.run(bash(script))
    await until(lambda: not alive(nap), timeout_s=1)
    assert (await runner.run(bash("exit 3"))).exit_code == 3


@pytest.mark.skipif(sys.platform != "linux", reason="finds the warden through /proc")
async def test_a_killed_warden_ends_what_it_can_and_is_replaced(runner: WardenRunner) -> None:
    nap = new_nap()
    before = set(children_of(os.getpid()))
    call = asyncio.create_task(runner.run(bash(f"(setsid sleep {nap} &); sleep {nap}", label="the nap")))
    await until(lambda: napping(nap) == 2)
    processes = [pid for pid in children_of(os.getpid()) if pid not in before and "warden" in command_of(pid)]
    assert len(processes) >= 2
    for pid in processes:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ToolFailed, match="the nap was ended"):
        await call
    assert alive(nap) == []
    assert (await runner.run(bash("exit 3"))).exit_code == 3


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


async def test_a_killed_warden_does_not_end_calls_that_have_a_keeper(runner: WardenRunner) -> None:
    started = await runner.start(bash("read line; sleep 0.3; exit 4"))
    assert runner._warden is not None  # pyright: ignore[reportPrivateUsage]
    os.kill(runner._warden._process.pid, signal.SIGKILL)  # pyright: ignore[reportPrivateUsage]
    assert (await runner.run(bash("exit 3"))).exit_code == 3
    assert (await started.wait()).exit_code == 4


async def test_a_keeper_that_was_stopped_does_not_hold_up_a_cancel_for_ever(runner: WardenRunner) -> None:
    nap = new_nap()
    call = asyncio.create_task(runner.run(bash(f"sleep {nap} & kill -STOP $PPID; sleep {nap}")))
    await until(lambda: napping(nap) == 2)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert alive(nap) == []


async def test_a_second_cancel_does_not_leave_the_tree_behind(runner: WardenRunner) -> None:
    nap = new_nap()
    call = asyncio.create_task(runner.run(bash(f"trap '' TERM; sleep {nap} & while :; do sleep {nap}; done")))
    await until(lambda: napping(nap) == 2)
    for _ in range(5):
        call.cancel()
        await asyncio.sleep(0.01)
    with pytest.raises(asyncio.CancelledError):
        await call
    assert alive(nap) == []


async def test_closing_ends_what_still_runs() -> None:
    runner, nap = WardenRunner(), new_nap()
    started = await runner.start(bash(f"sleep {nap} & (setsid sleep {nap} &) ; sleep {nap}"))
    await until(lambda: napping(nap) == 3)
    await runner.aclose()
    assert alive(nap) == []
    assert (await started.wait()).exit_code < 0
    with pytest.raises(ToolFailed, match="shutting down"):
        await runner.run(bash("true"))


async def test_calls_side_by_side_do_not_end_each_other(runner: WardenRunner) -> None:
    """Also daemons that nothing but their ancestry ties to their call."""
    nap = new_nap()
    long = await runner.start(
        bash(f"(setsid env -i /bin/bash -c '/bin/sleep {nap} & exec true' &); sleep 60")
    )
    await until(lambda: napping(nap))
    results = await asyncio.gather(*(runner.run(bash(f"sleep {nap} & exit {n}")) for n in range(20)))
    assert [result.exit_code for result in results] == list(range(20))
    assert napping(nap) == 1
    await long.stop()
    assert alive(nap) == []


@pytest.mark.parametrize(
    ("argv", "cwd", "says"),
    [
        (("no-such-program",), ".", "no-such-program: it is not on the PATH"),
        (("./no-such-file",), ".", "./no-such-file: No such file or directory"),
        (("./data.txt",), ".", "./data.txt: Permission denied"),
        (("./no-shebang",), ".", "./no-shebang: Exec format error"),
        (("true",), "gone", "true: no such folder: .*gone"),
        (("true",), "data.txt", "true: .*data.txt: Not a directory"),
        (("echo", "a\0b"), ".", "echo: there is a NUL character in its command line"),
        (("echo", "\ud800"), ".", "echo: half of a surrogate pair"),
        (("echo", "x" * 3_000_000), ".", "echo: its command line of 3,000,004 bytes is too long"),
    ],
)
async def test_what_cannot_be_started_says_why(
    runner: WardenRunner, tmp_path: Path, argv: tuple[str, ...], cwd: str, says: str
) -> None:
    for name, mode in (("data.txt", 0o600), ("no-shebang", 0o700)):
        (tmp_path / name).write_text("data")
        (tmp_path / name).chmod(mode)
    with pytest.raises(ToolFailed, match=f"^cannot start {says}"):
        await runner.run(ProcessRequest(argv=argv, cwd=tmp_path / cwd))
    assert (await runner.run(bash("exit 5"))).exit_code == 5


async def test_secrets_of_the_server_are_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "not-for-commands")
    monkeypatch.setenv("DATABASE", "postgres://me:not-for-commands@db/x")
    monkeypatch.setenv("FOR_COMMANDS", "fine")
    runner, chunks = WardenRunner(), list[bytes]()
    result = await runner.run(
        ProcessRequest(argv=("sh", "-c", "env; cat /proc/$PPID/environ | tr '\\0' '\\n'"), cwd=Path("/tmp")),
        chunks.append,
    )
    await runner.aclose()
    lines = b"".join(chunks).decode().splitlines()
    assert result.exit_code == 0 or sys.platform != "linux"
    assert {"FOR_COMMANDS=fine", "PWD=/tmp", "GIT_TERMINAL_PROMPT=0"} <= set(lines)
    assert not [line for line in lines if "not-for-commands" in line]


async def test_a_run_ends_with_its_program_whoever_holds_the_output(runner: WardenRunner) -> None:
    chunks: list[bytes] = []
    async with asyncio.timeout(10):
        result = await runner.run(bash("echo first; sleep 60 & exit 6"), chunks.append)
    assert (result.exit_code, b"".join(chunks)) == (6, b"first\n")


@pytest.mark.alone
async def test_a_flood_is_bounded_and_leaves_the_loop_to_others(runner: WardenRunner) -> None:
    started = await runner.start(bash("yes 'a line of a flood'"))
    lags: list[float] = []
    while started.output_bytes < 100_000_000:
        before = time.monotonic()
        await asyncio.sleep(0.001)
        lags.append(time.monotonic() - before - 0.001)
    assert len(started.output) == TAIL_BYTES
    await started.stop()
    assert sorted(lags)[len(lags) // 2] < 0.05
    assert started.finished is not None


async def test_all_of_a_large_output_arrives(runner: WardenRunner) -> None:
    sizes: list[int] = []
    await runner.run(bash("head -c 20000000 /dev/zero; printf end"), lambda data: sizes.append(len(data)))
    assert sum(sizes) == 20_000_003
    assert len(sizes) < 2000


async def test_descriptors_are_not_inherited(runner: WardenRunner) -> None:
    leaked = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(leaked, True)
    chunks: list[bytes] = []
    try:
        await runner.run(bash("ls /dev/fd/; readlink /dev/fd/0"), chunks.append)
    finally:
        os.close(leaked)
    *numbers, stdin = b"".join(chunks).decode().split()
    assert [int(number) for number in numbers if int(number) > 3] == []  # 3 is the listing's own
    assert stdin == "/dev/null" or sys.platform != "linux"


async def test_there_is_no_terminal_to_ask_at(runner: WardenRunner) -> None:
    chunks: list[bytes] = []
    result = await runner.run(bash("exec </dev/tty"), chunks.append)
    assert result.exit_code != 0
    assert b"/dev/tty" in b"".join(chunks)


async def test_nothing_is_left_open_by_many_calls(runner: WardenRunner) -> None:
    await asyncio.gather(*(runner.run(bash("true")) for _ in range(8)))
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(30):
        await runner.run(bash("true", stdin=b"x"))
    with pytest.raises(ToolFailed):
        await runner.run(ProcessRequest(argv=("no-such-program",), cwd=Path.cwd()))
    assert len(list(Path("/dev/fd").iterdir())) == before


async def test_it_says_when_descriptors_have_run_out(runner: WardenRunner) -> None:
    import resource

    await runner.prestart()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        for _ in range(200):
            try:
                held.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                break
        with pytest.raises(ToolFailed, match="open files"):
            await runner.run(bash("true"))
    finally:
        for fd in held:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (await runner.run(bash("exit 3"))).exit_code == 3


async def test_without_a_subreaper_the_tree_is_traced(runner: WardenRunner, tmp_path: Path) -> None:
    """What macOS has: the group, the descendants, and the mark in the environment."""
    nap = new_nap()
    boot = (
        "import sys, _socket; sys.path.append(sys.argv[1]); import warden\n"
        "warden.become_subreaper = lambda: False\n"
        "warden.keep(_socket.socket(fileno=int(sys.argv[2])))"
    )
    import socket

    from droid.sandbox.link import Keeper

    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", boot, str(Path(warden.__file__).parent), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
        )
    keeper = Keeper(ours)
    runner._idle.append(keeper)  # pyright: ignore[reportPrivateUsage]
    try:
        script = (
            f"sleep {nap} & (setsid sleep {nap} &); (setsid bash -c 'sleep {nap} & exec true' &); sleep 0.2"
        )
        assert (await runner.run(bash(f"{script}; exit 5"))).exit_code == 5
        assert alive(nap) == []
        assert (await runner.run(bash(f"{script}; sleep {nap}", timeout_s=0.5))).timed_out
        assert alive(nap) == []
    finally:
        keeper.close()
        process.wait(10)


def test_the_system_s_own_listing_shows_the_same_processes() -> None:
    """Where there is no /proc, `ps` is asked."""
    nap = new_nap()
    child = subprocess.Popen(["sleep", nap], start_new_session=True)
    try:
        rows = {row[0]: row for row in warden.table("")}
        assert rows[child.pid][1:3] == (os.getpid(), child.pid)
        assert child.pid in warden.traced("", child.pid)
        assert child.pid in warden.descendants(os.getpid())
    finally:
        child.kill()
        child.wait()


def test_warnings_are_not_to_be_had() -> None:
    """A whole life of a runner in a program that takes every warning for an error."""
    script = (
        "import asyncio\nfrom pathlib import Path\n"
        "from droid.domain.processes import ProcessRequest as R\n"
        "from droid.sandbox.runner import WardenRunner\n"
        "async def main():\n"
        "    runner = WardenRunner()\n"
        "    await runner.prestart()\n"
        "    await runner.run(R(argv=('sh', '-c', 'sleep 100 & cat'), cwd=Path('/'), stdin=b'x' * 300000))\n"
        "    started = await runner.start(R(argv=('sleep', '100'), cwd=Path('/')))\n"
        "    await started.stop()\n"
        "    await runner.aclose()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script],
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
