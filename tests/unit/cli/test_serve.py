"""`droid-lsp serve`: where it listens, and where it refuses to."""

import sys
from types import ModuleType
from typing import Any

import pytest

from droid.cli.serve import is_loopback, run
from droid.headless.exit_codes import UsageError


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was served, in place of the real server."""
    made: list[tuple[str, Any]] = []
    module: Any = ModuleType("droid.lsp.server")
    for name in ("serve_stdio", "serve_tcp", "serve_ws"):
        setattr(module, name, lambda *where, name=name: made.append((name, where)) or 7)
    monkeypatch.setitem(sys.modules, "droid.lsp.server", module)
    monkeypatch.setattr("droid.lsp.server", module, raising=False)
    return made


@pytest.mark.parametrize(
    ("argv", "call"),
    [
        ([], ("serve_stdio", ())),
        (["--stdio"], ("serve_stdio", ())),
        (["--tcp", "127.0.0.1:7000"], ("serve_tcp", ("127.0.0.1", 7000))),
        (["--tcp", "localhost:0"], ("serve_tcp", ("localhost", 0))),
        (["--tcp", "[::1]:7000"], ("serve_tcp", ("::1", 7000))),
        (["--ws", "127.0.0.2:7000"], ("serve_ws", ("127.0.0.2", 7000))),
        (["--tcp", "0.0.0.0:7000", "--allow-remote"], ("serve_tcp", ("0.0.0.0", 7000))),
    ],
)
def test_an_address_is_served(argv: list[str], call: tuple[str, Any], calls: list[Any]) -> None:
    assert run(argv) == 7
    assert calls == [call]


@pytest.mark.parametrize("flag", ["--tcp", "--ws"])
@pytest.mark.parametrize(
    "host", ["0.0.0.0", "[::]", "192.0.2.1", "no-such-host.invalid", "127.0.0.1.nip.invalid"]
)
def test_an_address_that_others_can_reach_is_refused(flag: str, host: str, calls: list[Any]) -> None:
    with pytest.raises(UsageError, match=r"use 127\.0\.0\.1, or say --allow-remote"):
        run([flag, f"{host}:7000"])
    assert calls == []


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--tcp", "7000"], "is not HOST:PORT"),
        (["--tcp", "localhost:http"], "is not HOST:PORT"),
        (["--tcp", "localhost:70000"], "is not HOST:PORT"),
        (["--tcp", "localhost:1", "--ws", "localhost:2"], "not allowed with argument --tcp"),
        (["--port", "1"], "unrecognized arguments: --port"),
    ],
)
def test_mistakes_are_told(argv: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(argv)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(host: str, port: int) -> int:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(sys.modules["droid.lsp.server"], "serve_tcp", taken)
    with pytest.raises(UsageError, match=r"cannot listen on 127\.0\.0\.1:7000: Address already in use"):
        run(["--tcp", "127.0.0.1:7000"])


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("8.8.8.8", False)],
)
def test_what_is_a_loopback_address(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
