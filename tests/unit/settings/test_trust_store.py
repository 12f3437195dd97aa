import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from droid.settings import trust_store
from droid.settings.trust_store import TrustStore, TrustStoreError

SHA = "ab" * 32
OTHER = "cd" * 32
ROOT = Path("/srv/shop")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home" / ".factory"


def test_what_was_trusted_is_remembered_with_when_and_where(home: Path) -> None:
    store = TrustStore(home)
    assert store.all() == ()
    assert store.get(ROOT) is None
    given = store.trust(ROOT, SHA, "cli")
    assert (given.root, given.sha256, given.surface) == (ROOT, SHA, "cli")
    assert given.when.endswith("+00:00")
    for seen in (store, TrustStore(home)):
        assert seen.get(ROOT) == given
        assert seen.get(ROOT.parent) is None
        assert seen.all() == (given,)


def test_trusting_again_replaces_and_revoking_forgets(home: Path) -> None:
    store = TrustStore(home)
    assert not store.revoke(ROOT)
    assert not home.exists(), "nothing is made where there is nothing to take back"
    store.trust(ROOT, SHA, "cli")
    store.trust(Path("/srv/other"), SHA, "lsp")
    store.trust(ROOT, OTHER, "lsp")
    assert [entry.sha256 for entry in store.all()] == [SHA, OTHER]
    assert store.revoke(ROOT)
    assert not store.revoke(ROOT)
    assert [entry.root for entry in store.all()] == [Path("/srv/other")]


def test_the_store_is_the_users_alone(home: Path) -> None:
    os.umask(old := os.umask(0))
    del old
    TrustStore(home).trust(ROOT, SHA, "cli")
    assert stat.S_IMODE((home / "trust.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert sorted(path.name for path in home.iterdir()) == ["trust.json", "trust.json.lock"]


def test_a_path_that_is_no_text_is_remembered(home: Path) -> None:
    root = Path(os.fsdecode(b"/srv/\xff"))
    TrustStore(home).trust(root, SHA, "cli")
    assert TrustStore(home).get(root) is not None


@pytest.mark.parametrize("sha256", ["", "x" * 64, SHA[:-1], SHA.upper()])
def test_what_is_no_hash_is_not_stored(sha256: str, home: Path) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        TrustStore(home).trust(ROOT, sha256, "cli")


def entry(**changes: object) -> dict[str, object]:
    return {"sha256": SHA, "when": "2025-01-01T00:00:00+00:00", "surface": "cli", **changes}


MALFORMED = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "no version": json.dumps({"roots": {}}),
    "another version": json.dumps({"version": 2, "roots": {}}),
    "no roots": json.dumps({"version": 1}),
    "roots are a list": json.dumps({"version": 1, "roots": []}),
    "an entry is a text": json.dumps({"version": 1, "roots": {"/srv/shop": SHA}}),
    "a relative root": json.dumps({"version": 1, "roots": {"shop": entry()}}),
    "no hash": json.dumps({"version": 1, "roots": {"/srv/shop": entry(sha256="")}}),
    "a hash that is a list": json.dumps({"version": 1, "roots": {"/srv/shop": entry(sha256=[SHA])}}),
    "one bad of two": json.dumps({"version": 1, "roots": {"/srv/shop": entry(), "/x": entry(when=1)}}),
    "twice": '{"version": 1, "roots": {"/srv/shop": %s, "/srv/shop": %s}}' % ((json.dumps(entry()),) * 2),
    "deep": '{"version": 1, "roots": ' + "[" * 100_000,
    "too large": json.dumps({"version": 1, "roots": {}}) + " " * (4 * 1024 * 1024),
    "no UTF-8": "\udcff",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_store_trusts_nothing_and_says_so_in_one_line(text: str, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "trust.json").write_bytes(text.encode(errors="surrogateescape"))
    store = TrustStore(home)
    told = f"{home}/trust.json is malformed, so nothing is trusted; mend or delete it, then trust again"
    for act in (
        lambda: store.get(ROOT),
        store.all,
        lambda: store.trust(ROOT, SHA, "cli"),
        lambda: store.revoke(ROOT),
    ):
        with pytest.raises(TrustStoreError) as raised:
            act()
        assert str(raised.value) == told
    assert (home / "trust.json").read_bytes() == text.encode(errors="surrogateescape")
    (home / "trust.json").unlink()
    assert store.get(ROOT) is None


def valid(home: Path) -> Path:
    TrustStore(home).trust(ROOT, SHA, "cli")
    return home / "trust.json"


def refused(home: Path) -> str:
    with pytest.raises(TrustStoreError) as raised:
        TrustStore(home).get(ROOT)
    return str(raised.value)


def test_no_link_is_followed_to_the_store(home: Path, tmp_path: Path) -> None:
    """Who can put a link there would choose what is trusted."""
    elsewhere = tmp_path / "elsewhere.json"
    valid(home).rename(elsewhere)
    (home / "trust.json").symlink_to(elsewhere)
    assert "is a symbolic link" in refused(home)
    before = elsewhere.read_bytes()
    with pytest.raises(TrustStoreError):
        TrustStore(home).trust(ROOT, OTHER, "cli")
    assert elsewhere.read_bytes() == before


def test_no_link_is_followed_to_the_lock(home: Path, tmp_path: Path) -> None:
    home.mkdir(parents=True)
    (home / "trust.json.lock").symlink_to(tmp_path / "made")
    with pytest.raises(TrustStoreError, match="cannot be written"):
        TrustStore(home).trust(ROOT, SHA, "cli")
    assert not (tmp_path / "made").exists()


def test_a_store_that_others_can_write_trusts_nothing(home: Path) -> None:
    valid(home).chmod(0o620)
    assert "can be written by others" in refused(home)
    (home / "trust.json").chmod(0o602)
    assert "can be written by others" in refused(home)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
def test_a_store_of_somebody_else_trusts_nothing(home: Path) -> None:
    os.chown(valid(home), 65534, 65534)
    assert "belongs to another user" in refused(home)


def test_a_pipe_or_a_folder_in_its_place_trusts_nothing_and_blocks_nobody(home: Path) -> None:
    home.mkdir(parents=True)
    os.mkfifo(home / "trust.json")
    assert "is not a regular file" in refused(home)
    (home / "trust.json").unlink()
    (home / "trust.json").mkdir()
    assert "is not a regular file" in refused(home)


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = TrustStore(tmp_path / "file" / ".factory")
    assert store.get(ROOT) is None
    with pytest.raises(TrustStoreError, match="cannot be written"):
        store.trust(ROOT, SHA, "cli")


def test_a_store_within_the_repository_trusts_nothing_there(tmp_path: Path) -> None:
    """A repository that a `FACTORY_HOME` points into could bring its own trust along."""
    root = tmp_path / "shop"
    store = TrustStore(root / ".factory")
    with pytest.raises(TrustStoreError, match="lies in the repository"):
        store.trust(root, SHA, "cli")
    store.trust(tmp_path / "other", SHA, "cli")
    with pytest.raises(TrustStoreError, match="lies in the repository"):
        store.get(root)
    (tmp_path / "link").symlink_to(root / ".factory")
    with pytest.raises(TrustStoreError, match="lies in the repository"):
        TrustStore(tmp_path / "link").get(root)


def test_a_full_disk_leaves_the_old_store(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = valid(home).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TrustStoreError, match="No space left on device"):
        TrustStore(home).trust(ROOT, OTHER, "cli")
    assert (home / "trust.json").read_bytes() == before
    assert sorted(path.name for path in home.iterdir()) == ["trust.json", "trust.json.lock"]


def test_what_another_process_wrote_is_seen(home: Path) -> None:
    store = TrustStore(home)
    store.trust(ROOT, SHA, "cli")
    assert store.get(ROOT) is not None
    TrustStore(home).revoke(ROOT)
    assert store.get(ROOT) is None
    for number in range(50):
        TrustStore(home).trust(ROOT, f"{number:064x}", "cli")
        found = store.get(ROOT)
        assert found is not None
        assert found.sha256 == f"{number:064x}"


def test_processes_that_trust_at_once_lose_nothing_of_each_other(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from droid.settings.trust_store import TrustStore\n"
        "for n in range(20): TrustStore(Path(sys.argv[1])).trust(Path(f'/srv/{sys.argv[2]}/{n}'), 'ab' * 32, 'cli')"
    )
    env = {"PYTHONPATH": str(Path(trust_store.__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(home), str(number)], env=env)
        for number in range(4)
    ]
    assert [process.wait() for process in running] == [0] * 4
    assert len(TrustStore(home).all()) == 80


def test_whoever_holds_the_lock_too_long_is_told_of(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    valid(home)
    monkeypatch.setattr(trust_store, "_LOCK_S", 0.05)
    with (home / "trust.json.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(TrustStoreError, match="nothing was changed"):
            TrustStore(home).trust(ROOT, OTHER, "cli")
    TrustStore(home).trust(ROOT, OTHER, "cli")
