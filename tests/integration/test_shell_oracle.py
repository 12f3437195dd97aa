"""Another parser of shell as a witness: every program that it sees by name, we see too, or cannot judge the line.

Source: https://github.com/mvdan/sh (`shfmt --to-json`).
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath
from typing import Any

from droid.safety.commands.classify import classify
from droid.safety.commands.model import base_name
from droid.safety.commands.shell import read_shell
from droid.safety.commands.shell_state import Surroundings

DATA = Path(__file__).resolve().parents[1] / "data" / "safety"
_IS_SHELL = re.compile(r"[`$(){}<>|;&\n\\]")
SHFMT = Path(sys.executable).parent / "shfmt"
OWN = (
    "a | b && c || d; e & f", "if a; then b; elif c; then d; else e; fi", "while a; do b; done <<< \"$(c)\"",
    "for i in $(a) b; do c; done", "case $(a) in x) b;; y|z) c; d;; esac", "f() { a; b | c; }; g", "{ a; } > $(b)",
    "(a; (b; (c)))", "a $(b $(c `d`))", "a <(b) >(c) < <(d)", "cat <<E\n$(a) $x ${y:-$(b)}\nE", "cat <<'E'\n$(a)\nE\nb",
    "x=$(a) b=$(c) d", "export x=$(a); local y=`b`", "[[ -n $(a) ]] && b", "! a | b", "time a", "a\\\nb c; d \\\n e",
    "r\\m x; 'l's; \"c\"d; $'e'f", "a && (b || { c; }) | d", "select x in a; do b; done", "until a; do b; break; done",
    "for ((i=$(a);i<3;i++)); do b; done", "a 2>&1 | b > f 2> g &", "$a b; \"$c\" d; e$f g", "a#b c # d e", "a; # `b`\nc",
    "echo ${x/$(a)/`b`} ${y[$(c)]}", "a=(b $(c)) d", "declare -a x=($(a))", "[ \"$(a)\" = b ] || c", "coproc { a; }",
    "function x { a; }; x", "a <<A | b && c\nx\nA\nd", "a <<-A > f\n\tx\n\tA\nb", "if ! a; then b; fi 2>&1 | c",
)  # fmt: skip


def lines() -> Iterator[str]:
    yield from OWN
    for name, table in (("command_bypasses.toml", "bypass"), ("command_bypasses.toml", "harmless")):
        path = DATA / name
        if path.exists():
            yield from (
                row["command"] for row in tomllib.loads(path.read_text(encoding="utf-8")).get(table, ())
            )


def parsed(text: str) -> Any:
    """The other parser's tree; None where it finds the line malformed."""
    done = subprocess.run(
        [SHFMT, "--to-json", "-ln", "bash"], input=text.encode(), capture_output=True, timeout=30
    )
    try:
        return json.loads(done.stdout) if done.returncode == 0 else None
    except RecursionError:
        return None  # nested more deeply than this reader of JSON follows


def programs(tree: Any) -> Iterator[str]:
    """The programs whose names are written out."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            if node.get("Type") == "CallExpr" and node.get("Args"):
                name = written(node["Args"][0]["Parts"])
                if name is not None:
                    yield base_name(name)
            todo += node.values()
        elif isinstance(node, list):
            todo += node


def written(parts: list[Any]) -> str | None:
    text = ""
    for part in parts:
        match part["Type"]:
            case "Lit" if "\\" not in part["Value"] and not set("{*?[~") & set(part["Value"]):
                text += part["Value"]
            case "SglQuoted" if not part.get("Dollar"):
                text += part.get("Value", "")
            case "DblQuoted" if all(inner["Type"] == "Lit" for inner in part.get("Parts", ())):
                text += "".join(inner["Value"] for inner in part.get("Parts", ()))
            case _:
                return None
    return text if text and text.isascii() and "\\" not in text else None


def test_no_program_is_overlooked() -> None:
    asked = [line for line in dict.fromkeys(lines()) if _IS_SHELL.search(line)]
    with ThreadPoolExecutor(max_workers=4) as threads:
        trees = list(threads.map(parsed, asked))
    overlooked = {
        line: missing for line, tree in zip(asked, trees, strict=True) if (missing := missed(line, tree))
    }
    assert overlooked == {}
    assert sum(tree is not None for tree in trees) > len(asked) // 2


def missed(line: str, tree: Any) -> set[str]:
    """What the witness sees run, and we do not."""
    reading = read_shell(line, Surroundings(home="/home/ada"))
    if tree is None or reading.undecidable is not None:
        return set()
    # `time` and `coproc` are words of the grammar to the witness, and programs to us.
    rated = classify(line, cwd=PurePath("/work/repo"), home=PurePath("/home/ada"))
    ours = {command.program for command in reading.commands} | set(rated.programs or ())
    functions = {node["Name"]["Value"] for node in functions_in(tree)}
    return set(programs(tree)) - ours - functions


def functions_in(tree: Any) -> Iterator[Any]:
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            if node.get("Type") == "FuncDecl":
                yield node
            todo += node.values()
        elif isinstance(node, list):
            todo += node


def test_the_witness_sees_what_it_should() -> None:
    assert set(programs(parsed("a $(b); 'c' | d"))) == {"a", "b", "c", "d"}
    assert sum(read_shell(one, Surroundings(home="/")).undecidable is None for one in OWN) >= len(OWN) - 3
