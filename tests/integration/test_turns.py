"""Whole turns: the loop, the tools, the gate and the transcript together."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.integration.workbench import call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.errors import PolicyRefused, ToolFailed
from droid.domain.events import (
    ApprovalAnswered,
    ApprovalWanted,
    AssistantAnswered,
    FilesChanged,
    QuestionAsked,
    Steered,
    TextDelta,
    ToolFinished,
    ToolOutputDelta,
    ToolProposed,
    ToolStarted,
    TurnEndReason,
    TurnStarted,
    Undone,
)
from droid.domain.levels import AutonomyLevel
from droid.engine.budget import Budgets

DONE = {"text": "done"}


async def test_a_turn_reads_edits_runs_and_answers(tmp_path: Path) -> None:
    script = [
        calls(call("Read", file_path="a.txt")),
        calls(call("Edit", file_path="a.txt", old_str="one", new_str="two")),
        calls(call("Execute", command="cat a.txt")),
        {"text": "changed it", "usage": {"input_tokens": 1_000_000, "output_tokens": 500_000}},
    ]
    async with workbench(tmp_path, script) as bench:
        path = bench.write("a.txt", "one\n")
        ended = await bench.ask("make it two")
        assert (ended.reason, ended.answer) == (TurnEndReason.DONE, "changed it")
        assert path.read_text() == "two\n"
        assert "two" in bench.results[2].text
        assert bench.verdicts == ["Read allow", "Edit allow", "Execute allow"]
        assert ended.steps == 4
        assert ended.cost_usd is not None
        assert ended.cost_usd >= 2.0
        [changed] = bench.events(FilesChanged)
        assert "-one\n+two" in changed.changes[0].diff


async def test_read_only_calls_run_side_by_side_and_results_keep_their_order(tmp_path: Path) -> None:
    many = [call("Grep", pattern=f"content {n}", call_id=f"c{n}") for n in range(5)]
    async with workbench(tmp_path, [calls(*many), DONE]) as bench:
        for n in range(5):
            bench.write(f"f{n}.txt", f"content {n}\n")
        await bench.ask()
        kinds = [type(r.event).__name__ for r in bench.records]
        first_end = kinds.index("ToolFinished")
        assert kinds[:first_end].count("ToolStarted") > 1
        sent = bench.server.requests[1]["body"]["messages"]
        results = [m for m in sent if m["role"] == "tool"]
        assert [m["tool_call_id"] for m in results] == [f"c{n}" for n in range(5)]


async def test_of_very_many_calls_only_some_run_side_by_side(tmp_path: Path) -> None:
    """Each beginning takes a moment of the loop; thousands at once would stop everything else."""
    many = [call("LS", call_id=f"c{number}", directory_path=".") for number in range(50)]
    async with workbench(tmp_path, [calls(*many), {"text": "ok"}]) as bench:
        await bench.ask()
        running = most = 0
        for record in bench.records:
            running += isinstance(record.event, ToolProposed) - isinstance(record.event, ToolFinished)
            most = max(most, running)
        assert len(bench.results) == 50
        assert 1 < most <= 16


async def test_writing_calls_run_one_at_a_time_in_order(tmp_path: Path) -> None:
    script = [
        calls(
            call("Execute", command="echo 1 >> log; sleep 0.1; echo 2 >> log"),
            call("Execute", command="echo 3 >> log"),
            call("Read", file_path="log"),
            call("Execute", command="echo 4 >> log"),
        ),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask()
        assert (bench.workspace / "log").read_text().split() == ["1", "2", "3", "4"]
        assert "3" in bench.results[2].text
        assert "4" not in bench.results[2].text.split()


async def test_an_approval_shows_exactly_what_would_run_and_lets_it(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch made")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [Answer.ONCE]
        await bench.ask()
        [asked] = bench.events(ApprovalWanted)
        assert (asked.request.subject, asked.request.tool, asked.request.risk) == (
            "touch made",
            "Execute",
            "medium",
        )
        assert asked.request.cwd == str(bench.workspace)
        assert (bench.workspace / "made").exists()
        assert bench.verdicts == ["Execute ask", "Execute allow"]


async def test_a_rejected_call_does_nothing_and_the_model_hears_why(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch made")), {"when": "use mkdir", "text": "I see"}]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [(Answer.INSTRUCT, "use mkdir instead")]
        ended = await bench.ask()
        assert ended.answer == "I see"
        assert not (bench.workspace / "made").exists()


async def test_an_edit_is_asked_about_with_its_diff(tmp_path: Path) -> None:
    script = [
        calls(call("Read", file_path="a.txt")),
        calls(call("Edit", file_path="a.txt", old_str="one", new_str="two")),
        DONE,
    ]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write("a.txt", "one\n")
        bench.replies = [Answer.REJECT]
        await bench.ask()
        [asked] = bench.events(ApprovalWanted)
        assert asked.request.subject == "a.txt"
        assert asked.request.diff is not None
        assert "-one\n+two\n" in asked.request.diff
        assert path.read_text() == "one\n"


async def test_a_session_grant_covers_the_same_command_and_no_other(tmp_path: Path) -> None:
    script = [
        calls(call("Execute", command="echo a >> log")),
        calls(call("Execute", command="echo a >> log ")),
        calls(call("Execute", command="echo b >> log")),
        DONE,
    ]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [Answer.SESSION, Answer.REJECT, Answer.REJECT]
        await bench.ask()
        asked = [e.request.subject for e in bench.events(ApprovalWanted)]
        assert asked[0] == "echo a >> log"
        assert asked[-1] == "echo b >> log"


async def test_the_same_command_twice_is_asked_once_after_a_session_grant(tmp_path: Path) -> None:
    same = call("Execute", command="echo a >> log")
    async with workbench(tmp_path, [calls(same), calls(same), DONE], autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [Answer.SESSION]
        await bench.ask()
        assert len(bench.events(ApprovalWanted)) == 1
        assert (bench.workspace / "log").read_text() == "a\na\n"


async def test_an_unanswered_approval_parks_the_turn_and_a_cancel_withdraws_it(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch made")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.OFF) as bench:
        bench.session.prompt("please")
        asked = await bench.until(ApprovalWanted)
        assert await bench.session.cancel()
        assert bench.session.answer(asked.request.approval_id, Answer.ONCE) is False
        assert bench.events(ApprovalAnswered)[0].answer is None
        assert (await bench.end()).reason is TurnEndReason.CANCELLED
        assert not (bench.workspace / "made").exists()


async def test_with_nobody_to_ask_the_first_such_call_ends_the_turn(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch a"), call("Execute", command="touch b")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.LOW, interactive=False) as bench:
        ended = await bench.ask()
        assert ended.reason is TurnEndReason.POLICY
        assert "needs a person" in ended.message
        assert "Not run" in bench.results[1].text
        assert list(bench.workspace.iterdir()) == []


async def test_with_nobody_to_ask_the_denial_can_go_to_the_model(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="touch a")), {"when": "nobody can be asked", "text": "fine"}]
    async with workbench(
        tmp_path, script, autonomy=AutonomyLevel.LOW, interactive=False, stop_on_ask=False
    ) as bench:
        assert (await bench.ask()).answer == "fine"


async def test_cancel_ends_a_running_command_at_once_and_says_what_happened(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="echo started; sleep 300")), DONE]
    async with workbench(tmp_path, script) as bench:
        bench.session.prompt("please")
        await bench.until(ToolOutputDelta, lambda e: "started" in e.text)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await bench.session.cancel()
        assert loop.time() - began < 1
        ended = await bench.end()
        assert ended.reason is TurnEndReason.CANCELLED
        assert "Cancelled" in bench.results[0].text


async def test_cancel_in_mid_stream_keeps_what_was_said_and_the_session_goes_on(tmp_path: Path) -> None:
    script = [{"text": "first second", "chunk_chars": 6, "chunk_delay_s": 30}, {"text": "and on"}]
    async with workbench(tmp_path, script) as bench:
        bench.session.prompt("please")
        await bench.until(TextDelta)
        await bench.session.cancel()
        kept = bench.events(AssistantAnswered)[0]
        assert kept.stop_reason is None
        assert kept.message.text.startswith("first")
        assert (await bench.ask("go on")).answer == "and on"


async def test_a_message_during_a_turn_joins_it_before_the_next_request(tmp_path: Path) -> None:
    script = [calls(call("Execute", command="sleep 0.3")), {"when": "use tabs", "text": "with tabs"}]
    async with workbench(tmp_path, script) as bench:
        turn = bench.session.prompt("please")
        await bench.until(ToolStarted)
        assert bench.session.prompt("use tabs") == turn
        assert (await bench.end()).answer == "with tabs"
        assert len(bench.events(Steered)) == 1


async def test_a_message_during_the_last_answer_is_not_lost(tmp_path: Path) -> None:
    script = [
        {"text": "a b c d", "chunk_chars": 1, "chunk_delay_s": 0.05},
        {"when": "wait", "text": "waited"},
    ]
    async with workbench(tmp_path, script) as bench:
        bench.session.prompt("please")
        await bench.until(TextDelta)
        bench.session.prompt("wait")
        assert (await bench.end()).answer == "waited"


async def test_a_second_prompt_is_refused_where_it_may_not_steer(tmp_path: Path) -> None:
    async with workbench(tmp_path, [{"text": "slow", "delay_s": 0.2}]) as bench:
        bench.session.prompt("please")
        with pytest.raises(PolicyRefused, match="a turn is running"):
            bench.session.prompt("again", steer=False)
        await bench.end()


async def test_undo_takes_the_turns_changes_back(tmp_path: Path) -> None:
    script = [
        calls(call("Read", file_path="a.txt")),
        calls(
            call("Edit", file_path="a.txt", old_str="one", new_str="two"),
            call("Create", file_path="new/b.txt", content="b"),
        ),
        calls(call("Edit", file_path="a.txt", old_str="two", new_str="three")),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        path = bench.write("a.txt", "one\n")
        await bench.ask()
        assert path.read_text() == "three\n"
        undone = await bench.session.undo()
        assert path.read_text() == "one\n"
        assert not (bench.workspace / "new/b.txt").exists()
        assert len(undone.changes) == 2
        assert bench.events(Undone) == [undone]
        with pytest.raises(ToolFailed, match="no turn with file changes"):
            await bench.session.undo()


async def test_undo_leaves_a_file_that_somebody_changed_since(tmp_path: Path) -> None:
    script = [
        calls(call("Create", file_path="a", content="a"), call("Create", file_path="b", content="b")),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask()
        (bench.workspace / "a").write_text("mine now")
        undone = await bench.session.undo()
        assert undone.conflicts == (str(bench.workspace / "a"),)
        assert (bench.workspace / "a").read_text() == "mine now"
        assert not (bench.workspace / "b").exists()


async def test_the_same_call_with_the_same_result_three_times_ends_the_turn(tmp_path: Path) -> None:
    same = {**calls(call("LS", directory_path=".")), "repeat": True}
    async with workbench(tmp_path, [same], interactive=False) as bench:
        ended = await bench.ask()
        assert ended.reason is TurnEndReason.LOOP
        assert ended.steps == 3


async def test_a_person_may_let_a_repeating_model_go_on(tmp_path: Path) -> None:
    same = {**calls(call("LS", directory_path=".")), "repeat": 3}
    async with workbench(tmp_path, [same, DONE]) as bench:
        bench.session.prompt("please")
        asked = await bench.until(QuestionAsked)
        bench.session.answer_question(asked.question.question_id, asked.question.options[0])
        assert (await bench.end()).answer == "done"


@pytest.mark.parametrize(
    ("budgets", "told"),
    [
        (Budgets(max_turns=2), "2 model requests"),
        (Budgets(max_tokens=50), "50 tokens"),
        (Budgets(max_usd=0.00001), "$1e-05"),
        (Budgets(time_limit_s=0.3), "time limit of 0.3 s"),
    ],
)
async def test_a_budget_ends_the_turn_and_the_session_stays_usable(
    tmp_path: Path, budgets: Budgets, told: str
) -> None:
    usage = {"input_tokens": 40, "output_tokens": 20}
    steps = [{**calls(call("Execute", command=f"sleep 0.1 # {n}")), "usage": usage} for n in range(8)]
    async with workbench(tmp_path, steps, budgets=budgets) as bench:
        ended = await bench.ask()
        assert ended.reason is TurnEndReason.BUDGET
        assert told in ended.message
        bench.server.play([{"text": "still here"}])
        assert (await bench.ask()).answer == "still here"


async def test_a_dry_run_decides_and_shows_but_changes_nothing(tmp_path: Path) -> None:
    script = [
        calls(call("Read", file_path="a.txt")),
        calls(
            call("Edit", file_path="a.txt", old_str="one", new_str="two"),
            call("Execute", command="touch made"),
        ),
        DONE,
    ]
    async with workbench(tmp_path, script, dry_run=True, autonomy=AutonomyLevel.OFF) as bench:
        path = bench.write("a.txt", "one\n")
        await bench.ask()
        assert path.read_text() == "one\n"
        assert not (bench.workspace / "made").exists()
        assert "-one\n+two" in bench.results[1].text
        assert bench.events(FilesChanged) == []


async def test_a_resumed_session_knows_everything_and_the_prefix_is_the_same(tmp_path: Path) -> None:
    script = [calls(call("Create", file_path="a", content="a")), DONE]
    async with workbench(tmp_path, script) as bench:
        await bench.ask("first")
        session_id = bench.session.id
        first = json.dumps(bench.server.requests[-1]["body"]["messages"])
    async with workbench(tmp_path, [{"text": "again"}], resume=session_id) as bench:
        assert (await bench.ask("second")).answer == "again"
        second = json.dumps(bench.server.requests[-1]["body"]["messages"])
        assert second.startswith(first[:-1])
        await bench.session.undo()
        assert not (bench.workspace / "a").exists()


async def test_a_fork_goes_its_own_way(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE, {"text": "forked"}, {"text": "original"}]) as bench:
        await bench.ask("first")
        fork = await bench.runtime.fork_session(bench.session.id)
        fork.prompt("in the fork")
        ended = await fork.wait()
        assert ended is not None
        assert ended.answer == "forked"
        assert (await bench.ask("in the original")).answer == "original"
        prompts = [r.event.prompt for r in fork.records if isinstance(r.event, TurnStarted)]
        assert prompts == ["first", "in the fork"]


async def test_rules_of_a_folder_join_when_its_files_are_first_touched(tmp_path: Path) -> None:
    script = [
        calls(call("Read", file_path="sub/a.txt")),
        calls(call("Read", file_path="sub/b.txt")),
        {"text": "done"},
    ]
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "AGENTS.md").write_text("Use tabs.")
    async with workbench(tmp_path, script) as bench:
        bench.write("sub/AGENTS.md", "Use spaces here.")
        bench.write("sub/a.txt", "a")
        bench.write("sub/b.txt", "b")
        await bench.ask()
        assert "Use tabs." in json.dumps(bench.server.requests[0]["body"]["messages"][0])
        assert "Use spaces here." in bench.results[0].text
        assert "Use spaces here." not in bench.results[1].text


async def test_the_working_folder_is_kept_between_commands(tmp_path: Path) -> None:
    script = [
        calls(call("Execute", command="mkdir sub && cd sub")),
        calls(call("Execute", command="touch here")),
        calls(call("Create", file_path="there", content="x")),
        DONE,
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask()
        assert sorted(p.name for p in (bench.workspace / "sub").iterdir()) == ["here", "there"]


async def test_mentions_bring_their_files_along(tmp_path: Path) -> None:
    async with workbench(tmp_path, [DONE]) as bench:
        bench.write("src/a.py", "".join(f"line {n}\n" for n in range(1, 31)))
        await bench.ask("look at @src/a.py:10-11, mail me@example.org and @nothing.here")
        sent = json.dumps(bench.server.requests[0]["body"]["messages"][-1])
        assert "10: line 10" in sent
        assert "12: line 12" not in sent
        assert "nothing.here" in sent


async def test_a_secret_is_neither_read_nor_attached(tmp_path: Path) -> None:
    async with workbench(tmp_path, [calls(call("Read", file_path=".env")), DONE]) as bench:
        bench.write(".env", "TOKEN=hunter2")
        await bench.ask("look at @.env")
        assert "hunter2" not in json.dumps(bench.server.requests)
        assert bench.verdicts == ["Read deny"]


async def test_a_link_to_a_secret_is_seen_through(tmp_path: Path) -> None:
    script = [calls(call("Read", file_path="innocent")), calls(call("Execute", command="cat innocent")), DONE]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.LOW) as bench:
        bench.write(".env", "TOKEN=hunter2")
        (bench.workspace / "innocent").symlink_to(".env")
        await bench.ask()
        assert bench.verdicts == ["Read deny", "Execute deny"]


async def test_what_is_written_outside_the_workspace_is_asked_about_at_any_level(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    script = [calls(call("Create", file_path=str(outside), content="x")), DONE]
    async with workbench(tmp_path, script) as bench:
        bench.replies = [Answer.REJECT]
        await bench.ask()
        assert bench.events(ApprovalWanted)[0].request.subject == str(outside)
        assert not outside.exists()


async def test_every_call_of_the_model_has_exactly_one_result(tmp_path: Path) -> None:
    twins = [call("LS", call_id="same", directory_path="."), call("LS", call_id="same", directory_path=".")]
    async with workbench(tmp_path, [calls(*twins), DONE]) as bench:
        await bench.ask()
        ids = [e.call_id for e in bench.events(ToolFinished)]
        assert len(ids) == len(set(ids)) == 2
