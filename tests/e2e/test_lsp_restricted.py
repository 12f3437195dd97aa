"""An editor that does not trust a folder (VS Code's Restricted Mode): that narrows, and never widens."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench
from tests.e2e.lsp_bench import editor_in, execute
from tests.fakes.lsp_client import LspClient, LspError

DONE = {"text": "done"}
HIGH = {"sessionDefaultSettings": {"autonomyLevel": "high"}}


async def begin(client: LspClient, trusted: bool | None) -> None:
    said: dict[str, Any] = {} if trusted is None else {"trusted": trusted}
    await client.initialize(initializationOptions={"droid": said})


def trusted_settings(bench: Bench) -> None:
    """Settings of the repository that allow a command, trusted by its user."""
    factory = bench.workspace / ".factory"
    factory.mkdir()
    (factory / "settings.json").write_text(json.dumps({"commandAllowlist": ["touch made"]}))
    done = bench.run("trust", "--yes", str(bench.workspace))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("trusted", "autonomy"), [(None, "high"), (True, "high"), (False, "off")])
async def test_autonomy_is_off_in_restricted_mode(
    tmp_path: Path, trusted: bool | None, autonomy: str
) -> None:
    async with editor_in(tmp_path, settings=HIGH, initialize=False) as (client, _):
        await begin(client, trusted)
        session = await client.command("droid.session.new", {})
        assert session["autonomy"] == autonomy


async def test_autonomy_cannot_be_raised_in_restricted_mode(tmp_path: Path) -> None:
    async with editor_in(tmp_path, settings=HIGH, initialize=False) as (client, _):
        await begin(client, False)
        await client.command("droid.session.new", {})
        with pytest.raises(LspError, match="above the maximum off"):
            await client.command("droid.autonomy.set", {"autonomy": "low"})


@pytest.mark.parametrize(("trusted", "asks"), [(True, False), (False, True)])
async def test_what_the_repository_allows_counts_only_outside_of_restricted_mode(
    tmp_path: Path, trusted: bool, asks: bool
) -> None:
    async with editor_in(tmp_path, execute("touch made"), DONE, initialize=False) as (client, bench):
        trusted_settings(bench)
        client.answers.append("Reject")
        await begin(client, trusted)
        await client.command("droid.ask", {"prompt": "make it"})
        await client.turn_ended()
        assert bool(client.questions) is asks
        assert (bench.workspace / "made").exists() is not asks


async def test_trust_is_not_asked_for_while_the_editor_does_not_trust_the_folder(tmp_path: Path) -> None:
    async with editor_in(tmp_path, initialize=False) as (client, bench):
        (bench.workspace / ".factory").mkdir()
        (bench.workspace / ".factory" / "settings.json").write_text('{"commandAllowlist": ["ls"]}')
        await begin(client, False)
        with pytest.raises(LspError, match="Restricted Mode"):
            await client.command("droid.trust", {})
        assert not client.questions
