"""Emacs and eglot with the manual's few lines, and nothing else of Droid's in it."""

import pytest
from tests.editors import scripts
from tests.editors.desk import HERE, Desk, SetUp, program, shown_in

pytestmark = pytest.mark.editors


def play(desk: Desk, scenario: str) -> None:
    init = desk.home / "init.el"
    init.write_text(shown_in("docs/editors/emacs.md", "elisp"), encoding="utf-8")
    loads = ["-f", "package-initialize", "-l", str(init), "-l", str(HERE / "emacs_test.el")]
    desk.run([program("emacs"), "--batch", "-q", *loads], scenario)


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


def test_a_code_action_is_about_the_region(desk: SetUp) -> None:
    here = desk(scripts.COMMENT)
    play(here, "region")
    text = (here.project / scripts.EDITED).read_text(encoding="utf-8")
    line = text[: text.index("def _posixify")].count("\n") + 1
    assert f"lines {line}–{line + 1} of `{scripts.EDITED}`" in here.prompts()[0]


def test_of_two_hunks_one_is_rejected_and_one_accepted(desk: SetUp) -> None:
    here = desk(scripts.REVIEW)
    play(here, "review")
    answers = [event["answer"] for event in here.transcript() if event["type"] == "approval_answered"]
    assert answers == ["once"]


def test_what_is_typed_while_an_edit_is_asked_about_is_not_lost(desk: SetUp) -> None:
    here = desk(scripts.TYPING_MEANWHILE)
    play(here, "typing_meanwhile")
    first, refused, again, made = here.tool_results()
    assert "# mine" not in first
    assert "again" in refused
    assert "# mine, typed meanwhile" in again, "the model reads what was typed"
    assert made.startswith("Edited")


def test_a_server_that_is_killed_is_started_again_and_knows_the_session(desk: SetUp) -> None:
    here = desk(scripts.SERVER_KILLED)
    play(here, "server_killed")
    told = [message["content"] for message in here.model.requests[-1]["body"]["messages"]]
    assert any("quick brown fox" in str(one) for one in told), "the next turn knows what was said before"
    ends = [event["reason"] for event in here.transcript() if event["type"] == "turn_ended"]
    assert ends == ["error", "done"]


def test_the_configuration_is_the_one_in_the_read_me() -> None:
    """A reader copies it from either place."""
    assert shown_in("README.md", "elisp") == shown_in("docs/editors/emacs.md", "elisp")
