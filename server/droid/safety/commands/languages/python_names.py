"""What the names of Python's library do, as far as inline code uses them.

A name that is in none of these tables is not vouched for.
"""

PURE_MODULES = frozenset(
    {
        "__future__", "abc", "argparse", "array", "ast", "base64", "binascii", "bisect", "bz2", "calendar",
        "cmath", "codecs", "collections", "collections.abc", "colorsys", "concurrent.futures", "contextlib",
        "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "dis", "email", "email.utils",
        "encodings",
        "enum", "errno", "fnmatch", "fractions", "functools", "getopt", "getpass", "glob", "graphlib", "gzip",
        "hashlib", "heapq", "hmac", "html", "html.parser", "importlib.metadata", "importlib.resources",
        "inspect",
        "ipaddress", "itertools", "json", "json.tool", "keyword", "linecache", "locale", "lzma", "math",
        "mimetypes", "ntpath", "numbers", "operator", "os.path", "pkgutil", "platform", "posixpath", "pprint",
        "queue", "random", "re", "reprlib", "secrets", "signal", "site", "stat", "statistics", "string",
        "stringprep", "struct", "sysconfig", "textwrap", "this", "threading", "time", "token", "tokenize",
        "tomllib", "traceback", "types", "typing", "unicodedata", "urllib.parse", "uuid", "warnings",
        "xml.dom.minidom", "xml.etree.ElementTree", "zlib", "zoneinfo",
    }
)  # fmt: skip
"""Modules of which every public name computes, or reads what it is given."""

NOT_PURE = frozenset(
    {
        "concurrent.futures.ProcessPoolExecutor", "getpass.getpass", "inspect.getattr_static",
        "locale.setlocale",
        "operator.attrgetter", "operator.methodcaller", "signal.pthread_kill", "signal.raise_signal",
        "signal.setitimer", "site.main", "types.CodeType", "types.FunctionType", "types.ModuleType",
        "xml.sax.parse", "pkgutil.resolve_name", "pkgutil.get_loader", "importlib.metadata.EntryPoint",
        "importlib.metadata.entry_points", "types.MethodType", "codecs.open", "gzip.open", "bz2.open",
        "lzma.open", "gzip.GzipFile", "bz2.BZ2File", "lzma.LZMAFile",
    }
)  # fmt: skip
"""Names of those that do more, or are looked at closer."""

LIBRARIES = frozenset(
    {
        "PIL", "absl", "altair", "attr", "attrs", "bs4", "certifi", "chardet", "charset_normalizer", "click",
        "colorama", "cryptography", "cv2", "cycler", "dateutil", "distro", "django", "docutils", "fastapi",
        "filelock", "flask", "frozendict", "google.protobuf", "h5py", "idna", "importlib_metadata", "jax",
        "jaxlib", "jinja2", "jsonschema", "jwt", "keras", "lxml", "markdown", "markupsafe", "matplotlib",
        "msgpack",
        "multidict", "mypy", "networkx", "nltk", "numba", "numpy", "openpyxl", "orjson", "packaging",
        "pandas",
        "pathspec", "pkg_resources", "plotly", "polars", "psutil", "pyarrow", "pydantic", "pydantic_core",
        "pygments", "pytest", "pytz", "regex", "rich", "scipy", "seaborn", "setuptools", "simplejson", "six",
        "skimage", "sklearn", "spacy", "starlette", "statsmodels", "sympy", "tabulate", "tensorflow",
        "tiktoken",
        "tokenizers", "toml", "tomli", "tomlkit", "torch", "torchvision", "tqdm", "typing_extensions",
        "tzlocal",
        "ujson", "wcwidth", "wheel", "wrapt", "xlrd", "yaml", "yarl", "zstandard",
    }
)  # fmt: skip
"""Known packages that compute; what they do is at most medium, unless a method says otherwise."""

NETWORK = frozenset(
    {
        "aiohttp", "boto3", "botocore", "ftplib", "http", "httplib", "httplib2", "httpx", "imaplib",
        "nntplib",
        "paramiko", "poplib", "requests", "smtplib", "socket", "socketserver", "telnetlib", "urllib.request",
        "urllib2", "urllib3", "webbrowser", "websocket", "websockets", "xmlrpc", "fabric", "asyncssh",
    }
)  # fmt: skip

RUNS_CODE = frozenset(
    {"builtins", "code", "codeop", "ctypes", "importlib", "marshal", "pickle", "runpy", "imp"}
)

HARMLESS = frozenset(
    {
        "asyncio.Event", "asyncio.Lock", "asyncio.Queue", "asyncio.gather", "asyncio.run", "asyncio.sleep",
        "asyncio.wait_for", "configparser.ConfigParser", "configparser.RawConfigParser", "doctest.testmod",
        "http.HTTPStatus", "importlib.util.find_spec", "io.BytesIO", "io.StringIO", "io.TextIOWrapper",
        "logging.DEBUG", "logging.INFO", "logging.WARNING", "logging.basicConfig", "logging.debug",
        "logging.error", "logging.getLogger", "logging.info", "logging.warning",
        "multiprocessing.cpu_count", "os.W_OK", "os.R_OK", "os.X_OK", "os.F_OK", "os.access",
        "os.cpu_count", "os.curdir", "os.devnull", "os.error", "os.extsep", "os.fsdecode", "os.fsencode",
        "os.fspath", "os.fstat", "os.get_terminal_size", "os.getcwd", "os.getcwdb", "os.getegid",
        "os.geteuid",
        "os.getgid", "os.getgroups", "os.getloadavg", "os.getlogin", "os.getpgid", "os.getpid", "os.getppid",
        "os.getuid", "os.isatty", "os.linesep", "os.listdir", "os.lstat", "os.name", "os.pardir", "os.path",
        "os.pathsep", "os.readlink", "os.scandir", "os.sched_getaffinity", "os.sep", "os.stat", "os.strerror",
        "os.sysconf", "os.times", "os.uname", "os.urandom", "os.walk", "os.get_exec_path", "os.statvfs",
        "os.sysconf_names", "os.PathLike", "os.environ",
        "pathlib.Path", "pathlib.PosixPath", "pathlib.PurePath", "pathlib.PurePosixPath",
        "pathlib.PureWindowsPath", "pathlib.Path.cwd", "pathlib.Path.home", "pwd.getpwnam", "pwd.getpwuid",
        "resource.getrlimit", "resource.getrusage", "resource.RUSAGE_SELF", "resource.RLIMIT_NOFILE",
        "select.select", "shutil.disk_usage", "shutil.get_terminal_size", "shutil.which",
        "socket.AF_INET", "socket.AF_INET6", "socket.SOCK_STREAM", "socket.SOCK_DGRAM", "socket.SOL_SOCKET",
        "socket.SO_REUSEADDR", "socket.getfqdn", "socket.gethostname", "socket.has_ipv6",
        "sqlite3.Row", "sqlite3.connect", "sqlite3.sqlite_version", "sqlite3.version",
        "ssl.OPENSSL_VERSION", "ssl.OPENSSL_VERSION_INFO", "ssl.get_default_verify_paths",
        "subprocess.CalledProcessError", "subprocess.CompletedProcess", "subprocess.DEVNULL",
        "subprocess.PIPE",
        "subprocess.STDOUT", "subprocess.TimeoutExpired",
        "sys.api_version", "sys.argv", "sys.base_exec_prefix", "sys.base_prefix", "sys.builtin_module_names",
        "sys.byteorder", "sys.copyright", "sys.exc_info", "sys.exec_prefix", "sys.executable", "sys.exit",
        "sys.float_info", "sys.flags", "sys.getdefaultencoding", "sys.getfilesystemencoding",
        "sys.getrecursionlimit", "sys.getrefcount", "sys.getsizeof", "sys.hash_info", "sys.hexversion",
        "sys.implementation", "sys.int_info", "sys.intern", "sys.maxsize", "sys.maxunicode", "sys.path",
        "sys.platform", "sys.prefix", "sys.pycache_prefix", "sys.setrecursionlimit",
        "sys.set_int_max_str_digits", "sys.stderr", "sys.stdin", "sys.stdlib_module_names", "sys.stdout",
        "sys.thread_info", "sys.version", "sys.version_info", "sys.warnoptions", "sys.path_hooks",
        "sys.meta_path", "sys.is_finalizing", "sys.abiflags", "sys.getwindowsversion", "sys._git",
        "tarfile.is_tarfile", "tempfile.gettempdir", "timeit.default_timer", "zipfile.BadZipFile",
        "zipfile.is_zipfile",
    }
)  # fmt: skip
"""Names of the other modules that are vouched for, as values and as calls."""

READS = {"io.open": 0, "tarfile.open": 0, "zipfile.ZipFile": 0, "tarfile.TarFile": 0, "codecs.open": 0,
         "gzip.open": 0, "bz2.open": 0, "lzma.open": 0, "gzip.GzipFile": 0, "bz2.BZ2File": 0,
         "lzma.LZMAFile": 0, "io.FileIO": 0}  # fmt: skip
"""Calls like `open`: the path, and then a mode that tells whether it is written."""

WRITES = {
    "os.chmod": (0,), "os.link": (1,), "os.makedirs": (0,), "os.mkdir": (0,), "os.mkfifo": (0,),
    "os.rename": (0, 1),
    "os.renames": (0, 1), "os.replace": (0, 1), "os.symlink": (1,), "os.truncate": (0,), "os.utime": (0,),
    "os.chdir": (), "os.putenv": (), "os.umask": (), "os.write": (), "os.close": (), "os.fdopen": (),
    "os.pipe": (),
    "os.dup": (), "os.fsync": (),
    "shutil.copy": (1,), "shutil.copy2": (1,), "shutil.copyfile": (1,), "shutil.copymode": (1,),
    "shutil.copystat": (1,), "shutil.copytree": (1,), "shutil.make_archive": (0,), "shutil.move": (0, 1),
    "shutil.unpack_archive": (1,), "shutil.copyfileobj": (),
    "tempfile.mkdtemp": (), "tempfile.mkstemp": (), "tempfile.NamedTemporaryFile": (),
    "tempfile.TemporaryDirectory": (), "tempfile.TemporaryFile": (), "tempfile.SpooledTemporaryFile": (),
    "py_compile.compile": (0,), "compileall.compile_dir": (0,), "compileall.compile_file": (0,),
    "unittest.main": (), "venv.create": (0,), "shelve.open": (0,), "dbm.open": (0,), "fileinput.input": (0,),
}  # fmt: skip
"""Calls that change things which can be undone, and which arguments they change."""

COPIES = frozenset(
    {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree", "os.link", "os.symlink"}
)
"""Of those, the ones that hand on what their first argument holds."""

DELETES = frozenset({"os.remove", "os.unlink", "os.rmdir", "os.removedirs", "shutil.rmtree"})

SHELLS = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput",
     "commands.getstatusoutput", "asyncio.create_subprocess_shell", "popen2.popen2", "os.popen2", "os.popen3",
     "os.popen4", "platform.popen"}
)  # fmt: skip
PROGRAMS = frozenset(
    {
        "subprocess.run",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "subprocess.Popen",
    }
)
SPAWNS = {
    "os.execl": (0, False), "os.execle": (0, False), "os.execlp": (0, False), "os.execlpe": (0, False),
    "os.execv": (0, True), "os.execve": (0, True), "os.execvp": (0, True), "os.execvpe": (0, True),
    "os.posix_spawn": (0, True), "os.posix_spawnp": (0, True), "pty.spawn": (-1, True),
    "os.spawnl": (1, False), "os.spawnle": (1, False), "os.spawnlp": (1, False), "os.spawnlpe": (1, False),
    "os.spawnv": (1, True), "os.spawnve": (1, True), "os.spawnvp": (1, True), "os.spawnvpe": (1, True),
    "asyncio.create_subprocess_exec": (-1, False),
}  # fmt: skip
"""Calls that start a program: where its path stands, and whether its words come in a list.

The words start with the program itself once more; -1 where there is no path besides them.
"""

DANGEROUS_BUILTINS = frozenset(
    {"__build_class__", "__builtins__", "__import__", "__loader__", "__spec__", "breakpoint", "compile",
     "delattr",
     "eval", "exec", "execfile", "getattr", "globals", "locals", "open", "reload", "setattr", "vars", "file"}
)  # fmt: skip

QUIET_DUNDERS = frozenset(
    {"__annotations__", "__all__", "__author__", "__cached__", "__doc__", "__file__", "__len__",
     "__license__",
     "__main__", "__module__", "__name__", "__path__", "__qualname__", "__version__", "__version_info__",
     "__repr__",
     "__str__", "__init__", "__enter__", "__exit__", "__contains__", "__iter__", "__next__", "__eq__",
     "__hash__",
     "__cause__", "__git_version__", "__call__", "__add__", "__getitem__", "__setitem__", "__lt__"}
)  # fmt: skip

METHODS_THAT_RUN = frozenset(
    {"Popen", "check_call", "check_output", "eval", "exec", "exec_", "exec_module", "execl", "execv",
     "execve",
     "execvp", "execute_sql", "getoutput", "import_module", "load_module", "popen", "run_module", "run_path",
     "runcode", "runsource", "spawn", "spawnl", "spawnv", "system", "exec_command", "interact", "kill",
     "terminate",
     "send_signal", "fork", "rglob_delete", "drop_all", "delete_all", "call_command", "from_pretrained",
     "load_dataset", "read_sql", "read_sql_query", "to_sql", "connect_ex", "urlopen", "urlretrieve",
     "sendall",
     "sendto", "check_system", "drop_table", "download", "unsafe_load", "DynamicLibrary", "load_library",
     "ctypeslib"}
)  # fmt: skip
METHODS_THAT_DELETE = frozenset({"unlink", "rmdir", "rmtree", "removedirs", "rmtree_p", "remove_p"})
METHODS_THAT_WRITE = frozenset(
    {
        "chmod",
        "hardlink_to",
        "link_to",
        "mkdir",
        "rename",
        "symlink_to",
        "touch",
        "write_bytes",
        "write_text",
        "lchmod",
    }
)
METHODS_THAT_SAVE = frozenset(
    {"save", "savefig", "savez", "savetxt", "to_csv", "to_excel", "to_feather", "to_hdf", "to_html",
     "to_json",
     "to_parquet", "to_pickle", "to_stata", "to_xml", "tofile", "write_csv", "write_html", "write_image",
     "write_json", "write_parquet", "imwrite", "imsave", "savez_compressed", "write_ipc"}
)  # fmt: skip
METHODS_THAT_UNPACK = frozenset({"extractall", "extract"})
METHODS_OF_SQL = frozenset({"execute", "executemany", "executescript"})
