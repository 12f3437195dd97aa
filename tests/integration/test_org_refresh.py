"""The organisation's endpoint as a workspace asks it: once at a start, and again only when that is due."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.org_server import OrgServer, Served, whole

from droid.app.options import RuntimeOptions
from droid.app.policies import open_policies
from droid.app.runtime import Runtime
from droid.domain.errors import PolicyRefused
from droid.domain.levels import AutonomyLevel

PLAIN = whole(Served(data=b'{"maxAutonomyLevel": "low"}'))


def environ(tmp_path: Path, server: OrgServer) -> dict[str, str]:
    home = tmp_path / "home" / ".factory"
    return {"HOME": str(home.parent), "FACTORY_HOME": str(home), "DROID_ORG_ENDPOINT": server.url}


async def test_a_start_asks_once_and_one_with_a_copy_asks_behind_it(tmp_path: Path) -> None:
    async with OrgServer() as server:
        server.answer = PLAIN
        for behind in (0, 1):
            policies = open_policies(tmp_path, environ(tmp_path, server))
            asked = asyncio.Queue[bool]()
            refresh = policies.organisation.refresh

            async def counted(asked: asyncio.Queue[bool] = asked, refresh: Any = refresh) -> bool:
                asked.put_nowait(True)
                return await refresh()

            policies.organisation.refresh = counted  # type: ignore[method-assign]
            await policies.start()
            try:
                assert policies.of(tmp_path).max_autonomy is AutonomyLevel.LOW
                for _ in range(20):
                    await asyncio.sleep(0)
                assert asked.qsize() == behind
                assert len(server.requests) >= 1
            finally:
                await policies.aclose()


async def test_a_runtime_that_may_not_open_leaves_nothing_behind(tmp_path: Path) -> None:
    async with OrgServer() as server:
        server.answer = PLAIN
        options = RuntimeOptions(workspace=tmp_path, surface="exec", skip_permissions=True)
        with pytest.raises(PolicyRefused, match="maxAutonomyLevel is low"):
            await Runtime.open(options, environ=environ(tmp_path, server))
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert "org-settings" not in names
