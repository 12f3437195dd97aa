"""The fake model answers what its script says, and nothing else."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.harness import SERVER, until
from tests.fakes.model_server import FakeModelServer, serving

ROOT = SERVER.parent
USER = {"role": "user", "content": "please mend it"}
CALLED = {"role": "assistant", "content": "", "tool_calls": []}
RESULT = {"role": "tool", "tool_call_id": "c", "content": "exit code 1"}


def ask(server: FakeModelServer, *messages: dict[str, Any], path: str = "chat/completions") -> httpx.Response:
    return httpx.post(
        f"{server.base_url}/{path}", json={"model": "m", "messages": list(messages)}, timeout=10
    )


def test_the_first_step_that_fits_and_is_not_used_up_answers() -> None:
    script = [
        {"when": "exit code 1", "text": "red"},
        {"prompt": "mend", "text": "first"},
        {"prompt": "mend", "text": "second", "repeat": 2},
        {"system": "never there", "text": "no"},
    ]
    with serving(script) as server:
        for messages, expected in (
            ([USER], "first"),
            ([USER, CALLED, RESULT], "red"),
            ([USER, CALLED, RESULT], "second"),
            ([USER], "second"),
        ):
            assert f'"content":"{expected}"' in ask(server, *messages).text
        refused = ask(server, USER)
        assert (refused.status_code, "no step" in refused.text) == (400, True)
        assert [request["body"]["messages"][0] for request in server.requests] == [USER] * 5


@pytest.mark.parametrize("path", ["chat/completions", "responses", "messages"])
def test_each_wire_reads_its_own_conversations(path: str) -> None:
    body = {
        "chat/completions": {"messages": [USER, CALLED, RESULT]},
        "responses": {"input": [USER, {"type": "function_call"}, {"type": "function_call_output", "output": "exit code 1"}]},
        "messages": {
            "messages": [
                USER,
                {"role": "assistant", "content": [{"type": "tool_use"}]},
                {"role": "user", "content": [{"type": "tool_result", "content": [{"type": "text", "text": "exit code 1"}]}]},
            ]
        },
    }[path]  # fmt: skip
    with serving([{"when": "^exit code 1$", "prompt": "^please", "text": "fits"}]) as server:
        assert "fits" in httpx.post(f"{server.base_url}/{path}", json=body, timeout=10).text


def test_a_step_with_a_misspelt_key_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="a step has no txet"):
        FakeModelServer([{"txet": "x"}])


def test_it_runs_as_a_process_and_takes_another_script(tmp_path: Path) -> None:
    script, port_file = tmp_path / "script.json", tmp_path / "port"
    script.write_text('{"steps": [{"text": "one"}]}')
    running = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.fakes.model_server",
            "--script",
            str(script),
            "--port-file",
            str(port_file),
        ],
        cwd=ROOT,
        env={"PYTHONPATH": str(SERVER)},
        stderr=subprocess.DEVNULL,
    )
    try:
        until(port_file.exists)
        url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        body = json.dumps({"messages": [USER]}).encode()
        for expected in ("one", "two"):
            with urllib.request.urlopen(f"{url}/v1/chat/completions", body) as answer:
                assert expected in answer.read().decode()
            put = urllib.request.Request(f"{url}/script", b'[{"text": "two"}]', method="PUT")
            urllib.request.urlopen(put).close()
        with urllib.request.urlopen(f"{url}/requests") as answer:
            assert len(json.load(answer)) == 2
    finally:
        running.terminate()
        running.wait(timeout=10)
