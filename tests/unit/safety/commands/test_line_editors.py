"""What commands for `ed` and `ex` would do: a table of language, risk, commands, and what they give a shell."""

import pytest

from droid.domain.levels import Risk
from droid.safety.commands.inline_code import effects_of_code
from droid.safety.commands.model import Touch
from droid.safety.commands.words import Word

ROWS = [
    ("ed", "low", "1,2d\nw\nq", ()),
    ("ed", "low", "/foo/s/a/b/\n.,+3p\nwq", ()),
    ("ed", "low", "!rm -rf x", ("rm -rf x",)),
    ("ed", "low", "r !rm -rf x", ("rm -rf x",)),
    ("ed", "low", "1,$w !sh", (": | sh",)),
    ("ed", "low", "g/a/!rm -rf x", (": | rm -rf x",)),
    ("ed", "low", "a\n!rm -rf x\n.\nwq", ()),
    ("ed", "high", "g/x/a\\\nfoo\n!rm -rf x", ()),
    ("ed", "medium", "w b.txt", ()),
    ("ed", "high", "Y", ()),
    ("ex", "low", "%s/a/b/g|x", ()),
    ("ex", "low", "wq!", ()),
    ("ex", "low", "w|q", ()),
    ("ex", "low", "%!sh", (": | sh",)),
    ("ex", "low", "s/a/b/|!rm -rf x", ("rm -rf x",)),
    ("ex", "medium", "w! b.txt", ()),
    ("ex", "high", 'call system("x")', ()),
    ("ex", "high", "lua os.execute(1)", ()),
]


@pytest.mark.parametrize(("language", "risk", "code", "shell"), ROWS)
def test_commands_of_a_line_editor_are_rated(
    language: str, risk: str, code: str, shell: tuple[str, ...]
) -> None:
    found = effects_of_code(language, Word(code))
    assert (found.risk, tuple(word.text for word in found.shell)) == (Risk(risk), shell)


def test_a_file_that_is_written_is_told() -> None:
    found = effects_of_code("ed", Word("1,$w /etc/hosts"))
    assert [(touched.how, touched.word.text) for touched in found.touched] == [(Touch.WRITE, "/etc/hosts")]
