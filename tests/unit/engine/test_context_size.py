"""How large a conversation is: the provider's count, and an estimate of what came since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.engine.cores import new_core

from droid.domain.events import AssistantAnswered, Compacted, TurnStarted, UsageReported
from droid.domain.messages import ImagePart, Message, Role, TextPart, Usage, user_message
from droid.domain.models import ModelProfile, StopReason, Wire
from droid.domain.policy import Compaction
from droid.engine.context_size import message_tokens, text_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("日本", 2), ("привет", 3), ("\ud800", 1)],
)
def test_text_is_estimated_by_its_bytes(text: str, tokens: int) -> None:
    assert text_tokens(text) == tokens


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(one: str, more: str) -> None:
    assert text_tokens(one + more) >= text_tokens(one)


def test_an_image_counts_whatever_its_bytes() -> None:
    image = ImagePart(media_type="image/png", data="x" * 1_000_000)
    assert message_tokens(user_message("", image)) < 5_000


def answer(text: str, stop: StopReason | None = StopReason.END) -> AssistantAnswered:
    return AssistantAnswered(
        message=Message(role=Role.ASSISTANT, parts=(TextPart(text=text),)), stop_reason=stop
    )


def used(tokens: int) -> UsageReported:
    return UsageReported(model="m", usage=Usage(input_tokens=tokens), cost_usd=None, duration_s=0)


PROMPT = TurnStarted(prompt="x", message=user_message("x" * 400))


@pytest.mark.parametrize(
    ("events", "counted", "estimated"),
    [
        ([PROMPT], 0, 100),
        ([PROMPT, answer("y" * 40), used(7_000)], 7_000, 0),
        ([PROMPT, answer("y" * 40), used(7_000), PROMPT], 7_000, 100),
        ([PROMPT, answer("y" * 40), used(0)], 0, 110),
        ([PROMPT, answer("y" * 40), used(7_000), used(9_000)], 7_000, 0),
        ([PROMPT, used(9_000), answer("y" * 40), used(7_000)], 7_000, 0),
        ([PROMPT, answer("y" * 40, stop=None), used(9_000)], 0, 110),
        (
            [PROMPT, answer("y" * 40), used(7_000), Compacted(summary="s", kept=(user_message("z" * 80),))],
            0,
            20,
        ),
    ],
)
def test_a_count_replaces_the_estimate_of_what_it_counts(
    events: list[TurnStarted | AssistantAnswered | UsageReported | Compacted], counted: int, estimated: int
) -> None:
    """The usage of a request for a summary, which no answer stands before, is none of the conversation."""
    size = new_core(*(("t1", event) for event in events)).state.size
    assert (size.counted, size.estimated) == (counted, estimated)


PROFILE = ModelProfile(
    id="custom:a", model="a", wire=Wire.CHAT_COMPLETIONS, base_url="http://x", context_tokens=10_000
)


@pytest.mark.parametrize(
    ("compaction", "limit"),
    [
        (Compaction(), 8_000),
        (Compaction(limit_tokens=3_000), 3_000),
        (Compaction(limit_tokens=50_000), 10_000),
        (Compaction(limit_tokens=3_000, limits_by_model={"custom:a": 4_000}), 4_000),
        (Compaction(limit_tokens=3_000, limits_by_model={"custom:b": 4_000}), 3_000),
    ],
)
def test_the_limit_is_the_models_own_else_the_common_one_else_a_share(
    compaction: Compaction, limit: int
) -> None:
    assert compaction.limit(PROFILE) == limit
