"""Arguments of commands: none, or one object that fits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygls.exceptions import JsonRpcException

from droid.lsp.arguments import Arguments, Kind, Parameter, read_arguments
from droid.lsp.handlers.commands import _RUN
from droid.lsp.verb_prompts import place_in_words, prompt_for
from droid.lsp.verbs import CODE_VERBS, VERBS

RANGE = {"start": {"line": 1, "character": 2}, "end": {"line": 3, "character": 4}}
PARAMETERS = tuple(Parameter(name=kind.name.lower(), kind=kind) for kind in Kind)


def read(given: Any) -> Arguments:
    return read_arguments("droid.x", PARAMETERS, given)


@pytest.mark.parametrize("given", [None, [], [None], {}, [{}], {"text": None}, {"text": "  "}])
def test_no_arguments_have_many_forms(given: Any) -> None:
    arguments = read(given)
    assert arguments.text("text") is None
    assert not arguments.flag("flag")
    assert arguments.range("range") is None
    assert not arguments.diagnostics("diagnostics")


@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [value]])
def test_one_object_is_read(wrap: Any) -> None:
    arguments = read(
        wrap(
            {
                "text": "a",
                "flag": True,
                "line": 3,
                "range": RANGE,
                "diagnostics": [{"range": RANGE, "message": "m", "severity": 2, "source": "s", "code": 1}],
            }
        )
    )
    assert arguments.text("text") == "a"
    assert arguments.flag("flag")
    assert arguments.line("line") == 3
    found = arguments.range("range")
    assert found is not None
    assert (found.start.line, found.end.character) == (1, 4)
    (diagnostic,) = arguments.diagnostics("diagnostics")
    assert (diagnostic.message, diagnostic.severity, diagnostic.source) == ("m", 2, "s")


@pytest.mark.parametrize(
    "given",
    [
        [1],
        ["text"],
        [[]],
        [{}, {}],
        [{"txt": "a"}],
        {"text": 1},
        {"flag": "true"},
        {"line": 0},
        {"line": True},
        {"line": 1.5},
        {"range": {}},
        {"range": {"start": {"line": 0, "character": "0"}, "end": {"line": 0, "character": 0}}},
        {"range": {"start": RANGE["start"]}},
        {"diagnostics": [{"message": "m"}]},
        {"diagnostics": {}},
        {"list": {}},
        {"object": []},
        {"text": "x" * 1_000_001},
        7,
    ],
)
def test_what_does_not_fit_is_refused_with_one_line(given: Any) -> None:
    with pytest.raises(JsonRpcException) as refused:
        read(given)
    assert refused.value.code == -32602
    assert refused.value.message.startswith("droid.x: ")
    assert "\n" not in refused.value.message
    assert "text, flag" in refused.value.message


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from([p.name for p in PARAMETERS]), x),
        max_leaves=6,
    )
)
def test_whatever_comes_is_read_or_refused(given: Any) -> None:
    try:
        arguments = read(given)
    except JsonRpcException:
        return
    arguments.range("range")
    arguments.diagnostics("diagnostics")


def test_every_verb_does_something() -> None:
    assert set(VERBS) == set(_RUN)
    assert set(CODE_VERBS) <= set(VERBS)


def test_methods_are_the_products_own_and_unique() -> None:
    methods = [verb.method for verb in VERBS.values() if verb.method]
    assert len(set(methods)) == len(methods)
    assert all(method.startswith("droid/") for method in methods)


@pytest.mark.parametrize("command", list(CODE_VERBS))
def test_a_verb_says_where_it_is_to_work(command: str) -> None:
    place = place_in_words("src/a.py", (3, 9), selected=True)
    assert "lines 3–9 of `src/a.py`" in prompt_for(command, place=place)
    assert prompt_for(command, place=place, more="and be quick").endswith("and be quick")


def test_a_question_is_asked_as_it_was_written() -> None:
    assert prompt_for("droid.ask", place="x", more="why?") == "why?"


def test_diagnostics_are_what_is_to_be_fixed() -> None:
    prompt = prompt_for("droid.fix", place="`a.py`", diagnostics=("line 3: oh\nno", "line 5: my"))
    assert "- line 3: oh no\n- line 5: my" in prompt
    assert "{" not in prompt


@pytest.mark.parametrize(
    ("name", "lines", "selected", "words"),
    [
        (None, None, False, "this workspace"),
        ("a.py", None, False, "`a.py`"),
        ("a.py", (4, 4), False, "the code around line 4 of `a.py`"),
        ("a.py", (4, 4), True, "line 4 of `a.py`"),
    ],
)
def test_a_place_in_words(name: str | None, lines: Any, selected: bool, words: str) -> None:
    assert place_in_words(name, lines, selected=selected) == words
