"""Sessions that nobody works in are closed, and nobody notices."""

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench, call, until
from tests.e2e.lsp_bench import editor_in
from tests.fakes.lsp_client import Buffer, LspClient, LspError

from droid.lsp.resting import MAX_UNUSED

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

READ = {"prompt": "read", **call("Read", file_path="a.txt")}
EDIT = {"prompt": "change", **call("Edit", file_path="a.txt", old_str="two", new_str="2")}
EDITS = {"sessionDefaultSettings": {"autonomyLevel": "high"}}
SAID = {"text": "the answer", "repeat": True}


def open_files(client: LspClient) -> list[str]:
    found: list[str] = []
    for entry in Path(f"/proc/{client.process.pid}/fd").iterdir():
        try:
            found.append(str(entry.readlink()))
        except FileNotFoundError:
            continue
    return found


def open_sessions(client: LspClient) -> set[str]:
    """The sessions that the server holds open."""
    return {Path(file).stem for file in open_files(client) if file.endswith(".jsonl")}


async def holds(condition: Callable[[], object]) -> None:
    await asyncio.to_thread(until, condition, 30.0)


async def ask(client: LspClient, prompt: str, **arguments: Any) -> dict[str, Any]:
    """Have a turn, to its end."""
    ended = _ends(client)
    result = await client.command("droid.ask", {"prompt": prompt, **arguments})
    await client.until(lambda: _ends(client) > ended)
    return result


def _ends(client: LspClient) -> int:
    found = [one["params"]["value"] for one in client.received if one.get("method") == "$/progress"]
    return sum(value.get("kind") == "end" for value in found)


async def let_rest(client: LspClient, *session_ids: str) -> None:
    """Use so many others that these are closed."""
    for _ in range(MAX_UNUSED):
        await client.command("droid.session.new")
    await holds(lambda: not open_sessions(client) & set(session_ids))


def document_of(client: LspClient, session_id: str) -> Buffer:
    return next(one for one in client.buffers.values() if one.path.name.startswith(session_id))


async def lens_titles(client: LspClient, document: Buffer) -> Sequence[str]:
    found = await client.request("textDocument/codeLens", {"textDocument": {"uri": document.uri}})
    return [one["command"]["title"] for one in found]


def stored(bench: Bench, session_id: str) -> list[dict[str, Any]]:
    (path,) = (path for path in bench.transcripts() if path.stem == session_id)
    return [json.loads(line) for line in path.read_text().splitlines()]


async def test_many_sessions_hold_few_files_open(tmp_path: Path) -> None:
    async with editor_in(tmp_path, SAID) as (client, bench):
        ids: list[str] = []
        files: list[int] = []
        for number in range(3 * MAX_UNUSED):
            ids.append((await client.command("droid.session.new"))["sessionId"])
            await ask(client, f"Task {number}")
            await holds(lambda: len(open_sessions(client)) <= MAX_UNUSED + 1)
            files.append(len(open_files(client)))
        await holds(lambda: len(open_sessions(client)) == MAX_UNUSED)
        assert open_sessions(client) == set(ids[-MAX_UNUSED:])
        assert max(files[MAX_UNUSED:]) <= max(files[: MAX_UNUSED + 1]) + 1
        listed = (await client.command("droid.session.list"))["sessions"]
        assert {one["sessionId"]: one["live"] for one in listed} == dict.fromkeys(ids, True)
        for session_id in ids:
            types = [event["type"] for event in stored(bench, session_id)]
            assert (types[0], types[-1]) == ("session_started", "turn_ended")


@pytest.mark.parametrize("profile", ["vscode", "neovim", "lsp4ij"])
async def test_an_old_session_goes_on_from_its_document(tmp_path: Path, profile: str) -> None:
    steps = ({"prompt": "Hello", "text": "the first answer"}, {"prompt": "And now", "text": "the second"})
    async with editor_in(tmp_path, *steps, profile=profile) as (client, bench):
        first = (await ask(client, "Hello"))["sessionId"]
        document = document_of(client, first)
        await client.until(lambda: "*Done" in document.text)
        # What a person takes out of the document stays out.
        begin = document.text.index("the first answer")
        client.change(document, begin, len("the first answer"), "(mine)")
        status = await client.command("droid.status", {"sessionId": first})
        await let_rest(client, first)
        assert await client.command("droid.status", {"sessionId": first}) == status
        text = document.text
        client.type(document.path, len(document.text), "And now?")
        assert "Send" in await lens_titles(client, document)
        sent = await client.command("droid.send", {"uri": document.uri})
        assert (sent["sessionId"], sent["turnId"]) == (first, "t2")
        await client.until(lambda: document.text.count("*Done") == 2)
        assert document.text.startswith(text.rstrip().removesuffix("## You").rstrip())
        assert document.text.count("the second") == 1
        assert "the first answer" not in document.text
        assert "session_resumed" in [event["type"] for event in stored(bench, first)]
        said = [message["content"] for message in bench.server.requests[-1]["body"]["messages"]]
        assert any("the first answer" in str(content) for content in said)


async def test_a_turn_is_undone_after_its_session_was_closed(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, EDIT, SAID, settings=EDITS) as (client, bench):
        file = bench.workspace / "a.txt"
        first = (await ask(client, "read and change it"))["sessionId"]
        assert file.read_text() == "one\n2\n"
        document = document_of(client, first)
        await client.until(lambda: "*Done" in document.text)
        await let_rest(client, first)
        assert "Undo the changes of t1" in await lens_titles(client, document)
        assert (await client.command("droid.undo", {"sessionId": first}))["turnId"] == "t1"
        assert file.read_text() == "one\ntwo\n"
        assert "Undo the changes of t1" not in await lens_titles(client, document)
        await let_rest(client, first)
        with pytest.raises(LspError, match="no turn with file changes"):
            await client.command("droid.undo", {"sessionId": first})


async def test_what_the_model_has_read_it_may_still_change(tmp_path: Path) -> None:
    read = {"prompt": "^only read", **call("Read", file_path="a.txt")}
    async with editor_in(tmp_path, read, EDIT, SAID, settings=EDITS) as (client, bench):
        first = (await ask(client, "only read it"))["sessionId"]
        await let_rest(client, first)
        await ask(client, "now change it", sessionId=first)
        assert (bench.workspace / "a.txt").read_text() == "one\n2\n"


async def test_another_process_may_go_on_with_a_session_that_rests(tmp_path: Path) -> None:
    async with editor_in(tmp_path, SAID) as (client, bench):
        first = (await ask(client, "Hello"))["sessionId"]
        document = document_of(client, first)
        await client.until(lambda: "*Done" in document.text)
        other = LspClient(bench.argv("serve"), root=bench.workspace, profile="neovim", env=bench.env)
        async with other:
            await other.initialize()
            with pytest.raises(LspError, match="is open in another process; close it there, or fork it"):
                await other.command("droid.session.resume", {"sessionId": first})
            await let_rest(client, first)
            await ask(other, "From elsewhere", sessionId=first)
            for command, arguments in (
                ("droid.ask", {"prompt": "x"}),
                ("droid.undo", {}),
                ("droid.session.resume", {}),
                ("droid.session.rename", {"title": "x"}),
            ):
                with pytest.raises(LspError, match="is open in another process; close it there, or fork it"):
                    await client.command(command, {"sessionId": first, **arguments})
            listed = (await client.command("droid.session.list"))["sessions"]
            facts = {one["sessionId"]: (one["live"], one["locked"]) for one in listed}
            assert facts.pop(first) == (False, True)
            assert all(live for live, _ in facts.values())
        bench.play({"text": "here again"})
        await ask(client, "Back", sessionId=first)
        await client.until(lambda: document.text.count("*Done") == 3)
        assert document.text.index("From elsewhere") < document.text.index("here again")
        prompts = [event["prompt"] for event in stored(bench, first) if event["type"] == "turn_started"]
        assert prompts == ["Hello", "From elsewhere", "Back"]


async def test_a_current_session_that_was_deleted_meanwhile_is_followed_by_a_new_one(tmp_path: Path) -> None:
    async with editor_in(tmp_path, SAID) as (client, bench):
        others = [(await client.command("droid.session.new"))["sessionId"] for _ in range(MAX_UNUSED)]
        current = (await client.command("droid.session.new"))["sessionId"]
        await ask(client, "Hello")
        for session_id in others:
            await client.command("droid.model.set", {"sessionId": session_id, "model": "fake"})
        await holds(lambda: current not in open_sessions(client))
        assert bench.run("sessions", "delete", current, "--yes").returncode == 0
        assert (await ask(client, "Hello?"))["sessionId"] not in (current, *others)
        with pytest.raises(LspError, match="no session"):
            await client.command("droid.undo", {"sessionId": current})


async def test_a_session_in_use_is_not_closed(tmp_path: Path) -> None:
    waits = {"prompt": "^wait", **call("Execute", command="touch made")}
    starts = {"prompt": "^start", **call("Execute", command="sleep 60", run_in_background=True)}
    stalls = {"prompt": "^stall", "text": "x", "hang": "text", "chunk_chars": 1}
    steps = (waits, starts, stalls, SAID)
    settings = {"sessionDefaultSettings": {"autonomyLevel": "low"}}
    async with editor_in(tmp_path, *steps, settings=settings) as (client, bench):
        waiting = (await client.command("droid.ask", {"prompt": "wait for me"}))["sessionId"]
        question = await client.question()
        starting = (await client.command("droid.session.new", {"autonomy": "high"}))["sessionId"]
        await ask(client, "start it")
        stalling = (await client.command("droid.session.new"))["sessionId"]
        await client.command("droid.ask", {"prompt": "stall"})
        resting = (await client.command("droid.session.new"))["sessionId"]
        await let_rest(client, resting)
        assert open_sessions(client) >= {waiting, starting, stalling}
        ended = _ends(client)
        client.answer(question, "Approve once")
        await client.until(lambda: _ends(client) > ended)
        assert (bench.workspace / "made").exists()
        assert (await client.command("droid.cancel", {"sessionId": stalling}))["cancelled"]


async def test_the_beginning_of_an_id_that_fits_several_sessions_is_refused(tmp_path: Path) -> None:
    async with editor_in(tmp_path, SAID) as (client, bench):
        await asyncio.to_thread(bench.exec, "a session that is only stored")
        live = (await ask(client, "Hello"))["sessionId"]
        (kept,) = (path.stem for path in bench.transcripts() if path.stem != live)
        same = next(n for n, (a, b) in enumerate(zip(live, kept, strict=True)) if a != b)
        commands = {
            "droid.ask": {"prompt": "x"},
            "droid.cancel": {},
            "droid.undo": {},
            "droid.status": {},
            "droid.model.set": {"model": "fake"},
            "droid.session.resume": {},
            "droid.session.fork": {},
            "droid.session.rename": {"title": "x"},
            "droid.session.export": {},
            "droid.transcript.open": {},
        }
        for command, arguments in commands.items():
            with pytest.raises(LspError, match="is the beginning of 2 sessions") as refused:
                await client.command(command, {"sessionId": live[:same], **arguments})
            assert live in str(refused.value)
            assert kept in str(refused.value)
        assert (await client.command("droid.status", {"sessionId": live[:-1]}))["sessionId"] == live
        await let_rest(client, live)
        with pytest.raises(LspError, match="is the beginning of"):
            await client.command("droid.ask", {"sessionId": live[:same], "prompt": "x"})
        assert (await ask(client, "Hello", sessionId=live[:-1]))["sessionId"] == live
