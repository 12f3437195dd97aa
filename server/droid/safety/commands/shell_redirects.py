"""Redirections of a line of shell: files, here-documents, here-strings."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from droid.safety.commands import expansion
from droid.safety.commands.model import Redirect, RedirectKind
from droid.safety.commands.shell_state import Place
from droid.safety.commands.shell_words import WORD_NODES, WordReader
from droid.safety.commands.words import Word

if TYPE_CHECKING:
    from tree_sitter import Node

_DESCRIPTOR = re.compile(r"\d+-?|-")
_BEFORE_REDIRECT = re.compile(r"\d+|\{\w+\}")
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


class RedirectReader(WordReader):
    """Reads the redirections of one line."""

    def _with_redirects(
        self,
        nodes: Sequence["Node"],
        place: Place,
        after: list["Node"] | None = None,
        *,
        arguments_taken: bool = False,
    ) -> Place:
        """The place with redirections applied.

        Args:
            after: Takes what else a here-document's line holds: the parser puts it within.
            arguments_taken: Words behind the targets have been handed to the command that they belong to.
        """
        if not arguments_taken and arguments_in(nodes):
            self._cannot_tell("a redirection has several targets")
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
                others = [
                    child
                    for child in inner
                    if child.type not in ("file_redirect", "file_descriptor") and child.type not in WORD_NODES
                ]
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

    def _is_descriptor(self, node: "Node") -> bool:
        """`0` in `a 0<f b`, `{x}` in `a {x}>f`: the parser takes it for an argument."""
        behind = self._data[node.end_byte : node.end_byte + 1]
        return behind in (b"<", b">") and _BEFORE_REDIRECT.fullmatch(self._slice(node)) is not None

    def _descriptor(self, node: "Node") -> str:
        found = node.child_by_field_name("descriptor")
        return self._slice(found) if found is not None else ""

    def _redirect(self, node: "Node", place: Place) -> Redirect | None:
        operator = next((child.type for child in node.children if child.type in _OPERATORS), ">")
        if _closes(node):
            return None
        nodes = _words_of(node)
        targets = list(self._words(nodes[0], place)) if nodes else []
        # To zsh, `>! f` writes to `f`.
        if any(self._touches(left, right) for left, right in pairwise(nodes)) or (
            len(nodes) > 1 and self._slice(nodes[0]) == "!"
        ):
            self._cannot_tell("a redirection's target cannot be read")
        if operator in (">&", "<&") and targets and _DESCRIPTOR.fullmatch(targets[0].text):
            return None
        if not targets:
            return None
        if len(targets) > 1:
            self._cannot_tell("a redirection has several targets")
        return Redirect(kind=_OPERATORS[operator], target=targets[0])

    def _heredoc(self, node: "Node", place: Place) -> Word:
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
        words = expansion.finish(marked, self._home)
        whole = words[0].text if words else ""
        return Word(_without_tabs(whole) if self._strips(node) else whole)

    def _strips(self, node: "Node") -> bool:
        return any(child.type == "<<-" for child in node.children)


def _closes(node: "Node") -> bool:
    """`2>&-` has no target."""
    return any(child.type in (">&-", "<&-") for child in node.children)


def _words_of(node: "Node") -> list["Node"]:
    return [child for child in node.named_children if child.type != "file_descriptor"]


def arguments_in(nodes: Sequence["Node"]) -> list["Node"]:
    """The words behind the targets of redirections: arguments, as in `grep x 2>/dev/null file`."""
    found: list[Node] = []
    for node in nodes:
        if node.type == "file_redirect":
            found += _words_of(node)[0 if _closes(node) else 1 :]
        elif node.type == "heredoc_redirect":
            found += [child for child in node.named_children if child.type in WORD_NODES]
            found += arguments_in([child for child in node.named_children if child.type == "file_redirect"])
    return found


def _without_tabs(text: str) -> str:
    return re.sub(r"(?m)^\t+", "", text)
