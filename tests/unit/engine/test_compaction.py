"""Where a conversation may be cut."""

from hypothesis import given
from hypothesis import strategies as st

from droid.domain.messages import Message, Role, TextPart, ToolCallPart, ToolResultPart, user_message
from droid.engine.compaction import _as_text, _cut  # pyright: ignore[reportPrivateUsage]

LIMIT = 100_000


def answer(text: str, *call_ids: str) -> Message:
    calls = tuple(ToolCallPart(call_id=c, name="Read", arguments="{}") for c in call_ids)
    return Message(role=Role.ASSISTANT, parts=(TextPart(text=text), *calls))


def results(text: str, *call_ids: str) -> Message:
    return Message(role=Role.USER, parts=tuple(ToolResultPart(call_id=c, text=text) for c in call_ids))


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    messages: list[Message] = []
    for turn in range(draw(st.integers(1, 4))):
        messages.append(user_message(f"prompt {turn}"))
        for step in range(draw(st.integers(0, 4))):
            call_id = f"{turn}.{step}"
            messages.append(answer("looking", call_id))
            messages.append(results("x" * draw(st.sampled_from([10, 9_000, 30_000])), call_id))
        messages.append(answer("done"))
    return messages


@given(conversations())
def test_a_result_is_never_kept_without_its_call(messages: list[Message]) -> None:
    kept = messages[_cut(messages, LIMIT) :]
    calls = {call.call_id for message in kept for call in message.tool_calls}
    answered = {p.call_id for m in kept for p in m.parts if isinstance(p, ToolResultPart)}
    assert answered <= calls


@given(conversations())
def test_something_recent_is_always_kept(messages: list[Message]) -> None:
    assert 0 <= _cut(messages, LIMIT) < len(messages)


def test_a_lone_message_cannot_be_cut() -> None:
    assert _cut([user_message("x" * 100_000)], LIMIT) == 0


def test_what_is_summarised_fits_the_budget() -> None:
    text = _as_text([user_message("x" * 100_000)], 10_000)
    assert len(text) < 10_100
    assert "characters left out" in text
