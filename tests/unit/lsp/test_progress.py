"""A turn as a progress of the editor."""

import asyncio
from collections.abc import Mapping
from typing import Any

from droid.lsp.client_requests import ClientRequests
from droid.lsp.comment_watch import CommentWatch
from droid.lsp.editor import Editor
from droid.lsp.negotiation import ClientProfile
from droid.lsp.progress import TurnProgress


def editor(*, progress: bool = True) -> tuple[Editor, list[Mapping[str, Any]]]:
    sent: list[Mapping[str, Any]] = []
    one = Editor(ClientRequests(sent.append), CommentWatch())
    one.profile = ClientProfile(progress=progress)
    return one, sent


def told(sent: list[Mapping[str, Any]]) -> list[tuple[str, str | None]]:
    return [
        (one["params"]["value"]["kind"], one["params"]["value"].get("message"))
        for one in sent
        if one["method"] == "$/progress"
    ]


async def test_a_turn_begins_says_what_it_does_and_ends() -> None:
    one, sent = editor()
    progress = TurnProgress(one, "token", "Droid: hello")
    beginning = asyncio.create_task(progress.begin())
    await asyncio.sleep(0)
    progress.say("Thinking")
    one.requests.settle({"id": sent[0]["id"], "result": None})
    await beginning
    for number in range(50):
        progress.say(f"Step {number}")
    await asyncio.sleep(0.15)
    progress.end("Done")
    progress.say("too late")
    await asyncio.sleep(0.15)
    assert told(sent) == [("begin", "Thinking"), ("report", "Step 0"), ("report", "Step 49"), ("end", "Done")]


async def test_a_turn_that_is_over_at_once_is_still_shown_to_have_ended() -> None:
    one, sent = editor()
    progress = TurnProgress(one, "token", "Droid: hello")
    beginning = asyncio.create_task(progress.begin())
    await asyncio.sleep(0)
    progress.end("Done")
    one.requests.settle({"id": sent[0]["id"], "result": None})
    await beginning
    assert told(sent) == [("begin", None), ("end", "Done")]


async def test_a_client_that_makes_no_room_is_told_nothing() -> None:
    one, sent = editor()
    progress = TurnProgress(one, "token", "Droid: hello")
    beginning = asyncio.create_task(progress.begin())
    await asyncio.sleep(0)
    one.requests.settle({"id": sent[0]["id"], "error": {"code": 1, "message": "no"}})
    await beginning
    progress.say("x")
    progress.end("Done")
    assert told(sent) == []


async def test_a_client_without_progress_is_not_asked() -> None:
    one, sent = editor(progress=False)
    await TurnProgress(one, "token", "Droid: hello").begin()
    assert sent == []
