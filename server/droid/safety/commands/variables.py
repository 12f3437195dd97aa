"""Environment variables that decide which code a program loads or runs, or where it reaches.

To set one of them is a way to run anything under an innocent program's name.
"""

from fnmatch import fnmatchcase
from functools import lru_cache

from droid.safety.commands.variable_values import is_harmless

_NAMES = frozenset(  # as one text: a list of literals would be longer than the rest of the module
    """
    PATH CDPATH IFS ENV BASH_ENV SHELL SHELLOPTS BASHOPTS PS0 PS1 PS2 PS3 PS4 PROMPT_COMMAND FPATH ZDOTDIR
    GCONV_PATH LOCPATH NLSPATH GLIBC_TUNABLES HOSTALIASES HOME FACTORY_HOME command_not_found_handle
    VIRTUAL_ENV PERLLIB RUBYOPT RUBYLIB RUBYSHELL GEM_PATH GEM_HOME BUNDLE_GEMFILE
    NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED PHP_INI_SCAN_DIR PHPRC
    JAVA_OPTIONS _JAVA_OPTIONS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS CLASSPATH MAVEN_OPTS GRADLE_OPTS JAVA_HOME
    RUSTC RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER RUSTFLAGS CARGO_HOME
    GOFLAGS GOPROXY GONOSUMDB GONOSUMCHECK GOINSECURE GOTOOLCHAIN CC CXX LD AR MAKEFLAGS MAKEFILES
    GIT_SSH GIT_SSH_COMMAND GIT_SSH_VARIANT GIT_EXTERNAL_DIFF GIT_EXEC_PATH GIT_TEMPLATE_DIR
    GIT_PROXY_COMMAND GIT_DIR GIT_WORK_TREE GIT_OBJECT_DIRECTORY GIT_NAMESPACE GIT_SSL_NO_VERIFY
    GIT_INDEX_FILE GIT_ALLOW_PROTOCOL GIT_COMMON_DIR
    LESSOPEN LESSCLOSE MANOPT TERMINFO VISUAL BROWSER RSYNC_CONNECT_PROG
    TAR_OPTIONS GZIP ZIPOPT UNZIP RIPGREP_CONFIG_PATH CURL_HOME WGETRC DOCKER_HOST DOCKER_CONFIG KUBECONFIG
    KUBECTL_EXTERNAL_DIFF OPENSSL_CONF OPENSSL_ENGINES OPENSSL_MODULES PSQLRC PGSERVICEFILE PGSYSCONFDIR
    FZF_DEFAULT_OPTS_FILE EMACSLOADPATH VIMINIT EXINIT GVIMINIT VIMRUNTIME
    """.split()  # noqa: SIM905
)
_GLOBS = (
    "LD_*", "DYLD_*", "PYTHON*", "PIP_*INDEX*", "PIP_*HOST*", "PIP_CONFIG*", "PIP_FIND*", "UV_*INDEX*",
    "PERL5*", "npm_config_*", "NPM_CONFIG_*", "LUA_*", "CARGO_*RUNNER*", "CARGO_*LINKER*", "CARGO_*WRAPPER*",
    "CARGO_*RUSTC*", "GIT_CONFIG*", "GIT_ALTERNATE*", "GIT_TRACE*", "GIT_*PAGER", "GIT_*EDITOR", "LESSKEY*",
    "*PAGER", "*EDITOR", "*_PROXY", "*_proxy", "AWS_*CONFIG*", "AWS_*CREDENTIALS*", "AWS_ENDPOINT*",
    "AWS_PROFILE", "TF_CLI_*", "ANSIBLE_*", "XDG_CONFIG_*", "DROID_*", "SSL_CERT_*", "PSQL_*", "MYSQL_*HOME*",
    "SQLITE_*", "*_RSH", "*_ASKPASS", "*_PASSWORD_COMMAND", "*_PASSCOMMAND", "FZF_*_COMMAND", "FZF_*_OPTS",
    "BASH_FUNC_*", "DOTNET_STARTUP*", "CORECLR_*", "BUN_*", "DENO_*", "ERL_*", "ELIXIR_ERL*",
)  # fmt: skip


def decides_code(name: str, value: str) -> bool:
    """Whether setting a variable to a value may make a program run something else."""
    return _is_loader(name) and not is_harmless(name, value)


def is_function(name: str) -> bool:
    """Whether a variable holds a function that every `bash` which starts takes over."""
    return name.startswith("BASH_FUNC_")


@lru_cache(maxsize=1024)
def _is_loader(name: str) -> bool:
    return name in _NAMES or any(fnmatchcase(name, glob) for glob in _GLOBS)
