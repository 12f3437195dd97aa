"""Unified diffs: what `git apply` makes of them is the new content."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from droid.engine.diffs import diff_of

_LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  d"]), max_size=30)


def content(lines: list[str], final_newline: bool) -> bytes:
    text = "\n".join(lines)
    return (text + "\n" if final_newline and lines else text).encode()


@settings(max_examples=150, deadline=None)
@given(before=_LINES, after=_LINES, old_newline=st.booleans(), new_newline=st.booleans())
def test_a_diff_applied_gives_the_new_content(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[str],
    after: list[str],
    old_newline: bool,
    new_newline: bool,
) -> None:
    old, new = content(before, old_newline), content(after, new_newline)
    diff = diff_of("f", old, new)
    if old == new:
        assert diff.text == ""
        return
    folder = tmp_path_factory.getbasetemp()
    (folder / "f").write_bytes(old)
    apply = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(apply, input=diff.text.encode(), check=True, cwd=folder, env={"GIT_DIR": "/nonexistent"})
    assert (folder / "f").read_bytes() == new


def test_a_change_shows_three_lines_around_it() -> None:
    old = "".join(f"line {n}\n" for n in range(1, 21)).encode()
    new = old.replace(b"line 10\n", b"line ten\nline ten and a half\n")
    diff = diff_of("src/a.py", old, new)
    assert (diff.added_lines, diff.removed_lines) == (2, 1)
    assert diff.text == snapshot(
        """\
--- a/src/a.py
+++ b/src/a.py
@@ -7,7 +7,8 @@
 line 7
 line 8
 line 9
-line 10
+line ten
+line ten and a half
 line 11
 line 12
 line 13
"""
    )


def test_creation_and_deletion_name_dev_null() -> None:
    assert diff_of("f", None, b"a\n").text == "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"
    assert diff_of("f", b"a\n", None).text == "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"


def test_binary_content_has_no_diff() -> None:
    assert diff_of("f", b"\0\1", b"text").text == ""


def test_a_huge_change_is_bounded_and_says_so() -> None:
    old = "".join(f"old {n}\n" for n in range(50_000)).encode()
    new = "".join(f"new {n}\n" for n in range(50_000)).encode()
    diff = diff_of("f", old, new)
    assert (diff.added_lines, diff.removed_lines) == (50_000, 50_000)
    assert len(diff.text) < 70_000
    assert "more lines of this diff are not shown" in diff.text


def test_a_small_change_of_a_large_file_is_shown_whole() -> None:
    old = "".join(f"line {n}\n" for n in range(100_000)).encode()
    new = old.replace(b"line 50000\n", b"changed\n")
    assert "-line 50000\n+changed\n" in diff_of("f", old, new).text
