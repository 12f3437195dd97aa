"""What the trust of a git root covers, on real folders: everything that counts changes the number, and
nothing else does.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.fakes.shop import HOOKS, Shop

from droid.settings import trust_files, trust_scan, trust_walk
from droid.settings.trust_names import TooMuchToName
from droid.settings.trust_scan import TrustScanner


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files of this moment for old ones, as if two seconds had passed."""
    monkeypatch.setattr("droid.settings.stamps._SETTLED_NS", -(10**12))


def test_it_is_all_factory_folders_and_the_files_that_they_name(shop: Shop) -> None:
    content = shop.scan()
    assert content.problems == ()
    assert content.folders == (".factory", "packages/api/.factory")
    assert content.named == (
        "bin/deploy.sh",
        "packages/api/scripts/api.sh",
        "scripts/check.sh",
        "tools/db.py",
        "tools/db.toml",
    )
    assert set(content.files) - set(content.named) == {
        ".factory/commands/deploy",
        ".factory/hooks.json",
        ".factory/mcp.json",
        ".factory/settings.json",
        ".factory/skills/review/SKILL.md",
        "packages/api/.factory/hooks.json",
    }


def test_the_number_is_the_same_wherever_and_whenever_it_is_made(shop: Shop, tmp_path: Path) -> None:
    """CI clones the repository to another path and compares with the number from a person's machine."""
    other = Shop(tmp_path / "elsewhere")
    for path in sorted(other.root.rglob("*"), reverse=True):
        os.utime(path, (1, 1))
    assert other.number() == shop.number() == shop.number()


def test_the_number_is_the_one_that_was_promised(tmp_path: Path) -> None:
    """Hashes are kept in organisations' files: another way to make them would lapse all of those."""
    root = Path(os.path.realpath(tmp_path))
    (root / ".factory").mkdir()
    (root / ".factory" / "settings.json").write_text("{}")
    (root / ".factory" / "run").write_text("#!/bin/sh\n")
    (root / ".factory" / "run").chmod(0o755)
    (root / ".factory" / "link").symlink_to("run")
    number = hashlib.sha256(b"droid trust 1\0")

    def add(kind: bytes, path: bytes, data: bytes) -> None:
        size = len(data).to_bytes(8, "big")
        number.update(kind + len(path).to_bytes(8, "big") + path + size + hashlib.sha256(data).digest())

    add(b"fx", b".factory/link", b"#!/bin/sh\n")
    add(b"l-", b".factory/link", b"run")
    add(b"fx", b".factory/run", b"#!/bin/sh\n")
    add(b"f-", b".factory/settings.json", b"{}")
    assert TrustScanner(root, tmp_path / "home").scan().sha256 == number.hexdigest()


def remove(name: str) -> Callable[[Shop], None]:
    return lambda shop: (shop.root / name).unlink()


def rename(name: str, new: str) -> Callable[[Shop], None]:
    def change(shop: Shop) -> None:
        (shop.root / new).parent.mkdir(parents=True, exist_ok=True)
        (shop.root / name).rename(shop.root / new)

    return change


def write(name: str, text: str = "x", mode: int = 0o644) -> Callable[[Shop], None]:
    return lambda shop: void(shop.write(name, text, mode))


def chmod(name: str, mode: int) -> Callable[[Shop], None]:
    return lambda shop: (shop.root / name).chmod(mode)


def void(_: object) -> None:
    return None


LAPSES: dict[str, Callable[[Shop], None]] = {
    "a setting": write(".factory/settings.json", '{"commandAllowlist": ["npm tesT"]}'),
    "a space in a comment": write(".factory/settings.json", '{"commandAllowlist": ["npm test"]} '),
    "a skill": write(".factory/skills/review/SKILL.md", "look away"),
    "a new file": write(".factory/droids/new.md"),
    "a new empty file": write(".factory/x", ""),
    "a new local file": write(".factory/settings.local.json", "{}"),
    "a removed file": remove(".factory/skills/review/SKILL.md"),
    "a renamed file": rename(".factory/settings.json", ".factory/settings.local.json"),
    "a moved file": rename(".factory/skills/review/SKILL.md", ".factory/skills/other/SKILL.md"),
    "made executable": chmod(".factory/skills/review/SKILL.md", 0o755),
    "no longer executable": chmod(".factory/commands/deploy", 0o644),
    "a nested folder's file": write("packages/api/.factory/settings.json", "{}"),
    "a new nested folder": write("packages/web/deep/er/.factory/settings.json", "{}"),
    "a hook's script": write("scripts/check.sh", "echo CHECK\n", 0o755),
    "a hook's script is executable no more": chmod("scripts/check.sh", 0o644),
    "a nested hook's script": write("packages/api/scripts/api.sh", "echo API\n", 0o755),
    "a hook's script is gone": remove("scripts/check.sh"),
    "a name that led to nothing now leads to a file": write("scripts/api.sh"),
    "a server's program": write("tools/db.py", "import os\n"),
    "a server's configuration": write("tools/db.toml", "x = 2\n"),
    "what an executable command names": write("bin/deploy.sh", "rm -rf\n", 0o755),
    "a file that a folder was": write("packages/web/.factory", "now a file"),
}


@pytest.mark.parametrize("change", LAPSES.values(), ids=LAPSES.keys())
def test_trust_lapses_with_any_change(change: Callable[[Shop], None], shop: Shop) -> None:
    before = shop.number()
    change(shop)
    assert shop.number() != before


@pytest.mark.parametrize("change", LAPSES.values(), ids=LAPSES.keys())
def test_a_scanner_that_is_kept_sees_what_a_fresh_one_sees(
    change: Callable[[Shop], None], shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    scanner = shop.scanner()
    first = scanner.scan()
    assert scanner.scan() == first
    change(shop)
    assert scanner.scan().sha256 == shop.number()


@pytest.mark.parametrize(
    "name", [name for name in LAPSES if "nested folder" not in name and "a file that" not in name]
)
def test_a_recheck_sees_changes_of_what_was_covered(
    name: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    scanner = shop.scanner()
    first = scanner.scan()
    assert scanner.recheck() is first
    LAPSES[name](shop)
    again = scanner.recheck()
    assert again is not first
    assert again.sha256 == shop.number()


STAYS: dict[str, Callable[[Shop], None]] = {
    "source": write("src/app.py", "print('other')\n"),
    "a session document": write(".factory/local/chat.droid.md"),
    "a nested session document": write("packages/api/.factory/local/chat.droid.md"),
    "an empty folder": lambda shop: (shop.root / ".factory" / "droids").mkdir(),
    "git's own": write(".git/hooks/pre-commit"),
    "another mode": chmod(".factory/settings.json", 0o600),
    "packages of others": write("node_modules/evil/.factory/hooks.json", json.dumps(HOOKS)),
    "a repository within": lambda shop: (
        void(shop.write("vendor/lib/.factory/hooks.json", "{}")),
        (shop.root / "vendor/lib/.git").mkdir(),
    )[1],
    "a submodule": lambda shop: (
        void(shop.write("sub/.factory/hooks.json", "{}")),
        void(shop.write("sub/.git", "gitdir: ../.git/modules/sub")),
    )[1],
    "a similar name": write("packages/.factory.bak/hooks.json", "{}"),
}


@pytest.mark.parametrize("change", STAYS.values(), ids=STAYS.keys())
def test_trust_holds_while_something_else_changes(change: Callable[[Shop], None], shop: Shop) -> None:
    before = shop.number()
    change(shop)
    assert shop.number() == before


@pytest.mark.parametrize("name", ["node_modules/evil", "vendor/lib"])
def test_what_is_not_walked_is_not_trusted_either(name: str, shop: Shop) -> None:
    shop.write(f"{name}/.factory/hooks.json", "{}")
    if name.startswith("vendor"):
        (shop.root / name / ".git").mkdir()
    assert not shop.scan().matches(shop.root / name / ".factory/hooks.json", b"{}")


def test_contents_that_differ_only_in_where_they_are_cut_have_different_numbers(shop: Shop) -> None:
    numbers = set[str]()
    for name, text in (("a", "bc"), ("ab", "c"), ("a\n", "bc"), ("a", "b\0c"), ("a\nf-", "bc")):
        path = shop.write(f".factory/{name}", text)
        numbers.add(shop.number())
        path.unlink()
    assert len(numbers) == 5


def test_a_name_that_is_no_text_is_covered(shop: Shop) -> None:
    before = shop.number()
    (shop.root / ".factory" / os.fsdecode(b"\xff\xfe")).write_text("x")
    assert shop.number() != before


def test_names_that_differ_in_case_are_two_files(shop: Shop) -> None:
    shop.write(".factory/skills/Review/SKILL.md", "look well")
    content = shop.scan()
    assert {".factory/skills/review/SKILL.md", ".factory/skills/Review/SKILL.md"} <= set(content.files)
    before = content.sha256
    (shop.root / ".factory/skills/Review").rename(shop.root / ".factory/skills/REVIEW")
    assert shop.number() != before


def test_the_users_own_folder_is_no_part_of_a_repository(shop: Shop) -> None:
    """With the home folder as repository, the store would change the number that it holds."""
    before = shop.number()
    own = shop.root / "me" / ".factory"
    shop.write("me/.factory/trust.json", "{}")
    assert TrustScanner(shop.root, own).scan().sha256 == before
    (shop.root / "you").mkdir()
    (shop.root / "you" / ".factory").symlink_to(own)
    assert TrustScanner(shop.root, own).scan().sha256 == before


def test_a_link_counts_by_its_text_and_by_what_it_leads_to(shop: Shop) -> None:
    shop.write("shared/a.json", "{}")
    shop.write("shared/b.json", "{}")
    link = shop.root / ".factory" / "extra.json"
    link.symlink_to("../shared/a.json")
    first = shop.scan()
    assert first.matches(link, b"{}")
    shop.write("shared/a.json", '{"x": 1}')
    second = shop.number()
    link.unlink()
    link.symlink_to("../shared/b.json")
    third = shop.number()
    link.unlink()
    link.symlink_to(shop.root / "shared" / "b.json")
    assert len({first.sha256, second, third, shop.number()}) == 4


def test_a_link_to_a_folder_is_covered_as_it_is_spelled(shop: Shop) -> None:
    shop.write("shared/skills/x/SKILL.md", "one")
    (shop.root / ".factory/linked").symlink_to("../shared/skills")
    before = shop.scan()
    assert before.matches(shop.root / ".factory/linked/x/SKILL.md", b"one")
    shop.write("shared/skills/x/SKILL.md", "two")
    assert shop.number() != before.sha256


def test_a_whole_factory_folder_may_be_a_link(shop: Shop) -> None:
    shop.write("config/factory/hooks.json", json.dumps(HOOKS).replace("check.sh", "web.sh"))
    shop.write("packages/web/scripts/web.sh", "echo web")
    (shop.root / "packages/web/.factory").symlink_to("../../config/factory")
    content = shop.scan()
    assert "packages/web/.factory/hooks.json" in content.files
    assert "packages/web/scripts/web.sh" in content.named


@pytest.mark.parametrize(
    "target", ["..", ".", "../..", "/{root}", "a", "hooks.json/x", "absent", "../absent/x"]
)
def test_links_that_go_round_or_lead_nowhere_are_covered_by_their_text(target: str, shop: Shop) -> None:
    if target == "../..":
        target = "../../shop"
    before = shop.number()
    link = shop.root / ".factory" / "a"
    link.symlink_to(target.replace("/{root}", str(shop.root)))
    content = shop.scan()
    assert content.problems == ()
    assert content.sha256 != before
    assert set(content.links) == {".factory/a"}


def test_two_folders_that_link_to_each_other_end(shop: Shop) -> None:
    shop.write(".factory/a/one", "1")
    shop.write(".factory/b/two", "2")
    (shop.root / ".factory/a/b").symlink_to("../b")
    (shop.root / ".factory/b/a").symlink_to("../a")
    content = shop.scan()
    assert content.problems == ()
    assert {".factory/a/b/two", ".factory/b/a/one"} <= set(content.files)
    assert ".factory/a/b/a/one" not in content.files


@pytest.mark.parametrize("name", [".factory/x", ".factory/skills", "packages/web/.factory"])
def test_a_link_out_of_the_repository_cannot_be_covered(name: str, shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    path = shop.root / name
    if path.is_dir():
        path.rename(path.with_name("moved"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(tmp_path / "outside")
    assert shop.problem().startswith(f"{name} is a link that leads out of the repository, to ")


def test_a_link_into_git_cannot_be_covered(shop: Shop) -> None:
    (shop.root / ".factory/config").symlink_to("../.git/config")
    assert "leads out of the repository" in shop.problem()


def test_a_named_link_out_of_the_repository_counts_by_its_text(shop: Shop, tmp_path: Path) -> None:
    """`.venv/bin/python` leads to the machine's Python, as `/usr/bin/python3` in a command does."""
    shop.write(".factory/mcp.json", json.dumps({"mcpServers": {"x": {"command": ".venv/bin/python"}}}))
    (shop.root / ".venv/bin").mkdir(parents=True)
    link = shop.root / ".venv/bin/python"
    link.symlink_to("/usr/bin/python3")
    before = shop.scan()
    assert before.links == {".venv/bin/python": b"/usr/bin/python3"}
    link.unlink()
    link.symlink_to("/tmp/python3")
    assert shop.number() != before.sha256


@pytest.mark.parametrize("where", ["file", "folder", "chain"])
def test_a_retargeted_link_on_the_way_to_a_script_lapses(where: str, shop: Shop) -> None:
    (shop.root / "scripts").rename(shop.root / "one")
    shop.write("two/check.sh", "echo check\n", mode=0o755)
    if where == "file":
        (shop.root / "scripts").mkdir()
        link, targets = shop.root / "scripts/check.sh", ("../one/check.sh", "../two/check.sh")
    elif where == "folder":
        link, targets = shop.root / "scripts", ("one", "two")
    else:
        (shop.root / "scripts").symlink_to("current")
        link, targets = shop.root / "current", ("one", "two")
    link.symlink_to(targets[0])
    before = shop.scan()
    assert "one/check.sh" in before.named
    link.unlink()
    link.symlink_to(targets[1])
    after = shop.scan()
    assert "two/check.sh" in after.named
    assert after.sha256 != before.sha256


def test_a_pipe_does_not_block_and_cannot_be_covered(shop: Shop) -> None:
    os.mkfifo(shop.root / ".factory" / "pipe")
    assert shop.problem() == ".factory/pipe is not a regular file (a pipe, socket or device)"
    (shop.root / ".factory" / "pipe").unlink()
    os.mkfifo(shop.root / "packages" / ".factory")
    assert shop.problem() == "packages/.factory is not a regular file (a pipe, socket or device)"


def test_a_pipe_in_the_place_of_a_script_cannot_be_covered(shop: Shop) -> None:
    (shop.root / "scripts/check.sh").unlink()
    os.mkfifo(shop.root / "scripts/check.sh")
    assert shop.problem().startswith("scripts/check.sh is named by a command and is not a regular file")


def test_bounds_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust_files, "MAX_FILE_BYTES", 1024 * 1024)
    shop.write(".factory/big", b"x" * (1024 * 1024 + 1))
    assert shop.problem() == ".factory/big is larger than 1 MiB"
    monkeypatch.undo()
    (shop.root / ".factory/big").unlink()
    monkeypatch.setattr(trust_files, "MAX_TOTAL_BYTES", 100)
    assert "makes all files together larger than" in shop.problem()
    monkeypatch.undo()
    monkeypatch.setattr(trust_scan, "MAX_FILES", 3)
    assert "is one of more than 3 files" in shop.problem()
    monkeypatch.undo()
    monkeypatch.setattr(trust_scan, "MAX_NAMES", 3)
    assert shop.problem() == "commands have more than 3 words that could name files"
    monkeypatch.undo()
    monkeypatch.setattr(trust_walk, "MAX_SEEN", 10)
    scanner = shop.scanner()
    assert scanner.scan().problems == ("the repository has too many files to be looked through",)
    monkeypatch.undo()
    assert scanner.recheck().problems == ()


def test_a_command_too_long_to_read_cannot_be_covered(shop: Shop) -> None:
    hooks = json.dumps(HOOKS).replace("-q", "x " * 40_000)
    shop.write(".factory/hooks.json", hooks)
    assert shop.problem() == ".factory/hooks.json has a command that is too long to look for files in"


def test_what_changed_within_a_tick_of_the_clock_is_read_again(shop: Shop) -> None:
    """Same size, same inode, times set back by hand: only the change time would tell, and it ticks coarsely."""
    scanner = shop.scanner()
    path = shop.root / ".factory/skills/review/SKILL.md"
    for text in ("look WELL", "look well", "look Well"):
        with path.open("r+") as file:
            file.write(text)
        os.utime(path, ns=(1, 1))
        assert scanner.scan().matches(path, text.encode())
        assert scanner.recheck().matches(path, text.encode())


def test_an_unchanged_tree_is_not_read_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    scanner = shop.scanner()
    first = scanner.scan()
    opened: list[object] = []
    real_open = os.open

    def counted(*arguments: object, **more: object) -> int:
        opened.append(arguments[0])
        return real_open(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", counted)
    monkeypatch.setattr(os, "scandir", None)
    assert scanner.scan() == first
    assert scanner.recheck().sha256 == first.sha256
    assert opened == []


def test_a_recheck_of_a_place_looks_at_what_has_a_say_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    scanner = shop.scanner()
    first = scanner.scan()
    shop.write("packages/api/.factory/hooks.json", "{}")
    assert scanner.recheck(shop.root / "src") is first
    assert scanner.recheck(shop.root.parent) is first
    assert scanner.recheck(shop.root / "packages/api/src/x.py").sha256 != first.sha256


def test_a_file_counts_only_with_the_bytes_that_were_read(shop: Shop) -> None:
    content = shop.scan()
    path = shop.root / ".factory/settings.json"
    data = path.read_bytes()
    assert content.matches(path, data)
    assert not content.matches(path, data + b" ")
    assert not content.matches(path.with_name("settings.local.json"), data)
    assert not content.matches(shop.root, data)
    assert not content.matches(Path("/etc/passwd"), data)
    shop.write(".factory/settings.json", "{}")
    assert not content.matches(path, b"{}")


def test_nothing_matches_where_something_cannot_be_covered(shop: Shop) -> None:
    os.mkfifo(shop.root / ".factory" / "pipe")
    path = shop.root / ".factory/settings.json"
    assert not shop.scan().matches(path, path.read_bytes())


def test_commands_of_the_organisation_are_covered_too(shop: Shop) -> None:
    """An organisation's hook that runs a file of the repository needs trust in that file."""
    shop.write("ci/lint.py", "x")
    plain = shop.number()
    scanner = TrustScanner(shop.root, shop.home, ["python3 ci/lint.py"])
    before = scanner.scan()
    assert "ci/lint.py" in before.named
    assert before.sha256 != plain
    shop.write("ci/lint.py", "y")
    assert scanner.scan().sha256 != before.sha256


def test_files_that_a_command_names_from_elsewhere_are_told(shop: Shop) -> None:
    content = shop.scan()
    shop.write("src/scripts/check.sh", "echo other")
    assert content.uncovered("./scripts/check.sh -q", shop.root) == ()
    assert content.uncovered("./scripts/check.sh -q", shop.root / "src") == ("src/scripts/check.sh",)
    assert content.uncovered(f"{shop.root}/src/app.py", Path("/")) == ("src/app.py",)
    assert content.uncovered("/bin/ls", shop.root) == ()
    with pytest.raises(TooMuchToName):
        content.uncovered("x" * 100_000, shop.root)


def test_a_repository_without_any_settings_has_a_number_too(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path))
    content = TrustScanner(root, root / "home").scan()
    assert (content.files, content.problems) == ({}, ())
    assert len(content.sha256) == 64


def test_a_root_that_is_not_there_cannot_be_trusted(tmp_path: Path) -> None:
    content = TrustScanner(tmp_path / "absent", tmp_path / "home").scan()
    assert content.sha256 == ""
    assert content.problems == ("the repository cannot be read (No such file or directory)",)
