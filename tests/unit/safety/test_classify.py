"""The read-only list: what looks only, and the many ways to look like it."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.levels import Risk
from droid.safety.commands.classify import classify

_CWD, _HOME = PurePath("/home/ada/project"), PurePath("/home/ada")


def check(command: str, risk: Risk) -> None:
    assert classify(command, cwd=_CWD, home=_HOME).risk is risk, command


@pytest.mark.parametrize(
    "command",
    [
        "true", "pwd", "ls", "ls -la src", "cat README.md", "cat src/a.py src/b.py", "head -n 5 a.txt", "wc -l a.py",
        "echo hello", "date +%F", "uname -a", "stat pyproject.toml", "du -sh .", "  ls  ", "cat .env.example",
    ],
)  # fmt: skip
def test_commands_that_only_look_are_low(command: str) -> None:
    check(command, Risk.LOW)


@pytest.mark.parametrize(
    "command",
    [
        "", " ", "rm a", "lsx", "/bin/ls", "./ls", "ls; rm a", "ls && rm a", "ls | sh", "ls\nrm a", "ls\r\nrm a",
        "ls > a", "ls >> a", "cat < a", "cat <<< a", "$(rm a)", "`rm a`", "echo $HOME", "echo ${x}", "cat a*", "cat ?",
        "cat [ab]", "cat {a,b}", "cat ~/a", "cat /etc/passwd", "cat ../x", "cat a/../../x", "cat .env", "cat .env.local",
        "cat .ENV", "cat id_rsa", "cat keys/id_ed25519", "A=1 ls", "ls A=b", "PATH=. ls", "ls #x", "ls !x", "ls 'a'",
        'ls "a"', "ls \\a", "l\\s", "'ls'", "ls &", "(ls)", "{ ls; }", "tail -f a", "tail -nF a", "tail --follow a",
        "date -s 2020", "date --set 2020", "hostname evil", "hostname -F a", "file -C -m a", "env", "git status",
        "find . -delete", "ls\x00", "lѕ", "ls\u200b", "ls\u202e", "\ufeffls", "ls\u00a0a", "date 01020304", "du --files0-from=x",
        "echo a" * 20_000,
    ],
)  # fmt: skip
def test_everything_else_is_high(command: str) -> None:
    check(command, Risk.HIGH)


def test_a_path_below_home_is_judged_from_the_working_folder() -> None:
    assessment = classify("cat .aws/credentials", cwd=_HOME, home=_HOME)
    assert assessment.risk is Risk.HIGH


def test_the_operands_of_a_low_command_are_told() -> None:
    assert classify("cat -n a.py b.py", cwd=_CWD, home=_HOME).operands == ("a.py", "b.py")


@given(st.text(max_size=200))
def test_any_text_is_rated(command: str) -> None:
    assert classify(command, cwd=_CWD, home=_HOME).risk in (Risk.LOW, Risk.HIGH)


@given(st.text(alphabet=st.characters(categories=["P", "S", "C", "Z"]), min_size=1, max_size=5))
def test_a_shell_character_anywhere_makes_it_high(extra: str) -> None:
    if set(extra) & set("$`;|&<>(){}[]*?~!#'\"\\\n\r\t\x00="):
        check(f"ls a{extra}b", Risk.HIGH)
