"""Where a prompt comes from."""

import io
import sys
from pathlib import Path

import pytest

from droid.headless.exit_codes import UsageError
from droid.headless.options import ExecOptions
from droid.headless.prompt import read_prompt

HERE = Path("/")


class Stdin(io.TextIOWrapper):
    def __init__(self, data: bytes, *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data))
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize("prompt", [None, "-"])
def test_it_is_read_from_standard_input_where_nothing_else_is_given(
    prompt: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin("\ufeffgrüße\n".encode()))
    assert read_prompt(ExecOptions(workspace=HERE, prompt=prompt)) == "grüße\n"


def test_standard_input_is_left_alone_where_an_argument_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script's pipe may stay open for ever."""
    monkeypatch.setattr(sys, "stdin", None)
    assert read_prompt(ExecOptions(workspace=HERE, prompt="hello")) == "hello"


def test_it_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "p.md"
    file.write_text("from a file")
    assert read_prompt(ExecOptions(workspace=HERE, prompt_file=file)) == "from a file"


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        (None, "no prompt"),
        (Stdin(b"", terminal=True), "no prompt"),
        (Stdin(b""), "the prompt is empty"),
        (Stdin(b" \n\t"), "the prompt is empty"),
        (Stdin(b"ok \xff"), "not UTF-8 (byte 3)"),
        (Stdin(b"x" * (16 * 1024 * 1024 + 1)), "over 16 MiB"),
    ],
    ids=["closed", "terminal", "empty", "blank", "binary", "endless"],
)
def test_what_is_no_prompt_is_told_with_its_mend(
    stdin: Stdin | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(UsageError, match=told.replace("(", r"\(").replace(")", r"\)")):
        read_prompt(ExecOptions(workspace=HERE))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("missing", None, "cannot be read from .*missing: No such file"),
        ("empty", b"", "the prompt is empty"),
        ("binary", b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_prompt_is_told(name: str, data: bytes | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / name
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(UsageError, match=told):
        read_prompt(ExecOptions(workspace=HERE, prompt_file=file))


def test_two_prompts_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        read_prompt(ExecOptions(workspace=HERE, prompt="x", prompt_file=tmp_path / "y"))
