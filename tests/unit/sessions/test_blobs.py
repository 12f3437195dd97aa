import os
import stat
from pathlib import Path

import pytest

from droid.domain.errors import LogWriteFailed
from droid.sessions.blobs import DiskBlobs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_content_is_kept_once_and_private(root: Path) -> None:
    umask = os.umask(0)
    try:
        digest = DiskBlobs(root).put(b"secret")
        DiskBlobs(root).put(b"secret")
    finally:
        os.umask(umask)
    assert files(root) == [root / digest[:2] / digest[2:]]
    assert stat.S_IMODE(files(root)[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(root.stat().st_mode) == stat.S_IMODE((root / digest[:2]).stat().st_mode) == 0o700


def test_content_that_is_put_again_is_young_again(root: Path) -> None:
    DiskBlobs(root).put(b"old")
    os.utime(files(root)[0], (1, 1))
    DiskBlobs(root).put(b"old")
    assert files(root)[0].stat().st_mtime > 1


@pytest.mark.parametrize("damage", [b"", b"xxxxxx", b"longer than it was"])
def test_damaged_content_is_not_handed_out_and_is_mended_by_the_next_put(root: Path, damage: bytes) -> None:
    blobs = DiskBlobs(root)
    digest = blobs.put(b"secret")
    files(root)[0].write_bytes(damage)
    with pytest.raises(KeyError):
        blobs.get(digest)
    blobs.put(b"secret")
    assert blobs.get(digest) == b"secret"


def test_a_full_disk_leaves_no_half_content(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LogWriteFailed, match="No space left"):
        DiskBlobs(root).put(b"data")
    assert files(root) == []


def test_a_store_that_cannot_be_made_says_so(root: Path) -> None:
    root.write_text("a file in its place")
    with pytest.raises(LogWriteFailed, match="old content"):
        DiskBlobs(root).put(b"data")
