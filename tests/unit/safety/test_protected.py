"""What settings protect, judged by all names of a file."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec
from tests.unit.safety.facts import HOME, WORKSPACE

from droid.domain.levels import SettingsLevel
from droid.domain.policy import ListEntry, Policy, Source
from droid.safety.protected import Here, literal_places, never_read, never_written, protects_reading

HERE = Here(workspace=WORKSPACE, home=HOME)
PROJECT = Source(level=SettingsLevel.PROJECT, file=str(WORKSPACE / ".factory/settings.json"))
FOLDER = Source(level=SettingsLevel.FOLDER, file=str(WORKSPACE / "sub/.factory/settings.json"))
USER = Source(level=SettingsLevel.USER, file=str(HOME / ".factory/settings.json"))


def policy(*patterns: str, source: Source = USER, part: int = 0) -> Policy:
    return Policy(protected_files=tuple(ListEntry(text=text, source=source, part=part) for text in patterns))


def written(path: str, rules: Policy) -> bool:
    return never_written([WORKSPACE / path], HERE, rules) is not None


def read(path: str, rules: Policy) -> bool:
    return never_read([WORKSPACE / path], HERE, rules) is not None


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.pem", "a.pem"), ("*.pem", "deep/down/A.PEM"), ("*.pem", "/etc/ssl/x.pem"), ("secrets", "a/secrets/b"),
        ("secrets/", "secrets/a"), ("secrets/", "secrets"), ("secrets/**", "secrets"), ("secrets/**", "secrets/a/b"),
        ("secrets/*", "secrets"), ("/config.yml", "config.yml"), ("config/prod.yml", "config/prod.yml"),
        ("config/prod.yml", "/srv/other/config/prod.yml"), ("a/**/b", "a/b"), ("a/**/b", "a/x/y/b"),
        ("**/b", "x/y/b"), ("./config.yml", "config.yml"), ("~/notes", "/home/ada/notes/x"), ("/etc/x", "/etc/x"),
        ("!read:keys", "keys"), ("a[b", "axe"), ("../x/y", "z/x/y"), ("*", "anything"), ("key.txt ", "key.txt"),
        ("config.yml", "CONFIG.yml."), ("#notes", "#notes"), ("!", "!"), ("a//b", "a/b"),
    ],
)  # fmt: skip
def test_a_pattern_protects(pattern: str, path: str) -> None:
    assert written(path, policy(pattern))


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.pem", "a.pem.md"), ("/config.yml", "sub/config.yml"), ("config/prod.yml", "sub/config/prod.yml"),
        ("secrets/*", "secret/a"), ("a/*/b", "a/b"), ("", "a"), ("/", "a"), ("!a", "a"), ("project", "a"),
        ("~/notes", "notes"), ("*.key", "keys"),
    ],
)  # fmt: skip
def test_a_pattern_leaves_others_alone(pattern: str, path: str) -> None:
    """`project` is the name of the workspace itself: what lies above it is not meant."""
    assert not written(path, policy(pattern))


def test_a_pattern_is_relative_to_the_folder_that_holds_the_factory_folder() -> None:
    assert written("sub/a", policy("/a", source=FOLDER))
    assert not written("a", policy("/a", source=FOLDER))
    assert not written("other/x.pem", policy("*.pem", source=FOLDER))
    assert written("a", policy("/a", source=PROJECT))
    assert not written("/srv/a", policy("/a", source=PROJECT))


def test_only_what_is_marked_may_not_be_read() -> None:
    rules = policy("kept", "!read:keys/**")
    assert protects_reading(rules)
    assert not protects_reading(policy("kept"))
    assert read("keys/a", rules)
    assert read("keys", rules)
    assert written("keys/a", rules)
    assert not read("kept", rules)


def test_the_entry_that_protects_is_told() -> None:
    found = never_written([WORKSPACE / "b"], HERE, policy("a", "b", source=PROJECT))
    assert found is not None
    assert (found.text, found.source) == ("b", PROJECT)


def test_each_name_of_a_file_counts() -> None:
    names = [WORKSPACE / "innocent", PurePath("/mnt/x"), WORKSPACE / "b.pem"]
    assert never_written(names, HERE, policy("*.pem"))


def test_a_list_takes_back_what_it_protects_itself() -> None:
    rules = policy("config/*", "!config/local.yml", "!config/open/")
    assert written("config/prod.yml", rules)
    assert not written("config/local.yml", rules)
    assert not written("config/open/x", rules)
    assert written("config", rules)


def test_what_lies_in_a_protected_folder_cannot_be_taken_back_on_its_own() -> None:
    assert written("config/local.yml", policy("config/", "!config/local.yml"))


def test_nothing_is_taken_back_from_another_list() -> None:
    org = ListEntry(text="*.pem", source=Source(level=SettingsLevel.ORG, file="/etc/factory/settings.json"))
    lower = ListEntry(text="!a.pem", source=PROJECT)
    laid = ListEntry(text="!a.pem", source=org.source, part=1)
    assert written("a.pem", Policy(protected_files=(org, lower, laid)))


def test_what_may_not_be_read_is_a_path() -> None:
    def rules(path: str) -> Policy:
        return Policy(deny_read=(ListEntry(text=path, source=PROJECT),))

    assert read("/etc/hosts", rules("/etc/hosts"))
    assert read("/home/ada/.cache/x", rules("~/.cache"))
    assert read("/home/ada/x", rules("~"))
    assert read("logs/x", rules("logs"))
    assert read("a", rules("."))
    assert not read("sub/logs/x", rules("logs"))
    assert not read("etc/hosts", rules("/etc/hosts"))
    assert not written("logs/x", rules("logs"))


def test_the_places_that_patterns_name_are_told() -> None:
    rules = policy("/a/b/*.pem", "*.pem", "secrets/**", "~/x", "!b", source=PROJECT)
    assert list(literal_places([rules], HERE)) == [WORKSPACE / "a/b", WORKSPACE / "secrets", HOME / "x"]


_PART = st.sampled_from(["a", "b", "ab", "*", "a*", "**", "?", "[ab]"])
_PATTERN = st.tuples(
    st.sampled_from(["", "/"]),
    st.lists(_PART, min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "/"]),
).map("".join)
_PATH = st.lists(st.sampled_from(["a", "b", "ab", "c"]), min_size=1, max_size=5).map("/".join)


@given(_PATTERN, _PATH)
def test_all_that_git_would_ignore_is_protected(pattern: str, path: str) -> None:
    if GitIgnoreSpec.from_lines([pattern]).match_file(path):
        assert written(path, policy(pattern, source=PROJECT))


@given(_PATTERN, _PATH)
def test_what_git_would_not_ignore_is_protected_only_as_a_folder(pattern: str, path: str) -> None:
    spec = GitIgnoreSpec.from_lines([pattern])
    if not spec.match_file(path) and not spec.match_file(f"{path}/\ue000"):
        assert not written(path, policy(pattern, source=PROJECT))


@given(st.lists(st.sampled_from(["a", "*", "!a", "!b/", "a/*", "!a/b", "b/"]), max_size=4), _PATH)
def test_lists_that_take_back_protect_at_least_what_git_ignores(patterns: list[str], path: str) -> None:
    if GitIgnoreSpec.from_lines(patterns).match_file(path):
        assert written(path, policy(*patterns, source=PROJECT))


@given(st.lists(st.text(max_size=12), max_size=3), _PATH)
def test_any_pattern_can_be_used(patterns: list[str], path: str) -> None:
    written(path, policy(*patterns))
    read(path, policy(*(f"!read:{text}" for text in patterns)))
    read(path, Policy(deny_read=tuple(ListEntry(text=text) for text in patterns)))
