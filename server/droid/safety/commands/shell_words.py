"""The words of a line of shell: what they mean where they stand, and what runs within them.

A `WordReader` turns nodes of the syntax tree into words. Values of variables are followed where a line sets
them once, unconditionally, in plain sight; everything else about them is unknown. What runs in a substitution
is handed to whoever walks the line.
"""

import posixpath
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from droid.safety.commands import expansion
from droid.safety.commands.model import SimpleCommand
from droid.safety.commands.pipes import output_of
from droid.safety.commands.shell_state import Block, Place, Surroundings
from droid.safety.commands.words import UNKNOWN, Word

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")
_MISSED = re.compile(r"(?<!\\)(?:\\\\)*\$(?:\\\n)*[A-Za-z_0-9@*#?$!-]")
_QUOTES = re.compile(r"\\\n|[\\'\"]")
_PLAIN = re.compile(rb"[A-Za-z0-9_./:@%+,=-]+")
# What may set a variable in another way than by `name=value` in plain sight.
_NOT_FOLLOWED = re.compile(
    r"\b(?:read|mapfile|readarray|getopts|source|let|select|unset|shopt|nameref)\b|:=|\(\("
    r"|(?:^|[;&|({\n])\s*\.\s|\b(?:then|do|else|if|while|until|time|command|builtin)\s+\.\s|!\s+\.\s"
    r"|printf\s+-v|\b(?:declare|local|typeset|export|readonly)\s+(?:[-+]\w+\s+)*-\w*n|\bIFS="
)
# What `eval` sets is not followed, but what was set before is, where nothing runs a second time.
_EVAL = re.compile(r"\beval\b")
_REPEATS = re.compile(r"\b(?:while|until|for|select|function|trap)\b|\(\s*\)")
_OTHER_FOLDER = re.compile(r"~([+-])(?=/|$)")
_SETS_FOLDER = re.compile(r"(?<![$\w{])(?:OLD)?PWD\b|\bpwd\s*\(|\balias\b|function\s+pwd\b")
_SETS_HOME = re.compile(r"(?<![$\w{])HOME\b")
_SEEN_WITHIN = frozenset(
    {"command_substitution", "process_substitution", "expansion", "arithmetic_expansion", "simple_expansion"}
)
WORD_NODES = frozenset(
    {
        "word", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation", "number",
        "simple_expansion", "expansion", "command_substitution", "process_substitution",
        "arithmetic_expansion", "brace_expression", "extglob_pattern", "regex", "variable_name",
        "special_variable_name", "test_operator", "array",
    }
)  # fmt: skip


class WordReader(ABC):
    """Reads the words of one line.

    Args:
        text: The line; `data` is the same in UTF-8, which the tree's offsets count.
    """

    def __init__(self, text: str, data: bytes, around: Surroundings) -> None:
        self._text, self._data, self._around = text, data, around
        self._visited: set[int] = set()
        self._quiet: list[tuple[int, int]] = []
        self._quoted: list[str] = []
        self._variables: dict[str, tuple[str, Block]] = {
            name: (value, ()) for name, value in around.variables.items()
        }
        self._in_function = False
        self._in_program = False
        self._blocks = 0
        self._strings: list[tuple[int, int]] = []
        self._folders: tuple[Word, ...] = around.command.folders
        self._old_folders: tuple[Word, ...] = ()
        self._home = UNKNOWN if _SETS_HOME.search(text) else around.home
        # Quotes within a name hide it from no shell: `re\\ad c`.
        self._plain = _QUOTES.sub("", text)
        self._sets_arguments = re.search(r"\bset\b", self._plain) is not None
        self._until_eval = _EVAL.search(self._plain) is not None
        self._follows = (
            ("=" in text or "for" in text)
            and not _NOT_FOLLOWED.search(self._plain)
            and not (self._until_eval and _REPEATS.search(self._plain))
        )
        self._often = self._assigned_often() if self._follows else frozenset[str]()

    @abstractmethod
    def _cannot_tell(self, why: str) -> None:
        """More may run than can be told."""

    @abstractmethod
    def _visit_later(self, node: "Node", place: Place) -> None:
        """A statement within a word runs, too."""

    @abstractmethod
    def _substitution(self, node: "Node", place: Place) -> None:
        """What is within `$(…)` or backticks runs."""

    @abstractmethod
    def _process(self, node: "Node", place: Place) -> None:
        """What is within `<(…)` or `>(…)` runs."""

    @abstractmethod
    def _shell_text(self, text: str, place: Place) -> None:
        """A text runs as part of the line."""

    def _block(self, place: Place) -> Place:
        self._blocks += 1
        return replace(place, block=(*place.block, self._blocks))

    # --- words that belong together --------------------------------------------------------------

    def _touches(self, left: "Node", right: "Node") -> bool:
        """Whether two words are one to the shell: nothing stands between them, or only a continued line."""
        gap = self._data[left.end_byte : right.start_byte]
        return not gap.replace(b"\\\n", b"")

    def _joined_words(self, nodes: Sequence["Node"], place: Place) -> tuple[Word, ...]:
        """The words of nodes that the parser parted and the shell does not."""
        if len(nodes) == 1:
            return self._words(nodes[0], place)
        marked = self._join([self._marked(node, place) for node in nodes], place)
        return self._finished(marked, place)

    def _finished(self, marked: str, place: Place) -> tuple[Word, ...]:
        found = _OTHER_FOLDER.match(marked)
        if found is not None:
            folder = self._value("PWD" if found[1] == "+" else "OLDPWD", place)
            marked = (UNKNOWN if folder is None else expansion.quoted(folder)) + marked[2:]
        return expansion.finish(marked, self._home)

    def _join(self, parts: Sequence[str], place: Place) -> str:
        """Pieces of an unquoted word, with the variables that the parser has torn from their `$`."""
        if not any(part.endswith("$") for part in parts[:-1]):
            return "".join(parts)
        made = ""
        for part in parts:
            if made.endswith("$"):
                found = _NAME.match(part)
                if found is not None:
                    made = made[:-1] + self._variable(found[0], place, is_quoted=False)
                    part = part[found.end() :]
                elif part.startswith(("{", "(")):
                    self._cannot_tell("the command cannot be parsed")
            made += part
        return made

    # --- variables -------------------------------------------------------------------------------

    def _assignment(self, node: "Node", place: Place, *, keeps: bool = True) -> tuple[str, Word]:
        target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        name = self._slice(target) if target is not None else ""
        plain = target is not None and target.type == "variable_name"
        if target is not None and not plain:
            self._substitutions(target, place)
        words = self._words(value, place) if value is not None else ()
        adds = any(child.type == "+=" for child in node.children)
        one = words[0] if len(words) == 1 else Word("" if value is None else UNKNOWN)
        if value is not None and value.type == "array":
            one = Word(UNKNOWN)
        if not plain or adds:
            one = Word(UNKNOWN)
        if keeps:
            self._assign(name, one if one.known else None, place.block)
        return name, one

    def _assign(self, name: str, value: Word | None, block: Block) -> None:
        if value is None or not self._follows or name in self._often or self._in_function:
            self._variables.pop(name, None)
        else:
            self._variables[name] = (value.text, block)

    def _assigned_often(self) -> frozenset[str]:
        names = re.findall(r"\b([A-Za-z_]\w*)\+?=", self._plain)
        names += re.findall(r"\bfor\s+([A-Za-z_]\w*)", self._plain)
        parts = re.findall(r"\b([A-Za-z_]\w*)\[[^\]]*\]\+?=", self._plain)
        return frozenset(name for name in names if names.count(name) > 1) | frozenset(parts)

    def _value(self, name: str, place: Place) -> str | None:
        """The value of a variable, where it is known at a place."""
        known = self._variables.get(name)
        if known is not None:
            value, block = known
            return value if place.block[: len(block)] == block else None
        if name == "HOME":
            return self._home if self._home != UNKNOWN else None
        if name in ("PWD", "OLDPWD"):
            return self._folder(name)
        is_argument = name.isdigit() and name != "0"
        if (is_argument or name in "@*") and self._around.arguments_are_empty and not self._in_function:
            return "" if not self._sets_arguments else None
        return None

    def _folder(self, name: str) -> str | None:
        """What `$PWD` or `$OLDPWD` is, where that is known from the root on."""
        if _SETS_FOLDER.search(self._plain):
            return None
        folders = self._folders if name == "PWD" else self._old_folders
        if not folders and name == "OLDPWD":
            return None
        only = folders[0] if len(folders) == 1 else Word("" if not folders else UNKNOWN)
        if not only.known or not (only.text.startswith("/") or self._around.cwd):
            return None
        return posixpath.normpath(posixpath.join(self._around.cwd, only.text))

    # --- words -----------------------------------------------------------------------------------

    def _slice(self, node: "Node") -> str:
        return self._data[node.start_byte : node.end_byte].decode()

    def _begins(self, node: "Node") -> int:
        """Where a node begins: the parser takes blanks between two expansions for a part of the second."""
        at = node.start_byte
        if node.type in _SEEN_WITHIN:
            while self._data[at : at + 1].isspace():
                at += 1
        return at

    def _expansion(self, node: "Node") -> str:
        return self._data[self._begins(node) : node.end_byte].decode()

    def _words(self, node: "Node", place: Place) -> tuple[Word, ...]:
        if node.type == "word" and _PLAIN.fullmatch(self._data, node.start_byte, node.end_byte):
            return (Word(self._slice(node)),)
        return self._finished(self._marked(node, place), place)

    def _marked(self, node: "Node", place: Place) -> str:
        """A word's text with marks."""
        kind = node.type
        if kind in ("word", "number", "extglob_pattern", "regex", "variable_name", "brace_expression"):
            if kind in ("extglob_pattern", "regex", "number") and node.named_child_count:
                return self._pieces(node, node.start_byte, node.end_byte, place, is_quoted=False)
            text = self._slice(node)
            return expansion.unknown(is_quoted=False) if _MISSED.search(text) else expansion.bare(text)
        if kind == "string" or kind == "translated_string":
            inner = node if kind == "string" else node.children[-1]
            return self._pieces(inner, inner.start_byte + 1, inner.end_byte - 1, place, is_quoted=True)
        if kind == "raw_string":
            self._quiet.append((node.start_byte, node.end_byte))
            text = self._slice(node)[1:-1]
            self._quoted.append(text)
            return expansion.quoted(text)
        if kind == "ansi_c_string":
            self._quiet.append((node.start_byte, node.end_byte))
            text = expansion.ansi_c(self._slice(node)[2:-1])
            self._quoted.append(text)
            return text
        if kind == "concatenation":
            return self._pieces(node, node.start_byte, node.end_byte, place, is_quoted=False)
        return self._expanded(node, place, is_quoted=False)

    def _pieces(
        self, node: "Node", start: int, end: int, place: Place, *, is_quoted: bool, heredoc: bool = False
    ) -> str:
        """The text of a span, its substitutions and values put in."""
        found: list[str] = []
        at = start
        for child in node.named_children:
            if child.type in ("string_content", "heredoc_content"):
                continue
            begins = self._begins(child)
            if begins > at:
                found.append(self._gap(at, begins, place, is_quoted=is_quoted, heredoc=heredoc))
            if is_quoted:
                found.append(self._expanded(child, place, is_quoted=True))
            else:
                found.append(self._marked(child, place))
            at = child.end_byte
        if end > at:
            found.append(self._gap(at, end, place, is_quoted=is_quoted, heredoc=heredoc))
        return "".join(found) if is_quoted else self._join(found, place)

    def _gap(self, start: int, end: int, place: Place, *, is_quoted: bool, heredoc: bool) -> str:
        text = self._data[start:end].decode()
        if heredoc and "`" in text:
            return self._backticks(text, start, place)
        if is_quoted:
            self._strings.append((start, end))
        if "$" in text and _MISSED.search(text):
            return expansion.unknown(is_quoted=is_quoted)
        return expansion.in_double_quotes(text) if is_quoted else expansion.bare(text)

    def _backticks(self, text: str, start: int, place: Place) -> str:
        """A piece of a here-document, in which the parser sees no backticks."""
        parts = re.split(r"(?<!\\)`", text)
        if len(parts) % 2 == 0:
            self._cannot_tell("a here-document has an odd backtick")
        self._quiet.append((start, start + len(text.encode())))
        for inner in parts[1::2]:
            self._shell_text(re.sub(r"\\([`$\\])", r"\1", inner), place)
        return UNKNOWN.join(expansion.in_double_quotes(part) for part in parts[::2])

    def _expanded(self, node: "Node", place: Place, *, is_quoted: bool) -> str:
        kind = node.type
        if kind in _SEEN_WITHIN:
            self._visited.add(self._begins(node))
        if kind == "simple_expansion":
            return self._variable(self._expansion(node)[1:], place, is_quoted=is_quoted)
        if kind == "expansion":
            return self._braced(node, place, is_quoted=is_quoted)
        if kind == "command_substitution":
            self._substitution(node, place)
            known = None if self._in_program else self._known_output(node, place)
            if known is not None:
                return expansion.value(known.rstrip("\n"), is_quoted=is_quoted)
            return expansion.unknown(is_quoted=is_quoted)
        if kind == "process_substitution":
            self._process(node, place)
            return "/dev/fd/63"
        if kind == "string" or kind == "raw_string":
            return self._marked(node, place)
        self._substitutions(node, place)
        return expansion.unknown(is_quoted=is_quoted or kind == "arithmetic_expansion")

    def _known_output(self, node: "Node", place: Place) -> str | None:
        """What a substitution prints, where it is as plain as `$(echo x)`; None where it is not known."""
        inner = node.named_children
        stages = inner[0].named_children if len(inner) == 1 and inner[0].type == "pipeline" else inner
        commands: list[SimpleCommand] = []
        for stage in stages:
            if stage.type != "command" or any(
                child.type not in ("command_name", "word", "raw_string", "string", "number", "concatenation")
                or _holds_substitution(child)
                for child in stage.named_children
            ):
                return None
            words = [
                word
                for child in stage.named_children
                for word in self._words(child.children[0] if child.type == "command_name" else child, place)
            ]
            commands.append(SimpleCommand(words=tuple(words)))
        if [word.text for command in commands for word in command.words] in (["pwd"], ["pwd", "-P"]):
            return self._folder("PWD")
        text = output_of(commands)
        return None if text is None or not text.known else text.text

    def _variable(self, name: str, place: Place, *, is_quoted: bool) -> str:
        if not _NAME.match(name):
            self._cannot_tell("a line is continued within an expansion")
        if name == "IFS" and not is_quoted and not self._assigns_ifs():
            return expansion.separator()
        rest = ""
        if name[:1].isdigit() and len(name) > 1:
            name, rest = name[0], name[1:]  # the shell sees `$1` and the text behind it
        value = self._value(name, place)
        if value is None:
            return expansion.unknown(is_quoted=is_quoted) + rest
        return expansion.value(value, is_quoted=is_quoted) + rest

    def _assigns_ifs(self) -> bool:
        return "IFS=" in self._text

    def _braced(self, node: "Node", place: Place, *, is_quoted: bool) -> str:
        text = self._expansion(node)
        name = text[2:-1]
        if "`" in text and not re.search(r"\$[({\[]|[<>]\(", text[2:]):  # the parser sees none in `${x:-`a`}`
            self._backticks(text, self._begins(node), place)
        self._substitutions(node, place)
        if re.fullmatch(r"\w+|[@*]", name):
            return self._variable(name, place, is_quoted=is_quoted)
        if "@P" in text or (text.startswith("${!") and "[" in text):
            self._cannot_tell("a value is run as a prompt or an index")
        return expansion.unknown(is_quoted=is_quoted)

    def _substitutions(self, node: "Node", place: Place) -> None:
        """Visit what runs within a node that runs nothing itself."""
        todo = list(reversed(node.named_children))
        while todo:
            child = todo.pop()
            kind = child.type
            if kind in _SEEN_WITHIN:
                self._visited.add(self._begins(child))
            if kind == "command_substitution":
                self._substitution(child, place)
            elif kind == "process_substitution":
                self._process(child, place)
            elif kind in ("raw_string", "ansi_c_string"):
                self._marked(child, place)
            elif kind == "comment":
                self._quiet.append((child.start_byte, child.end_byte))
            elif kind == "expansion":
                self._braced(child, place, is_quoted=True)
            elif kind in ("command", "pipeline", "list", "redirected_statement", "subshell"):
                self._visit_later(child, self._block(place))
            else:
                todo += reversed(child.named_children)


def _holds_substitution(node: "Node") -> bool:
    todo = [node]
    while todo:
        one = todo.pop()
        if one.type in ("command_substitution", "process_substitution"):
            return True
        todo += one.named_children
    return False
