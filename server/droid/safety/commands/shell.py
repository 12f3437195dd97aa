"""Takes a line of shell apart into the simple commands that it runs.

The grammar is tree-sitter's, whose tree is walked with a stack of our own: no input is too deep. What the
parser gets wrong without saying so is found by counting (`guards.py`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from droid.safety.commands import guards
from droid.safety.commands.model import Redirect, RedirectKind, SimpleCommand
from droid.safety.commands.pipes import output_of
from droid.safety.commands.repairs import repaired
from droid.safety.commands.rows import lookup
from droid.safety.commands.shell_builtins import folders_after, may_set, set_by
from droid.safety.commands.shell_redirects import RedirectReader, arguments_in
from droid.safety.commands.shell_state import Place, ShellReading, Surroundings
from droid.safety.commands.shell_words import WORD_NODES
from droid.safety.commands.words import UNKNOWN, Word

if TYPE_CHECKING:
    from tree_sitter import Node

_SEQUENCES = frozenset(
    {"program", "compound_statement", "do_group", "else_clause", "negated_command", "variable_assignments"}
)
_CONDITIONAL = frozenset({"if_statement", "elif_clause", "while_statement", "case_statement", "case_item"})
_KEYWORDS = frozenset({"{", "}", "!", "then", "do", "done", "fi", "esac", "else"})
"""Words that the parser takes for programs behind `time` or `coproc`."""
_TAKEN_FOR_PROGRAMS = re.compile(r"\b(?:time|coproc)\b")
_MAX_COMMANDS = 200
_MAX_FOLDERS = 8


def read_shell(text: str, around: Surroundings) -> ShellReading:
    """Take a line apart; total on any text."""
    refused = guards.refusal(text)
    if refused is not None:
        return ShellReading(undecidable=refused)
    written, text = text, repaired(text)
    data = text.encode()
    root = _parser().parse(data).root_node
    if root.descendant_count > guards.MAX_NODES:
        return ShellReading(undecidable=guards.TOO_MUCH)
    if root.has_error or (";;" in text and _ends_no_case(root)):
        return ShellReading(undecidable="the command cannot be parsed")
    reading = _Walk(text, data, around).run(root)
    if text.count("time") < written.count("time"):
        reading.commands.append(replace(around.command, words=(Word("time"),)))
    return reading


@cache
def _parser() -> Any:
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


class _Walk(RedirectReader):
    def __init__(self, text: str, data: bytes, around: Surroundings) -> None:
        super().__init__(text, data, around)
        self._reading = ShellReading()
        self._out = self._reading.commands
        self._stack: list[Callable[[], None]] = []
        self._functions: set[str] = set()
        self._forgets = "unset" in text
        self._defining: list[str] = []
        self._behind: dict[int, list[Node]] = {}
        """Arguments that the parser takes for targets of redirections, by the id of their command."""
        self._dashes: set[int] = set()

    def run(self, root: "Node") -> ShellReading:
        self._visit_later(root, Place())
        while self._stack:
            self._stack.pop()()
            if len(self._out) > _MAX_COMMANDS:
                self._cannot_tell("the command runs too many others to be judged")
                break
        if self._reading.undecidable is None and guards.unseen(
            self._data, self._visited, self._quiet, self._strings
        ):
            self._cannot_tell("a substitution stands where it cannot be judged")
        if self._quoted and guards.computes_quoted(self._text, self._quoted):
            self._cannot_tell("a quoted text may run when the shell computes with it")
        return self._reading

    def _cannot_tell(self, why: str) -> None:
        self._reading.undecidable = self._reading.undecidable or why

    def _visit_later(self, node: "Node", place: Place) -> None:
        self._stack.append(lambda: self._visit(node, place))

    def _all_later(self, nodes: Sequence["Node"], place: Place) -> None:
        for node in reversed(nodes):
            self._visit_later(node, place)

    # --- statements ------------------------------------------------------------------------------

    def _visit(self, node: "Node", place: Place) -> None:
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
            for child in reversed(node.named_children):
                # What runs in the background is a shell of its own.
                behind = child.next_sibling
                aside = behind is not None and behind.type == "&"
                self._visit_later(child, self._block(place) if aside else place)
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
            self._emit((), node, place, (self._assignment(node, place),))
        elif kind == "test_command":
            self._test(node, place)
        elif kind == "comment":
            self._quiet.append((node.start_byte, node.end_byte))
        elif kind in WORD_NODES:
            self._words(node, place)
        else:
            self._substitutions(node, place)

    def _list(self, node: "Node", place: Place) -> None:
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

        def visit(item: "Node", at: Place, *, last: bool) -> None:
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

    def _pipeline(self, node: "Node", place: Place) -> None:
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

    def _aside(self, nodes: Sequence["Node"], place: Place) -> None:
        """What runs in a shell of its own: its folder and variables stay there."""
        folders = self._folders
        self._stack.append(lambda: self._set_folders(folders))
        self._all_later(nodes, self._block(place))

    def _conditional(self, node: "Node", place: Place) -> None:
        folders = self._folders
        self._stack.append(lambda: self._also_folders(folders))
        inner = self._block(place)
        self._all_later(
            node.named_children, replace(inner, repeated=True) if node.type == "while_statement" else inner
        )

    def _loop(self, node: "Node", place: Place) -> None:
        inner = self._block(place)
        values: list[Word] = []
        rest: list[Node] = []
        name = node.child_by_field_name("variable")
        for child in node.named_children:
            if child.type in WORD_NODES and child != name:
                values += self._words(child, place)
            elif child != name:
                rest.append(child)
        if name is not None:
            one = values[0] if len(values) == 1 and values[0].known and not values[0].glob else None
            self._assign(self._slice(name), one, inner.block)
            self._emit((), node, place, ((self._slice(name), one or Word(UNKNOWN)),))
        many = not values or any(not one.known or one.glob or one.may_split for one in values)
        self._conditional_rest(rest, replace(inner, repeated=True) if many else inner)

    def _conditional_rest(self, nodes: Sequence["Node"], inner: Place) -> None:
        folders = self._folders
        self._stack.append(lambda: self._also_folders(folders))
        self._all_later(nodes, inner)

    def _function(self, node: "Node", place: Place) -> None:
        name = node.child_by_field_name("name")
        called = self._slice(name) if name is not None else ""
        if not place.block and not self._forgets:
            self._functions.add(called)
        body = [child for child in node.named_children if child != name]
        was, folders = self._in_function, self._folders

        def leave() -> None:
            self._in_function = was
            self._defining.pop()
            self._also_folders(folders)

        self._in_function = True
        self._defining.append(called)
        self._stack.append(leave)
        redirects = [child for child in body if child.type == "file_redirect"]
        inner = self._with_redirects(redirects, self._block(place))
        self._all_later([child for child in body if child.type != "file_redirect"], inner)

    def _redirected(self, node: "Node", place: Place) -> None:
        body = node.child_by_field_name("body")
        redirects = [child for child in node.named_children if child != body]
        after: list[Node] = []
        arguments = arguments_in(redirects)
        takes = _last_command(body) if arguments else None
        if takes is not None:
            self._behind[takes.id] = arguments
        at = self._with_redirects(redirects, place, after, arguments_taken=takes is not None)
        start = len(self._out)
        self._look_between([*([body] if body is not None else []), *redirects])

        def rest() -> None:
            if len(self._out) == start:
                self._emit((), node, at)  # it runs nothing, and touches files
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

    def _look_between(self, nodes: Sequence["Node"]) -> None:
        """The parser leaves a `-` before a redirection out of the tree, as in `node - 2>&1`."""
        for left, right in pairwise(sorted(nodes, key=lambda node: node.start_byte)):
            gap = self._data[left.end_byte : right.start_byte].replace(b"\\\n", b"").strip()
            takes = _last_command(left)
            if gap == b"-" and takes is not None:
                self._dashes.add(takes.id)
            elif gap:
                self._cannot_tell("the command cannot be parsed")

    # --- commands --------------------------------------------------------------------------------

    def _command(self, node: "Node", place: Place) -> None:
        words: list[Word] = []
        assignments: list[tuple[str, Word]] = []
        redirects: list[Node] = []
        together: list[Node] = []
        for child in node.children:
            kind = child.type
            if self._is_descriptor(child):
                continue
            if kind == "command_name" or kind in WORD_NODES:
                if together and not self._touches(together[-1], child):
                    words += self._joined_words(together, place)
                    together = []
                elif together and not words and together[-1].end_byte < child.start_byte:
                    self._cannot_tell("a line is continued within the name of a program")
                together.append(child.children[0] if kind == "command_name" else child)
                behind = child.next_sibling
                if kind == "command_name" and not (behind is not None and self._touches(child, behind)):
                    self._in_program = True
                    words += self._joined_words(together, place)
                    self._in_program, together = False, []
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
        if node.id in self._dashes:
            words.append(Word("-"))
        end = node.end_byte
        for argument in self._behind.pop(node.id, ()):
            end = max(end, argument.end_byte)
            words += () if self._is_descriptor(argument) else self._words(argument, place)
        at = self._with_redirects(redirects, place) if redirects else place
        self._emit(tuple(words), node, at, tuple(assignments), end=end)

    def _declaration(self, node: "Node", place: Place) -> None:
        """`export A=1`: a program with words, whose assignments last."""
        words = [Word(self._slice(node.children[0]))]
        assignments: list[tuple[str, Word]] = []
        for child in node.children[1:]:
            if child.type == "variable_assignment":
                name, value = self._assignment(child, place)
                assignments.append((name, value))
                words.append(Word(f"{name}={value.text}", value.glob))
            elif child.type in WORD_NODES:
                words += self._words(child, place)
            elif child.is_named:
                self._substitutions(child, place)
        self._emit(tuple(words), node, place, tuple(assignments))

    def _test(self, node: "Node", place: Place) -> None:
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
        place: Place,
        assignments: tuple[tuple[str, Word], ...] = (),
        *,
        end: int = 0,
    ) -> None:
        base = self._around.command
        if words and words[0].text in _KEYWORDS - {"{", "!"} and not _TAKEN_FOR_PROGRAMS.search(self._text):
            self._cannot_tell("the command cannot be parsed")
        while words and words[0].text in _KEYWORDS and words[0].known:
            words = words[1:]
            if not words and not assignments and not place.redirects:
                return
        if len(words) > 2 and words[0].text == "coproc" and words[2].text == "{":
            words = (words[0], *words[3:])
        declares = node.type == "declaration_command"
        if (self._follows or not self._sets_arguments) and may_set(words, declares=declares):
            self._hidden_setter(words)
        if words and words[0].text in self._defining:
            self._cannot_tell("a function calls itself")
        if words and words[0].text in self._functions and lookup(words[0].text) is None:
            words = ()  # its body was read where it stands
        upstream = tuple(self._out[place.pipe_from :]) if place.pipe_from >= 0 else base.stdin_from
        stdin_text, redirects = place.stdin_text, place.redirects
        if place.stdin_unknown:
            upstream = (SimpleCommand(words=(Word(UNKNOWN),)),)
        elif place.pipe_from < 0 and stdin_text is None and not _reads(place.redirects):
            stdin_text, redirects = base.stdin_text, (*redirects, *base.redirects)
        elif place.pipe_from < 0:
            upstream = ()
        if place.pipe_from >= 0 and stdin_text is None:
            stdin_text = output_of(upstream)
        self._out.append(
            replace(
                base,
                words=words,
                assignments=(*base.assignments, *assignments, *set_by(words)),
                redirects=redirects,
                repeated=base.repeated or place.repeated,
                stdin_text=stdin_text,
                stdin_from=() if stdin_text is not None else upstream,
                folders=self._folders,
                span=self._span(node, end) if self._around.spans else base.span,
            )
        )
        moved = folders_after(words, self._folders, self._old_folders, self._home)
        self._folders, self._old_folders = moved

    def _hidden_setter(self, words: tuple[Word, ...]) -> None:
        """A builtin that the text does not show: what was taken for known may be something else."""
        names = {word.text for word in words}
        if "eval" in names and self._until_eval:
            self._variables.clear()
            self._follows = False
        elif self._follows or ("set" in names and not self._sets_arguments):
            self._cannot_tell("a variable is set in a way that cannot be followed")

    def _span(self, node: "Node", end: int) -> tuple[int, int]:
        start, end = node.start_byte, max(node.end_byte, end)
        if len(self._data) == len(self._text):
            return start, end
        return len(self._data[:start].decode()), len(self._data[:end].decode())

    def _shell_text(self, text: str, place: Place) -> None:
        """Read a text that runs as part of the line."""
        inner = self._around.within(self._folders, place.stdin_text)
        reading = read_shell(text, inner)
        self._out += reading.commands
        if reading.undecidable:
            self._cannot_tell(reading.undecidable)

    # --- substitutions ---------------------------------------------------------------------------

    def _substitution(self, node: "Node", place: Place) -> None:
        text = self._expansion(node)
        if text.startswith("`"):
            self._quiet.append((self._begins(node), node.end_byte))
            # To the parser, the blanks in `a` `b` are part of what runs.
            _, *parts = re.split(r"(?<!\\)`", text)
            if len(parts) % 2 or any(between.strip() for between in parts[1::2]):
                self._cannot_tell("backticks stand where they cannot be judged")
            for inner in parts[::2]:
                self._shell_text(re.sub(r"\\([`$\\])", r"\1", inner), place)
            return
        inner = replace(self._block(place), redirects=())
        redirects = [child for child in node.named_children if child.type == "file_redirect"]
        if redirects:  # `$(< file)` reads it
            at = self._with_redirects(redirects, inner)
            self._emit((Word("cat"),), node, at)
        self._aside([child for child in node.named_children if child.type != "file_redirect"], inner)

    def _process(self, node: "Node", place: Place) -> None:
        writes = self._slice(node).startswith(">(")
        inner = replace(self._block(place), redirects=(), stdin_unknown=writes or place.stdin_unknown)
        self._aside(node.named_children, inner)


def _ends_no_case(root: "Node") -> bool:
    """Whether a `;;` stands where none can."""
    todo = [root]
    while todo:
        node = todo.pop()
        if node.type != "case_item" and any(child.type in (";;", ";&", ";;&") for child in node.children):
            return True
        todo += node.children
    return False


def _last_command(node: "Node | None") -> "Node | None":
    """The command that stands last in a pipeline or list; None where something else does."""
    while node is not None and node.type in ("pipeline", "list", "redirected_statement", "negated_command"):
        children = [child for child in node.named_children if not child.type.endswith("_redirect")]
        node = children[-1] if children else None
    return node if node is not None and node.type == "command" else None


def _reads(redirects: Sequence[Redirect]) -> bool:
    return any(redirect.kind is RedirectKind.READ for redirect in redirects)


def _leaves(node: "Node") -> Iterator["Node"]:
    todo = [node]
    while todo:
        one = todo.pop()
        if one.type in ("command_substitution", "process_substitution"):
            continue
        if one.child_count == 0:
            yield one
        todo += reversed(one.children)
