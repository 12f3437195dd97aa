"""Whether a git root is trusted: by whom, and for how long."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.fakes.shop import Shop

from droid.domain.levels import SettingsLevel
from droid.settings import jsonc
from droid.settings.layers import Layer
from droid.settings.paths import project_root
from droid.settings.trust import NO_ORG, OrgTrust, TrustDecision, decide, org_trust, org_trust_of
from droid.settings.trust_content import TrustedContent
from droid.settings.trust_store import TrustStore

REMOTE = "git@git.example.com:shop/web.git"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.write(".git/config", f'[remote "origin"]\n\turl = {REMOTE}\n')
    return made


def judged(shop: Shop, root: Path | None = None, **more: object) -> TrustDecision:
    place = root or shop.root
    from droid.settings.trust_scan import TrustScanner

    read = TrustScanner(place, shop.home).scan
    return decide(place, **{"store": TrustStore(shop.home), "read": read, **more})  # type: ignore[arg-type]


def trust(shop: Shop) -> None:
    TrustStore(shop.home).trust(shop.root, shop.number(), "cli")


def org(value: object) -> OrgTrust:
    return org_trust(value, "/etc/factory/settings.json", lambda path: 10 + len(path))


def never() -> TrustedContent:
    raise AssertionError("a repository that nobody trusts is not read")


def test_a_repository_that_nobody_trusts_is_not_even_read(shop: Shop) -> None:
    others = org([{"remote": "https://git.example.com/other", "sha256": ["ab" * 32]}])
    for organisation in (NO_ORG, others, org("forbid")):
        decision = judged(shop, read=never, org=organisation)
        assert (decision.trusted, decision.sha256, decision.content) == (False, "", None)
    assert judged(shop).reason == "this workspace is not trusted"


def test_trust_holds_until_something_changes_and_again_when_it_changes_back(shop: Shop) -> None:
    trust(shop)
    decision = judged(shop)
    assert decision.trusted
    assert decision.by == "user"
    assert decision.content is not None
    assert decision.sha256 == decision.content.sha256 == shop.number()
    before = (shop.root / "scripts/check.sh").read_text()
    shop.write("scripts/check.sh", "rm -rf ~", mode=0o755)
    lapsed = judged(shop)
    assert not lapsed.trusted
    assert "has changed" in lapsed.reason
    assert lapsed.sha256 != decision.sha256
    shop.write("scripts/check.sh", before, mode=0o755)
    assert judged(shop).trusted


def test_what_cannot_be_covered_any_more_is_named(shop: Shop) -> None:
    trust(shop)
    os.mkfifo(shop.root / ".factory/pipe")
    decision = judged(shop)
    assert not decision.trusted
    assert ".factory/pipe is not a regular file" in decision.reason


def test_a_repository_at_another_path_is_not_trusted(shop: Shop) -> None:
    trust(shop)
    moved = shop.root.with_name("Shop")
    shop.root.rename(moved)
    assert not judged(shop, moved).trusted
    assert judged(shop, moved).reason == "this workspace is not trusted"
    moved.rename(shop.root)
    assert judged(shop).trusted


def test_another_repository_at_the_same_path_is_not_trusted(shop: Shop, tmp_path: Path) -> None:
    trust(shop)
    shop.root.rename(tmp_path / "old")
    (shop.root / ".factory").mkdir(parents=True)
    (shop.root / ".factory/hooks.json").write_text("{}")
    assert not judged(shop).trusted


def test_a_worktree_is_trusted_by_itself(shop: Shop, tmp_path: Path) -> None:
    env = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}

    def git(*argv: str) -> None:
        argv = ("git", "-c", "user.name=x", "-c", "user.email=x@x", *argv)
        subprocess.run(argv, cwd=shop.root, env=env, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    git("worktree", "add", "-q", str(tmp_path / "tree"))
    tree = project_root(tmp_path / "tree" / "src")
    assert tree == Path(os.path.realpath(tmp_path / "tree"))
    trust(shop)
    assert judged(shop).trusted
    assert not judged(shop, tree).trusted
    allowed = org([{"remote": REMOTE, "sha256": [shop.number()]}])
    assert judged(shop, tree, org=allowed).by == "org", "the same remote, the same content"


def test_a_worktree_within_the_repository_is_no_part_of_it(shop: Shop) -> None:
    trust(shop)
    shop.write("trees/one/.git", "gitdir: ../../.git/worktrees/one")
    shop.write("trees/one/.factory/hooks.json", "{}")
    assert judged(shop).trusted


def test_a_root_behind_a_link_is_the_root_that_it_leads_to(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(shop.root)
    assert project_root(tmp_path / "link" / "src") == shop.root
    trust(shop)
    assert judged(shop, project_root(tmp_path / "link")).trusted


def test_a_store_that_cannot_be_used_trusts_nothing_and_is_told(shop: Shop) -> None:
    trust(shop)
    (shop.home / "trust.json").write_text("{")
    decision = judged(shop)
    assert not decision.trusted
    assert "is malformed, so nothing is trusted" in decision.reason


def test_the_hash_of_a_run_decides_whatever_the_store_says(shop: Shop) -> None:
    number = shop.number()
    for given in (number, number.upper()):
        decision = judged(shop, trust_hash=given)
        assert (decision.trusted, decision.by, decision.refused) == (True, "run", False)
    trust(shop)
    decision = judged(shop, trust_hash="ab" * 32)
    assert (decision.trusted, decision.refused) == (False, True)
    assert "ab" * 32 in decision.reason
    assert number in decision.reason
    assert TrustStore(shop.home).all()[0].root == shop.root, "a run changes nothing"


def test_no_hash_at_all_is_never_that_of_content_that_cannot_be_covered(shop: Shop) -> None:
    os.mkfifo(shop.root / ".factory/pipe")
    assert judged(shop, trust_hash="").refused
    entry = org([{"remote": REMOTE, "sha256": ["", "ab" * 32]}])
    assert not judged(shop, org=entry).trusted


@pytest.mark.parametrize(
    "remote", [REMOTE, "https://user:key@GIT.example.com/shop/web", "ssh://git.example.com/shop/web/"]
)
def test_an_organisation_trusts_by_remote_and_hash(remote: str, shop: Shop) -> None:
    entry = org([{"remote": remote, "sha256": ["ab" * 32, shop.number().upper()]}])
    decision = judged(shop, org=entry)
    assert (decision.trusted, decision.by) == (True, "org")
    assert decision.reason == "the organisation trusts it (/etc/factory/settings.json:12)"
    shop.write(".factory/new", "x")
    assert not judged(shop, org=entry).trusted


CHANGES: dict[str, Callable[[Shop], object]] = {
    "another remote": lambda shop: shop.write(
        ".git/config", '[remote "origin"]\nurl = https://evil/shop/web\n'
    ),
    "no remote": lambda shop: shop.write(".git/config", ""),
    "other content": lambda shop: shop.write(".factory/new", "x"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_neither_remote_nor_hash_is_enough(change: Callable[[Shop], object], shop: Shop) -> None:
    entry = org([{"remote": REMOTE, "sha256": [shop.number()]}])
    change(shop)
    assert not judged(shop, org=entry).trusted


@pytest.mark.parametrize("value", ["forbid", ["forbid"]])
def test_an_organisation_can_forbid_everybody_else(value: object, shop: Shop) -> None:
    trust(shop)
    decision = judged(shop, org=org(value))
    assert (decision.trusted, decision.refused) == (False, False)
    line = 11 if value == "forbid" else 12
    told = f"the organisation forbids trusting workspaces (/etc/factory/settings.json:{line})"
    assert decision.reason == told
    run = judged(shop, org=org(value), trust_hash=shop.number())
    assert (run.trusted, run.refused) == (False, True)


def test_what_an_organisation_trusts_itself_it_does_not_forbid(shop: Shop) -> None:
    both = org(["forbid", {"remote": REMOTE, "sha256": [shop.number()]}])
    assert judged(shop, org=both).by == "org"


def test_an_entry_whose_remote_is_none_trusts_nothing(shop: Shop) -> None:
    shop.write(".git/config", "")
    assert org([{"remote": "..", "sha256": [shop.number()]}]).entries == ()
    assert org(None) == NO_ORG


def test_lines_are_those_of_the_file() -> None:
    text = b'{\n  "trustedWorkspaces": [\n    {"remote": "https://h/x", "sha256": []},\n    "forbid"\n  ]\n}'
    document = jsonc.parse(text)
    read = org_trust(document.value["trustedWorkspaces"], "f", lambda path: document.key_place(path).line)
    assert (read.entries[0].where, read.forbidden) == ("f:3", "f:4")


def test_files_of_an_organisation_speak_together(shop: Shop) -> None:
    """One that waits for a person, or holds for an environment that nobody has verified, only tightens."""

    def layer(value: object, *, trusted: bool = True, verified: bool = True) -> Layer:
        return Layer(
            level=SettingsLevel.ORG,
            file="f",
            values={} if value is None else {"trustedWorkspaces": value},
            lines=lambda path: 1,
            trusted=trusted,
            verified=verified,
        )

    entry = [{"remote": REMOTE, "sha256": [shop.number()]}]
    assert judged(shop, org=org_trust_of([layer(None), layer([]), layer(entry)])).trusted
    assert not judged(shop, org=org_trust_of([layer(entry, trusted=False)])).trusted
    assert not judged(shop, org=org_trust_of([layer(entry, verified=False)])).trusted
    for late in (layer(["forbid"]), layer(["forbid"], trusted=False), layer(["forbid"], verified=False)):
        assert org_trust_of([layer([]), late]).forbidden == "f:1"
