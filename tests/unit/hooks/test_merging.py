"""What several hooks say together."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.hooks.rules import rule

from droid.domain.hooks import HookEvent, HookReply
from droid.domain.levels import Verdict
from droid.hooks.merging import merge

ALLOW, ASK, DENY = Verdict.ALLOW, Verdict.ASK, Verdict.DENY


def reply(command: str = "check", **more: Any) -> HookReply:
    return HookReply(rule=rule(command=command), event=HookEvent.PRE_TOOL_USE, **more)


VERDICTS = st.sampled_from([None, ALLOW, ASK, DENY])


@given(st.lists(VERDICTS, max_size=4))
def test_deny_beats_ask_beats_allow_in_whatever_order(verdicts: list[Verdict | None]) -> None:
    outcome = merge([reply(str(n), verdict=one) for n, one in enumerate(verdicts)])
    given = [one for one in verdicts if one is not None]
    assert outcome.verdict == (max(given) if given else None)
    assert (outcome.deciding is None) is (not given)


def test_all_that_deny_say_why_and_nobody_else() -> None:
    replies = [
        reply("a", verdict=ALLOW, reason="fine"),
        reply("b", verdict=DENY, reason="no"),
        reply("c", verdict=DENY, reason="never"),
        reply("d", verdict=DENY, reason="no"),
    ]
    assert merge(replies).reason == "no\nnever"
    assert merge(replies).deciding == replies[1]


def test_rewrites_of_different_fields_are_laid_together() -> None:
    outcome = merge([reply("a", updated_input={"x": 1}), reply("b", updated_input={"y": 2}), reply("c")])
    assert outcome.updated_input == {"x": 1, "y": 2}
    assert outcome.rewriters == {("PreToolUse", "a"), ("PreToolUse", "b")}
    assert outcome.verdict is None


def test_two_rewrites_of_one_field_deny_in_whatever_order_also_where_they_agree() -> None:
    replies = [
        reply("a", updated_input={"x": 1, "y": 1}, verdict=ALLOW),
        reply("b", updated_input={"x": 1}),
        reply("c", verdict=ALLOW),
    ]
    for order in permutations(replies):
        outcome = merge(order)
        assert (outcome.verdict, outcome.updated_input) == (DENY, None)
        assert "both rewrite x" in outcome.reason


def test_two_that_replace_one_output_leave_neither() -> None:
    assert merge([reply(updated_output="a"), reply()]).updated_output == "a"
    both = merge([reply(updated_output="a"), reply(updated_output="b")]).updated_output
    assert both is not None
    assert both.startswith("[withheld")


def test_one_that_ends_the_turn_ends_it_and_every_context_joins() -> None:
    outcome = merge([reply(context="one"), reply(stop="enough", context="two"), reply(revert=True)])
    assert (outcome.stop, outcome.context, outcome.revert) == ("enough", ("one", "two"), True)
    assert merge([]).verdict is None
