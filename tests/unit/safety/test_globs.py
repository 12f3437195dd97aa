"""Globs match what git's would, without case, and more where they are malformed."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.safety.globs import name_glob, text_glob
from droid.safety.names import fold_name


def matches(glob: str, name: str) -> bool:
    return name_glob(glob).matches(fold_name(name))


@pytest.mark.parametrize(
    ("glob", "name"),
    [
        ("*.pem", "a.pem"), ("*.pem", "A.PEM"), ("*.pem", ".pem"), ("*.pem", "a.pem."), ("*.pem", "a.pem:stream"),
        ("a?c", "abc"), ("[a-c]x", "Bx"), ("[!a]x", "bx"), ("[]x]", "]"), ("[[:alpha:]]x", "qx"), (r"a\*b", "a*b"),
        ("é", "e\u0301"), ("straße", "STRASSE"), ("ｋｅｙ", "key"), ("k\u200bey", "key"), ("a b ", "a b"),
        # Malformed: what cannot be read stands for anything.
        ("a[b", "a[b"), ("a[b", "axyz"), ("[z-a]x", "qx"), ("a\\", "ab"), ("[[:alpha]x", "[[:alpha]x"),
        # The short names of some file systems.
        ("credentials.json", "CREDEN~1.JSO"), (".env.production", "ENV~1.PRO"), ("my secrets", "MYSECR~2"),
    ],
)  # fmt: skip
def test_a_glob_matches(glob: str, name: str) -> None:
    assert matches(glob, name)


@pytest.mark.parametrize(
    ("glob", "name"),
    [
        ("*.pem", "a.pem.txt"),
        ("a?c", "ac"),
        ("[!a]x", "ax"),
        (r"a\*b", "axb"),
        ("key", "keys"),
        ("key", "KEY~1"),
    ],
)
def test_a_glob_does_not_match(glob: str, name: str) -> None:
    assert not matches(glob, name)


_SIMPLE = st.text(alphabet="ab*?.", min_size=1, max_size=8).filter(lambda text: text.strip(". ") == text)
_NAME = st.text(alphabet="ab.", min_size=1, max_size=8).filter(lambda text: text.strip(". ") == text)


@given(_SIMPLE, _NAME)
def test_simple_globs_match_as_the_standard_library_has_it(glob: str, name: str) -> None:
    assert matches(glob, name) is fnmatchcase(name, glob)


@given(_SIMPLE, _SIMPLE, _NAME)
def test_globs_that_match_one_name_overlap(one: str, other: str, name: str) -> None:
    if matches(one, name) and matches(other, name):
        assert name_glob(one).overlaps(name_glob(other))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (".e*", ".env", True), ("*", "main", True), ("refs/heads/*", "refs/heads/main", True),
        ("feature/*", "main", False), ("[a-c]x", "bx", True), ("[a-c]x", "dx", False), ("a*b", "*c", False),
        ("", "", True), ("", "a", False),
    ],
)  # fmt: skip
def test_two_globs_overlap_where_a_text_matches_both(one: str, other: str, overlap: bool) -> None:
    assert text_glob(one).overlaps(text_glob(other)) is overlap
    assert text_glob(other).overlaps(text_glob(one)) is overlap


def test_no_glob_takes_long() -> None:
    """With backtracking, this one would outlast the test."""
    assert not name_glob("*a" * 30 + "b").matches("a" * 4096)


@given(st.text(max_size=20))
def test_any_text_is_a_glob(text: str) -> None:
    name_glob(text).matches("name")
    text_glob(text).matches("name")
