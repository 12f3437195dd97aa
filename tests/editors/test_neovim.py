"""Neovim with the manual's five lines, and nothing else of Droid's in it."""

import re

import pytest
from tests.editors import scripts
from tests.editors.desk import HERE, ROOT, Desk, SetUp, program, shown_in

pytestmark = pytest.mark.editors


def without_the_plugin() -> str:
    """What the manual shows to those who do without the plugin."""
    page = (ROOT / "docs" / "editors" / "neovim.md").read_text(encoding="utf-8")
    _, _, section = page.partition("\n## Without the plugin\n")
    block = re.search(r"^```lua\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    assert block, "the page does not say how to do without the plugin"
    return block[1]


def play(desk: Desk, scenario: str) -> None:
    init = desk.home / "init.lua"
    init.write_text(without_the_plugin(), encoding="utf-8")
    driver = str(HERE / "nvim_test.lua")
    desk.run([program("nvim"), "-u", str(init), "-i", "NONE", "-n", "-l", driver], scenario)


def test_a_code_action_edits_the_unsaved_buffer_and_undo_takes_it_back(desk: SetUp) -> None:
    here = desk(scripts.CODE_ACTION)
    play(here, "code_action")
    assert "# mine, not saved" in here.tool_results()[0], "the model reads the buffer, not the disk"


def test_one_call_is_approved_and_one_rejected(desk: SetUp) -> None:
    here = desk(scripts.APPROVE_AND_REJECT)
    play(here, "approve_and_reject")
    assert "reject" in here.tool_results()[1].lower()


def test_a_comment_that_was_typed_here_runs(desk: SetUp) -> None:
    here = desk(scripts.COMMENT)
    play(here, "typed_comment")
    assert "say what is odd here" in here.prompts()[0]


def test_a_comment_that_came_with_the_file_is_confirmed_first(desk: SetUp) -> None:
    here = desk(scripts.COMMENT)
    path = here.project / scripts.EDITED
    path.write_text(scripts.FOREIGN + path.read_text(encoding="utf-8"), encoding="utf-8")
    play(here, "foreign_comment")
    assert not here.model.requests


def test_a_session_document_is_a_conversation(desk: SetUp) -> None:
    here = desk(scripts.SESSION_DOCUMENT)
    play(here, "session_document")
    assert "Make a file, please." in here.prompts()[0]


def test_words_without_a_heading_are_sent(desk: SetUp) -> None:
    here = desk(scripts.SESSION_DOCUMENT)
    play(here, "plain_document")
    assert "Make a file, please." in here.prompts()[0]


def test_a_command_waits_until_the_person_has_saved(desk: SetUp) -> None:
    here = desk(scripts.SAVE_FIRST)
    play(here, "save_first")


def test_a_cancel_in_the_middle_of_an_answer_ends_it(desk: SetUp) -> None:
    here = desk(scripts.CANCEL)
    play(here, "cancel")
    ends = [event for event in here.transcript() if event["type"] == "turn_ended"]
    assert [end["reason"] for end in ends] == ["cancelled"]


def test_the_configuration_is_the_one_in_the_read_me() -> None:
    """A reader copies it from either place."""
    assert shown_in("README.md", "lua") == shown_in("docs/editors/neovim.md", "lua")
