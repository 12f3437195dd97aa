"""Tells what Perl does, from its tokens: a function that is not vouched for is dangerous."""

import re

from droid.safety.commands.languages.findings import Findings
from droid.safety.commands.languages.perl_tokens import PerlLexer
from droid.safety.commands.languages.tokens import Code, Kind, Token, constants, text_of
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_ENDS = frozenset({"or", "and", "if", "unless", "for", "foreach", "while", "until", "xor"})
_PURE = frozenset(
    {"abs", "and", "atan2", "binmode", "bless", "caller", "chomp", "chop", "chr", "close", "closedir", "cmp",
     "continue", "cos", "default", "defined", "delete", "die", "each", "else", "elsif", "eof", "eq",
     "exists", "exit",
     "exp", "fc", "fileno", "first", "for", "foreach", "format", "formline", "ge", "getc", "getppid",
     "getpwnam",
     "getpwuid", "getgrgid", "getgrnam", "given", "gmtime", "grep", "gt", "hex", "if", "index", "int",
     "isa", "join", "keys", "last", "lc",
     "lcfirst", "le", "length", "local", "localtime", "log", "lt", "map", "max", "maxstr", "min", "minstr",
     "my", "ne",
     "next", "no", "not", "oct", "or", "ord", "our", "pack", "pop", "pos", "print", "printf", "prototype",
     "push",
     "quotemeta", "rand", "read", "readline", "redo", "ref", "reset", "return", "reverse", "rewinddir",
     "rindex",
     "say", "scalar", "seek", "seekdir", "select", "shift", "sin", "sleep", "sort", "splice", "split",
     "sprintf",
     "sqrt", "srand", "state", "study", "sub", "substr", "sum", "sum0", "sysread", "sysseek", "syswrite",
     "tell", "time", "times",
     "uc", "ucfirst", "undef", "uniq", "unless", "unpack", "unshift", "until", "values", "vec", "wait",
     "wantarray",
     "warn", "when", "while", "x", "xor", "y", "lstat", "stat", "shuffle", "any", "all", "none", "reduce",
     "product",
     "pairs", "Dumper", "basename", "dirname", "fileparse", "cwd", "getcwd", "encode_json", "decode_json",
     "to_json",
     "from_json", "encode_base64", "decode_base64", "md5_hex", "sha1_hex", "sha256_hex", "strftime",
     "mktime", "floor",
     "ceil", "fmod", "pow", "looks_like_number", "blessed", "reftype", "encode", "decode", "encode_utf8",
     "decode_utf8", "timelocal", "timegm", "croak", "carp", "confess", "cluck", "STDIN", "STDOUT",
     "STDERR", "ARGV",
     "BEGIN", "END", "INIT", "__PACKAGE__", "__FILE__", "__LINE__", "__SUB__", "DATA", "_", "a", "b",
     "uniqnum",
     "abs_path", "realpath", "catfile", "catdir", "hostname", "usleep", "gettimeofday", "tv_interval",
     "wrap", "fill"}
)  # fmt: skip
_MODULES = re.compile(
    r"v?[\d._]+|strict|warnings|utf8|feature|integer|big(?:int|num|rat)|constant|locale|open|English|vars|bytes|re"
    r"|List::Util|Scalar::Util|Hash::Util|Data::Dumper|POSIX|Time::(?:HiRes|Local|Piece|Seconds)|JSON(?:::PP|::XS)?"
    r"|Encode|MIME::(?:Base64|QuotedPrint)|Digest::\w+|Text::\w+|Getopt::(?:Long|Std)|File::(?:Basename|Spec(?:::\w+)?)"
    r"|Cwd|Math::\w+|Carp|Benchmark|Config|Unicode::\w+|Term::ANSIColor|Sys::Hostname|version|overload|parent"
    r"|Tie::\w+|Symbol|Errno|Fcntl|sort|experimental|diagnostics|charnames|autodie|mro"
)
_CLASSES = re.compile(
    r"JSON(?:::PP|::XS)?|Time::Piece|Data::Dumper|Math::\w+|Digest::\w+|File::Spec(?:::\w+)?|Text::\w+|Encode|version"
    r"|List::Util|Scalar::Util|POSIX|Config|Cwd|Getopt::Long|Unicode::\w+|MIME::Base64|Time::HiRes|File::Basename"
)
_DANGEROUS = re.compile(
    r"(?:.*::)?(?:system|exec|fork|syscall|eval|do|require|kill|unlink|rmdir|rmtree|remove_tree|unlink\w*|qx|readpipe"
    r"|socket\w*|connect|bind|listen|accept|chroot|dump|dbmopen|setp\w+|open2|open3|LWP\w*|can)"
)


def read(code: str, found: Findings, language: str = "perl") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    pieces = [Code(tokens) for tokens in PerlLexer(code).read()]
    declared = {
        piece.at(index + 1).text
        for piece in pieces
        for index, token in enumerate(piece.tokens)
        if token.is_word("sub", "package")
    }
    for piece in pieces:
        _Reader(piece, declared, found).read()


class _Reader:
    def __init__(self, code: Code, declared: set[str], found: Findings) -> None:
        self._code = code
        self._declared = declared
        self._found = found
        self._values = constants(code, ".")

    def read(self) -> None:
        code, found = self._code, self._found
        for index, token in enumerate(code.tokens):
            before, after = code.at(index - 1), code.at(index + 1)
            if token.kind is Kind.SHELL:
                found.runs(token.text)
                if token.text.startswith(UNKNOWN):
                    found.high("runs a command that is not known")
            elif token.kind is Kind.VARIABLE:
                self._variable(index, token)
            elif token.is_mark("&") and (
                after.is_mark("{") or (after.kind is Kind.VARIABLE and not after.spaced)
            ):
                if before.kind not in (Kind.VARIABLE, Kind.NUMBER) and not before.is_mark(")", "]", "}"):
                    found.high("calls what a variable names")
            elif token.is_mark("*") and after.is_mark("{"):
                found.high("reaches names by a computed name")
            elif token.is_mark("->") and after.kind is Kind.VARIABLE:
                found.high("calls a method that a variable names")
            elif token.is_mark("->") and after.kind is Kind.STRING:
                found.high("calls a method that a string names")
            elif token.kind is Kind.STRING and after.is_mark("->", "::"):
                found.high("reaches a class by a string")
            elif token.kind is Kind.WORD:
                self._word(index, token)

    def _variable(self, index: int, token: Token) -> None:
        code = self._code
        if token.text in ("%ENV", "@ENV"):
            self._found.reads_variable("")
        elif token.text == "$ENV":
            inside = code.tokens[index + 2 : code.closing(index + 1)]
            name = inside[0].text if len(inside) == 1 and inside[0].kind in (Kind.WORD, Kind.STRING) else ""
            after = code.at(code.closing(index + 1) + 1)
            if after.is_mark("=", ".="):
                self._found.high("sets a variable of its environment")
            self._found.reads_variable(name)
        elif token.text.endswith("::") or token.text in ("$INC", "%INC"):
            self._found.high("reaches the names of a package")
        elif token.text in ("$^I", "${^I}"):
            self._found.medium("changes the files that it reads")

    def _text(self, parts: list[list[Token]], at: int) -> str:
        return text_of(parts[at], ".", self._values) if at < len(parts) else UNKNOWN

    def _word(self, index: int, token: Token) -> None:
        code, found = self._code, self._found
        before, after = code.at(index - 1), code.at(index + 1)
        name = token.text.removeprefix("CORE::GLOBAL::").removeprefix("CORE::").removeprefix("POSIX::")
        if after.is_mark("=>") or (
            before.is_mark("{") and after.is_mark("}") and code.at(index - 2).kind is Kind.VARIABLE
        ):
            return
        if before.is_mark("->"):
            if _DANGEROUS.fullmatch(name):
                found.high(f"calls the method {name}")
            return
        if before.is_mark("-") and len(name) == 1 and name in "edfrwxszlpSbctugkTBMACo":
            self._test(index)
            return
        if before.is_word("sub", "package", "use", "no", "require") or name in self._declared:
            return
        given = code.arguments(index + 1, _ENDS) if name in _TAKES else []
        match name:
            case "system" | "exec" | "readpipe":
                self._starts(given)
            case "eval":
                if not after.is_mark("{"):
                    found.high("runs a text as code")
            case "do":
                if not after.is_mark("{"):
                    found.high("runs a file as code")
            case "use" | "require" | "no":
                self._uses(index, name)
            case "open":
                self._opens(given)
            case "opendir":
                found.touches(Touch.READ, self._text(given, 1))
            case "glob":
                found.touches(Touch.READ, self._text(given, 0))
            case "unlink" | "rmdir" | "rmtree" | "remove_tree":
                found.touches(Touch.DELETE, self._text(given, 0) if given else UNKNOWN)
            case "rename" | "move":
                found.touches(Touch.WRITE, self._text(given, 0))
                found.touches(Touch.WRITE, self._text(given, 1))
            case "mkdir" | "make_path" | "mkpath":
                found.touches(Touch.WRITE, self._text(given, 0))
            case "link" | "symlink" | "copy":
                found.touches(Touch.READ, self._text(given, 0))
                found.touches(Touch.WRITE, self._text(given, 1))
            case "chmod" | "utime":
                found.touches(Touch.WRITE, self._text(given, 2 if name == "utime" else 1))
            case "truncate" | "chdir" | "umask" | "flock" | "tempfile" | "tempdir":
                found.medium(f"calls {name}")
            case _:
                self._other(index, token.text, name)

    def _other(self, index: int, whole: str, name: str) -> None:
        code = self._code
        before, after = code.at(index - 1), code.at(index + 1)
        if name in _PURE:
            return
        if after.is_mark("->", "::") or (before.is_word("new") and _CLASSES.fullmatch(whole)):
            if not _CLASSES.fullmatch(whole) and whole not in ("STDIN", "STDOUT", "STDERR", "__PACKAGE__"):
                self._found.high(f"uses {whole}, which is not vouched for")
            return
        class_, _, method = whole.rpartition("::")
        if class_ and _CLASSES.fullmatch(class_) and not _DANGEROUS.fullmatch(method):
            return
        # A file handle or a label: in capitals, and never with brackets.
        if name.isupper() and not after.is_mark("("):
            return
        if before.is_mark("{") and after.is_mark("}"):
            return
        self._found.high(f"calls {whole[:60]}, which is not vouched for")

    def _test(self, index: int) -> None:
        """`-e "file"`."""
        after = self._code.at(index + 1)
        if after.kind is Kind.STRING:
            self._found.touches(Touch.READ, after.text)

    def _starts(self, given: list[list[Token]]) -> None:
        found = self._found
        texts = [self._text(given, at) for at in range(len(given))]
        if (
            not texts
            or given[0][0].is_mark("{")
            or (given[0][0].kind is Kind.VARIABLE and UNKNOWN in texts[0])
        ):
            found.high("starts a program that is not known")
        elif len(texts) == 1:
            if texts[0].startswith(UNKNOWN):
                found.high("runs a command that is not known")
            found.runs(texts[0])
        else:
            found.runs_words(texts)

    def _opens(self, given: list[list[Token]]) -> None:
        """`open F, "file"`, `open F, "cmd|"`, `open F, "<", "file"`, `open F, "-|", "cmd", "word"`."""
        found = self._found
        if len(given) < 2:
            found.high("opens what is not known")
            return
        mode = self._text(given, 1).strip()
        if len(given) == 2:
            if mode.startswith(UNKNOWN) or mode.endswith(UNKNOWN):
                found.high("opens what is not known, which may be a command")
            if mode.startswith("|") or mode.endswith("|"):
                found.runs(mode.strip("|"))
                if mode.startswith("|"):
                    found.high("feeds a command that it runs")
            elif mode.startswith((">", "+")):
                found.touches(Touch.WRITE, mode.lstrip("+<>").strip())
            else:
                found.touches(Touch.READ, mode.lstrip("<").strip())
            return
        words = [self._text(given, at) for at in range(2, len(given))]
        if "|" in mode:
            if len(words) == 1:
                found.runs(words[0])
            else:
                found.runs_words(words)
            if mode.startswith("|") or words[0].startswith(UNKNOWN):
                found.high("feeds a command that it runs")
        elif UNKNOWN in mode:
            found.high("opens a file in a way that is not known")
        else:
            found.touches(Touch.READ if re.match(r"<(?!\+)", mode) else Touch.WRITE, words[0])

    def _uses(self, index: int, name: str) -> None:
        after = self._code.at(index + 1)
        whole = after.text
        if name == "no":
            return
        if after.kind is Kind.NUMBER or (after.kind is Kind.WORD and _MODULES.fullmatch(whole)):
            return
        if after.kind is not Kind.WORD:
            self._found.high("loads a file that is not vouched for")
        elif whole in (
            "File::Path",
            "File::Copy",
            "File::Temp",
            "File::Find",
            "Storable",
            "Fcntl",
            "Test::More",
            "lib",
            "IO::File",
            "IO::Handle",
            "FindBin",
        ):
            self._found.medium(f"loads {whole}")
        else:
            self._found.high(f"loads {whole}, which is not vouched for")


_TAKES = frozenset(
    {"system", "exec", "readpipe", "open", "opendir", "glob", "unlink", "rmdir", "rmtree", "remove_tree",
     "rename",
     "move", "mkdir", "make_path", "mkpath", "link", "symlink", "copy", "chmod", "utime"}
)  # fmt: skip
