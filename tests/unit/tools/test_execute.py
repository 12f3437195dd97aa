"""`Execute`, over a plain process runner."""

import asyncio
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.tools.workbench import Workbench

from droid.domain.errors import InvalidToolInput, ToolFailed
from droid.domain.ports import RunningProcess
from droid.domain.processes import ProcessRequest, ProcessResult
from droid.domain.tools import ToolAccess
from droid.tools import shell
from droid.tools.execute import DEFAULT_TIMEOUT_S, MAX_TIMEOUT_S, Execute
from droid.tools.shell import Shell

EXECUTE = Execute()


def test_the_model_is_told_this() -> None:
    assert EXECUTE.spec.name == "Execute"
    assert not EXECUTE.spec.read_only
    assert EXECUTE.spec.input_schema == {
        "type": "object",
        "properties": {
            "command": {"type": "string", "description": "The bash command."},
            "timeout": {
                "type": "number",
                "description": "Seconds until it is ended; 120 if left out, at most 600.",
                "minimum": 1,
            },
            "run_in_background": {
                "type": "boolean",
                "description": "Return a task id at once; for servers and anything that runs longer.",
            },
        },
        "required": ["command"],
        "additionalProperties": False,
    }
    assert "run_in_background" in EXECUTE.spec.description
    assert len(EXECUTE.spec.description) < 1000


@pytest.mark.parametrize("command", ["ls", "  spaced  ", "a\nb\n", "echo 'x' # y", "é"])
def test_the_gate_is_told_the_exact_command(command: str) -> None:
    call = EXECUTE.validate({"command": command})
    assert EXECUTE.access(call) == ToolAccess(command=command)


@pytest.mark.parametrize(
    ("command", "title"),
    [
        ("pytest -q", "Execute pytest -q"),
        ("\n  cd x\nmake\n", "Execute cd x …"),
        ("a\tb\x1b[31m", "Execute a b [31m"),
        ("ls \u202e# x", "Execute ls ⟨U+202E⟩# x"),
        ("git\u200b pu\u200dsh\ufe0f", "Execute git⟨U+200B⟩ pu⟨U+200D⟩sh⟨U+FE0F⟩"),
        ("e\u2060\xad\u3164\U000e0041", "Execute e⟨U+2060⟩⟨U+00AD⟩⟨U+3164⟩⟨U+E0041⟩"),
        ("echo می\u200cخواهم ✔\ufe0f", "Execute echo می خواهم ✔\ufe0f"),
        ("x" * 500, "Execute " + "x" * 111 + "…"),
    ],
)
def test_the_title_is_one_line(command: str, title: str) -> None:
    assert EXECUTE.title(EXECUTE.validate({"command": command})) == title


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "`command` is required"),
        ({"command": "  \n"}, "`command` is empty"),
        ({"command": "a\0b"}, "`command` has a NUL character"),
        ({"command": "ls", "timeout": 0}, "`timeout` must be at least 1"),
        ({"command": "ls", "cwd": "/"}, "`cwd` is not an argument"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidToolInput, match=says):
        EXECUTE.validate(arguments)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("echo hi", "hi"),
        ("printf 'a\\n\\n\\n'", "a"),
        ("printf '\\n  indented'", "\n  indented"),
        ("echo out; echo err >&2", "out\nerr"),
        ("true", "(no output)"),
        ("echo '   '", "(no output)"),
        ("printf '\\033[32mgreen\\033[0m 10%%\\r100%%\\n'", "100%"),
        ("printf '\\377\\0'", "\ufffd\ufffd"),
        ("read x || echo end of input", "end of input"),
        ("exit 3", "error: (no output)\n[exit code 3]"),
        ("echo oops; exit 1", "error: oops\n\n[exit code 1]"),
        ("kill -TERM $$", "error: (no output)\n[killed by signal 15 (SIGTERM)]"),
        ("no-such-command-x", "error: bash: line 1: no-such-command-x: command not found\n\n[exit code 127]"),
    ],
)
async def test_the_result_is_what_was_written_and_how_it_ended(
    bench: Workbench, command: str, text: str
) -> None:
    assert await bench.text(EXECUTE, command=command) == text


async def test_the_exit_code_is_told_beside_the_text(bench: Workbench) -> None:
    result = await bench.call(EXECUTE, command="exit 3")
    assert (result.exit_code, result.is_error, result.cwd) == (3, True, None)
    result = await bench.call(EXECUTE, command="true")
    assert (result.exit_code, result.is_error, result.cwd) == (0, False, None)


async def test_long_output_is_cut_and_kept_in_a_file(bench: Workbench) -> None:
    result = await bench.call(EXECUTE, command="seq 1 20000; exit 2")
    assert result.full_output is not None
    assert Path(result.full_output).read_text() == "".join(f"{number}\n" for number in range(1, 20_001))
    assert result.full_output in result.text
    assert result.text.startswith("1\n2\n")
    assert result.text.endswith("\n20000\n\n[exit code 2]")
    assert len(result.text) < 31_000


@pytest.mark.parametrize(("asked", "given"), [(None, DEFAULT_TIMEOUT_S), (5, 5), (600, MAX_TIMEOUT_S)])
async def test_the_time_out_is_what_was_asked_for(bench: Workbench, asked: int | None, given: float) -> None:
    await bench.text(EXECUTE, command="true", **({} if asked is None else {"timeout": asked}))
    assert bench.processes.requests[-1].timeout_s == given


async def test_a_time_out_beyond_the_longest_is_lowered_and_said(bench: Workbench) -> None:
    text = await bench.text(EXECUTE, command="echo x", timeout=120_000)
    assert bench.processes.requests[-1].timeout_s == MAX_TIMEOUT_S
    assert text == "x\n\n[the time-out of 120000 s was lowered to the longest, 600 s]"


async def test_a_time_out_says_what_can_be_done(bench: Workbench) -> None:
    result = await bench.call(EXECUTE, command="echo early; sleep 60", timeout=1)
    assert result.is_error
    assert result.text == (
        "early\n\n[timed out after 1 s and was ended, with everything that it started; "
        "if it needs longer, set `timeout` (at most 600) or use `run_in_background`]"
    )


@pytest.mark.parametrize(
    ("command", "folder", "says"),
    [
        ("true", None, "(no output)"),
        ("cd .", None, "(no output)"),
        ("cd sub; cd ..", None, "(no output)"),
        ("cd link-to-here", None, "(no output)"),
        ("cd sub", "sub", "(no output)\n[the working folder is now {folder}]"),
        ("cd sub; exit 3", "sub", "error: (no output)\n[the working folder is now {folder}]\n[exit code 3]"),
        ("cd sub; echo x", "sub", "x\n\n[the working folder is now {folder}]"),
        (
            "mkdir brief; cd brief; rmdir ../brief",
            None,
            "(no output)\n[{root}/brief does not exist any more: the working folder is {root}]",
        ),
    ],
)
async def test_the_folder_is_kept(bench: Workbench, command: str, folder: str | None, says: str) -> None:
    (bench.root / "sub").mkdir()
    (bench.root / "link-to-here").symlink_to(bench.root)
    result = await bench.call(EXECUTE, command=command)
    assert result.cwd == (None if folder is None else str(bench.root / folder))
    text = f"error: {result.text}" if result.is_error else result.text
    assert text == says.format(folder=bench.root / str(folder), root=bench.root)
    assert list((bench.root / ".artifacts").iterdir()) == []


async def test_a_folder_that_is_gone_is_replaced_by_the_workspace(bench: Workbench) -> None:
    bench.cwd = bench.root / "gone"
    result = await bench.call(EXECUTE, command="pwd")
    assert result.text == (
        f"{bench.root}\n\n[{bench.root / 'gone'} does not exist any more: run in {bench.root}]"
    )
    assert result.cwd == str(bench.root)


async def test_a_workspace_that_is_gone_is_a_failure(bench: Workbench) -> None:
    bench.root.rmdir()
    assert await bench.text(EXECUTE, command="pwd") == (
        f"failed: the workspace {bench.root} does not exist any more"
    )


async def test_a_command_that_removes_the_workspace_is_survived(bench: Workbench) -> None:
    result = await bench.call(EXECUTE, command=f"rm -rf {shlex.quote(str(bench.root))}")
    assert result.exit_code == 0
    assert "does not exist any more" in result.text


async def test_without_room_for_its_own_files_it_runs_all_the_same(bench: Workbench) -> None:
    bench.write(".artifacts", "a file where the folder should be")
    result = await bench.call(EXECUTE, command="cd /; seq 1 20000")
    assert result.text.endswith("\n20000")
    assert "the rest could not be kept: " in result.text
    assert (result.cwd, result.full_output) == (None, None)


@pytest.mark.parametrize("call_id", ["call_0", "../../etc/x", "a/b", "", "日本", "x" * 300])
async def test_a_call_s_files_stay_in_their_folder(bench: Workbench, call_id: str) -> None:
    context = replace(bench.context, call_id=call_id)
    result = await EXECUTE.run(EXECUTE.validate({"command": "cd /; seq 1 20000"}), context)
    assert result.full_output is not None
    assert Path(result.full_output).parent == bench.root / ".artifacts"
    assert result.cwd == "/"


async def test_output_is_shown_while_the_command_runs(bench: Workbench) -> None:
    pieces: list[str] = []
    seen = asyncio.Event()

    def emit(text: str) -> None:
        pieces.append(text)
        seen.set()

    context = replace(bench.context, emit=emit)
    call = EXECUTE.validate({"command": "echo first; until test -e go; do sleep 0.01; done; echo last"})
    running = asyncio.create_task(EXECUTE.run(call, context))
    await seen.wait()
    assert pieces == ["first\n"]
    assert not running.done()
    bench.write("go")
    result = await running
    assert "".join(pieces) == "first\nlast\n"
    assert result.text == "first\nlast"


async def test_where_there_is_no_bash_the_result_says_so(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "_find_shell", lambda _: Shell(program="/bin/sh", note="[run with sh]"))
    assert await bench.text(EXECUTE, command="echo x") == "x\n\n[run with sh]"


async def test_what_cannot_be_started_is_a_failure(bench: Workbench) -> None:
    class Broken:
        async def run(
            self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
        ) -> ProcessResult:
            raise ToolFailed("cannot start bash: too many open files")

        async def start(
            self, request: ProcessRequest, on_output: Callable[[bytes], None] | None = None
        ) -> RunningProcess:
            raise ToolFailed("cannot start bash: too many open files")

    context = replace(bench.context, processes=Broken())
    for background in (False, True):
        call = EXECUTE.validate({"command": "true", "run_in_background": background})
        with pytest.raises(ToolFailed, match="too many open files"):
            await EXECUTE.run(call, context)
    assert context.jobs == {}


async def test_background_work_is_asked_for_by_id(bench: Workbench) -> None:
    context = bench.context
    call = EXECUTE.validate({"command": "cd /; sleep 60", "run_in_background": True})
    first = await EXECUTE.run(call, context)
    second = await EXECUTE.run(call, context)
    assert first.text == (
        "Started in the background as task-1. TaskOutput shows what it writes, TaskStop ends it."
    )
    assert "task-2" in second.text
    assert (first.cwd, first.exit_code, first.is_error) == (None, None, False)
    assert [request.timeout_s for request in bench.processes.requests] == [None, None]
    for job in context.jobs.values():
        await job.stop()


async def test_only_so_many_run_in_the_background(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("droid.tools.background.MAX_RUNNING", 2)
    context = bench.context
    call = EXECUTE.validate({"command": "sleep 60", "run_in_background": True})
    for _ in range(2):
        await EXECUTE.run(call, context)
    with pytest.raises(ToolFailed, match="2 background tasks are running; stop one first: task-1, task-2"):
        await EXECUTE.run(call, context)
    await context.jobs["task-1"].stop()
    assert "task-3" in (await EXECUTE.run(call, context)).text
    for job in context.jobs.values():
        await job.stop()


async def test_old_finished_tasks_are_forgotten(bench: Workbench) -> None:
    context = bench.context
    call = EXECUTE.validate({"command": "true", "run_in_background": True})
    for _ in range(30):
        await EXECUTE.run(call, context)
        for job in context.jobs.values():
            await job.wait()
    assert len(context.jobs) <= 22
