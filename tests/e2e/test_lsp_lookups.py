"""Verbs that look something up or throw something away, in clients that show them and in those that do not."""

from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench
from tests.e2e.lsp_bench import editor_in, execute
from tests.fakes.lsp_client import NEVER, LspClient, LspError

STREAM = {"api": 1, "transcript": "stream", "approval": "rich", "input": True, "sessions": True}
DONE = {"text": "Done."}


async def turn(client: LspClient, prompt: str = "hello", **more: Any) -> str:
    """Have a turn; returns its session."""
    ends = sum(1 for one in client.received if _ends(one))
    result = await client.command("droid.ask", {"prompt": prompt, **more})
    await client.turn_ended(ends + 1)
    return str(result["sessionId"])


def _ends(message: dict[str, Any]) -> bool:
    return message.get("method") == "$/progress" and message["params"]["value"].get("kind") == "end"


def stored(bench: Bench, session_id: str) -> list[Path]:
    """All that is kept of a session."""
    return [*bench.home.glob(f"sessions/*/{session_id}*"), *bench.workspace.rglob(f"{session_id}.droid.md")]


async def shown(client: LspClient, name: str) -> str:
    """The document of that name, once the editor shows it."""
    message = await client.message(
        "window/showDocument", lambda params: params["uri"].endswith(f"/{name}") or name in params["uri"]
    )
    return Path(message["params"]["uri"].removeprefix("file://")).read_text(encoding="utf-8")


async def test_files_are_found_for_a_mention_without_those_that_git_ignores(tmp_path: Path) -> None:
    async with editor_in(tmp_path, droid=STREAM) as (client, bench):
        (bench.workspace / ".gitignore").write_text("built/\n")
        for name in ("src/cart.py", "src/cart_test.py", "built/cart.js", ".github/cart.yml"):
            (bench.workspace / name).parent.mkdir(exist_ok=True)
            (bench.workspace / name).write_text("")
        found: dict[str, Any] = {"items": []}
        while not found["items"]:  # the first answer may come before the files are listed
            found = await client.request("droid/mentions", {"query": "cart"})
        assert [one["insert"] for one in found["items"]] == [
            "@src/cart.py",
            "@.github/cart.yml",
            "@src/cart_test.py",
        ]
        client.open(bench.workspace / "src/cart_test.py", language="python")
        found = await client.request("droid/mentions", {"query": "cart"})
        assert found["items"][0] == {
            "insert": "@src/cart_test.py",
            "label": "cart_test.py",
            "detail": "src",
            "kind": "file",
        }
        found = await client.command("droid.mentions")
        kinds = {one["kind"] for one in found["items"]}
        assert kinds == {"file", "folder", "special"}


async def test_usage_is_told_and_shown_as_a_document_where_nothing_else_shows_it(tmp_path: Path) -> None:
    async with editor_in(tmp_path, DONE) as (client, _):
        nothing = await client.command("droid.usage")
        assert (nothing["sessionId"], nothing["costUsd"]) == (None, 0.0)
        session_id = await turn(client)
        told = await client.command("droid.usage")
        assert told["sessionId"] == session_id
        assert told["inputTokens"] > 0
        assert told["costUsd"] > 0
        assert 0 < told["contextTokens"] < told["contextWindow"]
        assert await shown(client, "usage.md") == told["text"]
        assert f"{told['contextTokens']:,}" in told["text"]
    assert client.undeclared == []


async def test_the_doctor_says_what_the_command_line_says(tmp_path: Path) -> None:
    async with editor_in(tmp_path) as (client, bench):
        told = await client.command("droid.doctor")
        assert told["ok"] is True
        assert await shown(client, "doctor.md") == told["text"]
        for line in bench.run("doctor").stdout.splitlines():
            if line.startswith(("ok", "warn", "✓", "!")):
                assert f"**{line.split()[2 if line[0] in '✓!' else 1]}**" in told["text"]


async def test_models_are_listed_with_those_that_are_refused_and_why(tmp_path: Path) -> None:
    settings = {"modelPolicy": {"blockedModelIds": ["custom:other"]}}
    async with editor_in(tmp_path, DONE, droid=STREAM, settings=settings) as (client, _):
        told = await client.request("droid/model/list", {})
        assert told["current"] == "custom:fake"
        [model] = [one for one in told["models"] if one["id"] == "custom:fake"]
        assert (model["name"], model["provider"]) == ("fake", "generic-chat-completion-api")
        session_id = await turn(client)
        with pytest.raises(LspError, match="no model 'nobody'"):
            await client.request("droid/model/set", {"sessionId": session_id, "model": "nobody"})
        said = await client.request("droid/autonomy/set", {"sessionId": session_id, "autonomy": "low"})
        assert said["autonomy"] == "low"
        changed = await client.message("droid/configChanged")
        assert changed["params"]["autonomy"] == "low"
        with pytest.raises(LspError, match="'autonomy' is none of `off`, `low`, `medium`, `high`"):
            await client.request("droid/autonomy/set", {"autonomy": "reckless"})


async def test_a_session_is_deleted_with_all_that_is_kept_of_it(tmp_path: Path) -> None:
    async with editor_in(tmp_path, DONE, DONE, droid=STREAM) as (client, bench):
        first = await turn(client)
        await client.request("droid/session/new", {})
        second = await turn(client)
        assert first != second
        assert stored(bench, first)
        for other in (first[:-1], first[0], "*", f"../{first}", f"{first}.files/..", "."):
            with pytest.raises(LspError):
                await client.request("droid/session/delete", {"sessionId": other})
        assert stored(bench, first)
        told = await client.request("droid/session/delete", {"sessionId": first})
        assert told == {"sessionId": first, "deleted": True}
        assert stored(bench, first) == []
        listed = await client.request("droid/session/list", {})
        assert [one["sessionId"] for one in listed["sessions"]] == [second]
        with pytest.raises(LspError, match="no session"):
            await client.request("droid/session/resume", {"sessionId": first})


async def test_a_session_that_runs_or_is_open_elsewhere_is_not_deleted(tmp_path: Path) -> None:
    hold = {"calls": [{"name": "AskUser", "arguments": {"question": "Which?"}}]}
    async with editor_in(tmp_path, hold, droid=STREAM) as (client, bench):
        client.handlers["droid/requestAnswer"] = lambda _: NEVER
        asked = await client.request("droid/prompt", {"prompt": "go"})
        await client.message("droid/requestAnswer")
        with pytest.raises(LspError, match="still runs or waits"):
            await client.request("droid/session/delete", {"sessionId": asked["sessionId"]})
        other = LspClient(bench.argv("serve"), root=bench.workspace, env=bench.env, droid=STREAM)
        async with other:
            await other.initialize()
            with pytest.raises(LspError, match=r"another process|open elsewhere|is open"):
                await other.request("droid/session/delete", {"sessionId": asked["sessionId"]})
        assert stored(bench, asked["sessionId"])


async def test_a_plain_client_has_the_person_asked_before_a_session_is_deleted(tmp_path: Path) -> None:
    async with editor_in(tmp_path, DONE) as (client, bench):
        session_id = await turn(client)
        client.answers.append("Keep it")
        assert await client.command("droid.session.delete", {"sessionId": session_id}) == {"asked": True}
        question = await client.question("cannot be brought back")
        assert session_id in question["message"]
        assert stored(bench, session_id)
        client.answers += [f"hello ({session_id})", "Delete it"]
        await client.command("droid.session.delete")
        await client.message("window/showMessage", lambda params: "is deleted" in params["message"])
        assert list(bench.home.glob(f"sessions/*/{session_id}*")) == []


async def test_a_prompt_may_refuse_to_join_a_running_turn(tmp_path: Path) -> None:
    hold = {"calls": [{"name": "AskUser", "arguments": {"question": "Which?"}}]}
    async with editor_in(tmp_path, hold, droid=STREAM) as (client, _):
        client.handlers["droid/requestAnswer"] = lambda _: NEVER
        await client.request("droid/prompt", {"prompt": "go"})
        await client.message("droid/requestAnswer")
        with pytest.raises(LspError, match="a turn is running"):
            await client.request("droid/prompt", {"prompt": "and this", "steer": False})
        joined = await client.request("droid/prompt", {"prompt": "and this"})
        assert joined["turnId"] == "t1"


async def test_nothing_is_offered_twice_in_a_session_document_that_waits_for_an_answer(
    tmp_path: Path,
) -> None:
    async with editor_in(tmp_path, execute("touch made"), DONE) as (client, _):
        client.answers.append(NEVER)
        asked = await client.command("droid.ask", {"prompt": "go"})
        await client.question()
        opened = await client.command("droid.transcript.open", {"sessionId": asked["sessionId"]})
        path = Path(opened["document"])
        await client.until(lambda: any(buffer.path == path for buffer in client.buffers.values()))
        start = {"line": 0, "character": 0}
        params = {"textDocument": {"uri": path.as_uri()}, "range": {"start": start, "end": start}}
        found = await client.request("textDocument/codeAction", {**params, "context": {"diagnostics": []}})
        titles = [one["title"] for one in found]
        assert titles[0] == "Droid: approve once: touch made"
        assert len([title for title in titles if title.startswith("Droid: approve once")]) == 1
        assert [title for title in titles if title.startswith("Droid: reject:")] == []
        assert all(title.startswith("Droid: ") and title[7].islower() for title in titles)
        assert {"Droid: set the model", "Droid: usage", "Droid: list sessions"} <= set(titles)
