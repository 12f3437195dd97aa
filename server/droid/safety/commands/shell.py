"""Takes a line of shell apart into the simple commands that it runs.

The grammar is tree-sitter's, whose tree is walked with a stack of our own: no input is too deep. What the
parser gets wrong without saying so is found by counting (`guards.py`). Values of variables are followed
where a line sets them once, unconditionally, in plain sight; everything else about them is unknown.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from droid.safety.commands import expansion, guards
from droid.safety.commands.model import Redirect, RedirectKind, SimpleCommand
from droid.safety.commands.pipes import output_of
from droid.safety.commands.rows import lookup
from droid.safety.commands.words import UNKNOWN, Word

if TYPE_CHECKING:
    from tree_sitter import Node

Block = tuple[int, ...]
"""Which conditional parts of the line a place lies in, from the outermost on."""

_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")
_MISSED = re.compile(r"(?<!\\)(?:\\\\)*\$[A-Za-z_0-9@*#?$!-]")
_PLAIN = re.compile(rb"[A-Za-z0-9_./:@%+,=-]+")
_NOT_FOLLOWED = re.compile(
    r"\b(?:read|mapfile|readarray|getopts|eval|source|let|select|unset|shopt|nameref)\b|:=|\(\(|(?:^|[;&|\s])\.\s"
    r"|printf\s+-v|\b(?:declare|local|typeset)\s+-\w*n|\bIFS="
)
_DESCRIPTOR = re.compile(r"\d+-?|-")
_OPERATORS = {
    "<": RedirectKind.READ,
    ">": RedirectKind.WRITE,
    ">|": RedirectKind.WRITE,
    "&>": RedirectKind.WRITE,
    ">&": RedirectKind.WRITE,
    ">>": RedirectKind.APPEND,
    "&>>": RedirectKind.APPEND,
    "<>": RedirectKind.READ_WRITE,
    "<&": RedirectKind.READ,
}
_SEQUENCES = frozenset(
    {"program", "compound_statement", "do_group", "else_clause", "negated_command", "variable_assignments"}
)
_CONDITIONAL = frozenset({"if_statement", "elif_clause", "while_statement", "case_statement", "case_item"})
_WORDS = frozenset(
    {
        "word", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation", "number",
        "simple_expansion", "expansion", "command_substitution", "process_substitution",
        "arithmetic_expansion", "brace_expression", "extglob_pattern", "regex", "variable_name",
        "special_variable_name", "test_operator", "array",
    }
)  # fmt: skip
_KEYWORDS = frozenset({"{", "}", "!", "then", "do", "done", "fi", "esac", "else"})
"""Words that the parser takes for programs behind `time` or `coproc`."""
_MAX_COMMANDS = 400
_MAX_FOLDERS = 8


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds at a place of the line.

    Attributes:
        pipe_from: Index of the first command whose output comes through the pipe; -1 without one.
        stdin_unknown: Standard input is something that cannot be seen.
    """

    block: Block = ()
    redirects: tuple[Redirect, ...] = ()
    stdin_text: Word | None = None
    pipe_from: int = -1
    stdin_unknown: bool = False


@dataclass(slots=True)
class Surroundings:
    """What a line of shell starts with.

    Attributes:
        home: The person's home folder.
        variables: Those whose value is known.
        arguments: Whether `$1`, `$@` and the like are known to be empty.
        command: What holds for each command: `via`, `remote`, `span`, standard input, assignments.
    """

    home: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    arguments_are_empty: bool = False
    command: SimpleCommand = field(default_factory=lambda: SimpleCommand(words=()))
    spans: bool = True


@dataclass(slots=True)
class ShellReading:
    """The commands of a line, in its order, and why more may run that is not among them."""

    commands: list[SimpleCommand] = field(default_factory=list[SimpleCommand])
    undecidable: str | None = None


def read_shell(text: str, around: Surroundings) -> ShellReading:
    """Take a line apart; total on any text."""
    refused = guards.refusal(text)
    if refused is not None:
        return ShellReading(undecidable=refused)
    data = text.encode()
    root = _parser().parse(data).root_node
    if root.descendant_count > guards.MAX_NODES:
        return ShellReading(undecidable=guards.TOO_MUCH)
    if root.has_error:
        return ShellReading(undecidable="the command cannot be parsed")
    return _Walk(text, data, around).run(root)


@cache
def _parser() -> Any:
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


class _Walk:
    def __init__(self, text: str, data: bytes, around: Surroundings) -> None:
        self._text, self._data, self._around = text, data, around
        self._reading = ShellReading()
        self._out = self._reading.commands
        self._stack: list[Callable[[], None]] = []
        self._visited: set[int] = set()
        self._quiet: list[tuple[int, int]] = []
        self._quoted: list[str] = []
        self._variables: dict[str, tuple[str, Block]] = {
            name: (value, ()) for name, value in around.variables.items()
        }
        self._functions: set[str] = set()
        self._folders: tuple[Word, ...] = around.command.folders
        self._blocks = 0
        self._in_function = False
        self._follows = ("=" in text or "for" in text) and not _NOT_FOLLOWED.search(text)
        self._often = self._assigned_often() if self._follows else frozenset[str]()

    def run(self, root: "Node") -> ShellReading:
        self._visit_later(root, _Place())
        while self._stack:
            self._stack.pop()()
            if len(self._out) > _MAX_COMMANDS:
                self._cannot_tell("the command runs too many others to be judged")
                break
        if self._reading.undecidable is None and guards.unseen(self._data, self._visited, self._quiet):
            self._cannot_tell("a substitution stands where it cannot be judged")
        if self._quoted and guards.computes_quoted(self._text, self._quoted):
            self._cannot_tell("a quoted text may run when the shell computes with it")
        return self._reading

    def _cannot_tell(self, why: str) -> None:
        self._reading.undecidable = self._reading.undecidable or why

    def _visit_later(self, node: "Node", place: _Place) -> None:
        self._stack.append(lambda: self._visit(node, place))

    def _all_later(self, nodes: Sequence["Node"], place: _Place) -> None:
        for node in reversed(nodes):
            self._visit_later(node, place)

    # --- statements ------------------------------------------------------------------------------

    def _visit(self, node: "Node", place: _Place) -> None:
        kind = node.type
        if kind == "command":
            self._command(node, place)
        elif kind == "list":
            self._list(node, place)
        elif kind == "pipeline":
            self._pipeline(node, place)
        elif kind == "redirected_statement":
            self._redirected(node, place)
        elif kind in _SEQUENCES:
            self._all_later(node.named_children, place)
        elif kind == "subshell":
            self._aside(node.named_children, place)
        elif kind in _CONDITIONAL:
            self._conditional(node, place)
        elif kind in ("for_statement", "c_style_for_statement"):
            self._loop(node, place)
        elif kind == "function_definition":
            self._function(node, place)
        elif kind in ("declaration_command", "unset_command"):
            self._declaration(node, place)
        elif kind == "variable_assignment":
            self._assignment(node, place)
            self._emit((), node, place)
        elif kind == "test_command":
            self._test(node, place)
        elif kind == "comment":
            self._quiet.append((node.start_byte, node.end_byte))
        elif kind in _WORDS:
            self._words(node, place)
        else:
            self._substitutions(node, place)

    def _list(self, node: "Node", place: _Place) -> None:
        """`a && b || c`, which the parser nests to the left."""
        items: list[Node] = []
        operators: set[str] = set()
        while node.type == "list":
            left, operator, *right = node.children
            operators.add(operator.type)
            items += reversed(right)
            node = left
        items.append(node)
        first, *others = reversed(items)
        chain = self._block(place)
        folders = self._folders

        def visit(item: "Node", at: _Place, *, last: bool) -> None:
            self._visit_later(item, at)
            if last and operators != {"&&"}:
                self._stack.insert(len(self._stack) - 1, lambda: self._also_folders(folders))

        for item in reversed(others):
            inner = chain if operators == {"&&"} else self._block(place)
            visit(item, inner, last=item is others[-1])
        self._visit_later(first, place)

    def _also_folders(self, folders: tuple[Word, ...]) -> None:
        """What comes next may run here too: a `cd` before it may not have happened."""
        both = tuple(dict.fromkeys((*self._folders, *(folders or (Word(""),)))))
        self._folders = both if len(both) <= _MAX_FOLDERS else (Word(UNKNOWN),)

    def _pipeline(self, node: "Node", place: _Place) -> None:
        stages = [child for child in node.named_children if child.type != "comment"]
        start = len(self._out)
        folders = self._folders
        # A stage that comes first in its pipeline reads what the pipeline reads.
        leads = node.children[0].type not in ("|", "|&")
        self._stack.append(lambda: self._set_folders(folders))
        for index, stage in reversed(list(enumerate(stages))):
            at = self._block(place)
            if index or not leads:
                at = replace(at, stdin_text=None, pipe_from=start)
            self._visit_later(stage, at)

    def _set_folders(self, folders: tuple[Word, ...]) -> None:
        self._folders = folders

    def _aside(self, nodes: Sequence["Node"], place: _Place) -> None:
        """What runs in a shell of its own: its folder and variables stay there."""
        folders = self._folders
        self._stack.append(lambda: self._set_folders(folders))
        self._all_later(nodes, self._block(place))

    def _conditional(self, node: "Node", place: _Place) -> None:
        folders = self._folders
        self._stack.append(lambda: self._also_folders(folders))
        self._all_later(node.named_children, self._block(place))

    def _loop(self, node: "Node", place: _Place) -> None:
        inner = self._block(place)
        values: list[Word] = []
        rest: list[Node] = []
        name = node.child_by_field_name("variable")
        for child in node.named_children:
            if child.type in _WORDS and child != name:
                values += self._words(child, place)
            elif child != name:
                rest.append(child)
        if name is not None:
            one = values[0] if len(values) == 1 and values[0].known and not values[0].glob else None
            self._assign(self._slice(name), one, inner.block)
        self._conditional_rest(rest, inner)

    def _conditional_rest(self, nodes: Sequence["Node"], inner: _Place) -> None:
        folders = self._folders
        self._stack.append(lambda: self._also_folders(folders))
        self._all_later(nodes, inner)

    def _function(self, node: "Node", place: _Place) -> None:
        name = node.child_by_field_name("name")
        if name is not None and not place.block:
            self._functions.add(self._slice(name))
        body = [child for child in node.named_children if child != name]
        was, folders = self._in_function, self._folders

        def leave() -> None:
            self._in_function = was
            self._also_folders(folders)

        self._in_function = True
        self._stack.append(leave)
        redirects = [child for child in body if child.type == "file_redirect"]
        inner = self._with_redirects(redirects, self._block(place))
        self._all_later([child for child in body if child.type != "file_redirect"], inner)

    def _redirected(self, node: "Node", place: _Place) -> None:
        body = node.child_by_field_name("body")
        redirects = [child for child in node.named_children if child != body]
        after: list[Node] = []
        at = self._with_redirects(redirects, place, after)
        start = len(self._out)

        def rest() -> None:
            for child in reversed(after):
                if child.type == "pipeline" and child.children[0].type in ("|", "|&"):
                    stages = replace(self._block(place), stdin_text=None, pipe_from=start)
                    self._all_later([one for one in child.named_children if one.type != "comment"], stages)
                else:
                    self._visit_later(child, self._block(place))

        self._stack.append(rest)
        if body is not None:
            self._visit_later(body, at)
        else:
            self._emit((), node, at)

    def _with_redirects(
        self, nodes: Sequence["Node"], place: _Place, after: list["Node"] | None = None
    ) -> _Place:
        """The place with redirections applied.

        Args:
            after: Takes what else a here-document's line holds: the parser puts it within.
        """
        redirects, stdin, is_unknown = list(place.redirects), place.stdin_text, place.stdin_unknown
        pipe_from = place.pipe_from
        for node in nodes:
            if node.type == "file_redirect":
                redirect = self._redirect(node, place)
                if redirect is not None:
                    redirects.append(redirect)
                    if redirect.kind is RedirectKind.READ and self._descriptor(node) in ("", "0"):
                        stdin, pipe_from = None, -1
            elif node.type == "herestring_redirect":
                words = [word for child in node.named_children for word in self._words(child, place)]
                stdin = Word(" ".join(word.text for word in words))
                pipe_from = -1
            elif node.type == "heredoc_redirect":
                stdin, pipe_from = self._heredoc(node, place), -1
                inner = [child for child in node.named_children if not child.type.startswith("heredoc_")]
                files = [child for child in inner if child.type == "file_redirect"]
                redirects += (one for one in (self._redirect(file, place) for file in files) if one)
                others = [child for child in inner if child.type not in ("file_redirect", "file_descriptor")]
                if after is None and others:
                    self._cannot_tell("the command cannot be parsed")
                elif after is not None:
                    after += others
            elif node.type not in ("file_descriptor", "comment"):
                self._cannot_tell("the command cannot be parsed")
        return replace(
            place,
            redirects=tuple(redirects),
            stdin_text=stdin,
            pipe_from=pipe_from,
            stdin_unknown=is_unknown,
        )

    def _descriptor(self, node: "Node") -> str:
        found = node.child_by_field_name("descriptor")
        return self._slice(found) if found is not None else ""

    def _redirect(self, node: "Node", place: _Place) -> Redirect | None:
        operator = next((child.type for child in node.children if child.type in _OPERATORS), ">")
        targets = [
            word
            for child in node.named_children
            if child.type != "file_descriptor"
            for word in self._words(child, place)
        ]
        if operator in (">&", "<&") and targets and _DESCRIPTOR.fullmatch(targets[0].text):
            return None
        if not targets:
            return None
        if len(targets) > 1:
            self._cannot_tell("a redirection has several targets")
        return Redirect(kind=_OPERATORS[operator], target=targets[0])

    def _heredoc(self, node: "Node", place: _Place) -> Word:
        start = next((child for child in node.children if child.type == "heredoc_start"), None)
        body = next((child for child in node.children if child.type == "heredoc_body"), None)
        if start is None or body is None:
            return Word("")
        text = self._slice(body)
        if any(mark in self._slice(start) for mark in "'\"\\"):
            self._quiet.append((body.start_byte, body.end_byte))
            self._quoted.append(text)
            return Word(_without_tabs(text) if self._strips(node) else text)
        marked = self._pieces(body, body.start_byte, body.end_byte, place, is_quoted=True, heredoc=True)
        words = expansion.finish(marked, self._around.home)
        whole = words[0].text if words else ""
        return Word(_without_tabs(whole) if self._strips(node) else whole)

    def _strips(self, node: "Node") -> bool:
        return any(child.type == "<<-" for child in node.children)

    # --- commands --------------------------------------------------------------------------------

    def _command(self, node: "Node", place: _Place) -> None:
        words: list[Word] = []
        assignments: list[tuple[str, Word]] = []
        redirects: list[Node] = []
        together: list[Node] = []
        for child in node.children:
            kind = child.type
            if kind == "command_name" or kind in _WORDS:
                if together and not self._touches(together[-1], child):
                    words += self._joined_words(together, place)
                    together = []
                together.append(child.children[0] if kind == "command_name" else child)
            elif kind == "variable_assignment":
                assignments.append(self._assignment(child, place, keeps=False))
            elif kind.endswith("_redirect"):
                redirects.append(child)
            elif kind == "subshell":
                self._cannot_tell("the command cannot be parsed")
            elif child.is_named:
                self._substitutions(child, place)
        if together:
            words += self._joined_words(together, place)
        at = self._with_redirects(redirects, place) if redirects else place
        self._emit(tuple(words), node, at, tuple(assignments))

    def _touches(self, left: "Node", right: "Node") -> bool:
        """Whether two words are one to the shell: nothing stands between them, or only a continued line."""
        gap = self._data[left.end_byte : right.start_byte]
        return not gap.replace(b"\\\n", b"")

    def _joined_words(self, nodes: Sequence["Node"], place: _Place) -> tuple[Word, ...]:
        """The words of nodes that the parser parted and the shell does not."""
        if len(nodes) == 1:
            return self._words(nodes[0], place)
        marked = self._join([self._marked(node, place) for node in nodes], place)
        return expansion.finish(marked, self._around.home)

    def _join(self, parts: Sequence[str], place: _Place) -> str:
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

    def _declaration(self, node: "Node", place: _Place) -> None:
        """`export A=1`: a program with words, whose assignments last."""
        words = [Word(self._slice(node.children[0]))]
        assignments: list[tuple[str, Word]] = []
        for child in node.children[1:]:
            if child.type == "variable_assignment":
                name, value = self._assignment(child, place)
                assignments.append((name, value))
                words.append(Word(f"{name}={value.text}", value.glob))
            elif child.type in _WORDS:
                words += self._words(child, place)
            elif child.is_named:
                self._substitutions(child, place)
        self._emit(tuple(words), node, place, tuple(assignments))

    def _test(self, node: "Node", place: _Place) -> None:
        program = "[[" if node.children[0].type == "[[" else "["
        words = tuple(
            Word(self._slice(leaf))
            for leaf in _leaves(node)
            if leaf.is_named and leaf.type in ("word", "test_operator")
        )
        self._substitutions(node, place)
        self._emit((Word(program), *words[:64]), node, place)

    def _emit(
        self,
        words: tuple[Word, ...],
        node: "Node",
        place: _Place,
        assignments: tuple[tuple[str, Word], ...] = (),
    ) -> None:
        base = self._around.command
        while words and words[0].text in _KEYWORDS and words[0].known:
            words = words[1:]
            if not words and not assignments and not place.redirects:
                return
        if words and words[0].text in self._functions and lookup(words[0].text) is None:
            words = ()  # its body was read where it stands
        upstream = tuple(self._out[place.pipe_from :]) if place.pipe_from >= 0 else base.stdin_from
        stdin_text = place.stdin_text
        if place.stdin_unknown:
            upstream = (SimpleCommand(words=(Word(UNKNOWN),)),)
        elif place.pipe_from < 0 and stdin_text is None and not _reads(place.redirects):
            stdin_text = base.stdin_text
        elif place.pipe_from < 0:
            upstream = ()
        if place.pipe_from >= 0 and stdin_text is None:
            stdin_text = output_of(upstream)
        self._out.append(
            replace(
                base,
                words=words,
                assignments=(*base.assignments, *assignments),
                redirects=place.redirects,
                stdin_text=stdin_text,
                stdin_from=() if stdin_text is not None else upstream,
                folders=self._folders,
                span=self._span(node) if self._around.spans else base.span,
            )
        )
        if words and words[0].text in ("cd", "pushd", "chdir", "popd"):
            self._change_folder(words, place)

    def _change_folder(self, words: tuple[Word, ...], place: _Place) -> None:
        operands = [word for word in words[1:] if not word.text.startswith("-") or word.text == "-"]
        if words[0].text == "popd" or not operands or len(operands) > 1:
            target = Word(self._around.home) if not operands and words[0].text == "cd" else Word(UNKNOWN)
        else:
            target = operands[0]
        if not target.known or target.glob or target.may_split or target.text == "-":
            target = Word(UNKNOWN)
        before = self._folders or (Word(""),)
        self._folders = tuple(dict.fromkeys(_joined(folder, target) for folder in before))

    def _span(self, node: "Node") -> tuple[int, int]:
        start, end = node.start_byte, node.end_byte
        if len(self._data) == len(self._text):
            return start, end
        return len(self._data[:start].decode()), len(self._data[:end].decode())

    # --- variables -------------------------------------------------------------------------------

    def _assignment(self, node: "Node", place: _Place, *, keeps: bool = True) -> tuple[str, Word]:
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
        names = re.findall(r"\b([A-Za-z_]\w*)\+?=", self._text)
        names += re.findall(r"\bfor\s+([A-Za-z_]\w*)", self._text)
        return frozenset(name for name in names if names.count(name) > 1)

    def _value(self, name: str, place: _Place) -> str | None:
        """The value of a variable, where it is known at a place."""
        known = self._variables.get(name)
        if known is not None:
            value, block = known
            return value if place.block[: len(block)] == block else None
        if name == "HOME" and not re.search(r"\bHOME=", self._text):
            return self._around.home
        is_argument = name.isdigit() and name != "0"
        if (is_argument or name in "@*") and self._around.arguments_are_empty and not self._in_function:
            return "" if not re.search(r"\bset\b", self._text) else None
        return None

    def _block(self, place: _Place) -> _Place:
        self._blocks += 1
        return replace(place, block=(*place.block, self._blocks))

    # --- words -----------------------------------------------------------------------------------

    def _slice(self, node: "Node") -> str:
        return self._data[node.start_byte : node.end_byte].decode()

    def _words(self, node: "Node", place: _Place) -> tuple[Word, ...]:
        if node.type == "word" and _PLAIN.fullmatch(self._data, node.start_byte, node.end_byte):
            return (Word(self._slice(node)),)
        return expansion.finish(self._marked(node, place), self._around.home)

    def _marked(self, node: "Node", place: _Place) -> str:
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
        self, node: "Node", start: int, end: int, place: _Place, *, is_quoted: bool, heredoc: bool = False
    ) -> str:
        """The text of a span, its substitutions and values put in."""
        found: list[str] = []
        at = start
        for child in node.named_children:
            if child.type in ("string_content", "heredoc_content"):
                continue
            if child.start_byte > at:
                found.append(self._gap(at, child.start_byte, place, is_quoted=is_quoted, heredoc=heredoc))
            if is_quoted:
                found.append(self._expanded(child, place, is_quoted=True))
            else:
                found.append(self._marked(child, place))
            at = child.end_byte
        if end > at:
            found.append(self._gap(at, end, place, is_quoted=is_quoted, heredoc=heredoc))
        return "".join(found) if is_quoted else self._join(found, place)

    def _gap(self, start: int, end: int, place: _Place, *, is_quoted: bool, heredoc: bool) -> str:
        text = self._data[start:end].decode()
        if heredoc and "`" in text:
            return self._backticks(text, start, place)
        if "$" in text and _MISSED.search(text):
            return expansion.unknown(is_quoted=is_quoted)
        return expansion.in_double_quotes(text) if is_quoted else expansion.bare(text)

    def _backticks(self, text: str, start: int, place: _Place) -> str:
        """A piece of a here-document, in which the parser sees no backticks."""
        parts = re.split(r"(?<!\\)`", text)
        if len(parts) % 2 == 0:
            self._cannot_tell("a here-document has an odd backtick")
        self._quiet.append((start, start + len(text.encode())))
        for inner in parts[1::2]:
            self._shell_text(re.sub(r"\\([`$\\])", r"\1", inner), place)
        return UNKNOWN.join(expansion.in_double_quotes(part) for part in parts[::2])

    def _shell_text(self, text: str, place: _Place) -> None:
        """Read a text that runs as part of the line."""
        inner = replace_surroundings(self._around, folders=self._folders, stdin=place.stdin_text)
        reading = read_shell(text, inner)
        self._out += reading.commands
        if reading.undecidable:
            self._cannot_tell(reading.undecidable)

    def _expanded(self, node: "Node", place: _Place, *, is_quoted: bool) -> str:
        kind = node.type
        self._visited.add(node.start_byte)
        if kind == "simple_expansion":
            return self._variable(self._slice(node)[1:], place, is_quoted=is_quoted)
        if kind == "expansion":
            return self._braced(node, place, is_quoted=is_quoted)
        if kind == "command_substitution":
            self._substitution(node, place)
            return expansion.unknown(is_quoted=is_quoted)
        if kind == "process_substitution":
            self._process(node, place)
            return "/dev/fd/63"
        if kind == "string" or kind == "raw_string":
            return self._marked(node, place)
        self._substitutions(node, place)
        return expansion.unknown(is_quoted=is_quoted or kind == "arithmetic_expansion")

    def _variable(self, name: str, place: _Place, *, is_quoted: bool) -> str:
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

    def _braced(self, node: "Node", place: _Place, *, is_quoted: bool) -> str:
        text = self._slice(node)
        name = text[2:-1]
        self._substitutions(node, place)
        if re.fullmatch(r"\w+|[@*]", name):
            return self._variable(name, place, is_quoted=is_quoted)
        if "@P" in text or (text.startswith("${!") and "[" in text):
            self._cannot_tell("a value is run as a prompt or an index")
        return expansion.unknown(is_quoted=is_quoted)

    # --- substitutions ---------------------------------------------------------------------------

    def _substitution(self, node: "Node", place: _Place) -> None:
        if self._data[node.start_byte : node.start_byte + 1] == b"`":
            self._quiet.append((node.start_byte, node.end_byte))
            self._shell_text(re.sub(r"\\([`$\\])", r"\1", self._slice(node)[1:-1]), place)
            return
        inner = replace(self._block(place), redirects=())
        redirects = [child for child in node.named_children if child.type == "file_redirect"]
        if redirects:  # `$(< file)` reads it
            at = self._with_redirects(redirects, inner)
            self._emit((Word("cat"),), node, at)
        self._aside([child for child in node.named_children if child.type != "file_redirect"], inner)

    def _process(self, node: "Node", place: _Place) -> None:
        writes = self._slice(node).startswith(">(")
        inner = replace(self._block(place), redirects=(), stdin_unknown=writes or place.stdin_unknown)
        self._aside(node.named_children, inner)

    def _substitutions(self, node: "Node", place: _Place) -> None:
        """Visit what runs within a node that runs nothing itself."""
        todo = list(reversed(node.named_children))
        while todo:
            child = todo.pop()
            kind = child.type
            self._visited.add(child.start_byte)
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


def replace_surroundings(
    around: Surroundings, *, folders: tuple[Word, ...], stdin: Word | None
) -> Surroundings:
    """The same for a text within: variables of the line are not followed into it."""
    command = replace(around.command, folders=folders, stdin_text=stdin)
    return replace(around, variables={}, arguments_are_empty=False, command=command, spans=False)


def _joined(folder: Word, target: Word) -> Word:
    if not target.known or target.text.startswith("/") or not folder.text:
        return target
    return Word(f"{folder.text}/{target.text}") if folder.known else Word(UNKNOWN)


def _reads(redirects: Sequence[Redirect]) -> bool:
    return any(redirect.kind is RedirectKind.READ for redirect in redirects)


def _without_tabs(text: str) -> str:
    return re.sub(r"(?m)^\t+", "", text)


def _leaves(node: "Node") -> Iterator["Node"]:
    todo = [node]
    while todo:
        one = todo.pop()
        if one.type in ("command_substitution", "process_substitution"):
            continue
        if one.child_count == 0:
            yield one
        todo += reversed(one.children)
