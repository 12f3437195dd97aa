"""Rows of JSON on standard input, one object a line."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO, cast

from droid.headless.exit_codes import UsageError


def rows(stream: TextIO) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each row with where it stands; empty lines are left out.

    Raises:
        UsageError: a line is no JSON object.
    """
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        where = f"standard input, line {number}"
        try:
            row: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{where}: no JSON ({error})") from error
        if not isinstance(row, dict):
            raise UsageError(f"{where}: a JSON object is wanted, not {type(row).__name__}")
        yield where, cast("dict[str, Any]", row)
