"""What the providers do with what HTTP servers, and things that pose as them, can answer."""

import contextlib
import json
import random
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from email.utils import formatdate
from pathlib import Path

import pytest
from tests.fakes.replay import Answer, ReplayServer, failing, hanging, silent, stream

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.messages import user_message
from droid.domain.models import ModelEvent, ModelFinished, ModelProfile, ModelRequest, ModelText, Wire
from droid.net.client import USER_AGENT
from droid.providers.factory import Providers

STREAMS = Path(__file__).parents[1] / "data" / "streams"
FOLDERS = {Wire.ANTHROPIC: "anthropic", Wire.OPENAI: "openai", Wire.CHAT_COMPLETIONS: "chat"}
KEY = "sk-live-0123456789abcdef"
RETRY, REJECTED = ProviderErrorKind.RETRY, ProviderErrorKind.REJECTED
UNAUTHORISED, OVERFLOW = ProviderErrorKind.UNAUTHORISED, ProviderErrorKind.CONTEXT_OVERFLOW


@dataclass(frozen=True, slots=True)
class Bench:
    """One wire, a server that plays answers, and the providers under test."""

    server: ReplayServer
    providers: Providers
    profile: ModelProfile

    def recorded(self, name: str) -> bytes:
        return (STREAMS / FOLDERS[self.profile.wire] / f"{name}.sse").read_bytes()

    async def ask(self, *answers: Answer, **changes: object) -> list[ModelEvent]:
        self.server.answers.extend(answers)
        profile = replace(self.profile, **changes)
        request = ModelRequest(
            conversation_id="c", profile=profile, system="s", tools=(), messages=(user_message("hi"),)
        )
        return [event async for event in self.providers.for_profile(profile).stream(request)]

    async def error(self, *answers: Answer, **changes: object) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await self.ask(*answers, **changes)
        chain: list[BaseException | None] = [caught.value]
        while chain[-1] is not None:
            assert KEY not in repr(chain[-1]) + str(chain[-1]), "an error shows the key"
            chain.append(chain[-1].__cause__)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 1000
        return caught.value


@pytest.fixture(params=list(FOLDERS), ids=list(FOLDERS.values()))
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with ReplayServer() as server, contextlib.aclosing(Providers(environ={})) as providers:
        yield Bench(server, providers, _profile(request.param, f"{server.url}/v1"))


def _profile(wire: Wire, base_url: str) -> ModelProfile:
    return ModelProfile(id="custom:m", model="m-1", wire=wire, base_url=base_url, api_key=KEY)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["text", "tools"])
async def test_cuts_of_the_network_change_nothing(bench: Bench, name: str, seed: int) -> None:
    data = bench.recorded(name)
    cuts = sorted(random.Random(seed).sample(range(1, len(data)), 40))
    whole = await bench.ask(stream(data))
    cut = await bench.ask(stream(data, cuts=cuts))
    assert cut[-1] == whole[-1]


async def test_the_text_of_one_network_read_is_one_event(bench: Bench) -> None:
    events = await bench.ask(stream(bench.recorded("text")))
    assert [type(event) for event in events] == [ModelText, ModelFinished]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
async def test_servers_may_end_lines_as_they_like(bench: Bench, line_end: bytes) -> None:
    data = bench.recorded("text")
    assert (await bench.ask(stream(data.replace(b"\n", line_end))))[-1] == (await bench.ask(stream(data)))[-1]


async def test_the_next_request_finds_the_connection_alive(bench: Bench) -> None:
    """A new connection costs a round trip, and three with TLS, between two steps."""
    for _ in range(3):
        await bench.ask(stream(bench.recorded("text")))
    assert len(bench.server.connections) == 1


async def test_the_connection_survives_an_error(bench: Bench) -> None:
    await bench.error(failing(429, {"error": {"message": "slow down"}}))
    await bench.ask(stream(bench.recorded("text")))
    assert len(bench.server.connections) == 1


async def test_a_server_that_keeps_the_stream_open_after_its_end_costs_a_moment_only(bench: Bench) -> None:
    started = time.monotonic()
    events = await bench.ask(hanging(bench.recorded("text")))
    assert isinstance(events[-1], ModelFinished)
    assert time.monotonic() - started < 1


async def test_requests_say_who_asks_and_are_not_compressed(bench: Bench) -> None:
    await bench.ask(stream(bench.recorded("text")), extra_headers={"X-Team": "blue", "Accept": "text/x"})
    headers = bench.server.requests[0].headers
    assert headers["user-agent"] == USER_AGENT
    assert headers["accept-encoding"] == "identity"
    assert headers["content-type"] == "application/json"
    assert headers["x-team"] == "blue"
    assert headers["accept"] == "text/x"
    sent = headers["x-api-key"] if bench.profile.wire is Wire.ANTHROPIC else headers["authorization"]
    assert sent.removeprefix("Bearer ") == KEY


async def test_a_model_without_a_key_is_asked_without_one(bench: Bench) -> None:
    await bench.ask(stream(bench.recorded("text")), api_key="")
    assert not {"authorization", "x-api-key", "api-key"} & set(bench.server.requests[0].headers)


async def test_extra_arguments_reach_the_body_and_null_takes_a_field_out(bench: Bench) -> None:
    await bench.ask(
        stream(bench.recorded("text")),
        extra_args={"temperature": 0.1, "stream_options": None, "max_tokens": 7},
    )
    body = bench.server.requests[0].json()
    assert body["temperature"] == 0.1
    assert body["max_tokens"] == 7
    assert "stream_options" not in body


async def test_silence_within_an_answer_has_a_time_out(bench: Bench) -> None:
    async with contextlib.aclosing(Providers(idle_timeout_s=0.05, environ={})) as impatient:
        hung = replace_providers(bench, impatient)
        error = await hung.error(hanging(bench.recorded("text")[:400]))
        assert error.kind is RETRY
        assert "silent" in str(error)
        error = await hung.error(silent)
        assert error.kind is RETRY


def replace_providers(bench: Bench, providers: Providers) -> Bench:
    return Bench(bench.server, providers, bench.profile)


async def test_a_refused_connection_names_the_address(bench: Bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        error = await bench.error(base_url=f"http://{address}/v1")
    assert error.kind is RETRY
    assert address in str(error)
    assert "refused the connection" in str(error)


@pytest.mark.parametrize(
    ("base_url", "kind"),
    [
        ("ftp://127.0.0.1/v1", REJECTED),
        ("127.0.0.1:8080/v1", REJECTED),
        ("", REJECTED),
        ("http://", REJECTED),
        ("http://[::1", REJECTED),
        ("http://127.0.0.1:999999/v1", REJECTED),
        ("http://no-such-host.invalid/v1", RETRY),
    ],
)
async def test_an_address_that_cannot_be_used_says_so(
    bench: Bench, base_url: str, kind: ProviderErrorKind
) -> None:
    error = await bench.error(base_url=base_url)
    assert error.kind is kind
    assert "URL" in str(error) or "address" in str(error)


@pytest.mark.parametrize(
    "key", [f"{KEY}\n", f"{KEY}\r\nX-Evil: 1", f"{KEY}é", f"{KEY}\0"], ids=["newline", "header", "é", "nul"]
)
async def test_a_key_that_cannot_be_a_header_is_not_shown(bench: Bench, key: str) -> None:
    error = await bench.error(stream(b""), api_key=key)
    assert error.kind is REJECTED
    assert "check the key" in str(error)
    assert not bench.server.requests


@pytest.mark.parametrize(
    ("status", "says", "kind", "mentions"),
    [
        (401, "invalid x-api-key", UNAUTHORISED, ["apiKey of custom:m", "401", "invalid x-api-key"]),
        (403, "your plan has no such model", UNAUTHORISED, ["apiKey of custom:m", "403"]),
        (404, "model: m-1", REJECTED, ["m-1", "/v1", "model's name", "base URL"]),
        (400, "tools: too many", REJECTED, ["400", "tools: too many"]),
        (402, "Insufficient Balance", UNAUTHORISED, ["credit", "billing"]),
        (422, "Extra inputs are not permitted", REJECTED, ["422"]),
        (529, "Overloaded", RETRY, ["overloaded", "529"]),
        (418, "a teapot", REJECTED, ["418", "a teapot"]),
        (599, "", RETRY, ["599"]),
    ],
)
async def test_a_status_becomes_one_line_that_says_what_to_check(
    bench: Bench, status: int, says: str, kind: ProviderErrorKind, mentions: list[str]
) -> None:
    error = await bench.error(failing(status, {"type": "error", "error": {"type": "x", "message": says}}))
    assert error.kind is kind
    assert error.status == status
    assert [text for text in mentions if text not in str(error)] == []


async def test_an_error_that_quotes_the_key_is_passed_on_without_it(bench: Bench) -> None:
    body = {"error": {"message": f"Incorrect API key provided: {KEY}. Also Bearer {KEY}\nsecond line"}}
    error = await bench.error(failing(401, body))
    assert "Incorrect API key provided: ***" in str(error)


@pytest.mark.parametrize("size", [0, 1_000_000])
@pytest.mark.parametrize("status", [400, 502])
async def test_an_error_body_may_be_anything(bench: Bench, status: int, size: int) -> None:
    for body in (
        b"x" * size,
        b"\xff\xfe" * (size // 2),
        b'{"a":' * (size // 5),
        b"[" * size,
        b"null",
        b"[]",
        b'""',
    ):
        error = await bench.error(failing(status, body))
        assert error.status == status


async def test_an_error_page_is_called_by_its_title(bench: Bench) -> None:
    page = b"<html><head><title>502 Bad\n Gateway</title></head>" + b"<p>x</p>" * 100_000
    error = await bench.error(failing(502, page, content_type="text/html"))
    assert error.kind is RETRY
    assert "a web page titled “502 Bad Gateway”" in str(error)


async def test_a_redirect_is_not_followed_with_the_key(bench: Bench) -> None:
    error = await bench.error(failing(307, headers={"Location": "https://user:pw@other.example/v1?t=1"}))
    assert error.kind is REJECTED
    assert "https://other.example/v1" in str(error)
    assert "pw" not in str(error)
    assert len(bench.server.requests) == 1


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"Retry-After": "7"}, 7, 7),
        ({"Retry-After": "0.5"}, 0.5, 0.5),
        ({"Retry-After": "60", "Retry-After-Ms": "250"}, 0.25, 0.25),
        ({"Retry-After": formatdate(time.time() + 86_400, usegmt=True)}, 80_000, 86_401),
        ({"Retry-After": formatdate(0, usegmt=True)}, 0, 0),
        ({"Retry-After": "-3"}, 0, 0),
    ],
)
async def test_a_wait_that_is_asked_for_is_passed_on(
    bench: Bench, headers: dict[str, str], low: float, high: float
) -> None:
    error = await bench.error(failing(429, {"error": {"message": "slow down"}}, headers=headers))
    assert error.kind is RETRY
    assert error.retry_after_s is not None
    assert low <= error.retry_after_s <= high


@pytest.mark.parametrize("value", ["soon", "nan", "inf", "", "1e400", "Mon, 99 Foo 2026"])
async def test_a_wait_that_makes_no_sense_is_none(bench: Bench, value: str) -> None:
    error = await bench.error(failing(503, headers={"Retry-After": value}))
    assert error.retry_after_s is None


@pytest.mark.parametrize(
    ("data", "kind", "mentions"),
    [
        (b"<!doctype html><title>Sign in</title>", REJECTED, "web page"),
        (b'\n {"id": "x", "choices": [{"message": {"content": "hi"}}]}', REJECTED, "without streaming"),
        (b'{"error": {"message": "model is loading", "code": 503}}', RETRY, "model is loading"),
        (b'{"error": "invalid model"}', RETRY, "invalid model"),
        (b"", RETRY, "before it was complete"),
        (b"OK", RETRY, "before it was complete"),
        (b"data: {not json\n\n", RETRY, "not of its format"),
        (b"data: 7\n\n", RETRY, "not of its format"),
        (b'data: {"type":"message_delta"}\n\ndata: null\n\n', RETRY, "not of its format"),
        (b"data: " + b"[" * 100_000 + b"\n\n", RETRY, "not of its format"),
        (bytes(range(128, 256)) * 4 + b"\n\n", RETRY, "before it was complete"),
    ],
)
async def test_an_answer_that_is_no_stream_says_what_it_is(
    bench: Bench, data: bytes, kind: ProviderErrorKind, mentions: str
) -> None:
    error = await bench.error(stream(data, cuts=[1] if data else []))
    assert (error.kind, mentions in str(error)) == (kind, True), str(error)


async def test_a_server_that_speaks_no_http_is_a_broken_connection(bench: Bench) -> None:
    async def greet(reply: object) -> None:
        await reply.raw(b"\x00\xff\xfeSSH-2.0-NotHttp\r\n\r\n")  # type: ignore[attr-defined]
        reply.abort()  # type: ignore[attr-defined]

    error = await bench.error(greet)
    assert error.kind is RETRY


async def test_many_messages_and_a_large_body_arrive_whole(bench: Bench) -> None:
    text = "ü\0\u2028" * 500_000
    profile = bench.profile
    request = ModelRequest(
        conversation_id="big", profile=profile, system="s", tools=(), messages=(user_message(text),)
    )
    bench.server.answers.append(stream(bench.recorded("text")))
    async for _ in bench.providers.for_profile(profile).stream(request):
        pass
    assert text in json.dumps(bench.server.requests[0].json(), ensure_ascii=False).replace("\\u0000", "\0")


async def test_the_same_provider_serves_all_models_of_a_wire(bench: Bench) -> None:
    first = bench.providers.for_profile(bench.profile)
    assert bench.providers.for_profile(replace(bench.profile, model="other")) is first


async def test_closing_twice_and_using_after_closing_is_harmless(bench: Bench) -> None:
    await bench.ask(stream(bench.recorded("text")))
    await bench.providers.aclose()
    await bench.providers.aclose()
    await bench.ask(stream(bench.recorded("text")))
