"""The shape of the program, checked: layers, what importing costs, and the single doors to the world."""

import ast
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"
MODULES = sorted((SERVER / "droid").rglob("*.py"))

# Long modules that hold one idea all the same.
LONG_MODULES: dict[str, str] = {
    "droid/domain/events.py": "the table of everything that can happen",
    "droid/safety/commands/effects.py": "the reading of one row, a method for each thing that a row can say",
    "droid/safety/commands/shell.py": "the walk over one kind of tree, a method for each kind of statement",
    "droid/sandbox/warden.py": "a program of its own, run by path, that imports nothing of ours",
}
LONGEST = 400

# Who may start a process beside the sandbox, and why.
STARTS_PROCESSES: dict[str, str] = {
    "droid/demo/lsp_client.py": "the demonstration plays the editor, and an editor starts its language server",
}

# Who may open a socket beside the HTTP factory, and why.
OPENS_SOCKETS: dict[str, str] = {
    "droid/demo/": "the scripted model is a real HTTP server on loopback",
    "droid/lsp/": "the language server can listen on loopback instead of stdio",
    "droid/sandbox/link.py": "a socket pair to the warden, which has no address",
    "droid/cli/": "`serve` checks the address it is told to listen on",
}

PROCESS_CALLS = {
    "os.system", "os.popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.posix_spawnp", "os.startfile",
    "pty.spawn", "pty.fork",
    "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell",
}  # fmt: skip
PROCESS_METHODS = {"subprocess_exec", "subprocess_shell"}
PROCESS_MODULES = {"subprocess", "multiprocessing", "pty", "concurrent.futures.process"}

SOCKET_CALLS = {
    "asyncio.open_connection", "asyncio.start_server",
    "asyncio.open_unix_connection", "asyncio.start_unix_server",
    "httpx.get", "httpx.post", "httpx.put", "httpx.request", "httpx.stream",
    "httpx.Client", "httpx.AsyncClient", "httpx.HTTPTransport", "httpx.AsyncHTTPTransport",
}  # fmt: skip
SOCKET_METHODS = {
    "create_connection", "create_server", "create_datagram_endpoint",
    "create_unix_connection", "create_unix_server",
}  # fmt: skip
SOCKET_MODULES = {
    "socket", "socketserver", "ssl", "http.client", "http.server", "urllib.request", "ftplib", "smtplib",
    "requests", "aiohttp", "websockets", "httpcore",
}  # fmt: skip


def name_of(path: Path) -> str:
    return path.relative_to(SERVER).as_posix()


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain; empty where it does not start at a name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def uses(
    tree: ast.AST, *, modules: set[str], calls: set[str], methods: set[str]
) -> Iterator[tuple[int, str]]:
    """Lines that import one of `modules`, or name one of `calls` or, on anything, one of `methods`."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                aliases[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
                if any(alias.name == module or alias.name.startswith(f"{module}.") for module in modules):
                    yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                aliases[alias.asname or alias.name] = full
                if node.module in modules or full in modules or full in calls:
                    yield node.lineno, full
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            head, _, rest = dotted(node).partition(".")
            full = f"{aliases.get(head, head)}.{rest}"
            spawns = full.startswith(("os.exec", "os.spawn")) and "os.system" in calls
            if full in calls or spawns or node.attr in methods:
                yield node.lineno, full if rest else node.attr


def offences(
    *, modules: set[str], calls: set[str], methods: set[str], home: str, allowed: dict[str, str]
) -> list[str]:
    found: list[str] = []
    for path in MODULES:
        name = name_of(path)
        if name.startswith((home, *allowed)):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [
            f"{name}:{line}: {what}"
            for line, what in uses(tree, modules=modules, calls=calls, methods=methods)
        ]
    return found


def test_only_the_sandbox_starts_a_process() -> None:
    """One door, so that every process tree is confined, bounded and ended with its call."""
    assert not offences(
        modules=PROCESS_MODULES,
        calls=PROCESS_CALLS,
        methods=PROCESS_METHODS,
        home="droid/sandbox/",
        allowed=STARTS_PROCESSES,
    )


def test_only_the_http_factory_opens_a_connection() -> None:
    """One door, so that proxies, certificates and the egress policy cannot be forgotten."""
    assert not offences(
        modules=SOCKET_MODULES,
        calls=SOCKET_CALLS,
        methods=SOCKET_METHODS,
        home="droid/net/",
        allowed=OPENS_SOCKETS,
    )


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("import subprocess", True),
        ("from subprocess import run", True),
        ("import os\nos.execvp('a', ['a'])", True),
        ("import os as o\no.system('x')", True),
        ("from os import posix_spawn", True),
        ("import asyncio\nasyncio.create_subprocess_exec('x')", True),
        ("from asyncio import create_subprocess_shell as c", True),
        ("loop.subprocess_exec(f, 'x')", True),
        ("import multiprocessing.pool", True),
        ("import os\nos.execution = 1", True),
        ("import os\nos.getpid()", False),
        ("runner.run(request)", False),
    ],
)
def test_the_search_for_processes_is_not_fooled_by_spelling(source: str, caught: bool) -> None:
    found = list(
        uses(ast.parse(source), modules=PROCESS_MODULES, calls=PROCESS_CALLS, methods=PROCESS_METHODS)
    )
    assert bool(found) is caught


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("import socket", True),
        ("import http.client", True),
        ("from urllib import request", True),
        ("import httpx\nhttpx.AsyncClient()", True),
        ("from httpx import AsyncClient", True),
        ("import asyncio as a\na.open_connection('h', 1)", True),
        ("asyncio.get_running_loop().create_connection(f)", True),
        ("import httpx\ntry: ...\nexcept httpx.TimeoutException: ...", False),
        ("from urllib.parse import urlsplit", False),
    ],
)
def test_the_search_for_sockets_is_not_fooled_by_spelling(source: str, caught: bool) -> None:
    found = list(uses(ast.parse(source), modules=SOCKET_MODULES, calls=SOCKET_CALLS, methods=SOCKET_METHODS))
    assert bool(found) is caught


def test_allowed_exceptions_exist() -> None:
    """A name that no longer exists would wave through whatever takes it next."""
    for name in (*LONG_MODULES, *STARTS_PROCESSES, *OPENS_SOCKETS):
        assert (SERVER / name).exists(), name


def test_modules_are_about_one_idea() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    tables = "droid/safety/commands/compiled/"  # written by `make generate`
    long = {n: size for n, size in lengths.items() if size > LONGEST and not n.startswith(tables)}
    assert not long.keys() - LONG_MODULES.keys(), long


def test_every_module_says_what_it_is() -> None:
    assert not [
        name_of(path)
        for path in MODULES
        if (tree := ast.parse(path.read_text(encoding="utf-8"))).body and ast.get_docstring(tree) is None
    ]


def test_standard_output_is_the_protocol() -> None:
    """What else is written there breaks the editor's connection."""
    speakers = ("droid/cli/", "droid/headless/", "droid/demo/")
    found: list[str] = []
    for path in MODULES:
        if name_of(path).startswith(speakers):
            continue
        found += [
            f"{name_of(path)}:{node.lineno}: {node.func.id}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("print", "input")
        ]
    assert not found


def test_imports_point_downwards() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def imported_by(statement: str) -> set[str]:
    """The names of all modules that a fresh interpreter has loaded after a statement."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nsys.stdout.write(' '.join(sys.modules))"],
        env={**os.environ, "PYTHONPATH": str(SERVER)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "edge", ["droid.cli.main", "droid.headless", "droid.app", "droid.engine", "droid.domain"]
)
def test_only_the_editor_edge_pays_for_the_language_server_protocol(edge: str) -> None:
    """It is most of what starting costs, and a headless run never needs it."""
    assert not imported_by(f"import {edge}") & {"pygls", "lsprotocol", "lsprotocol.types"}


HEAVY = {"httpx", "pydantic", "pypdf", "sqlite3", "difflib", "ssl", "tree_sitter", "yaml", "pathspec"}


def test_starting_the_language_server_loads_nothing_that_it_does_not_need_yet() -> None:
    """`initialize` is answered before the first model request is thought of."""
    base = imported_by("import pygls.lsp.server")
    assert not (imported_by("import droid.cli.main, droid.lsp.server") - base) & HEAVY


def test_a_session_begins_without_what_judges_calls() -> None:
    """It knows shell and git, and takes as long to load as the rest; that happens while a model thinks."""
    loaded = imported_by("import droid.headless.exec, droid.app.runtime, droid.app.adapters")
    late = ("droid.hooks", "droid.safety.commands", "droid.safety.rules", "tree_sitter", "yaml", "pathspec")
    assert not {name for name in loaded if name.startswith(late)}


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    """Prompts, tool descriptions and tables are read from the package folder at run time."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    files = {
        name_of(path) for path in (SERVER / "droid").rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    assert not files - packed
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in packed)
    assert {name.split("/")[0].split("-")[0] for name in packed} == {"droid", "droid_lsp"}
