"""Nothing reaches the world but where it is known to: who starts processes, connects, and writes files.

The source of every module is searched for what could do that. Whatever is found must stand in the tables
below with its reason, and whatever stands there must be found. So a tool that opens a file itself, or a
second place that runs a tool, fails this test before anybody has to find it.
"""

import ast
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "server"


class Effect(Enum):
    """What a module could do to the world."""

    START = "starts a process"
    CONNECT = "opens a connection"
    WRITE = "writes a file"


_IMPORTS = {
    Effect.START: {"subprocess", "multiprocessing", "pty", "concurrent.futures.process"},
    Effect.CONNECT: {
        "socket", "httpx", "http.client", "urllib.request", "ftplib", "smtplib", "aiohttp", "requests", "websockets",
        "xmlrpc", "telnetlib", "imaplib", "socketserver", "http.server",
    },
    Effect.WRITE: {"shutil", "tempfile", "sqlite3", "zipfile", "tarfile", "dbm", "shelve"},
}  # fmt: skip
_OF_OS = {
    Effect.START: ("exec", "fork", "posix_spawn", "spawn", "system", "popen", "startfile"),
    Effect.WRITE: (
        "O_WRONLY", "O_RDWR", "O_CREAT", "O_APPEND", "O_TRUNC", "O_TMPFILE", "replace", "rename", "unlink", "remove", "rmdir", "mkdir", "makedirs", "link", "symlink",
        "chmod", "chown", "truncate", "ftruncate", "utime", "mkfifo", "mknod", "fchmod", "fchown",
    ),
}  # fmt: skip
_METHODS = {
    Effect.START: {"create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell"},
    Effect.CONNECT: {
        "open_connection", "start_server", "create_server", "create_connection", "open_unix_connection",
        "start_unix_server", "create_unix_server", "create_datagram_endpoint",
    },
    Effect.WRITE: {
        "write_text", "write_bytes", "symlink_to", "hardlink_to", "touch", "unlink", "rmdir", "mkdir", "chmod", "rename",
    },
}  # fmt: skip
_NO_PATHS = frozenset({"session", "store", "core"})
"""Objects whose `rename` is another word for something else."""


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    return tuple(_parsed())


def _parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "droid").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if ".compiled." in name or name.startswith("droid.safety.commands.languages"):
            continue  # tables of names
        yield name, ast.parse(path.read_bytes())


def effects(tree: ast.Module) -> set[Effect]:
    found: set[Effect] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            )
            if isinstance(node, ast.ImportFrom):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {effect for effect, wanted in _IMPORTS.items() if wanted & set(names)}
        elif isinstance(node, ast.Attribute):
            found |= _of_attribute(node)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "open"
            and _writes(node, 1)
        ):
            found.add(Effect.WRITE)
        elif _opens_a_path(node):
            found.add(Effect.WRITE)
    return found


def _opens_a_path(node: ast.AST) -> bool:
    """Whether it is `path.open("w")` on whatever may be a path."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "open"):
        return False
    owner = node.func.value
    return not (isinstance(owner, ast.Name) and owner.id == "os") and _writes(node, 0)


def _of_attribute(node: ast.Attribute) -> set[Effect]:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    if owner == "os":
        return {
            effect for effect, begins in _OF_OS.items()
            if (node.attr in begins if effect is Effect.WRITE else node.attr.startswith(begins))
        }  # fmt: skip
    last = node.value.attr if isinstance(node.value, ast.Attribute) else owner
    if last in _NO_PATHS:
        return set()
    return {effect for effect, wanted in _METHODS.items() if node.attr in wanted}


def _writes(call: ast.Call, index: int) -> bool:
    modes = [*call.args[index : index + 1], *(word.value for word in call.keywords if word.arg == "mode")]
    return any(isinstance(mode, ast.Constant) and set(str(mode.value)) & set("wax+") for mode in modes)


# Every module that could, and why it may.
MAY_START = {
    "droid.sandbox.link": "brings up the warden, which starts what the ProcessRunner port is asked for",
    "droid.sandbox.warden": "starts what passed the gate, hooks, and the program's own read-only helpers",
    "droid.demo.lsp_client": "the demonstration starts a server of its own",
}
MAY_CONNECT = {
    "droid.net.client": "the one HTTP client",
    "droid.net.transport": "its guarded transport",
    "droid.net.failures": "tells its errors apart",
    "droid.providers.wire": "models, through that client",
    "droid.settings.org_fetch": "the organisation's endpoint, through that client",
    "droid.app.parts": "`doctor` looks whether an address answers, through that client",
    "droid.lsp.server": "an editor that was told to connect",
    "droid.cli.serve": "checks the address to listen at",
    "droid.sandbox.link": "a pair of sockets to the warden",
    "droid.demo.loopback": "the scripted model, on loopback",
}
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
    "droid.sessions.store": "copies and deletes transcripts for a person",
    "droid.settings.own_files": "the user's own files, for a person",
    "droid.settings.trust_store": "what a person trusts",
    "droid.settings.generate": "schemas and pages, for developers",
    "droid.lsp.live_document": "a session document, which is a rendering",
    "droid.lsp.private_files": "the folder for session documents",
    "droid.cli.main": "takes standard output away at the end",
    "droid.cli.sessions": "an export, where a person said",
    "droid.cli.doctor_checks": "asks where programs are",
    "droid.demo.lsp_client": "the demonstration's own folder",
    "droid.demo.run": "the demonstration's own folder",
    "droid.demo.sample_home": "the demonstration's own folder",
    "droid.demo.screen": "asks how wide the terminal is",
    "droid.demo.task": "the demonstration's own folder",
}


def found(effect: Effect) -> set[str]:
    return {name for name, tree in modules() if effect in effects(tree)}


@pytest.mark.parametrize(
    ("effect", "known"),
    [(Effect.START, MAY_START), (Effect.CONNECT, MAY_CONNECT), (Effect.WRITE, MAY_WRITE)],
    ids=lambda one: one.name if isinstance(one, Effect) else "",
)
def test_only_known_modules_reach_the_world(effect: Effect, known: dict[str, str]) -> None:
    modules_ = found(effect)
    assert modules_ - set(known) == set(), f"{effect.value} without standing in the table"
    assert set(known) - modules_ == set(), "these stand in the table and do nothing of the kind"


def test_the_search_finds_what_it_should() -> None:
    for effect, text in (
        (Effect.START, "import subprocess"), (Effect.START, "import os\nos.execv('x', [])"),
        (Effect.START, "import asyncio\nasyncio.create_subprocess_exec('x')"), (Effect.CONNECT, "from socket import socket"),
        (Effect.CONNECT, "async def f(): import httpx"), (Effect.WRITE, "open('x', 'w')"), (Effect.WRITE, "p.write_text('x')"),
        (Effect.WRITE, "import os\nos.replace('a', 'b')"), (Effect.WRITE, "p.open(mode='ab')"),
        (Effect.WRITE, "from tempfile import mkstemp"), (Effect.START, "from os import system\nimport subprocess"),
    ):  # fmt: skip
        assert effect in effects(ast.parse(text)), text
    assert not effects(ast.parse("open('x')\n'a'.replace('a', 'b')\nsession.rename('x')"))


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
        "droid.settings.schemas.sandbox",
    }  # fmt: skip
    assert callers("processes") == holders
