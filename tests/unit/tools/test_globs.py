"""Glob patterns."""

import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.errors import ToolFailed
from droid.tools.globs import compile_globs, name_globs, names_hidden
from droid.tools.ripgrep import find_ripgrep

PATHS = [
    "a.py",
    "A.PY",
    "b.ts",
    "src/a.py",
    "src/deep/a.py",
    "src/deep/b.tsx",
    "src/[x].py",
    "src/x-y.py",
    "lib/src/a.py",
    ".hid/a.py",
    ".env",
    "src/.env.local",
    "build/out.o",
    "Makefile",
    "a\nb.py",
]

CHOICES: list[tuple[str, list[str]]] = [
    ("*.py", ["a.py", "src/a.py", "src/deep/a.py", "src/[x].py", "src/x-y.py", "lib/src/a.py", "a\nb.py"]),
    ("**/*.py", ["a.py", "src/a.py", "src/deep/a.py", "src/[x].py", "src/x-y.py", "lib/src/a.py", "a\nb.py"]),
    ("/*.py", ["a.py", "a\nb.py"]),
    ("./*.py", ["a.py", "a\nb.py"]),
    ("src/*.py", ["src/a.py", "src/[x].py", "src/x-y.py"]),
    ("src/**/*.py", ["src/a.py", "src/deep/a.py", "src/[x].py", "src/x-y.py"]),
    ("src/**", ["src/a.py", "src/deep/a.py", "src/deep/b.tsx", "src/[x].py", "src/x-y.py"]),
    ("build/", ["build/out.o"]),
    ("**/deep/*", ["src/deep/a.py", "src/deep/b.tsx"]),
    ("*.{ts,tsx}", ["b.ts", "src/deep/b.tsx"]),
    ("{src,lib}/**/a.py", ["src/a.py", "src/deep/a.py", "lib/src/a.py"]),
    ("{src/*.py,build/*.o}", ["src/a.py", "src/[x].py", "src/x-y.py", "build/out.o"]),
    ("[ab].*", ["a.py", "b.ts", "src/a.py", "src/deep/a.py", "src/deep/b.tsx", "lib/src/a.py"]),
    ("[!a].??", ["A.PY", "b.ts"]),
    ("[[]x].py", ["src/[x].py"]),
    (r"\[x\].py", ["src/[x].py"]),
    ("x[-]y.py", ["src/x-y.py"]),
    ("*", [path for path in PATHS if not re.search(r"(^|/)\.", path)]),
    ("**", [path for path in PATHS if not re.search(r"(^|/)\.", path)]),
    (".env*", [".env", "src/.env.local"]),
    (".hid/**", [".hid/a.py"]),
    ("{.env,Makefile}", [".env", "Makefile"]),
    ("mak*", []),
    ("", []),
]


@pytest.mark.parametrize(("pattern", "wanted"), CHOICES)
def test_a_glob_chooses(pattern: str, wanted: list[str]):
    choice = compile_globs([pattern])
    assert [path for path in PATHS if choice.fullmatch(path)] == wanted


def test_several_globs_choose_what_any_of_them_does():
    choice = compile_globs(["*.ts", "Makefile"])
    assert [path for path in PATHS if choice.fullmatch(path)] == ["b.ts", "Makefile"]


@pytest.mark.parametrize("pattern", ["[a", "{a", "{a,b", "a}", "[z-a]", "src/{a,[b}"])
def test_a_malformed_glob_says_where(pattern: str):
    with pytest.raises(ToolFailed, match=re.escape(repr(pattern))):
        compile_globs([pattern])


@pytest.mark.parametrize(
    ("pattern", "hidden"),
    [
        ("*.py", False),
        ("./a", False),
        ("../a", False),
        (".env", True),
        ("src/.a/*", True),
        ("{a,.b}", True),
        ("a.b", False),
    ],
)
def test_a_pattern_asks_for_hidden_names_by_writing_the_dot(pattern: str, hidden: bool):
    assert names_hidden([pattern]) is hidden


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["*.py", "src/**/*.ts"], ["*.py", "*.ts"]),
        (["*.py", "src/**"], []),
        (["build/"], []),
        (["{a/b,c}"], []),
        (["a:b"], []),
    ],
)
def test_the_names_that_a_pattern_can_have(patterns: list[str], names: list[str]):
    assert name_globs(patterns) == names


PATTERN = st.text(st.sampled_from("ab.*?/[]{},!-\\^"), max_size=10)


@given(PATTERN)
def test_every_pattern_is_a_glob_or_malformed(pattern: str):
    with suppress(ToolFailed):
        compile_globs([pattern])


def test_globs_mean_what_they_mean_to_ripgrep(tmp_path: Path):
    """The same files are chosen as by `rg --glob`, where nothing is ignored."""
    names = [path for path in PATHS if path != "A.PY"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for pattern, _ in CHOICES:
        if not pattern or pattern.startswith("./") or pattern.endswith("/"):
            continue  # to ripgrep these are no pattern, match nothing, or match folders only
        listed = subprocess.run(
            [find_ripgrep(), "--files", "--null", "--no-ignore", "--hidden", f"--glob={pattern}"],
            cwd=tmp_path,
            capture_output=True,
        ).stdout.decode()
        choice = compile_globs([pattern])
        ours = {path for path in names if choice.fullmatch(path)}
        theirs = set(listed.split("\0")[:-1])
        if not names_hidden([pattern]):
            theirs = {path for path in theirs if not re.search(r"(^|/)\.", path)}
        assert ours == theirs, pattern
