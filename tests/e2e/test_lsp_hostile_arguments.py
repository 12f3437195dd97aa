"""What a broken or hostile client passes to the verbs: each is answered in words, and the server lives on."""

import asyncio
import random
from pathlib import Path
from typing import Any

from tests.e2e.lsp_bench import editor_in
from tests.fakes.lsp_client import LspClient, LspError

from droid.lsp.verbs import CODE_VERBS, VERBS

NASTY: list[Any] = [
    None, "", " ", "x" * 5000, "../../etc/passwd", "\x00", "\u202e", "file:///etc/passwd", "file:///nowhere",
    "untitled:1", -1, 0, 10**20, 1.5, True, [], [None], [[]], {}, {"a": 1}, "t1", "t99999999999", "conversation",
    "files", "both", "before", "after", "off", "high",
    {"start": {"line": -1, "character": -1}, "end": {"line": 10**9, "character": 0}},
    {"start": {"line": 5, "character": 0}, "end": {"line": 0, "character": 0}},
]  # fmt: skip
# What starts a turn, makes a session, or looks at the whole machine has tests of its own.
SLOW = {"droid.send", "droid.comment.run", "droid.session.new", "droid.session.fork", "droid.doctor"}
QUICK = [verb for verb in VERBS.values() if verb.command not in SLOW | set(CODE_VERBS)]
INTERNAL_ERROR = -32603


async def calls(client: LspClient, dice: random.Random, count: int) -> list[str]:
    """Make calls; returns those at which the server itself failed."""
    failed: list[str] = []
    for _ in range(count):
        verb = dice.choice(QUICK)
        given = {one.name: dice.choice(NASTY) for one in verb.parameters if dice.random() < 0.7}
        try:
            await client.command(verb.command, dice.choice(NASTY) if dice.random() < 0.05 else given)
        except LspError as error:
            if error.code == INTERNAL_ERROR:
                failed.append(f"{verb.command} {given}: {error}")
    return failed


async def test_no_arguments_break_a_verb(tmp_path: Path) -> None:
    async with editor_in(tmp_path, {"text": "ok"}) as (client, _):
        await client.command("droid.ask", {"prompt": "hi"})
        await client.turn_ended()
        # Two at once, since a client need not wait for one answer before it asks the next.
        failed = await asyncio.gather(*(calls(client, random.Random(seed), 400) for seed in (1, 2)))
        assert failed == [[], []]
        status = await client.command("droid.status", {})
        assert status["busy"] is False
