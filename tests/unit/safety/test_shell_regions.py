"""Where shell stands in documents of other kinds, and which place is which."""

from pathlib import PurePath

import pytest

from droid.safety.shell_regions import Region, region_at


def region(name: str, text: str, language: str = "") -> Region:
    """The region at the place that `¦` marks; the mark is taken away."""
    place = text.index("¦")
    found = region_at(PurePath("/work") / name, language, text.replace("¦", ""), place)
    assert found is not None
    offset = found.offset(place)
    assert offset is not None
    assert found.place(offset) == place
    return found


@pytest.mark.parametrize(
    ("name", "text", "shell"),
    [
        ("a.sh", "ls\nr¦m x\n", "ls\nrm x\n"),
        ("run", "#!/usr/bin/env bash\nr¦m x\n", "#!/usr/bin/env bash\nrm x\n"),
        ("Makefile", "x: y\n\t@-r¦m -rf $(OUT) $@\n\tls\n", "rm -rf ${xxx} $_"),
        ("Makefile", "x:\n\tfor i in a; do \\\n\t  r¦m $$i; done\n", "for i in a; do \\\n  rm  $i; done"),
        ("rules.mk", "x:\n\techo $(shell r¦m x)\n", "echo $(      rm x)"),
        ("Dockerfile", "FROM x\nRUN --mount=type=cache apt-get update && \\\n  r¦m x\n", "apt-get update && \\\n  rm x"),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n    - run: r¦m -rf x\n", "rm -rf x"),
        (".github/workflows/ci.yml", "a:\n- run: |\n    ls\n    r¦m ${{ a.b }}\n  x: 1\n", "ls\nrm ${xxxxxxx}\n"),
        (".github/workflows/ci.yml", "a:\n- run: >\n    ls\n    -¦l\n", "ls -l "),
        (".github/workflows/ci.yml", "a:\n- run: 'r¦m x'\n", "rm x"),
        (".gitlab-ci.yml", "build:\n  script:\n    - ls\n    - r¦m x\n", "rm x"),
        (".circleci/config.yml", "a:\n- run:\n    name: x\n    command: r¦m x\n", "rm x"),
        ("x/.factory/hooks.json", '{"PreToolUse": [{"hooks": [{"type": "command", "command": "r¦m x"}]}]}', "rm x"),
        ("package.json", '{"name": "x", "scripts": {"clean": "r¦m -rf dist"}}', "rm -rf dist"),
        ("a.droid.md", "# x\n\n```sh\nr¦m x\n```\n", "rm x\n"),
        ("README.md", "```console\n$ ls\nout\n$ r¦m x\n```\n", "rm x"),
    ],
)  # fmt: skip
def test_shell_is_found_in(name: str, text: str, shell: str) -> None:
    assert region(name, text).text == shell


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "import os¦"), ("Makefile", "x: ¦y\n\tls\n"), ("a.yml", "run: l¦s"), ("README.md", "`r¦m`"),
        ("README.md", "```py\nr¦m\n```"), (".github/workflows/a.yml", "a:\n- run: |\n    l¦s\n  shell: pwsh\n"),
        (".github/workflows/a.yml", "a: [¦"), ("package.json", '{"na¦me": "x"}'), ("Dockerfile", 'RUN ["r¦m"]\n'),
        ("x/.factory/hooks.json", '{"comm¦and'),
    ],
)  # fmt: skip
def test_there_is_no_shell_in(name: str, text: str) -> None:
    assert region_at(PurePath("/work") / name, "", text.replace("¦", ""), text.index("¦")) is None


def test_the_language_that_an_editor_names_counts() -> None:
    assert region("profile", "r¦m x", "shellscript").text == "rm x"
