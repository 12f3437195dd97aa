"""Which `droid:` comments were typed here, in this editor, and which merely came with a file.

A comment is an instruction to an agent, and a repository is written by many. What a pull, a paste, a
completion or the agent itself brought is untrusted text: it is shown in full and confirmed before it
runs. So a comment is trusted only where it was seen to grow by keystrokes. Everything unsure is
untrusted, since the price of that is one confirmation.

Not typing, and why:

- one change that brings a marker together with words of its instruction, however short: nobody types
  `droid:` and a word in one keystroke, but a reload after `git pull` arrives as just such a change;
- one change of more than `MAX_TYPED_CHARACTERS` or of more than one line with text on it: a paste, a
  snippet or an accepted completion, whose words another person or a model chose;
- a change to a comment that was untrusted before: mending a typo in somebody's instruction does not
  make it one's own;
- whatever an edit of the server's contains.
"""

from dataclasses import dataclass, field

from droid.lsp.comments import (
    DroidComment,
    LineChange,
    find_comments,
    fingerprint,
    has_marker,
    rescan,
    split_lines,
)

MAX_TYPED_CHARACTERS = 40


@dataclass(slots=True, kw_only=True)
class _Document:
    language_id: str
    text: str
    comments: tuple[DroidComment, ...]
    typed: set[str] = field(default_factory=set[str])
    foreign: set[str] = field(default_factory=set[str])
    expected: list[str] = field(default_factory=list[str])


class CommentProvenance:
    """Follows the open documents of one editor. Fingerprints only; unknown means untrusted."""

    def __init__(self) -> None:
        self._documents: dict[str, _Document] = {}

    def opened(self, uri: str, text: str, language_id: str = "") -> None:
        """A document was opened: what it holds was written elsewhere."""
        comments = find_comments(text, language_id)
        self._documents[uri] = _Document(
            language_id=language_id,
            text=text,
            comments=comments,
            foreign={fingerprint(comment) for comment in comments},
        )

    def closed(self, uri: str) -> None:
        """A document was closed: nothing in it is trusted when it comes back."""
        self._documents.pop(uri, None)

    def expect_server_edit(self, uri: str, text_after: str) -> None:
        """The server is about to edit the document; call before the edit is sent.

        The comments that it brings are never trusted, also where the person's typing gets in
        between and the document becomes something else than `text_after`.
        """
        document = self._documents.get(uri)
        if document is None:
            return
        known = {fingerprint(comment) for comment in document.comments}
        brought = {fingerprint(comment) for comment in find_comments(text_after, document.language_id)}
        document.foreign |= brought - known
        document.expected.append(text_after)

    def server_edit_done(self, uri: str) -> None:
        """The client has answered the edit, well or not: what follows may be typing again."""
        if document := self._documents.get(uri):
            document.expected.clear()

    def changed(self, uri: str, new_text: str, *, from_client: bool = True) -> None:
        """A document has a new text.

        Call once for each change where the protocol tells them apart: several keystrokes seen as one
        change count as a paste once they bring a whole comment.

        Args:
            from_client: False where the text came from the disk or from the server.
        """
        document = self._documents.get(uri)
        if document is None:
            self.opened(uri, new_text)
            return
        old_text = document.text
        if new_text == old_text:
            return
        document.text = new_text
        if not document.comments and not has_marker(new_text):
            document.expected = [text for text in document.expected if text != new_text]
            return
        typing = from_client and not document.expected
        document.expected = [text for text in document.expected if text != new_text]
        self._compare(document, old_text, typing)

    def is_trusted(self, uri: str, comment: DroidComment) -> bool:
        """Whether this instruction was typed here since the document was opened."""
        document = self._documents.get(uri)
        if document is None:
            return False
        name = fingerprint(comment)
        return name in document.typed and name not in document.foreign

    def _compare(self, document: _Document, old_text: str, typing: bool) -> None:
        inserted, lines = _change(old_text, document.text)
        old = document.comments
        new = rescan(old, split_lines(document.text), lines, document.language_id)
        document.comments = new
        known = {fingerprint(comment) for comment in old}
        typing = typing and _looks_typed(inserted)
        for comment in new:
            name = fingerprint(comment)
            if name in known:
                continue
            before = [one for one in old if _became(one, comment, lines)]
            # A comment may hold no more than was typed into it, or existing text of the file would
            # become an instruction by a marker set before it, or by deleting what stood between.
            budget = _size(inserted) + sum(_size(one.instruction) for one in before)
            if (
                typing
                and _touches(comment, lines.start, lines.new_end)
                and all(fingerprint(one) in document.typed for one in before)
                and _size(comment.instruction) <= budget
            ):
                document.typed.add(name)
            else:
                document.foreign.add(name)
        document.typed &= {fingerprint(comment) for comment in new}


def _size(text: str) -> int:
    """Characters that say something: a continued instruction gains a line break that nobody typed."""
    return sum(map(len, text.split()))


def _looks_typed(inserted: str) -> bool:
    written = [line for line in inserted.split("\n") if line.strip()]
    if len(inserted) > MAX_TYPED_CHARACTERS or len(written) > 1:
        return False
    _, marker, instruction = inserted.lower().partition("droid:")
    return not (marker and instruction.strip())


def _became(old: DroidComment, new: DroidComment, lines: LineChange) -> bool:
    """Whether a comment may come from another one: same start above the change, or touched by it."""
    same_start = old.start_line == new.start_line and old.start_line <= lines.start
    return same_start or _touches(old, lines.start, lines.old_end)


def _touches(comment: DroidComment, start: int, end: int) -> bool:
    return comment.start_line < end and comment.end_line >= start


def _change(old: str, new: str) -> tuple[str, LineChange]:
    """Where two texts differ: what was inserted, and the lines on both sides."""
    start = _common_prefix(old, new)
    tail = _common_suffix(old, new, min(len(old), len(new)) - start)
    return (
        new[start : len(new) - tail],
        LineChange(
            start=_line_at(new, start),
            old_end=_line_at(old, len(old) - tail) + 1,
            new_end=_line_at(new, len(new) - tail) + 1,
        ),
    )


def _line_at(text: str, offset: int) -> int:
    return len(split_lines(text[:offset])) - 1 if "\r" in text else text.count("\n", 0, offset)


def _common_prefix(left: str, right: str) -> int:
    """Length of what both begin with; by halving, so that the comparing is done in C."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(left: str, right: str, longest: int) -> int:
    """Length of what both end with, `longest` at most."""
    low, high = 0, longest
    left_end, right_end = len(left), len(right)
    while low < high:
        middle = (low + high + 1) // 2
        if left[left_end - middle : left_end - low] == right[right_end - middle : right_end - low]:
            low = middle
        else:
            high = middle - 1
    return low
