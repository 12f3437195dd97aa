"""Scripts in the shape of Factory's public hooks reference, run unchanged in whole sessions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.integration.workbench import call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.events import HookRan, TurnEndReason, TurnStarted, Warned
from droid.domain.levels import AutonomyLevel

SCRIPTS = Path(__file__).parents[1] / "data" / "hooks"


def hooks(**events: Any) -> Mapping[str, Any]:
    """Settings: for each event a script, or a script with its matcher."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for event, given in events.items():
        script, matcher = given if isinstance(given, tuple) else (given, "")
        command = str(SCRIPTS / script)
        groups[event] = [{"matcher": matcher, "hooks": [{"type": "command", "command": command}]}]
    return {"hooks": groups}


def told(server: Any, number: int = -1) -> str:
    """What the model was given with a request, as text."""
    return json.dumps(server.requests[number]["body"]["messages"])


async def test_a_guard_of_commands_denies_and_the_model_is_told_why(tmp_path: Path) -> None:
    script = [
        calls(call("Execute", command="rm -rf build"), call("Execute", command="echo fine")),
        {"text": "ok"},
    ]
    async with workbench(
        tmp_path, script, settings=hooks(PreToolUse=("refuse_rm_rf.py", "Execute|Edit"))
    ) as bench:
        bench.write("build/a.o", "x")
        await bench.ask()
        first, second = bench.results
        assert "deleting whole trees is not allowed here" in first.text
        assert second.text == "fine"
        assert (bench.workspace / "build/a.o").exists()
        verdicts = [(e.verdict and e.verdict.value, e.exit_code) for e in bench.events(HookRan)]
        assert verdicts == [("deny", 2), (None, 0)]


async def test_a_formatter_after_an_edit_changes_the_file_and_the_change_can_be_undone(
    tmp_path: Path,
) -> None:
    script = [calls(call("Create", file_path="a.py", content="x = 1   \n")), {"text": "ok"}]
    async with workbench(
        tmp_path, script, settings=hooks(PostToolUse=("format_after_edit.sh", "Edit|Create"))
    ) as bench:
        await bench.ask()
        assert (bench.workspace / "a.py").read_text() == "x = 1\n"
        assert "A hook changed a.py; read it again" in bench.results[0].text
        undone = await bench.session.undo()
        assert not undone.conflicts
        assert not (bench.workspace / "a.py").exists()


async def test_context_joins_a_prompt_and_a_password_keeps_one_from_being_used(tmp_path: Path) -> None:
    settings = hooks(UserPromptSubmit="add_context.py")
    async with workbench(tmp_path, [{"text": "ok"}, {"text": "ok"}], settings=settings) as bench:
        await bench.ask("hello")
        assert "branch names begin with the ticket. Mode: auto-high." in told(bench.server)
        ended = await bench.ask("my password: swordfish")
        assert ended.reason is TurnEndReason.POLICY
        assert ended.message == "there is a password in the prompt; leave it out"
        assert bench.events(TurnStarted)[-1].dropped
        await bench.ask("and now?")
        assert len(bench.server.requests) == 2
        assert "swordfish" not in told(bench.server)
        assert all("swordfish" not in str(record) for record in bench.session.records)


async def test_the_older_form_of_an_answer_spares_the_question(tmp_path: Path) -> None:
    script = [
        calls(call("Create", file_path="notes.md", content="x")),
        calls(call("Create", file_path="a.py", content="x")),
        {"text": "ok"},
    ]
    settings = hooks(PreToolUse="approve_docs.py", Notification="notify.sh")
    async with workbench(
        tmp_path, script, settings=settings, autonomy=AutonomyLevel.OFF, interactive=True
    ) as bench:
        bench.replies = [Answer.ONCE]
        await bench.ask()
        assert bench.verdicts == ["Create allow", "Create ask", "Create allow"]
        assert (bench.workspace / "notes.md").exists()
        await bench.until(HookRan, lambda ran: ran.event == "Notification")
        told_person = (bench.workspace / "notified.txt").read_text()
        assert told_person == "Droid needs your permission to use Create\n"


async def test_a_stop_hook_keeps_the_agent_going_once(tmp_path: Path) -> None:
    script = [{"text": "done"}, {"text": "it needs none"}]
    async with workbench(tmp_path, script, settings=hooks(Stop="finish_the_list.py")) as bench:
        ended = await bench.ask()
        assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "it needs none")
        assert "say whether the change log needs an entry" in told(bench.server)


async def test_a_start_tells_the_session_what_is_known(tmp_path: Path) -> None:
    settings = hooks(SessionStart=("load_context.sh", "startup|resume"))
    async with workbench(tmp_path, [{"text": "ok"}, {"text": "ok"}], settings=settings) as bench:
        await bench.ask()
        assert "This project sells books (startup)." in told(bench.server)
        await bench.ask()
        assert told(bench.server).count("sells books") == 1
        assert not bench.events(Warned)
        session_id = bench.session.id
    async with workbench(tmp_path, [{"text": "ok"}], settings=settings, resume=session_id) as bench:
        await bench.ask()
        assert "This project sells books (resume)." in told(bench.server)
