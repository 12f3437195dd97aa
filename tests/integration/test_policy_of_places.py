"""Calls obey the strictest of what holds: for the folder, for the files they name, and when the turn began."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.integration.workbench import call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.errors import PolicyRefused
from droid.domain.events import DecisionMade, TurnEndReason
from droid.domain.levels import AutonomyLevel

DONE = {"text": "done"}
HIGH = AutonomyLevel.HIGH


def settings_in(folder: Path, value: dict[str, Any]) -> Path:
    path = folder / ".factory" / "settings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return path


async def test_a_file_in_a_stricter_folder_is_asked_about(tmp_path: Path) -> None:
    script = [
        calls(call("Create", file_path="free/a.txt", content="a")),
        calls(call("Create", file_path="strict/b.txt", content="b")),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        (bench.workspace / ".git").mkdir()
        settings_in(bench.workspace / "strict", {"maxAutonomyLevel": "off"})
        bench.replies = [Answer.REJECT]
        await bench.ask()
        assert bench.verdicts == ["Create allow", "Create ask", "Create deny"]
        asked = bench.events(DecisionMade)[1].decision
        assert "strict/.factory/settings.json" in asked.reason


async def test_a_file_of_another_repository_obeys_that_ones_settings(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / ".git").mkdir(parents=True)
    path = settings_in(other, {"maxAutonomyLevel": "off"})
    script = [calls(call("Create", file_path=str(other / "a.txt"), content="a")), DONE]
    async with workbench(tmp_path, script) as bench:
        bench.replies = [Answer.REJECT]
        await bench.ask()
        assert not (other / "a.txt").exists()
        asked = bench.events(DecisionMade)[0].decision
        rules = [(entry.step, entry.file) for entry in asked.trace if entry.file]
        assert ("autonomy", str(path)) in rules


async def test_a_turn_ends_under_the_stricter_of_old_and_new(tmp_path: Path) -> None:
    made = [calls(call("Execute", command=f"touch {name}"), text=name) for name in "abc"]
    async with workbench(
        tmp_path,
        [*made[:2], DONE, made[2], DONE],
        settings={"maxAutonomyLevel": "low"},
        autonomy=AutonomyLevel.LOW,
    ) as bench:
        home = tmp_path / "home" / ".factory" / "settings.json"
        before = json.loads(home.read_text())

        def loosen(record: Any) -> None:
            # The model has answered and no call runs: a person edits the file, and raises the session.
            if record.event.type == "assistant_answered" and bench.session.autonomy is not HIGH:
                home.write_text(json.dumps(before | {"maxAutonomyLevel": "high"}))
                bench.runtime.policies.engine.changed()
                bench.session.set_autonomy(HIGH)

        bench.session.subscribe(loosen)
        bench.replies = [Answer.ONCE] * 2
        await bench.ask()
        assert bench.verdicts == ["Execute ask", "Execute allow"] * 2
        await bench.ask("again")
        assert bench.verdicts[4:] == ["Execute allow"]


async def test_what_tightens_applies_to_a_turn_that_runs(tmp_path: Path) -> None:
    script = [calls(call("Create", file_path="a.txt", content="a")), DONE]
    async with workbench(tmp_path, script) as bench:

        def tighten(record: Any) -> None:
            if record.event.type == "assistant_answered":
                settings_in(bench.workspace, {"maxAutonomyLevel": "off"})
                bench.runtime.policies.engine.changed()

        bench.session.subscribe(tighten)
        bench.replies = [Answer.REJECT]
        await bench.ask()
        assert bench.verdicts == ["Create ask", "Create deny"]


async def test_what_a_command_writes_into_the_settings_does_not_loosen_them(tmp_path: Path) -> None:
    home = tmp_path / "home" / ".factory" / "settings.json"
    loosen = f'sed -i \'s/"maxAutonomyLevel": "off"/"maxAutonomyLevel": "high"/\' {home}'
    script = [calls(call("Execute", command=loosen)), calls(call("Execute", command="touch made")), DONE]
    async with workbench(
        tmp_path, script, settings={"maxAutonomyLevel": "off"}, autonomy=AutonomyLevel.OFF
    ) as bench:
        bench.replies = [Answer.ONCE, Answer.REJECT]
        await bench.ask()
        assert '"maxAutonomyLevel": "high"' in home.read_text(), "the person allowed the command itself"
        assert bench.verdicts[-1] == "Execute deny"
        assert not (bench.workspace / "made").exists()
        with pytest.raises(PolicyRefused, match="above the maximum off"):
            bench.session.set_autonomy(HIGH)
        bench.runtime.policies.engine.confirm(home)
        bench.session.set_autonomy(HIGH)


@pytest.mark.parametrize(
    "command",
    [
        "mkdir -p pkg/new/.git && cd pkg/new",
        "mv .git gone",
        "cd ..",
    ],
)
async def test_no_command_leads_out_of_the_settings_of_the_workspace(tmp_path: Path, command: str) -> None:
    script = [
        calls(call("Execute", command=command)),
        DONE,
        calls(call("Create", file_path=str(tmp_path / "work/pkg/new/a.txt"), content="a")),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        (bench.workspace / ".git").mkdir()
        (bench.workspace / "pkg").mkdir()
        settings_in(bench.workspace, {"maxAutonomyLevel": "medium"})
        settings_in(bench.workspace / "pkg", {"maxAutonomyLevel": "off"})
        bench.replies = [Answer.ONCE]
        await bench.ask()
        bench.replies = [Answer.REJECT]
        await bench.ask("again")
        asked = next(one.decision for one in bench.events(DecisionMade) if one.tool == "Create")
        assert "pkg/.factory/settings.json" in asked.reason
        assert bench.verdicts[-1] == "Create deny"


async def test_a_git_folder_that_appears_in_the_workspace_cuts_no_settings_off(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    settings_in(tmp_path, {"maxAutonomyLevel": "off"})
    async with workbench(tmp_path, [DONE], autonomy=AutonomyLevel.OFF) as bench:
        assert bench.runtime.policy.max_autonomy is AutonomyLevel.OFF
        (bench.workspace / ".git").mkdir()
        bench.runtime.policies.engine.changed()
        assert bench.runtime.policy.max_autonomy is AutonomyLevel.OFF


async def test_what_a_command_writes_after_its_call_does_not_loosen_the_settings(tmp_path: Path) -> None:
    home = tmp_path / "home" / ".factory" / "settings.json"
    go = tmp_path / "go"
    loosen = f'cat {go}; sed -i \'s/"maxAutonomyLevel": "off"/"maxAutonomyLevel": "high"/\' {home}'
    script = [
        calls(call("Execute", command=loosen, run_in_background=True)),
        DONE,
        calls(call("Execute", command="touch made")),
        DONE,
    ]
    async with workbench(
        tmp_path, script, settings={"maxAutonomyLevel": "off"}, autonomy=AutonomyLevel.OFF
    ) as bench:
        os.mkfifo(go)
        bench.replies = [Answer.ONCE, Answer.REJECT]
        await bench.ask()
        await asyncio.to_thread(go.write_text, "go")
        [job] = bench.session._core.jobs.values()  # pyright: ignore[reportPrivateUsage]
        await job.wait()
        assert '"maxAutonomyLevel": "high"' in home.read_text()
        await bench.ask("again")
        assert bench.verdicts[-1] == "Execute deny"
        assert bench.runtime.policy.max_autonomy is AutonomyLevel.OFF
        bench.runtime.policies.engine.confirm(home)
        assert bench.runtime.policy.max_autonomy is HIGH
        # Nothing runs any more: what a person changes now counts at once.
        home.write_text(home.read_text().replace("high", "low"))
        bench.runtime.policies.engine.changed()
        assert bench.runtime.policy.max_autonomy is AutonomyLevel.LOW


async def test_a_model_that_policy_takes_away_is_not_asked_again(tmp_path: Path) -> None:
    script = [calls(call("Read", file_path="a.txt")), DONE]
    async with workbench(tmp_path, script) as bench:
        bench.write("a.txt", "x")
        (bench.workspace / ".git").mkdir()

        def forbid(record: Any) -> None:
            if record.event.type == "tool_finished":
                settings_in(bench.workspace, {"modelPolicy": {"blockedModelIds": ["fake"]}})
                bench.runtime.policies.engine.changed()

        bench.session.subscribe(forbid)
        ended = await bench.ask()
        assert ended.reason is TurnEndReason.POLICY
        assert "blockedModelIds of project settings" in ended.message
        assert len(bench.server.requests) == 1
        with pytest.raises(PolicyRefused, match="blockedModelIds"):
            bench.session.set_model("custom:fake")
        with pytest.raises(PolicyRefused, match="blockedModelIds"):
            bench.runtime.resolve_model("fake")


async def test_a_session_ends_its_turns_at_the_budget_of_the_settings(tmp_path: Path) -> None:
    paid = {"usage": {"input_tokens": 1_000, "output_tokens": 0}}
    script = [calls(call("Read", file_path="a.txt")) | paid, {"text": "one", **paid}, {"text": "two"}]
    async with workbench(tmp_path, script, settings={"budget": {"maxUsdPerSession": 0.0015}}) as bench:
        bench.write("a.txt", "x")
        assert (await bench.ask()).reason is TurnEndReason.DONE
        ended = await bench.ask("more")
        assert ended.reason is TurnEndReason.BUDGET
        assert "the session's limit of $0.0015 is reached" in ended.message
        assert len(bench.server.requests) == 2
