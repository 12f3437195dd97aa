"""What a person reads before they allow something."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.levels import Risk
from droid.lsp.approval_text import MAX_MESSAGE_CHARACTERS, MAX_MESSAGE_LINES, ask_about, titles_of
from droid.lsp.markdown_text import exact


def request(subject: str = "git status", **changes: object) -> ApprovalRequest:
    fields: dict[str, object] = {
        "approval_id": "s:t1.1",
        "call_id": "c1",
        "tool": "Execute",
        "subject": subject,
        "cwd": "/work",
        "risk": Risk.MEDIUM,
        "reason": "autonomy is off",
        "options": tuple(Answer),
        "session_grant": "this exact command",
    }
    return ApprovalRequest(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_message_holds_risk_command_folder_and_rule() -> None:
    ask = ask_about(request())
    assert ask.document is None
    for part in ("Execute", "medium risk", "git status", "/work", "autonomy is off", "this exact command"):
        assert part in ask.message


def test_rejecting_comes_first_and_only_what_is_offered_is_shown() -> None:
    """eglot puts the first action into the prompt: a return key must allow nothing."""
    assert list(ask_about(request()).choices.values()) == [
        Answer.REJECT,
        Answer.INSTRUCT,
        Answer.ONCE,
        Answer.SESSION,
    ]
    all_of_them = ask_about(request(session_program="git commit", always="git commit -q"))
    assert list(all_of_them.choices) == [
        "Reject",
        "Reject and instruct…",
        "Approve once",
        "Approve for this session: this exact command",
        "Approve `git commit` for this session",
        "Always allow `git commit -q`",
    ]
    assert "your allowlist: git commit -q" in all_of_them.message
    some = ask_about(request(options=(Answer.ONCE, Answer.REJECT)))
    assert list(some.choices.values()) == [Answer.REJECT, Answer.ONCE]


@given(st.text(), st.text(max_size=2000), st.text(max_size=200))
def test_nothing_of_what_is_allowed_is_left_out(subject: str, diff: str, grant: str) -> None:
    ask = ask_about(request(subject, diff=diff, session_grant=grant))
    shown = ask.message if ask.document is None else ask.document
    for line in (*exact(subject).split("\n"), *exact(diff).split("\n")):
        assert line in shown
    assert len(set(ask.choices)) == len(ask.choices) == 4
    if ask.document is None:
        assert len(ask.message) <= MAX_MESSAGE_CHARACTERS
        assert ask.message.count("\n") < MAX_MESSAGE_LINES


@pytest.mark.parametrize("subject", ["x" * 1300, "line\n" * 20])
def test_what_is_long_goes_into_a_document(subject: str) -> None:
    ask = ask_about(request(subject), "a title")
    assert ask.document is not None
    assert subject.strip() in ask.document
    assert "a title" in ask.document
    assert "medium risk" in ask.brief
    assert len(ask.brief) < MAX_MESSAGE_CHARACTERS


def test_a_command_cannot_close_its_fence() -> None:
    ask = ask_about(request("x\n" * 20 + "```\n# All is well\n"))
    assert ask.document is not None
    assert "\n````\n" in ask.document


def test_all_files_are_named() -> None:
    names = "\n".join(f"src/file_{number}.py" for number in range(40))
    ask = ask_about(request(names, tool="ApplyPatch"))
    assert ask.document is not None
    assert "src/file_39.py" in ask.document


@given(st.lists(st.text(max_size=200), max_size=8))
@example(["\x85"])
def test_options_have_unique_titles_that_are_none_of_ours(options: list[str]) -> None:
    titles = titles_of(Question(question_id="q", text="?", options=tuple(options)), ("Decline", "Write"))
    assert list(titles.values()) == options
    assert not {"Decline", "Write"} & set(titles)
    assert all(title.strip() and "\n" not in title for title in titles)


def test_an_option_that_is_called_like_ours_gets_another_title() -> None:
    titles = titles_of(Question(question_id="q", text="?", options=("Decline", "Decline")), ("Decline",))
    assert titles == {"Decline (2)": "Decline", "Decline (3)": "Decline"}
