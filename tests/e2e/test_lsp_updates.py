"""A client made for Droid is told all of a session, and nothing that it did not ask for."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import until
from tests.e2e.lsp_bench import EDIT_A, READ_A, editor_in, execute
from tests.fakes.lsp_client import NEVER, LspClient
from tests.fakes.wire import misfits

from droid.lsp.protocol import METHODS, RESULTS, Direction
from droid.lsp.verbs import VERBS

ALL: Mapping[str, Any] = {
    "api": 1,
    "editor": {"name": "test", "version": "1"},
    "transcript": "stream",
    "review": "hunk",
    "approval": "rich",
    "input": True,
    "status": True,
    "sessions": True,
    "save": True,
}
TO_CLIENT = {one.name: one for one in METHODS if one.direction is Direction.TO_CLIENT}
ASK = {"calls": [{"name": "AskUser", "arguments": {"question": "Which?", "options": ["tabs", "spaces"]}}]}
TODOS = {
    "calls": [{"name": "TodoWrite", "arguments": {"todos": [{"content": "Look", "status": "in_progress"}]}}]
}


def updates(client: LspClient, since: int = 0) -> list[dict[str, Any]]:
    return [
        one["params"]["update"]
        for one in client.received[since:]
        if one.get("method") == "droid/sessionUpdate"
    ]


def kinds(client: LspClient, since: int = 0) -> list[str]:
    return [update["sessionUpdate"] for update in updates(client, since)]


def check_wire(client: LspClient) -> None:
    """Everything that came is of its type."""
    for message in client.received:
        method = TO_CLIENT.get(message.get("method", ""))
        if method is not None and method.params is not None:
            assert misfits(message["params"], method.params, method.name) == []


async def ask(client: LspClient, prompt: str, **more: Any) -> dict[str, Any]:
    """Have a turn, from its beginning to its end."""
    before = len(client.received)
    result = await client.request("droid/prompt", {"prompt": prompt, **more})
    await client.until(lambda: "turn_ended" in kinds(client, before))
    return result


async def test_a_session_is_told_live_and_again_at_a_replay(tmp_path: Path) -> None:
    steps = [READ_A, TODOS, ASK, EDIT_A, execute("echo out"), {"text": "All done."}]
    async with editor_in(tmp_path, *steps, droid=ALL) as (client, _):
        client.handlers["droid/requestApproval"] = lambda _: {"answer": "once"}
        client.handlers["droid/requestAnswer"] = lambda _: {"answer": "tabs"}
        picture = {"mediaType": "image/png", "data": "iVBORw0KGgo="}
        result = await ask(client, "Do it all", images=[picture])
        check_wire(client)
        live = updates(client)
        told = {update["sessionUpdate"] for update in live}
        assert told >= {
            "session_info_update", "turn_started", "user_message_chunk", "agent_message_chunk", "tool_call",
            "tool_call_update", "decision", "plan", "approval_wanted", "approval_answered", "question_asked",
            "question_answered", "usage", "turn_ended",
        }  # fmt: skip
        [said] = [update for update in live if update["sessionUpdate"] == "user_message_chunk"]
        assert (said["content"]["text"], said["images"]) == ("Do it all", 1)
        usage = [update for update in live if update["sessionUpdate"] == "usage"]
        assert usage[-1]["totalCostUsd"] == pytest.approx(sum(one["costUsd"] for one in usage))
        assert 0 < usage[-1]["contextTokens"] < usage[-1]["contextWindow"]
        asked = next(one["params"] for one in client.received if one.get("method") == "droid/requestApproval")
        assert asked["trace"]
        assert any(row["verdict"] == "ask" for row in asked["trace"])

        before = len(client.received)
        await client.request("droid/session/resume", {"sessionId": result["sessionId"]})
        await client.until(lambda: "replay_ended" in kinds(client, before))
        again = updates(client, before)
        assert [again[0]["sessionUpdate"], again[-1]["sessionUpdate"]] == ["replay_started", "replay_ended"]
        assert told - {update["sessionUpdate"] for update in again} == set()
        check_wire(client)

        def shown(of: list[dict[str, Any]], kind: str) -> list[Any]:
            return [update for update in of if update["sessionUpdate"] == kind]

        for kind in ("tool_call", "decision", "plan", "approval_answered", "question_answered", "usage"):
            assert shown(again, kind) == shown(live, kind), kind

        def ends(of: list[dict[str, Any]]) -> dict[str, Any]:
            """What each call left behind."""
            return {
                update["toolCallId"]: (update.get("status"), update["content"])
                for update in shown(of, "tool_call_update")
                if "content" in update
            }

        assert ends(again) == ends(live)
        assert any(block["type"] == "diff" for _, content in ends(again).values() for block in content)


async def test_a_question_that_is_withdrawn_is_closed_on_the_clients_side(tmp_path: Path) -> None:
    async with editor_in(tmp_path, execute("rm a.txt"), droid=ALL) as (client, _):
        client.handlers["droid/requestApproval"] = lambda _: NEVER
        await client.request("droid/prompt", {"prompt": "go"})
        question = await client.message("droid/requestApproval")
        await client.request("droid/cancel", {})
        await client.until(lambda: "turn_ended" in kinds(client))
        [closed] = [one for one in updates(client) if one["sessionUpdate"] == "approval_answered"]
        assert (closed["approvalId"], closed["answer"]) == (question["params"]["approvalId"], None)
        await client.message("$/cancelRequest", lambda params: params["id"] == question["id"])


LACKING: list[tuple[str, Mapping[str, Any] | None, set[str]]] = [
    ("nothing is lacking", ALL, set()),
    ("nothing is declared", None, set(TO_CLIENT)),
    ("an api that nobody knows", {**ALL, "api": 0}, set(TO_CLIENT)),
    *(
        (f"no {key}", {name: value for name, value in ALL.items() if name != key}, {
            one.name for one in TO_CLIENT.values() if (one.needs or "").partition(":")[0] == key
        })
        for key in ("transcript", "review", "approval", "status", "sessions", "save")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "declared", "unsent"), LACKING, ids=[row[0] for row in LACKING])
async def test_nothing_is_sent_that_was_not_declared(
    tmp_path: Path, name: str, declared: Mapping[str, Any] | None, unsent: set[str]
) -> None:
    """Every message to the client is caused once; each profile gets all but what it lacks."""
    steps = [ASK, READ_A, EDIT_A, execute("touch b.txt"), {"text": "Done."}]
    async with editor_in(tmp_path, *steps, droid=declared) as (client, bench):
        path = bench.workspace / "a.txt"
        client.open(path)

        def choose(params: dict[str, Any]) -> dict[str, str]:
            titles = [action["title"] for action in params["actions"]]
            if "I save them now" in titles:
                client.save(path)
            return {
                "title": next(one for one in titles if one in ("tabs", "I save them now", "Approve once"))
            }

        client.handlers["window/showMessageRequest"] = choose
        client.handlers["droid/requestApproval"] = lambda _: {"answer": "once"}
        client.handlers["droid/requestAnswer"] = lambda _: {"answer": "tabs"}
        client.handlers["droid/save"] = lambda _: client.save(path)
        asked = await client.command("droid.ask", {"prompt": "go", "uri": path.as_uri()})
        await asyncio.to_thread(until, lambda: bench.events()[-1]["type"] == "turn_ended")
        await client.command("droid.model.set", {"sessionId": asked["sessionId"], "model": "custom:fake"})
        await client.command("droid.session.rename", {"sessionId": asked["sessionId"], "title": "Renamed"})
        wanted = set(TO_CLIENT) - unsent

        def sent() -> set[str]:
            return {one["method"] for one in client.received if one.get("method", "").startswith("droid/")}

        await client.until(lambda: sent() >= wanted)
        assert sent() == wanted
        assert client.undeclared == []
        check_wire(client)


async def test_every_verb_answers_as_its_type_says_with_no_arguments(tmp_path: Path) -> None:
    """What needs to be told more says so in one line; nothing fails inside."""
    async with editor_in(tmp_path, droid=ALL) as (client, bench):
        client.open(bench.workspace / "a.txt")
        for command, verb in VERBS.items():
            asks = [client.ask("workspace/executeCommand", {"command": command, "arguments": []})]
            if verb.method is not None:
                asks.append(client.ask(verb.method, {}))
            for ask in asks:
                reply = await ask
                if "error" not in reply:
                    assert misfits(reply["result"], RESULTS[command], command) == []
                    continue
                assert reply["error"]["code"] != -32603, command
                assert "\n" not in reply["error"]["message"], command
