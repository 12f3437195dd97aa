"""Tells what PHP does, from its tokens: a function that is not vouched for is dangerous."""

import re
from fnmatch import fnmatchcase

from droid.safety.commands.languages.findings import Findings, Unreadable
from droid.safety.commands.languages.tokens import Code, Kind, Lexer, Token, constants, text_of
from droid.safety.commands.model import Touch
from droid.safety.commands.words import UNKNOWN

_SHELLS = frozenset({"system", "exec", "passthru", "shell_exec", "popen", "proc_open"})
_READS = frozenset(
    {"file", "file_exists", "file_get_contents", "fileatime", "filectime", "filemtime", "fileowner",
     "fileperms",
     "filesize", "filetype", "is_dir", "is_executable", "is_file", "is_link", "is_readable", "is_writable",
     "lstat",
     "md5_file", "opendir", "parse_ini_file", "readfile", "readlink", "realpath", "scandir", "sha1_file",
     "stat",
     "hash_file", "glob", "dir", "show_source", "highlight_file", "php_strip_whitespace", "getimagesize",
     "simplexml_load_file"}
)  # fmt: skip
_WRITES = {"chmod": (0,), "copy": (1,), "file_put_contents": (0,), "ftruncate": (), "fwrite": (), "fputs": (),
           "fputcsv": (), "link": (1,), "mkdir": (0,), "rename": (0, 1), "symlink": (1,), "tempnam": (),
           "tmpfile": (),
           "touch": (0,), "putenv": (), "chdir": (), "umask": ()}  # fmt: skip
_DELETES = frozenset({"unlink", "rmdir"})
_CALLS_BACK = {
    "array_map": 0, "array_filter": 1, "array_walk": 1, "array_reduce": 1, "usort": 1, "uasort": 1,
    "uksort": 1,
    "array_walk_recursive": 1, "preg_replace_callback": 1, "array_find": 1, "array_find_key": 1,
    "array_any": 1,
    "array_all": 1,
}  # fmt: skip
"""Functions that call one which they are given, and where it stands."""
_PURE = frozenset(
    {"abs", "acos", "addslashes", "asin", "atan", "basename", "bin2hex", "boolval", "ceil", "checkdate",
     "chr",
     "class_exists", "compact", "constant", "cos", "count", "crc32", "date_default_timezone_get", "dechex",
     "decbin",
     "define", "defined", "dirname", "disk_free_space", "disk_total_space", "echo", "empty", "exit", "die",
     "exp",
     "explode", "extension_loaded", "fclose", "feof", "fflush", "fgetc", "fgetcsv", "fgets", "filter_var",
     "floatval",
     "floor", "fmod", "fread", "fscanf", "fseek", "ftell", "fprintf", "fstat", "func_get_args",
     "function_exists",
     "gc_collect_cycles",
     "get_cfg_var", "get_class", "get_class_methods", "get_debug_type", "get_declared_classes",
     "get_defined_constants", "get_extension_funcs", "get_include_path", "get_loaded_extensions",
     "get_object_vars",
     "getcwd", "getmypid", "gettype", "gethostname", "hex2bin", "hexdec", "hrtime", "htmlspecialchars",
     "html_entity_decode", "htmlentities", "implode", "in_array", "ini_get", "intdiv", "interface_exists",
     "intval",
     "isset", "iterator_to_array", "join", "key", "key_exists", "krsort", "ksort", "lcfirst", "list",
     "log", "log10",
     "ltrim", "max", "md5", "memory_get_peak_usage", "memory_get_usage", "method_exists", "microtime", "min",
     "mktime", "mt_rand", "nl2br", "number_format", "octdec", "opcache_get_status", "ord", "pack",
     "parse_str",
     "parse_url", "pathinfo", "php_ini_loaded_file", "php_ini_scanned_files", "php_sapi_name", "php_uname",
     "phpversion", "pi", "pow", "print", "print_r", "printf", "property_exists", "quotemeta", "rand",
     "random_bytes",
     "random_int", "range", "rawurldecode", "rawurlencode", "reset", "rewind", "round", "rsort", "rtrim",
     "serialize",
     "sha1", "shuffle", "simplexml_load_string", "sin", "sizeof", "sleep", "sort", "sprintf", "sqrt",
     "stream_get_contents", "stream_get_wrappers", "stripslashes", "sys_get_temp_dir", "tan", "time",
     "token_get_all", "trim", "ucfirst", "ucwords", "uniqid", "unpack", "unset", "urldecode", "urlencode",
     "usleep",
     "utf8_decode", "utf8_encode", "var_dump", "var_export", "version_compare", "vprintf", "vsprintf",
     "wordwrap",
     "zend_version", "array", "fn", "function", "if", "elseif", "while", "for", "foreach", "switch",
     "match", "catch",
     "return", "and", "or", "xor", "not", "clone", "declare", "static", "use", "else", "throw", "yield",
     "int",
     "float", "string", "bool", "object"}
)  # fmt: skip
_PURE_GLOBS = ("str*", "array_*", "mb_*", "json_*", "date*", "is_*", "ctype_*", "substr*", "hash*",
               "base64_*", "preg_match*", "preg_split", "preg_quote", "preg_grep", "preg_replace",
               "iconv*", "gz*code",
               "gmp_*",
               "bc*", "openssl_get_*", "similar_text", "levenshtein", "soundex", "metaphone",
               "var_*")  # fmt: skip
_NOT_PURE = (
    "str_replace_callback",
    "stream_*",
    "hash_file",
    "hash_hmac_file",
    "mb_send_mail",
    "mb_ereg_replace*",
)
_PURE_CLASSES = frozenset(
    {"datetime", "datetimeimmutable", "dateinterval", "datetimezone", "stdclass", "exception", "arrayobject",
     "arrayiterator", "splstack", "splqueue", "splobjectstorage", "invalidargumentexception",
     "runtimeexception",
     "dateperiod", "numberformatter", "intldateformatter", "collator", "normalizer", "self", "static",
     "parent"}
)  # fmt: skip
_DANGEROUS_NAME = re.compile(
    r"(?i)\\?(?:system|exec|passthru|shell_exec|popen|proc_open|pcntl_\w+|eval|assert|create_function|call_user_func\w*"
    r"|unlink|rmdir|rename|copy|file_put_contents|mail|putenv|dl|include|require|phpinfo|func_\w+|forward_static_call\w*)"
)
_VARIABLE = re.compile(r"\${1,8}[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_HEREDOC = re.compile(r"<<<[ \t]*(['\"]?)([A-Za-z_]\w*)\1\r?\n")


class _Lexer(Lexer):
    def comment(self) -> bool:
        if self.peek("//") or (self.peek("#") and not self.peek("#[")):
            line = self.code.find("\n", self.at)
            if self.code.find("?>", self.at, line if line >= 0 else len(self.code)) >= 0:
                raise Unreadable("it leaves PHP within a comment")
            return self.skip_line()
        if self.peek("/*"):
            self.at += 2
            return self.skip_past("*/")
        if self.peek("?>"):
            raise Unreadable("it leaves PHP")
        return False

    def special(self, before: list[Token]) -> Token | None:
        char = self.code[self.at]
        if char == "'":
            self.at += 1
            return Token(Kind.STRING, self.quoted("'", escapes=False))
        if char in '"`':
            self.at += 1
            return Token(
                Kind.SHELL if char == "`" else Kind.STRING, self._filled(self.quoted(char, holes="{$"))
            )
        if char == "<" and (found := _HEREDOC.match(self.code, self.at)) is not None:
            self.at = found.end()
            end = re.compile(rf"^[ \t]*{found[2]}\b", re.MULTILINE).search(self.code, self.at)
            if end is None:
                raise Unreadable("a string is not closed")
            body = self.code[self.at : end.start()]
            if "{$" in body or "${" in body:
                raise Unreadable("code within a long string")
            self.at = end.end()
            return Token(Kind.STRING, self._filled(body) if found[1] != "'" else body)
        if (found := _VARIABLE.match(self.code, self.at)) is not None:
            self.at = found.end()
            return Token(Kind.VARIABLE, found[0])
        return None

    def _filled(self, text: str) -> str:
        if "${" in text:
            raise Unreadable("code within a string")
        return _VARIABLE.sub(UNKNOWN, text)


def read(code: str, found: Findings, language: str = "php") -> None:
    """Collect what the code does.

    Raises:
        Unreadable: it cannot be followed.
    """
    code = re.sub(r"\A\s*<\?(?:php\b|=)?", "", code)
    for tokens in _Lexer(code).read():
        piece = Code(tokens)
        values = constants(piece, ".")
        for index, token in enumerate(tokens):
            _token(piece, index, token, values, found)


def _token(code: Code, index: int, token: Token, values: dict[str, str], found: Findings) -> None:
    before, after = code.at(index - 1), code.at(index + 1)
    if token.kind is Kind.SHELL:
        found.runs(token.text)
    elif token.kind is Kind.STRING:
        if _DANGEROUS_NAME.fullmatch(token.text):
            found.high(f"names {token.text[:40]} in a string")
        elif after.is_mark("("):
            found.high("calls a function by a string")
    elif token.kind is Kind.VARIABLE:
        if after.is_mark("(", "::") or before.is_word("new") or token.text.startswith("$$"):
            found.high(f"calls what {token.text} names")
        elif token.text == "$GLOBALS":
            found.high("reaches every variable")
        elif token.text in ("$_ENV", "$_SERVER"):
            key = code.at(index + 2)
            found.reads_variable(key.text if after.is_mark("[") and key.kind is Kind.STRING else "")
    elif token.is_mark("(") and before.is_mark(")", "]", "}"):
        found.high("calls what an expression gives")
    elif token.is_mark("$"):
        found.high("reaches a variable by a computed name")
    elif token.is_mark("{") and before.is_mark("->", "::"):
        found.high("reaches a member by a computed name")
    elif token.kind is Kind.WORD:
        _word(code, index, token.text.lower(), values, found)


def _word(code: Code, index: int, name: str, values: dict[str, str], found: Findings) -> None:
    before, after = code.at(index - 1), code.at(index + 1)
    if name == "filter_callback":
        found.high("calls by filter_var what is not known")
    if name in ("eval", "goto", "namespace", "include", "include_once", "require", "require_once"):
        given = code.arguments(index + 1, frozenset({"or"}))
        if name in ("eval", "goto", "namespace"):
            found.high(f"uses {name}")
        else:
            found.touches(Touch.RUN, text_of(given[0], ".", values) if given else UNKNOWN)
    elif before.is_word("new") or (before.is_mark("\\") and code.at(index - 2).is_word("new")):
        if name not in _PURE_CLASSES and name != "class":
            found.high(f"makes a {name}, which is not vouched for")
    elif after.is_mark("::"):
        if name not in _PURE_CLASSES and not code.at(index + 2).is_word("class"):
            found.high(f"uses the class {name}, which is not vouched for")
    elif name == "class" and after.kind is Kind.WORD:
        found.medium("declares a class")
    elif before.is_mark("->", "?->", "::") or before.is_word("function"):
        return
    elif after.is_mark("("):
        _function(code, index, name, values, found)


def _function(code: Code, index: int, name: str, values: dict[str, str], found: Findings) -> None:
    given = [text_of(part, ".", values) for part in code.arguments(index + 1)]
    first = given[0] if given else UNKNOWN
    if name in _SHELLS:
        if name == "proc_open" and first == UNKNOWN:
            found.high("starts a program that is not known")
        elif first.startswith(UNKNOWN):
            found.high("runs a command that is not known")
        found.runs(first)
        if name == "popen" and given[1:2] != ["r"]:
            found.high("feeds a command that it runs")
    elif name == "fopen":
        mode = given[1] if len(given) > 1 else UNKNOWN
        _file(Touch.READ if set(mode) <= set("rbte") else Touch.WRITE, first, found)
    elif name in _READS:
        _file(Touch.READ, first, found)
    elif name in _DELETES:
        found.touches(Touch.DELETE, first)
    elif name in _WRITES:
        found.medium(f"calls {name}")
        for at in _WRITES[name]:
            _file(Touch.WRITE, given[at] if at < len(given) else UNKNOWN, found)
        if name in ("copy", "link", "symlink"):
            _file(Touch.READ, first, found)
    elif name == "getenv":
        found.reads_variable(first if given else "")
    elif name == "phpinfo":
        found.high("shows the environment")
    elif name in _CALLS_BACK:
        at = _CALLS_BACK[name]
        part = code.arguments(index + 1)[at : at + 1]
        if part and not (part[0][0].is_word("fn", "function", "static", "null") or _pure(given[at].lower())):
            found.high(f"calls by {name} what is not known")
    elif not _pure(name):
        found.high(f"calls {name}, which is not vouched for")


def _pure(name: str) -> bool:
    return name in _PURE or (
        any(fnmatchcase(name, glob) for glob in _PURE_GLOBS)
        and not any(fnmatchcase(name, glob) for glob in _NOT_PURE)
        and name not in _CALLS_BACK
    )


def _file(how: Touch, path: str, found: Findings) -> None:
    scheme, colon, _ = path.partition("://")
    if colon and scheme.lower() != "file":
        if path.lower() in ("php://stdin", "php://stdout", "php://stderr", "php://output", "php://memory"):
            return
        found.high(f"reaches out to {path[:60]}")
    found.touches(how, path.removeprefix("file://"))
