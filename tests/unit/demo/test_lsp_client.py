"""The demonstration's side of the protocol, against small servers that keep and break it."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from droid.demo.lsp_client import LspClient, NotHandled, RequestRefused, ServerGone

FRAMES = """
import json, sys
def read():
    length = 0
    while (line := sys.stdin.buffer.readline().strip()):
        if line.lower().startswith(b'content-length'): length = int(line.split(b':')[1])
    return json.loads(sys.stdin.buffer.read(length)) if length else None
def send(**message):
    body = json.dumps({'jsonrpc': '2.0', **message}).encode()
    sys.stdout.buffer.write(b'Content-Length: %d\\r\\n\\r\\n' % len(body) + body); sys.stdout.buffer.flush()
"""
GOOD = f"""{FRAMES}
while (message := read()) is not None:
    if message.get('method') == 'echo':
        send(method='note', params=message['params'])
        send(id='q1', method='question', params={{'of': 'you'}})
        send(id='q2', method='nonsense')
        answers = {{}}
        while len(answers) < 2:
            answer = read(); answers[answer['id']] = answer.get('result', answer.get('error'))
        send(id=message['id'], result=answers)
    elif message.get('method') == 'fail': send(id=message['id'], error={{'code': 1, 'message': 'no such thing'}})
    elif message.get('method') == 'silence': pass
    elif message.get('method') == 'shutdown': send(id=message['id'], result=None)
    elif message.get('method') == 'exit': sys.exit(0)
"""


async def start(program: str, tmp_path: Path, notes: list[Any] | None = None) -> LspClient:
    async def answer(method: str, params: Any) -> Any:
        if method == "question":
            return {"answer": params["of"]}
        raise NotHandled

    def note(method: str, params: Any) -> None:
        if notes is not None:
            notes.append((method, params))

    return await LspClient.start(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=dict(os.environ),
        log=tmp_path / "log",
        on_notification=note,
        on_request=answer,
    )


async def test_requests_answers_and_notifications_pass_both_ways(tmp_path: Path) -> None:
    notes: list[Any] = []
    client = await start(GOOD, tmp_path, notes)
    answers = await client.request("echo", {"ü": 1})
    assert answers == {"q1": {"answer": "you"}, "q2": {"code": -32601, "message": "no nonsense here"}}
    assert notes == [("note", {"ü": 1})]
    assert await client.close() == 0


async def test_an_error_and_a_silence_are_told(tmp_path: Path) -> None:
    client = await start(GOOD, tmp_path)
    with pytest.raises(RequestRefused, match="no such thing"):
        await client.request("fail", None)
    with pytest.raises(ServerGone, match=r"silence was not answered within 0\.05 s"):
        await client.request("silence", None, timeout_s=0.05)
    assert await client.close() == 0


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("pass", "the server has ended"),
        ("import sys; sys.stdin.readline(); sys.exit(3)", "the server has ended"),
        ("print('Content-Length: 3\\r\\n\\r\\nabc', flush=True); input()", "not the protocol"),
        ("print('Content-Length: 300\\r\\n\\r\\n{', flush=True)", "not the protocol"),
        ("print('Content-Length: many\\r\\n\\r\\n{}', flush=True); input()", "not the protocol"),
    ],
)
async def test_a_server_that_breaks_off_is_told_at_once(program: str, told: str, tmp_path: Path) -> None:
    client = await start(program, tmp_path)
    began = time.monotonic()
    with pytest.raises(ServerGone, match=f"{told}|the server has ended"):
        await client.request("initialize", {}, timeout_s=20)
    await client.close()
    assert time.monotonic() - began < 15


async def test_a_server_that_does_not_leave_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("droid.demo.lsp_client._LEAVE_S", 0.2)
    client = await start(f"{FRAMES}\nimport time\nwhile True: time.sleep(1)", tmp_path)
    assert await client.close() != 0
