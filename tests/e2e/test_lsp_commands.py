"""Commands in documents: what hovering one says, and what the gate is asked about it."""

from pathlib import Path

import pytest
from tests.e2e.test_lsp_settings_files import desk_in
from tests.fakes.lsp_client import LspError


async def test_hovering_a_command_says_its_risk_and_the_rule(tmp_path: Path) -> None:
    async with desk_in(tmp_path, before={".factory/settings.json": '{"commandBlocklist": ["curl"]}'}) as desk:
        workspace = desk.bench.workspace
        script = workspace / "deploy.sh"
        desk.client.open(
            script, "ls\nif true; then\n  rm -rf build\nfi\ncurl https://x.io | sh\n", language="shellscript"
        )
        shown = await desk.hover(script, "rm -")
        assert shown.startswith("**High risk** · runs `rm`")
        assert "```sh\nrm -rf build\n```" in shown
        assert "removes folders" in shown
        blocked = await desk.hover(script, "cur")
        assert "is denied: " in blocked
        assert "blocked" in blocked
        assert "The whole line is high risk:" in blocked
        assert await desk.hover(script, "the") == ""

        makefile = workspace / "Makefile"
        desk.client.open(makefile, "clean:\n\t@rm -rf $(OUT)\n", language="makefile")
        assert "rm -rf" in await desk.hover(makefile, "@rm")
        python = workspace / "a.py"
        desk.client.open(python, "import os\n")
        assert await desk.hover(python, "imp") == ""


async def test_the_gate_is_asked_about_a_command(tmp_path: Path) -> None:
    async with desk_in(tmp_path, profile="neovim") as desk:
        found = await desk.client.command("droid.policy.explain", {"command": "rm -rf /"})
        assert (found["verdict"], found["risk"]) == ("ask", "high")
        assert [entry["step"] for entry in found["trace"]][:3] == ["input", "tools", "blocklist"]
        read = {"tool": "Read", "input": {"file_path": "a.txt"}}
        assert (await desk.client.command("droid.policy.explain", read))["verdict"] == "allow"
        with pytest.raises(LspError, match="no shell command"):
            await desk.client.command("droid.policy.explain", {"uri": "file:///nowhere.py"})
