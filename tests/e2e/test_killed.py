"""The program is killed in the middle of a turn: nothing runs on, nothing is half done, nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.model_server import serving
from tests.integration.workbench import call, calls, write_settings

_REPOSITORY = Path(__file__).parents[2]
_WAIT_S = 20


def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DROID_", "FACTORY_"))},
        "FACTORY_HOME": str(tmp_path / "home"),
        "HOME": str(tmp_path),
        "PYTHONPATH": str(_REPOSITORY / "server"),
        "NO_COLOR": "1",
    }


def droid(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "droid", *arguments]


@contextmanager
def running(tmp_path: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        droid(*arguments),
        cwd=tmp_path / "work",
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(what: str, holds: Any) -> None:
    end = time.monotonic() + _WAIT_S
    while not holds():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.01)


def processes_with(marker: str) -> list[int]:
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if marker.encode() in command:
                found.append(int(entry.name))
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_killed_with_a_command_running_it_leaves_no_process_and_resumes(
    tmp_path: Path, workspace: Path
) -> None:
    marker = f"9{os.getpid()}.{time.monotonic_ns() % 10**6}"
    command = f"touch started; sleep {marker} & (setsid sleep {marker} &); nohup sleep {marker} & wait"
    script = [
        calls(call("Create", file_path="made.txt", content="whole")),
        calls(call("Execute", command=command), text="Now I run it."),
        {"when": "Interrupted", "text": "I know what happened."},
    ]
    with serving(script) as server:
        write_settings(tmp_path / "home", server.base_url)
        with running(tmp_path, "exec", "--auto", "high", "please") as process:
            until("the command runs", (workspace / "started").exists)
            until("all of it runs", lambda: len(processes_with(f"sleep\0{marker}")) == 3)
            process.send_signal(signal.SIGKILL)
            process.wait()
            until("everything has ended", lambda: not processes_with(f"sleep\0{marker}"))
        assert (workspace / "made.txt").read_text() == "whole"
        transcripts = list((tmp_path / "home/sessions").rglob("*.jsonl"))
        assert len(transcripts) == 1
        lines = [json.loads(line) for line in transcripts[0].read_text().splitlines()]
        assert [line["type"] for line in lines][-1] == "checkpoint_taken"
        resumed = subprocess.run(
            droid("exec", "--auto", "high", "-o", "json", "-s", transcripts[0].stem, "what happened?"),
            cwd=workspace,
            env=environment(tmp_path),
            capture_output=True,
            timeout=_WAIT_S,
            stdin=subprocess.DEVNULL,
        )
        assert resumed.returncode == 0, resumed.stderr
        assert json.loads(resumed.stdout)["result"] == "I know what happened."
        sent = json.dumps(server.requests[-1]["body"]["messages"])
        assert "Now I run it." in sent


@pytest.mark.parametrize("round_number", range(8))
def test_killed_at_any_moment_of_an_edit_the_file_is_whole(
    tmp_path: Path, workspace: Path, round_number: int
) -> None:
    old, new = "old line\n" * 200_000, "new line\n" * 200_000
    (workspace / "big.txt").write_text(old)
    steps = [
        calls(call("Read", file_path="big.txt", limit=1)),
        *(
            calls(call("Edit", file_path="big.txt", old_str=a, new_str=b, change_all=True))
            for a, b in [("old", "new"), ("new", "old")] * 50
        ),
    ]
    with serving(steps) as server:
        write_settings(tmp_path / "home", server.base_url)
        with running(tmp_path, "exec", "--auto", "high", "please") as process:
            until("it edits", lambda: len(server.requests) >= 2)
            time.sleep(0.013 * round_number)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert (workspace / "big.txt").read_text() in (old, new)
        assert sorted(p.name for p in workspace.iterdir() if not p.name.startswith(".")) == ["big.txt"]


def test_killed_in_mid_stream_what_was_said_is_kept(tmp_path: Path, workspace: Path) -> None:
    script = [
        {"text": "alpha beta gamma delta " * 40, "chunk_chars": 24, "chunk_delay_s": 0.05},
        {"text": "going on"},
    ]
    with serving(script) as server:
        write_settings(tmp_path / "home", server.base_url)
        with running(tmp_path, "exec", "please"):
            transcripts: list[Path] = []

            def said() -> bool:
                transcripts[:] = (tmp_path / "home").rglob("*.jsonl")
                return bool(transcripts) and "alpha" in transcripts[0].read_text()

            until("words are stored", said)
        resumed = subprocess.run(
            droid("exec", "-s", transcripts[0].stem, "go on"),
            cwd=workspace,
            env=environment(tmp_path),
            capture_output=True,
            timeout=_WAIT_S,
            stdin=subprocess.DEVNULL,
        )
        assert resumed.stdout.strip() == b"going on", resumed.stderr
        answers = [m for m in server.requests[-1]["body"]["messages"] if m["role"] == "assistant"]
        assert answers[0]["content"].startswith("alpha beta")
