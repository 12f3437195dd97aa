"""Reading patches, and finding where their hunks go: text in, text out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from droid.domain.errors import ToolFailed
from droid.tools.patch import AddFile, DeleteFile, Hunk, Patch, UpdateFile, parse_patch
from droid.tools.patch_apply import apply_hunks
from droid.tools.text import Text


def patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


def test_every_kind_of_operation_is_read():
    assert parse_patch(
        patch(
            "*** Add File: new/a.txt",
            "+one",
            "+",
            "+ three",
            "*** Delete File: old name.txt",
            "*** Update File: b.py",
            "*** Move to: c.py",
            "@@ class C:",
            "@@     def m(self):",
            " context",
            "-old",
            "+new",
            "@@",
            "-x",
            "*** End of File",
        )
    ) == snapshot(
        Patch(
            operations=(
                AddFile(path=Path("new/a.txt"), content="one\n\n three\n"),
                DeleteFile(path=Path("old name.txt")),
                UpdateFile(
                    path=Path("b.py"),
                    hunks=(
                        Hunk(
                            anchors=("class C:", "    def m(self):"),
                            lines=((" ", "context"), ("-", "old"), ("+", "new")),
                        ),
                        Hunk(anchors=(), lines=(("-", "x"),), at_end=True),
                    ),
                    move_to=Path("c.py"),
                ),
            )
        )
    )


def test_every_path_is_told():
    parsed = parse_patch(
        patch("*** Delete File: a", "*** Update File: /b", "*** Move to: ../c", "*** Add File: d")
    )
    assert [str(path) for path in parsed.paths] == ["a", "/b", "../c", "d"]
    assert [str(path) for path in parsed.updated] == ["/b"]


WRAPPED: dict[str, str] = {
    "a fence": "```diff\n{}\n```",
    "a here-document": "apply_patch <<'EOF'\n{}\nEOF",
    "blank lines": "\n\n  \n{}\n\n",
    "blanks around the marks": " {} ",
}


@pytest.mark.parametrize("case", list(WRAPPED))
def test_what_models_put_around_a_patch_is_passed_over(case: str):
    source = WRAPPED[case].format(patch("*** Add File: a", "+x"))
    for text in (source, source.replace("\n", "\r\n")):
        assert parse_patch(text).operations == (AddFile(path=Path("a"), content="x\n"),)


MALFORMED: list[tuple[str, str]] = [
    ("", "a patch begins with the line `*** Begin Patch`"),
    ("*** End Patch\n*** Begin Patch", "the patch has no line `*** End Patch`; if it was cut off, send it again"),
    ("*** Begin Patch\n*** Add File: a\n+x", "the patch has no line `*** End Patch`"),
    (patch(), "the patch names no file"),
    (patch("x"), "line 2 of the patch, `x`: expected `*** Add File: `"),
    (patch("*** Move to: a"), "line 2 of the patch, `*** Move to: a`: expected"),
    (patch("*** Add File: a", "x"), "line 3 of the patch, `x`: each line of a new file begins with `+`"),
    (patch("*** Add File:"), "line 2 of the patch, `*** Add File:`: the path is empty"),
    (patch("*** Add File: ~/a", "+"), "the path starts with `~`"),
    (patch("*** Add File: a\0b", "+"), "the path has a NUL character"),
    (patch(*(f"*** Delete File: a{number}" for number in range(101))), "more than 100 files; send it in parts"),
    (patch("*** Add File: " + "a/" * 101, "+"), "the path is longer than paths are"),
    (patch("*** Update File: a"), "the update of a has no hunk"),
    (patch("*** Update File: a", "@@"), "line 3 of the patch, `@@`: the hunk before it changes nothing"),
    (patch("*** Update File: a", " b", " c"), "changes nothing"),
    (patch("*** Update File: a", "x = 1"), "line 3 of the patch, `x = 1`: a line of a hunk begins with"),
    (patch("*** Update File: a", "-b", "*** Rename: c"), "line 4 of the patch, `*** Rename: c`"),
    (patch("*** Delete File: a", "*** Add File: ./b/../a", "+x"), "b/../a is named twice"),
    (patch("*** Update File: a", "*** Move to: a", "-b"), "a is named twice; put all its hunks under one header"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), MALFORMED)
def test_a_malformed_patch_says_what_and_where(source: str, message: str):
    with pytest.raises(ToolFailed) as error:
        parse_patch(source)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


LINES = st.lists(
    st.sampled_from(
        [
            "*** Begin Patch",
            "*** End Patch",
            "*** Add File: a",
            "*** Update File: b",
            "*** Delete File: c",
            "*** Move to: d",
            "*** End of File",
            "@@",
            "@@ x",
            "+x",
            "-x",
            " x",
            "",
            "x",
            "\\ No newline at end of file",
        ]
    )
    | st.text(max_size=6),
    max_size=14,
).map("\n".join)


@given(LINES | LINES.map(patch) | st.text())
def test_every_text_is_a_patch_or_malformed(source: str):
    try:
        parsed = parse_patch(source)
    except ToolFailed:
        return
    assert len(set(parsed.paths)) == len(parsed.paths) > 0


SOURCE = """\
class A:
    def one(self):
        return 1

    def two(self):
        return 2


class B:
    def one(self):
        return 1

    def two(self):
        return 2
"""

FITS: dict[str, tuple[str, list[str], str]] = {
    "context and a change": ("a\nb\nc\n", [" a", "-b", "+B", " c"], "a\nB\nc\n"),
    "a hunk without @@": ("a\nb\n", ["-a", "+A"], "A\nb\n"),
    "two changes in one hunk": ("a\nb\nc\nd\n", ["-a", "+A", " b", " c", "+C", "-d"], "A\nb\nc\nC\n"),
    "two hunks": ("a\nb\nc\nd\n", ["@@", "-a", "+A", "@@", "-d", "+D"], "A\nb\nc\nD\n"),
    "hunks that share context": ("a\nb\nc\n", ["-a", "+A", " b", "@@", " b", "-c", "+C"], "A\nb\nC\n"),
    "a unified header": ("a\nb\n", ["@@ -1,2 +1,2 @@ def x", "-a", "+A", " b"], "A\nb\n"),
    "an outer anchor": (SOURCE, ["@@ class B:", "     def one(self):", "-        return 1", "+        return 3"],
                        SOURCE[: SOURCE.index("class B")] + SOURCE[SOURCE.index("class B") :].replace("1", "3")),
    "stacked anchors": (SOURCE, ["@@ class B:", "@@     def two(self):", "-        return 2", "+        pass"],
                        SOURCE[:-17] + "        pass\n"),
    "an anchor that is context too": ("x\ndef f():\n    1\n", ["@@ def f():", " def f():", "-    1", "+    2"],
                                      "x\ndef f():\n    2\n"),
    "an anchor cut short": ("def f(a, b):\n    1\n", ["@@ def f(", "-    1", "+    2"], "def f(a, b):\n    2\n"),
    "an anchor for two hunks": ("class A:\n  1\n  2\n", ["@@ class A:", "-  1", "+  x", "@@ class A:", "-  2", "+  y"],
                                "class A:\n  x\n  y\n"),
    "lines after an anchor": ("a\nb\n", ["@@ a", "+new"], "a\nnew\nb\n"),
    "lines at the end": ("a\nb\n", ["+new"], "a\nb\nnew\n"),
    "the end, not the first": ("x\na\nx\n", [" x", "+y", "*** End of File"], "x\na\nx\ny\n"),
    "the end mark where it is not": ("x\na\n", ["-x", "+y", "*** End of File"], "y\na\n"),
    "everything goes": ("a\nb\n", ["-a", "-b"], ""),
    "into an empty file": ("", ["+a", "+b"], "a\nb\n"),
    "trailing blanks": ("a  \nb\t\n", [" a", "-b", "+c"], "a  \nc\n"),
    "white space within": ("if (a):\n\treturn  1\n", [" if  (a):", "-    return 1", "+\treturn 2"],
                           "if (a):\n\treturn 2\n"),
    "exact before fuzzy": (" a\nx\na\n", ["-a", "+b"], " a\nx\nb\n"),
    "context that lost its blank": ("a\n\nb\n", [" a", "", "-b", "+c"], "a\n\nc\n"),
    "a blank line before the next header": ("a\nb\n", ["-a", "+A", ""], "A\nb\n"),
    "no newline at the end": ("a\nb", ["-b", "+c", "\\ No newline at end of file"], "a\nc"),
    "no newline, more lines": ("a\nb", [" b", "+c"], "a\nb\nc"),
    "no newline, fewer lines": ("a\nb", [" a", "-b"], "a"),
    "CRLF": ("a\r\nb\r\nc\r\n", [" a", "-b", "+x", "+y", " c"], "a\r\nx\r\ny\r\nc\r\n"),
    "CRLF without the last": ("a\r\nb", ["-b", "+x", "+y"], "a\r\nx\r\ny"),
    "mixed": ("a\nb\r\nc\nd\n", ["-b", "+x", " c", "-d", "+y"], "a\nx\r\nc\ny\n"),
    "a lone CR at the end": ("a\nb\r", ["-a", "+x"], "x\nb\r"),
    "the same change thrice": ("x\na\nx\na\nx\n", ["-x", "+y", "@@", "-x", "+y", "@@", "-x", "+y"], "y\na\ny\na\ny\n"),
    "three stars in the content": ("*** x\n", ["-*** x", "+*** Delete File: y"], "*** Delete File: y\n"),
}  # fmt: skip


def applied(raw: str, lines: list[str]) -> str:
    (update,) = parse_patch(patch("*** Update File: a.py", *lines)).operations
    assert isinstance(update, UpdateFile)
    return apply_hunks(Text(raw=raw), update.hunks, name="a.py").raw


@pytest.mark.parametrize("case", list(FITS))
def test_a_hunk_is_put_in_its_place(case: str):
    raw, lines, wanted = FITS[case]
    assert applied(raw, lines) == wanted


MISFITS: dict[str, tuple[str, list[str], str]] = {
    "no such lines": (
        "a\nb\n",
        [" x", "-y", "+z"],
        "hunk 1 of a.py does not fit; it expects these lines:\nx\ny",
    ),
    "the second hunk": (
        "a\nb\n",
        ["-a", "+A", "@@", "-c", "+C"],
        "hunk 2 of a.py does not fit; it expects these lines:\nc",
    ),
    "part of the lines": (
        "a\nb\nc\n",
        [" a", " b", "-x"],
        (
            "hunk 1 of a.py does not fit; it expects these lines:\na\nb\nx\n"
            "Its first 2 lines are at line 1, but line 3 reads:\nc"
        ),
    ),
    "past the end": (
        "a\n",
        [" a", "-b"],
        (
            "hunk 1 of a.py does not fit; it expects these lines:\na\nb\n"
            "Its first 1 line is at line 1, but line 2 reads:\n[the end]"
        ),
    ),
    "the wrong order": (
        "a\nb\n",
        ["-b", "+B", "@@", "-a", "+A"],
        "hunk 2 of a.py does not fit after line 2, but it does at line 1; hunks must be in the order of the file",
    ),
    "no such anchor": ("a\n", ["@@ class X:", "-a"], "hunk 1 of a.py: no line `@@ class X:`"),
    "two places": (
        "x\na\nx\n",
        ["-x", "+y"],
        (
            "hunk 1 of a.py fits at line 1 and at line 3; add lines of context, "
            "or `@@ ` with the line of the function or class around it"
        ),
    ),
    "two places for the second": (
        "a\nx\nx\n",
        ["-a", "+b", "@@", "-x", "+y"],
        (
            "hunk 2 of a.py fits at line 2 and at line 3; add lines of context, "
            "or `@@ ` with the line of the function or class around it"
        ),
    ),
    "many lines": (
        "a\n",
        [f"-{number}" for number in range(40)],
        "hunk 1 of a.py does not fit; it expects these lines:\n"
        + "\n".join(map(str, range(15)))
        + "\n… 25 more",
    ),
}


@pytest.mark.parametrize("case", list(MISFITS))
def test_a_hunk_that_does_not_fit_is_named_with_what_it_expects(case: str):
    raw, lines, message = MISFITS[case]
    with pytest.raises(ToolFailed) as error:
        applied(raw, lines)
    assert str(error.value) == message


FILE = st.lists(st.sampled_from(["a", "b", "  b", "", "c"]), max_size=10)


@given(FILE, FILE, st.integers(1, 3), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_patch_made_of_a_difference_gives_the_other_file_or_is_refused_as_a_guess(
    old: list[str], new: list[str], context: int, ending: str, ended: bool
):
    """What `diff` finds is what the patch does, however alike the lines are."""
    from difflib import SequenceMatcher

    old, new = [*old, "end of old"], [*new, "end of new"]
    lines: list[str] = []
    for group in SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(context):
        lines.append("@@")
        for kind, a, b, c, d in group:
            if kind == "equal":
                lines += [f" {line}" for line in old[a:b]]
            else:
                lines += [f"-{line}" for line in old[a:b]] + [f"+{line}" for line in new[c:d]]
    raw = ending.join(old) + (ending if ended else "")
    ending = ending if ending in raw else "\n"
    try:
        got = applied(raw, lines)
    except ToolFailed as error:
        assert "fits at line" in str(error)  # noqa: PT017 - one of two good ends
        return
    assert got == ending.join(new) + (ending if ended else "")
