"""Tells what Ruby does, from its tokens.

A method is harmless unless its name is listed: what it can do depends on the constant that it belongs to,
and every constant that is not vouched for is dangerous.
"""

import re

from droid.safety.commands.languages.findings import Findings
from droid.safety.commands.languages.ruby_tokens import RubyLexer
from droid.safety.commands.languages.tokens import Code, Kind, Token, constants, list_of, text_of
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_ENDS = frozenset({"do", "if", "unless", "while", "until", "rescue", "and", "or", "end", "then"})
_REACHES_ANYTHING = frozenset(
    {"__send__", "autoload", "binding", "class_eval", "class_exec", "const_get", "daemon", "define_method",
     "eval",
     "exec_system", "exit!", "fork", "instance_eval", "instance_exec", "instance_method", "kill", "load",
     "module_eval", "module_exec", "public_send", "remove_const", "send", "set_trace_func", "setuid",
     "syscall", "trap",
     "ObjectSpace", "undef_method", "alias_method", "method", "public_method", "method_missing",
     "instance_variable_get",
     "instance_variable_set", "popen3", "delete_all", "destroy_all", "update_all", "drop_table",
     "drop_database",
     "truncate_tables", "deliver_now", "perform_now", "RubyVM", "TOPLEVEL_BINDING", "chown", "chroot",
     "detach",
     "constantize", "to_proc_", "const_missing", "pipeline", "pipeline_r", "pipeline_w", "pipeline_rw"}
)  # fmt: skip
_STARTS = frozenset(
    {"system", "exec", "spawn", "popen", "capture2", "capture2e", "capture3", "popen2", "popen2e"}
)
_DELETES = frozenset({"unlink", "rmtree", "rm_rf", "rm_r", "rm", "rm_f", "rmdir", "remove_entry",
                      "remove_dir", "remove_file", "remove_entry_secure", "safe_unlink",
                      "remove"})  # fmt: skip
_LIBRARIES = frozenset(
    {"English", "abbrev", "base64", "benchmark", "bigdecimal", "bigdecimal/util", "csv", "date", "delegate",
     "digest", "digest/md5", "digest/sha1", "digest/sha2", "erb", "etc", "fileutils", "find",
     "forwardable", "getoptlong", "io/console",
     "ipaddr", "json", "logger", "matrix", "monitor", "observer", "open3", "openssl", "optparse", "ostruct",
     "pathname", "pp", "prettyprint", "prime", "psych", "rbconfig", "rexml/document", "ripper", "rubygems",
     "securerandom", "set", "shellwords", "singleton", "stringio", "strscan", "tempfile", "time", "timeout",
     "tmpdir", "tsort", "uri", "weakref", "yaml", "zlib", "bundler", "objspace", "coverage", "cgi"}
)  # fmt: skip
_CONSTANTS = frozenset(
    {"ARGF", "ARGV", "Abbrev", "ArgumentError", "Array", "Base64", "BasicObject", "Benchmark",
     "BigDecimal", "CGI",
     "CSV", "Class", "Comparable", "Complex", "DATA", "Date", "DateTime", "Digest", "E", "EACCES",
     "ENOENT", "EOFError",
     "EPSILON", "Encoding", "Enumerable", "Enumerator", "Errno", "Etc", "Exception", "FalseClass", "Fiber",
     "Float",
     "GC", "Hash", "INFINITY", "IPAddr", "IndexError", "Integer", "JSON", "KeyError", "LoadError",
     "Logger", "MAX",
     "MD5", "Math", "Matrix", "Module", "NAN", "NameError", "NilClass", "NoMethodError",
     "NotImplementedError",
     "Numeric", "OPENSSL_LIBRARY_VERSION", "OPENSSL_VERSION", "Object", "OpenStruct", "OpenSSL",
     "OptionParser",
     "PI", "PP", "ParserError", "Prime", "Proc", "Psych", "RUBY_COPYRIGHT", "RUBY_DESCRIPTION", "RUBY_ENGINE",
     "RUBY_ENGINE_VERSION", "RUBY_PATCHLEVEL", "RUBY_PLATFORM", "RUBY_RELEASE_DATE", "RUBY_REVISION",
     "RUBY_VERSION", "Random", "Range", "RangeError", "Rational", "RbConfig", "Regexp", "Ripper", "Ractor",
     "RuntimeError", "SHA1", "SHA256", "SHA384", "SHA512", "SEPARATOR", "SecureRandom", "Set", "Shellwords",
     "StandardError", "StringIO", "String", "StringScanner", "Struct", "Symbol", "SyntaxError", "Thread",
     "Time",
     "Timeout", "TrueClass", "TypeError", "URI", "UTF_8", "VERSION", "Vector", "YAML", "ZeroDivisionError",
     "Zlib",
     "CONFIG", "Mutex", "Queue", "Gem", "Version", "Specification", "Bundler", "STDERR", "STDIN", "STDOUT",
     "Data",
     "Signal", "ERB", "X509", "Kernel", "Process", "Open3", "CLOCK_MONOTONIC"}
)  # fmt: skip
_NOT_OF_GEM = frozenset(
    {"install", "uninstall", "push", "Installer", "Uninstaller", "require", "setup", "with_env", "system"}
)
_FILES = frozenset({"File", "Dir", "IO", "FileUtils", "Pathname", "Tempfile", "FileTest", "Find"})
_FILE_READS = frozenset(
    {"read", "readlines", "foreach", "exist?", "exists?", "file?", "directory?", "size", "size?", "stat",
     "lstat",
     "mtime", "ctime", "atime", "readable?", "writable?", "executable?", "symlink?", "zero?", "empty?",
     "readlink",
     "realpath", "binread", "glob", "entries", "children", "each_child", "ftype", "world_readable?",
     "find", "open"}
)  # fmt: skip
_FILE_PURE = frozenset(
    {"absolute_path", "basename", "dirname", "expand_path", "extname", "join", "split", "pwd", "getwd",
     "home", "tmpdir",
     "fnmatch", "fnmatch?", "path", "SEPARATOR", "Separator", "identical?", "cwd", "ALT_SEPARATOR",
     "PATH_SEPARATOR"}
)  # fmt: skip


_FILE_WRITES = frozenset(
    {"write", "rename", "symlink", "link", "chmod", "utime", "truncate", "mkdir", "binwrite", "mkfifo",
     "mktmpdir",
     "chdir", "copy_stream", "umask", "lchmod"}
)  # fmt: skip
_TARGET_LAST = frozenset(
    {"rename", "symlink", "link", "cp", "cp_r", "mv", "ln_s", "ln", "copy", "move", "install", "chmod",
     "chmod_R",
     "ln_sf", "copy_file"}
)  # fmt: skip
_REACHING_LIBRARIES = frozenset(
    {"net", "open-uri", "socket", "pty", "fiddle", "drb", "webrick", "un", "faraday", "httparty",
     "rest-client", "expect"}
)  # fmt: skip


def read(code: str, found: Findings, language: str = "ruby") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    pieces = [Code(tokens) for tokens in RubyLexer(code).read()]
    for piece in pieces:
        _Reader(piece, found).read()


class _Reader:
    def __init__(self, code: Code, found: Findings) -> None:
        self._code = code
        self._found = found
        self._values = constants(code, "+")

    def read(self) -> None:
        for index, token in enumerate(self._code.tokens):
            if token.kind is Kind.SHELL:
                self._found.runs(token.text)
                if token.text.startswith(UNKNOWN):
                    self._found.high("runs a command that is not known")
            elif token.kind is Kind.WORD:
                self._word(index, token.text)
            elif token.kind is Kind.STRING and self._code.at(index - 1).is_mark(":"):
                self._symbol(token.text)

    def _symbol(self, name: str) -> None:
        if name in _STARTS or name in _REACHES_ANYTHING or name in _DELETES:
            self._found.high(f"names {name}")

    def _word(self, index: int, name: str) -> None:
        code, found = self._code, self._found
        before, after = code.at(index - 1), code.at(index + 1)
        if before.is_mark(":"):
            self._symbol(name)
        elif after.is_mark(":") and not after.spaced and not code.at(index + 2).is_mark(":"):
            return
        elif name[:1].isupper():
            self._constant(index, name)
        elif name in _REACHES_ANYTHING:
            found.high(f"uses {name}")
        elif name in _STARTS:
            self._starts(index, name)
        elif name in ("require", "require_relative", "gem"):
            self._requires(index, name)
        elif name == "open" and not before.is_mark(".", "&."):
            self._opens(index)
        elif name in _DELETES or (name == "delete" and self._receiver(index) in _FILES | {")"}):
            found.touches(Touch.DELETE, self._text(index + 1))
        elif name in ("def", "class", "module"):
            found.medium("declares names")

    def _receiver(self, index: int) -> str:
        """The word or mark in front of the dot of a method."""
        code = self._code
        return code.at(index - 2).text if code.at(index - 1).is_mark(".", "&.", "::") else ""

    def _arguments(self, index: int) -> list[list[Token]]:
        return self._code.arguments(index, _ENDS)

    def _text(self, index: int, at: int = 0) -> str:
        given = self._arguments(index)
        return text_of(given[at], "+", self._values) if at < len(given) else UNKNOWN

    # --- constants -------------------------------------------------------------------------------

    def _constant(self, index: int, name: str) -> None:
        code, found = self._code, self._found
        before, after = code.at(index - 1), code.at(index + 1)
        if before.is_word("class", "module"):
            return
        member = code.at(index + 2) if after.is_mark(".", "::", "&.") else None
        if name == "ENV":
            self._environment(index)
        elif name in _FILES:
            self._file(index, name)
        elif name in ("Gem", "Bundler"):
            if member is not None and member.text in _NOT_OF_GEM:
                found.high(f"uses {name}.{member.text}")
        elif name in (
            "Kernel",
            "Process",
            "Open3",
            "Thread",
            "Object",
            "Signal",
            "ERB",
            "Class",
            "Module",
            "Proc",
        ):
            if member is None and name in ("Kernel", "Process", "Open3"):
                found.high(f"hands on {name}")
            elif name == "Kernel" and member is not None and member.is_word("open"):
                self._opens(index + 2)
            elif name == "ERB" and member is not None and member.is_word("new"):
                found.high("fills in a template, which may run anything")
        elif name not in _CONSTANTS:
            if member is not None and (
                member.text in ("VERSION", "version", "gem_version", "name", "class", "Version")
            ):
                found.medium(f"reads {name}.{member.text}")
            else:
                found.high(f"uses {name}, which is not vouched for")
        elif name == "YAML" and member is not None and member.is_word("unsafe_load", "unsafe_load_file"):
            found.high("makes any object of a text")
        elif name in ("YAML", "JSON", "CSV") and member is not None:
            if member.is_word("load_file", "safe_load_file", "foreach", "read", "table"):
                found.touches(Touch.READ, self._text(index + 3))
            elif member.is_word("open"):
                found.medium(f"uses {name}.open")
        elif name == "URI" and member is not None and member.is_word("open"):
            found.high("reaches out")

    def _environment(self, index: int) -> None:
        code = self._code
        after, key = code.at(index + 1), code.at(index + 2)
        if after.is_mark("["):
            stored = code.at(code.closing(index + 1) + 1).is_mark("=")
            name = text_of(code.tokens[index + 2 : code.closing(index + 1)], "+")
            if stored:
                self._found.medium("sets a variable of its environment")
            self._found.reads_variable("X" if stored else name)
        elif after.is_mark(".") and key.is_word("fetch", "key?", "has_key?", "include?"):
            self._found.reads_variable(self._text(index + 3))
        else:
            self._found.reads_variable("")

    # --- files -----------------------------------------------------------------------------------

    def _file(self, index: int, name: str) -> None:
        code, found = self._code, self._found
        after, member = code.at(index + 1), code.at(index + 2)
        if name == "Dir" and after.is_mark("["):
            found.touches(
                Touch.READ, text_of(code.tokens[index + 2 : code.closing(index + 1)], "+", self._values)
            )
            return
        if name in ("Pathname", "Tempfile"):
            self._path_object(index, name)
            return
        if not after.is_mark(".", "::", "&."):
            if not code.at(index - 1).is_mark("::", "<"):
                found.high(f"hands on {name}")
            return
        if member.text[:1].isupper() or member.text in _FILE_PURE:
            return
        given = self._arguments(index + 3)
        first = self._text(index + 3)
        if member.text in _STARTS:
            return
        if member.text in ("open", "new") and name in ("File", "IO"):
            mode = text_of(given[1], "+", self._values) if len(given) > 1 else "r"
            self._opened(first, mode)
        elif member.text in _FILE_READS:
            self._opened(first, "r")
        elif member.text in _DELETES or member.text == "delete":
            found.touches(Touch.DELETE, first)
        elif name == "FileUtils" or member.text in _FILE_WRITES:
            found.medium(f"calls {name}.{member.text}")
            if (
                member.text in ("cp", "cp_r", "copy", "link", "symlink", "ln_s", "ln", "install", "copy_file")
                and given
            ):
                self._opened(first, "r")
            at = 1 if member.text in _TARGET_LAST else 0
            found.touches(Touch.WRITE, self._text(index + 3, at))
        else:
            found.high(f"calls {name}.{member.text}, which is not vouched for")

    def _path_object(self, index: int, name: str) -> None:
        if name == "Tempfile":
            self._found.medium("makes a temporary file")
            return
        path = self._text(index + 3 if self._code.at(index + 1).is_mark(".") else index + 1)
        words = {token.text for token in self._code.tokens if token.kind is Kind.WORD}
        if words & {"delete", "unlink", "rmtree", "rmdir"}:
            self._found.touches(Touch.DELETE, path)
        elif words & {
            "write",
            "mkpath",
            "mkdir",
            "rename",
            "make_symlink",
            "binwrite",
            "chmod",
            "truncate",
            "open",
        }:
            self._found.touches(Touch.WRITE, path)
        else:
            self._found.touches(Touch.READ, path)

    def _opens(self, index: int) -> None:
        """`open` without a receiver: a file, a command behind `|`, or an address."""
        given = self._arguments(index + 1)
        mode = text_of(given[1], "+", self._values) if len(given) > 1 else "r"
        self._opened(self._text(index + 1), mode, anything=True)

    def _opened(self, path: str, mode: str, *, anything: bool = False) -> None:
        found = self._found
        if path.startswith("|"):
            found.runs(path[1:])
        elif path.startswith(UNKNOWN) and anything:
            found.high("opens what is not known, which may be a command")
        elif re.match(r"[a-z]+://", path):
            found.high("reaches out")
        else:
            found.touches(Touch.READ if set(mode.split(":")[0]) <= set("rbt") else Touch.WRITE, path)

    # --- programs and libraries ------------------------------------------------------------------

    def _starts(self, index: int, name: str) -> None:
        """`system "text"`, `system "program", "word"`, `IO.popen(["program", "word"])`."""
        found = self._found
        receiver = self._receiver(index)
        if receiver not in ("", "Kernel", "Process", "IO", "Open3", "PTY", "self", "File"):
            found.high(f"calls {name}")
        given = self._arguments(index + 1)
        if not given or given[0][0].is_mark("{") or any(part[0].is_mark("*", "**") for part in given):
            found.high("starts a program that is not known")
            return
        listed = list_of(given[0], "+")
        if listed is not None:
            found.runs_words(listed)
            return
        texts = [text_of(part, "+", self._values) for part in given if not _is_option(part)]
        if name == "popen":
            if any(set(text) & set("wa+") for text in texts[1:]):
                found.high("feeds a command that it runs")
            texts = texts[:1]
        if any(part[0].is_word("stdin_data", "in", "unsetenv_others") for part in given):
            found.high("feeds a command that it runs")
        if len(texts) == 1:
            found.runs(texts[0])
            if texts[0].startswith(UNKNOWN):
                found.high("runs a command that is not known")
        else:
            found.runs_words(texts)

    def _requires(self, index: int, name: str) -> None:
        library = self._text(index + 1)
        if UNKNOWN in library:
            self._found.high("loads a library that is not known")
        elif name == "require_relative" or library.startswith((".", "/")):
            self._found.touches(Touch.RUN, library)
        elif library.partition("/")[0] in _REACHING_LIBRARIES:
            self._found.high(f"loads {library}")
        elif library not in _LIBRARIES:
            self._found.medium(f"loads {library}")


def _is_option(part: list[Token]) -> bool:
    """`out: x`, `chdir: x`."""
    return len(part) > 1 and part[0].kind is Kind.WORD and part[1].is_mark(":")
