"""Hooks that misbehave, as real processes: whatever they do, the answer comes and nothing stays behind."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.unit.hooks.rules import ORG, PROJECT, hook_call, rule

from droid.domain.hooks import HookCall, HookEvent, HookReply
from droid.domain.levels import SettingsLevel, Verdict
from droid.domain.policy import HookRule
from droid.hooks.inputs import Surroundings
from droid.hooks.runner import HookRunner
from droid.safety.git_facts import GitFacts
from droid.sandbox.environment import environment_for
from droid.sandbox.runner import WardenRunner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are not run there")

BIG = {"tool_name": "Create", "tool_input": {"content": "x" * 3_000_000}}


class Bench:
    def __init__(self, runner: HookRunner, folder: Path) -> None:
        self.runner, self.folder = runner, folder

    def call(self, event: HookEvent = HookEvent.PRE_TOOL_USE, **more: object) -> HookCall:
        return hook_call(event, cwd=self.folder, subjects=("Create",), fields=BIG, **more)

    async def one(
        self,
        command: str,
        *,
        level: SettingsLevel = PROJECT,
        event: HookEvent = HookEvent.PRE_TOOL_USE,
        timeout_s: float = 20.0,
    ) -> HookReply:
        """Run one hook."""
        outcome = await self.runner.run(
            [self.call(event)], [rule(event, command, level=level, timeout_s=timeout_s)]
        )
        (reply,) = outcome.replies
        return reply


@pytest_asyncio.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setenv("PAYMENT_API_KEY", "swordfish")
    processes = WardenRunner()
    around = Surroundings(
        env=environment_for(os.environ),
        argv=lambda command: ("bash", "-c", command),
        project=lambda rule: tmp_path,
        transcript=lambda session_id: "",
        environment_type=lambda folder: "local",
        user_id="ada",
        repository=lambda folder: GitFacts(place=str(folder)),
        place=lambda rule, folder: folder,
        refusal=lambda rule, folder: "is not trusted" if "untrusted" in rule.command else None,
    )
    yield Bench(HookRunner(processes, around), tmp_path)
    await processes.aclose()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_hook_that_hangs_is_ended_with_all_that_it_started(bench: Bench) -> None:
    hanging = "(setsid sh -c 'echo $$ > far; sleep 60' &) ; sleep 60 & echo $! > near; wait"
    reply = await bench.one(hanging, timeout_s=0.5)
    assert reply.error == "did not answer within 0.5 s and was ended"
    assert reply.exit_code is None
    pids = [int((bench.folder / name).read_text()) for name in ("near", "far")]
    assert not any(map(is_running, pids))


async def test_an_answer_after_the_time_is_up_is_none(bench: Bench) -> None:
    late = """trap 'echo "{\\"decision\\": \\"approve\\"}"; exit 0' TERM; sleep 60 & wait"""
    reply = await bench.one(late, timeout_s=0.4)
    assert (reply.verdict, bool(reply.error)) == (None, True)


async def test_what_a_hook_leaves_running_ends_with_it(bench: Bench) -> None:
    reply = await bench.one("(setsid sleep 60 & echo $! > left) ; echo said")
    assert (reply.exit_code, reply.output) == (0, "said")
    assert not is_running(int((bench.folder / "left").read_text()))


@pytest.mark.parametrize(
    ("flood", "output", "reason"),
    [
        ("head -c 3000000 /dev/zero | tr '\\0' a", "[cut: 65,536 of 3,000,000 bytes]", ""),
        ("head -c 3000000 /dev/zero | tr '\\0' a >&2; exit 2", "", "[cut: 65,536 of 3,000,000 bytes]"),
    ],
)
async def test_a_flood_is_cut_and_said_so(bench: Bench, flood: str, output: str, reason: str) -> None:
    reply = await bench.one(flood)
    assert (reply.output.endswith(output), reply.reason.endswith(reason)) == (True, True)
    assert len(reply.output) < 70_000
    assert len(reply.reason) < 70_000


async def test_a_flood_of_json_cannot_be_read(bench: Bench) -> None:
    flood = """python3 -c 'import json; print(json.dumps({"reason": "a" * 100000, "decision": "approve"}))'"""
    assert (await bench.one(flood, level=ORG)).verdict is Verdict.DENY
    assert (await bench.one(flood)).error == "wrote more JSON than is read"


@pytest.mark.parametrize("command", ["exec <&-; exit 0", "exit 0", "head -c 10 > /dev/null"])
async def test_nobody_has_to_read_what_a_hook_is_told(bench: Bench, command: str) -> None:
    reply = await bench.one(command)
    assert (reply.exit_code, reply.error) == (0, "")


CLOSED = {
    "exit 2": "echo no >&2; exit 2",
    "not there": "/no/such/program",
    "not runnable": "./data.txt",
    "a signal": "kill -9 $$",
    "a signal of its child": "bash -c 'kill -9 $$'; exit $?",
    "half an answer": """printf '{"decision": "appr'""",
    "a file of the repository": "untrusted.sh",
}


@pytest.mark.parametrize("command", CLOSED.values(), ids=CLOSED)
async def test_an_organisation_s_hook_fails_closed_and_a_project_s_open(bench: Bench, command: str) -> None:
    (bench.folder / "data.txt").write_text("x")
    org, project = await asyncio.gather(bench.one(command, level=ORG), bench.one(command))
    says_no = command.endswith("exit 2")
    assert org.verdict is Verdict.DENY
    assert project.verdict is (Verdict.DENY if says_no else None)
    assert bool(org.error) is not says_no
    assert org.reason


async def test_a_folder_that_is_gone_is_no_reason_not_to_ask(bench: Bench) -> None:
    gone = hook_call(cwd=bench.folder / "gone", subjects=("Create",))
    outcome = await bench.runner.run([gone], [rule(command="pwd; echo $FACTORY_PROJECT_DIR")])
    real = str(bench.folder.resolve())
    assert outcome.replies[0].output.splitlines() == [real, str(bench.folder)]


async def test_nothing_secret_is_in_the_environment(bench: Bench) -> None:
    reply = await bench.one("env")
    names = {line.partition("=")[0] for line in reply.output.splitlines()}
    assert {"FACTORY_PROJECT_DIR", "DROID_PLUGIN_ROOT"} <= names
    assert "swordfish" not in reply.output


async def test_all_that_match_run_side_by_side_and_identical_ones_once(bench: Bench) -> None:
    # Each waits for the other: one after the other, both would wait for ever.
    def meet(mine: str, other: str) -> str:
        return f"echo x >> {mine}; while [ ! -e {other} ]; do sleep 0.01; done"

    rules: list[HookRule] = [
        rule(command=meet("a", "b"), level=ORG),
        rule(command=meet("b", "a")),
        rule(command=meet("a", "b"), matcher="Create"),
    ]
    outcome = await bench.runner.run([bench.call()], rules)
    assert [one.exit_code for one in outcome.replies] == [0, 0]
    assert (bench.folder / "a").read_text() == "x\n"


async def test_a_cancel_ends_what_runs(bench: Bench) -> None:
    running = asyncio.create_task(bench.one("echo $$ > pid; exec sleep 60"))
    deadline = time.monotonic() + 20
    while not ((bench.folder / "pid").exists() and (bench.folder / "pid").read_text()):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not is_running(int((bench.folder / "pid").read_text()))
