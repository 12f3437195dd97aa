"""Which paths hold secrets, and which are worth a question before they are written."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.safety.facts import HOME, WORKSPACE, call_facts, path_fact

from droid.safety.paths import guarded_read, guarded_write, is_below, secret_path


@pytest.mark.parametrize(
    "path",
    [
        "/home/ada/.ssh", "/home/ada/.ssh/id_rsa", "/home/ada/.ssh/known_hosts", "/mnt/homes/bob/.ssh/config",
        "/home/ada/.aws/credentials", "/home/ada/.AWS/Credentials", "/home/ada/.kube/config", "/home/ada/.npmrc",
        "/home/ada/.docker/config.json", "/home/ada/.config/gh/hosts.yml", "/home/ada/project/.env",
        "/home/ada/project/.env.local", "/home/ada/project/.env.example.bak", "/home/ada/project/.ENV.Production",
        "/home/ada/project/.env~", "/home/ada/project/.env-old", "/home/ada/project/prod.env", "/x/keys/id_ed25519",
        "/x/.netrc", "/proc/1/environ", "/proc/1/task/2/environ", "/proc/1/mem", "/etc/shadow",
        "/run/secrets/token", "/home/ada/.factory/settings.json", "/home/ada/.s\u200bsh/config", "/home/ada/.ssh./config",
        "/home/ada/.my.cnf", "/etc/sudoers.d/x", "/home/ada/.ssh/x.pub/id_rsa", "/home/ada/.config/op/config",
    ],
)  # fmt: skip
def test_a_secret_is_known(path: str) -> None:
    assert secret_path(PurePath(path), HOME) is not None


@pytest.mark.parametrize(
    "path",
    [
        "/", "/home/ada", "/home/ada/project/src/environ.py", "/home/ada/project/environ", "/home/ada/project/.envrc",
        "/home/ada/project/.env.example", "/home/ada/project/example.env", "/home/ada/project/.npmrc",
        "/home/ada/project/id_rsa.pub", "/home/ada/.aws/config", "/home/ada/sshd", "/home/ada/project/.environment",
        "/home/ada/.azurite", "/home/ada/project/.azure/pipelines.yml", "/home/ada/.factory/droids/a.md", "/etc/hosts",
        "/proc/cpuinfo", "/home/ada/project/.factory/settings.json", "/home/ada/.ssh/id_rsa.pub",
    ],
)  # fmt: skip
def test_an_ordinary_path_is_no_secret(path: str) -> None:
    assert secret_path(PurePath(path), HOME) is None


def refused(named: str, real: str, factory_home: PurePath = HOME / ".factory") -> bool:
    why = guarded_read(WORKSPACE / named, PurePath(real), home=HOME, factory_home=factory_home)
    return why is not None


def test_the_name_and_the_real_path_of_a_read_are_judged_alike() -> None:
    assert refused("innocent", "/home/ada/.ssh/config")
    assert refused("/home/ada/.ssh/config", "/mnt/usb/config")
    assert not refused("a.py", "/home/ada/project/a.py")


def test_a_users_folder_elsewhere_keeps_its_keys_too() -> None:
    elsewhere = PurePath("/srv/droid")
    assert refused("x", "/srv/droid/settings.json", elsewhere)
    assert not refused("x", "/srv/droid/sessions/a/out.txt", elsewhere)


def _guarded(name: str) -> str | None:
    fact, facts = path_fact(name), call_facts()
    names = (fact.real, facts.cwd / name)
    return guarded_write(names, factory_home=facts.factory_home, in_workspace=fact.in_workspace)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (".git/config", "git"),
        ("sub/.git/hooks/x", "git"),
        (".git", "git"),
        (".ssh/authorized_keys", "SSH"),
        (".factory/settings.json", "policy"),
        (".factory/settings.local.json", "policy"),
        (".factory/mcp.json", "policy"),
        (".bashrc", "start-up"),
        ("conf/fish/config.fish", "start-up"),
    ],
)
def test_a_guarded_write_says_what_it_touches(name: str, why: str) -> None:
    assert why in (_guarded(name) or "")


@pytest.mark.parametrize(
    "name", ["a.py", ".gitignore", ".github/workflows/ci.yml", "settings.json", ".factory/notes.md"]
)
def test_an_ordinary_write_is_not_asked_about(name: str) -> None:
    assert _guarded(name) is None


@given(st.text(alphabet=st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1))
def test_any_name_is_judged(name: str) -> None:
    path = WORKSPACE / name
    secret_path(path, HOME)
    assert is_below(path, WORKSPACE)
