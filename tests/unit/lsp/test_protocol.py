"""The list of methods is what is really registered and really sent."""

import ast
from pathlib import Path

from droid.lsp import protocol
from droid.lsp.language_server import DroidLanguageServer
from droid.lsp.protocol import METHODS, RESULTS, Direction
from droid.lsp.verbs import VERBS

LSP = Path(protocol.__file__).parent


def test_every_method_that_is_served_is_listed() -> None:
    served = {name for name in DroidLanguageServer().rpc.handlers if name.startswith("droid/")}
    assert served == {one.name for one in METHODS if one.direction is Direction.TO_SERVER}


def test_every_method_that_is_sent_is_listed() -> None:
    sent: set[str] = set()
    for path in LSP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("ask", "notify")
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and str(node.args[0].value).startswith("droid/")
            ):
                sent.add(str(node.args[0].value))
    assert sent == {one.name for one in METHODS if one.direction is Direction.TO_CLIENT}


def test_what_goes_to_a_client_needs_a_capability() -> None:
    """No `droid/*` message goes to a client that did not ask."""
    assert all(one.needs for one in METHODS if one.direction is Direction.TO_CLIENT)


def test_names_are_unique() -> None:
    assert len({one.name for one in METHODS}) == len(METHODS)


def test_every_verb_says_what_it_answers() -> None:
    assert set(RESULTS) == set(VERBS)
