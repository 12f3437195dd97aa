"""Picking a verb: mistakes cost one line, and nothing is imported that was not asked for."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from droid.cli import main as cli
from droid.domain.errors import (
    DroidError,
    LogWriteFailed,
    PolicyRefused,
    ProviderError,
    ProviderErrorKind,
    SessionLocked,
    SessionNotFound,
    SettingsError,
)
from droid.headless.exit_codes import UsageError

SERVER = Path(cli.__file__).parents[2]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A verb `try` whose module a test fills in."""
    module = ModuleType("fake_verb")
    monkeypatch.setitem(sys.modules, "fake_verb", module)
    monkeypatch.setitem(cli.VERBS, "try", ("fake_verb", "a fake"))
    return module


def raising(error: BaseException):
    def run(argv: list[str]) -> int:
        raise error

    return run


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["help"]])
def test_help_names_every_verb_and_every_exit_code(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(argv) == 0
    text = capsys.readouterr().out
    for wanted in (*cli.VERBS, "0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "130"):
        assert f"\n  {wanted}" in text


@pytest.mark.parametrize("argv", [["--version"], ["-v"], ["-V"]])
def test_the_version_is_told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(argv) == 0
    assert capsys.readouterr().out.startswith("droid-lsp 0.")


def test_an_unknown_verb_is_one_line_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["exce"]) == 2
    captured = capsys.readouterr()
    assert captured.err == (
        "droid-lsp: there is no verb 'exce', did you mean 'exec'?; see `droid-lsp --help`\n"
    )
    assert captured.out == ""


@pytest.mark.parametrize("argv", [[], ["--tcp", "127.0.0.1:0"]])
def test_without_a_verb_the_language_server_is_meant(
    argv: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    module = ModuleType("fake_serve")
    module.run = lambda argv: seen.append(argv) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fake_serve", module)
    monkeypatch.setitem(cli.VERBS, "serve", ("fake_serve", ""))
    assert cli.main(argv) == 0
    assert seen == [argv]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (SessionNotFound("x"), 2),
        (PolicyRefused("x"), 3),
        (ProviderError("x", kind=ProviderErrorKind.RETRY), 4),
        (SettingsError("x"), 6),
        (SessionLocked("x"), 1),
        (LogWriteFailed("x"), 1),
        (DroidError("x"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_is_one_line_and_its_exit_code(
    error: BaseException, code: int, verb: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    verb.run = raising(error)  # type: ignore[attr-defined]
    assert cli.main(["try"]) == code
    assert capsys.readouterr().err in {"droid-lsp: x\n", "droid-lsp: interrupted\n"}


def test_a_message_stays_one_line_and_cannot_steer_the_terminal(
    verb: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    verb.run = raising(DroidError("a\nb\x1b[31mc\u202e"))  # type: ignore[attr-defined]
    cli.main(["try"])
    assert capsys.readouterr().err == "droid-lsp: a b [31mc\n"


def test_a_bug_is_not_swallowed(verb: ModuleType) -> None:
    verb.run = raising(ZeroDivisionError())  # type: ignore[attr-defined]
    with pytest.raises(ZeroDivisionError):
        cli.main(["try"])


def test_a_reader_that_has_gone_is_no_error(verb: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    verb.run = raising(BrokenPipeError())  # type: ignore[attr-defined]
    assert cli.main(["try"]) == 0
    assert capsys.readouterr().err == ""


def droid(*argv: str, **options: object) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(SERVER), **options.pop("env", {})}  # type: ignore[dict-item]
    return subprocess.run(
        [sys.executable, *argv], capture_output=True, text=True, env=environment, timeout=30, **options
    )  # type: ignore[call-overload]


def test_output_that_the_terminal_cannot_encode_is_escaped() -> None:
    done = droid("-m", "droid", "--help", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "OPTION\\u2026" in done.stdout


def test_closed_streams_end_nothing() -> None:
    done = subprocess.run(
        f"{sys.executable} -m droid --help >&- 2>&- <&-",
        shell=True,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        timeout=30,
    )
    assert done.returncode == 0


def test_a_full_disk_under_standard_output_is_told() -> None:
    done = subprocess.run(
        f"{sys.executable} -m droid --help > /dev/full",
        shell=True,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        timeout=30,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == "droid-lsp: standard output cannot be written: No space left on device\n"


@pytest.mark.parametrize(
    "argv", [["--version"], ["exec", "--bad"], ["exec", "--help"], ["sessions", "--bad"]]
)
def test_answering_at_once_imports_neither_the_engine_nor_the_protocol(argv: list[str]) -> None:
    code = (
        f"import sys\nfrom droid.cli.main import main\nmain({argv!r})\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    loaded = set(droid("-c", code).stderr.split())
    assert "droid.cli.main" in loaded
    heavy = {"pygls", "lsprotocol", "httpx", "pydantic", "sqlite3", "asyncio", "droid.domain.events"}
    assert not loaded & heavy
