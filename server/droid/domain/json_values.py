"""Values of JSON that come from outside."""

import math
from typing import cast

_MAX_DEPTH = 64


def json_problem(value: object) -> str | None:
    """Why a value cannot be stored and shown everywhere: nested without end, or no number of JSON."""
    layer = [value]
    for _ in range(_MAX_DEPTH):
        inner: list[object] = []
        for entry in layer:
            if isinstance(entry, dict):
                inner += cast("dict[str, object]", entry).values()
            elif isinstance(entry, list):
                inner += cast("list[object]", entry)
            elif isinstance(entry, float) and not math.isfinite(entry):
                return "JSON knows no infinite numbers and no NaN"
        if not inner:
            return None
        layer = inner
    return f"nested more than {_MAX_DEPTH} levels deep"
