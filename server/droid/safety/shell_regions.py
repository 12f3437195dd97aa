"""Where shell stands in a document: scripts, recipes of make, CI files, images, hooks, fenced Markdown.

What other languages put into the shell's text (`$(CC)` of make, `${{ … }}` of workflows) is replaced by an
expansion of the same length, so that places in the document stay places in the shell's text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

_SHELL_LANGUAGES = frozenset({"shellscript", "sh", "bash", "zsh", "shell", "ksh"})
_SHELL_SUFFIXES = frozenset({".sh", ".bash", ".zsh", ".ksh", ".bats", ".command", ".envrc"})
_SHEBANG = re.compile(r"#!\s*\S*/(?:env\s+(?:-S\s+)?)?(?:\S*/)?(?:ba|da|z|k)?sh\b")
_MAKEFILES = re.compile(r"(?:gnu)?makefile(?:\..+)?|.+\.(?:mk|mak)", re.IGNORECASE)
_DOCKERFILES = re.compile(r"(?:docker|container)file(?:\..+)?|.+\.(?:docker|container)file", re.IGNORECASE)
_CI_NAMES = frozenset(
    {
        ".gitlab-ci.yml", ".gitlab-ci.yaml", "azure-pipelines.yml", "azure-pipelines.yaml", ".travis.yml",
        "bitbucket-pipelines.yml", ".drone.yml", "taskfile.yml", "taskfile.yaml", "action.yml", "action.yaml",
        ".cirrus.yml", "buildspec.yml", "cloudbuild.yaml", ".woodpecker.yml",
    }
)  # fmt: skip
_CI_KEYS = frozenset(
    {
        "run", "script", "before_script", "after_script", "before_install", "install", "after_success",
        "bash", "command", "commands", "cmds", "cmd", "deploy_script", "test_script", "build_script",
    }
)  # fmt: skip
_OTHER_SHELLS = frozenset({"pwsh", "powershell", "cmd", "python"})
_JSON_COMMAND = re.compile(r'"command"\s*:\s*"((?:[^"\\\n]|\\.)*)"')
_JSON_SCRIPTS = re.compile(r'"scripts"\s*:\s*\{([^{}]*)\}')
_JSON_MEMBER = re.compile(r'"(?:[^"\\\n]|\\.)*"\s*:\s*"((?:[^"\\\n]|\\.)*)"')
_FENCE = re.compile(
    r"(?m)^[ ]{0,3}(`{3,}|~{3,})[ ]*(\w*)[^\n]*\n(.*?)(?:^[ ]{0,3}\1[`~]*[ ]*$|\Z)", re.DOTALL
)
_MAKE_REFERENCE = re.compile(r"\$\$|\$\((shell\s)|\$\(((?:[^()]|\([^()]*\))*)\)|\$\{[^{}]*\}|\$[@<^*?+%|]")
_WORKFLOW_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_MAX_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document that is, character by character, a part of the shell's text."""

    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Shell in a document.

    Attributes:
        text: What the shell would read.
        pieces: Where it comes from, in order; offsets in characters.
    """

    text: str
    pieces: tuple[Piece, ...]

    def offset(self, place: int) -> int | None:
        """The place in the shell's text of a place in the document; None outside of it."""
        for piece in self.pieces:
            if piece.start <= place <= piece.end:
                return piece.at + place - piece.start
        return None

    def place(self, offset: int) -> int:
        """The other way round."""
        before = [piece for piece in self.pieces if piece.at <= offset] or [self.pieces[0]]
        piece = before[-1]
        return min(piece.start + max(0, offset - piece.at), piece.end)


def region_at(path: PurePath, language: str, text: str, place: int) -> Region | None:
    """The shell around a place of a document; None where there is none."""
    if len(text) > _MAX_CHARACTERS:
        return None
    find = _finder(path, language, text)
    if find is None:
        return None
    return next((region for region in find(text) if region.offset(place) is not None), None)


def _finder(path: PurePath, language: str, text: str) -> Callable[[str], Iterator[Region]] | None:
    name, suffix = path.name.lower(), path.suffix.lower()
    if language in _SHELL_LANGUAGES or suffix in _SHELL_SUFFIXES or name == ".envrc" or _SHEBANG.match(text):
        return _whole
    if language == "makefile" or _MAKEFILES.fullmatch(name):
        return _recipes
    if language == "dockerfile" or _DOCKERFILES.fullmatch(name):
        return _images
    if suffix in (".yml", ".yaml") and _is_ci(path, name):
        return _workflow
    if suffix in (".json", ".jsonc") and ".factory" in path.parts:
        return lambda whole: _strings(whole, _JSON_COMMAND, 0)
    if name == "package.json":
        return _scripts
    if suffix in (".md", ".markdown"):
        return _fences
    return None


def _is_ci(path: PurePath, name: str) -> bool:
    parts = [part.lower() for part in path.parts]
    return name in _CI_NAMES or ".circleci" in parts or parts[-3:-1] == [".github", "workflows"]


def _whole(text: str) -> Iterator[Region]:
    yield Region(text=text, pieces=(Piece(0, len(text), 0),))


def _made(text: str, spans: list[tuple[int, int]], change: Callable[[str], str] = str) -> Region:
    """A region of parts of a document, each changed without changing its length."""
    pieces, whole = list[Piece](), ""
    for start, end in spans:
        pieces.append(Piece(start, end, len(whole)))
        whole += text[start:end]
    return Region(text=change(whole), pieces=tuple(pieces))


# --- make and images ---------------------------------------------------------------------------------


def _recipes(text: str) -> Iterator[Region]:
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        if body.startswith("\t") or spans:
            start = at + len(body) - len(body.lstrip("\t ")) if not spans else at + body.startswith("\t")
            if not spans:
                while start < at + len(body) and text[start] in "@+-":
                    start += 1
            spans.append((start, at + len(line) if body.endswith("\\") else at + len(body)))
            if not body.endswith("\\"):
                yield _made(text, spans, _without_make)
                spans = []
        at += len(line)
    if spans:
        yield _made(text, spans, _without_make)


def _without_make(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        reference = found[0]
        if reference == "$$":
            return " $"
        if found[1] is not None:
            return "$(" + " " * len(found[1])
        if len(reference) == 2:
            return "$_"
        return "${" + "x" * (len(reference) - 3) + "}"

    return _MAKE_REFERENCE.sub(one, text)


def _images(text: str) -> Iterator[Region]:
    for found in re.finditer(r"(?mi)^[ \t]*RUN[ \t]+((?:--\S+[ \t]+)*)((?:.*\\\r?\n)*.*)$", text):
        if not found[2].lstrip().startswith("["):
            yield _made(text, [found.span(2)])


# --- JSON and Markdown -------------------------------------------------------------------------------


def _strings(text: str, pattern: re.Pattern[str], offset: int) -> Iterator[Region]:
    """Strings of JSON: exact where they hold no escape, as one piece where they do."""
    import json

    for found in pattern.finditer(text):
        start, end = (offset + one for one in found.span(1))
        if "\\" not in found[1]:
            yield Region(text=found[1], pieces=(Piece(start, end, 0),))
            continue
        try:
            decoded: Any = json.loads(f'"{found[1]}"')
        except ValueError:
            continue
        yield Region(text=decoded, pieces=(Piece(start, end, 0),))


def _scripts(text: str) -> Iterator[Region]:
    for found in _JSON_SCRIPTS.finditer(text):
        yield from _strings(found[1], _JSON_MEMBER, found.start(1))


def _fences(text: str) -> Iterator[Region]:
    for found in _FENCE.finditer(text):
        language, start, end = found[2].lower(), found.start(3), found.end(3)
        if language in _SHELL_LANGUAGES:
            yield _made(text, [(start, end)])
        elif language in ("console", "shell-session"):
            for line in re.finditer(r"(?m)^[ \t]*[$#%] (.+)$", text[start:end]):
                yield _made(text, [(start + line.start(1), start + line.end(1))])


# --- workflows ---------------------------------------------------------------------------------------


def _workflow(text: str) -> Iterator[Region]:
    import yaml

    try:
        root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    todo: list[Any] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.SequenceNode):
            todo += node.value
        elif isinstance(node, yaml.MappingNode):
            members = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
            shell = members.get("shell")
            other = isinstance(shell, yaml.ScalarNode) and shell.value.split(" ")[0] in _OTHER_SHELLS
            for key, value in members.items():
                if key not in _CI_KEYS or other:
                    todo.append(value)
                    continue
                for scalar in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    if isinstance(scalar, yaml.ScalarNode):
                        yield _scalar(text, scalar)
                    else:
                        todo.append(scalar)


def _scalar(text: str, node: Any) -> Region:
    start, end, style = node.start_mark.index, node.end_mark.index, node.style
    if style in ("|", ">"):
        first = text.find("\n", start) + 1 or len(text)
        lines = re.findall(r"[^\n]*\n|[^\n]+", text[first:end])
        indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        spans, at = list[tuple[int, int]](), first
        for line in lines:
            spans.append((min(at + indent, at + len(line.rstrip("\n"))), at + len(line)))
            at += len(line)
        return _made(text, spans or [(first, first)], _without_expressions if style == "|" else _folded)
    if style in ("'", '"'):
        start, end = start + 1, end - 1
    return _made(text, [(start, end)], _folded)


def _without_expressions(text: str) -> str:
    return _WORKFLOW_EXPRESSION.sub(lambda found: "${" + "x" * (len(found[0]) - 3) + "}", text)


def _folded(text: str) -> str:
    return _without_expressions(text).replace("\n", " ")
