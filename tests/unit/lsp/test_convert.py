"""URIs and paths, lines, and columns in code units."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from droid.lsp.convert import (
    ENCODINGS,
    NotAFile,
    file_path_of,
    file_uri_of,
    index_of,
    path_of,
    shortened,
    split_lines,
    units_of,
    uri_of,
    whole_lines,
)

LINES = st.text(st.sampled_from("aé—😀\t \n\r\x0c\u2028"), max_size=40)


@pytest.mark.parametrize(
    ("uri", "windows", "path"),
    [
        ("file:///a/b.py", False, "/a/b.py"),
        ("FILE:///a/b.py", False, "/a/b.py"),
        ("file://localhost/a", False, "/a"),
        ("file:///a%20b/%C3%A9%23.py", False, "/a b/é#.py"),
        ("file:///a#b?c.py", False, "/a#b?c.py"),
        ("file:///c%3A/x", False, "/c:/x"),
        ("file:///", False, "/"),
        ("file:///C:/Users/a%20b.py", True, "c:\\Users\\a b.py"),
        ("file:///c%3A/Users/x", True, "c:\\Users\\x"),
        ("file:///c:", True, "c:\\"),
        ("file://server/share/x", True, "\\\\server\\share\\x"),
    ],
)
def test_a_file_uri_names_a_path(uri: str, windows: bool, path: str) -> None:
    assert file_path_of(uri, windows=windows) == path


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "untitled:Untitled-1",
        "git:/a/b.py",
        "http://a/b",
        "file:a",
        "file://host/a",
        "file:///a%00b",
        "/a/b",
    ],
)
def test_what_is_not_a_file_here_is_refused(uri: str) -> None:
    with pytest.raises(NotAFile):
        file_path_of(uri, windows=False)


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30))
def test_a_path_comes_back_from_its_uri(name: str) -> None:
    path = f"/x/{name}"
    assert file_path_of(file_uri_of(path, windows=False), windows=False) == path


def test_a_name_that_is_not_unicode_comes_back() -> None:
    path = Path("/x/\udcff.py")
    assert path_of(uri_of(path)) == path
    assert "%FF" in uri_of(path)


@pytest.mark.parametrize("path", ["c:\\Users\\a b#.py", "\\\\server\\share\\x y"])
def test_a_windows_path_comes_back_from_its_uri(path: str) -> None:
    assert file_path_of(file_uri_of(path, windows=True), windows=True) == path


@given(LINES)
def test_lines_are_split_by_the_protocols_rule_alone(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert lines[-1].rstrip("\r\n") == lines[-1]
    for line in lines[:-1]:
        assert line.endswith(("\n", "\r"))
        assert not set(line.removesuffix("\n").removesuffix("\r")) & {"\n", "\r"}
    for one, other in pairwise(lines):
        assert not (one.endswith("\r") and other.startswith("\n"))


@given(LINES.map(lambda text: split_lines(text)[0]), st.sampled_from(ENCODINGS))
def test_a_column_means_the_character_that_it_was_counted_for(line: str, encoding: str) -> None:
    content = len(line.rstrip("\r\n"))
    for index in range(content + 1):
        assert index_of(line, units_of(line, index, encoding), encoding) == index
    assert index_of(line, 10_000, encoding) == content
    assert index_of(line, -1, encoding) == 0


@pytest.mark.parametrize(
    ("encoding", "units", "index"), [("utf-16", 2, 1), ("utf-16", 1, 0), ("utf-8", 3, 0), ("utf-32", 1, 1)]
)
def test_a_column_inside_a_character_means_its_start(encoding: str, units: int, index: int) -> None:
    assert index_of("😀x", units, encoding) == index


@pytest.mark.parametrize(
    ("ends", "lines"),
    [((0, 0, 0, 0), (1, 1)), ((2, 1, 4, 3), (3, 5)), ((2, 0, 4, 0), (3, 4)), ((2, 0, 2, 5), (3, 3))],
)
def test_a_selection_of_whole_lines_does_not_take_the_next(
    ends: tuple[int, int, int, int], lines: tuple[int, int]
) -> None:
    range_ = types.Range(start=types.Position(*ends[:2]), end=types.Position(*ends[2:]))
    assert whole_lines(range_) == lines


def test_shortened_text_is_one_line() -> None:
    assert shortened("a\nb", 10) == "a b"
    assert shortened("abcdef", 4) == "abc…"
