"""A command's output on its ways to the model, to the person and to a file."""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from droid.tools import command_output
from droid.tools.command_output import MODEL_CHARS, CommandOutput, HeadAndTail


def numbered(count: int) -> str:
    return "".join(f"line {number}\n" for number in range(count))


@given(st.lists(st.text("ab\n", max_size=30)), st.integers(2, 40).map(lambda half: 2 * half))
def test_what_fits_is_whole_and_what_does_not_is_bounded(chunks: list[str], limit: int) -> None:
    whole = "".join(chunks)
    kept = HeadAndTail(limit)
    for chunk in chunks:
        kept.append(chunk)
    assert kept.is_cut == (len(whole) > limit)
    text = kept.cut("elsewhere")
    if len(whole) <= limit:
        assert text == kept.whole == whole
    else:
        head, _, tail = text.partition("\n\n[… ")
        assert whole.startswith(head)
        assert whole.endswith(tail.partition(" …]\n\n")[2])
        assert len(text) < limit + 80


def test_the_cut_says_how_much_is_missing_and_where_it_is(tmp_path: Path) -> None:
    whole = numbered(20_000)
    output = CommandOutput(tmp_path / "c.txt")
    for start in range(0, len(whole), 999):
        output.feed(whole[start : start + 999].encode())
    output.finish()
    text = output.text()
    head, note, tail = text.split("\n\n")
    missing = len(whole) - len(head) - 1 - len(tail)
    assert note == f"[… {missing:,} characters are cut here; the whole output is in {tmp_path / 'c.txt'} …]"
    assert head.splitlines() == whole.splitlines()[: len(head.splitlines())]
    assert tail.splitlines() == whole.splitlines()[-len(tail.splitlines()) :]
    assert len(text) < MODEL_CHARS + 200
    assert output.full_output == str(tmp_path / "c.txt")
    assert (tmp_path / "c.txt").read_text() == whole
    assert (tmp_path / "c.txt").stat().st_mode & 0o777 == 0o600


def test_there_is_no_file_where_nothing_is_cut(tmp_path: Path) -> None:
    output = CommandOutput(tmp_path / "folder" / "c.txt")
    output.feed(b"x" * MODEL_CHARS)
    output.finish()
    assert output.text() == "x" * MODEL_CHARS
    assert output.full_output is None
    assert list(tmp_path.iterdir()) == []


def test_calls_with_the_same_id_do_not_share_a_file(tmp_path: Path) -> None:
    outputs = [CommandOutput(tmp_path / "new" / "call_0.txt") for _ in range(3)]
    for number, output in enumerate(outputs):
        output.feed(b"%d" % number * (MODEL_CHARS + 1))
        output.finish()
    assert [Path(str(output.full_output)).read_text()[0] for output in outputs] == ["0", "1", "2"]
    assert all(str(output.full_output) in output.text() for output in outputs)


def test_the_file_is_bounded_and_the_result_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_output, "MAX_FILE_BYTES", 1_000_000)
    output = CommandOutput(tmp_path / "c.txt")
    for _ in range(30):
        output.feed(b"x" * 99_999 + b"\n")
    output.finish()
    assert (tmp_path / "c.txt").stat().st_size == 1_000_000
    assert f"its first 1 MB are in {tmp_path / 'c.txt'}" in output.text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_costs_the_file_and_not_the_result(tmp_path: Path) -> None:
    output = CommandOutput(tmp_path / "c.txt")
    output._create()  # pyright: ignore[reportPrivateUsage]
    (tmp_path / "c.txt").unlink()
    (tmp_path / "c.txt").symlink_to("/dev/full")
    for _ in range(5):
        output.feed(numbered(2000).encode())
    output.finish()
    assert "the rest could not be kept: No space left on device" in output.text()
    assert output.text().endswith("line 1999\n")


def test_a_folder_that_cannot_be_made_costs_the_file_and_not_the_result(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    output = CommandOutput(tmp_path / "file" / "c.txt")
    output.feed(numbered(20_000).encode())
    output.finish()
    assert "the rest could not be kept: " in output.text()
    assert output.full_output is None


def test_what_is_new_is_given_once(tmp_path: Path) -> None:
    output = CommandOutput(tmp_path / "c.txt")
    assert output.take_new() == ""
    output.feed(b"one\n")
    assert output.take_new() == "one\n"
    assert output.take_new() == ""
    output.feed(b"two\nbeing writ")
    assert output.take_new() == "two\nbeing writ"
    output.feed(b"ten\n" + numbered(20_000).encode())
    new = output.take_new()
    assert new.startswith("being written\nline 0\n")
    assert new.endswith("line 19999\n")
    assert str(tmp_path / "c.txt") in new
    assert (tmp_path / "c.txt").read_text() == "one\ntwo\nbeing written\n" + numbered(20_000)


class Person:
    """Somebody who watches."""

    def __init__(self, tmp_path: Path) -> None:
        self.pieces: list[str] = []
        self.output = CommandOutput(tmp_path / "c.txt", self.pieces.append)

    async def after(self, data: bytes, wait_s: float = 2 * command_output.SHOW_EVERY_S) -> list[str]:
        self.output.feed(data)
        await asyncio.sleep(wait_s)
        seen, self.pieces[:] = list(self.pieces), []
        return seen


@pytest_asyncio.fixture
async def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(command_output, "SHOW_EVERY_S", 0.002)
    return Person(tmp_path)


async def test_a_person_sees_lines_and_what_is_being_written(person: Person) -> None:
    assert await person.after(b"compiling\nlin", 0.02) == ["compiling\nlin"]
    assert await person.after(b"king\n", 0.02) == ["king\n"]
    assert await person.after(b".", 0.02) == ["."]
    assert await person.after(b".", 0.02) == ["."]
    person.output.feed(b".\nend")
    person.output.finish()
    assert person.pieces == [".\nend"]


async def test_a_person_is_not_shown_every_state_of_a_progress_bar(person: Person) -> None:
    assert await person.after(b"10%", 0.02) == ["10%"]
    assert await person.after(b"\r20%", 0.02) == []
    assert await person.after(b"\r30%", 0.02) == []
    assert await person.after(b"\r100%\nready\n", 0.02) == ["\n100%\nready\n"]


async def test_small_pieces_are_shown_together(tmp_path: Path) -> None:
    pieces: list[str] = []
    output = CommandOutput(tmp_path / "c.txt", pieces.append)
    for number in range(1000):
        output.feed(b"%d\n" % number)
    output.finish()
    assert len(pieces) == 1
    assert pieces[0] == "".join(f"{number}\n" for number in range(1000))


async def test_a_flood_is_shown_in_part(person: Person) -> None:
    (piece,) = await person.after(numbered(100_000).encode(), 0.02)
    assert piece.startswith("[… ")
    assert "characters are not shown …]" in piece
    assert piece.endswith("line 99999\n")
    assert len(piece) < command_output.SHOWN_AT_ONCE_CHARS + 100


async def test_showing_ends_after_very_much(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_output, "SHOWN_CHARS", 30)
    assert await person.after(b"x" * 20 + b"\n", 0.02) == ["x" * 20 + "\n"]
    (last,) = await person.after(b"y" * 20 + b"\n", 0.02)
    assert last.endswith("more comes, and is not shown while the command runs …]\n")
    assert await person.after(b"z" * 20 + b"\n", 0.02) == []
    person.output.finish()
    assert person.pieces == []
    assert person.output.text().count("\n") == 3


def test_output_holds_no_file_open(tmp_path: Path) -> None:
    """A background task that nobody asks about again is simply forgotten."""
    before = set(Path("/dev/fd").iterdir())
    output = CommandOutput(tmp_path / "c.txt")
    output.feed(numbered(20_000).encode())
    assert set(Path("/dev/fd").iterdir()) == before
