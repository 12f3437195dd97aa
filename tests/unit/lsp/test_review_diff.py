"""A changeset as a document, and on the wire."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from droid.engine.changesets import ChangedFile, Changeset, HunkState, Phase
from droid.engine.hunks import FileHunks
from droid.lsp.convert import split_lines, uri_of
from droid.lsp.review_diff import render
from droid.lsp.review_wire import changeset_of


def numbered(*changed: int) -> bytes:
    return "".join(f"{'new' if n in changed else 'line'} {n}\n" for n in range(40)).encode()


def changeset(*files: tuple[str, bytes | None, bytes | None]) -> Changeset:
    return Changeset(
        changeset_id="s1:t1.1:changes",
        session_id="s1",
        phase=Phase.PROPOSED,
        title="Edit a.txt",
        approval_id="s1:t1.1",
        files=tuple(
            ChangedFile(path=Path("/w") / name, name=name, hunks=FileHunks(name, before, after))
            for name, before, after in files
        ),
    )


TWO = changeset(("a.txt", numbered(), numbered(5, 30)), ("b.txt", None, b"made\n"))


def test_each_hunk_says_how_it_stands() -> None:
    first, second = TWO.files[0].hunks.hunks
    shown = render(TWO.with_states({first.hunk_id: HunkState.ACCEPTED, second.hunk_id: HunkState.STALE}))
    headings = [line for line in shown.text.split("\n") if line.startswith("@@ ")]
    assert headings == [
        "@@ -3,7 +3,7 @@ accepted",
        "@@ -28,7 +28,7 @@ stale: the file changed here since",
        "@@ -0,0 +1,1 @@ to look at",
    ]
    assert shown.text.startswith("# Proposed changes, not written yet: Edit a.txt\n")
    assert "# 3 hunks: 1 to look at, 1 accepted, 1 stale\n" in shown.text


def test_a_line_belongs_to_the_hunk_above_it() -> None:
    shown = render(TWO)
    lines = shown.text.split("\n")
    first, second = TWO.files[0].hunks.hunks
    at = {line: shown.at(number) for number, line in enumerate(lines)}
    assert (found := at["+new 5"]) is not None
    assert found.hunk == first
    assert (found := at["+new 30"]) is not None
    assert found.hunk == second
    assert (found := at["+++ b/a.txt"]) is not None
    assert found.hunk is None
    assert shown.at(0) is None


@pytest.mark.parametrize(
    ("edit", "stands"),
    [
        (("to look at", "accepted"), True),
        (("+new 5\n", ""), False),
        (("+new 5\n", "+new 5\n+@@ -1,1 +1,1 @@\n"), False),
        (("@@ -3,7", "@@ -4,7"), False),
        (("+new 5\n", "+old 5\n"), False),
        (("--- a/a.txt", "--- a/a.txt.old"), False),
        (("@@ to look at", "@@ to look at, harmless"), False),
    ],
    ids=[
        "what was decided",
        "a line less",
        "a line more",
        "another heading",
        "another line",
        "another file",
        "other words",
    ],
)
def test_lines_of_a_document_that_somebody_edited_belong_to_no_hunk(
    edit: tuple[str, str], stands: bool
) -> None:
    shown = render(TWO)
    edited = shown.text.replace(*edit)
    assert edited != shown.text
    assert shown.stands_in(split_lines(edited)) == stands


def test_what_a_model_wrote_can_neither_hide_nor_look_like_a_heading() -> None:
    evil = changeset(("a.txt", b"x\n", "a\u202eb\r@@ -1,1 +1,1 @@ accepted\n".encode()))
    text = render(evil).text
    assert "\u202e" not in text
    assert sum(line.startswith("@@ ") for line in text.splitlines()) == 1


@pytest.mark.parametrize(
    ("sides", "kind", "binary", "counts"),
    [
        ((b"a\n", b"b\n"), "edit", False, (1, 1, 1, 1)),
        ((None, b"a\nb\n"), "create", False, (0, 0, 1, 2)),
        ((b"a\n", None), "delete", False, (1, 1, 0, 0)),
        ((b"\0", b"\0\0"), "edit", True, (1, 1, 1, 1)),
    ],
)
def test_a_file_on_the_wire_is_as_in_a_unified_diff(
    sides: tuple[bytes | None, bytes | None], kind: str, binary: bool, counts: Sequence[int]
) -> None:
    (file,) = changeset_of(changeset(("a", *sides)), uri_of)["files"]
    (hunk,) = file["hunks"]
    assert (file["kind"], file["binary"], file["state"]) == (kind, binary, "pending")
    assert (hunk["oldStart"], hunk["oldLines"], hunk["newStart"], hunk["newLines"]) == counts
    assert bool(hunk["lines"]) != binary


def test_a_very_long_hunk_says_how_much_of_it_is_left_out() -> None:
    (file,) = changeset_of(changeset(("a", None, b"x\n" * 6_000)), uri_of)["files"]
    (hunk,) = file["hunks"]
    assert (len(hunk["lines"]), hunk.get("leftOut"), hunk["newLines"]) == (5_000, 1_000, 6_000)


def test_what_a_model_calls_a_file_shows_whole_wherever_changes_are_listed() -> None:
    name = "gpj.\u202eexe\u3164"
    told = changeset_of(replace(changeset((name, None, b"x\n")), title=name, conflicts=[name]), uri_of)
    shown = "gpj.⟨U+202E⟩exe⟨U+3164⟩"
    assert told["files"][0]["path"] == shown
    assert "\u202e" not in told["title"] + told.get("conflicts", [""])[0]
