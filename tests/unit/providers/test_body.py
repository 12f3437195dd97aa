"""Bodies that are appended to: the same bytes as anew, prefixes that stay, and nothing done twice."""

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.providers.samples import (
    EDIT,
    LISTS,
    PNG,
    READ,
    WIRES,
    answer,
    long_conversation,
    raw_body_of,
    request,
    result,
    results,
    said,
)

from droid.domain.messages import Message, Role, TextPart, ThinkingPart, ToolCallPart, user_message
from droid.domain.models import ModelProfile, ModelRequest, Wire
from droid.providers.body import BodyCache, CacheMark, Frame

ALL = pytest.mark.parametrize("wire", list(Wire))
MARK = b',"cache_control":{"type":"ephemeral"}'


class CountingEncoder:
    """Counts what is encoded."""

    def __init__(self) -> None:
        self.frames = 0
        self.messages = 0

    def frame(self, asked: ModelRequest) -> Frame:
        self.frames += 1
        return Frame(head=b"[", tail=b"]", identity=asked.system.encode(), mark=CacheMark(text=b"#", depth=1))

    def group(self, role: Role, messages: Sequence[Message], profile: ModelProfile, prefix: str) -> bytes:
        self.messages += len(messages)
        return json.dumps([message.text for message in messages]).encode()


@ALL
def test_appending_gives_the_bytes_that_encoding_anew_gives(wire: Wire) -> None:
    """But for the cache marks, which stand where the request before ended too."""
    bodies = BodyCache(WIRES[wire])
    messages = long_conversation(20)
    for length in range(1, len(messages) + 1):
        asked = request(wire, messages[:length])
        assert bytes(bodies.encode(asked)[0]).replace(MARK, b"") == raw_body_of(asked).replace(MARK, b"")


@ALL
def test_a_body_begins_with_the_body_of_the_request_before(wire: Wire) -> None:
    """Providers cache by prefix, so one byte that changes early makes the whole conversation dear."""
    bodies = BodyCache(WIRES[wire])
    messages = long_conversation(30)
    before = b""
    for length in range(1, len(messages) + 1, 2):
        body = bytes(bodies.encode(request(wire, messages[:length]))[0]).replace(MARK, b"")
        assert json.loads(body)
        assert body.startswith(before.removesuffix(b"]}").removesuffix(b"]}"))
        before = body


@ALL
def test_the_prefix_digest_tells_conversations_apart_and_nothing_else(wire: Wire) -> None:
    messages = long_conversation(3)
    grown = BodyCache(WIRES[wire])
    for length in range(1, len(messages) + 1):
        digest = grown.encode(request(wire, messages[:length]))[1]
        anew = BodyCache(WIRES[wire]).encode(request(wire, messages[:length], max_output_tokens=5))[1]
        assert digest == anew
    other = [user_message("begun otherwise"), *messages[1:]]
    different = (
        request(wire, other),
        request(wire, messages, system="x"),
        request(wire, messages, tools=(READ,)),
        request(wire, messages[:-1]),
    )
    digests = {BodyCache(WIRES[wire]).encode(asked)[1] for asked in different}
    assert len(digests | {digest}) == 5


def test_each_message_is_encoded_once() -> None:
    encoder = CountingEncoder()
    bodies = BodyCache(encoder)
    messages = long_conversation(100)
    for length in range(1, len(messages) + 1, 2):
        bodies.encode(request(Wire.ANTHROPIC, messages[:length]))
    assert encoder.messages == len(messages)
    assert encoder.frames == 1


def test_only_the_very_same_messages_are_trusted() -> None:
    messages = long_conversation(3)
    twin = [replace(messages[0]), *messages[1:]]
    assert twin == messages
    encoder = CountingEncoder()
    bodies = BodyCache(encoder)
    bodies.encode(request(Wire.ANTHROPIC, messages))
    bodies.encode(request(Wire.ANTHROPIC, twin))
    assert encoder.messages == 2 * len(messages)


@pytest.mark.parametrize(
    "change",
    [
        {"system": "Be long."},
        {"tools": (READ,)},
        {"tools": (EDIT, READ)},
        {"effort": "high"},
        {"model": "other"},
        {"max_output_tokens": 5},
        {"extra_args": {"temperature": 0}},
        {"messages": long_conversation(1)},
        {"messages": [user_message("begin"), said("no")]},
    ],
)
@ALL
def test_a_changed_request_is_encoded_anew(wire: Wire, change: dict[str, Any]) -> None:
    bodies = BodyCache(WIRES[wire])
    messages = long_conversation(2)
    bodies.encode(request(wire, messages))
    changed = request(wire, **{"messages": messages, **change})
    assert bytes(bodies.encode(changed)[0]) == raw_body_of(changed)


def test_tools_that_are_equal_are_the_same() -> None:
    encoder = CountingEncoder()
    bodies = BodyCache(encoder)
    bodies.encode(request(Wire.ANTHROPIC, tools=[READ, EDIT]))
    bodies.encode(request(Wire.ANTHROPIC, tools=(replace(READ), replace(EDIT))))
    assert encoder.frames == 2, "the messages of these two requests are not the same objects"
    messages = [user_message("hi")]
    bodies.encode(request(Wire.ANTHROPIC, messages, tools=[READ, EDIT]))
    bodies.encode(request(Wire.ANTHROPIC, messages, tools=(replace(READ), replace(EDIT))))
    assert encoder.frames == 3


def test_conversations_are_kept_apart_and_forgotten() -> None:
    bodies = BodyCache(WIRES[Wire.CHAT_COMPLETIONS])
    one, two = long_conversation(1), long_conversation(2)
    for _ in range(2):
        for name, messages in (("one", one), ("two", two)):
            asked = request(Wire.CHAT_COMPLETIONS, messages, conversation_id=name)
            assert bytes(bodies.encode(asked)[0]) == raw_body_of(asked)
    assert len(bodies) == 2
    bodies.forget("one")
    bodies.forget("never seen")
    assert len(bodies) == 1


def test_a_message_that_cannot_be_encoded_leaves_nothing_half_done() -> None:
    class Failing(CountingEncoder):
        fails = False

        def group(self, role: Role, messages: Sequence[Message], profile: ModelProfile, prefix: str) -> bytes:
            if self.fails:
                raise RecursionError
            return super().group(role, messages, profile, prefix)

    encoder = Failing()
    bodies = BodyCache(encoder)
    messages = [user_message("hi"), said("so")]
    bodies.encode(request(Wire.ANTHROPIC, messages[:1]))
    encoder.fails = True
    with pytest.raises(RecursionError):
        bodies.encode(request(Wire.ANTHROPIC, messages))
    encoder.fails = False
    assert bytes(bodies.encode(request(Wire.ANTHROPIC, messages))[0]) == b'[["hi"],["so"]]'


@ALL
def test_calls_that_never_got_a_result_are_given_one(wire: Wire) -> None:
    """Every format refuses a call without one, and a program may be killed between the two."""
    both = answer(
        ToolCallPart(call_id="a", name="Read", arguments="{}"),
        ToolCallPart(call_id="b", name="Read", arguments="{}"),
    )
    complete = [user_message("go"), both, results(result("a"), result("b")), user_message("and now?")]
    for cut in (
        [user_message("go"), both, user_message("and now?")],
        [user_message("go"), both, results(result("a")), user_message("and now?")],
        [user_message("go"), both, results(result("b")), said("hm")],
    ):
        text = raw_body_of(request(wire, cut)).decode()
        assert text.count("interrupted") == (2 if len(cut) == 3 else 1)
        assert len(re.findall(r'"(?:tool_use_id|tool_call_id|call_id)":"[ab]"', text)) == (
            len(
                re.findall(
                    r'"(?:tool_use_id|tool_call_id|call_id)":"[ab]"',
                    raw_body_of(request(wire, complete)).decode(),
                )
            )
        )
    assert "interrupted" not in raw_body_of(request(wire, complete)).decode()
    assert "interrupted" not in raw_body_of(request(wire, complete[:2])).decode()
    split = [user_message("go"), both, results(result("a")), results(result("b"))]
    assert "interrupted" not in raw_body_of(request(wire, split)).decode()


def marks_of(body: bytes) -> list[int]:
    """Indexes of the messages that end with a cache mark."""
    return [
        index
        for index, message in enumerate(json.loads(body)["messages"])
        if any("cache_control" in block for block in message["content"])
    ]


def test_cache_marks_stand_where_the_last_request_and_this_one_end() -> None:
    bodies = BodyCache(WIRES[Wire.ANTHROPIC])
    messages = long_conversation(5)
    expected = [[0], [0, 2], [2, 4], [4, 6], [6, 8], [8, 10]]
    for length, marked in zip(range(1, 12, 2), expected, strict=True):
        body = bytes(bodies.encode(request(Wire.ANTHROPIC, messages[:length]))[0])
        assert marks_of(body) == marked
        assert marks_of(bytes(bodies.encode(request(Wire.ANTHROPIC, messages[:length]))[0])) == marked, (
            "a retry"
        )
        for message in json.loads(body)["messages"]:
            for block in message["content"][:-1]:
                assert "cache_control" not in block


def test_cache_marks_survive_messages_that_join_the_last_group() -> None:
    bodies = BodyCache(WIRES[Wire.ANTHROPIC])
    messages = [user_message("one", PNG)]
    bodies.encode(request(Wire.ANTHROPIC, messages))
    messages.append(user_message("two"))
    body = json.loads(bytes(bodies.encode(request(Wire.ANTHROPIC, messages))[0]))
    (group,) = body["messages"]
    assert [("cache_control" in block) for block in group["content"]] == [False, True, True]
    # A result moves before the text that was marked: the mark that stood there is given up.
    messages.append(results(result("call_9")))
    body = json.loads(bytes(bodies.encode(request(Wire.ANTHROPIC, messages))[0]))
    assert [block["type"] for block in body["messages"][0]["content"]] == [
        "tool_result",
        "text",
        "image",
        "text",
    ]
    assert "cache_control" in body["messages"][0]["content"][-1]


def test_an_answer_at_the_end_is_not_marked() -> None:
    body = raw_body_of(request(Wire.ANTHROPIC, [user_message("hi"), said("The answer is")]))
    assert marks_of(body) == []


@ALL
def test_no_messages_are_an_empty_list(wire: Wire) -> None:
    asked = replace(request(wire), messages=())
    for prompt in ("", "Be brief."):
        body = json.loads(raw_body_of(replace(asked, system=prompt)))
        assert [item for item in body[LISTS[wire]] if item["role"] != "system"] == []


_TEXTS = st.sampled_from(["", " ", "hi", "ü🌍", "\ud800", "a\n\nb", '"\\'])
_USERS = st.lists(
    st.one_of(
        _TEXTS.map(lambda text: TextPart(text=text)),
        st.just(PNG),
        st.sampled_from(["a", "b"]).map(lambda call_id: result(call_id, images=(PNG,))),
    ),
    max_size=3,
).map(lambda parts: Message(role=Role.USER, parts=tuple(parts)))
_ANSWERS = st.lists(
    st.one_of(
        _TEXTS.map(lambda text: TextPart(text=text)),
        _TEXTS.map(
            lambda text: ThinkingPart(text=text, opaque={"wire": "anthropic", "model": "m", "signature": "s"})
        ),
        st.sampled_from(["a", "b"]).map(
            lambda call_id: ToolCallPart(call_id=call_id, name="Read", arguments="{")
        ),
    ),
    max_size=3,
).map(lambda parts: Message(role=Role.ASSISTANT, parts=tuple(parts)))


@ALL
@settings(deadline=None)
@given(messages=st.lists(st.one_of(_USERS, _ANSWERS), min_size=1), stops=st.lists(st.integers(1, 10)))
def test_any_history_stays_json_and_the_same_however_it_grew(
    wire: Wire, messages: list[Message], stops: list[int]
) -> None:
    bodies = BodyCache(WIRES[wire])
    for length in [*sorted(min(stop, len(messages)) for stop in stops), len(messages)]:
        asked = request(wire, messages[:length])
        body, digest = bodies.encode(asked)
        grown = bytes(body)
        assert len(body) == len(grown)
        parsed = json.loads(grown)
        assert grown.replace(MARK, b"") == raw_body_of(asked).replace(MARK, b"")
        assert digest == BodyCache(WIRES[wire]).encode(asked)[1]
        assert grown.count(MARK) <= 4
    if wire is not Wire.OPENAI:
        roles = [item["role"] for item in parsed["messages"]]
        assert all(a != b or a == "tool" for a, b in itertools.pairwise(roles))


@ALL
def test_a_body_stays_what_it_is_while_those_after_it_are_made(wire: Wire) -> None:
    """It is put together as it is sent, and a retry or a summary may be asked for meanwhile."""
    bodies = BodyCache(WIRES[wire])
    messages = long_conversation(400)
    lengths = range(1, len(messages) + 1, 80)
    made = [bodies.encode(request(wire, messages[:length]))[0] for length in lengths]
    halves = [body.pieces() for body in made]
    begun = [next(half) for half in halves]
    bodies.encode(request(wire, messages))
    for length, first, rest in zip(lengths, begun, halves, strict=True):
        anew = raw_body_of(request(wire, messages[:length]))
        assert b"".join((first, *rest)).replace(MARK, b"") == anew.replace(MARK, b"")


def test_a_long_body_is_sent_in_pieces_of_one_size() -> None:
    messages = [user_message("x" * 1_000_000), said("y"), user_message("z" * 100)]
    bodies = BodyCache(WIRES[Wire.ANTHROPIC])
    bodies.encode(request(Wire.ANTHROPIC, messages[:1]))
    body, _ = bodies.encode(request(Wire.ANTHROPIC, messages))
    *whole, last = map(len, body.pieces())
    assert len(set(whole)) == 1
    assert 0 < last <= whole[0] < 128 * 1024
    assert sum(whole) + last == len(body) > 1_000_000


def test_a_call_in_the_middle_of_a_turn_costs_what_it_adds() -> None:
    """Counted in encoded messages, since time is not to be trusted on a shared machine."""
    encoder = CountingEncoder()
    bodies = BodyCache(encoder)
    messages = long_conversation(200)
    costs: list[int] = []
    for length in range(1, len(messages) + 1, 2):
        before = encoder.messages
        bodies.encode(request(Wire.ANTHROPIC, messages[:length]))
        costs.append(encoder.messages - before)
    assert set(costs[1:]) == {2}
