"""The Neovim plugin in a real Neovim, with the real server and a scripted model.

What a person does and sees is in `neovim/tests/*_test.lua`; what the model does is in `scripts_neovim.py`,
under the same name in capitals.
"""

import pytest
from tests.editors import scripts_neovim as scripts
from tests.editors.desk import ROOT, Desk, SetUp, program
from tests.fakes.model_server import Script

pytestmark = pytest.mark.editors

TESTS = ROOT / "neovim" / "tests"


def play(desk: Desk, file: str, scenario: str) -> None:
    nvim = [program("nvim"), "--headless", "--clean", "-u", "NONE", "-i", "NONE", "-n"]
    desk.run([*nvim, "-l", str(TESTS / f"{file}_test.lua")], scenario)


def script_of(scenario: str) -> Script:
    return getattr(scripts, scenario.upper())


@pytest.mark.parametrize(
    "scenario", ["from_code", "prompt", "follow", "todos_and_blocks", "mentions", "sessions", "choices"]
)
def test_conversations_are_shown_and_led(desk: SetUp, scenario: str) -> None:
    play(desk(script_of(scenario)), "chat", scenario)
