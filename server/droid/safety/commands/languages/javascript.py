"""Tells what JavaScript does, from its tokens.

Danger needs a name here too: of a module, of a global object, or of the few properties that lead from any
value to the compiler. What a module is asked for must stand in plain sight.
"""

from droid.safety.commands.languages.findings import Findings
from droid.safety.commands.languages.javascript_tokens import (
    BEFORE_REGEX,
    DECLARES,
    MAX_IMPORT_TOKENS,
    Bindings,
    JavaScriptLexer,
    binding_at,
    module_at,
)
from droid.safety.commands.languages.tokens import Code, Kind, Token, constants, list_of, text_of
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_REACHES_ANYTHING = frozenset(
    {"Bun", "EventSource", "Function", "Proxy", "Reflect", "ShadowRealm", "WebAssembly", "WebSocket",
     "Worker",
     "XMLHttpRequest", "WebTransport", "__defineGetter__", "__lookupGetter__", "__proto__", "_linkedBinding",
     "_load", "binding", "constructor", "dlopen", "eval", "fetch", "getBuiltinModule", "global", "globalThis",
     "importScripts", "mainModule", "sendBeacon", "setPrototypeOf", "getPrototypeOf", "callee", "caller",
     "createRequire", "execScript", "window", "self", "frames"}
)  # fmt: skip
_PURE_MODULES = frozenset(
    {"assert", "assert/strict", "async_hooks", "buffer", "console", "constants", "crypto",
     "diagnostics_channel",
     "events", "os", "path", "path/posix", "path/win32", "perf_hooks", "punycode", "querystring", "readline",
     "readline/promises", "stream", "stream/promises", "string_decoder", "timers", "timers/promises",
     "tty", "url",
     "util", "util/types", "zlib"}
)  # fmt: skip
_STARTS = frozenset({"exec", "execSync", "execFile", "execFileSync", "spawn", "spawnSync", "fork"})
_FS_READS = frozenset(
    {"access", "constants", "createReadStream", "exists", "fstat", "lstat", "opendir", "promises", "read",
     "readFile",
     "readdir", "readlink", "readv", "realpath", "stat", "statfs", "watch", "watchFile", "close", "fsync",
     "F_OK",
     "R_OK", "W_OK", "X_OK", "Stats", "Dirent", "glob"}
)  # fmt: skip
_FS_WRITES = {
    "appendFile": (0,), "chmod": (0,), "copyFile": (1,), "cp": (1,), "createWriteStream": (0,),
    "ftruncate": (),
    "futimes": (), "lchmod": (0,), "link": (1,), "lutimes": (0,), "mkdir": (0,), "mkdtemp": (0,),
    "open": (0,),
    "rename": (0, 1), "symlink": (1,), "truncate": (0,), "utimes": (0,), "write": (), "writeFile": (0,),
    "writev": (),
}  # fmt: skip
_FS_DELETES = frozenset({"rm", "rmdir", "unlink"})
_PROCESS = frozenset(
    {"arch", "argv", "argv0", "config", "cpuUsage", "cwd", "execArgv", "execPath", "exit", "exitCode",
     "features",
     "getegid", "geteuid", "getgid", "getgroups", "getuid", "hrtime", "memoryUsage", "nextTick", "on",
     "once", "pid",
     "platform", "ppid", "release", "report", "resourceUsage", "stderr", "stdin", "stdout", "title", "uptime",
     "version", "versions", "emitWarning", "allowedNodeEnvironmentFlags", "availableMemory"}
)  # fmt: skip
_DENO = frozenset(
    {"args", "build", "cwd", "exit", "hostname", "mainModule", "osRelease", "pid", "version", "inspect"}
)


def read(code: str, found: Findings, language: str = "javascript") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    pieces = [Code(tokens) for tokens in JavaScriptLexer(code).read()]
    bound: dict[str, str] = {}
    for piece in pieces:
        Bindings(piece, bound, found).read()
    for piece in pieces:
        _Reader(piece, bound, found).read()


class _Reader:
    def __init__(self, code: Code, bound: dict[str, str], found: Findings) -> None:
        self._code = code
        self._bound = bound
        self._found = found
        self._values = constants(code, "+")

    def read(self) -> None:
        code = self._code
        for index, token in enumerate(code.tokens):
            if token.kind is Kind.STRING and token.text in (
                "constructor",
                "__proto__",
                "eval",
                "Function",
                "mainModule",
            ):
                self._found.high(f"names {token.text} in a string")
            elif token.is_mark("["):
                self._index(index)
            elif token.is_mark("(") and code.at(index - 1).is_mark(")") and not token.spaced:
                self._found.medium("calls what a call gives")
            elif token.kind is Kind.WORD:
                self._word(index, token)

    def _index(self, index: int) -> None:
        """`x[…]`: a computed name is a way around every name."""
        code = self._code
        before = code.at(index - 1)
        if not (
            before.kind is Kind.WORD and before.text not in (*BEFORE_REGEX, *DECLARES)
        ) and not before.is_mark(")", "]", "?."):
            return
        inside = code.tokens[index + 1 : code.closing(index)]
        called = code.at(code.closing(index) + 1).is_mark("(")
        if len(inside) == 1 and inside[0].kind is Kind.NUMBER:
            return
        if any(token.kind is Kind.STRING for token in inside) and len(inside) > 1:
            self._found.high("reaches a name that it puts together")
        elif called and not (len(inside) == 1 and inside[0].kind is Kind.STRING):
            self._found.high("calls what it finds under a computed name")
        else:
            self._found.medium("reads under a computed name")

    def _word(self, index: int, token: Token) -> None:
        code, found = self._code, self._found
        property_ = code.at(index - 1).is_mark(".", "?.")
        name = token.text
        key = code.at(index + 1).is_mark(":") and code.at(index - 1).is_mark("{", ",")
        if name in (
            "constructor",
            "__proto__",
            "mainModule",
            "_load",
            "binding",
            "dlopen",
            "getBuiltinModule",
            "callee",
        ):
            if (
                name == "constructor"
                and code.at(index + 1).is_mark(".")
                and code.at(index + 2).is_word("name")
            ):
                return
            found.high(f"reaches {name}")
        elif property_ or key:
            return
        elif name in self._bound:
            self._member(index, self._bound[name], index + 1)
        elif name == "require":
            self._require(index)
        elif name == "import":
            self._import(index)
        elif name == "process":
            self._process(index)
        elif name == "Deno":
            if not (code.at(index + 1).is_mark(".") and code.at(index + 2).text in _DENO):
                self._deno(index)
        elif name == "module":
            if not (code.at(index + 1).is_mark(".") and code.at(index + 2).is_word("exports")):
                found.high("reaches the loader of modules")
        elif name == "with" and code.at(index + 1).is_mark("("):
            found.high("uses with")
        elif name in _REACHES_ANYTHING:
            found.high(f"uses {name}")

    def _deno(self, index: int) -> None:
        code, found = self._code, self._found
        name = code.at(index + 2).text.removesuffix("Sync") if code.at(index + 1).is_mark(".") else ""
        path = self._text(self._code.arguments(index + 3), 0) if code.at(index + 3).is_mark("(") else UNKNOWN
        if name in ("readTextFile", "readFile", "readDir", "stat", "lstat"):
            found.touches(Touch.READ, path)
        elif name in ("writeTextFile", "writeFile", "mkdir", "create"):
            found.touches(Touch.WRITE, path)
        elif name == "remove":
            found.touches(Touch.DELETE, path)
        elif name in ("Command", "run"):
            given = self._code.arguments(index + 3) if code.at(index + 3).is_mark("(") else []
            words = [path] if name == "Command" else []
            words += _listed(given[-1], "args" if name == "Command" else "cmd") if given else []
            found.high("starts a program")
            found.runs_words(words or [UNKNOWN])
        else:
            found.high(f"uses Deno.{name}")

    def _process(self, index: int) -> None:
        code, found = self._code, self._found
        name = code.at(index + 2)
        if not code.at(index + 1).is_mark(".", "?.") or name.kind is not Kind.WORD:
            if not (code.at(index - 1).is_word("typeof") or code.at(index + 1).is_mark("===", "!==")):
                found.high("hands on process")
        elif name.text == "env":
            after = code.at(index + 3)
            if after.is_mark(".", "?.") or (
                after.is_mark("[")
                and code.at(index + 4).kind is Kind.STRING
                and code.at(index + 5).is_mark("]")
            ):
                found.reads_variable(code.at(index + 4).text)
            else:
                found.reads_variable("")
        elif name.text not in _PROCESS:
            found.high(f"uses process.{name.text}")

    # --- modules ---------------------------------------------------------------------------------

    def _require(self, index: int) -> None:
        code, found = self._code, self._found
        if code.at(index + 1).is_mark("."):
            if not code.at(index + 2).is_word("resolve", "main", "cache") or code.at(index + 2).is_word(
                "cache"
            ):
                found.high("reaches the loader of modules")
            return
        module = module_at(code, index)
        if module is None:
            found.high("loads a module that is not known")
            return
        self._loads(module)
        if binding_at(code, index) is None:
            self._member(index, module, index + 4)

    def _import(self, index: int) -> None:
        code = self._code
        if code.at(index + 1).is_mark("."):
            return
        if code.at(index + 1).is_mark("("):
            module = module_at(code, index)
            if module is None:
                self._found.high("loads a module that is not known")
                return
            self._loads(module)
            if module not in _PURE_MODULES and not module.endswith(".json"):
                self._found.high(f"loads {module} in a way that is not followed")
            return
        end, last = index + 1, min(len(code.tokens), index + MAX_IMPORT_TOKENS)
        while end < last and code.at(end).kind is not Kind.STRING and not code.at(end).is_word("import"):
            end += 1
        if end == last or code.at(end).kind is not Kind.STRING:
            self._found.high("loads a module that is not known")
            return
        self._loads(code.at(end).text.removeprefix("node:"))

    def _loads(self, module: str) -> None:
        if module in _PURE_MODULES or module in ("fs", "fs/promises", "child_process", "process", "v8"):
            return
        if module.startswith((".", "/")) and module.endswith(".json"):
            self._found.touches(Touch.READ, module)
        elif module.endswith("/package.json"):
            return
        elif module in _DANGEROUS_MODULES or "://" in module or module.startswith("data:"):
            self._found.high(f"loads {module}")
        else:
            self._found.medium(f"runs the module {module}")

    def _member(self, index: int, module: str, after: int) -> None:
        """What is done with a module, or a member of one, that stands at an index."""
        code = self._code
        if self._declared(index):
            return
        while code.at(after).is_mark(".", "?.") and code.at(after + 1).kind is Kind.WORD:
            module = f"{module}.{code.at(after + 1).text}"
            after += 2
        called = after if code.at(after).is_mark("(") else None
        top, _, name = module.partition(".")
        if top in ("fs", "fs/promises"):
            self._file(name.removeprefix("promises.").removeprefix("default."), called)
        elif top == "child_process":
            self._start(name.removeprefix("default."), called)
        elif top in _PURE_MODULES or top.endswith(".json"):
            if "promisify" in name or name.split(".")[0] == "setPriority":
                self._found.medium(f"uses {module}")
        elif top == "process":
            if name.split(".")[0] not in _PROCESS:
                self._found.high(f"uses {module}")
        elif called is not None or code.at(index - 1).is_word("new"):
            self._found.high(f"calls {module}, which cannot be seen")
        elif not name and not code.at(after).is_mark(")", ";") and code.at(after).kind is not Kind.LINE:
            self._found.high(f"hands on {module}, which may do anything")

    def _declared(self, index: int) -> bool:
        """Whether a name stands where it is bound: `const {exec} = require(…)`, `import {exec} from …`."""
        code = self._code
        here = index
        while here >= 0 and (
            code.at(here).kind is Kind.WORD or code.at(here).is_mark(",", "{", "}", ":", "*")
        ):
            if code.at(here).is_word(*DECLARES, "import"):
                break
            here -= 1
        if not code.at(here).is_word(*DECLARES, "import"):
            return code.at(index + 1).is_mark("=") and code.at(index + 2).is_word("require")
        end = index
        while code.at(end).kind is Kind.WORD or code.at(end).is_mark(",", "{", "}", ":", "*"):
            if code.at(end).is_word("from"):
                return True
            end += 1
        return code.at(end).is_mark("=") and code.at(end + 1).is_word("require")

    def _file(self, name: str, called: int | None) -> None:
        found = self._found
        given = self._code.arguments(called) if called is not None else []
        name = name.removesuffix("Sync")
        if name in _FS_READS:
            if called is not None and name not in ("close", "fsync", "read", "fstat"):
                found.touches(Touch.READ, self._text(given, 0))
        elif called is None:
            if name != "promises":
                found.high(f"hands on fs.{name or 'itself'}")
        elif name in _FS_WRITES:
            found.medium(f"calls fs.{name}")
            if name in ("copyFile", "cp", "link", "symlink"):
                found.touches(Touch.READ, self._text(given, 0))
            for at in _FS_WRITES[name]:
                found.touches(Touch.WRITE, self._text(given, at))
        elif name in _FS_DELETES:
            found.touches(Touch.DELETE, self._text(given, 0))
        else:
            found.high(f"calls fs.{name}")

    def _start(self, name: str, called: int | None) -> None:
        """`exec(text)`, `spawn(program, [words])`."""
        found = self._found
        if called is None or name not in _STARTS:
            found.cannot_tell("starts programs in a way that is not followed")
            return
        given = self._code.arguments(called)
        first = self._text(given, 0)
        options = [token.text for part in given[1:] for token in part if token.kind is Kind.WORD]
        if {"env", "shell", "input", "argv0", "uid"} & set(options):
            found.high("starts a program with options that change what runs")
        if name == "fork":
            found.touches(Touch.RUN, first)
        elif name.startswith(("execFile", "spawn")):
            words = list_of(given[1], "+") if len(given) > 1 else []
            if words is None:
                words = [UNKNOWN] if not given[1][0].is_mark("{") else []
            if "shell" in options:
                found.runs(" ".join([first, *words]))
            else:
                found.runs_words([first, *words])
        else:
            found.runs(first)

    def _text(self, given: list[list[Token]], at: int) -> str:
        return text_of(given[at], "+", self._values) if at < len(given) else UNKNOWN


def _listed(tokens: list[Token], key: str) -> list[str]:
    """The strings of a list in an object: `{args: ["-rf", "x"]}`."""
    start = next((at for at, token in enumerate(tokens) if token.text == key), None)
    if start is None:
        return []
    rest = tokens[start + 2 :]
    end = next((at for at, token in enumerate(rest) if token.is_mark("]")), len(rest))
    return list_of(rest[: end + 1], "+") or [UNKNOWN]


_DANGEROUS_MODULES = frozenset(
    {"cluster", "dgram", "dns", "dns/promises", "http", "http2", "https", "inspector", "module", "net",
     "repl", "tls",
     "vm", "worker_threads", "axios", "node-fetch", "got", "request", "undici", "superagent", "ssh2",
     "nodemailer",
     "ws", "socket.io-client", "puppeteer", "playwright", "execa", "shelljs", "cross-spawn", "rimraf", "del",
     "fs-extra", "zx", "aws-sdk"}
)  # fmt: skip
