import json
import os
import stat
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.sessions.events import Sequencer, one_turn, started

from droid.domain.errors import LogWriteFailed, SessionLocked, SessionNotFound
from droid.domain.events import (
    GrantAdded,
    Record,
    SessionRenamed,
    SessionStarted,
    TextDelta,
    TurnStarted,
)
from droid.domain.messages import user_message
from droid.sessions.codec import encode
from droid.sessions.folders import slug_of
from droid.sessions.store import SessionStore


class FixedClock:
    def now(self) -> float:
        return 1_760_000_000.0

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, delay_s: float) -> None:
        raise AssertionError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home" / ".factory"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


@pytest.fixture
def store(home: Path, workspace: Path) -> SessionStore:
    return SessionStore(home, workspace, FixedClock())


def begin(store: SessionStore, session_id: str, records: Iterable[Record] | None = None) -> list[Record]:
    number = Sequencer()
    kept = list(records) if records is not None else [number(started(session_id)), *one_turn(number)]
    log = store.create(session_id)
    for record in kept:
        log.append(record)
    log.close()
    return kept


def test_what_was_stored_is_taken_up_again(store: SessionStore) -> None:
    kept = begin(store, "abc1")
    records, log = store.open("abc1")
    assert records == store.read("abc1") == kept
    more = Sequencer(seq=kept[-1].seq)(SessionRenamed(title="Prices"))
    log.append(more)
    log.close()
    assert store.read("abc1") == [*kept, more]


def test_the_folders_are_private_and_named_after_the_workspace(
    store: SessionStore, home: Path, workspace: Path
) -> None:
    umask = os.umask(0)
    try:
        begin(store, "abc1")
        artifacts = store.artifacts("abc1")
    finally:
        os.umask(umask)
    folder = home / "sessions" / slug_of(workspace)
    assert folder.name.startswith("shop-")
    assert (folder / "abc1.jsonl").is_file()
    assert artifacts.parent == folder
    for private in (home, home / "sessions", folder, artifacts):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700, private


def test_folders_that_others_could_enter_are_closed_to_them(store: SessionStore, home: Path) -> None:
    (home / "sessions").mkdir(parents=True)
    (home / "sessions").chmod(0o755)
    home.chmod(0o755)
    begin(store, "abc1")
    assert stat.S_IMODE((home / "sessions").stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) == 0o755, "the settings beside the sessions are not ours to hide"


@pytest.mark.parametrize("name", ["", "-", "a b", "ü", "名前", "x" * 200, "..", "a/../b"])
def test_a_slug_is_a_safe_name_and_tells_workspaces_apart(name: str) -> None:
    slug = slug_of(Path("/w") / name)
    assert slug.isascii()
    assert "/" not in slug
    assert len(slug) <= 51
    assert slug != slug_of(Path("/v") / name)


def test_a_workspace_is_the_same_through_a_symlink(store: SessionStore, home: Path, workspace: Path) -> None:
    begin(store, "abc1")
    link = workspace.with_name("link")
    link.symlink_to(workspace)
    assert [summary.id for summary in SessionStore(home, link).list()] == ["abc1"]


@pytest.mark.parametrize("session_id", ["", ".", "../x", "a/b", "a*", "-a", "x" * 65, "ü", "a\n"])
def test_what_cannot_be_an_id_is_refused_everywhere(store: SessionStore, session_id: str) -> None:
    begin(store, "abc1")
    with pytest.raises(SessionNotFound):
        store.create(session_id)
    with pytest.raises(SessionNotFound):
        store.artifacts(session_id)
    for use in (store.open, store.read, store.delete, lambda name: store.fork(name, "new1")):
        with pytest.raises(SessionNotFound):
            use(session_id)


def test_a_session_is_created_once(store: SessionStore) -> None:
    begin(store, "abc1")
    with pytest.raises(LogWriteFailed, match="already"):
        store.create("abc1")


def test_a_unique_beginning_of_an_id_is_enough(store: SessionStore) -> None:
    for session_id in ("abc1", "abd1", "abd12"):
        begin(store, session_id)
    assert store.read("abc")[0] == store.read("abc1")[0]
    assert isinstance(event := store.read("abd1")[0].event, SessionStarted)
    assert event.session_id == "abd1", "a whole id wins over longer ones"
    with pytest.raises(SessionNotFound, match="beginning of 3 sessions: abc1, abd1, abd12; type more"):
        store.read("ab")
    with pytest.raises(SessionNotFound, match="no session 'zz'"):
        store.read("zz")


def test_a_session_of_another_workspace_is_read_but_not_gone_on_with(
    store: SessionStore, home: Path, tmp_path: Path
) -> None:
    """What the person allowed there is not allowed here."""
    number = Sequencer()
    other = SessionStore(home, tmp_path / "other")
    grant = GrantAdded(tool="Execute", key="rm -rf build")
    begin(other, "xyz1", [number(started("xyz1")), number(grant)])
    assert len(store.read("xyz")) == 2
    assert "Session" in store.export("xyz1", "markdown")
    for use in (store.open, lambda name: store.fork(name, "new1")):
        with pytest.raises(SessionNotFound, match="xyz1 belongs to another workspace"):
            use("xyz")


def test_this_workspace_wins_over_others_for_a_beginning(
    store: SessionStore, home: Path, tmp_path: Path
) -> None:
    begin(SessionStore(home, tmp_path / "other"), "abc9")
    begin(store, "abc1")
    assert store.read("abc")[0] == store.read("abc1")[0]


def test_a_session_that_is_open_can_be_read_and_forked_but_not_changed(store: SessionStore) -> None:
    kept = begin(store, "abc1")
    _, log = store.open("abc1")
    assert store.read("abc1") == kept
    changes = (store.open, store.delete, lambda name: store.rename(name, "x"))
    for change in changes:
        with pytest.raises(SessionLocked, match="abc1"):
            change("abc1")
    store.fork("abc1", "new1")[1].close()
    log.close()
    store.rename("abc1", "x")


def test_a_fork_is_a_session_of_its_own(store: SessionStore) -> None:
    kept = begin(store, "abc1")
    records, log = store.fork("abc", "new1")
    log.append(Sequencer(seq=records[-1].seq)(SessionRenamed(title="Fork")))
    with pytest.raises(SessionLocked):
        store.open("new1")
    log.close()
    assert store.read("abc1") == kept
    assert store.read("new1")[:-1] == records
    first = records[0].event
    assert isinstance(first, SessionStarted)
    assert (first.session_id, first.parent) == ("new1", "abc1")
    assert records[1:] == kept[1:]


def test_a_fork_of_a_running_turn_leaves_it_open(store: SessionStore) -> None:
    number = Sequencer()
    prompt = TurnStarted(prompt="Go", message=user_message("Go"))
    running = [number(started("abc1")), number(prompt, "t1"), number(TextDelta(text="Hel"), "t1")]
    log = store.create("abc1")
    for record in running:
        log.append(record)
    log.append(replace(running[-1], at=running[-1].at + 1, event=TextDelta(text="lo")))
    records, fork = store.fork("abc1", "new1")
    fork.close()
    log.close()
    assert store.read("new1") == records
    assert [record.event for record in records[1:]] == [prompt, TextDelta(text="Hello")]
    assert store.read("abc1")[-1].event == TextDelta(text="Hello"), "the original goes on"


def test_a_fork_that_fails_leaves_nothing_behind(
    store: SessionStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(store, "abc1")

    def full(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(LogWriteFailed):
            store.fork("abc1", "new1")
    assert [path.name for path in home.rglob("*.jsonl*")] == ["abc1.jsonl"]
    with pytest.raises(LogWriteFailed, match="already"):
        store.fork("abc1", "abc1")


def test_a_session_without_its_beginning_can_only_be_exported(store: SessionStore, home: Path) -> None:
    begin(store, "abc1")
    path = next(home.rglob("abc1.jsonl"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"rubbish\n" + b"".join(lines[1:]))
    for use in (store.open, lambda name: store.fork(name, "new1")):
        with pytest.raises(SessionNotFound, match="can only be exported"):
            use("abc1")
    assert "Fixed." in store.export("abc1", "markdown")
    store.rename("abc1", "still closed properly")


def test_a_session_of_a_later_format_is_read_and_not_written(store: SessionStore) -> None:
    number = Sequencer()
    begin(store, "abc1", [number(started("abc1", format=2)), *one_turn(number)])
    assert len(store.read("abc1")) == 8
    with pytest.raises(LogWriteFailed, match="later version"):
        store.open("abc1")


def test_a_name_is_one_more_event(store: SessionStore) -> None:
    kept = begin(store, "abc1")
    store.rename("abc", "  Prices\n and taxes ")
    added = store.read("abc1")[-1]
    assert added == Record(
        seq=kept[-1].seq + 1, at=1_760_000_000.0, turn_id=None, event=SessionRenamed(title="Prices and taxes")
    )


def test_a_deleted_session_is_gone_with_its_outputs(store: SessionStore, home: Path) -> None:
    begin(store, "abc1")
    begin(store, "abd1")
    (store.artifacts("abc1") / "c1.txt").write_text("long")
    store.list()
    store.delete("abc1")
    assert [summary.id for summary in store.list()] == ["abd1"]
    assert {hit.session_id for hit in store.search("Fix")} == {"abd1"}
    assert [path.name for path in home.rglob("abc1*")] == []
    with pytest.raises(SessionNotFound):
        store.read("abc1")


def test_new_ids_sort_by_time_and_differ(home: Path, workspace: Path) -> None:
    class Ticking(FixedClock):
        at = 1_760_000_000.0

        def now(self) -> float:
            self.at += 1
            return self.at

    store = SessionStore(home, workspace, Ticking())
    ids = [store.new_id() for _ in range(100)]
    assert ids == sorted(ids)
    assert len({SessionStore(home, workspace, FixedClock()).new_id() for _ in range(1000)}) == 1000
    assert {len(session_id) for session_id in ids} == {12}
    store.create(ids[0]).close()


def test_an_export_as_json_is_the_transcript(store: SessionStore) -> None:
    kept = begin(store, "abc1")
    exported = json.loads(store.export("abc1", "json"))
    assert exported == {"format": 1, "records": [json.loads(encode(record)) for record in kept]}


def test_a_home_that_cannot_be_made_is_said_so(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SessionStore(tmp_path / "file", workspace)
    with pytest.raises(LogWriteFailed):
        store.create("abc1")
    with pytest.raises(LogWriteFailed):
        store.artifacts("abc1")
    assert store.list() == []
    assert store.search("x") == []
    with pytest.raises(SessionNotFound):
        store.read("abc1")
