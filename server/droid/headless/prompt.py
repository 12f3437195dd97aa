"""Where the prompt of a headless run comes from: the argument, a file, or standard input."""

import sys
from pathlib import Path

from droid.headless.exit_codes import UsageError
from droid.headless.options import ExecOptions

_MAX_PROMPT_BYTES = 16 * 1024 * 1024


def read_prompt(options: ExecOptions) -> str:
    """The prompt's text, never blank.

    Standard input is read only where neither an argument nor a file is given, so that a run in a
    script does not wait for a pipe that nobody writes to.

    Raises:
        UsageError: there is none, it is blank, too long, or not text.
    """
    given = options.prompt is not None and options.prompt != "-"
    if given and options.prompt_file is not None:
        raise UsageError("a prompt and --file exclude each other; give one")
    if options.prompt_file is not None:
        prompt = read_text(options.prompt_file, "the prompt")
    elif given:
        prompt = options.prompt or ""
    else:
        prompt = _from_stdin()
    if not prompt.strip():
        raise UsageError("the prompt is empty; give it as an argument, with --file, or on standard input")
    return prompt


def read_text(path: Path, what: str) -> str:
    """The text of a file that a flag names; `what` says for messages what it is.

    Raises:
        UsageError: it cannot be read, is too long, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_PROMPT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{what} cannot be read from {path}: {error.strerror}") from error
    return _decode(data, f"{what} in {path}")


def _from_stdin() -> str:
    stdin = sys.stdin
    if stdin is None or stdin.closed:  # pyright: ignore[reportUnnecessaryComparison] - None where it was closed
        raise UsageError("no prompt; give it as an argument, with --file, or on standard input")
    try:
        if stdin.isatty():
            raise UsageError("no prompt; give it as an argument, with --file, or on standard input")
        data = stdin.buffer.read(_MAX_PROMPT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the prompt cannot be read from standard input: {error.strerror}") from error
    return _decode(data, "the prompt on standard input")


def _decode(data: bytes, what: str) -> str:
    if len(data) > _MAX_PROMPT_BYTES:
        raise UsageError(
            f"{what} is over {_MAX_PROMPT_BYTES // 1024 // 1024} MiB; put it in a file and name that"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} is not UTF-8 (byte {error.start})") from error
