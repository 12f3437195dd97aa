"""What a person finds who types a few characters after `@`."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droid.app.mention_search import MAX_ITEMS, search
from droid.app.path_search import best
from droid.app.workspace_files import FileList
from droid.engine.mentions import _MENTION

ROOT = Path("/w")
FILES = [
    "README.md",
    "setup.py",
    "app/[id]/page.tsx",
    "docs/a b.md",
    "src/session.py",
    "src/http/session_store.py",
    "src/http/test_session.py",
    "src/views/SessionList.ts",
    "src/views/sidebar.ts",
]
FOLDERS = ["app", "docs", "src", "app/[id]", "src/http", "src/views"]
LISTED = FileList(files=FILES, folders=FOLDERS)


def found(query: str, *open_: str, cwd: Path = ROOT) -> list[str]:
    open_paths = [ROOT / name for name in open_]
    return [one.insert for one in search(query, LISTED, root=ROOT, cwd=cwd, open_paths=open_paths)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("session.py", ["@src/session.py", "@src/http/test_session.py"]),
        ("sess", ["@src/session.py", "@src/views/SessionList.ts", "@src/http/session_store.py"]),
        ("SESSION_S", ["@src/http/session_store.py"]),
        ("sl", ["@src/views/SessionList.ts"]),
        ("hss", ["@src/http/session_store.py"]),
        ("src/v", ["@src/views/"]),
        ("views/side", ["@src/views/sidebar.ts"]),
        ("readme", ["@README.md"]),
        ("page", ['@"app/[id]/page.tsx"']),
        ("a b", ['@"docs/a b.md"']),
        ('"a b', ['@"docs/a b.md"']),
        ("@setup", ["@setup.py"]),
        ("./setup", ["@setup.py"]),
        ("setup.py:", ["@setup.py"]),
        ("setup.py:3", ["@setup.py:3"]),
        ("setup.py:3-", ["@setup.py:3"]),
        ("setup.py:3-5", ["@setup.py:3-5"]),
        ("a b.md:2", ['@"docs/a b.md:2"']),
        ("dia", ["@diagnostics"]),
        ("diff", ["@diff"]),
        ("Sel", ["@selection"]),
    ],
)
def test_what_is_likeliest_comes_first(query: str, first: list[str]) -> None:
    assert found(query)[: len(first)] == first


def test_nothing_is_offered_that_does_not_hold_the_characters_in_their_order() -> None:
    assert found("zzz") == []
    assert "@README.md" not in found("emr")


def test_open_files_come_before_others_that_are_as_likely() -> None:
    assert found("session", "src/http/session_store.py")[0] == "@src/http/session_store.py"
    assert found("session.py", "src/views/SessionList.ts")[0] == "@src/session.py"


def test_without_a_query_open_files_come_first_then_what_is_no_file_then_the_top_of_the_tree() -> None:
    assert found("", "src/session.py", "setup.py")[:6] == [
        "@src/session.py",
        "@setup.py",
        "@diagnostics",
        "@selection",
        "@diff",
        "@app/",
    ]
    assert len(found("", "src/session.py", "setup.py")) == len(set(found("", "src/session.py", "setup.py")))


def test_an_open_file_that_is_ignored_can_be_found() -> None:
    assert found("local.env", "local.env") == ["@local.env"]


def test_paths_are_written_as_the_session_reads_them() -> None:
    assert found("sidebar", cwd=ROOT / "src")[0] == "@views/sidebar.ts"
    assert found("setup", cwd=ROOT / "src")[0] == "@../setup.py"


def test_a_file_called_like_something_else_is_told_from_it() -> None:
    items = search("diff", FileList(files=["diff"]), root=ROOT, cwd=ROOT)
    assert [one.insert for one in items] == ["@diff", "@./diff"]


@settings(deadline=None)
@given(
    st.lists(st.text(min_size=1, max_size=12).filter(lambda name: "\0" not in name), max_size=5),
    st.text(max_size=8),
)
def test_all_that_is_offered_is_understood_when_it_is_written(names: list[str], query: str) -> None:
    listed = FileList(files=[name for name in names if not name.startswith("/") and name not in (".", "..")])
    items = search(query, listed, root=ROOT, cwd=ROOT)
    assert len(items) <= MAX_ITEMS
    assert all(_MENTION.fullmatch(one.insert) for one in items)


@settings(deadline=None)
@given(
    st.text(alphabet="abAB/_.", max_size=6), st.lists(st.text(alphabet="abAB/_.", min_size=1), max_size=20)
)
def test_what_is_found_holds_the_query_and_all_that_holds_it_is_found(query: str, paths: list[str]) -> None:
    def holds(path: str) -> bool:
        rest = iter(path.lower())
        return all(character in rest for character in query.lower())

    assert sorted(best(paths, query, 100)) == sorted(filter(holds, paths))
