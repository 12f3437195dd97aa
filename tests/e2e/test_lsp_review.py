"""Changes reviewed hunk by hunk: natively, in a `.diff` document, and taken back afterwards."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench, call, until
from tests.e2e.lsp_bench import editor_in
from tests.fakes.lsp_client import NEVER, LspClient, LspError

NATIVE = {"api": 1, "review": "hunk", "approval": "rich", "transcript": "stream", "input": True}
PREVIEWS = {"api": 1, "review": "annotated", "transcript": "stream", "input": True}
ASKS: dict[str, Any] = {"settings": {"sessionDefaultSettings": {"autonomyLevel": "off"}}}
EDITS: dict[str, Any] = {"settings": {"sessionDefaultSettings": {"autonomyLevel": "low"}}}
DONE = {"text": "done"}
READ = call("Read", file_path="long.txt")


def text(*changed: int, word: str = "new") -> str:
    return "".join(f"{word if number in changed else 'line'} {number}\n" for number in range(40))


def patch(*changed: int) -> dict[str, Any]:
    hunks = "".join(f"@@\n line {n - 1}\n-line {n}\n+new {n}\n line {n + 1}\n" for n in changed)
    return call("ApplyPatch", input=f"*** Begin Patch\n*** Update File: long.txt\n{hunks}*** End Patch\n")


def prepared(bench: Bench) -> Path:
    path = bench.workspace / "long.txt"
    path.write_text(text())
    return path


def changesets(client: LspClient) -> list[dict[str, Any]]:
    return [one["params"] for one in client.received if one.get("method") == "droid/reviewChanges"]


def ids(changeset: dict[str, Any]) -> list[str]:
    return [hunk["hunkId"] for file in changeset["files"] for hunk in file["hunks"]]


def states(changeset: dict[str, Any]) -> list[str]:
    return [hunk["state"] for file in changeset["files"] for hunk in file["hunks"]]


async def ended(bench: Bench) -> None:
    await asyncio.to_thread(until, lambda: bench.transcripts() and bench.events()[-1]["type"] == "turn_ended")


async def test_the_answer_to_an_approval_may_name_the_hunks_that_are_written(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, droid=NATIVE, **ASKS) as (client, bench):
        path = prepared(bench)
        client.open(path)
        asked: list[dict[str, Any]] = []

        def approve(params: dict[str, Any]) -> Any:
            asked.append(params)
            return {"answer": "once", "acceptedHunks": ids(params["changeset"])[1:]}

        client.handlers["droid/requestApproval"] = approve
        await client.command("droid.ask", {"prompt": "change it"})
        await ended(bench)
        assert client.buffer(path).text == text(30)
        (request,) = asked
        changeset = request["changeset"]
        assert changeset["approvalId"] == request["approvalId"]
        assert (changeset["state"], changeset["kind"], states(changeset)) == (
            "proposed",
            "edit",
            ["pending"] * 2,
        )
        (file,) = changeset["files"]
        assert (file["path"], file["uri"], file["kind"]) == ("long.txt", path.as_uri(), "edit")
        assert file["version"] == client.profile.habits.first_version
        assert "+new 5" in file["hunks"][0]["lines"]
        told = changesets(client)
        assert told[0] == changeset
        closed = [one for one in told if one["changesetId"] == changeset["changesetId"]][-1]
        assert (closed["state"], states(closed)) == ("closed", ["rejected", "accepted"])
        assert "-line 5\n+new 5" in bench.tool_results()[-1]


@pytest.mark.parametrize(
    "hunks", [["0123456789ab"], [], "all", [1], None], ids=["another's", "none", "a word", "numbers", "all"]
)
async def test_a_choice_that_does_not_fit_is_a_no(tmp_path: Path, hunks: Any) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, droid=NATIVE, **ASKS) as (client, bench):
        path = prepared(bench)
        client.handlers["droid/requestApproval"] = lambda _: {"answer": "once", "acceptedHunks": hunks}
        await client.command("droid.ask", {"prompt": "change it"})
        await ended(bench)
        assert path.read_text() == (text(5, 30) if hunks is None else text())


async def test_hunks_decided_one_by_one_answer_the_question(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, droid=NATIVE, **ASKS) as (client, bench):
        path = prepared(bench)
        client.handlers["droid/requestApproval"] = lambda _: NEVER
        await client.command("droid.ask", {"prompt": "change it"})
        message = await client.message("droid/requestApproval")
        changeset = message["params"]["changeset"]
        first, _ = ids(changeset)
        named = {"changesetId": changeset["changesetId"]}
        for wrong in (
            {**named, "hunkId": "0123456789ab"},
            {**named, "hunkId": first, "uri": Path("/etc/passwd").as_uri()},
            {"changesetId": f"other{changeset['changesetId']}", "hunkId": first},
        ):
            with pytest.raises(LspError):
                await client.request("droid/review/acceptHunk", wrong)
        content = await client.request(
            "droid/review/content", {**named, "uri": changeset["files"][0]["uri"], "side": "after"}
        )
        assert content == {"text": text(5, 30)}
        result = await client.request("droid/review/rejectHunk", {**named, "hunkId": first})
        assert (result["refused"], states(result["changeset"])) == ([], ["rejected", "pending"])
        assert path.read_text() == text()
        result = await client.request(
            "droid/review/acceptFile", {**named, "uri": changeset["files"][0]["uri"]}
        )
        assert states(result["changeset"]) == ["accepted", "accepted"], "the last word counts"
        withdrawn = await client.message("$/cancelRequest")
        assert withdrawn["params"]["id"] == message["id"]
        await ended(bench)
        assert path.read_text() == text(5, 30)
        with pytest.raises(LspError):
            await client.request("droid/review/rejectHunk", {**named, "hunkId": first})
        client.send({"id": message["id"], "result": {"answer": "once"}})
        late = await client.message("window/showMessage")
        assert "too late" in late["params"]["message"]


async def test_typing_over_a_hunk_refuses_it_and_loses_nothing(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, droid=NATIVE, **ASKS) as (client, bench):
        path = prepared(bench)
        client.open(path)
        client.handlers["droid/requestApproval"] = lambda _: NEVER
        await client.command("droid.ask", {"prompt": "change it"})
        message = await client.message("droid/requestApproval")
        changeset = message["params"]["changeset"]
        first, _ = ids(changeset)
        buffer = client.buffer(path)
        client.change(buffer, buffer.text.index("line 5\n"), 4, "mine")
        named = {"changesetId": changeset["changesetId"]}
        result = await client.request("droid/review/acceptAll", named)
        assert [one["hunkId"] for one in result["refused"]] == [first]
        assert "changed" in result["refused"][0]["why"]
        assert states(result["changeset"]) == ["stale", "accepted"]
        await client.request("droid/review/rejectHunk", {**named, "hunkId": first})
        await ended(bench)
        assert client.buffer(path).text == text(30).replace("line 5\n", "mine 5\n")


async def test_what_a_turn_changed_is_taken_back_in_the_editor(tmp_path: Path) -> None:
    create = call("Create", file_path="new.txt", content="hello\n")
    async with editor_in(tmp_path, READ, patch(5, 30), create, DONE, droid=NATIVE, **EDITS) as (
        client,
        bench,
    ):
        path = prepared(bench)
        client.open(path)
        await client.command("droid.ask", {"prompt": "change it"})
        await ended(bench)
        client.type(path, 0, "typed\n")
        (changeset,) = (await client.request("droid/review/list", {}))["changesets"]
        assert (changeset["state"], len(ids(changeset))) == ("applied", 3)
        named = {"changesetId": changeset["changesetId"]}
        result = await client.request("droid/review/rejectHunk", {**named, "hunkId": ids(changeset)[0]})
        assert result["refused"] == []
        assert client.buffer(path).text == "typed\n" + text(30)
        assert path.read_text() == text(), "the disk is the person's to save"
        result = await client.request("droid/review/rejectAll", named)
        assert client.buffer(path).text == "typed\n" + text()
        assert not (bench.workspace / "new.txt").exists()
        assert result["changeset"]["state"] == "closed"
        assert (await client.request("droid/review/list", {}))["changesets"] == []
        assert changesets(client)[-1]["state"] == "closed"


async def test_an_editor_that_does_not_take_an_edit_has_nothing_taken_back(tmp_path: Path) -> None:
    create = call("Create", file_path="new.txt", content="hello\n")
    async with editor_in(tmp_path, READ, patch(5, 30), create, DONE, droid=NATIVE, **EDITS) as (
        client,
        bench,
    ):
        path = prepared(bench)
        client.open(path)
        await client.command("droid.ask", {"prompt": "change it"})
        await ended(bench)
        (changeset,) = (await client.request("droid/review/list", {}))["changesets"]
        client.handlers["workspace/applyEdit"] = lambda _: {"applied": False}
        with pytest.raises(LspError):
            await client.request("droid/review/rejectAll", {"changesetId": changeset["changesetId"]})
        assert client.buffer(path).text == text(5, 30)
        assert (bench.workspace / "new.txt").exists(), "all or nothing"
        (again,) = (await client.request("droid/review/list", {}))["changesets"]
        assert states(again) == ["pending"] * 3


async def lenses(client: LspClient, path: Path) -> list[dict[str, Any]]:
    return await client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})


async def actions(client: LspClient, path: Path, line: int) -> list[dict[str, Any]]:
    place = {"line": line, "character": 0}
    return await client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": path.as_uri()},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": []},
        },
    )


def diff_of(client: LspClient) -> Any:
    return next((one for one in client.buffers.values() if one.uri.endswith(".diff")), None)


async def press(client: LspClient, button: dict[str, Any]) -> Any:
    command = button["command"]
    return await client.command(command["command"], *command["arguments"])


@pytest.mark.parametrize("profile", ["vscode", "neovim", "helix"])
async def test_any_editor_reviews_what_is_proposed_in_a_diff_document(tmp_path: Path, profile: str) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, profile=profile, **ASKS) as (client, bench):
        path = prepared(bench)
        client.answers.append("Review changes…")
        await client.command("droid.ask", {"prompt": "change it"})
        question = await client.question("long.txt")
        assert "Review changes…" in question["actions"]
        shown = await client.until(lambda: diff_of(client))
        assert shown.path.parent.parent.name == "local"
        lines = shown.text.split("\n")
        first, second = [number for number, line in enumerate(lines) if line.startswith("@@ ")]
        assert lines[first].endswith("@@ to look at")
        assert "+new 5" in lines
        found = await lenses(client, shown.path)
        titles = [(one["range"]["start"]["line"], one["command"]["title"]) for one in found]
        assert (first, "Accept hunk") in titles
        assert (second, "Reject hunk") in titles
        assert (0, "Accept all changes") in titles
        at_second = await actions(client, shown.path, second + 2)
        accept = next(one for one in at_second if one["title"] == "Droid: accept hunk")
        await press(client, accept)
        await client.until(lambda: diff_of(client).text.split("\n")[second].endswith("@@ accepted"))
        assert path.read_text() == text(), "one answer is still owed"
        # What somebody else has written into it has no buttons, and nothing of it can be accepted.
        buffer = diff_of(client)
        harmless = buffer.text.index("+new 30")
        client.change(buffer, harmless, len("+new 30"), "+old 30")
        assert await lenses(client, shown.path) == []
        left = [one["title"] for one in await actions(client, shown.path, second + 2)]
        assert "Droid: reject all changes" in left
        assert not [title for title in left if "accept" in title]
        with pytest.raises(LspError):
            await client.command("droid.review.acceptHunk")
        client.change(buffer, harmless, len("+old 30"), "+new 30")
        # As a palette does that sends no arguments: the hunk at the cursor.
        await actions(client, shown.path, first)
        await client.command("droid.review.rejectHunk")
        await ended(bench)
        assert path.read_text() == text(30)


async def test_an_editor_without_a_view_takes_back_hunks_of_a_turn_in_a_diff_document(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, **EDITS) as (client, bench):
        path = prepared(bench)
        await client.command("droid.ask", {"prompt": "change it"})
        await ended(bench)
        result = await client.command("droid.review.open")
        shown = await client.until(lambda: diff_of(client))
        assert result["document"] == str(shown.path)
        line = shown.text.split("\n").index("-line 5")
        reject = next(
            one for one in await actions(client, shown.path, line) if one["title"] == "Droid: reject hunk"
        )
        await press(client, reject)
        assert path.read_text() == text(30)
        await client.until(lambda: "@@ rejected" in diff_of(client).text)
        assert oct(shown.path.stat().st_mode & 0o777) == "0o600"


async def test_the_session_document_leads_to_the_changes(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, **ASKS) as (client, bench):
        path = prepared(bench)
        await client.command("droid.ask", {"prompt": "change it"})
        await client.question("long.txt")
        document = await client.until(
            lambda: next((b for b in client.buffers.values() if "### Approval needed" in b.text), None)
        )

        async def review() -> dict[str, Any]:
            found = await lenses(client, document.path)
            return next(one for one in found if one["command"]["title"] == "Review changes")

        await press(client, await review())
        proposed = await client.until(lambda: diff_of(client))
        assert "Proposed changes" in proposed.text
        all_of_it = next(
            one
            for one in await lenses(client, proposed.path)
            if one["command"]["title"] == "Accept all changes"
        )
        await press(client, all_of_it)
        await ended(bench)
        assert path.read_text() == text(5, 30)
        client.close(proposed.path)
        await client.until(lambda: "*Done" in document.text)
        await press(client, await review())
        applied = await client.until(lambda: diff_of(client))
        assert "Changes that were made" in applied.text


def previewing(client: LspClient, wanted: list[str] | None, asked: list[dict[str, Any]]) -> None:
    """Have the client show a preview of edits, in which the person confirms some; None closes it."""

    def apply(params: dict[str, Any]) -> Any:
        asked.append(params)
        annotations: dict[str, Any] = params["edit"].get("changeAnnotations") or {}
        for change in params["edit"]["documentChanges"]:
            buffer = client.buffers[change["textDocument"]["uri"]]
            for edit in reversed(change["edits"]):
                id_ = edit.get("annotationId")
                assert id_ is None or id_ in annotations, "an editor fails on an id that it does not know"
                if id_ is not None and not any(
                    annotations[id_]["label"].endswith(one) for one in wanted or ()
                ):
                    continue
                lines = buffer.text.splitlines(keepends=True)
                start, end = (len("".join(lines[: edit["range"][one]["line"]])) for one in ("start", "end"))
                client.change(buffer, start, end - start, edit["newText"])
        return {"applied": wanted is not None or not annotations}

    client.handlers["workspace/applyEdit"] = apply


@pytest.mark.parametrize(
    ("wanted", "written"),
    [(["2 of 2"], text(30)), (["1 of 2", "2 of 2"], text(5, 30)), ([], text()), (None, text())],
    ids=["one", "all", "none", "closed"],
)
async def test_hunks_are_chosen_in_the_preview_of_an_editor_that_has_one(
    tmp_path: Path, wanted: list[str] | None, written: str
) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, droid=PREVIEWS, **ASKS) as (client, bench):
        path = prepared(bench)
        client.open(path)
        asked: list[dict[str, Any]] = []
        previewing(client, wanted, asked)
        client.answers.append("Review changes…")
        await client.command("droid.ask", {"prompt": "change it"})
        await ended(bench)
        assert client.buffer(path).text == written
        annotations = asked[0]["edit"]["changeAnnotations"]
        assert len(annotations) == 2
        assert all(one["needsConfirmation"] for one in annotations.values())
        changed = [event for event in bench.events() if event["type"] == "files_changed"]
        assert bool(changed) == (written != text()), "what was chosen goes the way of every write"


async def test_a_choice_in_a_preview_that_comes_too_late_is_taken_out_again(tmp_path: Path) -> None:
    async with editor_in(tmp_path, READ, patch(5, 30), DONE, droid=PREVIEWS, **ASKS) as (client, bench):
        path = prepared(bench)
        client.open(path)
        client.handlers["workspace/applyEdit"] = lambda _: NEVER
        client.answers.append("Review changes…")
        await client.command("droid.ask", {"prompt": "change it"})
        preview = await client.message("workspace/applyEdit")
        await client.command("droid.cancel")
        await ended(bench)
        previewing(client, ["1 of 2", "2 of 2"], [])
        result = client.handlers["workspace/applyEdit"](preview["params"])
        assert client.buffer(path).text == text(5, 30)
        client.send({"id": preview["id"], "result": result})
        await client.until(lambda: client.buffer(path).text == text())
        assert not [event for event in bench.events() if event["type"] == "files_changed"]
