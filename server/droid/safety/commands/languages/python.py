"""Tells what Python code does, from its syntax tree.

Danger needs a name: of a module, a builtin or a method. Every name that the code mentions is looked up, so
calling what a variable holds needs no following: what it holds was mentioned somewhere.
"""

import ast
import re
import warnings
from textwrap import dedent

from droid.safety.commands.languages import python_names as names
from droid.safety.commands.languages.findings import Findings
from droid.safety.commands.languages.python_calls import Calls
from droid.safety.commands.languages.python_values import Values
from droid.safety.commands.variables import decides_code
from droid.safety.commands.words import UNKNOWN

_ADDRESS = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_DUNDER = re.compile(r"__\w+__")
_DEEPEST_EVAL = 3
_MOST_NODES = 30_000
_LOOKS_AT = frozenset({"dir", "print", "help", "type", "hasattr", "repr", "id", "bool", "str", "isinstance"})


def read(code: str, found: Findings, language: str = "python", *, depth: int = 0) -> None:
    """Collect what the code does."""
    try:
        tree = _parsed(code)
    except (SyntaxError, ValueError) as error:
        found.high(f"Python that does not parse: {type(error).__name__}")
        return
    _Reader(tree, found, depth).read()


def _parsed(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(code)
        except IndentationError:
            return ast.parse(dedent(code))


class _Reader:
    def __init__(self, tree: ast.Module, found: Findings, depth: int) -> None:
        self._tree = tree
        self._found = found
        self._depth = depth
        self._values = Values(tree)
        self._calls = Calls(self._values, found)
        self._parents: dict[ast.AST, ast.AST] = {}
        self._has_libraries = False

    def read(self) -> None:
        nodes = list(ast.walk(self._tree))
        if len(nodes) > _MOST_NODES:
            self._found.high("Python that is too long to be judged")
            return
        for node in nodes:
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
        for node in nodes:
            match node:
                case ast.Import(names=aliases):
                    for alias in aliases:
                        self._import(alias.name)
                case ast.ImportFrom():
                    self._import_from(node)
                case ast.Name() | ast.Attribute():
                    self._mention(node)
                case ast.Call():
                    self._call(node)
                case _:
                    pass
        if self._has_libraries and any(
            isinstance(node, ast.Constant) and isinstance(node.value, str) and _ADDRESS.search(node.value)
            for node in nodes
        ):
            self._found.high("hands an address to a library")

    # --- imports ---------------------------------------------------------------------------------

    def _import(self, module: str) -> None:
        top = module.partition(".")[0]
        if module in names.PURE_MODULES or module in _HARMLESS_MODULES or top in _HARMLESS_MODULES:
            return
        if module in ("antigravity", "pip", "ensurepip", "idlelib", "turtledemo"):
            self._found.high(f"importing {module} does things by itself")
        self._has_libraries = True
        self._found.medium(f"runs the module {module}")

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = f"{'.' * node.level}{node.module or ''}"
        self._import(module)
        for alias in node.names:
            if alias.name == "*":
                if module not in names.PURE_MODULES:
                    self._found.high(f"takes every name of {module}")
            elif f"{module}.{alias.name}" not in names.PURE_MODULES and _is_library(module):
                self._has_libraries = True

    # --- names -----------------------------------------------------------------------------------

    def _mention(self, node: ast.Name | ast.Attribute) -> None:
        parent = self._parents.get(node)
        if isinstance(node, ast.Attribute):
            self._attribute(node, parent)
        if isinstance(parent, ast.Attribute):
            return
        called = _is_called(node, parent)
        for name in self._values.dotted(node):
            name = canonical(name)
            if name == "os.environ" or name.startswith("os.environ.") or name == "os.getenv":
                self._environment(node, name, parent)
            elif not called:
                self._value(name, node, parent)

    def _attribute(self, node: ast.Attribute, parent: ast.AST | None) -> None:
        attr = node.attr
        if _DUNDER.fullmatch(attr) and attr not in names.QUIET_DUNDERS:
            if attr == "__class__" and isinstance(parent, ast.Attribute) and parent.attr == "__name__":
                return
            self._found.high(f"reaches into Python by {attr}")
        elif attr in (
            "f_globals",
            "f_locals",
            "f_back",
            "gi_frame",
            "cr_frame",
            "tb_frame",
            "co_code",
            "func_globals",
        ):
            self._found.high(f"reaches into Python by {attr}")
        elif not isinstance(node.ctx, ast.Load) and self._values.dotted(node):
            self._found.high(f"replaces {attr} of a module")
        elif (
            attr in names.METHODS_THAT_RUN and not _is_called(node, parent) and not self._values.dotted(node)
        ):
            self._found.high(f"uses the method {attr}")

    def _environment(self, node: ast.expr, name: str, parent: ast.AST | None) -> None:
        """`os.environ` or a method of it."""
        match parent:
            case ast.Subscript(value=value, slice=key, ctx=ctx) if value is node:
                if isinstance(ctx, ast.Load):
                    self._found.reads_variable(self._values.text(key))
                else:
                    self._sets(self._values.text(key))
            case ast.Call(func=func, args=[key, *_]) if func is node and not name.endswith(
                ("update", "putenv")
            ):
                self._found.reads_variable(self._values.text(key))
            case ast.Compare():
                pass
            case _:
                if name.rpartition(".")[2] in ("update", "pop", "clear", "setdefault"):
                    self._found.medium("sets variables of its environment")
                else:
                    self._found.reads_variable("")

    def _sets(self, variable: str) -> None:
        """A variable of the environment, which what it starts will obey."""
        if UNKNOWN in variable or decides_code(variable, UNKNOWN):
            self._found.high(f"sets {variable[:40]}, which may decide what code runs")
        else:
            self._found.medium("sets a variable of its environment")

    def _value(self, name: str, node: ast.expr, parent: ast.AST | None) -> None:
        """A name that is handed on, assigned or only looked at."""
        if name in names.HARMLESS or name in _HARMLESS_VALUES or _is_pure(name):
            return
        looked_at = (
            isinstance(parent, ast.Call)
            and isinstance(parent.func, ast.Name)
            and (parent.func.id in _LOOKS_AT)
            and parent.func.id not in self._values.imported
        )
        top, _, rest = name.partition(".")
        if looked_at and not name.startswith("builtins."):
            return
        if rest and rest.rpartition(".")[2] in (
            "__version__",
            "__file__",
            "__doc__",
            "__name__",
            "__path__",
            "VERSION",
        ):
            return
        if _is_library(name) and rest:
            return
        if rest and not _known(top) and not isinstance(node, ast.Name):
            # A value of a module that is not known, such as `settings.DEBUG`.
            self._found.medium(f"reads {name}")
            return
        if rest and not _known(top) and isinstance(parent, ast.Expr | ast.FormattedValue):
            return
        self._found.high(f"hands on {name.removeprefix('builtins.')}, which may do anything")

    # --- calls -----------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> None:
        dotted = self._values.dotted(node.func)
        for name in dotted:
            name = canonical(name)
            if name in ("builtins.eval", "builtins.exec", "builtins.compile"):
                self._evaluate(node)
            elif name == "builtins.getattr":
                self._getattr(node)
            elif name.startswith("os.environ") or name == "os.getenv" or name == "builtins.str":
                continue
            elif name in ("builtins.globals", "builtins.locals", "builtins.vars", "builtins.setattr"):
                self._found.high(f"reaches names by {name.partition('.')[2]}()")
            elif _is_pure(name) or name in names.HARMLESS:
                self._calls.harmless(name, node)
            elif not self._calls.library(name, node):
                self._unknown(name, node)
        if not dotted and isinstance(node.func, ast.Attribute):
            self._calls.method(node.func, node)

    def _unknown(self, name: str, node: ast.Call) -> None:
        top = name.partition(".")[0]
        if name.startswith("builtins."):
            self._found.high(f"calls {name.removeprefix('builtins.')}, which may do anything")
        elif _is_network(name):
            self._found.high(f"reaches out by {name}")
        elif _is_library(name):
            method = name.rpartition(".")[2]
            if method in names.METHODS_THAT_SAVE:
                self._calls.saves(node)
            if method in names.METHODS_THAT_RUN or method in names.METHODS_THAT_DELETE:
                self._found.high(f"calls {name}")
            self._found.medium(f"calls {name}")
        elif _known(top):
            self._found.high(f"calls {name}, which is not vouched for")
        else:
            self._found.high(f"calls {name} of a module that cannot be seen")

    def _evaluate(self, node: ast.Call) -> None:
        """`eval` and its like are dangerous; what they run is read to find the programs."""
        self._found.high("runs a text as code")
        if node.args and self._depth < _DEEPEST_EVAL:
            text = self._values.text(node.args[0])
            if "\0" not in text:
                read(text, self._found, depth=self._depth + 1)

    def _getattr(self, node: ast.Call) -> None:
        match node.args:
            case [base, ast.Constant(value=str(attr)), *_]:
                if self._values.dotted(base) or (_DUNDER.fullmatch(attr) and attr not in names.QUIET_DUNDERS):
                    self._found.high(f"reaches a name by getattr: {attr}")
                elif attr in names.METHODS_THAT_RUN | names.METHODS_THAT_DELETE:
                    self._found.high(f"uses the method {attr}")
            case _:
                self._found.high("reaches a name that cannot be told by getattr")


# --- what a dotted name belongs to -------------------------------------------------------------------

_HARMLESS_MODULES = frozenset(
    {"argparse", "asyncio", "configparser", "doctest", "getpass", "io", "logging", "multiprocessing", "os",
     "pathlib",
     "pwd", "resource", "select", "shutil", "sqlite3", "ssl", "subprocess", "sys", "tarfile", "tempfile",
     "timeit",
     "unittest", "zipfile", "http", "socket", "http.client", "urllib.request", "pty", "importlib", "builtins",
     "importlib.util", "pickle", "marshal", "ctypes", "cProfile", "trace", "tracemalloc", "faulthandler",
     "gc", "venv",
     "posix", "fileinput", "shelve", "dbm", "py_compile", "compileall", "readline", "grp", "fcntl", "mmap",
     "curses",
     "tkinter", "lib2to3", "imp", "distutils", "_ssl", "_ctypes", "_sqlite3", "_bz2", "_lzma", "zipapp",
     "shlex",
     "commands", "optparse", "numbers", "contextvars", "weakref", "sched", "atexit", "selectors",
     "audioop", "crypt",
     "syslog", "termios", "tty", "nis", "code", "runpy", "bdb", "pdb", "profile", "pstats", "symtable",
     "filecmp",
     "netrc", "plistlib", "wave", "ensurepip", "zipimport", "urllib.error", "smtplib", "ftplib", "imaplib",
     "poplib",
     "urllib", "xml", "xml.etree", "socketserver", "http.server", "http.cookies", "xmlrpc", "webbrowser"}
)  # fmt: skip
"""Modules that come with Python: importing them does nothing, and what is used of them is looked up."""

_HARMLESS_VALUES = frozenset(
    {"builtins.str", "asyncio.subprocess.PIPE", "ssl._create_default_https_context", "unittest.TestCase",
     "unittest.mock", "logging.Formatter", "logging.Handler", "sqlite3.Error", "subprocess.SubprocessError",
     "configparser.Error", "pickle.HIGHEST_PROTOCOL", "ctypes.sizeof", "gc.collect", "gc.get_count",
     "gc.isenabled",
     "sqlite3.OperationalError", "socket.error", "socket.timeout", "shutil.Error", "shlex.quote",
     "shlex.split",
     "asyncio.TimeoutError", "asyncio.CancelledError", "urllib.error.HTTPError", "urllib.error.URLError",
     "tarfile.TarError"}
)  # fmt: skip

# A path to a module that leads over another one (`glob.os.system`) is as good as the short one.
_STEPPING_STONES = frozenset(
    {"builtins", "ctypes", "importlib", "io", "os", "pty", "posix", "shutil", "socket", "subprocess",
     "sys", "pathlib",
     "tempfile", "asyncio", "multiprocessing", "pickle", "marshal", "runpy", "code", "urllib", "http",
     "xmlrpc",
     "webbrowser"}
)  # fmt: skip


def _is_called(node: ast.expr, parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Call) and parent.func is node


def canonical(name: str) -> str:
    """The shortest name of the same thing."""
    parts = name.split(".")
    for index in range(len(parts) - 1, 0, -1):
        if parts[index] in _STEPPING_STONES and ".".join(parts[: index + 1]) not in names.HARMLESS:
            parts = parts[index:]
            break
    if parts[0] in ("posix", "nt"):
        parts[0] = "os"
    return ".".join(parts)


def _is_pure(name: str) -> bool:
    if name in names.PURE_MODULES:
        return True
    module = name
    while module:
        module = module.rpartition(".")[0]
        if module in names.PURE_MODULES:
            rest = name[len(module) + 1 :].split(".")
            return f"{module}.{rest[0]}" not in names.NOT_PURE and not (
                rest[0].startswith("_") and rest[0] not in names.QUIET_DUNDERS
            )
    return name in _HARMLESS_VALUES


def _is_library(name: str) -> bool:
    return name.partition(".")[0] in names.LIBRARIES or name.startswith("google.protobuf")


def _is_network(name: str) -> bool:
    return name.partition(".")[0] in names.NETWORK or name.startswith("urllib.request")


def _known(top: str) -> bool:
    """Whether a module comes with Python or is one that reaches out or runs code."""
    return (
        top in _HARMLESS_MODULES
        or top in names.NETWORK
        or top in names.RUNS_CODE
        or top in names.PURE_MODULES
        or top in names.LIBRARIES
        or top in ("?", "builtins")
    )
