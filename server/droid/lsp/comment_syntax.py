"""How comments begin and end, by language id; a generic set where the id is unknown.

Only what finding a `droid:` marker needs: the leaders of line comments, the pairs of block comments,
and which leaders may stand behind code. Nothing here is a lexer: a leader inside a string is told
apart by its neighbours, which is right for all that people write on purpose.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_BLOCK_ENDS = {
    "/*": "*/",
    "<!--": "-->",
    "{-": "-}",
    "(*": "*)",
    "--[[": "]]",
    "<#": "#>",
    "#|": "|#",
    "{#": "#}",
    "<%--": "--%>",
}

# Regular expressions of leaders; a run of the same sign is one leader (`///`, `;;`, `##`).
_HASH, _SLASH, _DASH, _SEMICOLON, _PERCENT = r"#+!?", r"//[/!]*", r"--+", r";+", r"%+"
_VIM, _TICK, _REM, _COLONS, _BANG = r'"', r"'", r"rem(?=[ \t])", r"::", r"!"
_BLOCKS = {opening: re.escape(opening) + r"[*!]?" for opening in _BLOCK_ENDS}
_C, _HTML, _HASKELL, _ML, _LUA, _PS, _LISP, _JINJA, _JSP = _BLOCKS.values()

# Families of languages: ids, then leaders.
_FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        """
        json c cpp cuda-cpp objective-c objective-cpp csharp java javascript javascriptreact
        typescript typescriptreact jsonc json5 rust go swift kotlin scala dart zig groovy gradle
        proto proto3 scss sass less stylus solidity glsl hlsl wgsl shaderlab d v odin verilog
        systemverilog chapel jsonnet prisma pug haxe vala cue bicep apex
        """,
        (_SLASH, _C),
    ),
    ("css", (_C,)),
    ("php terraform hcl nix thrift", (_HASH, _SLASH, _C)),
    (
        """
        python starlark shellscript sh bash zsh fish ruby perl perl6 yaml dockercompose toml
        makefile dockerfile r elixir crystal tcl awk coffeescript graphql properties dotenv ignore
        gitignore git-commit git-rebase cmake meson gdscript robotframework cython conf ssh_config
        nginx caddyfile just puppet
        """,
        (_HASH,),
    ),
    ("powershell", (_HASH, _PS)),
    ("nim julia", (_HASH,)),
    ("lua", (_LUA, _DASH)),
    ("sql mysql pgsql plsql", (_DASH, _C, _HASH)),
    ("haskell elm purescript agda idris dhall", (_DASH, _HASKELL)),
    ("ada vhdl applescript", (_DASH,)),
    ("ocaml fsharp sml coq pascal", (_ML, _SLASH)),
    (
        """
        lisp commonlisp scheme racket elisp emacs-lisp clojure clojurescript fennel
        """,
        (_SEMICOLON, _LISP),
    ),
    ("asm nasm llvm ini autohotkey autoit", (_SEMICOLON, _HASH)),
    ("tex latex bibtex matlab octave erlang prolog postscript", (_PERCENT,)),
    ("vim viml", (_VIM, _HASH)),
    ("vb vba vbscript visualbasic", (_TICK, _REM)),
    ("bat batch cmd", (_REM, _COLONS)),
    ("fortran fortran-modern FortranFreeForm", (_BANG,)),
    ("html xml xsl svg markdown mdx rst", (_HTML,)),
    ("vue svelte astro", (_HTML, _SLASH, _C)),
    ("razor aspnetcorerazor", (_HTML, _SLASH, _C)),
    ("jsp erb ejs", (_HTML, _JSP, _SLASH, _C, _HASH)),
    ("jinja jinja-html twig django-html liquid handlebars", (_HTML, _JINJA)),
)
_BY_LANGUAGE = {name: leaders for names, leaders in _FAMILIES for name in names.lower().split()}

# Of an unknown language, leaders that are plain punctuation elsewhere count only at the start of a line.
_GENERIC_START = (
    *(_LUA, _HTML, _HASKELL, _ML, _C, _PS, _LISP, _JINJA, _JSP),
    *(_HASH, _SLASH, _DASH, _SEMICOLON, _PERCENT, _VIM, _TICK, _REM, _COLONS),
)
_GENERIC_BEHIND = (_LUA, _HTML, _HASKELL, _ML, _C, _HASH, _SLASH, _DASH)

MARKER = "droid:"
_CONTINUED = r"\*"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSyntax:
    """What begins a marked comment.

    Attributes:
        at_start: Matches a whole line whose comment stands alone: groups `indent`, `leader`, `rest`.
        behind_code: Finds the leader and marker of a comment that follows code: groups `leader`, `rest`.
        blocks: What opens and closes those block comments of it that no code looks like.
        generic: The language is unknown, so a quote sign at the start of a line may open a string.
    """

    at_start: re.Pattern[str]
    behind_code: re.Pattern[str]
    blocks: tuple[tuple[str, str], ...]
    generic: bool


@lru_cache(maxsize=64)
def syntax_of(language_id: str) -> CommentSyntax:
    """The comment syntax of a language id, as the editor names it; the generic one where it is unknown."""
    known = _BY_LANGUAGE.get(language_id.lower())
    start, behind = (known, known) if known else (_GENERIC_START, _GENERIC_BEHIND)
    if _C in start or _ML in start:
        start = (*start, _CONTINUED)
    return CommentSyntax(
        at_start=re.compile(
            rf"(?P<indent>[ \t]*)(?P<leader>{'|'.join(start)})[ \t]*{MARKER}(?P<rest>.*)", re.IGNORECASE
        ),
        behind_code=re.compile(
            rf"(?<=[ \t;,)}}\]])(?P<leader>{'|'.join(behind)})[ \t]*{MARKER}(?P<rest>.*)", re.IGNORECASE
        ),
        blocks=tuple(
            (opening, _BLOCK_ENDS[opening]) for opening in ("/*", "<!--") if _BLOCKS[opening] in behind
        ),
        generic=known is None,
    )


def block_end(leader: str) -> str | None:
    """What closes the block comment that `leader` opens; None for a line comment."""
    for opening, end in _BLOCK_ENDS.items():
        if leader.startswith(opening):
            return end
    return None


_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`(?:\\.|[^`\\])*`')


def starts_a_comment(before: str, leader: str, rest: str, syntax: CommentSyntax) -> bool:
    """Whether a leader behind code opens a comment, and is neither in a string nor in another comment.

    A quote that is open before the leader and closed after it makes a string; one that never closes
    is an apostrophe or a lifetime.
    """
    outside = _STRINGS.sub("", before)
    if any(quote in outside and quote in rest for quote in "\"'`"):
        return False
    if any(outside.rfind(opening) > outside.rfind(end) for opening, end in syntax.blocks):
        return False
    return block_end(leader) is not None or re.search(rf"(?:^|\s){re.escape(leader)}", outside) is None
