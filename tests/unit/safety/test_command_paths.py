"""What a line of shell touches, as its words name it."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.safety.command_paths import expands_widely, used_paths
from droid.safety.commands.classify import classify
from droid.safety.commands.model import Assessment
from droid.safety.globs import ANY_NAME
from droid.safety.used_paths import UsedPath


def assessed(line: str) -> Assessment:
    where = PurePosixPath("/w")
    return classify(line, cwd=where, home=PurePosixPath("/home/ada"), workspace=where)


def shown(used: UsedPath) -> str:
    """`r a`, `w a`; `*` for all in it, `?` for what is not certain, `@folder` where it begins elsewhere."""
    marks = ("*" if used.whole else "") + ("" if used.certain else "?")
    folder = "" if used.folder == "" else f" @{used.folder}"
    return f"{used.use[0]}{marks} {used.text.replace(ANY_NAME, '…')}{folder}"


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("ls", []), ("echo .env", []), ("cat a b", ["r a", "r b"]), ("cat < a > b", ["r a", "w b"]),
        ("cat a > /dev/null 2>&1", ["r a"]), ("cp a b", ["r a", "w b"]), ("mv a b", ["w* a", "r a", "w b"]),
        ("mv -t d a b", ["w d", "w* a", "r a", "w* b", "r b"]), ("rm -rf a", ["w* a"]), ("echo x | tee a", ["w a"]),
        ("cd d && cat a", ["r a @d"]), ('cd "$d" && cat a', ["r? a @None"]), ("git -C d rm a", ["w* a", "w* a @d"]),
        ('rm "$d/a" "$x"', ["w* …/a", "w*? a"]), ("cat /proc/self/cwd/a", ["r ./a"]), ("cat /dev/fd/3 -", []),
        ("git show HEAD:a", ["r HEAD:a", "r a"]), ("git restore a", ["w a", "w*? a"]), ("git restore --staged a", []),
        ("git clean -fdx", ["w* ."]), ("git clean -n", []), ("git apply p", ["r p", "w*? ."]), ("git reset --hard", ["w*? ."]),
        ("git stash", ["w*? ."]), ("git stash -u", ["w*? ."]), ("git stash pop", ["w*? ."]), ("git stash list", []),
        ("git stash drop", []), ("git stash show -p", []), ("git am p", ["r p", "w*? ."]), ("git am --abort", ["w*? ."]),
        ("git checkout-index -fa", ["w*? ."]), ("git read-tree -um HEAD", ["w*? ."]), ("git read-tree HEAD", []),
        ("git read-tree --reset -u HEAD", ["w*? ."]), ("git update-index --cacheinfo 100644,1a,b", ["w*? ."]),
        ("git update-index --refresh", []), ("git checkout main", []), ("git checkout .", ["w .", "w*? ."]), ("git checkout -- a", ["w a", "w*? a"]),
        ("grep -r x a", ["r* a"]), ("grep x a", ["r a"]), ("chmod -R 700 a", ["w* a"]), ("chmod 700 a", ["w a"]),
        ("find a -delete", ["r a", "w*? a"]), ("find a -exec rm {} +", ["r a", "w*? a"]),
        ("find a -exec cat {} +", ["r a", "r*? a"]), ("find a -name b", ["r a"]),
        ("frobnicate a --in=b -x", ["r a", "w? a", "r b", "w? b"]), ("frobnicate https://x/y", []),
        ("ssh host cat a", []), ("sed -i s/a/b/ c", ["w c"]), ("source a", ["r a"]), ("rm --help a", []),
    ],
)  # fmt: skip
def test_the_paths_of_a_line(line: str, paths: list[str]) -> None:
    assert [shown(used) for used in used_paths(assessed(line), "")] == paths


def test_of_a_line_that_cannot_be_told_every_word_may_be_a_path() -> None:
    line = "$x 'a b' >c 3<>.env"
    assert assessed(line).undecidable
    found = {shown(used) for used in used_paths(assessed(line), line)}
    assert found >= {"r? .env", "w? .env"}


@pytest.mark.parametrize(
    "line", ["for f in .env b; do cat $f; done", "echo .env | xargs cat", 'cat "$(echo .env; pwd)"']
)
def test_where_it_is_not_known_what_is_read_any_word_may_be(line: str) -> None:
    assert "r? .env" in map(shown, used_paths(assessed(line), line))
    assert "w? .env" not in map(shown, used_paths(assessed(line), line))


def test_a_link_leads_to_what_it_is_made_for() -> None:
    uses = used_paths(assessed("ln -s a b"), "")
    made = {shown(used): used.leads_to for used in uses}
    assert made == {"r a": (), "w b": ("a",), "w a": (), "w*? a": ()}
    assert used_paths(assessed("cp -s a b"), "")[1].leads_to == ("a",)
    assert used_paths(assessed("cp -r a b"), "")[1].leads_to == ()


def test_what_is_put_into_a_folder_keeps_its_name() -> None:
    target = used_paths(assessed("cp x/a y/. z/ d"), "")[-1]
    assert (target.text, target.puts, target.puts_all) == ("d", ("a", "z"), ("y/.", "z/"))
    assert used_paths(assessed("mv x/a d"), "")[-1].puts == ("a",)
    assert used_paths(assessed("tee d"), "")[-1].puts == ()


@pytest.mark.parametrize("line", ["shopt -s dotglob; cat *", "GLOBIGNORE=x cat *", "set -o noglob; cat *"])
def test_a_line_may_change_what_globs_stand_for(line: str) -> None:
    assert expands_widely(assessed(line))
    assert not expands_widely(assessed("cat *"))


@given(st.lists(st.sampled_from(["cat", "mv", "git", "-t", "a", "$x", ">", "<", "&&", "cd", "/", "..", "*"])))
def test_any_line_has_paths(words: list[str]) -> None:
    used_paths(assessed(" ".join(words)), " ".join(words))
