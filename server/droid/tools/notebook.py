"""Jupyter notebooks as text: cells with their outputs, images apart.

Source: https://nbformat.readthedocs.io/en/latest/format_description.html (4.x, and the worksheets of
3.x). Files come from anywhere, so nothing about their shape is taken for granted.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from droid.domain.messages import ImagePart
from droid.tools.images import MAX_IMAGE_BYTES, image_part, media_type

MAX_IMAGES = 4
_MAX_OUTPUT_LINES = 60
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """A notebook to look at.

    Attributes:
        images: Of the outputs, the first few.
    """

    lines: tuple[str, ...]
    images: tuple[ImagePart, ...]


def read_notebook(data: bytes) -> Notebook | None:
    """Lay a notebook out as lines; None where the file is none."""
    try:
        root: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    cells = list(_cells(_mapping(root)))
    if not cells and "cells" not in _mapping(root):
        return None
    lines: list[str] = []
    images: list[ImagePart] = []
    for number, cell in enumerate(cells, 1):
        kind = _text(cell.get("cell_type")) or "cell"
        count = cell.get("execution_count")
        lines.append(f"--- cell {number}: {kind}{f' [{count}]' if isinstance(count, int) else ''} ---")
        lines += _text(cell.get("source", cell.get("input"))).splitlines()
        for output in _list(cell.get("outputs")):
            lines.append("--- output ---")
            lines += _output(_mapping(output), images)
    return Notebook(lines=tuple(lines), images=tuple(images))


def _cells(root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for sheet in [root, *map(_mapping, _list(root.get("worksheets")))]:
        yield from map(_mapping, _list(sheet.get("cells")))


def _output(output: Mapping[str, Any], images: list[ImagePart]) -> list[str]:
    data = _mapping(output.get("data"))
    if "traceback" in output:
        text = "\n".join(_text(line) for line in _list(output.get("traceback")))
    else:
        text = _text(output.get("text")) or _text(data.get("text/plain"))
    lines = _ANSI.sub("", text).splitlines()
    if len(lines) > _MAX_OUTPUT_LINES:
        lines = [*lines[:_MAX_OUTPUT_LINES], f"… {len(lines) - _MAX_OUTPUT_LINES} more lines …"]
    for kind in ("image/png", "image/jpeg"):
        if encoded := _text(data.get(kind)):
            lines.append(_image(encoded, images))
    return lines


def _image(encoded: str, images: list[ImagePart]) -> str:
    try:
        raw = base64.b64decode("".join(encoded.split()), validate=True)
    except (ValueError, binascii.Error):
        return "[an image that cannot be decoded]"
    kind = media_type(raw)
    if kind is None or len(raw) > MAX_IMAGE_BYTES or len(images) >= MAX_IMAGES:
        return f"[an image of {len(raw):,} bytes, not shown]"
    images.append(image_part(raw, kind))
    return f"[image {len(images)}]"


def _text(value: object) -> str:
    """A multi-line string: one string, or a list of them."""
    if isinstance(value, str):
        return value
    return "".join(part for part in _list(value) if isinstance(part, str))


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
