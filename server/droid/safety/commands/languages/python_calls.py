"""What calls of Python's library do with their arguments."""

import ast

from droid.safety.commands.languages import python_names as names
from droid.safety.commands.languages import sql
from droid.safety.commands.languages.findings import Findings, quoted
from droid.safety.commands.languages.python_values import Values
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN


class Calls:
    """Looks at calls, one by one."""

    def __init__(self, values: Values, found: Findings) -> None:
        self._values = values
        self._found = found

    def harmless(self, name: str, node: ast.Call) -> None:
        """A call that changes nothing; what it reads is told."""
        if name in ("sqlite3.connect", "linecache.getlines", "tokenize.open") or (
            name in ("os.listdir", "os.scandir", "os.walk") and node.args
        ):
            self._found.touches(Touch.READ, self._text(node, 0, "database", "path", "top", "filename"))

    def library(self, name: str, node: ast.Call) -> bool:
        """A call by its name; False where it is in no table."""
        found = self._found
        if any(isinstance(one, ast.Starred) for one in node.args) and name not in names.HARMLESS:
            found.high(f"calls {name} with arguments that are not known")
        if name in ("builtins.open", "builtins.file") or name in names.READS:
            self._opened(self._text(node, 0, "file", "name", "filename"), self._mode(node, 1))
        elif name in names.DELETES:
            found.touches(Touch.DELETE, self._text(node, 0, "path"))
        elif name in names.WRITES:
            self._writes(name, node)
        elif name in names.SHELLS:
            text = self._text(node, 0, "command", "cmd")
            found.runs(text)
            if name.startswith("os.popen") and self._mode(node, 1) != "r":
                found.high("feeds a command that it runs")
        elif name in names.PROGRAMS:
            self._program(node)
        elif name in names.SPAWNS:
            self._spawns(name, node)
        elif name == "timeit.timeit":
            found.high("runs a text as code")
        else:
            return False
        return True

    def method(self, function: ast.Attribute, node: ast.Call) -> None:
        """A method of something that is not known: judged by its name."""
        found, name = self._found, function.attr
        receiver = self._values.text(function.value)
        if name in names.METHODS_THAT_RUN:
            found.high(f"calls the method {name}")
        elif name in names.METHODS_THAT_DELETE:
            found.touches(Touch.DELETE, receiver)
        elif name in names.METHODS_THAT_WRITE or (
            name == "replace" and len(node.args) == 1 and not node.keywords
        ):
            found.touches(Touch.WRITE, receiver)
            if name in ("rename", "replace"):
                found.touches(Touch.WRITE, self._text(node, 0, "target"))
        elif name in names.METHODS_THAT_SAVE:
            self.saves(node)
        elif name in names.METHODS_THAT_UNPACK:
            found.touches(Touch.WRITE, self._text(node, 0, "path") if node.args or node.keywords else ".")
        elif name in ("read_text", "read_bytes", "iterdir", "rglob"):
            found.touches(Touch.READ, receiver)
        elif name == "open":
            self._opened(receiver, self._mode(node, 0))
        elif name in names.METHODS_OF_SQL:
            statement = self._text(node, 0, "sql")
            if UNKNOWN in statement:
                found.high("runs SQL that is not known")
            else:
                sql.read(statement, found, "sql")

    def saves(self, node: ast.Call) -> None:
        """A call that writes the file that its first argument names."""
        self._found.touches(Touch.WRITE, self._text(node, 0, "path_or_buf", "path", "fname", "file"))

    # --- arguments -------------------------------------------------------------------------------

    def _argument(self, node: ast.Call, index: int, *keywords: str) -> ast.expr | None:
        for keyword in node.keywords:
            if keyword.arg in keywords:
                return keyword.value
        return node.args[index] if 0 <= index < len(node.args) else None

    def _text(self, node: ast.Call, index: int, *keywords: str) -> str:
        return self._values.text(self._argument(node, index, *keywords))

    def _mode(self, node: ast.Call, index: int) -> str:
        given = self._argument(node, index, "mode")
        return "r" if given is None else self._values.text(given)

    def _opened(self, path: str, mode: str) -> None:
        self._found.touches(Touch.WRITE if set(mode) & {*"wax+", UNKNOWN} else Touch.READ, path)

    def _writes(self, name: str, node: ast.Call) -> None:
        self._found.medium(f"calls {name}")
        if name in names.COPIES or name == "shutil.unpack_archive":
            self._found.touches(Touch.READ, self._text(node, 0, "src", "filename"))
        for index in names.WRITES[name]:
            self._found.touches(
                Touch.WRITE,
                self._text(node, index, *(("src", "path", "name") if index == 0 else ("dst", "extract_dir"))),
            )

    def _program(self, node: ast.Call) -> None:
        """`subprocess.run` and its like."""
        found = self._found
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if None in keywords or "executable" in keywords or "preexec_fn" in keywords or "env" in keywords:
            found.high("starts a program in a way that is not followed")
        first = self._argument(node, 0, "args")
        shell = keywords.get("shell")
        by_shell = isinstance(shell, ast.Constant) and shell.value is True
        if shell is not None and not isinstance(shell, ast.Constant):
            found.high("starts a program in a way that is not followed")
        words = self._values.words(first)
        before, fed = self._surroundings(keywords)
        if words is None:
            text = self._values.text(first)
            if by_shell:
                found.runs(f"{before}{text}")
                if fed:
                    found.high("feeds a text to a shell")
                return
            words = [text]
        elif by_shell:
            words = words[:1]
        if not words or not words[0].strip(UNKNOWN):
            found.high("starts a program that is not known")
        elif by_shell:
            found.runs(f"{before}{words[0]}")
        else:
            found.runs(f"{before}{quoted(words)}{fed}")

    def _surroundings(self, keywords: dict[str | None, ast.expr]) -> tuple[str, str]:
        """What a shell would write before and behind the command: its folder and its input."""
        before, fed = "", ""
        if "cwd" in keywords and (folder := self._values.text(keywords["cwd"])) not in ("", "."):
            before = f"cd {quoted([folder])} && "
        given = keywords.get("input")
        if given is not None:
            text = self._values.text(given)
            if UNKNOWN in text:
                self._found.high("feeds a program with what is not known")
            fed = f" <<< {quoted([text])}"
        given = keywords.get("stdin")
        if given is not None and "subprocess.DEVNULL" not in self._values.dotted(given):
            self._found.high("feeds a program with what is not known")
        return before, fed

    def _spawns(self, name: str, node: ast.Call) -> None:
        """`os.execv` and its like: a path, and words that repeat the program."""
        at, listed = names.SPAWNS[name]
        arguments = node.args[at + 1 :]
        words = self._values.words(arguments[0] if arguments else None) if listed else None
        if not listed:
            words = [self._values.text(one) for one in arguments]
            if name.endswith("e") and words:
                words.pop()
        elif words is None and at < 0 and arguments:
            words = [self._values.text(arguments[0])]
        if words is None:
            self._found.high("starts a program that is not known")
            return
        if at >= 0 and len(node.args) > at:
            words = [self._values.text(node.args[at]), *words[1:]]
        if name.endswith("e") or "posix_spawn" in name:
            self._found.high("starts a program with another environment")
        if name == "pty.spawn":
            self._found.high("hands a terminal to a program")
        self._found.runs_words(words)
