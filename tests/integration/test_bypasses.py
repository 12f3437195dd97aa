"""Every known way past the gate, on real files, with the real tools, as `tests/data/safety` lists them."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.integration.workbench import call, calls, workbench

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.policy import ListEntry, Policy, Source
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


def policy_of(settings: Mapping[str, list[str]], file: Path) -> Policy:
    """Lists that the project sets."""
    source = Source(level=SettingsLevel.PROJECT, file=str(file))
    lists = {
        name: tuple(ListEntry(text=text, source=source) for text in texts) for name, texts in settings.items()
    }
    return Policy(**cast("dict[str, Any]", lists))


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
    for name in case.get("folders", ()):
        (workspace / filled(name)).mkdir(parents=True, exist_ok=True)
    for name, content in case.get("files", {}).items():
        (workspace / filled(name)).write_text(filled(content))
    for name, target in case.get("links", {}).items():
        (workspace / filled(name)).symlink_to(filled(target))
    for name, target in case.get("hard_links", {}).items():
        os.link(workspace / filled(target), workspace / filled(name))

    def policies(facts: CallFacts) -> tuple[Policy]:
        return (policy_of(case.get("policy", {}), workspace / ".factory/settings.json"),)

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
        policies_for=policies,
    )
    decision, _ = await Gate().decide(gathered.facts, policies, regather)
    step = decision.deciding.step if decision.deciding else None
    assert (decision.verdict, step) == (case["verdict"], case["step"]), decision.reason


async def test_a_search_passes_a_second_name_of_a_secret_over(tmp_path: Path) -> None:
    """It finds paths that the gate did not judge."""
    script = [calls(call("Grep", pattern="hunter", output_mode="content")), {"text": "done"}]
    async with workbench(tmp_path, script) as bench:
        secret = tmp_path / "home" / ".netrc"
        secret.write_text("hunter2\n")
        os.link(secret, bench.workspace / "notes")
        plain = bench.write("plain", "hunter and prey\n")
        os.link(plain, bench.workspace / "plain again")
        await bench.ask()
        assert "hunter2" not in bench.results[0].text
        assert "plain again" in bench.results[0].text


async def test_a_file_with_several_harmless_names_is_an_ordinary_file(tmp_path: Path) -> None:
    """Package managers make such files by the thousand."""
    script = [
        calls(call("Read", file_path="again")),
        calls(call("Edit", file_path="again", old_str="one", new_str="two")),
        {"text": "done"},
    ]
    async with workbench(tmp_path, script, autonomy=AutonomyLevel.LOW) as bench:
        os.link(bench.write("plain", "one\n"), bench.workspace / "again")
        await bench.ask()
        assert bench.verdicts == ["Read allow", "Edit allow"]
        assert (bench.workspace / "again").read_text() == "two\n"


def test_each_bypass_has_a_name_of_its_own() -> None:
    names = [case["id"] for case in CASES]
    assert len(names) == len(set(names))
