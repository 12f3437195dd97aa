"""The text of a PDF, by a helper process (see `pdf_text`)."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from droid.domain.errors import ToolFailed
from droid.domain.ports import ToolContext
from droid.domain.processes import ProcessRequest

DEFAULT_PAGES = 20
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfPages:
    """Some pages of a PDF.

    Attributes:
        texts: From the first page asked for; fewer than asked for where they are long.
        pages: How many the PDF has.
    """

    texts: tuple[str, ...]
    pages: int


async def read_pdf(context: ToolContext, data: bytes, *, first: int, count: int, limit: int) -> PdfPages:
    """Extract the text of `count` pages from the `first` (from 1), at most `limit` characters.

    Raises:
        ToolFailed: it cannot be read; the message goes on from the file's name.
    """
    output: list[bytes] = []
    program = Path(__file__).with_name("pdf_text.py")
    request = ProcessRequest(
        argv=(sys.executable, "-I", "-W", "ignore", str(program), str(first), str(count), str(limit)),
        cwd=context.cwd,
        stdin=data,
        timeout_s=_TIMEOUT_S,
        label="reading a PDF",
    )
    result = await context.processes.run(request, output.append)
    if result.timed_out:
        raise ToolFailed(f"cannot be read as PDF: it takes more than {_TIMEOUT_S:.0f} s")
    answer = _answer(b"".join(output))
    if "error" in answer:
        raise ToolFailed(f"cannot be read as PDF: {answer['error']}")
    if result.exit_code != 0 or "pages" not in answer:
        raise ToolFailed(f"cannot be read as PDF: the reader ended with exit code {result.exit_code}")
    return PdfPages(texts=tuple(answer["texts"]), pages=answer["pages"])


def _answer(output: bytes) -> dict[str, Any]:
    """The last line that is a JSON object: the interpreter may have complained before it."""
    for line in reversed(output.splitlines()):
        try:
            value: object = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
    return {}
