"""What a session document is begun with, and a person's words as they stand in it."""

from collections.abc import Sequence

from droid.lsp.markdown_prose import prose_line
from droid.lsp.markdown_text import one_line, visible
from droid.lsp.session_headings import YOU_HEADING, escaped, marker


def new_document(session_id: str | None, title: str) -> str:
    """An empty conversation, ready to be written into."""
    return f"{title_line(title)}\n\n{marker(session_id)}\n\n{YOU_HEADING}\n\n"


def title_line(title: str) -> str:
    """The first line of a document."""
    return f"# {prose_line(one_line(title, 100)) or 'Droid'}"


def frozen(prompt: str) -> str:
    """A prompt as it stands in a document: nothing in it is structure, and no code block stays open."""
    lines = visible(prompt).strip("\n").split("\n")
    end = open_fence(lines)
    return "\n".join([*map(escaped, lines), *([end] if end else [])]).rstrip()


def open_fence(lines: Sequence[str]) -> str | None:
    """What would close the code block that a person's lines leave open; None where none is open."""
    run = ""
    for line in lines:
        bare = line.strip()
        if run:
            run = "" if len(bare) >= len(run) and not bare.strip(run[0]) else run
        else:
            for sign in "`~":
                length = len(bare) - len(bare.lstrip(sign))
                if length >= 3 and (sign == "~" or "`" not in bare[length:]):
                    run = sign * length
    return run or None
