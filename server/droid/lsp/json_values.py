"""JSON of unknown shape, looked at without surprises."""

from collections.abc import Mapping
from typing import Any, cast


def object_of(value: object) -> Mapping[str, Any]:
    """The value where it is a JSON object, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """The value where it is a JSON array, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def text_of(value: object) -> str:
    """The value where it is a string, else an empty one."""
    return value if isinstance(value, str) else ""
