"""Cuts SQL into statements of words, and clients' own commands out of it.

Dialects differ in what a comment, a string or a name is. Where a reading could hide a statement, what would
be hidden is read as well.
"""

import re
from dataclasses import dataclass, field

from droid.safety.commands.languages.findings import Findings, Unreadable

_WORD = re.compile(r"[A-Za-z_\x80-\U0010ffff@#$][\w$#@\x80-\U0010ffff]*|\0+[\w\0]*")
_DOLLAR = re.compile(r"\$(?:[A-Za-z_]\w*)?\$")
_MOST_WORDS = 20_000
_MOST_COMMANDS = 200
_NUMBER = re.compile(r"\d[\w.]*")


@dataclass(slots=True)
class Statement:
    """A statement.

    Attributes:
        words: In capitals, with punctuation; a string is `'`, a quoted name is `"`.
        strings: The texts of its strings, in order.
    """

    words: list[str] = field(default_factory=list[str])
    strings: list[str] = field(default_factory=list[str])


class SqlLexer:
    """Goes through the text once.

    Attributes:
        commands: Lines that are for the client: `\\! ls`, `.shell ls`, without their first mark.
    """

    def __init__(self, text: str, found: Findings) -> None:
        self._text = text
        self._found = found
        self._at: int = 0
        self._hints = 0
        self._count = 0
        self.statements: list[Statement] = [Statement()]
        self.commands: list[tuple[str, str]] = []

    def read(self) -> None:
        """Fill `statements` and `commands`.

        Raises:
            Unreadable: a string or a comment is not closed.
        """
        text = self._text
        while self._at < len(text):
            char = text[self._at]
            if char.isspace():
                self._at += 1
            elif self._fresh() and self._client_line(char):
                continue
            elif char == "\\" and not text.startswith("\\\\", self._at):
                self._backslash()
            elif text.startswith("--", self._at) or (char == "#" and self._hash_is_comment()):
                self._skip_line()
            elif self._hints and text.startswith("*/", self._at):
                self._hints -= 1
                self._at += 2
            elif text.startswith("/*", self._at):
                self._block_comment()
            elif char in "'\"`":
                self._quoted(char)
            elif char == "[" and (end := text.find("]", self._at)) > 0 and "'" not in text[self._at : end]:
                self._at += 1
            elif char == "$" and (found := _DOLLAR.match(text, self._at)) is not None:
                self._dollar(found[0])
            elif char == ";":
                self.statements.append(Statement())
                self._at += 1
            elif (found := _WORD.match(text, self._at) or _NUMBER.match(text, self._at)) is not None:
                self._add(found[0].upper())
                self._at = found.end()
            else:
                self._add(char)
                self._at += 1

    def _add(self, word: str) -> None:
        self._count += 1
        if self._count > _MOST_WORDS:
            raise Unreadable("it is too long")
        self.statements[-1].words.append(word)

    def _fresh(self) -> bool:
        """Whether a statement begins here, or a line with a mark that only clients know."""
        if not self.statements[-1].words:
            return True
        return self._text[self._at] in ":!" and self._text[self._at - 1] == "\n"

    def _hash_is_comment(self) -> bool:
        """`#` begins a comment in MySQL, and is an operator elsewhere: then the rest is code."""
        return not self.statements[-1].words or self._text[self._at - 1 : self._at] in " \t\n;"

    def _skip_line(self) -> None:
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        hidden = self._text[self._at : end]
        # MySQL wants a space behind `--`, others know no `#`.
        plain = hidden.startswith("--") and hidden[2:3] in ("", " ", "\t", "\r", "-", "=")
        if not plain and re.search(r";|\\!", hidden):
            raise Unreadable("a comment of which it cannot be told whether it is one")
        self._at = end

    def _block_comment(self) -> None:
        text = self._text
        end = text.find("*/", self._at + 2)
        if end < 0:
            raise Unreadable("a comment is not closed")
        body = text[self._at + 2 : end]
        runs = re.match(r"!\d*|M!\d*|\+", body)
        if runs is not None and not body.startswith("+"):
            # MySQL runs what stands in it.
            self._hints += 1
            self._at += 2 + runs.end()
            return
        if "/*" in body:
            # PostgreSQL lets comments stand within comments, others do not.
            raise Unreadable("a comment within a comment")
        self._at = end + 2

    def _quoted(self, mark: str) -> None:
        text, start = self._text, self._at + 1
        end, escaped = start, False
        while True:
            end = text.find(mark, end)
            if end < 0:
                raise Unreadable("a string is not closed")
            backslashes = 0
            while end - backslashes > start and text[end - backslashes - 1] == "\\":
                backslashes += 1
            if backslashes % 2 and mark != "`":
                escaped = True
            if text.startswith(mark * 2, end):
                end += 2
                continue
            break
        if escaped:
            # Whether a backslash escapes depends on the dialect: neither reading may hide a statement.
            last = text.rfind(mark)
            if re.search(r";|\\!|--|/\*|\w\s*\(|\binto\b", text[start:last], re.IGNORECASE):
                raise Unreadable("a string of which it cannot be told where it ends")
            end = max(end, last)
        body = text[start:end]
        self._at = end + 1
        if mark == "'":
            self._add("'")
            self.statements[-1].strings.append(body)
        elif mark == '"':
            self._add('"')
            self.statements[-1].strings.append(body)
        else:
            self._add("`")

    def _dollar(self, mark: str) -> None:
        end = self._text.find(mark, self._at + len(mark))
        if end < 0:
            raise Unreadable("a string is not closed")
        body = self._text[self._at + len(mark) : end]
        if self.statements[-1].words[:1] == ["DO"] or "FUNCTION" in self.statements[-1].words[:5]:
            self._found.medium("runs a block of code in the database")
        if ";" in body and self.statements[-1].words[:1] != ["CREATE"]:
            # A block of code, or a text where dollars mean nothing.
            self._found.high("runs a block of code in the database")
        self._add("'")
        self.statements[-1].strings.append(body)
        self._at = end + len(mark)

    # --- the client's own commands ---------------------------------------------------------------

    def _client_line(self, char: str) -> bool:
        """A command of the client that takes the line: `.tables`, `!ls`, `source x`, `:r x`."""
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        line = self._text[self._at : end]
        found = re.match(
            r"(\.[a-zA-Z]\w*|!!|!|:\w+|:!!|(?:source|system|tee|pager|edit|host|spool|start)\b|@@?(?=[\w./]))(.*)",
            line,
            re.IGNORECASE,
        )
        if found is None:
            return False
        if found[1].lower() == "start" and re.match(r"\s+transaction\b", found[2], re.IGNORECASE):
            return False
        self.commands.append((found[1].lower(), found[2].strip().rstrip(";").strip()))
        self._at = end
        return True

    def _backslash(self) -> None:
        """A command of `psql` or `mysql`: up to the end of the line, or the next backslash."""
        found = re.compile(r"\\(!|[A-Za-z]+\+?|\?|\.|;|:|\S)[ \t]*([^\n]*)").match(self._text, self._at)
        if found is None:
            self._at += 1
            return
        self.commands.append(("\\" + found[1], found[2].strip()))
        if len(self.commands) > _MOST_COMMANDS:
            raise Unreadable("it has too many commands for the client")
        if found[1] in ("!", "copy", "o", "w", "g", "gx", "i", "ir", "."):
            self._at = found.end()
            return
        # What follows may be another command or the rest of a statement.
        self._at = found.end(1)
        if found[1] not in ("g", "gx", "G", ";", "crosstabview"):
            self._at = self._end_of_words(found.start(2), found.end())
        self.statements.append(Statement())

    def _end_of_words(self, start: int, end: int) -> int:
        at = self._text.find("\\", start, end)
        return at if at >= 0 else end
