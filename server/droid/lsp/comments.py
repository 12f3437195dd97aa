"""Finds `droid:` comments: an instruction that a person left in the code, at the place it is about.

    # droid: make this iterative
    # and keep the tests green

The marker stands at the start of the comment. Comment lines that follow with the same leader in the
same column continue the instruction, up to a blank comment line or anything else. Lines count from 0
and characters are code points, because this feeds a protocol edge; only the prompt counts from 1.

Runs on the keystroke path: a text without the marker costs one substring search, and after a change
only a bounded window around it is looked at again. The bound on a comment's length and on the walk up
to the opening of a block comment is what makes that window exact.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from droid.lsp.comment_syntax import MARKER, CommentSyntax, block_end, starts_a_comment, syntax_of

MAX_COMMENT_LINES = 40
_MAX_BLOCK_LINES = 200
_BREAK = re.compile(r"\r\n|\n|\r")
_BLOCK_OPENING = re.compile(r"/\*|\(\*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DroidComment:
    """An instruction in a comment.

    Attributes:
        start_line: Line of the marker, from 0.
        end_line: Last line of the instruction, included.
        start_character: Where the comment's leader stands in its line, in code points.
        end_character: Behind the comment's last character in `end_line`.
        instruction: What is asked, without leaders; lines are joined by a line feed.
        text: The comment as written, leaders included.
    """

    start_line: int
    end_line: int
    start_character: int
    end_character: int
    instruction: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """Lines `start` up to `old_end` (not included) became lines `start` up to `new_end`."""

    start: int
    old_end: int
    new_end: int


def split_lines(text: str) -> list[str]:
    """Lines as LSP counts them: only `\\n`, `\\r\\n` and `\\r` end one, unlike `str.splitlines`."""
    return _BREAK.split(text) if "\r" in text else text.split("\n")


def has_marker(text: str) -> bool:
    """Whether a text can hold a `droid:` comment at all."""
    return MARKER in text.lower()


def find_comments(text: str, language_id: str = "") -> tuple[DroidComment, ...]:
    """All `droid:` comments of a text, in order. An empty instruction is not one yet."""
    if not has_marker(text):
        return ()
    return find_comments_in(split_lines(text), language_id)


def find_comments_in(
    lines: Sequence[str], language_id: str = "", first: int = 0, last: int | None = None
) -> tuple[DroidComment, ...]:
    """The comments that start in lines `first` up to `last` (not included)."""
    syntax = syntax_of(language_id)
    end = len(lines) if last is None else min(last, len(lines))
    return tuple(
        comment
        for number in range(max(first, 0), end)
        if MARKER in lines[number].lower() and (comment := _comment_at(lines, number, syntax))
    )


def rescan(
    previous: Sequence[DroidComment], lines: Sequence[str], change: LineChange, language_id: str = ""
) -> tuple[DroidComment, ...]:
    """What `find_comments` would say of `lines`, from what it said before a change of some lines."""
    first = max(0, change.start - MAX_COMMENT_LINES)
    new_last = change.new_end + _MAX_BLOCK_LINES
    shift = change.new_end - change.old_end
    above = [comment for comment in previous if comment.start_line < first]
    below = [
        replace(comment, start_line=comment.start_line + shift, end_line=comment.end_line + shift)
        for comment in previous
        if comment.start_line + shift >= new_last and comment.start_line >= change.old_end
    ]
    return (*above, *find_comments_in(lines, language_id, first, new_last), *below)


def fingerprint(comment: DroidComment) -> str:
    """Names an instruction by its words: moving, re-indenting or re-wrapping it changes nothing."""
    import hashlib  # its library costs the start more than all of this module

    words = " ".join(comment.instruction.split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def summary(comment: DroidComment, limit: int = 60) -> str:
    """One line for a lens or an action; longer ones end in `…`."""
    line = " ".join(comment.instruction.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def prompt_for(comment: DroidComment, path: str, language_id: str = "") -> str:
    """What the agent is told when a person runs a comment; lines in it count from 1.

    Args:
        path: As the agent's tools take it, normally relative to the workspace.
    """
    first, last = comment.start_line + 1, comment.end_line + 1
    where = f"line {first}" if first == last else f"lines {first}–{last}"
    kind = f" ({language_id})" if language_id else ""
    return (
        # The instruction first: a session is called after the first line of its first prompt.
        f"{comment.instruction}\n\n"
        f"A `droid:` comment in `{path}`{kind}, {where}, asks for this. Do it at that place: it is about "
        f"the code that the comment stands in or just above. Read the file first, since lines may have "
        f"moved. When it is done, remove the comment itself ({where}) and leave every other comment as it "
        f"is. If you cannot do it, leave the comment and say why."
    )


def _comment_at(lines: Sequence[str], number: int, syntax: CommentSyntax) -> DroidComment | None:
    line = lines[number]
    match = syntax.at_start.match(line)
    if match is None:
        match = syntax.behind_code.search(line)
        if match is None or not starts_a_comment(
            line[: match.start()], match["leader"], match["rest"], syntax
        ):
            return None
    elif _is_something_else(lines, number, match["leader"], match["rest"], syntax):
        return None
    start, leader = match.start("leader"), match["leader"]
    end = "*/" if leader == "*" else block_end(leader)
    pieces, last, last_character = (
        _block(lines, number, match.start("rest"), end, syntax)
        if end is not None
        else _lines_of(lines, number, start, leader, match["rest"])
    )
    if not any(pieces):
        return None
    return DroidComment(
        start_line=number,
        end_line=last,
        start_character=start,
        end_character=last_character,
        instruction="\n".join(pieces).strip(),
        text=_between(lines, number, start, last, last_character),
    )


def _lines_of(
    lines: Sequence[str], number: int, column: int, leader: str, rest: str
) -> tuple[list[str], int, int]:
    pieces, last = [rest.strip()], number
    for index in range(number + 1, min(number + MAX_COMMENT_LINES, len(lines))):
        line = lines[index]
        behind = column + len(leader)
        body = line[behind:].strip()
        if (
            line[:column].strip()
            or line[column:behind].lower() != leader.lower()
            or line[behind : behind + 1] == leader[-1]
            or not body
            or body.lower().startswith(MARKER)
        ):
            break
        pieces.append(body)
        last = index
    return pieces, last, len(lines[last].rstrip())


def _block(
    lines: Sequence[str], number: int, column: int, end: str, syntax: CommentSyntax
) -> tuple[list[str], int, int]:
    pieces: list[str] = []
    last, last_character = number, len(lines[number].rstrip())
    for index in range(number, min(number + MAX_COMMENT_LINES, len(lines))):
        line = lines[index]
        if index > number and syntax.at_start.match(line):
            break
        body = line[column:] if index == number else line
        closed = body.find(end)
        piece = (body if closed < 0 else body[:closed]).strip()
        if index > number and piece.startswith("*"):
            piece = piece.lstrip("*").strip()
        if index > number and not piece:
            if closed >= 0:
                last, last_character = index, closed + len(end)
            break
        pieces.append(piece)
        offset = column if index == number else 0
        last, last_character = index, len(line.rstrip())
        if closed >= 0:
            last_character = offset + closed + len(end)
            break
    return pieces, last, last_character


def _is_something_else(
    lines: Sequence[str], number: int, leader: str, rest: str, syntax: CommentSyntax
) -> bool:
    """A list item or a product for `*`, a string for a quote sign."""
    if leader == "*":
        return not _in_block(lines, number)
    return syntax.generic and leader in {'"', "'"} and leader in rest


def _in_block(lines: Sequence[str], number: int) -> bool:
    """Whether a line that begins with `*` continues a block comment that opened above it."""
    for index in range(number - 1, max(-1, number - _MAX_BLOCK_LINES), -1):
        line = lines[index]
        opening = _BLOCK_OPENING.search(line)
        if opening is not None:
            return line.find("*/", opening.end()) < 0 and line.find("*)", opening.end()) < 0
        if not line.lstrip().startswith("*"):
            return False
    return False


def _between(lines: Sequence[str], first: int, start: int, last: int, end: int) -> str:
    if first == last:
        return lines[first][start:end]
    return "\n".join((lines[first][start:], *lines[first + 1 : last], lines[last][:end]))
