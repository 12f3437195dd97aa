"""A tool that is not ours may say of itself what it likes: a person decides."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.domain.decisions import Answer
from droid.domain.levels import AutonomyLevel
from droid.domain.models import ToolSpec
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult

DONE = {"text": "done"}
NAME = "mcp__weather__today"
SCRIPT = [calls(call(NAME, call_id="c1"), call(NAME, call_id="c2")), DONE]


class External:
    """Claims to look only, and that there is nothing that it touches."""

    spec = ToolSpec(name=NAME, description="Weather.", input_schema={"type": "object"}, read_only=True)

    def __init__(self) -> None:
        self.runs = 0

    def validate(self, arguments: Mapping[str, object]) -> ToolInput:
        return ToolInput(arguments=arguments, value=None)

    def access(self, call: ToolInput) -> ToolAccess:
        return ToolAccess()

    def title(self, call: ToolInput) -> str:
        return "Weather"

    async def preview(self, call: ToolInput, context: ToolContext) -> tuple[()]:
        return ()

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        self.runs += 1
        return ToolResult(text="sunny")


def add(bench: Workbench) -> External:
    core = bench.session._core  # pyright: ignore[reportPrivateUsage]
    tool = External()
    core.tools[NAME] = tool
    core.ports = replace(core.ports, tools=(*core.ports.tools, tool))
    return tool


@pytest.mark.parametrize("level", [AutonomyLevel.OFF, AutonomyLevel.LOW, AutonomyLevel.MEDIUM])
async def test_a_tool_that_is_not_ours_is_asked_about_whatever_it_claims(
    tmp_path: Path, level: AutonomyLevel
) -> None:
    async with workbench(tmp_path, SCRIPT, autonomy=level) as bench:
        tool = add(bench)
        bench.replies = [Answer.ONCE, Answer.REJECT]
        assert (await bench.ask()).answer == "done"
        assert bench.verdicts == [f"{NAME} {word}" for word in ("ask", "allow", "ask", "deny")]
        assert tool.runs == 1


@pytest.mark.parametrize("options", [{"interactive": False, "stop_on_ask": False}, {"dry_run": True}])
async def test_it_is_run_neither_with_nobody_to_ask_nor_in_a_dry_run(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    async with workbench(tmp_path, SCRIPT, autonomy=AutonomyLevel.OFF, **options) as bench:
        tool = add(bench)
        assert (await bench.ask()).answer == "done"
        assert tool.runs == 0
