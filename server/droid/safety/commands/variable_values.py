"""Values of environment variables that change nothing about which code runs, though others of theirs would.

`NODE_OPTIONS=--max-old-space-size=4096` is on many a build's line; `NODE_OPTIONS=--require=./x` is a way to
run anything. What is not listed here counts as the second.
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

_NPM = (
    "loglevel", "yes", "audit", "fund", "progress", "legacy_peer_deps", "update_notifier", "color", "offline",
    "prefer_offline", "production", "engine_strict", "ignore_scripts",
)  # fmt: skip
_SETS_NO_PROGRAM = (
    "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONIOENCODING", "PYTHONUTF8",
    "PYTHONFAULTHANDLER", "PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONTRACEMALLOC", "PYTHONOPTIMIZE",
    "PYTHONNOUSERSITE", "PYTHONVERBOSE", "PYTHONCOERCECLOCALE", "PYTHONDEBUG", "PYTHONMALLOC",
    "PYTHONSAFEPATH", "NO_PROXY", "no_proxy", "ANSIBLE_FORCE_COLOR", "ANSIBLE_NOCOLOR",
    "DENO_NO_UPDATE_CHECK",
    *(f"npm_config_{name}" for name in _NPM), *(f"NPM_CONFIG_{name.upper()}" for name in _NPM),
)  # fmt: skip
_NOTHING_SET = (
    "*_PROXY", "*_proxy", "NODE_OPTIONS", "RUSTFLAGS", "RUSTC_WRAPPER", "GOFLAGS", "MAKEFLAGS",
    "*JAVA*_OPTIONS", "MAVEN_OPTS", "GRADLE_OPTS", "LD_PRELOAD", "DYLD_*", "PYTHONPATH", "PYTHONSTARTUP",
    "*_ASKPASS",
)  # fmt: skip
_NODE = (
    r"--max[-_](?:old|semi)[-_]space[-_]size=\d+|--no-warnings|--enable-source-maps|--openssl-legacy-provider"
    r"|--trace-(?:warnings|deprecation|uncaught)|--no-deprecation|--unhandled-rejections=\w+|--expose-gc"
    r"|--experimental-(?:vm-modules|fetch|strip-types|json-modules)|--no-experimental-[\w-]+"
    r"|--dns-result-order=\w+|--max-http-header-size=\d+|--stack-trace-limit=\d+"
)
_GO = r"-(?:mod=(?:mod|readonly|vendor)|tags=[\w,]+|race|count=\d+|v|trimpath|buildvcs=\w+|p=\d+|short)"
_RUST = (
    r"-[DWAF] ?[\w:-]+|-C ?(?:target-cpu|opt-level|debuginfo|codegen-units|lto|target-feature)=[\w+,.-]+"
    r"|-C ?instrument-coverage|--cfg[ =]\w+"
)
_JAVA = (
    r"-X(?:m[sx]|ss)\d+[kmgKMG]|-XX:[+-]Use\w+|-XX:Max\w+=\d+[kmgKMG]?|-Dfile\.encoding=[\w-]+"
    r"|-Dorg\.gradle\.(?:daemon|parallel|caching)=\w+"
)
_COMPILER = r"gcc|g\+\+|clang|clang\+\+|cc|c\+\+|ld|lld|mold|ar|llvm-ar|tcc|icx"


def _options(one: str) -> str:
    return rf"(?:\s*(?:{one})(?=\s|$))+\s*"


_HARMLESS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("*PAGER",), r"|cat|true|:|/bin/cat|less(?: -[RSFXiN]+)?|more|head"),
    (
        ("*EDITOR", "VISUAL"),
        r"|true|false|:|cat|/bin/true|/bin/cat|vi|vim|nvim|nano|pico|ed|micro|hx|code (?:--wait|-w)",
    ),
    (("BROWSER",), r"|none|false|true|:|echo"),
    (("SHELL",), r"(?:/usr)?/bin/(?:ba|z|da)?sh"),
    (_SETS_NO_PROGRAM, r"[\w.,:*-]*"),
    (("PYTHONWARNINGS",), r"[a-z]*(?:,[a-z]+)*(?:::[A-Z]\w+)?"),
    (("GIT_TRACE*",), r"|[012]|true|false"),
    (_NOTHING_SET, r""),
    (("NODE_OPTIONS",), _options(_NODE)),
    (("GOFLAGS",), _options(_GO)),
    (("GOPROXY",), r"(?:(?:direct|off|https://proxy\.golang\.org/?)(?:[,|]|$))+"),
    (("GOTOOLCHAIN",), r"local|auto|go1\.\d+(?:\.\d+)?(?:\+auto)?"),
    (("RUSTFLAGS",), _options(_RUST)),
    (("MAVEN_OPTS", "GRADLE_OPTS", "JAVA_OPTS", "*JAVA*_OPTIONS"), _options(_JAVA)),
    (("JAVA_HOME",), r"/(?:usr/lib(?:64)?/jvm|opt|Library/Java)/(?!.*\.\.)[\w./-]+"),
    (("MAKEFLAGS",), _options(r"-{0,2}(?:j ?\d*|s|k|silent|jobs=\d+|keep-going|no-print-directory)")),
    (("CC", "CXX", "LD", "AR"), rf"(?:s?ccache )?(?:[\w+]+-){{0,4}}(?:{_COMPILER})(?:-?\d+(?:\.\d+)?)?"),
    (("RUBYOPT",), _options(r"-[wW][012]?|--yjit|--jit|-W:(?:no-)?\w+")),
    (("AWS_PROFILE",), r"[\w.@-]+"),
    (("KUBECONFIG",), r"/(?:root|home/[\w.-]+|Users/[\w.-]+)/\.kube/[\w.-]+"),
    (("BUNDLE_GEMFILE",), r"(?!.*\.\.)\w[\w/.-]*"),
)
"""Globs of names, and what a value of theirs must match as a whole."""


def is_harmless(name: str, value: str) -> bool:
    """Whether a value changes nothing about what runs; the variable may be set to it."""
    return any(values.fullmatch(value) for values in _of(name))


@lru_cache(maxsize=1024)
def _of(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(values) for globs, values in _HARMLESS if any(fnmatchcase(name, glob) for glob in globs)
    )
