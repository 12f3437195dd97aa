"""The real server under an editor of `tests/fakes`, with a model that plays a script."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.e2e.harness import Bench, Step, bench_in
from tests.fakes.lsp_client import LspClient

EDIT_A = {"calls": [{"name": "Edit", "arguments": {"file_path": "a.txt", "old_str": "two", "new_str": "2"}}]}
READ_A = {"calls": [{"name": "Read", "arguments": {"file_path": "a.txt"}}]}


def execute(command: str) -> Step:
    return {"calls": [{"name": "Execute", "arguments": {"command": command}}]}


@asynccontextmanager
async def editor_in(
    folder: Path,
    *steps: Step,
    profile: str = "vscode",
    droid: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    initialize: bool = True,
) -> AsyncGenerator[tuple[LspClient, Bench]]:
    """An editor that has started the server in a workspace."""
    with bench_in(folder) as bench:
        bench.settings(**(settings or {}))
        bench.play(*steps)
        client = LspClient(
            bench.argv("serve"),
            root=bench.workspace,
            profile=profile,
            env=bench.env,
            droid=droid,
            stderr=folder / "server.log",
        )
        async with client:
            if initialize:
                await client.initialize()
            yield client, bench


def session_document(client: LspClient) -> str:
    """The text of the session document that the editor shows; empty where it shows none yet."""
    texts = [buffer.text for buffer in client.buffers.values() if buffer.uri.endswith(".droid.md")]
    assert len(texts) < 2
    return "".join(texts)
