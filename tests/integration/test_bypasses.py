"""Every known way past the gate, on real files, with the real tools, as `tests/data/safety` lists them."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from droid.domain.levels import AutonomyLevel
from droid.domain.policy import Policy
from droid.engine.facts import gather
from droid.engine.gate import Gate
from droid.engine.ports import EnginePorts, SessionOptions
from droid.safety.facts import CallFacts
from droid.tools.paths import OsPaths
from droid.tools.registry import builtin_tools

DATA = Path(__file__).resolve().parents[1] / "data" / "safety" / "bypasses.toml"
CASES: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["bypass"]
TOOLS = {tool.spec.name: tool for tool in builtin_tools()}


async def regather(arguments: Mapping[str, Any]) -> CallFacts:
    raise AssertionError("nothing rewrites the input here")


def case_param(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(reason=case["open"], strict=True)] if "open" in case else []
    return pytest.param(case, id=case["id"], marks=marks)


@pytest.mark.parametrize("case", [case_param(case) for case in CASES])
async def test_the_gate_is_not_passed(tmp_path: Path, case: dict[str, Any]) -> None:
    real_home, workspace = tmp_path / "homes" / "ada", tmp_path / "work"
    home = tmp_path / "home"
    for folder in (real_home / ".ssh", real_home / "Documents", workspace):
        folder.mkdir(parents=True)
    home.symlink_to(real_home) if case.get("home_link") else real_home.rename(home)

    def filled(text: str) -> str:
        detour = "sub/../" * 1_500
        return (
            text.replace("{home}", str(home))
            .replace("{workspace}", str(workspace))
            .replace("{detour}", detour)
        )

    (workspace / "sub").mkdir()
    for name, content in case.get("files", {}).items():
        (workspace / filled(name)).write_text(content)
    for name, target in case.get("links", {}).items():
        (workspace / filled(name)).symlink_to(filled(target))
    for name, target in case.get("hard_links", {}).items():
        os.link(filled(target), workspace / filled(name))

    ports = SimpleNamespace(paths=OsPaths(), home=home, factory_home=home / ".factory")
    gathered = gather(
        cast("EnginePorts", ports),
        SessionOptions(surface="exec"),
        call_id="c1",
        name=case["tool"],
        tool=TOOLS[case["tool"]],
        arguments={name: filled(value) for name, value in case["input"].items()},
        invalid=None,
        unavailable=None,
        cwd=Path(filled(case.get("cwd", "{workspace}"))),
        workspace=workspace,
        autonomy=AutonomyLevel(case.get("autonomy", "high")),
    )
    decision, _ = await Gate().decide(gathered.facts, Policy(), regather)
    step = decision.deciding.step if decision.deciding else None
    assert (decision.verdict, step) == (case["verdict"], case["step"]), decision.reason


def test_each_bypass_has_a_name_of_its_own() -> None:
    names = [case["id"] for case in CASES]
    assert len(names) == len(set(names))
