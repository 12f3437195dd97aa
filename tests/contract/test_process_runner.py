"""What every process runner promises, fake or real."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from tests.fakes.processes import PlainProcesses

from droid.domain.errors import ToolFailed
from droid.domain.ports import ProcessRunner
from droid.domain.processes import ProcessRequest
from droid.sandbox.runner import WardenRunner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are not run there")


@asynccontextmanager
async def warden_runner() -> AsyncIterator[ProcessRunner]:
    runner = WardenRunner()
    yield runner
    await runner.aclose()


@asynccontextmanager
async def plain_processes() -> AsyncIterator[ProcessRunner]:
    yield PlainProcesses()


RUNNERS: Mapping[str, Callable[[], AbstractAsyncContextManager[ProcessRunner]]] = {
    "warden": warden_runner,
    "fake": plain_processes,
}


@pytest_asyncio.fixture(params=RUNNERS.values(), ids=RUNNERS)
async def runner(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ProcessRunner]:
    monkeypatch.setenv("FOR_COMMANDS", "fine")
    async with request.param() as made:
        yield made


class Run:
    """A finished run, with what it wrote."""

    def __init__(self, runner: ProcessRunner, cwd: Path) -> None:
        self.runner = runner
        self.cwd = cwd
        self.output = b""

    async def __call__(self, *argv: str, **more: object) -> tuple[int, str]:
        chunks: list[bytes] = []
        request = ProcessRequest(argv=argv, **{"cwd": self.cwd, **more})  # pyright: ignore[reportArgumentType]
        result = await self.runner.run(request, chunks.append)
        self.output = b"".join(chunks)
        return result.exit_code, self.output.decode(errors="replace")


@pytest.fixture
def run(runner: ProcessRunner, tmp_path: Path) -> Run:
    return Run(runner, tmp_path)


@pytest.mark.parametrize("code", [0, 1, 2, 77, 127, 255])
async def test_the_exit_code_is_the_program_s(run: Run, code: int) -> None:
    assert await run("sh", "-c", f"exit {code}") == (code, "")


@pytest.mark.parametrize("number", [1, 2, 9, 15])
async def test_a_signal_is_a_negative_exit_code(run: Run, number: int) -> None:
    assert (await run("sh", "-c", f"kill -{number} $$"))[0] == -number


async def test_output_and_errors_come_as_they_were_written(run: Run) -> None:
    assert await run("sh", "-c", "echo one; echo two >&2; echo three; echo four >&2") == (
        0,
        "one\ntwo\nthree\nfour\n",
    )


async def test_errors_can_be_had_apart(run: Run) -> None:
    errors: list[bytes] = []
    code, output = await run(
        "sh", "-c", "echo one; echo two >&2; echo three; exit 3", on_errors=errors.append
    )
    assert (code, output, b"".join(errors)) == (3, "one\nthree\n", b"two\n")


async def test_a_flood_of_errors_apart_keeps_nothing_waiting(run: Run) -> None:
    seen: list[int] = []
    script = "head -c 3000000 /dev/zero >&2; head -c 2000000 /dev/zero; exit 6"
    code, output = await run("sh", "-c", script, on_errors=lambda data: seen.append(len(data)))
    assert (code, len(output), sum(seen)) == (6, 2_000_000, 3_000_000)


async def test_output_is_bytes(run: Run) -> None:
    await run("sh", "-c", r"printf '\000\377\033[1m\r\n'")
    assert run.output == b"\0\xff\x1b[1m\r\n"


async def test_arguments_arrive_unchanged(run: Run) -> None:
    arguments = ["", " ", "a b", "'\"$HOME`id`", "*", "\n", "\t", "日本", "-n", "\\"]
    code, output = await run("sh", "-c", r"""for a; do printf '<%s>' "$a"; done""", "sh", *arguments)
    assert (code, output) == (0, "".join(f"<{argument}>" for argument in arguments))


async def test_a_command_line_of_64_kilobytes_arrives(run: Run) -> None:
    assert await run("sh", "-c", 'printf %s "$1" | wc -c', "sh", "x" * 65_536) == (0, "65536\n")


async def test_a_program_runs_where_it_is_told_to(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "with space\nand 日本"
    folder.mkdir()
    code, output = await run("pwd", cwd=folder)
    assert (code, Path(output[:-1]).resolve()) == (0, folder.resolve())


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
async def test_standard_input_is_what_was_given_then_the_end(run: Run, size: int) -> None:
    assert await run("sh", "-c", "wc -c | tr -d ' '", stdin=b"x" * size) == (0, f"{size}\n")


async def test_unread_standard_input_harms_nobody(run: Run) -> None:
    assert await run("sh", "-c", "exit 4", stdin=b"x" * 1_000_000) == (4, "")


async def test_the_environment_is_the_server_s(run: Run) -> None:
    assert await run("sh", "-c", 'echo "$FOR_COMMANDS"; command -v sh') == (
        0,
        f"fine\n{shutil.which('sh')}\n",
    )


async def test_an_environment_that_is_given_is_the_whole(run: Run) -> None:
    code, output = await run("sh", "-c", 'echo "$ONLY,$FOR_COMMANDS"', env={"ONLY": "this", "PATH": "/bin"})
    assert (code, output) == (0, "this,\n")


@pytest.mark.parametrize(
    ("argv", "cwd"),
    [
        (("no-such-program",), "."),
        (("./no-such-file",), "."),
        (("./data.txt",), "."),
        (("true",), "gone"),
        (("true",), "data.txt"),
        (("echo", "a\0b"), "."),
        (("echo", "x" * 3_000_000), "."),
    ],
    ids=["no program", "no file", "no right", "no folder", "a file for a folder", "NUL", "too long"],
)
async def test_what_cannot_be_started_is_said_and_harms_nobody(
    run: Run, tmp_path: Path, argv: tuple[str, ...], cwd: str
) -> None:
    (tmp_path / "data.txt").write_text("data")
    (tmp_path / "data.txt").chmod(0o600)
    with pytest.raises(ToolFailed, match=f"^cannot start {argv[0]}: "):
        await run(*argv, cwd=tmp_path / cwd)
    with pytest.raises(ToolFailed, match=f"^cannot start {argv[0]}: "):
        await run.runner.start(ProcessRequest(argv=argv, cwd=tmp_path / cwd))
    assert await run("sh", "-c", "exit 5") == (5, "")


async def test_a_run_ends_at_its_time_out(runner: ProcessRunner, tmp_path: Path) -> None:
    chunks: list[bytes] = []
    request = ProcessRequest(argv=("sh", "-c", "echo early; sleep 60"), cwd=tmp_path, timeout_s=0.3)
    result = await runner.run(request, chunks.append)
    assert result.timed_out
    assert result.exit_code < 0
    assert 0.25 < result.duration_s < 5
    assert b"".join(chunks) == b"early\n"


async def test_a_program_in_time_did_not_time_out(runner: ProcessRunner, tmp_path: Path) -> None:
    result = await runner.run(ProcessRequest(argv=("true",), cwd=tmp_path, timeout_s=30))
    assert not result.timed_out
    assert 0 < result.duration_s < 30


async def test_cancelling_a_run_ends_it(runner: ProcessRunner, tmp_path: Path) -> None:
    started = asyncio.Event()
    request = ProcessRequest(argv=("sh", "-c", "echo here; sleep 60; touch late"), cwd=tmp_path)
    call = asyncio.create_task(runner.run(request, lambda _: started.set()))
    await started.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert not (tmp_path / "late").exists()


async def test_closing_the_output_is_not_the_end(run: Run) -> None:
    assert await run("sh", "-c", "echo out; exec >&- 2>&-; sleep 0.1; exit 8") == (8, "out\n")


async def test_a_started_program_is_there_at_once(runner: ProcessRunner, tmp_path: Path) -> None:
    request = ProcessRequest(argv=("sh", "-c", "echo one; read -r line; echo $line; sleep 60"), cwd=tmp_path)
    process = await runner.start(request)
    assert process.finished is None
    await process.stop()
    assert process.finished is not None
    assert process.finished.exit_code < 0
    assert await process.wait() == process.finished
    await process.stop()


async def test_a_started_program_keeps_what_it_wrote(runner: ProcessRunner, tmp_path: Path) -> None:
    chunks: list[bytes] = []
    request = ProcessRequest(argv=("sh", "-c", "echo one; echo two >&2; exit 3"), cwd=tmp_path)
    process = await runner.start(request, chunks.append)
    result = await process.wait()
    assert (result.exit_code, process.output, process.output_bytes) == (3, b"one\ntwo\n", 8)
    assert b"".join(chunks) == process.output


async def test_cancelling_a_wait_does_not_end_the_program(runner: ProcessRunner, tmp_path: Path) -> None:
    process = await runner.start(ProcessRequest(argv=("sh", "-c", "sleep 0.3; exit 9"), cwd=tmp_path))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await process.wait()
    assert process.finished is None
    assert (await process.wait()).exit_code == 9


async def test_a_started_program_ends_at_its_time_out(runner: ProcessRunner, tmp_path: Path) -> None:
    process = await runner.start(ProcessRequest(argv=("sleep", "60"), cwd=tmp_path, timeout_s=0.2))
    assert (await process.wait()).timed_out


async def test_many_run_side_by_side(run: Run, runner: ProcessRunner, tmp_path: Path) -> None:
    async def one(number: int) -> tuple[int, str]:
        return await Run(runner, tmp_path)("sh", "-c", f"echo {number}; exit {number}")

    assert await asyncio.gather(*map(one, range(12))) == [(n, f"{n}\n") for n in range(12)]
    assert await run("true") == (0, "")


async def test_a_listener_that_fails_ends_the_run_with_its_error(
    runner: ProcessRunner, tmp_path: Path
) -> None:
    def fail(data: bytes) -> None:
        raise LookupError("nowhere to put it")

    with pytest.raises(LookupError, match="nowhere"):
        await runner.run(ProcessRequest(argv=("sh", "-c", "echo x; sleep 60"), cwd=tmp_path), fail)
    assert (await runner.run(ProcessRequest(argv=("true",), cwd=tmp_path))).exit_code == 0
