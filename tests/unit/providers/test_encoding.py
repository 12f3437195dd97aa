"""What is written in place of what servers would refuse."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.providers.samples import profile

from droid.domain.models import Wire
from droid.providers.encoding import (
    arguments_object,
    call_id,
    from_json,
    members,
    output_limit,
    to_json,
    tool_name,
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('{"a": 1}', {"a": 1}),
        ("", {}),
        ("{}", {}),
        ('{"a": 1', None),
        ("not json", None),
        ("[1]", None),
        ("null", None),
        ('"text"', None),
        ("7", None),
        ('{"a": NaN}', None),
        ('{"a": 1e999}', None),
        ('{"a": ' + "9" * 5000 + "}", None),
        ('{"a":' * 100_000, None),
        ('{"a":' * 5_000 + "1" + "}" * 5_000, None),
        ('{"a": "line\nbreak"}', None),
    ],
)
def test_arguments_become_an_object(arguments: str, expected: dict[str, Any] | None) -> None:
    """What is no object stays readable for the model that wrote it."""
    assert arguments_object(arguments) == (
        {"malformed_arguments": arguments} if expected is None else expected
    )


@settings(deadline=None)
@given(st.text())
def test_any_arguments_can_be_sent(arguments: str) -> None:
    assert isinstance(json.loads(to_json(arguments_object(arguments))), dict)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("ü🌍\u2028", "ü🌍\u2028"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("\udc80", "\ufffd"),
        ("\ud83c\udf0d", "🌍"),
        ("\0\x1f\x7f", "\0\x1f\x7f"),
    ],
)
def test_halves_of_surrogate_pairs_are_replaced(text: str, expected: str) -> None:
    assert json.loads(to_json({"text": text})) == {"text": expected}


@settings(deadline=None)
@given(st.text(st.characters(codec=None)))
def test_json_is_always_utf8(text: str) -> None:
    read = json.loads(to_json([text]).decode("utf-8", "strict"))[0]
    assert read == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Read", "Read"),
        ("mcp__server__tool-1", "mcp__server__tool-1"),
        ("functions.Read", "functions_Read"),
        ("a b\n", "a_b_"),
        ("", "_"),
        ("x" * 100, "x" * 64),
        ("ünï", "_n_"),
    ],
)
def test_names_fit_every_vendors_pattern(name: str, expected: str) -> None:
    assert tool_name(name) == expected


@settings(deadline=None)
@given(st.text(st.characters(), max_size=100))
def test_ids_fit_every_vendors_pattern_and_stay_the_same(value: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", call_id(value))
    assert call_id(value) == call_id(value)
    assert call_id(call_id(value)) == call_id(value)


def test_long_ids_stay_apart() -> None:
    assert call_id("x" * 65 + "1") != call_id("x" * 65 + "2")
    assert call_id("functions.Read:0") == "functions_Read_0"


@settings(deadline=None)
@given(
    st.text(max_size=20)
    | st.sampled_from(['{"a": [1, "ü"]}', " 1", "1 ", "\n{}\n", "{}{}", "1 2", "", "nul", "[" * 9])
)
def test_json_is_read_as_the_library_reads_it(text: str) -> None:
    def outcome(read: Callable[[str], Any]) -> str:
        try:
            return repr(read(text))
        except ValueError as error:
            return str(error)

    assert outcome(from_json) == outcome(json.loads)


@pytest.mark.parametrize(
    ("output", "window", "expected"),
    [(8192, 128_000, 8192), (8192, 8192, 4096), (8192, 4096, 2048), (8192, 0, 1)],
)
def test_no_more_output_is_asked_for_than_the_window_holds(output: int, window: int, expected: int) -> None:
    small = profile(Wire.CHAT_COMPLETIONS, max_output_tokens=output, context_tokens=window)
    assert output_limit(small) == expected


def test_members_without_a_value_are_left_out() -> None:
    assert members({"a": 1, "b": None, "c": {"d": None}}.items()) == b'"a":1,"c":{"d":null}'
