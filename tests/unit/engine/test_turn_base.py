"""What a file would be without a turn's changes."""

from collections.abc import Mapping, Sequence

import pytest

from droid.domain.files import FileChange, digest_of
from droid.engine.turn_base import base_of


def text(*changed: str, typed: bool = False) -> bytes:
    """Forty lines, some of them by the agent; the person may have typed another one in between."""
    lines = [next((one for one in changed if one.endswith(f" {n}")), f"line {n}") for n in range(40)]
    return ("\n".join([*lines[:20], *(["typed"] if typed else []), *lines[20:]]) + "\n").encode()


START, FIRST, BOTH = text(), text("new 3"), text("new 3", "new 30")


@pytest.mark.parametrize(
    ("versions", "base"),
    [
        ([(START, FIRST)], START),
        ([(START, FIRST), (FIRST, BOTH)], START),
        (
            [(START, FIRST), (text("new 3", typed=True), text("new 3", "new 30", typed=True))],
            text(typed=True),
        ),
        ([(START, FIRST), (text("mine 3"), text("mine 3", "new 30"))], text("mine 3")),
        ([(None, FIRST), (FIRST, BOTH)], None),
        ([(None, FIRST), (text("new 3", typed=True), BOTH)], text("new 3", typed=True)),
        ([(START, None), (None, BOTH)], START),
        ([(START, BOTH), (text("new 3"), START)], START),
    ],
    ids=[
        "one",
        "two",
        "typed in between",
        "typed over the first",
        "made",
        "made, then typed",
        "made anew",
        "one hunk taken back in between",
    ],
)
def test_what_others_did_in_between_stays(
    versions: Sequence[tuple[bytes | None, bytes | None]], base: bytes | None
) -> None:
    kept: Mapping[str | None, bytes | None] = {
        None if one is None else digest_of(one): one for pair in versions for one in pair
    }

    def digest(data: bytes | None) -> str | None:
        return None if data is None else digest_of(data)

    changes = [
        FileChange(path="/a", before=digest(old), after=digest(new), added_lines=0, removed_lines=0)
        for old, new in versions
    ]
    assert base_of("a", changes, kept.__getitem__) == base
