"""Changes of files while the person has them open: through the editor, read back, and undone."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench, call, until
from tests.e2e.lsp_bench import editor_in, execute
from tests.fakes.lsp_client import DISMISS, NAMES, NEVER, LspClient, LspError

EDITS: dict[str, Any] = {"settings": {"sessionDefaultSettings": {"autonomyLevel": "low"}}}
READ = call("Read", file_path="a.txt")
EDIT = call("Edit", file_path="a.txt", old_str="two", new_str="2")
DONE = {"text": "done"}


@pytest.mark.parametrize("profile", NAMES)
async def test_an_open_file_is_read_and_changed_in_the_editor(tmp_path: Path, profile: str) -> None:
    async with editor_in(tmp_path, READ, EDIT, DONE, profile=profile, **EDITS) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)
        client.type(path, 0, "unsaved λ😀\n")
        await client.command("droid.ask", {"prompt": "change it"})
        await asyncio.to_thread(until, lambda: bench.events()[-1]["type"] == "turn_ended")
        assert "unsaved λ😀" in bench.tool_results()[0]
        assert client.buffer(path).text == "unsaved λ😀\none\n2\n"
        assert path.read_text() == "one\ntwo\n", "the disk is the person's to save"
        changed = next(event for event in bench.events() if event["type"] == "files_changed")
        assert changed["changes"][0]["in_editor"]


@pytest.mark.parametrize("profile", NAMES)
async def test_undo_takes_a_turn_back_in_the_editor_and_on_disk(tmp_path: Path, profile: str) -> None:
    create = call("Create", file_path="new/b.txt", content="hello\n")
    async with editor_in(tmp_path, READ, EDIT, create, DONE, profile=profile, **EDITS) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)
        await client.command("droid.ask", {"prompt": "change it"})
        await asyncio.to_thread(until, lambda: bench.events()[-1]["type"] == "turn_ended")
        assert client.buffer(path).text == "one\n2\n"
        assert (bench.workspace / "new" / "b.txt").read_text() == "hello\n"
        undone = await client.command("droid.undo")
        assert len(undone["paths"]) == 2
        await client.until(lambda: client.buffer(path).text == "one\ntwo\n")
        assert not (bench.workspace / "new" / "b.txt").exists()
        with pytest.raises(LspError):
            await client.command("droid.undo")


@pytest.mark.parametrize("profile", NAMES)
async def test_typing_at_the_same_time_never_mixes_with_an_edit(tmp_path: Path, profile: str) -> None:
    """The buffer ends up with the person's line whole, and the agent's change whole or refused."""
    async with editor_in(tmp_path, READ, EDIT, DONE, profile=profile, **EDITS) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)
        typed = iter(["mine\n"])
        client.type_before_edits = lambda: client.type(path, 0, next(typed, ""), keys=False)
        await client.command("droid.ask", {"prompt": "change it"})
        await asyncio.to_thread(until, lambda: bench.events()[-1]["type"] == "turn_ended")
        text = client.buffer(path).text
        assert text == "mine\none\ntwo\n"
        assert "read it again" in bench.tool_results()[-1]


async def test_a_file_changed_in_the_editor_since_it_was_read_is_refused(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, {**EDIT, "delay_s": 1}, DONE, **EDITS) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)
        await client.command("droid.ask", {"prompt": "change it"})
        await asyncio.to_thread(until, lambda: len(bench.server.requests) == 2)
        client.type(path, 0, "x")
        await client.turn_ended()
        assert client.buffer(path).text == "xone\ntwo\n"
        assert "again" in bench.tool_results()[-1]


@pytest.mark.parametrize("answer", [{"applied": False}, {"applied": True}, None, [], "yes"])
async def test_an_edit_that_the_editor_does_not_make_is_a_failure(tmp_path: Path, answer: Any) -> None:
    async with editor_in(tmp_path, READ, EDIT, DONE, **EDITS) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)
        client.handlers["workspace/applyEdit"] = lambda _: answer
        await client.command("droid.ask", {"prompt": "change it"})
        await asyncio.to_thread(until, lambda: bench.events()[-1]["type"] == "turn_ended")
        assert "did not change" in bench.tool_results()[-1]
        assert not [event for event in bench.events() if event["type"] == "files_changed"]


async def test_a_patch_that_fails_in_the_second_file_takes_the_first_back(tmp_path: Path) -> None:
    patch = (
        "*** Begin Patch\n*** Update File: a.txt\n one\n-two\n+2\n"
        "*** Update File: b.txt\n-three\n+3\n*** End Patch\n"
    )
    steps = (READ, call("Read", file_path="b.txt"), call("ApplyPatch", input=patch), DONE)
    async with editor_in(tmp_path, *steps, **EDITS) as (client, bench):
        (bench.workspace / "b.txt").write_text("three\n")
        for name in ("a.txt", "b.txt"):
            client.open(bench.workspace / name)
        apply = client._apply

        def refuse_b(buffer: Any, edits: Any) -> Any:
            return apply(buffer, edits) if buffer.path.name == "a.txt" else []

        client._apply = refuse_b  # type: ignore[method-assign]
        await client.command("droid.ask", {"prompt": "patch"})
        await client.turn_ended()
        await client.until(lambda: client.buffer(bench.workspace / "a.txt").text == "one\ntwo\n")
        assert client.buffer(bench.workspace / "b.txt").text == "three\n"
        assert not [event for event in bench.events() if event["type"] == "files_changed"]


@pytest.mark.parametrize("profile", ["vscode", "neovim", "helix"])
async def test_line_ends_and_wide_characters_survive_an_edit(tmp_path: Path, profile: str) -> None:
    edit = call("Edit", file_path="c.txt", old_str="zwei", new_str="2")
    steps = (call("Read", file_path="c.txt"), edit, DONE)
    async with editor_in(tmp_path, *steps, profile=profile, **EDITS) as (client, bench):
        path = bench.workspace / "c.txt"
        path.write_bytes("eins 😀\r\nzwei 😀\r\n\x0cdrei\u2028still drei".encode())
        client.open(path)
        await client.command("droid.ask", {"prompt": "change it"})
        await client.turn_ended()
        assert client.buffer(path).text == "eins 😀\r\n2 😀\r\n\x0cdrei\u2028still drei"


async def test_unsaved_files_are_saved_before_a_command_runs(tmp_path: Path) -> None:
    steps = (READ, EDIT, execute("cat a.txt"), DONE)
    high = {"settings": {"sessionDefaultSettings": {"autonomyLevel": "high"}}}
    async with editor_in(tmp_path, *steps, **high) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)
        client.answers.append(NEVER)
        await client.command("droid.ask", {"prompt": "change it, then look"})
        question = await client.question("not saved")
        assert str(path) in question["message"]
        client.save(path)
        await client.turn_ended()
        assert "2" in bench.tool_results()[-1]
        withdrawn = await client.message("$/cancelRequest")
        assert withdrawn["params"]["id"] == question["id"]


async def test_a_client_that_can_save_is_told_to(tmp_path: Path) -> None:
    steps = (READ, EDIT, execute("cat a.txt"), DONE)
    high = {"settings": {"sessionDefaultSettings": {"autonomyLevel": "high"}}}
    async with editor_in(tmp_path, *steps, droid={"api": 1, "save": True}, **high) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)

        def save(params: dict[str, Any]) -> None:
            assert params["uris"] == [path.as_uri()]
            client.save(path)

        client.handlers["droid/save"] = save
        await client.command("droid.ask", {"prompt": "change it, then look"})
        await client.turn_ended()
        assert not client.questions
        assert "2" in bench.tool_results()[-1]


HIGH: dict[str, Any] = {"settings": {"sessionDefaultSettings": {"autonomyLevel": "high"}}}
LOOK = execute("cat a.txt > copied")


async def waits_for_saving(client: LspClient, bench: Bench) -> Path:
    """A command is about to run, and what it would read is not on disk."""
    path = bench.workspace / "a.txt"
    client.open(path)
    await client.command("droid.ask", {"prompt": "change it, then look"})
    await client.question("not saved")
    return path


async def titles(client: LspClient, path: Path) -> list[str]:
    start = {"line": 0, "character": 0}
    params = {"textDocument": {"uri": path.as_uri()}, "range": {"start": start, "end": start}}
    found = await client.request("textDocument/codeAction", {**params, "context": {"diagnostics": []}})
    return [one["title"] for one in found]


@pytest.mark.parametrize("profile", NAMES)
@pytest.mark.parametrize("answer", ["I save them now", DISMISS])
async def test_a_command_waits_for_files_to_be_saved_behind_a_menu_that_was_left(
    tmp_path: Path, profile: str, answer: object
) -> None:
    """The menu of some editors is modal: to save, one has to leave it first."""
    async with editor_in(tmp_path, READ, EDIT, LOOK, DONE, profile=profile, **HIGH) as (client, bench):
        client.answers.append(NEVER if answer is DISMISS and profile == "eglot" else answer)
        path = await waits_for_saving(client, bench)
        if profile != "eglot" or answer is not DISMISS:
            await client.message("window/showMessage", lambda p: "waits until a.txt is saved" in p["message"])
        assert not (bench.workspace / "copied").exists()
        client.save(path)
        await asyncio.to_thread(until, lambda: bench.events()[-1]["type"] == "turn_ended")
        assert (bench.workspace / "copied").read_text() == "one\n2\n"
        assert "Droid: do not run what waits for a.txt" not in await titles(client, path)


async def test_a_file_that_is_as_on_disk_again_holds_no_command_back(tmp_path: Path) -> None:
    """Nobody tells of a save: the person took the change back, or closed the buffer."""
    async with editor_in(tmp_path, READ, EDIT, LOOK, DONE, **HIGH) as (client, bench):
        client.answers.append("I save them now")
        path = await waits_for_saving(client, bench)
        client.close(path)
        await client.turn_ended()
        assert (bench.workspace / "copied").read_text() == "one\ntwo\n"


@pytest.mark.parametrize("how", ["message", "command", "action", "cancel"])
async def test_not_saving_keeps_the_command_from_running(tmp_path: Path, how: str) -> None:
    async with editor_in(tmp_path, READ, EDIT, LOOK, DONE, **HIGH) as (client, bench):
        client.answers.append("Do not run it" if how == "message" else "I save them now")  # which is not so
        path = await waits_for_saving(client, bench)
        if how != "message":
            await client.message("window/showMessage", lambda p: "waits until" in p["message"])
            assert "Droid: do not run what waits for a.txt" in await titles(client, path)
        if how == "command":
            assert (await client.command("droid.reject"))["answer"] == "reject"
        elif how == "action":
            assert await client.command("droid.reject", {"approvalId": "save-1"})
        elif how == "cancel":
            await client.command("droid.cancel")
        await client.turn_ended()
        assert not (bench.workspace / "copied").exists()
        assert "Droid: do not run what waits for a.txt" not in await titles(client, path)
        if how != "cancel":
            assert "not saved" in bench.tool_results()[-1]


async def test_the_session_document_offers_to_keep_the_command_from_running(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, EDIT, LOOK, DONE, **HIGH) as (client, bench):
        client.answers.append("I save them now")
        await waits_for_saving(client, bench)
        document = next(one for one in client.buffers.values() if one.uri.endswith(".droid.md"))
        found = await client.request("textDocument/codeLens", {"textDocument": {"uri": document.uri}})
        (lens,) = [one for one in found if one["command"]["title"] == "Do not run what waits for a.txt"]
        await client.command(lens["command"]["command"], *lens["command"]["arguments"])
        await client.turn_ended()
        assert not (bench.workspace / "copied").exists()


async def test_a_wait_for_saving_keeps_no_other_question_back(tmp_path: Path) -> None:
    steps = [{**one, "prompt": "change"} for one in (READ, EDIT, LOOK)]
    async with editor_in(tmp_path, *steps, {**execute("touch made"), "prompt": "other"}, DONE, **HIGH) as (
        client,
        bench,
    ):
        client.answers.append("I save them now")
        await waits_for_saving(client, bench)
        other = await client.command("droid.session.new", {"autonomy": "off"})
        client.answers.append("Approve once")
        await client.command("droid.ask", {"prompt": "the other", "sessionId": other["sessionId"]})
        await asyncio.to_thread(until, (bench.workspace / "made").exists)
        assert not (bench.workspace / "copied").exists()
