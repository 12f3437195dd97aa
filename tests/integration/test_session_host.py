"""The sessions of an editor, opened and closed behind whoever uses them."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.fakes.model_server import FakeModelServer
from tests.integration.workbench import write_settings

from droid.domain.ports import Files
from droid.engine.session import Session
from droid.lsp import session_host
from droid.lsp.background import Background
from droid.lsp.resting import RestingSession, Uses
from droid.lsp.session_host import SessionHost


@asynccontextmanager
async def host_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, uses: Uses
) -> AsyncGenerator[tuple[SessionHost, Path]]:
    home, workspace = folder / "home" / ".factory", folder / "work"
    workspace.mkdir()
    monkeypatch.setenv("HOME", str(home.parent))
    monkeypatch.setenv("FACTORY_HOME", str(home))
    monkeypatch.setattr(session_host, "_SETTLE_S", 0.0)
    monkeypatch.setattr(session_host, "_LOOK_S", 0.01)

    def overlay(disk: Files) -> Files:
        return disk

    async def nothing() -> None:
        pass

    async with FakeModelServer([{"text": "the answer", "repeat": True}]) as server:
        write_settings(home, server.base_url)
        background = Background()
        host = SessionHost(background, overlay, nothing, uses)
        host.folders = [workspace]
        try:
            yield host, workspace
        finally:
            await host.close()
            await background.close(5)


async def rests(host: SessionHost, *session_ids: str) -> None:
    async with asyncio.timeout(20):
        while not all(isinstance(host.known(one), RestingSession) for one in session_ids):
            await asyncio.sleep(0.01)


async def test_a_session_that_is_not_used_for_a_while_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with host_in(tmp_path, monkeypatch, Uses(unused_s=0.05)) as (host, workspace):
        first = await host.create(workspace)
        first.prompt("Hello")
        await first.wait()
        await rests(host, first.id)
        known = host.current(workspace)
        assert known is not None
        assert known is host.current()
        assert (known.id, known.title, known.busy) == (first.id, "Hello", False)
        again = await host.session(workspace)
        assert again is not first
        assert again.id == first.id
        await rests(host, first.id)


async def test_the_order_of_sessions_and_the_current_one_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with host_in(tmp_path, monkeypatch, Uses(max_unused=0)) as (host, workspace):
        first, second = await host.create(workspace), await host.create(workspace)
        await rests(host, first.id, second.id)
        await host.session(workspace, first.id)
        known = [host.current(workspace), host.current()]
        assert [one.id for one in known if one is not None] == [second.id, second.id]
        await host.resume(workspace, first.id[:-1])
        current = host.current(workspace)
        assert current is not None
        assert current.id == first.id


async def test_everybody_gets_an_open_session_however_often_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with host_in(tmp_path, monkeypatch, Uses(max_unused=0)) as (host, workspace):
        ids = [(await host.create(workspace)).id for _ in range(3)]
        told: list[str] = []
        host.sinks.append(lambda session, record: told.append(record.event.type))
        chance = random.Random(7)

        async def one(session_id: str) -> None:
            for number in range(8):
                await asyncio.sleep(chance.random() * 0.05)
                session = await host.session(workspace, session_id)
                if number % 2:
                    session.rename(str(number))
                else:
                    session.prompt(f"Task {number}")
                    await session.wait()

        async with asyncio.TaskGroup() as tasks:
            for session_id in ids * 2:
                tasks.create_task(one(session_id))
        await rests(host, *ids)
        # Each event was told once: nobody listens to a session that is closed.
        assert told.count("session_renamed") == 6 * 4
        assert told.count("turn_started") + told.count("steered") == 6 * 4
        runtime = await host.runtime(workspace)
        for session_id in ids:
            prompts = [
                r for r in runtime.store.read(session_id) if r.event.type in ("turn_started", "steered")
            ]
            assert len(prompts) == 8
            numbers = [r.seq for r in runtime.store.read(session_id) if r.event.type != "text_delta"]
            assert numbers == list(range(1, len(numbers) + 1))


async def test_what_is_in_use_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with host_in(tmp_path, monkeypatch, Uses(max_unused=0)) as (host, workspace):
        used: list[str] = []
        host.in_use.append(lambda session: session.id in used)
        first = await host.create(workspace)
        used.append(first.id)
        second = await host.create(workspace)
        await rests(host, second.id)
        assert isinstance(host.known(first.id), Session)
        used.clear()
        await rests(host, first.id)
