import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sessions.events import Sequencer, one_turn, started

from droid.domain.events import (
    Compacted,
    Event,
    FilesChanged,
    ModelSet,
    Record,
    SessionRenamed,
    Steered,
    TurnStarted,
    UsageReported,
)
from droid.domain.files import FileChange
from droid.domain.messages import Usage, user_message
from droid.sessions import database
from droid.sessions.index import SessionIndex
from droid.sessions.log import SessionLog
from droid.sessions.summaries import SearchHit, SessionSummary

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(params=[True, False], ids=["full text", "plain text"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SessionIndex:
    return SessionIndex(tmp_path, full_text=request.param)


def write(root: Path, name: str, records: list[Record]) -> Path:
    """A transcript `slug/id`, or more of one."""
    path = root / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    log = SessionLog.open(path) if path.exists() else SessionLog.create(path)
    for record in records:
        log.append(record)
    log.close()
    return path


def prompt(text: str) -> TurnStarted:
    return TurnStarted(prompt=text, message=user_message(text))


def with_prompts(session_id: str, *prompts: str, at: float = 1_750_000_000.0) -> list[Record]:
    number = Sequencer(at=at)
    return [number(started(session_id)), *(number(prompt(text), "t1") for text in prompts)]


def ids(found: list[SessionSummary]) -> list[str]:
    return [summary.id for summary in found]


def hits(found: list[SearchHit]) -> list[tuple[str, str]]:
    return [(hit.session_id, hit.kind) for hit in found]


def test_a_summary_says_what_happened(index: SessionIndex, tmp_path: Path) -> None:
    number = Sequencer(at=1000.0)
    records = [number(started("s1", parent="s0")), *one_turn(number), number(ModelSet(model="custom:x"))]
    path = write(tmp_path, "shop/s1", records)
    assert index.sessions("shop") == [
        SessionSummary(
            id="s1", title="Fix the price", workspace="/work/shop", started_at=1001.0, updated_at=1009.0, turns=1,
            tokens=110, cost_usd=0.01, model="custom:x", locked=False, parent="s0", path=path,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "title"),
    [
        ([], ""),
        ([prompt("\n\n  First line \nsecond")], "First line"),
        ([prompt("First"), prompt("Second")], "First"),
        ([prompt("x" * 200)], "x" * 79 + "…"),
        ([prompt("First"), SessionRenamed(title="Given")], "Given"),
        ([SessionRenamed(title="Given"), prompt("First")], "Given"),
        ([SessionRenamed(title="Given"), SessionRenamed(title="Again")], "Again"),
        ([prompt("caf\udce9")], "caf?"),
    ],
)
def test_a_title_is_the_given_one_or_the_first_prompt(
    index: SessionIndex, tmp_path: Path, events: list[Event], title: str
) -> None:
    number = Sequencer()
    write(tmp_path, "shop/s1", [number(event) for event in [started(), *events]])
    assert index.sessions(None)[0].title == title


@pytest.mark.parametrize(
    ("costs", "total"), [([], 0.0), ([0.5, 0.25], 0.75), ([0.5, None], None), ([None], None)]
)
def test_a_cost_that_is_not_known_whole_is_not_known(
    index: SessionIndex, tmp_path: Path, costs: list[float | None], total: float | None
) -> None:
    number = Sequencer()
    usages = [UsageReported(model="m", usage=Usage(), cost_usd=cost, duration_s=1.0) for cost in costs]
    write(tmp_path, "shop/s1", [number(event) for event in [started(), *usages]])
    assert index.sessions(None)[0].cost_usd == total


def test_sessions_are_listed_by_last_use_and_workspace(index: SessionIndex, tmp_path: Path) -> None:
    write(tmp_path, "shop/old", with_prompts("old", at=1000.0))
    write(tmp_path, "shop/new", with_prompts("new", at=3000.0))
    write(tmp_path, "bank/mid", with_prompts("mid", at=2000.0))
    assert ids(index.sessions("shop")) == ["new", "old"]
    assert ids(index.sessions(None)) == ["new", "mid", "old"]
    assert ids(index.sessions("absent")) == []


def test_a_session_that_has_not_begun_is_not_listed(index: SessionIndex, tmp_path: Path) -> None:
    write(tmp_path, "shop/s1", [])
    assert index.sessions(None) == []
    write(tmp_path, "shop/s1", with_prompts("s1"))
    assert ids(index.sessions(None)) == ["s1"]


def test_a_session_that_is_open_is_marked(index: SessionIndex, tmp_path: Path) -> None:
    path = write(tmp_path, "shop/s1", with_prompts("s1"))
    log = SessionLog.open(path)
    assert index.sessions(None)[0].locked
    log.close()
    assert not index.sessions(None)[0].locked


def test_what_was_appended_is_found_and_only_that_is_read(
    index: SessionIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "shop/s1", with_prompts("s1", "apple"))
    assert hits(index.search("apple", None, 9)) == [("s1", "prompt")]
    seen: list[bytes] = []
    monkeypatch.setattr("droid.sessions.digest.parse", _recording(seen))
    index.sessions(None)
    assert seen == [], "nothing changed"
    write(tmp_path, "shop/s1", [Sequencer(seq=2, at=1_750_000_100.0)(prompt("banana"), "t2")])
    assert hits(index.search("banana", None, 9)) == [("s1", "prompt")]
    assert len(seen) == 1
    assert hits(index.search("apple", None, 9)) == [("s1", "prompt")]
    assert index.sessions(None)[0].turns == 2
    assert path.exists()


def _recording(seen: list[bytes]) -> Callable[[bytes], dict[str, object]]:
    from droid.sessions.codec import parse

    def record(line: bytes) -> dict[str, object]:
        seen.append(line)
        return parse(line)

    return record


def test_half_a_line_waits_for_its_other_half(index: SessionIndex, tmp_path: Path) -> None:
    path = write(tmp_path, "shop/s1", with_prompts("s1", "apple", "banana"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert index.sessions(None)[0].turns == 1
    path.write_bytes(whole)
    assert index.sessions(None)[0].turns == 2
    assert hits(index.search("banana", None, 9)) == [("s1", "prompt")]


@pytest.mark.parametrize("how", ["shrunk", "replaced"])
def test_a_transcript_that_became_another_is_read_anew(index: SessionIndex, tmp_path: Path, how: str) -> None:
    path = write(tmp_path, "shop/s1", with_prompts("s1", "apple", "cherry"))
    index.sessions(None)
    other = write(
        tmp_path, "other/x", with_prompts("s1", "banana", *["date"] * (5 if how == "replaced" else 0))
    )
    if how == "replaced":
        other.replace(path)
    else:
        path.write_bytes(other.read_bytes())
        other.unlink()
    assert index.search("apple", None, 9) == []
    assert hits(index.search("banana", None, 9)) == [("s1", "prompt")]


def test_a_deleted_session_is_forgotten(index: SessionIndex, tmp_path: Path) -> None:
    path = write(tmp_path, "shop/s1", with_prompts("s1", "apple"))
    write(tmp_path, "bank/s2", with_prompts("s2", "apple"))
    assert len(index.search("apple", None, 9)) == 2
    path.unlink()
    assert ids(index.sessions(None)) == ["s2"]
    assert hits(index.search("apple", None, 9)) == [("s2", "prompt")]


SEARCHED = "The quick_brown fox's café; naïve C++ code: price == 100% (see src/pricing/tax.py) 値段を直す"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("quick", True),
        ("QUICK fox", True),
        ("fox quick", True),
        ("quick wolf", False),
        ("pric", True),
        ("ricing", True),
        ("tax.py", True),
        ("src/pricing", True),
        ("100%", True),
        ("C++", True),
        ("==", True),
        ("値段", True),
        ("直す", True),
        ("'; DROP TABLE sessions; --", False),
        ('"quick', True),
        ("quick OR wolf", False),
        ("quick*", True),
        ("NEAR(quick fox)", False),
        ("body:quick", False),
        ("", False),
        ("  ", False),
        ("\0", False),
        ("\udce9", False),
        ("%", True),
        ("\\", False),
    ],
)
def test_a_search_finds_words_wherever_they_are(tmp_path: Path, query: str, found: bool) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1", SEARCHED))
    full_text = SessionIndex(tmp_path).search(query, None, 9)
    if query in ("quick*", '"quick'):
        assert bool(full_text) is found
        return
    assert hits(full_text) == ([("s1", "prompt")] if found else [])
    (tmp_path / "index.db").unlink(missing_ok=True)
    assert bool(SessionIndex(tmp_path, full_text=False).search(query, None, 9)) is found


@pytest.mark.parametrize("query", ["10_%", "quick%fox", "q_ick", "\\%"])
def test_no_character_is_a_wildcard_in_plain_text(tmp_path: Path, query: str) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1", SEARCHED))
    assert SessionIndex(tmp_path, full_text=False).search(query, None, 9) == []


def test_accents_do_not_matter_to_the_full_text_search(tmp_path: Path) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1", SEARCHED))
    assert hits(SessionIndex(tmp_path).search("cafe naive", None, 9)) == [("s1", "prompt")]


def test_everything_that_was_said_and_done_can_be_found(index: SessionIndex, tmp_path: Path) -> None:
    number = Sequencer()
    change = FileChange(path="src/vat.py", before=None, after="1" * 64, added_lines=1, removed_lines=0)
    extra: list[Event] = [
        SessionRenamed(title="Sapphire"),
        Steered(prompt="in roubles", message=user_message("in roubles")),
        FilesChanged(call_id="c1", changes=(change,)),
        Compacted(summary="They fixed everything", kept=()),
    ]
    records = [
        number(started("s1")),
        *one_turn(number, answer="Repaired it."),
        *(number(e, "t1") for e in extra),
    ]
    write(tmp_path, "shop/s1", records)
    for query, kind in [
        ("Fix the price", "prompt"), ("Repaired", "answer"), ("src/price.py", "tool"), ("PRICE = 1", "result"),
        ("sapphire", "title"), ("roubles", "prompt"), ("vat.py", "files"), ("everything", "summary"),
    ]:  # fmt: skip
        assert (("s1", kind)) in hits(index.search(query, None, 9)), query


def test_a_hit_shows_the_line_around_it_and_where_it_is(index: SessionIndex, tmp_path: Path) -> None:
    text = "word " * 100 + "the\nneedle " + "word " * 100
    write(tmp_path, "shop/s1", with_prompts("s1", text, at=1000.0))
    (hit,) = index.search("needle", "shop", 9)
    assert (hit.session_id, hit.workspace, hit.seq, hit.at) == ("s1", "/work/shop", 2, 1002.0)
    assert "the needle word" in hit.snippet
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) < 170


def test_a_search_keeps_to_its_workspace_and_its_limit(index: SessionIndex, tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path, f"shop/s{number}", with_prompts(f"s{number}", "apple"))
    write(tmp_path, "bank/b1", with_prompts("b1", "apple"))
    assert len(index.search("apple", None, 99)) == 6
    assert {hit.session_id[0] for hit in index.search("apple", "shop", 99)} == {"s"}
    assert len(index.search("apple", "shop", 3)) == 3


def test_nothing_is_made_where_there_are_no_sessions(tmp_path: Path) -> None:
    index = SessionIndex(tmp_path / "sessions")
    assert index.sessions(None) == []
    assert index.search("x", None, 9) == []
    assert not (tmp_path / "sessions").exists()


def test_the_index_is_private(index: SessionIndex, tmp_path: Path) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1"))
    umask = os.umask(0)
    try:
        index.sessions(None)
    finally:
        os.umask(umask)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("index.db*")}
    assert set(modes.values()) == {0o600}, modes


def _count(path: Path) -> int:
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
    finally:
        connection.close()


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a database, and longer than a header would be" * 100)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _scribble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(100, len(data), 7):
        data[place] ^= 0xFF
    path.write_bytes(data)


def _later_version(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def _no_tables(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE passages")
    connection.close()


@pytest.mark.parametrize("damage", [Path.unlink, _garbage, _cut, _scribble, _later_version, _no_tables])
def test_a_lost_or_damaged_index_is_made_anew(
    index: SessionIndex, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    for number in range(20):
        write(tmp_path, f"shop/s{number:02}", with_prompts(f"s{number:02}", f"apple {number} " * 200))
    before = index.sessions(None)
    assert len(before) == 20
    damage(index.path)
    for beside in (*tmp_path.glob("index.db-*"),):
        beside.unlink()
    assert index.sessions(None) == before
    assert len(index.search("apple", None, 99)) == 20
    assert _count(index.path) == 20, "not only in memory"
    assert len(SessionIndex(tmp_path).search("apple", None, 99)) == 20


def test_a_damaged_index_that_somebody_has_open_is_not_deleted_under_them(
    index: SessionIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1"))
    _garbage(index.path)
    monkeypatch.setattr(database, "_LOCK_S", 0.05)
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_SH)
    assert ids(index.sessions(None)) == ["s1"]
    assert index.path.read_bytes().startswith(b"not a database")
    os.close(folder)
    assert ids(index.sessions(None)) == ["s1"]
    assert _count(index.path) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_home_is_listed_all_the_same(index: SessionIndex, tmp_path: Path) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1"))
    tmp_path.chmod(0o500)
    try:
        assert ids(index.sessions(None)) == ["s1"]
    finally:
        tmp_path.chmod(0o700)


def test_an_index_that_cannot_be_made_is_made_in_memory(index: SessionIndex, tmp_path: Path) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1", "apple"))
    index.path.mkdir()
    assert ids(index.sessions(None)) == ["s1"]
    assert hits(index.search("apple", None, 9)) == [("s1", "prompt")]


def test_an_index_that_somebody_writes_for_too_long_is_made_in_memory(
    index: SessionIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    write(tmp_path, "shop/s1", with_prompts("s1", "apple"))
    index.sessions(None)
    write(tmp_path, "shop/s2", with_prompts("s2", "apple"))
    monkeypatch.setattr(database, "_BUSY_S", 0.05)
    other = sqlite3.connect(index.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert sorted(ids(index.sessions(None))) == ["s1", "s2"]
    other.close()


@pytest.mark.parametrize(
    "line",
    [
        b"rubbish",
        b"[]",
        b'{"type":["session_started"]}',
        b'{"seq":1,"at":NaN,"turn":null,"type":"turn_started","prompt":"apple"}',
        b'{"seq":1e400,"at":1e400,"turn":null,"type":"turn_started","prompt":"apple"}',
        b'{"seq":99999999999999999999999,"at":1,"type":"turn_started","prompt":"apple"}',
        b'{"seq":1,"at":1,"type":"usage_reported","usage":{"input_tokens":1e300,"x":"y","z":null},"cost_usd":NaN}',
        b'{"seq":1,"at":1,"type":"assistant_answered","message":{"parts":[1,null,{"type":"text"},{"type":"text","text":5}]}}',
        b'{"seq":1,"at":1,"type":"files_changed","changes":[1,{"path":5}]}',
        b'{"seq":1,"at":1,"type":"session_renamed","title":"\\ud800"}',
        b'{"seq":1,"at":1,"type":"session_started","workspace":"\\ud800","model":"\\ud800","parent":"\\ud800"}',
        b'{"seq":1,"at":1,"type":"turn_started","prompt":"a\\u0000b"}',
    ],
)
def test_a_line_that_makes_no_sense_costs_nothing_else(
    index: SessionIndex, tmp_path: Path, line: bytes
) -> None:
    path = write(tmp_path, "shop/s1", with_prompts("s1", "cherry"))
    path.write_bytes(path.read_bytes() + line + b"\n")
    write(tmp_path, "shop/s1", [Sequencer(seq=5)(prompt("banana"), "t2")])
    assert ids(index.sessions(None)) == ["s1"]
    assert hits(index.search("banana", None, 9)) == [("s1", "prompt")]


def test_files_that_are_no_transcripts_are_passed_over(index: SessionIndex, tmp_path: Path) -> None:
    write(tmp_path, "shop/s1", with_prompts("s1"))
    folder = tmp_path / "shop"
    (folder / "notes.txt").write_text("x")
    (folder / "half.jsonl.part").write_text("x")
    (folder / "folder.jsonl").mkdir()
    (folder / "sp ace.jsonl").write_text("x")
    (folder / "link.jsonl").symlink_to(folder / "s1.jsonl")
    (tmp_path / "stray.jsonl").write_text("x")
    os.mkfifo(folder / "pipe.jsonl")
    (Path(os.fsdecode(bytes(folder) + b"/caf\xe9.jsonl"))).write_text("x")
    Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9")).mkdir()
    assert ids(index.sessions(None)) == ["s1"]


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


@settings(max_examples=30)
@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_what_was_written_is_found_by_each_of_its_words(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], other: str
) -> None:
    text = " ".join(words)
    root = tmp_path_factory.mktemp("index")
    write(root, "shop/s1", with_prompts("s1", text))
    index = SessionIndex(root)
    for word in text.split():
        assert index.search(word, None, 9), word
    index.search(other, None, 9)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing of a transcript is ever logged."""
    yield
    assert "apple" not in caplog.text
