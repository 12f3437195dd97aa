import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.settings.expand import CannotExpand, expand

ENVIRON = {"KEY": "k-1", "EMPTY": "", "_X9": "x", "NESTED": "${KEY}"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("${KEY}", "k-1"),
        ("a${KEY}b${_X9}c", "ak-1bxc"),
        ("${EMPTY}", ""),
        ("${KEY:-d}", "k-1"),
        ("${EMPTY:-d}", "d"),
        ("${NO:-d}", "d"),
        ("${NO:-}", ""),
        ("${NO:-http://localhost:8000/v1}", "http://localhost:8000/v1"),
        ("$KEY $ $$ {KEY} }", "$KEY $ $$ {KEY} }"),
        ("$${KEY}", "$k-1"),
        ("${NESTED}", "${KEY}"),
    ],
)
def test_references_become_values(text: str, expected: str) -> None:
    assert expand(text, ENVIRON) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${NO}", "environment variable NO is not set"),
        ("a${KEY}${NO}", "environment variable NO is not set"),
        ("${key}", "key is not set"),
        ("${", "neither"),
        ("${KEY", "neither"),
        ("${}", "neither"),
        ("${1A}", "neither"),
        ("${KEY-d}", "neither"),
        ("${KEY:d}", "neither"),
        ("${ KEY }", "neither"),
        ("${NO:-${KEY}}", "neither"),
        ("${KEY}${", "neither"),
    ],
)
def test_what_cannot_be_replaced_is_an_error_without_any_value(text: str, reason: str) -> None:
    with pytest.raises(CannotExpand, match=reason) as caught:
        expand(text, ENVIRON)
    assert "k-1" not in str(caught.value)


@given(st.text(st.sampled_from("${}:-KEYNO1 "), max_size=20))
def test_a_reference_is_never_left_standing(text: str) -> None:
    try:
        result = expand(text, {"KEY": "value", "E": "value"})
    except CannotExpand:
        return
    assert "${" not in result
