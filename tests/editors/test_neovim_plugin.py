"""The Neovim plugin in a real Neovim, with the real server and a scripted model.

What a person does and sees is in `neovim/tests/*_test.lua`; what the model does is in `scripts_neovim.py`,
under the same name in capitals.
"""

import json
import subprocess

import pytest
from tests.editors import scripts_neovim as scripts
from tests.editors.desk import ROOT, Desk, SetUp, program, shown_in
from tests.editors.scripts import EDITED, FOREIGN
from tests.fakes.model_server import Script

pytestmark = pytest.mark.editors

TESTS = ROOT / "neovim" / "tests"


def play(desk: Desk, file: str, scenario: str) -> None:
    nvim = [program("nvim"), "--headless", "--clean", "-u", "NONE", "-i", "NONE", "-n"]
    desk.run([*nvim, "-l", str(TESTS / f"{file}_test.lua")], scenario)


def script_of(scenario: str) -> Script:
    return getattr(scripts, scenario.upper())


@pytest.mark.parametrize(
    "scenario",
    [
        "from_code",
        "prompt",
        "follow",
        "todos_and_blocks",
        "command_changes",
        "mentions",
        "images",
        "begun_again",
        "stopped",
        "sessions",
        "choices",
    ],
)
def test_conversations_are_shown_and_led(desk: SetUp, scenario: str) -> None:
    play(desk(script_of(scenario)), "chat", scenario)


@pytest.mark.parametrize(
    "scenario",
    [
        "whole_payload",
        "answers",
        "withdrawn",
        "hunks",
        "ask_user",
        "save_first",
        "changed_on_disk",
        "both_edit",
    ],
)
def test_what_is_asked_is_shown_whole_and_answered_by_the_person_alone(desk: SetUp, scenario: str) -> None:
    here = desk(script_of(scenario))
    play(here, "approvals", scenario)
    if scenario == "answers":
        assert any("use another name" in result for result in here.tool_results())


def test_a_message_of_the_server_takes_no_keys(desk: SetUp) -> None:
    here = desk(scripts.FOREIGN_COMMENT)
    path = here.project / EDITED
    path.write_text(FOREIGN + path.read_text(encoding="utf-8"), encoding="utf-8")
    play(here, "approvals", "foreign_comment")
    assert not here.model.requests, "“Do not run it” stands first"


@pytest.mark.parametrize("scenario", ["inline", "side_by_side", "stale", "undo", "checkpoint"])
def test_changes_are_reviewed_and_taken_back(desk: SetUp, scenario: str) -> None:
    play(desk(script_of(scenario)), "review", scenario)


@pytest.mark.parametrize(
    "scenario",
    ["killed", "killed_while_asking", "missing", "of_the_workspace", "health", "options", "highlights"],
)
def test_the_server_is_found_watched_and_started_again(desk: SetUp, scenario: str) -> None:
    play(desk(script_of(scenario)), "server", scenario)


def test_the_lines_of_the_manual_install_it(desk: SetUp) -> None:
    here = desk(())
    init = here.home / "init.lua"
    lines = shown_in("docs/editors/neovim.md", "lua")
    assert lines == shown_in("README.md", "lua"), "a reader copies them from either place"
    init.write_text(lines.replace("/path/to/droid", str(ROOT)), encoding="utf-8")
    script = TESTS / "installed_test.lua"
    here.run(
        [program("nvim"), "--headless", "-u", str(init), "-i", "NONE", "-n", "+luafile " + str(script)], ""
    )


def test_the_figures_can_be_measured(desk: SetUp) -> None:
    """The figures that the manual gives are measured with this script; here it only has to run."""
    here = desk(())
    nvim = [program("nvim"), "--headless", "--clean", "-u", "NONE", "-i", "NONE", "-l"]
    done = subprocess.run(
        [*nvim, str(TESTS / "bench.lua")],
        env=here.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["followed"]
    assert told["lines"] > 5000
