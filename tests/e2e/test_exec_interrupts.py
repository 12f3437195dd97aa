"""`droid-lsp exec` ended from outside: nothing is left behind, and nothing that was done is lost."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.e2e.harness import SERVER, Bench, alive, bench_in, call, until


@pytest.fixture
def bench(tmp_path: Path) -> Generator[Bench]:
    with bench_in(tmp_path) as made:
        yield made


def nap() -> str:
    return f"{60_000 + os.getpid() % 1000}.{os.urandom(3).hex()[:5].translate(str.maketrans('abcdef', '123456'))}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_a_command_ends_its_tree_and_the_session_goes_on(
    number: signal.Signals, bench: Bench
) -> None:
    seconds = nap()
    bench.play(call("Execute", command=f"sleep {seconds} & sleep {seconds}"), {"text": "never"})
    running = bench.start("exec", "--auto", "high", "-o", "json", "go")
    until(lambda: len(alive(f"sleep {seconds}")) >= 2)
    running.send_signal(number)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert not alive(f"sleep {seconds}")
    printed = json.loads(out)
    session = printed["session_id"]
    assert printed["subtype"] == "error_cancelled"
    assert err == (
        f"droid-lsp: interrupted; what was done is saved; go on with `droid-lsp exec -s {session}`\n"
    )
    assert bench.events()[-1]["type"] == "turn_ended"
    bench.play({"text": "went on"})
    again = bench.exec("-s", session, "go on")
    assert (again.returncode, again.stdout) == (0, "went on\n"), again.stderr


def test_a_signal_at_any_moment_is_the_same_exit_code_and_one_line(bench: Bench) -> None:
    bench.play({"text": "x" * 3000, "chunk_delay_s": 0.05, "repeat": True})
    for tenths in range(1, 12):
        running = bench.start("exec", "go")
        # The moment is the point: importing, opening, asking, streaming.
        time.sleep(0.1 + tenths * 0.1)
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=20)
        assert running.returncode == 130
        assert err.startswith("droid-lsp: interrupted")
        assert err.count("\n") == 1


@pytest.mark.parametrize("hang", ["headers", "text"])
def test_a_signal_while_the_model_is_silent(hang: str, bench: Bench) -> None:
    bench.play({"text": "a beginning that is never followed by its end", "hang": hang})
    running = bench.start("exec", "go")
    until(lambda: bench.server.requests)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert err.startswith("droid-lsp: interrupted; what was done is saved")


def test_killed_outright_it_leaves_no_process_and_a_session_that_goes_on(bench: Bench) -> None:
    seconds = nap()
    bench.play(call("Execute", command=f"sleep {seconds} & sleep {seconds}"), {"text": "never"})
    running = bench.start("exec", "--auto", "high", "go")
    until(lambda: len(alive(f"sleep {seconds}")) >= 2)
    running.kill()
    running.communicate(timeout=20)
    until(lambda: not alive(f"sleep {seconds}"))
    (transcript,) = bench.transcripts()
    bench.play({"text": "went on"})
    again = bench.exec("-s", transcript.stem, "go on")
    assert (again.returncode, again.stdout) == (0, "went on\n"), again.stderr


def test_a_reader_that_goes_away_ends_the_run_quietly(bench: Bench) -> None:
    bench.play({"text": "word " * 2000, "chunk_delay_s": 0.02})
    running = bench.start("exec", "-o", "stream-json", "go")
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == ""
    running.stderr.close()
    assert running.wait(timeout=20) == 130
    assert bench.events()[-1]["type"] == "turn_ended"


def test_a_reader_that_neither_reads_nor_leaves_is_given_up_at_the_second_signal(bench: Bench) -> None:
    bench.play({"text_bytes": 3_000_000})
    running = bench.start("exec", "-o", "stream-json", "go")
    assert running.stdout is not None
    pipe = running.stdout.fileno()
    until(lambda: int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder) >= 4096)
    running.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=0.5)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=20) == 130
    assert running.stderr is not None
    running.stdout.close()
    assert running.stderr.read() == "droid-lsp: interrupted\n"
    running.stderr.close()
    bench.play({"text": "went on"})
    again = bench.exec("-s", bench.transcripts()[0].stem, "go on")
    assert (again.returncode, again.stdout) == (0, "went on\n"), again.stderr


def test_a_folder_that_was_deleted_is_told(bench: Bench, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for verb in (["exec", "go"], ["sessions", "list"], ["doctor"]):
        gone.mkdir()
        done = subprocess.run(
            ["bash", "-c", f'cd {gone} && rmdir {gone} && exec "$@"', "_", *bench.argv(*verb)],
            env=bench.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode == 2
        assert done.stderr == "droid-lsp: this folder has been deleted; go to another one, or say --cwd\n"


def test_a_reader_that_wants_nothing_of_the_answer(bench: Bench) -> None:
    bench.play({"text": "x" * 200_000})
    done = subprocess.run(
        f"{sys.executable} -m droid exec go | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        cwd=bench.workspace,
        env=bench.env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=30,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.parametrize("redirect", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_matter(redirect: str, bench: Bench) -> None:
    bench.play(call("Read", file_path="a.txt"), {"text": "x"})
    done = subprocess.run(
        f"{sys.executable} -m droid exec go {redirect}",
        shell=True,
        cwd=bench.workspace,
        env=bench.env,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0
    assert bench.events()[-1]["reason"] == "done"


def test_without_a_prompt_on_a_closed_standard_input(bench: Bench) -> None:
    done = subprocess.run(
        f"{sys.executable} -m droid exec <&-",
        shell=True,
        cwd=bench.workspace,
        env=bench.env,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("droid-lsp: no prompt;")


def test_standard_output_on_a_full_disk_is_told(bench: Bench) -> None:
    bench.play({"text": "x"})
    with Path("/dev/full").open("w") as full:
        running = bench.start("exec", "go", stdout=full)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 1
    assert err.startswith(
        "droid-lsp: standard output cannot be written: No space left on device; the session"
    )


def test_on_a_terminal_progress_is_shown_and_in_a_pipe_it_is_not(bench: Bench) -> None:
    bench.play(call("Read", file_path="a.txt"), {"text": "the answer"})
    parent, child = pty.openpty()
    running = subprocess.Popen(
        bench.argv("exec", "go"),
        cwd=bench.workspace,
        env={**bench.env, "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=child,
    )
    os.close(child)
    shown = b""
    try:
        while piece := os.read(parent, 4096):
            shown += piece
    except OSError:
        pass  # the terminal is closed when the program ends
    os.close(parent)
    assert running.stdout is not None
    assert running.stdout.read() == b"the answer\n"
    running.stdout.close()
    assert running.wait(timeout=20) == 0
    text = shown.decode()
    assert "● Read" in text
    assert "\x1b[" in text
    assert "2 model requests" in text


def test_two_runs_cannot_write_one_session(bench: Bench) -> None:
    bench.play({"text": "x"}, {"text": "slow to come", "hang": "text"}, {"text": "y"})
    session = json.loads(bench.exec("-o", "json", "go").stdout)["session_id"]
    first = bench.start("exec", "-s", session, "again")
    until(lambda: len(bench.server.requests) == 2)
    second = bench.exec("-s", session, "at the same time")
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "fork" in second.stderr
    forked = bench.exec("--fork", session, "at the same time")
    assert (forked.returncode, forked.stdout) == (0, "y\n"), forked.stderr
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=20)


def test_exec_never_loads_the_editors_protocol(bench: Bench) -> None:
    bench.play(call("Read", file_path="a.txt"), {"text": "x"})
    code = (
        "import sys\nfrom droid.cli.main import main\nmain(['exec', 'go'])\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bench.workspace,
        env={**bench.env, "PYTHONPATH": str(SERVER)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stdout == "x\n"
    loaded = set(done.stderr.split())
    assert "droid.engine.turn" in loaded
    assert not loaded & {"pygls", "lsprotocol", "sqlite3", "pypdf", "droid.demo"}
