"""Questions to the person, as five real editors answer them: whatever is not a clear yes is a no."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import until
from tests.e2e.lsp_bench import editor_in, execute, session_document
from tests.fakes.lsp_client import DISMISS, NAMES, NEVER, LspError

RICH = {"api": 1, "approval": "rich", "transcript": "stream", "status": True, "input": True}
DONE = {"text": "done"}


def decisions(events: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """What was decided, in order, without what differs from run to run."""
    kinds = {"decision_made", "approval_answered", "tool_started", "turn_ended"}
    return [
        (
            event["type"],
            str(event.get("decision", {}).get("verdict") or event.get("answer") or event.get("reason") or ""),
        )
        for event in events
        if event["type"] in kinds
    ]


@pytest.mark.parametrize("profile", NAMES)
async def test_an_allowed_command_runs_in_every_editor(tmp_path: Path, profile: str) -> None:
    async with editor_in(tmp_path, execute("touch made"), DONE, profile=profile) as (client, bench):
        client.answers.append("Approve once")
        await client.command("droid.ask", {"prompt": "make it"})
        question = await client.question()
        assert "touch made" in question["message"]
        assert re.search("(low|medium|high) risk", question["message"])
        assert str(bench.workspace) in question["message"]
        assert "Asked because:" in question["message"]
        assert question["actions"][0] == "Reject"
        assert len(set(question["actions"])) == len(question["actions"])
        await asyncio.to_thread(until, (bench.workspace / "made").exists)


async def test_the_same_script_gives_the_same_decisions_in_all_editors(tmp_path: Path) -> None:
    told: dict[str, list[tuple[str, ...]]] = {}
    for profile in NAMES:
        folder = tmp_path / profile
        folder.mkdir()
        steps = (execute("touch one"), execute("touch two"), execute("git push --force"), DONE)
        async with editor_in(folder, *steps, profile=profile) as (client, bench):
            client.answers += ["Approve once", DISMISS if profile != "eglot" else "Reject", "Reject"]
            await client.command("droid.ask", {"prompt": "do it all"})
            await asyncio.to_thread(until, lambda b=bench: b.events()[-1]["type"] == "turn_ended")
            told[profile] = decisions(bench.events())
            assert (bench.workspace / "one").exists()
            assert not (bench.workspace / "two").exists()
    assert len(told["vscode"]) > 8
    assert all(one == told["vscode"] for one in told.values()), told


@pytest.mark.parametrize("profile", [name for name in NAMES if name != "eglot"])
async def test_dismissing_a_question_is_a_no(tmp_path: Path, profile: str) -> None:
    async with editor_in(tmp_path, execute("touch made"), DONE, profile=profile) as (client, bench):
        client.answers.append(DISMISS)
        await client.command("droid.ask", {"prompt": "make it"})
        await client.turn_ended()
        assert not (bench.workspace / "made").exists()
        assert ("approval_answered", "reject") in decisions(bench.events())


async def test_an_answer_of_the_wrong_shape_is_a_no(tmp_path: Path) -> None:
    shapes: list[Any] = [{"title": "Allow everything"}, {"title": 5}, "Approve once", 1, [], {}, True]
    shapes.append([{"title": "Approve once"}])
    async with editor_in(tmp_path, {**execute("touch made"), "when": "make"}, DONE) as (client, bench):
        for count, shape in enumerate(shapes, 1):
            bench.play(execute("touch made"), DONE)
            client.handlers["window/showMessageRequest"] = lambda _, shape=shape: shape
            await client.command("droid.ask", {"prompt": "make it"})
            await client.turn_ended(count)
            assert not (bench.workspace / "made").exists(), shape


async def test_a_question_that_the_editor_never_answers_is_answered_by_command(tmp_path: Path) -> None:
    """eglot: after C-g no answer ever comes, and the palette is the way on."""
    async with editor_in(tmp_path, execute("touch made"), DONE, profile="eglot") as (client, bench):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "make it"})
        await client.question()
        assert await client.command("droid.approve")
        await asyncio.to_thread(until, (bench.workspace / "made").exists)


async def test_an_answer_is_taken_once(tmp_path: Path) -> None:
    async with editor_in(tmp_path, execute("touch made"), execute("touch second"), DONE) as (client, bench):
        client.answers += [NEVER, NEVER]
        await client.command("droid.ask", {"prompt": "make it"})
        question = await client.question("touch made")
        approval = (await client.command("droid.status"))["approvalId"]
        await client.command("droid.approve", {"approvalId": approval})
        with pytest.raises(LspError, match="answered or withdrawn"):
            await client.command("droid.approve", {"approvalId": approval})
        with pytest.raises(LspError, match="answered or withdrawn"):
            await client.command("droid.reject", {"approvalId": approval})
        await client.question("touch second")
        client.answer(question, "Approve once")  # the old box, still on the screen
        late = await client.message("window/showMessage", lambda p: "too late" in p["message"])
        assert late
        assert not (bench.workspace / "second").exists()
        assert len(client.questions) == 2


async def test_approve_without_arguments_never_allows_what_is_not_shown(tmp_path: Path) -> None:
    steps = ({**execute("touch first"), "prompt": "first"}, {**execute("touch second"), "prompt": "second"})
    async with editor_in(tmp_path, *steps, DONE, DONE) as (client, bench):
        client.answers += [NEVER, NEVER]
        await client.command("droid.ask", {"prompt": "the first"})
        await client.question("touch first")
        other = await client.command("droid.session.new")
        await client.command("droid.ask", {"prompt": "the second", "sessionId": other["sessionId"]})
        await asyncio.to_thread(until, lambda: len(bench.server.requests) == 2)
        await client.until(lambda: _waits(client.received, 2))
        assert len(client.questions) == 1, "one open question, across all sessions"
        await client.command("droid.reject")
        await client.question("touch second")
        assert not (bench.workspace / "second").exists()
        await client.command("droid.approve")
        await asyncio.to_thread(until, (bench.workspace / "second").exists)
        assert not (bench.workspace / "first").exists()


def _waits(received: list[dict[str, Any]], count: int) -> bool:
    """Whether so many turns show that they wait for approval."""
    tokens = {
        one["params"]["token"]
        for one in received
        if one.get("method") == "$/progress" and "approval" in str(one["params"]["value"].get("message", ""))
    }
    return len(tokens) >= count


@pytest.mark.parametrize("profile", NAMES)
async def test_cancelling_a_turn_withdraws_its_question(tmp_path: Path, profile: str) -> None:
    async with editor_in(tmp_path, execute("touch made"), profile=profile) as (client, bench):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "make it"})
        question = await client.question()
        assert (await client.command("droid.cancel"))["cancelled"]
        withdrawn = await client.message("$/cancelRequest")
        assert withdrawn["params"]["id"] == question["id"]
        if not client.profile.habits.closes_withdrawn:
            client.answer(question, "Approve once")
            await client.message("window/showMessage", lambda p: "too late" in p["message"])
        with pytest.raises(LspError):
            await client.command("droid.approve")
        assert not (bench.workspace / "made").exists()


async def test_a_late_no_is_not_worth_a_message(tmp_path: Path) -> None:
    async with editor_in(tmp_path, execute("touch made")) as (client, _):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "make it"})
        question = await client.question()
        await client.command("droid.cancel")
        client.answer(question, DISMISS)
        client.answer(question, "Reject")
        await client.command("droid.status")
        shown = [
            one["params"]["message"] for one in client.received if one.get("method") == "window/showMessage"
        ]
        assert not [text for text in shown if "late" in text]


async def test_reject_and_instruct_takes_the_next_message_as_the_reason(tmp_path: Path) -> None:
    steps = (execute("touch made"), {"when": "use a file called other", "text": "as you wish"})
    async with editor_in(tmp_path, *steps) as (client, bench):
        client.answers.append("Reject and instruct")
        await client.command("droid.ask", {"prompt": "make it"})
        await client.message("window/showMessage", lambda p: "what to do instead" in p["message"])
        result = await client.command("droid.ask", {"prompt": "use a file called other"})
        assert result["answered"]
        await client.turn_ended()
        assert not (bench.workspace / "made").exists()
        answered = next(event for event in bench.events() if event["type"] == "approval_answered")
        assert answered["instruction"] == "use a file called other"
        assert "as you wish" in await client.until(lambda: _when(session_document(client), "as you wish"))


def _when(text: str, part: str) -> str:
    return text if part in text else ""


async def test_an_instruction_can_be_written_in_the_session_document(tmp_path: Path) -> None:
    steps = (execute("touch made"), {"when": "other folder", "text": "as you wish"})
    async with editor_in(tmp_path, *steps) as (client, bench):
        client.answers.append("Reject and instruct")
        await client.command("droid.ask", {"prompt": "make it"})
        await client.message("window/showMessage", lambda p: "what to do instead" in p["message"])
        buffer = await client.until(
            lambda: next((b for b in client.buffers.values() if "Approval needed" in b.text), None)
        )
        client.type(buffer.path, len(buffer.text), "the other folder\n")
        lenses = await client.request("textDocument/codeLens", {"textDocument": {"uri": buffer.uri}})
        (instruct,) = [one for one in lenses if "Reject and instruct: the other" in one["command"]["title"]]
        await client.command(instruct["command"]["command"], *instruct["command"]["arguments"])
        await client.turn_ended()
        answered = next(event for event in bench.events() if event["type"] == "approval_answered")
        assert answered["instruction"] == "the other folder"
        assert not (bench.workspace / "made").exists()


@pytest.mark.parametrize("profile", NAMES)
async def test_a_long_command_is_written_to_a_document_before_it_is_asked(
    tmp_path: Path, profile: str
) -> None:
    command = "touch made  # " + "x" * 3000 + " and at the very end: evil"
    async with editor_in(tmp_path, execute(command), DONE, profile=profile) as (client, bench):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "make it"})
        question = await client.question()
        assert "All of it is in" in question["message"]
        path = Path(question["message"].rpartition("All of it is in ")[2])
        assert "at the very end: evil" in path.read_text()
        assert path.is_relative_to(bench.workspace / ".factory" / "local")
        shown = [
            one["params"]["uri"] for one in client.received if one.get("method") == "window/showDocument"
        ]
        assert (path.as_uri() in shown) is (profile != "eglot")
        await client.command("droid.reject")
        await asyncio.to_thread(until, lambda: not path.exists())


@pytest.mark.parametrize("by_verb", [False, True])
@pytest.mark.parametrize("tampered", [False, True])
async def test_what_somebody_else_wrote_into_that_document_is_not_approved(
    tmp_path: Path, tampered: bool, by_verb: bool
) -> None:
    command = "touch made  # " + "x" * 3000
    async with editor_in(tmp_path, execute(command), DONE) as (client, bench):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "make it"})
        question = await client.question()
        if tampered:
            Path(question["message"].rpartition("All of it is in ")[2]).write_text("touch harmless\n")
        if not by_verb:
            client.answer(question, "Approve once")
        elif tampered:
            with pytest.raises(LspError, match="was changed"):
                await client.command("droid.approve")
            await client.command("droid.reject")
        else:
            await client.command("droid.approve")
        await client.turn_ended()
        assert (bench.workspace / "made").exists() is not tampered


async def test_what_is_hidden_in_a_command_shows(tmp_path: Path) -> None:
    async with editor_in(tmp_path, execute("touch made\u202e\u200b\r rm -rf x")) as (client, _):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "make it"})
        question = await client.question()
        for hidden in ("U+202E", "U+200B", "U+000D"):
            assert hidden in question["message"]


async def test_allowing_for_the_session_spares_the_second_question(tmp_path: Path) -> None:
    async with editor_in(tmp_path, execute("touch made"), execute("touch made"), DONE) as (client, bench):
        client.answers.append("Approve for this session")
        await client.command("droid.ask", {"prompt": "make it twice"})
        await client.turn_ended()
        assert len(client.questions) == 1
        assert [kind for kind, _ in decisions(bench.events())].count("tool_started") == 2


RICH_ANSWERS: list[tuple[Any, bool]] = [
    ({"answer": "once"}, True),
    ({"answer": "reject"}, False),
    ({"answer": "for ever"}, False),
    ({"answer": "instruct", "instruction": "do not"}, False),
    ({"answer": "instruct"}, False),
    ({"answer": 1}, False),
    ({}, False),
    (None, False),
    ("once", False),
    ({"answer": "always"}, True),
]


async def test_a_rich_client_is_asked_in_its_own_way(tmp_path: Path) -> None:
    async with editor_in(tmp_path, droid=RICH) as (client, bench):
        asked: list[dict[str, Any]] = []
        answer: Any = None

        def handle(params: dict[str, Any]) -> Any:
            asked.append(params)
            return answer

        client.handlers["droid/requestApproval"] = handle
        for count, (answer, runs) in enumerate(RICH_ANSWERS, 1):
            bench.play(execute("touch made"), DONE)
            await client.request("droid/prompt", {"prompt": "make it"})
            await client.turn_ended(count)
            params = asked[count - 1]
            assert params["subject"] == "touch made"
            assert params["risk"] in ("low", "medium", "high")
            assert params["cwd"] == str(bench.workspace)
            assert "once" in params["options"]
            assert (bench.workspace / "made").exists() is runs, answer
            (bench.workspace / "made").unlink(missing_ok=True)
        assert not client.questions
        assert params["always"] == "touch made"
        assert '"commandAllowlist": ["touch made"]' in (bench.home / "settings.json").read_text()


async def test_what_the_agent_asks_can_be_picked_or_declined(tmp_path: Path) -> None:
    ask = {"calls": [{"name": "AskUser", "arguments": {"question": "Which?", "options": ["tabs", "spaces"]}}]}
    async with editor_in(tmp_path, ask, ask, DONE) as (client, bench):
        client.answers += ["tabs", "Decline"]
        await client.command("droid.ask", {"prompt": "format it"})
        await client.turn_ended()
        answers = [event.get("answer") for event in bench.events() if event["type"] == "question_answered"]
        assert answers == ["tabs", None]


async def test_what_the_agent_asks_can_be_answered_in_words(tmp_path: Path) -> None:
    ask = {"calls": [{"name": "AskUser", "arguments": {"question": "What name?"}}]}
    async with editor_in(tmp_path, ask, {"when": "Ada", "text": "hello"}, profile="eglot") as (client, bench):
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "greet"})
        await client.question("What name")
        await client.command("droid.answer", {"answer": "Ada"})
        await asyncio.to_thread(until, lambda: bench.events()[-1]["type"] == "turn_ended")
        answers = [event.get("answer") for event in bench.events() if event["type"] == "question_answered"]
        assert answers == ["Ada"]


async def test_a_question_that_is_never_answered_does_not_keep_the_next_back(tmp_path: Path) -> None:
    async with editor_in(tmp_path, execute("touch made"), DONE, profile="eglot") as (client, bench):
        client.answers += [NEVER, NEVER]
        await client.command("droid.autonomy.set")
        await client.question("Autonomy")
        await client.command("droid.ask", {"prompt": "make it"})
        await asyncio.to_thread(until, lambda: "approval_wanted" in {e["type"] for e in bench.events()})
        with pytest.raises(LspError):
            await client.command("droid.approve")
        await client.command("droid.reject")
        await client.question("touch made")
        await client.command("droid.approve")
        await asyncio.to_thread(until, (bench.workspace / "made").exists)


async def test_a_turn_that_fails_is_never_silent(tmp_path: Path) -> None:
    async with editor_in(tmp_path, {"status": 401, "message": "bad key"}) as (client, _):
        await client.command("droid.ask", {"prompt": "make it"})
        await client.message("window/showMessage", lambda p: "401" in p["message"] or "key" in p["message"])
