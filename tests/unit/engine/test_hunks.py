"""Hunks: laws of taking, leaving and taking back; and where one is found again."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droid.engine.hunks import FileHunks

_LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"  x\r\n", b"}\n", b"\xff\xfe\n"]), max_size=40)
_FEW = settings(max_examples=40)
_TAILS = st.sampled_from([b"", b"end", b"a"])


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    return b"".join(draw(_LINES)) + draw(_TAILS)


@st.composite
def changes(draw: st.DrawFn) -> FileHunks:
    """Two contents that have something in common, and so several hunks."""
    lines = [f"line {number}\n".encode() for number in range(draw(st.integers(0, 60)))]
    other = list(lines)
    for place in sorted(draw(st.sets(st.integers(0, 60), max_size=6)), reverse=True):
        other[place : place + draw(st.integers(0, 2))] = draw(_LINES)[:3]
    return FileHunks("a.txt", b"".join(lines), b"".join(other))


@_FEW
@given(contents(), contents(), st.data())
def test_all_hunks_make_the_one_content_and_none_the_other(
    before: bytes, after: bytes, data: st.DataObject
) -> None:
    file = FileHunks("a.txt", before, after)
    assert file.with_only(()) == before
    assert file.with_only(file.ids) == after
    assert len(file.ids) == len(file.hunks), "ids are told apart"


@_FEW
@given(changes(), st.data())
def test_what_is_taken_one_by_one_in_any_order_is_what_is_taken_together(
    file: FileHunks, data: st.DataObject
) -> None:
    order = data.draw(st.permutations([hunk.hunk_id for hunk in file.hunks]))
    count = data.draw(st.integers(0, len(order)))
    now: bytes | None = file.before
    for index, hunk_id in enumerate(order[:count]):
        now, lost = file.taken(now, order[:index], [hunk_id])
        assert not lost
    assert now == file.with_only(order[:count])


@_FEW
@given(changes(), st.data())
def test_what_is_taken_and_what_is_left_are_parts_of_the_whole(file: FileHunks, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(file.ids)))) if file.ids else set[str]()
    left = file.ids - kept
    now, lost = file.taken_back(file.after, file.ids, left)
    assert not lost
    assert now == file.with_only(kept)
    again, lost = file.taken(now, kept, left)
    assert (again, lost) == (file.after, frozenset())


@_FEW
@given(changes(), st.data())
def test_what_a_content_holds_is_what_was_put_into_it(file: FileHunks, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(file.ids)))) if file.ids else set[str]()
    content = file.with_only(kept)
    found = file.taken_in(content)
    assert found is not None
    assert file.with_only(found) == content
    assert file.taken_in((content or b"") + b"typed\nmore\n") is None


@_FEW
@given(changes(), st.data())
def test_what_the_person_typed_elsewhere_stays(file: FileHunks, data: st.DataObject) -> None:
    """Typing at the end of the file, away from every hunk, is there before and after."""
    if file.with_only(()) == b"" or not (file.after or b"").endswith(b"\n"):
        return
    typed = "".join(f"typed {number}\n" for number in range(5)).encode()
    ids = data.draw(st.sets(st.sampled_from(sorted(file.ids)))) if file.ids else set[str]()
    now, lost = file.taken_back((file.after or b"") + typed, file.ids, ids)
    assert now is not None
    assert now.endswith(typed)
    if not lost:
        assert now == (file.with_only(file.ids - ids) or b"") + typed
    for hunk_id in ids & lost:  # it is left where it is, whole
        assert hunk_id in file.ids


@_FEW
@given(changes())
def test_ids_are_the_same_for_the_same_change_of_the_same_file(file: FileHunks) -> None:
    again = FileHunks("a.txt", file.before, file.after)
    elsewhere = FileHunks("b.txt", file.before, file.after)
    assert [hunk.hunk_id for hunk in again.hunks] == [hunk.hunk_id for hunk in file.hunks]
    assert not again.ids & elsewhere.ids


def numbered(*changed: int, until: int = 40, word: str = "new") -> bytes:
    return "".join(f"{word if number in changed else 'line'} {number}\n" for number in range(until)).encode()


@pytest.mark.parametrize(
    ("before", "after"), [(None, b"x\n"), (b"x\n", None), (b"\0a", b"\0b"), (b"text", b"\0"), (None, b"")]
)
def test_a_file_that_comes_goes_or_is_no_text_is_taken_whole_or_not_at_all(
    before: bytes | None, after: bytes | None
) -> None:
    file = FileHunks("a", before, after)
    (hunk,) = file.hunks
    assert file.is_whole
    assert file.with_only([]) == before
    assert file.with_only([hunk.hunk_id]) == after
    assert file.taken_back(after, [hunk.hunk_id], [hunk.hunk_id]) == (before, frozenset())
    assert file.taken_back(b"somebody's", [hunk.hunk_id], [hunk.hunk_id]) == (b"somebody's", file.ids)


def test_nothing_changed_is_no_hunk() -> None:
    assert FileHunks("a", b"x", b"x").hunks == ()
    assert FileHunks("a", None, None).hunks == ()


def test_hunks_show_what_a_unified_diff_shows() -> None:
    first, second = FileHunks("a", numbered(), numbered(5, 30)).hunks
    assert first.lines == (
        " line 2", " line 3", " line 4", "-line 5", "+new 5", " line 6", " line 7", " line 8",
    )  # fmt: skip
    assert (first.old_first, first.old_last, second.new_first, second.new_last) == (2, 9, 27, 34)


@pytest.mark.parametrize(
    ("edit", "stale"),
    [
        ((b"line 20\n", b"typed\n"), []),
        ((b"line 0\n", b""), []),
        ((b"line 6\n", b"typed\n"), []),
        ((b"line 4\nnew 5\nline 6\n", b"typed\nnew 5\ntyped\n"), []),
        ((b"new 5\n", b"new 5 and more\n"), [5]),
        ((b"line 4\nnew 5\nline 6\n", b""), [5]),
        ((b"new 30\n", b""), [30]),
    ],
    ids=["far away", "above", "beside", "on both sides", "in it", "over it", "in the other"],
)
def test_a_hunk_is_taken_back_unless_its_own_lines_were_changed(
    edit: tuple[bytes, bytes], stale: Sequence[int]
) -> None:
    file = FileHunks("a", numbered(), numbered(5, 30))
    assert file.after is not None
    now = file.after.replace(*edit)
    assert now != file.after
    result, lost = file.taken_back(now, file.ids, file.ids)
    assert [
        5 if hunk.hunk_id == file.hunks[0].hunk_id else 30 for hunk in file.hunks if hunk.hunk_id in lost
    ] == stale
    assert result is not None
    for place in {5, 30} - set(stale):
        assert f"line {place}\n".encode() in result
        assert f"new {place}\n".encode() not in result
    if edit[1]:
        assert edit[1] in result or place_was_taken_back(edit, result)


def place_was_taken_back(edit: tuple[bytes, bytes], result: bytes) -> bool:
    return edit[1].replace(b"new 5", b"line 5") in result


def test_of_many_equal_changes_each_is_told_from_the_others() -> None:
    block = b"def f():\n    a\n    b\n    old\n    c\n    d\n    e\n    f\n"
    before = block * 5
    file = FileHunks("a", before, before.replace(b"old", b"new"))
    assert len(file.hunks) == 5
    third = file.hunks[2].hunk_id
    typed = b"# typed\n" + (file.after or b"")
    result, lost = file.taken_back(typed, file.ids, [third])
    assert not lost
    assert result is not None
    assert [line.strip() for line in result.splitlines() if b"old" in line or b"new" in line] == [
        b"new", b"new", b"old", b"new", b"new",
    ]  # fmt: skip


def test_of_equal_changes_none_is_guessed_once_one_is_gone() -> None:
    block = b"def f():\n    a\n    b\n    old\n    c\n    d\n    e\n    f\n"
    before = block * 5
    file = FileHunks("a", before, before.replace(b"old", b"new"))
    assert file.after is not None
    fewer = file.after[len(block) :]
    result, lost = file.taken_back(fewer, file.ids, [file.hunks[3].hunk_id])
    assert (result, lost) == (fewer, frozenset({file.hunks[3].hunk_id}))


def test_lines_that_were_removed_come_back_between_the_lines_that_they_stood_between() -> None:
    file = FileHunks("a", numbered(), numbered().replace(b"line 7\n", b""))
    result, lost = file.taken_back(b"typed\n" + (file.after or b""), file.ids, file.ids)
    assert (result, lost) == (b"typed\n" + numbered(), frozenset())


def test_an_editor_may_have_its_own_idea_of_line_ends() -> None:
    before = numbered().replace(b"\n", b"\r\n")
    file = FileHunks("a", before, before.replace(b"line 5", b"new 5"))
    assert file.after is not None
    shown = file.after.replace(b"\r\n", b"\n")
    assert file.taken_back(shown, file.ids, file.ids) == (numbered(), frozenset())
    assert file.taken_back(b"typed\n" + shown, file.ids, file.ids) == (b"typed\n" + numbered(), frozenset())


def test_a_line_after_one_that_had_no_end_does_not_run_into_it() -> None:
    file = FileHunks("a", b"a\nlast", b"a\nlast\nmore\n")
    result, lost = file.taken(b"typed\na\nlast", [], file.ids)
    assert (result, lost) == (b"typed\na\nlast\nmore\n", frozenset())


def test_a_large_change_is_compared_in_bounds() -> None:
    before = b"".join(f"{number}\n".encode() for number in range(20_000))
    after = b"".join(f"{number + 1}-\n".encode() for number in range(20_000))
    file = FileHunks("a", before, after)
    assert len(file.hunks) == 1
    assert file.with_only(file.ids) == after
