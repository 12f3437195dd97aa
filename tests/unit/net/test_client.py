"""The HTTP client against real sockets: routes, certificates, time-outs and what it logs."""

import asyncio
import contextlib
import logging
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.fakes.replay import ReplayServer, failing, silent

from droid.net import transport
from droid.net.client import USER_AGENT, create_client
from droid.net.failures import explain_failure
from droid.net.tls import create_tls_context

OK = failing(200, b"{}")
SECRET = "sk-live-0123456789"


@pytest.fixture
async def server() -> AsyncIterator[ReplayServer]:
    async with ReplayServer() as replay:
        yield replay


async def test_a_plain_request_is_sent_directly_and_says_who_asks(server: ReplayServer) -> None:
    server.answers.append(OK)
    async with create_client(environ={}) as client:
        response = await client.get(f"{server.url}/x")
    assert response.status_code == 200
    assert server.requests[0].headers["user-agent"] == USER_AGENT


async def test_certificates_are_loaded_only_for_https(
    server: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They cost 30 ms, which a model on this machine must not pay for."""
    loads: list[object] = []

    def load(environ: object) -> ssl.SSLContext:
        loads.append(environ)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(transport, "create_tls_context", load)
    server.answers.extend([OK, OK])
    async with create_client(environ={}) as client:
        await client.get(server.url)
        assert not loads
        https = "https://127.0.0.1:1"  # where nobody listens
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                await client.get(https)
        await client.get(server.url)
    assert len(loads) == 1


async def test_a_client_for_plain_http_trusts_no_certificate() -> None:
    context = transport.create_empty_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not context.get_ca_certs()


async def test_a_request_goes_through_the_proxy_of_its_scheme(server: ReplayServer) -> None:
    server.answers.append(OK)
    async with create_client(environ={"HTTP_PROXY": server.url}) as client:
        await client.get("http://models.example/v1/x?y=1")
    assert server.requests[0].path == "http://models.example/v1/x?y=1"


async def test_loopback_and_exempt_hosts_pass_the_proxy_by(server: ReplayServer) -> None:
    server.answers.extend([OK, OK])
    dead = "http://127.0.0.1:1"
    async with create_client(environ={"HTTP_PROXY": dead, "NO_PROXY": "x.example"}) as client:
        assert (await client.get(server.url)).status_code == 200
        with pytest.raises(httpx.ConnectError):
            await client.get("http://y.example")


@pytest.mark.parametrize(("status", "passing"), [(407, False), (403, False), (503, True)])
async def test_a_proxy_that_refuses_says_so(server: ReplayServer, status: int, passing: bool) -> None:
    server.answers.append(failing(status))
    async with create_client(environ={"HTTPS_PROXY": server.url}) as client:
        with pytest.raises(httpx.ProxyError) as caught:
            await client.get("https://models.example")
    failure = explain_failure(caught.value, "https://models.example")
    assert failure.passing is passing
    assert str(status) in failure.reason
    assert "HTTPS_PROXY" in failure.reason


@pytest.mark.parametrize(
    "proxy", [f"socks5://u:{SECRET}@h:1", f"gopher://u:{SECRET}@h", f"http://u:{SECRET}@h:99999"]
)
async def test_a_proxy_that_cannot_be_used_says_so_without_its_password(proxy: str) -> None:
    async with create_client(environ={"HTTPS_PROXY": proxy}) as client:
        with pytest.raises(httpx.ProxyError) as caught:
            await client.get("https://models.example")
    assert "cannot be used" in str(caught.value)
    chain: BaseException | None = caught.value
    while chain is not None:
        assert SECRET not in repr(chain)
        chain = chain.__cause__
    assert not explain_failure(caught.value, "https://models.example").passing


async def test_a_redirect_is_not_followed(server: ReplayServer) -> None:
    server.answers.append(failing(302, headers={"Location": "http://elsewhere.example"}))
    async with create_client(environ={}) as client:
        assert (await client.get(server.url)).status_code == 302
    assert len(server.requests) == 1


async def test_silence_has_a_time_out(server: ReplayServer) -> None:
    server.answers.append(silent)
    async with create_client(environ={}, read_timeout_s=0.02) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(server.url)


async def test_many_first_requests_share_one_route(server: ReplayServer) -> None:
    server.answers.extend([OK] * 10)
    async with create_client(environ={}) as client:
        await asyncio.gather(*(client.get(server.url) for _ in range(10)))
    assert len(server.requests) == 10


async def test_logs_at_their_loudest_show_no_secret(
    server: ReplayServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers.append(failing(200, b"{}", headers={"Set-Cookie": f"session={SECRET}"}))
    url = server.url.replace("http://", f"http://user:{SECRET}@")
    async with create_client(environ={}) as client:
        await client.get(
            f"{url}/v1?key={SECRET}", headers={"authorization": f"Bearer {SECRET}", "x-team": SECRET}
        )
    assert any(record.name == "droid.net.transport" for record in caplog.records)
    for record in caplog.records:
        assert SECRET not in record.getMessage() + repr(record.__dict__), record.name


def test_a_request_does_not_search_the_disk_for_a_module_that_is_missing() -> None:
    """httpcore does, several times in each request, where `sniffio` is not installed."""
    create_client(environ={})
    assert "sniffio" in sys.modules


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that no system trusts; its key is beside it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("authority")
    certificate = folder / "ca.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *(*subject, "-keyout", folder / "key.pem", "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate


@contextlib.asynccontextmanager
async def serving_tls(certificate: Path) -> AsyncIterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"])
async def test_an_authority_of_the_environment_is_trusted(authority: Path, variable: str) -> None:
    async with serving_tls(authority) as url, create_client(environ={variable: str(authority)}) as client:
        assert (await client.get(url)).status_code == 200


async def test_an_unknown_authority_is_refused_with_what_to_set(authority: Path) -> None:
    async with serving_tls(authority) as url, create_client(environ={}) as client:
        with pytest.raises(httpx.ConnectError) as caught:
            await client.get(url)
    failure = explain_failure(caught.value, url)
    assert not failure.passing
    assert url in failure.reason
    assert "NODE_EXTRA_CA_CERTS" in failure.reason


async def test_a_certificate_for_another_host_is_refused(authority: Path) -> None:
    async with (
        serving_tls(authority) as url,
        create_client(environ={"SSL_CERT_FILE": str(authority)}) as client,
    ):
        with pytest.raises(httpx.ConnectError):
            await client.get(url.replace("localhost", "127.0.0.2"))


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"])
def test_an_authority_is_added_to_those_of_the_system(authority: Path, variable: str) -> None:
    """OpenSSL lets the variable replace them, which cuts public hosts off."""
    system = len(create_tls_context({}).get_ca_certs())
    added = create_tls_context({variable: str(authority)})
    assert len(added.get_ca_certs()) == system + 1
    assert added.verify_mode is ssl.CERT_REQUIRED


def test_the_process_environment_does_not_replace_the_system_store(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = len(create_tls_context({}).get_ca_certs())
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    assert len(create_tls_context({"SSL_CERT_FILE": str(authority)}).get_ca_certs()) == system + 1


@pytest.mark.parametrize("content", [None, b"", b"not a certificate", b"\0" * 100])
def test_a_certificate_file_that_cannot_be_used_is_named_in_the_log(
    tmp_path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "extra.pem"
    if content is not None:
        file.write_bytes(content)
    context = create_tls_context({"NODE_EXTRA_CA_CERTS": str(file)})
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert "NODE_EXTRA_CA_CERTS" in caplog.text
    assert str(file) in caplog.text


@pytest.mark.parametrize(
    ("error", "passing", "mentions"),
    [
        (httpx.ReadTimeout("x"), True, "silent"),
        (httpx.ConnectTimeout("x"), True, "time-out"),
        (httpx.RemoteProtocolError("x"), True, "broke off"),
        (httpx.ReadError("x"), True, "broke off"),
        (httpx.UnsupportedProtocol("x"), False, "https://"),
        (httpx.InvalidURL("x"), False, "https://"),
        (httpx.LocalProtocolError(f"Illegal header value b'{SECRET}'"), False, "key"),
        (UnicodeEncodeError("ascii", SECRET, 0, 1, "x"), False, "key"),
        (httpx.ConnectError("x"), True, "no connection"),
        (httpx.ProxyError("407 Proxy Authentication Required"), False, "407"),
        (httpx.ProxyError("502 Bad Gateway"), True, "502"),
    ],
)
def test_a_failure_says_whether_waiting_helps(error: Exception, passing: bool, mentions: str) -> None:
    failure = explain_failure(error, f"https://u:{SECRET}@api.example/v1?k={SECRET}")
    assert failure.passing is passing
    assert mentions in failure.reason
    assert SECRET not in failure.reason
