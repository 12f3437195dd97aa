"""A program of its own: PDF on standard input, the text of some pages as JSON on standard output.

    python -I pdf_text.py FIRST COUNT MAX_CHARACTERS

A PDF is a program for a complicated machine, written by anybody. It is read in a process that has a
limit on memory and time and can be ended, never in the server. Imports nothing of this package.

Output, one line: `{"pages": 12, "texts": ["…", …]}`, or `{"error": "…"}`.
"""

import io
import json
import logging
import sys
import warnings

_MAX_MEMORY_BYTES = 2 * 1024**3


def main(arguments: list[str]) -> None:
    first, count, limit = map(int, arguments)
    logging.disable(logging.CRITICAL)  # its warnings would mix with the answer
    warnings.simplefilter("ignore")
    _limit_memory()
    try:
        answer = _extract(sys.stdin.buffer.read(), first, count, limit)
    except ImportError:
        answer = {"error": "the library that reads it is missing (`pip install pypdf`)"}
    except MemoryError:
        answer = {"error": "it needs too much memory"}
    except Exception as error:  # the process boundary: pypdf raises whatever broken files provoke
        answer = {"error": f"it is damaged or unusual ({type(error).__name__}: {str(error)[:200]})"}
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


def _extract(data: bytes, first: int, count: int, limit: int) -> dict[str, object]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(io.BytesIO(data))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "it is encrypted and needs a password"}
    except DependencyError:
        return {"error": "it is encrypted in a way that cannot be undone here"}
    texts: list[str] = []
    for index in range(first - 1, min(first - 1 + count, len(reader.pages))):
        text = reader.pages[index].extract_text()
        texts.append(text[: max(0, limit)])
        limit -= len(text)
        if limit <= 0:
            break
    return {"pages": len(reader.pages), "texts": texts}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MAX_MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(hard, _MAX_MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
