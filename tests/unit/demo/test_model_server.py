"""The scripted demo model speaks the wire it claims to speak."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from droid.demo.chat_wire import ScriptedAnswer, call
from droid.demo.model_server import MODEL_NAME, ScriptedModelServer

PROMPT = {"role": "user", "content": "go"}
ANSWER = {"role": "assistant", "content": "x"}


def body(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"model": MODEL_NAME, "stream": True, "messages": list(messages)}


async def chunks(client: httpx.AsyncClient, base_url: str, sent: Any) -> list[Any]:
    response = await client.post(f"{base_url}/chat/completions", json=sent)
    assert response.status_code == 200
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def text_of(events: list[Any]) -> str:
    return "".join(c["delta"].get("content") or "" for event in events for c in event["choices"])


def calls_of(events: list[Any]) -> dict[int, tuple[str, str]]:
    calls: dict[int, tuple[str, str]] = {}
    for event in events:
        for choice in event["choices"]:
            for piece in choice["delta"].get("tool_calls", ()):
                name, arguments = calls.get(piece["index"], ("", ""))
                function = piece["function"]
                calls[piece["index"]] = (name + function.get("name", ""), arguments + function["arguments"])
    return calls


async def test_answers_follow_the_script_and_a_retry_gets_the_same_one() -> None:
    script = [ScriptedAnswer(text="first"), ScriptedAnswer(text="second")]
    async with ScriptedModelServer(script) as server, httpx.AsyncClient() as client:
        for messages, expected in (
            ([PROMPT], "first"),
            ([PROMPT], "first"),
            ([PROMPT, ANSWER, {"role": "tool", "content": "r"}], "second"),
            ([PROMPT, ANSWER, ANSWER, PROMPT], "first"),
        ):
            assert text_of(await chunks(client, server.base_url, body(*messages))) == expected


async def test_a_script_that_has_ended_says_so_and_that_it_is_no_real_model() -> None:
    async with ScriptedModelServer([]) as server, httpx.AsyncClient() as client:
        assert "not a real model" in text_of(await chunks(client, server.base_url, body(PROMPT)))


async def test_calls_arrive_in_pieces_that_join_to_their_arguments() -> None:
    wanted = (call("Read", file_path="a.py"), call("Execute", command="echo 'ü'"))
    async with (
        ScriptedModelServer([ScriptedAnswer(text="hm", calls=wanted)]) as server,
        httpx.AsyncClient() as client,
    ):
        events = await chunks(client, server.base_url, body(PROMPT))
    assert calls_of(events) == {0: ("Read", wanted[0].arguments), 1: ("Execute", wanted[1].arguments)}
    assert [c["finish_reason"] for e in events for c in e["choices"]][-1] == "tool_calls"
    assert events[-1]["usage"]["total_tokens"] == 1050


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"{", 400), (b"[]", 400), (b"{}", 400), (b'{"messages": 3}', 400)],
)
async def test_a_body_that_is_no_request_is_refused_and_the_connection_stays(
    sent: bytes, status: int
) -> None:
    async with ScriptedModelServer([ScriptedAnswer(text="x")]) as server, httpx.AsyncClient() as client:
        response = await client.post(f"{server.base_url}/chat/completions", content=sent)
        assert response.status_code == status
        assert "error" in response.json()
        assert text_of(await chunks(client, server.base_url, body(PROMPT))) == "x"


async def test_other_addresses_are_not_found_and_models_are_listed_by_name() -> None:
    async with ScriptedModelServer([]) as server, httpx.AsyncClient() as client:
        assert (await client.get(f"{server.base_url}/elsewhere")).status_code == 404
        listed = (await client.get(f"{server.base_url}/models")).json()
    assert [model["id"] for model in listed["data"]] == ["scripted-demo-model"]


async def test_a_request_in_chunks_is_read_whole() -> None:
    async def pieces():
        for piece in (b'{"mess', b'ages": [{"role": "user",', b' "content": "go"}]}'):
            yield piece

    async with ScriptedModelServer([ScriptedAnswer(text="x")]) as server, httpx.AsyncClient() as client:
        response = await client.post(f"{server.base_url}/chat/completions", content=pieces())
        assert response.status_code == 200


async def test_leaving_ends_connections_that_are_still_open() -> None:
    async with ScriptedModelServer([]) as server:
        port = int(server.base_url.rsplit(":", 1)[1].partition("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
        await writer.drain()
    try:
        assert await reader.read() == b""
    except ConnectionResetError:
        pass  # closed as well: nothing had been read yet
    writer.close()
    try:
        await writer.wait_closed()
    except ConnectionResetError:
        pass


async def test_bytes_that_are_not_http_close_their_connection_only() -> None:
    async with ScriptedModelServer([ScriptedAnswer(text="x")]) as server, httpx.AsyncClient() as client:
        port = int(server.base_url.rsplit(":", 1)[1].partition("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x00\x01\x02 nonsense\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        assert text_of(await chunks(client, server.base_url, body(PROMPT))) == "x"
