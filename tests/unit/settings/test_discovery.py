"""Droids, commands and skills on real folders: what is found, what wins, and what hostile files come to."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from droid.settings.definition import Definition, DefinitionKind, Status
from droid.settings.definition_files import MAX_ENTRIES
from droid.settings.discovery import MAX_TOTAL_BYTES, DefinitionFinder
from droid.settings.engine import SettingsEngine
from droid.settings.org_level import NoOrg
from droid.settings.trust_scan import TrustScanner

ACTIVE, SHADOWED, MALFORMED, UNTRUSTED = list(Status)[:4]
DROID = "---\nname: {}\ndescription: reviews\n---\nBe strict."
PROGRAM = "#!/bin/sh\necho {}\n"


class Place:
    """A home, an organisation's bundle, and a repository with a folder in it."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home" / ".factory"
        self.bundle = root / "bundle"
        self.root = root / "shop"
        self.source = self.root / "src"
        for folder in (self.home, self.source, self.root / ".git"):
            folder.mkdir(parents=True)
        self.engine = SettingsEngine(home=self.home, environ={}, org=NoOrg())
        self.finder = DefinitionFinder()

    def write(self, name: str, text: str | bytes) -> Path:
        """A file by its path; `home/`, `org/`, `src/` name levels, anything else is the project's."""
        level, _, rest = name.partition("/")
        folders = {"home": self.home, "org": self.bundle, "src": self.source / ".factory"}
        path = folders[level] / rest if level in folders else self.root / ".factory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def find(self) -> tuple[Definition, ...]:
        self.engine.changed()
        bundle = self.bundle if self.bundle.exists() else None
        return self.finder.find(self.engine.snapshot(self.source), bundle)

    def rows(self) -> list[tuple[str, str, str, str]]:
        return [(one.kind.value, one.name, one.level.value, one.status.value) for one in self.find()]

    def one(self) -> Definition:
        (found,) = self.find()
        return found

    def trust(self) -> None:
        content = TrustScanner(self.root, self.home).scan()
        self.engine.store.trust(self.root, content.sha256, surface="test")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(Path(os.path.realpath(tmp_path)))


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files of this moment for old ones."""
    monkeypatch.setattr("droid.settings.stamps._SETTLED_NS", -(10**12))


def test_each_kind_is_found_with_its_head_and_its_body(place: Place) -> None:
    droid = place.write("droids/a.md", DROID.format("code-reviewer"))
    place.write("commands/Code Review.md", "---\nargument-hint: <branch>\n---\n\n# Look at $ARGUMENTS\nwell")
    place.write("skills/deploy/SKILL.md", "---\nuser-invocable: false\n---\nsteps")
    found = {one.name: one for one in place.find()}
    assert set(found) == {"code-reviewer", "code-review", "deploy"}
    assert found["code-reviewer"] == Definition(
        kind=DefinitionKind.DROID,
        name="code-reviewer",
        level=found["deploy"].level,
        file=droid,
        line=2,
        description="reviews",
        values={"name": "code-reviewer", "description": "reviews"},
        body="Be strict.",
    )
    assert found["code-review"].description == "Look at $ARGUMENTS"
    assert found["code-review"].values == {"argument-hint": "<branch>"}
    assert found["deploy"].values == {"user-invocable": False}


def test_a_name_that_a_level_has_defined_is_locked_for_those_below(place: Place) -> None:
    first = place.write("org/droids/x.md", DROID.format("reviewer"))
    project = place.write("commands/go.md", "go")
    place.write("droids/y.md", DROID.format("reviewer"))
    place.write("src/droids/z.md", DROID.format("other"))
    place.write("home/commands/Go.md", "elsewhere")
    place.write("home/droids/z.md", DROID.format("mine"))
    assert place.rows() == [
        ("droid", "reviewer", "org", "active"),
        ("droid", "reviewer", "project", "shadowed"),
        ("command", "go", "project", "active"),
        ("droid", "other", "folder", "active"),
        ("droid", "mine", "user", "active"),
        ("command", "go", "user", "shadowed"),
    ]
    reasons = [one.reason for one in place.find() if one.status is SHADOWED]
    assert reasons == [f"locked by org: {first}:2", f"locked by project: {project}:1"]


def test_the_same_name_for_two_kinds_is_no_conflict(place: Place) -> None:
    place.write("commands/review.md", "x")
    place.write("skills/review/SKILL.md", "x")
    place.write("droids/review.md", DROID.format("review"))
    assert [one.status for one in place.find()] == [ACTIVE] * 3


BROKEN = [
    ("droids/a.md", "---\nnam: a\n---\n", ":2:1: the key 'name' is missing", "a"),
    ("droids/a.md", "---\nname: ../../x\n---\n", ":2:1: name: must match", "a"),
    ("droids/a.md", "---\nname: [\n---\n", ":3:1: the front matter is no YAML", "a"),
    ("droids/a.md", "---\nname: a\nname: b\n---\n", ":3:1: the key 'name' is given twice", "a"),
    ("droids/a.md", "---\nname: b\nmodel: 3\n---\n", ":3:1: model: must be a text", "b"),
    ("droids/a.md", "---\nname: a\n", ":1:1: the front matter is not closed", "a"),
    ("droids/a.md", b"---\nname: \xff\n---\n", ":2:7: not UTF-8", "a"),
    ("droids/a.md", "x" * (1024 * 1024 + 1), ":1:1: the file is larger than 1 MiB", "a"),
    ("commands/a.md", "---\ndescription: {}\n---\n", ":2:1: description: must be a text", "a"),
    ("commands/a", "#!/bin/sh\n" + "x" * 1024 * 1024, ":1:1: the file is larger than 1 MiB", "a"),
    ("skills/a/SKILL.md", "---\nuser-invocable: maybe\n---\n", ":2:1: 'user-invocable': must be true", "a"),
    ("skills/My Skill/SKILL.md", "x", ":1:1: its folder's name is none for a skill", ""),
    ("commands/日本.md", "x", ":1:1: its name has no letter", ""),
    ("commands/a\u202eb.md", "x", ":1:1: its name has characters that do not show", ""),
    ("commands/a\nb.md", "x", ":1:1: its name has characters that do not show", ""),
    ("commands/a\x1b[2J.sh", "#!/bin/sh\n", ":1:1: its name has characters that do not show", ""),
    ("commands/..\\x.md", "x", "", ""),
    ("commands/x\\..\\y.md", "x", ":1:1: its name has a \\ in it", ""),
    ("droids/x\\y.md", DROID.format("y"), ":1:1: its name has a \\ in it", ""),
    ("skills/x\\y/SKILL.md", "---\nname: y\n---\n", ":1:1: its name has a \\ in it", ""),
    (f"commands/{'a' * 200}.md", "x", ":1:1: its name has more than 128 characters", ""),
]


@pytest.mark.parametrize(("name", "text", "reason", "called"), BROKEN)
def test_what_cannot_be_used_says_where_and_why(
    place: Place, name: str, text: str | bytes, reason: str, called: str
) -> None:
    path = place.write(name, text)
    if not reason:
        assert place.find() == (), "a hidden file is nothing"
        return
    found = place.one()
    assert (found.status, found.name, found.file) == (MALFORMED, called, path)
    assert f"{path}{reason}" in found.reason
    assert (found.values, found.body) == ({}, "")


def test_a_name_that_is_no_text_at_all_is_refused(place: Place) -> None:
    folder = place.root / ".factory" / "commands"
    folder.mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.md")).write_text("x")
    assert (place.one().status, place.one().name) == (MALFORMED, "")


def test_breaking_a_file_lets_nobody_else_speak_in_its_name(place: Place) -> None:
    broken = place.write("org/droids/reviewer.md", "---\nname: reviewer\nmodel: 1\n---\n")
    place.write("droids/reviewer.md", DROID.format("reviewer"))
    place.write("org/commands/go.md", "---\n")
    place.write("commands/go.md", "go")
    assert [one.status for one in place.find()] == [MALFORMED, MALFORMED, SHADOWED, SHADOWED]
    assert place.find()[2].reason == f"locked by org: {broken}:3"


def test_of_two_with_one_name_in_one_folder_neither_counts(place: Place) -> None:
    place.write("commands/review.md", "a")
    other = place.write("commands/front/Review.md", "b")
    place.write("droids/a.md", DROID.format("twin"))
    place.write("droids/b.md", DROID.format("twin"))
    place.write("droids/c.md", DROID.format("single"))
    place.write("home/commands/review.md", "mine")
    assert place.rows() == [
        ("droid", "twin", "project", "malformed"),
        ("droid", "twin", "project", "malformed"),
        ("droid", "single", "project", "active"),
        ("command", "review", "project", "malformed"),
        ("command", "review", "project", "malformed"),
        ("command", "review", "user", "shadowed"),
    ]
    assert f"{other} has the same name; rename one of them" in place.find()[3].reason


def test_only_what_the_reference_registers_is_found(place: Place) -> None:
    """Droids in their folder alone, commands also below, and nothing that is hidden or a backup."""
    place.write("droids/deeper/a.md", DROID.format("a"))
    place.write("droids/notes.txt", "x")
    place.write("skills/README.md", "x")
    place.write("skills/empty/notes.md", "x")
    place.write("commands/data.json", "{}")
    place.write("commands/.hidden.md", "x")
    place.write("commands/.git/config", "#!x")
    place.write("commands/go~", "#!/bin/sh\n")
    place.write("commands/empty", "")
    assert place.find() == ()
    place.write("commands/a/b/c/go.sh", "#!/bin/sh\n")
    assert [one.name for one in place.find()] == ["go"]


def test_programs_of_a_repository_need_its_trust_and_markdown_does_not(place: Place) -> None:
    place.write("commands/ship", PROGRAM.format(1))
    place.write("commands/note.md", PROGRAM.format(1))
    place.write("src/commands/build", PROGRAM.format(1))
    place.write("skills/s/SKILL.md", "x")
    place.write("home/commands/mine", PROGRAM.format(1))
    statuses = {one.name: one.status for one in place.find()}
    assert statuses == {
        "ship": UNTRUSTED, "note": ACTIVE, "build": UNTRUSTED, "s": ACTIVE, "mine": ACTIVE,
    }  # fmt: skip
    assert next(one.reason for one in place.find() if one.name == "ship") == "this workspace is not trusted"
    place.trust()
    assert {one.status for one in place.find()} == {ACTIVE}
    assert {one.name for one in place.find() if one.executable} == {"ship", "build", "mine"}
    place.write("commands/ship", PROGRAM.format(2))
    assert next(one.status for one in place.find() if one.name == "ship") is UNTRUSTED


def test_a_program_counts_only_with_the_bytes_that_were_trusted(place: Place) -> None:
    """It may change between the look at everything and the look at it."""
    place.write("commands/ship", PROGRAM.format(1))
    place.trust()
    place.engine.changed()
    snapshot = place.engine.snapshot(place.source)
    assert [one.status for one in place.finder.find(snapshot)] == [ACTIVE]
    place.write("commands/ship", PROGRAM.format(2))
    (found,) = place.finder.find(snapshot)
    assert (found.status, found.reason) == (UNTRUSTED, "it is not what was trusted")


def test_a_program_that_is_not_trusted_locks_nothing(place: Place) -> None:
    place.write("commands/deploy", PROGRAM.format("theirs"))
    place.write("home/commands/deploy", PROGRAM.format("mine"))
    assert [one.status for one in place.find()] == [UNTRUSTED, ACTIVE]
    place.trust()
    assert [one.status for one in place.find()] == [ACTIVE, SHADOWED]


def test_links_out_of_the_repository_are_not_followed(place: Place, tmp_path: Path) -> None:
    secret = tmp_path / "id_rsa"
    secret.write_text("-----BEGIN")
    elsewhere = tmp_path / "elsewhere" / "SKILL.md"
    elsewhere.parent.mkdir()
    elsewhere.write_text("far")
    factory = place.root / ".factory"
    for folder in ("droids", "commands", "skills"):
        (factory / folder).mkdir(parents=True)
    (factory / "droids" / "a.md").symlink_to(secret)
    (factory / "commands" / "b.md").symlink_to(place.root / ".git" / "config")
    (factory / "commands" / "run").symlink_to("/bin/sh")
    (factory / "commands" / "far").symlink_to(elsewhere.parent)
    (factory / "skills" / "s").symlink_to(elsewhere.parent)
    found = place.find()
    assert len(found) == 5
    assert {one.status for one in found} == {MALFORMED}
    assert all("is a link that leads out of the repository" in one.reason for one in found)
    assert "BEGIN" not in repr(found)


def test_a_link_that_is_replaced_while_it_is_followed_is_not_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.root / ".factory" / "commands").mkdir(parents=True)
    (place.root / ".factory" / "commands" / "go.md").symlink_to(place.write("../prompt.md", "x"))
    snapshot = place.engine.snapshot(place.source)

    def raced(_: str) -> str:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "readlink", raced)
    (found,) = place.finder.find(snapshot)
    assert (found.name, found.status) == ("go", MALFORMED)
    assert found.reason.endswith("cannot be read (Invalid argument)")


def test_links_within_the_repository_and_of_the_user_are(place: Place, tmp_path: Path) -> None:
    shared = place.root / "prompts" / "go.md"
    shared.parent.mkdir()
    shared.write_text("go")
    (place.root / ".factory" / "commands").mkdir(parents=True)
    (place.root / ".factory" / "commands" / "go.md").symlink_to("../../prompts/go.md")
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    (dotfiles / "mine.md").write_text("mine")
    (place.home / "commands").symlink_to(dotfiles)
    assert [(one.name, one.status) for one in place.find()] == [("go", ACTIVE), ("mine", ACTIVE)]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path)


def nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.parametrize("make", [pipe, folder, loop, nowhere])
@pytest.mark.parametrize("name", ["droids/a.md", "commands/a.md", "skills/a/SKILL.md"])
def test_what_stands_in_the_place_of_a_file_is_named_and_not_waited_for(
    place: Place, name: str, make: Any
) -> None:
    path = place.root / ".factory" / name
    path.parent.mkdir(parents=True)
    make(path)
    found = place.one()
    assert (found.status, found.file) == (MALFORMED, path)
    assert "cannot be read (" in found.reason


@pytest.mark.parametrize("make", [pipe, loop])
def test_a_program_that_is_no_file_is_named_too(place: Place, make: Any) -> None:
    (place.root / ".factory" / "commands").mkdir(parents=True)
    make(place.root / ".factory" / "commands" / "run")
    assert place.one().status is MALFORMED


@pytest.mark.parametrize("name", ["droids", "commands", "skills"])
@pytest.mark.parametrize("make", [pipe, loop, nowhere, Path.touch])
def test_what_stands_in_the_place_of_a_folder_is_named(place: Place, name: str, make: Any) -> None:
    path = place.root / ".factory" / name
    path.parent.mkdir()
    make(path)
    found = place.one()
    assert (found.kind.value + "s", found.name, found.file, found.status) == (name, "", path, MALFORMED)


def test_a_factory_that_is_no_folder_has_nothing(place: Place) -> None:
    (place.root / ".factory").touch()
    assert place.find() == ()


def test_folders_that_lead_back_to_themselves_end(place: Place) -> None:
    place.write("commands/a/go.md", "x")
    (place.root / ".factory" / "commands" / "a" / "again").symlink_to("..")
    (place.root / ".factory" / "commands" / "b").symlink_to("a")
    assert [one.name for one in place.find()] == ["go"]


def test_no_more_is_read_than_a_person_could_have_written(place: Place) -> None:
    for number in range(MAX_ENTRIES + 5):
        place.write(f"home/commands/c{number:04}.md", "x")
        place.write(f"home/droids/d{number:04}.md", "---\n---\n")
    found = place.find()
    assert sum(one.kind is DefinitionKind.COMMAND for one in found) == MAX_ENTRIES + 1
    told = [one for one in found if not one.name]
    assert [one.file.name for one in told] == ["droids", "commands"]
    assert all("has more than 1,000 entries" in one.reason for one in told)
    assert "c0000" in {one.name for one in found}, "the first by name, whatever the file system says"


def test_deep_and_wide_folders_are_not_walked_to_their_end(place: Place) -> None:
    place.write("/".join(["commands", *"abcdefghijklm", "x.md"]), "x")
    assert "has folders more than 8 deep" in place.one().reason


def test_a_folder_is_not_read_beyond_what_memory_may_hold(place: Place) -> None:
    count = MAX_TOTAL_BYTES // (1024 * 1024) + 3
    for number in range(count):
        place.write(f"commands/c{number:02}.md", "x" * 1024 * 1024)
    statuses = [one.status for one in place.find()]
    assert statuses.count(ACTIVE) == count - 2
    assert place.find()[-1].status is MALFORMED


def test_an_unchanged_tree_costs_a_look_at_each_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("droids/a.md", DROID.format("a"))
    place.write("commands/a/go.md", "x")
    place.write("skills/s/SKILL.md", "x")
    settle(monkeypatch)
    first = place.find()
    snapshot = place.engine.snapshot(place.source)
    looked: list[Any] = []

    def counted(real: Any) -> Any:
        def look(path: Any) -> Any:
            looked.append(path)
            return real(path)

        return look

    with monkeypatch.context() as patch:
        for name in ("open", "scandir", "listdir"):
            patch.setattr(os, name, None)
        for name in ("stat", "lstat"):
            patch.setattr(os, name, counted(getattr(os, name)))
        assert place.finder.find(snapshot) is first
    assert len(looked) < 20


def changes(place: Place) -> Iterator[str]:
    """Each step changes one thing and yields the names that are active then."""
    yield "a"
    path = place.write("droids/b.md", DROID.format("b"))
    yield "a b"
    path.write_text(DROID.format("c"))
    yield "a c"
    path.rename(path.with_suffix(".txt"))
    yield "a"
    place.write("skills/s/notes.md", "x")
    yield "a"
    skill = place.write("skills/s/SKILL.md", "x")
    yield "a s"
    skill.unlink()
    skill.symlink_to(place.root / "later.md")
    yield "a"
    (place.root / "later.md").write_text("x")
    yield "a s"
    place.write("commands/deep/er/go.md", "x")
    yield "a go s"
    (place.root / ".factory").rename(place.root / ".factory-off")
    yield ""
    (place.root / ".factory-off").rename(place.root / ".factory")
    yield "a go s"


def test_every_change_is_seen_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    place.write("droids/a.md", DROID.format("a"))
    for expected in changes(place):
        found = sorted(one.name for one in place.find() if one.status is ACTIVE)
        assert found == expected.split()


def test_a_bundle_that_is_gone_holds_as_it_was(place: Place) -> None:
    place.write("org/droids/a.md", DROID.format("a"))
    place.write("droids/a.md", DROID.format("a"))
    snapshot = place.engine.snapshot(place.source)
    before = place.finder.find(snapshot, place.bundle)
    assert [one.status for one in before] == [ACTIVE, SHADOWED]
    place.bundle.rename(place.bundle.with_name("moved"))
    assert place.finder.find(snapshot, place.bundle) == before
    assert [one.status for one in DefinitionFinder().find(snapshot, place.bundle)] == [ACTIVE]
