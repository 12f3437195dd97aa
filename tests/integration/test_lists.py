"""Lists of commands in a whole runtime: blocked in scripts too, allowed for good by an answer."""

import json
from pathlib import Path

from tests.integration.workbench import call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.events import ApprovalWanted, DecisionMade, GrantAdded, Warned
from droid.domain.levels import AutonomyLevel

DONE = {"text": "done"}


def execute(command: str, call_id: str = "", **more: object) -> dict[str, object]:
    return dict(calls(call("Execute", call_id=call_id, command=command, **more)))


def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / ".factory" / "settings.json"


async def test_a_blocked_program_does_not_run_in_a_script_either(tmp_path: Path) -> None:
    script = [
        execute("uname -a", "c1"),
        execute("sh ./see.sh", "c2"),
        execute("sh ./see.sh", "c3", run_in_background=True),
        calls(call("TaskOutput", call_id="c4", task_id="task-1", block=True)),
        DONE,
    ]
    blocked = {"commandBlocklist": ["uname"]}
    async with workbench(tmp_path, script, settings=blocked, skip_permissions=True) as bench:
        bench.write("see.sh", "uname -a\n")
        await bench.ask()
        assert [verdict.split()[1] for verdict in bench.verdicts] == ["deny", "allow", "allow", "allow"]
        refused, ran, _, background = bench.results
        assert "`uname` is blocked" in refused.text
        assert f"{settings_file(tmp_path)}:1" in refused.text
        said = f"uname is blocked by user settings ({settings_file(tmp_path)}:1)"
        assert ran.text.startswith(said)
        assert ran.exit_code == 126
        assert said in background.text


async def test_always_writes_the_entry_and_is_not_asked_again(tmp_path: Path) -> None:
    steps = [execute("touch one", "c1"), execute("touch one", "c2"), DONE, execute("touch one", "c3"), DONE]
    async with workbench(tmp_path, steps, autonomy=AutonomyLevel.OFF) as bench:
        file = settings_file(tmp_path)
        before = file.read_text()
        file.write_text(before.replace("{", "{ // mine\n", 1))
        bench.replies = [Answer.ALWAYS]
        await bench.ask()
        (asked,) = bench.events(ApprovalWanted)
        assert asked.request.always == "touch one"
        assert "// mine" in file.read_text()
        assert '"commandAllowlist": ["touch one"]' in file.read_text()
        await bench.ask()
        assert len(bench.events(ApprovalWanted)) == 1
        trace = bench.events(DecisionMade)[-1].decision.trace
        assert any("`touch one` is allowed" in entry.rule for entry in trace)
        assert not bench.runtime.policies.snapshot().unconfirmed


async def test_what_cannot_be_written_is_allowed_once_and_said(tmp_path: Path) -> None:
    steps = [execute("touch one", "c1"), execute("touch one", "c2"), DONE]
    async with workbench(tmp_path, steps, autonomy=AutonomyLevel.OFF) as bench:
        settings_file(tmp_path).chmod(0o666)
        bench.replies = [Answer.ALWAYS, Answer.REJECT]
        await bench.ask()
        assert (bench.workspace / "one").exists()
        assert len(bench.events(ApprovalWanted)) == 2
        (warned,) = bench.events(Warned)
        assert "allowed this once, not always" in warned.message
        assert "can be written by others" in warned.message
        assert "commandAllowlist" not in json.loads(settings_file(tmp_path).read_text())


async def test_a_program_of_the_session_is_kept_when_the_session_goes_on(tmp_path: Path) -> None:
    steps = [execute("git init -q .", "c1"), execute("git commit --allow-empty -m 1", "c2"), DONE]
    async with workbench(tmp_path, steps, autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [Answer.ONCE, Answer.SESSION_PROGRAM]
        await bench.ask()
        assert len(bench.events(GrantAdded)) == 1
        session_id = bench.session.id
    later = [
        execute("git commit --allow-empty -m 2", "d1"),
        execute("git commit --allow-empty -m 3 > log", "d2"),
        DONE,
    ]
    async with workbench(tmp_path, later, resume=session_id) as bench:
        bench.replies = [Answer.REJECT]
        await bench.ask()
        (asked,) = bench.events(ApprovalWanted)
        assert asked.request.subject.endswith("> log")
        assert asked.request.session_program is None
