"""The folder a shell ends up in is learnt without the command noticing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from droid.domain.errors import ToolFailed
from droid.tools.shell import Shell, _find_shell, find_shell, read_folder  # pyright: ignore[reportPrivateUsage]

SHELLS = [Shell(program=program) for name in ("bash", "dash") if (program := shutil.which(name))]


def run(shell: Shell, command: str, cwd: Path) -> tuple[int, str, Path | None]:
    file = cwd / ".folder"
    done = subprocess.run(
        shell.argv(command, file), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    folder = read_folder(file)
    assert not file.exists()
    return done.returncode, done.stdout, folder


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: Path(shell.program).name)
@pytest.mark.parametrize(
    ("command", "code", "output", "folder"),
    [
        ("true", 0, "", "."),
        ("cd sub", 0, "", "sub"),
        ("cd sub; exit 3", 3, "", "sub"),
        ("cd sub && false", 1, "", "sub"),
        ("set -e; cd sub; false; cd ..", 1, "", "sub"),
        ("set -u; cd sub; echo hi", 0, "hi\n", "sub"),
        ("(cd sub)", 0, "", "."),
        ("cd sub; (exit 7)", 7, "", "sub"),
        ("cd sub; cd ..; cd sub", 0, "", "sub"),
        ("cd sub; exec >&- 2>&-; exit 4", 4, "", "sub"),
        ("exec >log 2>&1; cd sub; echo hi", 0, "", "sub"),
        ("set -C; cd sub", 0, "", "sub"),
        ("set -f; cd sub", 0, "", "sub"),
        ("cd sub; f() { return 6; }; f", 6, "", "sub"),
        ("cd sub; unset PWD", 0, "", "sub"),
        ("PATH=; cd sub", 0, "", "sub"),
        ("cd 'with space'", 0, "", "with space"),
        ("cd \"$(printf 'two\\nlines')\"", 0, "", "two\nlines"),
        ("cd sub; sleep 0 & wait", 0, "", "sub"),
        ("cd sub\ncat <<X\nhere\nX", 0, "here\n", "sub"),
        ("cd sub; exec true", 0, "", None),
        ("cd sub; trap 'echo bye' EXIT", 0, "bye\n", None),
        ("cd sub; kill -9 $$", -9, "", None),
        ('echo "$#,$*"', 0, "0,\n", "."),
        ("cd sub; rmdir ../gone", 0, "", "sub"),
    ],
)
def test_a_command_runs_as_if_nobody_followed_it(
    tmp_path: Path, shell: Shell, command: str, code: int, output: str, folder: str | None
) -> None:
    tmp_path = tmp_path.resolve()
    for name in ("sub", "with space", "two\nlines", "gone"):
        (tmp_path / name).mkdir()
    expected = None if folder is None else tmp_path / folder
    assert run(shell, command, tmp_path) == (code, output, expected)


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: Path(shell.program).name)
def test_tracing_shows_the_command_and_nothing_of_ours(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "sub").mkdir()
    code, output, folder = run(shell, "set -x; cd sub; echo hi", tmp_path.resolve())
    assert (code, folder) == (0, tmp_path.resolve() / "sub")
    assert output.replace("++", "+") == "+ cd sub\n+ echo hi\nhi\n"


def test_errors_count_the_command_s_own_lines(tmp_path: Path) -> None:
    _, output, _ = run(find_shell(), "true\nno-such-command\n", tmp_path)
    assert "line 2: no-such-command: command not found" in output
    _, output, _ = run(find_shell(), "if", tmp_path)
    assert "_droid" not in output
    assert "syntax error" in output


def test_the_shell_is_not_told_its_folder_by_a_variable_of_ours(tmp_path: Path) -> None:
    _, output, _ = run(find_shell(), "env", tmp_path)
    assert "_droid" not in output


def test_bash_is_taken_where_there_is_one_and_else_sh(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "sh").symlink_to("/bin/sh")
    (tmp_path / "two" / "bash").symlink_to("/bin/sh")
    found = _find_shell(os.pathsep.join(["", str(tmp_path / "one"), str(tmp_path / "two")]))
    assert (found.program, found.note) == (str(tmp_path / "two" / "bash"), "")


def test_a_machine_without_bash_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bash").mkdir()
    (tmp_path / "sh").symlink_to("/bin/sh")
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).parent == tmp_path)
    found = _find_shell(str(tmp_path))
    assert found.program == str(tmp_path / "sh")
    assert "no bash" in found.note
    monkeypatch.setattr(os, "access", lambda path, _: False)
    with pytest.raises(ToolFailed, match="no shell"):
        _find_shell(f"{tmp_path}{os.pathsep}")


@pytest.mark.parametrize("content", [b"", b"\n", b"relative\n", b"\xff\xfe"])
def test_what_is_no_folder_is_not_taken_for_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    assert read_folder(tmp_path / "f") is None
    assert read_folder(tmp_path / "f") is None
