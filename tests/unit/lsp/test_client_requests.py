"""Questions to the editor: bounded, withdrawn, answered late or never."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from droid.lsp.client_requests import ClientRequests, Outcome, Reply


def requests() -> tuple[ClientRequests, list[Mapping[str, Any]]]:
    sent: list[Mapping[str, Any]] = []
    return ClientRequests(sent.append), sent


async def test_an_answer_ends_the_wait() -> None:
    client, sent = requests()
    asking = asyncio.create_task(client.ask("x/ask", {"a": 1}, timeout_s=5))
    await asyncio.sleep(0)
    assert sent[0] | {"id": ""} == {"id": "", "method": "x/ask", "params": {"a": 1}}
    client.settle({"id": sent[0]["id"], "result": {"b": 2}})
    assert (await asking).result == {"b": 2}
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("error", "text"),
    [({"code": 32603, "message": "stale"}, "stale"), ({"message": 5}, ""), ("no", ""), (7, "")],
)
async def test_an_error_is_no_result(error: object, text: str) -> None:
    client, sent = requests()
    asking = asyncio.create_task(client.ask("x/ask", {}, timeout_s=5))
    await asyncio.sleep(0)
    client.settle({"id": sent[0]["id"], "error": error, "result": "both"})
    reply = await asking
    assert (reply.outcome, reply.value, reply.result) == (Outcome.ERROR, text, None)


async def test_a_question_that_is_not_answered_is_withdrawn_in_time() -> None:
    client, sent = requests()
    reply = await client.ask("x/ask", {}, timeout_s=0.01)
    assert reply.outcome is Outcome.TIMEOUT
    assert sent[1] == {"method": "$/cancelRequest", "params": {"id": sent[0]["id"]}}


async def test_what_stays_unanswered_is_followed_by_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Emacs 28 reads a message that came with an answer only once something else comes."""
    monkeypatch.setattr("droid.lsp.client_requests._NUDGE_S", 0.0)
    client, sent = requests()
    asking = asyncio.create_task(client.ask("x/ask", {}, timeout_s=5))
    while len(sent) < 2:
        await asyncio.sleep(0)
    assert sent[1]["method"] == "window/logMessage"
    assert sent[1]["params"] == {"type": 4, "message": "Waiting for the answer to x/ask"}
    client.settle({"id": sent[0]["id"], "result": 1})
    assert (await asking).result == 1
    assert len(sent) == 2


async def test_withdrawing_tells_the_client_and_a_late_answer_is_known_as_late() -> None:
    client, sent = requests()
    late: list[Reply] = []
    asking = asyncio.create_task(client.ask("x/ask", {}, timeout_s=None, on_late=late.append))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert sent[1]["method"] == "$/cancelRequest"
    client.settle({"id": sent[0]["id"], "result": "yes"})
    client.settle({"id": sent[0]["id"], "result": "yes, again"})
    assert [one.value for one in late] == ["yes"]


async def test_a_client_that_goes_answers_nothing_and_is_asked_nothing() -> None:
    client, sent = requests()
    asking = asyncio.create_task(client.ask("x/ask", {}, timeout_s=None))
    await asyncio.sleep(0)
    client.close()
    assert (await asking).outcome is Outcome.GONE
    assert (await client.ask("x/ask", {}, timeout_s=None)).outcome is Outcome.GONE
    client.notify("x/tell", {})
    assert len(sent) == 1


@pytest.mark.parametrize("id_", [None, 1, [], {}, "droid-999", True])
async def test_a_reply_to_nothing_is_dropped(id_: object) -> None:
    client, _ = requests()
    client.settle({"id": id_, "result": 1})
    client.settle({"result": 1})


async def test_what_was_withdrawn_is_not_remembered_for_ever() -> None:
    client, sent = requests()
    late: list[Reply] = []
    for _ in range(1100):
        await client.ask("x/ask", {}, timeout_s=0, on_late=late.append)
    assert len(client._withdrawn) == 1000
    client.settle({"id": sent[0]["id"], "result": 1})
    assert not late
