"""Going back to a checkpoint from an editor: one that knows Droid, and ones that do not."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench, call, until
from tests.e2e.lsp_bench import editor_in, execute, session_document
from tests.fakes.lsp_client import LspClient, LspError

NATIVE = {
    "api": 1,
    "review": "hunk",
    "approval": "rich",
    "transcript": "stream",
    "input": True,
    "sessions": True,
}
HIGH: dict[str, Any] = {"settings": {"sessionDefaultSettings": {"autonomyLevel": "high"}}}
DONE = {"text": "done"}
TURNS = (execute("echo 2 > a.txt; echo x > made"), DONE, execute("echo 3 >> a.txt"), DONE)


async def turn(client: LspClient, bench: Bench, prompt: str) -> None:
    """One whole turn."""
    turn_id = (await client.command("droid.ask", {"prompt": prompt}))["turnId"]
    await asyncio.to_thread(
        until,
        lambda: any((one["type"], one["turn"]) == ("turn_ended", turn_id) for one in bench.events()),
    )


async def lenses(client: LspClient, path: Path) -> list[dict[str, Any]]:
    return await client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})


async def run(client: LspClient, lens: dict[str, Any]) -> Any:
    return await client.command(lens["command"]["command"], *lens["command"]["arguments"])


def updates(client: LspClient, kind: str) -> list[dict[str, Any]]:
    sent = [one["params"]["update"] for one in client.received if one.get("method") == "droid/sessionUpdate"]
    return [update for update in sent if update["sessionUpdate"] == kind]


async def test_a_client_of_droid_lists_restores_and_rewinds(tmp_path: Path) -> None:
    async with editor_in(tmp_path, *TURNS, {"text": "again"}, droid=NATIVE, **HIGH) as (client, bench):
        first = (bench.workspace / "a.txt").read_text()
        await turn(client, bench, "the first")
        await turn(client, bench, "the second")
        listed = await client.request("droid/checkpoint/list", {})
        assert [(one["turnId"], one["prompt"], one["paths"]) for one in listed["checkpoints"]] == [
            ("t1", "the first", ["a.txt", "made"]),
            ("t2", "the second", ["a.txt"]),
        ]
        assert all(one["workspace"] and one["leftOut"] == [] for one in listed["checkpoints"])
        result = await client.request("droid/checkpoint/restore", {"turnId": "t1", "what": "both"})
        assert (result["prompt"], result["done"], result["turnId"]) == ("the first", False, "t1")
        changeset = result["changeset"]
        assert (changeset["kind"], changeset["state"], changeset["conflicts"]) == ("restore", "proposed", [])
        assert {file["path"]: file["kind"] for file in changeset["files"]} == {
            "a.txt": "edit",
            "made": "delete",
        }
        assert (bench.workspace / "made").exists()
        accepted = await client.request("droid/review/acceptAll", {"changesetId": changeset["changesetId"]})
        assert accepted["refused"] == []
        assert accepted["changeset"]["state"] == "closed"
        await client.until(lambda: updates(client, "rewound"))
        assert (bench.workspace / "a.txt").read_text() == first
        assert not (bench.workspace / "made").exists()
        assert updates(client, "rewound") == [{"sessionUpdate": "rewound", "turnId": "t1"}]
        (undone,) = updates(client, "undone")
        assert (undone["turnId"], undone["conflicts"]) == ("t1", [])
        assert (await client.request("droid/checkpoint/list", {}))["checkpoints"] == []
        await turn(client, bench, "another first")
        asked = str(bench.server.requests[-1])
        assert "another first" in asked
        assert "the second" not in asked
        assert bench.events()[-1]["turn"] == "t3"


@pytest.mark.parametrize("profile", ["neovim", "helix"])
async def test_an_editor_that_knows_nothing_of_droid_goes_back_from_documents(
    tmp_path: Path, profile: str
) -> None:
    async with editor_in(tmp_path, *TURNS, profile=profile, **HIGH) as (client, bench):
        first = (bench.workspace / "a.txt").read_text()
        await turn(client, bench, "the first")
        await turn(client, bench, "the second")
        # From the palette, with no arguments: a list to choose from.
        listed = await client.command("droid.checkpoint.restore")
        assert len(listed["checkpoints"]) == 2
        document = await client.until(
            lambda: next((b for b in client.buffers.values() if b.path.name == "checkpoints.md"), None)
        )
        lines = document.text.splitlines()
        assert "the second" in lines[4]
        assert "the first" in lines[5]
        buttons = [one for one in await lenses(client, document.path) if one["range"]["start"]["line"] == 5]
        assert [one["command"]["title"] for one in buttons] == [
            "Restore files",
            "Rewind conversation",
            "Both",
        ]
        result = await run(client, buttons[0])
        assert result["prompt"] is None
        diff = await client.until(
            lambda: next((b for b in client.buffers.values() if b.path.suffix == ".diff"), None)
        )
        assert "made" in diff.text
        accept = next(
            one
            for one in await lenses(client, diff.path)
            if one["command"]["command"] == "droid.review.acceptAll"
        )
        await run(client, accept)
        await asyncio.to_thread(until, lambda: (bench.workspace / "a.txt").read_text() == first)
        await client.until(lambda: "**Restored**" in session_document(client))
        talk = next(b for b in client.buffers.values() if b.uri.endswith(".droid.md"))
        back = [one for one in await lenses(client, talk.path) if "Go back" in one["command"]["title"]]
        assert [one["command"]["title"] for one in back] == ["Go back to before t1", "Go back to before t2"]
        heading = back[1]["range"]
        actions = await client.request(
            "textDocument/codeAction",
            {"textDocument": {"uri": talk.uri}, "range": heading, "context": {"diagnostics": []}},
        )
        rewind = next(one for one in actions if one["title"] == "Droid: rewind conversation (before t2)")
        assert (await run(client, rewind))["done"]
        await client.until(lambda: "**Rewound**" in session_document(client))
        left = [one for one in await lenses(client, talk.path) if "Go back" in one["command"]["title"]]
        assert [one["command"]["title"] for one in left] == ["Go back to before t1"]


async def test_an_unsaved_buffer_goes_back_in_the_editor(tmp_path: Path) -> None:
    edit = call("Edit", file_path="a.txt", old_str="two", new_str="2")
    steps = (call("Read", file_path="a.txt"), edit, DONE)
    async with editor_in(tmp_path, *steps, droid=NATIVE, **HIGH) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)
        client.type(path, 0, "unsaved ", keys=False)
        before = client.buffer(path).text
        await turn(client, bench, "change it")
        assert "2" in client.buffer(path).text
        result = await client.request("droid/checkpoint/restore", {"what": "files"})
        await client.request("droid/review/acceptAll", {"changesetId": result["changeset"]["changesetId"]})
        await client.until(lambda: client.buffer(path).text == before)
        assert path.read_text() == "one\ntwo\n"


async def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    async with editor_in(tmp_path, DONE, droid=NATIVE) as (client, bench):
        with pytest.raises(LspError, match="no checkpoints"):
            await client.command("droid.checkpoint.list")
        await turn(client, bench, "hello")
        with pytest.raises(LspError, match="no turn 't9'"):
            await client.command("droid.checkpoint.restore", {"turnId": "t9"})
        with pytest.raises(LspError, match="files"):
            await client.command("droid.checkpoint.restore", {"what": "everything"})
