"""Regular expressions of lists: what may take for ever is not run, and fails closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.safety.commands.expressions import compile_expression

QUICK = [
    "^make [a-z]+$",
    "git (push|pull)( .*)?",
    "( [a-z]+)*",
    "(-[a-z]+ )+",
    r"( -\S+)*",
    r"(?i)curl .*",
    r"npm run [\w:.-]+",
    "[]a]+",
    r"rm\s+-[a-z]*r[a-z]*f",
    "(?:x{1,3}y)*",
]
NOT_RUN = [
    "(a+)+",
    "(a|a)*b",
    "(.*)*",
    "([a-z]+)*",
    "(foo|bar)+",
    r"(\w+\s?)*",
    r"(\s+\w+)*",
    "( (a|b)+)*",
    "((ab)+)+",
    "( .*)*",
    "(a*b?)*",
    "(a)\\1",
    "(?P<x>a)(?P=x)",
    "a*b*c*d*e*f*g*",
    "(",
    "[",
    "x" * 501,
]


@pytest.mark.parametrize("source", QUICK)
def test_an_ordinary_expression_is_run(source: str) -> None:
    assert compile_expression(source).problem is None


@pytest.mark.parametrize("source", NOT_RUN)
def test_what_may_take_for_ever_matches_all_that_is_forbidden_and_nothing_that_is_allowed(
    source: str,
) -> None:
    expression = compile_expression(source)
    assert expression.problem is not None
    assert expression.finds("anything")
    assert not expression.is_all_of("anything")


def test_a_text_that_is_too_long_fails_closed_unless_it_lacks_what_must_be_there() -> None:
    expression = compile_expression("git push .*--force.*")
    assert expression.finds("git push --force" + "x" * 100_000)
    assert not expression.finds("y" * 100_000)
    assert not compile_expression("y.*").is_all_of("y" * 100_000)


@given(st.text("abc \\d.*+?()[]{}|^$-12,", max_size=16), st.text("abc ", max_size=200))
def test_every_expression_answers_quickly(source: str, text: str) -> None:
    """One that explodes would outlast the deadline of Hypothesis a thousandfold."""
    expression = compile_expression(source)
    expression.finds(text)
    expression.is_all_of(text)


@given(st.sampled_from(QUICK), st.text("amke gitpushl-xy]", max_size=30))
def test_the_needs_of_an_expression_leave_out_nothing(source: str, text: str) -> None:
    expression = compile_expression(source)
    assert expression.pattern is not None
    assert expression.finds(text) is (expression.pattern.search(text) is not None)
