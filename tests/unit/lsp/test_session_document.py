"""Reading a session document, its buttons, and edits that never touch what a person wrote."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.events import (
    AssistantAnswered,
    ModelSet,
    Record,
    TextDelta,
    TurnEnded,
    TurnEndReason,
    TurnStarted,
    Warned,
)
from droid.domain.levels import Risk
from droid.domain.messages import Message, Role, TextPart, user_message
from droid.domain.models import StopReason
from droid.lsp.session_document import DocumentState, Lens, Speaker, actions, lenses, parse
from droid.lsp.session_edits import AppendPlan, Edit, apply
from droid.lsp.session_headings import marker
from droid.lsp.session_text import new_document
from droid.lsp.transcript_markdown import Piece, Renderer, render_document

START = new_document("s1", "Title")
RUNNING = "# T\n\n## You\n\nDo it.\n\n## Droid · t1\n\nWorking\n\n## You\n\n"


def draft_of(text: str) -> str | None:
    draft = parse(text).draft
    return draft.text if draft else None


DRAFTS = [
    ("", None),
    ("just text", "just text"),
    ("# T\n\njust text\n\n# and more\n", "just text\n\n# and more"),
    ("# T\n", None),
    ("\n \n# T\n<!-- droid session s1 -->\n\nmine\r\n", "mine"),
    ("above\n<!-- droid session s1 -->\nbelow", "below"),
    ("<!-- droid session new -->\n# T\nmine", "mine"),
    ("<!-- a note -->\nmine", "<!-- a note -->\nmine"),
    ("\\## You\nmine", "## You\nmine"),
    ("## You", ""),
    ("## You\n\n  \n", ""),
    ("## You\n\nhello\nworld\n\n", "hello\nworld"),
    ("## you ##\nhello", "hello"),
    ("## Your\nhello", "## Your\nhello"),
    ("## You\na\n## Droid · t1\nb", None),
    ("## You\na\n## Droid\nb\n## You\nc", "c"),
    ("## You\n```\n## You\n```\nrest", "```\n## You\n```\nrest"),
    ("## You\n```\n## Droid · t1\n```\nrest", "```\n## Droid · t1\n```\nrest"),
    ("## You\n~~~~md\n~~~\n## You\n~~~~", "~~~~md\n~~~\n## You\n~~~~"),
    ("## You\n```\nopen\n## You\nnext", "next"),
    ("## You\na\n## Droid\n```\n## You\nb", "b"),
    ("## You\n\\## You\n\\\\## You\n\\x", "## You\n\\## You\n\\x"),
    ("## You\r\n\r\nhello\r\nworld\r\n", "hello\nworld"),
    ("## You\r\rhello\r", "hello"),
    ("## You\n\na\u2028## You", "a\u2028## You"),
]


@pytest.mark.parametrize(("text", "draft"), DRAFTS)
def test_the_draft_is_what_stands_under_the_last_heading_of_the_person(text: str, draft: str | None):
    assert draft_of(text) == draft


def test_a_title_is_the_first_line_where_no_heading_parts_it_from_the_text():
    assert parse("# T\n\nmine\n").title == "T"
    assert parse("mine\n# not a title\n").title == ""
    assert parse("x\n# T\n\n## You\n").title == "T"


def test_sections_know_their_lines():
    document = parse("# T\n\n## You\n\na\nb\n\n## Droid · t1\n\n## You\n")
    you, droid, draft = document.sections
    assert (you.line, you.content_start, you.content_end, you.end_line) == (2, 4, 6, 7)
    assert (droid.line, droid.content_start, droid.content_end, droid.end_line) == (7, 8, 8, 9)
    assert (draft.line, draft.content_start, draft.end_line) == (9, 10, 11)
    assert droid.speaker is Speaker.DROID
    assert document.turn("t1") == droid
    assert document.turn("t2") is None


def test_a_new_document_names_its_session_and_waits_for_a_prompt():
    document = parse(START)
    assert (document.title, document.session_id, draft_of(START)) == ("Title", "s1", "")
    assert parse(new_document(None, "")).session_id is None
    assert parse(new_document(None, "")).title == "Droid"


def test_a_session_is_named_above_the_conversation_only():
    assert parse("## You\n<!-- droid session evil -->").session_id is None


def cost_s(text: str) -> float:
    """Processor time to read a document, the best of a few: other programs do not count."""

    def once() -> float:
        began = time.process_time()
        parse(text)
        return time.process_time() - began

    return min(once() for _ in range(3))


@pytest.mark.parametrize(
    "block", ["line\n```\ncode\n```\n## Droid · t1\n## You\n", "```\n"], ids=["conversation", "fences"]
)
def test_what_reading_costs_grows_with_the_document_and_no_faster(block: str):
    """Eight times the document: about eight times the cost; a second look at each line would be 64."""
    assert cost_s(START + block * 8_000) < 24 * cost_s(START + block * 1_000)


# --- lenses


def approval(identifier: str, subject: str = "pytest -q", *options: Answer) -> ApprovalRequest:
    return ApprovalRequest(
        approval_id=f"s1:{identifier}",
        call_id="c",
        tool="Execute",
        subject=subject,
        cwd="/w",
        risk=Risk.MEDIUM,
        reason="r",
        options=options or tuple(Answer),
        session_grant="this exact command",
        session_program="git commit",
        always="git commit -q",
    )


def summary(found: list[Lens]) -> list[tuple[int, str, str]]:
    return [(lens.line, lens.title, lens.verb) for lens in found]


def test_an_idle_document_offers_to_send_what_was_written_and_to_undo():
    text = RUNNING + "next"
    found = lenses(parse(text), DocumentState(session_id="s1", undo_turn_id="t1"))
    assert summary(found) == [(6, "Undo the changes of t1", "droid.undo"), (10, "Send", "droid.send")]
    assert found[0].arguments == {"sessionId": "s1", "turnId": "t1"}
    assert found[1].arguments == {"sessionId": "s1"}


BEGIN = "droid.document.begin"


@pytest.mark.parametrize(
    ("text", "running", "found"),
    [
        ("", None, [(0, "Start a session here", BEGIN)]),
        ("\n \n", None, [(0, "Start a session here", BEGIN)]),
        ("# T\n", None, [(0, "Start a session here", BEGIN)]),
        ("## Droid · t1\n\nx\n\n", None, [(2, "Add a place to write", BEGIN)]),
        ("## Droid · t1\n\nx", "t1", [(0, "Cancel", "droid.cancel")]),
        ("\nmy words", None, [(1, "Send", "droid.send")]),
        ("# T\n\nmy words", None, [(2, "Send", "droid.send")]),
        ("## You\n", None, []),
    ],
)
def test_a_document_without_a_place_to_write_offers_to_make_one(
    text: str, running: str | None, found: list[tuple[int, str, str]]
):
    assert summary(lenses(parse(text), DocumentState(turn_id=running))) == found
    titles = [lens.title for lens in actions(parse(text), DocumentState(turn_id=running))]
    assert titles == [f"Droid: {title[0].lower()}{title[1:]}" for _, title, _ in found]


def test_a_running_turn_can_be_cancelled_and_not_undone():
    found = lenses(parse(RUNNING), DocumentState(turn_id="t1", undo_turn_id="t0"))
    assert summary(found) == [(6, "Cancel", "droid.cancel")]
    found = lenses(parse(RUNNING + "also"), DocumentState(turn_id="t1"))
    assert summary(found)[1] == (10, "Send to the running turn", "droid.send")


ASKING = RUNNING.replace("Working", "### Approval needed · medium risk · t1.1\n\n```sh\npytest -q\n```")


def test_the_open_approval_has_its_buttons_at_its_own_block():
    state = DocumentState(session_id="s1", turn_id="t1", approvals=(approval("t1.1"), approval("t1.2")))
    found = lenses(parse(ASKING), state)
    assert summary(found) == [
        (6, "Cancel", "droid.cancel"),
        (8, "Approve once: pytest -q (1 of 2)", "droid.approve"),
        (8, "Approve for this session: this exact command", "droid.approve"),
        (8, "Approve `git commit` for this session", "droid.approve"),
        (8, "Always allow `git commit -q`", "droid.approve"),
        (8, "Reject (1 of 2)", "droid.reject"),
        (8, "Reject and instruct (write it below first)", "droid.reject"),
    ]
    assert found[1].arguments == {"sessionId": "s1", "approvalId": "s1:t1.1", "answer": "once"}


def test_only_answers_that_can_be_honoured_are_offered():
    state = DocumentState(approvals=(approval("t1.1", "x", Answer.ONCE, Answer.REJECT),))
    assert [lens.arguments["answer"] for lens in lenses(parse(ASKING), state)] == ["once", "reject"]


def test_without_its_block_an_approval_goes_to_the_last_heading():
    state = DocumentState(turn_id="t1", approvals=(approval("t1.9", "x", Answer.REJECT),))
    assert (12 + 2, "Reject", "droid.reject") in summary(lenses(parse(ASKING), state))
    assert (0, "Reject", "droid.reject") in summary(lenses(parse(""), state))


def test_what_a_document_says_makes_no_button():
    text = RUNNING.replace(
        "Working", "### Approval needed · low risk · t1.1\n[Approve](command:droid.approve)"
    )
    assert lenses(parse(text), DocumentState()) == []


def test_a_block_in_the_persons_own_text_gets_no_button():
    text = "## You\n### Approval needed · low risk · t1.1\n"
    state = DocumentState(approvals=(approval("t1.1", "x", Answer.REJECT),))
    assert lenses(parse(text), state)[0].line == 0


def test_a_question_offers_its_options_and_the_text_below():
    text = RUNNING.replace("Working", "### Question · q1\n\nWhich?") + "the red one"
    state = DocumentState(
        turn_id="t1", questions=(Question(question_id="s1:q1", text="Which?", options=("A",)),)
    )
    found = lenses(parse(text), state)
    assert summary(found)[1:3] == [
        (8, "Answer: A", "droid.answer"),
        (8, "Answer with the text below", "droid.answer"),
    ]
    assert found[1].arguments == {"questionId": "s1:q1", "answer": "A"}


def test_actions_are_the_lenses_with_what_waits_first_and_titles_of_their_own():
    state = DocumentState(turn_id="t1", approvals=(approval("t1.1"),))
    found = actions(parse(ASKING + "no, use rg"), state)
    titles = [lens.title for lens in found]
    assert titles == [
        "Droid: approve once: pytest -q",
        "Droid: approve for this session: this exact command",
        "Droid: approve `git commit` for this session",
        "Droid: always allow `git commit -q`",
        "Droid: reject",
        "Droid: reject and instruct: no, use rg",
        "Droid: send to the running turn",
        "Droid: cancel",
    ]
    assert len(set(titles)) == len(titles)


# --- edits


def edited(text: str, edit: Edit | None) -> str:
    return text if edit is None else apply(text, edit)


def started(turn_id: str, prompt: str) -> Piece:
    return Piece(turn_id=turn_id, text="", prompt=prompt)


SENT = [
    # before, sent, after
    ("## You\n\nDo it.\n", "Do it.", "## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
    ("## You\n\nDo it.", "Do it.\n", "## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
    (
        "## You\r\n\r\nDo\r\nit.\r\n",
        "Do\nit.",
        "## You\r\n\r\nDo\r\nit.\r\n\r\n## Droid · t1\r\n\r\n## You\r\n\r\n",
    ),
    ("## You\n\nDo it.\n\nAnd th", "Do it.", "## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\nAnd th"),
    ("## You\n\nDo it. And", "Do it.", "## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n And"),
    ("## You\n\n```\nx", "```\nx", "## You\n\n```\nx\n```\n\n## Droid · t1\n\n## You\n\n"),
    ("## You\n\\## You", "## You", "## You\n\\## You\n\n## Droid · t1\n\n## You\n\n"),
    # changed since: nothing of it is lost, and what was sent is shown
    ("## You\n\nDon't", "Do it.", "## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\nDon't"),
    ("", "Do it.", "## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
    ("# T\n", "Do it.", "# T\n\n## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
]


@pytest.mark.parametrize(("before", "prompt", "after"), SENT)
def test_a_sent_draft_becomes_the_turns_prompt_where_it_stands(before: str, prompt: str, after: str):
    assert edited(before, AppendPlan(before).piece(started("t1", prompt), from_draft=True)) == after


def test_a_draft_that_says_just_what_was_sent_is_not_said_twice():
    text = "## You\n\nDo it.\n"
    assert edited(text, AppendPlan(text).piece(started("t1", "Do it."))).count("Do it.") == 1
    more = "## You\n\nDo it. But carefully"
    after = edited(more, AppendPlan(more).piece(started("t1", "Do it.")))
    assert after == "## You\n\nDo it.\n\n## Droid · t1\n\n" + more


def test_a_prompt_from_elsewhere_goes_in_above_the_draft():
    text = RUNNING + "my own words"
    after = edited(text, AppendPlan(text).piece(started("t2", "my own")))
    assert after == RUNNING.replace("## You\n\n", "## You\n\nmy own\n\n## Droid · t2\n\n## You\n\n").replace(
        "## You\n\nmy own\n\n## Droid · t2\n\n## You\n\nDo it.", "## You\n\nDo it."
    ) + ("my own words")


PIECES = [
    (RUNNING, "", RUNNING),
    (RUNNING, " hard", RUNNING.replace("Working", "Working hard")),
    (RUNNING + "draft", "\n\nx", RUNNING.replace("Working", "Working\n\nx") + "draft"),
    ("## Droid · t1", "\n\nx", "## Droid · t1\n\nx"),
    ("## Droid · t1\n\n## You\n", "\n\nx", "## Droid · t1\n\nx\n\n## You\n"),
    ("## Droid · t1\r\n\r\n## You\r\n", "\n\nx\ny", "## Droid · t1\r\n\r\nx\r\ny\r\n\r\n## You\r\n"),
    # the heading below was deleted, or the person typed into the section
    ("## Droid · t1\n\nab", "c", "## Droid · t1\n\nabc"),
    ("## Droid · t1\n\nab\n\nmine\n", "\n\nc", "## Droid · t1\n\nab\n\nmine\n\nc\n"),
    # the section was deleted
    ("## You\n\nmine", "\n\nx", "## Droid · t1\n\nx\n\n## You\n\nmine"),
    ("", "x", "## Droid · t1\n\nx\n\n## You\n\n"),
    ("# T\n\n## Droid · t0\n\nold\n", "x", "# T\n\n## Droid · t0\n\nold\n\n## Droid · t1\n\nx\n\n## You\n\n"),
]


@pytest.mark.parametrize(("before", "piece", "after"), PIECES)
def test_the_agents_text_goes_to_the_end_of_its_section(before: str, piece: str, after: str):
    assert edited(before, AppendPlan(before).piece(Piece(turn_id="t1", text=piece))) == after


def test_what_comes_before_the_first_turn_stands_above_it():
    piece = Piece(turn_id=None, text="\n\nModel: `m`")
    assert (
        edited("# T\n\n## You\n", AppendPlan("# T\n\n## You\n").piece(piece))
        == "# T\n\nModel: `m`\n\n## You\n"
    )
    assert edited("## You\n", AppendPlan("## You\n").piece(piece)) == "Model: `m`\n\n## You\n"


def test_a_draft_that_joined_the_running_turn_is_taken_out_and_what_follows_stays():
    text = RUNNING + "also this\n\nand th"
    assert edited(text, AppendPlan(text).clear_draft("also this")) == RUNNING + "and th"
    assert edited(RUNNING + "also", AppendPlan(RUNNING + "also").clear_draft("also")) == RUNNING
    assert AppendPlan(RUNNING + "other").clear_draft("also") is None
    assert AppendPlan(RUNNING).clear_draft("also") is None


def test_a_document_learns_its_session_and_title_once():
    assert AppendPlan(START).session("s1") is None
    assert parse(edited(START, AppendPlan(START).session("s2"))).session_id == "s2"
    for text in ("", "# T\n\n## You\n", "## You\n"):
        after = edited(text, AppendPlan(text).session("s2"))
        assert parse(after).session_id == "s2"
        assert after.replace(after[after.index("<!--") : after.index("-->") + 3], "").split() == text.split()
    assert edited(START, AppendPlan(START).title("Title", "New")).startswith("# New\n")
    mine = START.replace("# Title", "# My own")
    assert AppendPlan(mine).title("Title", "New") is None


def test_a_document_with_nothing_to_send_gets_a_place_to_write():
    fresh = new_document(None, "")
    assert edited(" \n", AppendPlan(" \n").begin()) == fresh
    assert edited("# T\n", AppendPlan("# T\n").begin()) == fresh.replace("# Droid", "# T")
    marked = "<!-- droid session s1 -->\n"
    assert edited(marked, AppendPlan(marked).begin()) == marked + "\n## You\n\n"
    answered = "## Droid · t1\n\nx\n"
    assert edited(answered, AppendPlan(answered).begin()) == answered + "\n## You\n\n"
    for text in ("x", "# T\nx", RUNNING, "## You"):
        assert AppendPlan(text).begin() is None


HEADLESS = [
    # before, after it was sent
    ("Do it.", "# Title\n\n{marker}\n\n## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
    ("\n\nDo it.\n\n", "# Title\n\n{marker}\n\n## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
    ("# My own\n\nDo it.\n", "# My own\n\n{marker}\n\n## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
    ("# My own\nDo it.\n", "# My own\n\n{marker}\n\n## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
    ("\\## You\n", "# Title\n\n{marker}\n\n## You\n\n\\## You\n\n## Droid · t1\n\n## You\n\n"),
    ("# T\n{marker}\nDo it.", "# T\n{marker}\n\n## You\n\nDo it.\n\n## Droid · t1\n\n## You\n\n"),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), HEADLESS)
def test_text_without_a_heading_becomes_a_conversation_when_it_is_sent(before: str, after: str, newline: str):
    text = before.format(marker=marker("s1")).replace("\n", newline)
    prompt = draft_of(text) or ""
    text = edited(text, AppendPlan(text).head("s1", "Title"))
    assert draft_of(text) == prompt
    assert AppendPlan(text).head("s1", "Title") is None
    text = edited(text, AppendPlan(text).piece(started("t1", prompt)))
    newline = newline if "\n" in before else "\n"
    assert text == after.format(marker=marker("s1")).replace("\n", newline)
    assert AppendPlan(text).session("s1") is None


def test_the_first_line_is_the_title_until_the_session_has_one():
    assert edited("Do it.\nNow.", AppendPlan("Do it.\nNow.").head("s1", "")).startswith("# Do it.\n\n<!--")


def test_a_document_with_headings_needs_no_head():
    for text in ("", "# T\n", RUNNING, START, "## Droid · t1\n\nx"):
        assert AppendPlan(text).head("s1", "Title") is None


def test_what_comes_while_all_headings_are_gone_goes_above_the_persons_words():
    for piece in (started("t2", "other"), Piece(turn_id="t2", text="\n\nx")):
        text = edited("my words", AppendPlan("my words").piece(piece))
        assert draft_of(text) == "my words"
        assert parse(text).turn("t2") is not None


def test_an_edit_is_applied_whatever_ends_the_lines():
    edit = Edit(start_line=1, start_character=1, end_line=2, end_character=0, text="X")
    assert apply("a\r\nbc\rd\n", edit) == "a\r\nbXd\n"


def turns() -> list[Record]:
    def turn(number: int, prompt: str, *texts: str) -> list[Record]:
        message = Message(role=Role.ASSISTANT, parts=(TextPart(text="".join(texts)),))
        events = [
            TurnStarted(prompt=prompt, message=user_message(prompt)),
            *(TextDelta(text=text) for text in texts),
            AssistantAnswered(message=message, stop_reason=StopReason.END),
            Warned(message="careful"),
            TurnEnded(reason=TurnEndReason.DONE),
        ]
        return [Record(seq=n, at=0.0, turn_id=f"t{number}", event=event) for n, event in enumerate(events)]

    return [
        Record(seq=1, at=0.0, turn_id=None, event=ModelSet(model="m")),
        *turn(1, "one", "Hel", "lo `a", "b` x\n", "\n```py\n# c\n", "## You\n", "```\nend"),
        *turn(2, "```\nopen", "## You\n", "again"),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_streaming_into_a_document_gives_what_rendering_it_whole_gives(newline: str):
    renderer, text = Renderer(), START.replace("\n", newline)
    for record in turns():
        piece = renderer.feed(record)
        if piece is not None:
            text = edited(text, AppendPlan(text).piece(piece))
    whole = render_document(turns(), session_id="s1", title="Title")
    assert text.replace("\r\n", "\n") == whole
    assert ("\r" in text) == (newline == "\r\n")


_typed = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["w1 ", "\n", "w2", "```\n", "\n\n", " "])), max_size=12
)


@given(_typed, st.sampled_from(["\n", "\r\n"]))
def test_what_a_person_types_meanwhile_is_never_lost_nor_mixed_in(typed: list[tuple[int, str]], newline: str):
    """Typing goes to the end of the document, under the heading that waits there."""
    renderer, text = Renderer(), START.replace("\n", newline)
    mine = ""
    for number, record in enumerate(turns()):
        for at, keys in typed:
            if at == number:
                text += keys.replace("\n", newline)
                mine += keys
        piece = renderer.feed(record)
        if piece is not None:
            text = edited(text, AppendPlan(text).piece(piece))
    document = parse(text)
    draft = document.draft
    assert draft is not None
    assert draft.text.split() == mine.split()
    whole = render_document(turns(), session_id="s1", title="Title")
    assert text.replace("\r\n", "\n").startswith(whole.rstrip())


@given(
    st.lists(
        st.sampled_from(
            [
                "## You",
                "## Droid · t1",
                "## Droid",
                "text",
                "```",
                "",
                "# T",
                "\\## You",
                "  ",
                "> x",
                "### Approval",
            ]
        ),
        max_size=14,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from(
        [Piece(turn_id="t1", text="\n\nAGENT"), started("t9", "AGENT"), Piece(turn_id=None, text="\n\nAGENT")]
    ),
)
def test_in_any_document_an_edit_adds_and_takes_nothing_away(
    lines: list[str], newline: str, ends: bool, piece: Piece
):
    text = newline.join(lines) + (newline if ends else "")
    after = edited(text, AppendPlan(text).piece(piece, from_draft=True))
    assert "AGENT" in after
    assert _within(text, after)


def _within(small: str, large: str) -> bool:
    """Whether all words of one text are in the other, in order."""
    words = iter(large.split())
    return all(word in words for word in small.split())
