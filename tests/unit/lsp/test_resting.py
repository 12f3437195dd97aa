"""Which sessions are closed for want of use."""

import pytest

from droid.lsp.resting import Uses


@pytest.mark.parametrize(
    ("used", "can_rest", "now", "due"),
    [
        ("", "", 0, ""),
        ("ab", "ab", 2, ""),
        ("abc", "abc", 3, "a"),
        ("abcde", "abcde", 5, "abc"),
        ("abca", "abc", 4, "b"),  # what is used again is the youngest
        ("abcde", "de", 5, ""),  # what cannot be closed does not push others out
        ("abcde", "bde", 5, "b"),
        ("ab", "ab", 10, ""),
        ("ab", "ab", 11, "a"),
        ("ab", "ab", 12, "ab"),
        ("ab", "b", 12, "b"),
        ("a", "ax", 2, ""),  # what was never used here is not ours to close
    ],
)
def test_the_longest_unused_are_closed(used: str, can_rest: str, now: float, due: str) -> None:
    """Used one a second from second 1 on; two stay open, and none for ten seconds unused."""
    uses = Uses(max_unused=2, unused_s=10)
    for second, session_id in enumerate(used, start=1):
        uses.note(session_id, second)
    assert "".join(uses.due(can_rest, now)) == due


def test_a_closed_session_is_not_closed_again() -> None:
    uses = Uses(max_unused=0)
    uses.note("a", 1)
    assert uses.due("a", 2) == ["a"]
    uses.forget("a")
    assert uses.due("a", 3) == []
