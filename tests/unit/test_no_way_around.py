"""Nothing changes the world but what is known to, and a tool runs in one place, behind the gate.

The source of every module is searched for what could write a file. Whatever is found must stand in the table
below with its reason, and whatever stands there must be found; so a tool that opens a file itself fails this
test before anybody has to find it. Who starts processes and who connects is in `test_architecture.py`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "server"

_IMPORTS = {"shutil", "tempfile", "sqlite3", "zipfile", "tarfile", "dbm", "shelve"}
_OF_OS = {
    "O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND", "O_TRUNC", "O_TMPFILE", "replace", "rename", "unlink", "remove", "rmdir",
    "mkdir", "makedirs", "link", "symlink", "chmod", "chown", "truncate", "ftruncate", "utime", "mkfifo", "mknod",
    "fchmod", "fchown",
}  # fmt: skip
_METHODS = {
    "write_text", "write_bytes", "symlink_to", "hardlink_to", "touch", "unlink", "rmdir", "mkdir", "chmod", "rename",
}  # fmt: skip
_NO_PATHS = frozenset({"session", "store", "core"})
"""Objects whose `rename` is another word for something else."""


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    return tuple(_parsed())


def _parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "droid").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if ".compiled." not in name and not name.startswith(
            "droid.safety.commands.languages"
        ):  # tables of names
            yield name, ast.parse(path.read_bytes())


def writes(tree: ast.Module) -> bool:
    """Whether anything in a module could write a file."""
    return any(map(_writes_here, ast.walk(tree)))


def _writes_here(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return bool(_IMPORTS & {alias.name for alias in node.names})
    if isinstance(node, ast.ImportFrom):
        return node.module in _IMPORTS
    if isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        last = node.value.attr if isinstance(node.value, ast.Attribute) else owner
        return node.attr in _OF_OS if owner == "os" else node.attr in _METHODS and last not in _NO_PATHS
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
        return _writes(node, 1)
    return _opens_a_path(node)


def _opens_a_path(node: ast.AST) -> bool:
    """Whether it is `path.open("w")` on whatever may be a path."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "open"):
        return False
    owner = node.func.value
    return not (isinstance(owner, ast.Name) and owner.id == "os") and _writes(node, 0)


def _writes(call: ast.Call, index: int) -> bool:
    modes = [*call.args[index : index + 1], *(word.value for word in call.keywords if word.arg == "mode")]
    return any(isinstance(mode, ast.Constant) and set(str(mode.value)) & set("wax+") for mode in modes)


MAY_WRITE = {
    "droid.tools.atomic": "the Files port, which writes what a decision allowed",
    "droid.tools.folders": "opened folders for the Files port",
    "droid.tools.command_output": "a command's whole output, among the session's own files",
    "droid.tools.execute": "the folder that a command ends in, among the session's own files",
    "droid.tools.shell": "removes that file",
    "droid.tools.shims": "what stands in for blocked programs, among the user's own files",
    "droid.tools.ripgrep": "asks where ripgrep is",
    "droid.sandbox.runner": "a file without a name for what goes to standard input",
    "droid.sessions.blobs": "checkpoints, among the user's own files",
    "droid.sessions.database": "the index of sessions, among the user's own files",
    "droid.sessions.folders": "folders for transcripts",
    "droid.sessions.index": "the index of sessions",
    "droid.sessions.log": "transcripts",
    "droid.sessions.pruning": "throws old checkpoints out, among the user's own files",
    "droid.sessions.store": "copies and deletes transcripts for a person",
    "droid.settings.own_files": "the user's own files, for a person",
    "droid.settings.trust_store": "what a person trusts",
    "droid.settings.generate": "schemas and pages, for developers",
    "droid.lsp.live_document": "a session document, which is a rendering",
    "droid.lsp.private_files": "the folder for session documents",
    "droid.cli.main": "takes standard output away at the end",
    "droid.cli.sessions": "an export, where a person said",
    "droid.app.doctor": "asks where programs are",
    "droid.demo.lsp_client": "the demonstration's own folder",
    "droid.demo.run": "the demonstration's own folder",
    "droid.demo.sample_home": "the demonstration's own folder",
    "droid.demo.screen": "asks how wide the terminal is",
    "droid.demo.task": "the demonstration's own folder",
}


def test_only_known_modules_write() -> None:
    found = {name for name, tree in modules() if writes(tree)}
    assert found - set(MAY_WRITE) == set(), "these could write a file, and do not stand in the table"
    assert set(MAY_WRITE) - found == set(), "these stand in the table and do nothing of the kind"


def test_the_search_finds_what_it_should() -> None:
    for text in (
        "open('x', 'w')", "p.write_text('x')", "import os\nos.replace('a', 'b')", "p.open(mode='ab')",
        "from tempfile import mkstemp", "import os\nos.open('x', os.O_WRONLY)", "async def f(): import shutil",
    ):  # fmt: skip
        assert writes(ast.parse(text)), text
    assert not writes(
        ast.parse("open('x')\n'a'.replace('a', 'b')\nsession.rename('x')\nos.open('x', os.O_RDONLY)")
    )


def test_nothing_is_taken_out_of_os_by_name() -> None:
    """`from os import replace` would escape the search."""
    for name, tree in modules():
        taken = [
            alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "os"
            for alias in node.names
        ]  # fmt: skip
        assert set(taken) <= {
            "PathLike",
            "environ",
            "fspath",
            "fsencode",
            "fsdecode",
            "path",
            "stat_result",
        }, name


def callers(attribute: str) -> set[str]:
    """Modules that name something."""
    return {
        name for name, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == attribute) or (isinstance(node, ast.Attribute) and node.attr == attribute)
    }  # fmt: skip


def test_a_tool_runs_in_one_place_behind_the_gate() -> None:
    assert callers("run_call") == {"droid.engine.tool_calls"}
    runs = {
        name for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "run"
        and isinstance(node.func.value, ast.Attribute | ast.Name)
        and (node.func.value.attr if isinstance(node.func.value, ast.Attribute) else node.func.value.id) == "tool"
    }  # fmt: skip
    assert runs == {"droid.engine.tool_runs"}


def test_what_a_call_is_run_for_is_an_allow() -> None:
    """Every call of `run_call` stands behind a comparison of the verdict with ALLOW."""
    tree = ast.parse((ROOT / "droid/engine/tool_calls.py").read_bytes())
    functions = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef) and any(
            isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "run_call"
            for inner in ast.walk(node)
        )
    ]  # fmt: skip
    assert functions
    for function in functions:
        assert "Verdict.ALLOW" in ast.unparse(function), function.name


def test_processes_are_given_to_those_who_may_have_them() -> None:
    """Who holds the port that starts processes."""
    holders = {
        "droid.domain.ports", "droid.engine.ports", "droid.engine.tool_context", "droid.engine.git_status",
        "droid.engine.prompt_context", "droid.engine.mentions", "droid.engine.system_prompt",
        "droid.tools.execute", "droid.tools.ripgrep", "droid.tools.pdf", "droid.hooks.runner", "droid.app.hooks",
        "droid.app.workspace_files", "droid.tools.workspace", "droid.settings.schemas.sandbox",
    }  # fmt: skip
    assert callers("processes") == holders
