import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.safety.remotes import normalise_remote
from droid.settings.git_remote import remote_of

SAME = "git.example.com/Shop/web"


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/Shop/web.git",
        "https://git.example.com/Shop/web",
        "https://git.example.com/Shop/web/",
        "https://git.example.com//Shop/web.git/",
        "https://GIT.example.com:443/Shop/web.git",
        "https://user:pass%40word@git.example.com/Shop/web.git",
        "https://token@git.example.com/Shop/web",
        "http://git.example.com:80/Shop/web",
        "ssh://git@git.example.com/Shop/web.git",
        "ssh://git@git.example.com:22/Shop/web.git",
        "SSH://git.example.com/Shop/web",
        "git+ssh://git@git.example.com/Shop/web",
        "git://git.example.com:9418/Shop/web.git",
        "git@git.example.com:Shop/web.git",
        "git@git.example.com:/Shop/web.git",
        "git.example.com:Shop/web",
        "git@git.example.com.:Shop/web",
        "  git@git.example.com:Shop/web.git\n",
    ],
)
def test_one_repository_has_one_name(url: str) -> None:
    assert normalise_remote(url) == SAME


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://git.example.com:8443/Shop/web", "git.example.com:8443/Shop/web"),
        ("https://git.example.com/shop/web", "git.example.com/shop/web"),
        ("https://evil.com/git.example.com/Shop/web", "evil.com/git.example.com/Shop/web"),
        ("https://git.example.com@evil.com/Shop/web", "evil.com/Shop/web"),
        ("https://git.example.com/Shop/web.git.git", "git.example.com/Shop/web.git"),
        ("https://git.example.com/../Shop/web", "git.example.com/../Shop/web"),
        ("ssh://git@[::1]:2222/x", "[::1]:2222/x"),
        ("git@[::1]:x", "[::1]/x"),
        ("/srv/git/shop.git", "file:/srv/git/shop"),
        ("file:///srv/git/shop", "file:/srv/git/shop"),
        ("file://host/srv/git/shop", None),
        ("../shop", None),
        ("shop", None),
        ("", None),
        ("https://", None),
        ("https:///Shop/web", None),
        ("https://git.example.com", None),
        ("https://git.example.com/Shop/web?x", None),
        ("https://git.example.com/Shop/web#x", None),
        ("https://git.example.com:port/x", None),
        ("https://git.example.com/Shop /web", None),
        ("https://git.example.com/Shop\u202e/web", None),
        ("ext::sh -c x", None),
        ("javascript://git.example.com/Shop/web", None),
    ],
)
def test_what_is_another_repository_has_another_name_or_none(url: str, expected: str | None) -> None:
    assert normalise_remote(url) == expected


@given(st.text(max_size=60))
def test_naming_never_raises_and_a_name_is_its_own_name(url: str) -> None:
    name = normalise_remote(url)
    if name is not None and not name.startswith(("file:", "[")) and ":" not in name.partition("/")[0]:
        assert normalise_remote(f"https://{name}.git") == name


def git(folder: Path, *argv: str) -> None:
    subprocess.run(
        ["git", "-c", "protocol.file.allow=always", "-c", "user.name=x", "-c", "user.email=x@x", *argv],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "x")
    git(root, "remote", "add", "upstream", "https://other.example.com/Shop/web")
    git(root, "remote", "add", "origin", "git@git.example.com:Shop/web.git")
    return root


def test_the_remote_is_that_of_origin(shop: Path) -> None:
    assert remote_of(shop) == SAME


def test_a_worktree_has_the_remote_of_its_repository(shop: Path, tmp_path: Path) -> None:
    git(shop, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert remote_of(tmp_path / "tree") == SAME


def test_a_submodule_has_a_remote_of_its_own(shop: Path, tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.mkdir()
    git(big, "init", "-q", "-b", "main")
    git(big, "remote", "add", "origin", "https://git.example.com/big")
    git(big, "submodule", "add", "-q", str(shop), "lib")
    assert remote_of(big / "lib") == f"file:{shop}"
    assert remote_of(big) == "git.example.com/big"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ('[remote "origin"]\n\turl = https://h/x\n', "h/x"),
        ('[REMOTE "origin"]\r\n\tURL=https://h/x\r\n', "h/x"),
        ('[remote "origin"] url = https://h/x', "h/x"),
        ("[remote.origin]\nurl = https://h/x\n", "h/x"),
        ('[remote "origin"]\nurl = "https://h/x" ; a comment\n', "h/x"),
        ('[remote "origin"]\nurl = https://h/\\\nx # a comment\n', "h/x"),
        ('# [remote "origin"]\n[core]\nbare\n[remote "origin"]\nfetch = +a:b\nurl = https://h/x\n', "h/x"),
        ('[remote "origin"]\nurl = https://h/x\nurl = https://evil/x\n', "h/x"),
        (
            '[core]\nx = "\\n[remote \\"origin\\"]\\nurl = https://evil/x"\n[remote "origin"]\nurl=https://h/x',
            "h/x",
        ),
        ('[remote "Origin"]\nurl = https://h/x\n', None),
        ('[remote "origin"]\npushurl = https://h/x\n', None),
        ('[remote "origin"]\nurl\n', None),
        ('[remote "origin"]\n= x\nurl = https://h/x\n', None),
        ("[remote", None),
        ("", None),
    ],
)
def test_configuration_is_read_as_git_reads_it(config: str, expected: str | None, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(config.encode())
    assert remote_of(tmp_path) == expected


def test_nothing_that_lies_at_its_place_blocks_or_raises(tmp_path: Path) -> None:
    assert remote_of(tmp_path) is None
    (tmp_path / ".git").write_bytes(b"\0\xff")
    assert remote_of(tmp_path) is None
    (tmp_path / ".git").write_text("gitdir: \0\n")
    assert remote_of(tmp_path) is None
    (tmp_path / ".git").unlink()
    os.mkfifo(tmp_path / ".git")
    assert remote_of(tmp_path) is None
    (tmp_path / ".git").unlink()
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".git" / "config")
    assert remote_of(tmp_path) is None
    (tmp_path / ".git" / "config").unlink()
    (tmp_path / ".git" / "config").symlink_to("config")
    assert remote_of(tmp_path) is None
    (tmp_path / ".git" / "config").unlink()
    (tmp_path / ".git" / "config").write_text("x" * (1024 * 1024 + 1))
    assert remote_of(tmp_path) is None
