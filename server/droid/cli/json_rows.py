"""JSON that a command line is given: an argument, or rows on standard input, one object a line."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO, cast

from droid.headless.exit_codes import UsageError


def json_object(text: str, where: str) -> Mapping[str, Any]:
    """The object that a text is.

    Raises:
        UsageError: it is none; the message says `where`.
    """
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: no JSON ({error})") from error
    if not isinstance(value, dict):
        raise UsageError(f"{where}: a JSON object is wanted, not {type(value).__name__}")
    return cast("dict[str, Any]", value)


def rows(stream: TextIO) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each row with where it stands; empty lines are left out.

    Raises:
        UsageError: a line is no JSON object.
    """
    for number, line in enumerate(stream, start=1):
        if line.strip():
            where = f"standard input, line {number}"
            yield where, json_object(line, where)
