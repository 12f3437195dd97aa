"""Paths that deserve care: secrets, policy files, git's own files, shell start-up files.

Names compare as `names.py` folds them: without case, and without what some file systems do not see in them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePath

from droid.safety.names import Parts, fold_name, fold_path

# Wherever they lie: a home may be reached by several names, and other people's are no less secret.
_SECRET_PLACES = (
    ".aws/credentials",
    ".aws/sso",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".composer/auth.json",
    ".config/composer/auth.json",
    ".config/containers/auth.json",
    ".config/doctl/config.yaml",
    ".config/gcloud",
    ".config/gh/hosts.yml",
    ".config/git/credentials",
    ".config/hub",
    ".config/op",
    ".config/rclone/rclone.conf",
    ".docker/config.json",
    ".gem/credentials",
    ".gnupg",
    ".kube/config",
    ".local/share/keyrings",
    ".m2/settings-security.xml",
    ".oci",
    ".password-store",
    ".ssh",
    ".subversion/auth",
    ".terraform.d/credentials.tfrc.json",
    "Library/Keychains",
)
# Only in a home: projects keep harmless files of these names.
_SECRET_IN_HOME = (
    ".azure",
    ".factory/mcp.json",
    ".factory/settings.json",
    ".factory/settings.local.json",
    ".npmrc",
    ".pypirc",
)
_SECRET_NAMES = frozenset(
    {
        ".boto", ".dockercfg", ".git-credentials", ".my.cnf", ".mylogin.cnf", ".netrc", ".pgpass", ".s3cfg",
        ".vault-token", "_netrc", "id_dsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk",
        "id_rsa", "ssh_host_ecdsa_key", "ssh_host_ed25519_key", "ssh_host_rsa_key",
    }
)  # fmt: skip
_SECRET_IN_SYSTEM = (
    "/etc/gshadow", "/etc/krb5.keytab", "/etc/kubernetes/admin.conf", "/etc/shadow", "/etc/ssl/private",
    "/etc/sudoers", "/etc/sudoers.d", "/run/secrets", "/var/run/secrets",
)  # fmt: skip
# What lies beside keys and is meant to be shown.
_PUBLIC_KEY = re.compile(r"[\w.@-]+\.pub")
# The environment and the memory of a process hold the keys that it was started with.
_SECRET_OF_PROCESS = frozenset({"environ", "mem"})
_ENV = re.compile(r"\.env(?:[^a-z0-9].*)?|(?!(?:example|sample|template|dist)\.).+\.env")
# A glob of names that nobody gives to secrets.
_SOURCE_NAMES = re.compile(
    r"[\w*.-]*\.(?:c|cc|clj|cpp|cs|css|csv|cxx|dart|el|ex|exs|gif|go|h|hpp|hs|html|ipynb|java|jl|jpe?g"
    r"|[cm]?jsx?|kt|less|log|lua|md|ml|mp[34]|nim|pdf|php|pl|png|pyi?|r|rb|rs|rst|sass|scala|scss|sql|svelte"
    r"|svg|swift|[cm]?tsx?|tex|txt|vue|webp|zig)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_PUBLIC_ENV_SUFFIXES = (".example", ".sample", ".template", ".dist")
_STARTUP_FILES = frozenset(
    {
        ".bash_aliases", ".bash_login", ".bash_logout", ".bash_profile", ".bashrc", ".cshrc", ".envrc",
        ".gitconfig", ".kshrc", ".login", ".pam_environment", ".profile", ".tcshrc", ".xinitrc",
        ".xprofile", ".xsession", ".zlogin", ".zlogout", ".zprofile", ".zshenv", ".zshrc", "config.fish",
    }
)  # fmt: skip
_POLICY_FILES = frozenset({"hooks.json", "mcp.json"})
_POLICY_PLACES = (
    "settings.json", "settings.local.json", "hooks.json", "mcp.json", "AGENTS.md", "droids", "commands",
    "skills",
)  # fmt: skip
# What git runs, or takes its orders from.
_GIT_PLACES = (".git/config", ".git/config.worktree", ".git/HEAD", ".git/hooks", ".git/info")
_SECRETS_IN_PROJECT = (".env", ".env.local", ".env.production", ".envrc", ".npmrc")


def is_below(path: PurePath, folder: PurePath) -> bool:
    """Whether a path is a folder or lies in it, names compared without case."""
    return _begins(fold_path(path), fold_path(folder))


def secret_path(path: PurePath, home: PurePath) -> str | None:
    """Why reading this path would hand out a secret; None where it would not."""
    parts = fold_path(path)
    if not parts:
        return None
    for entry, wanted in _FOLDED_PLACES:
        if _holds(parts, wanted) and not (entry == ".ssh" and _PUBLIC_KEY.fullmatch(parts[-1])):
            return f"{entry} holds credentials"
    at_home = fold_path(home)
    for entry, wanted in _FOLDED_IN_HOME:
        if _begins(parts, (*at_home, *wanted)):
            return f"~/{entry} holds credentials"
    for entry, wanted in _FOLDED_IN_SYSTEM:
        if _begins(parts, wanted):
            return f"{entry} holds credentials"
    name = parts[-1]
    if name in _SECRET_NAMES:
        return f"{name} holds credentials"
    if parts[:2] == ("/", "proc") and name in _SECRET_OF_PROCESS:
        return f"the {name} of a process holds secrets"
    if _ENV.fullmatch(name) and not name.endswith(_PUBLIC_ENV_SUFFIXES):
        return f"{name} holds secrets"
    return None


def holds_secrets(folder: PurePath, home: PurePath, only: str = "") -> str | None:
    """Why reading all that lies below a folder would hand out secrets; None where it would not.

    Args:
        only: A glob that the names match which are read; empty: all are.
    """
    if only and _SOURCE_NAMES.fullmatch(only):
        return None
    if is_below(home, folder):
        return "the home folder holds credentials"
    parts, at_home = fold_path(folder), fold_path(home)
    for entry, wanted in (*_FOLDED_PLACES, *_FOLDED_IN_HOME):
        if _begins((*at_home, *wanted), parts):
            return f"{entry} holds credentials"
    return None


def guarded_read(
    named: PurePath,
    real: PurePath,
    *,
    home: PurePath,
    factory_home: PurePath,
    also: PurePath | None = None,
    names: Iterable[PurePath] = (),
) -> str | None:
    """Why a path must not be read; None where it may.

    A link may give a secret an innocent name, so all names are judged alike.

    Args:
        named: Absolute, as somebody wrote it.
        real: Symlinks resolved.
        also: A second name of the same file.
        names: Further ones.
    """
    for candidate in (real, named, *([also] if also else ()), *names):
        if (why := secret_path(candidate, home)) is not None:
            return why
        if is_below(candidate, factory_home) and _is_policy(fold_path(candidate)):
            return f"{candidate.name} holds the keys of models and servers"
    return None


def guarded_write(names: Iterable[PurePath], *, factory_home: PurePath, in_workspace: bool) -> str | None:
    """Why a person should be asked before a file is written; None where it is ordinary.

    Args:
        names: Absolute, all of them: an innocent name may reach a guarded file, or a guarded name an innocent
            one.
    """
    for name in names:
        if is_below(name, factory_home):
            return "a policy file"
        if (why := names_guarded(name)) is not None:
            return why
    return None if in_workspace else "a path outside the workspace"


def names_guarded(path: PurePath) -> str | None:
    """What a path is by its names alone, where a person should be asked before it is written."""
    parts = fold_path(path)
    if ".git" in parts:
        return "git's own files"
    if ".ssh" in parts:
        return "the files of SSH"
    if ".factory" in parts[:-1] and _is_policy(parts):
        return "a policy file"
    if parts and parts[-1] in _STARTUP_FILES:
        return "a shell start-up file"
    return None


def may_be_secret(pattern: PurePath, home: PurePath) -> str | None:
    """Why a glob could expand to a secret; None where none of the known ones has such a name."""
    parts = fold_path(pattern)
    if (why := secret_path(pattern, home)) is not None:
        return why
    globs = [part for part in parts if any(mark in part for mark in "*?[")]
    if (
        parts[-1][:1] == "."
        and not _BRACKETS.sub("", parts[-1]).strip(".*?")
        and is_below(home, pattern.parent)
    ):
        return "some of what begins with a dot holds credentials"
    if not parts[-1].strip("*?"):  # all that lies in a folder where one of them does
        for entry, wanted in _FOLDED_PLACES:
            if len(wanted) > 1 and parts[-len(wanted) : -1] == wanted[:-1]:
                return f"{entry} holds credentials"
    # `*` alone says nothing, and the shell leaves out what begins with a dot.
    if not any(len(part.strip("*?[]")) > 1 and _may_name(part) for part in globs):
        return None
    for entry, wanted in (*_FOLDED_PLACES, *((name, (name,)) for name in (*_SECRET_NAMES, ".env"))):
        for at in range(len(parts) - len(wanted) + 1):
            window = parts[at : at + len(wanted)]
            names_it = any(part in globs and part.strip("*?[]") for part in window)
            if names_it and all(map(_glob_matches, wanted, window)):
                return f"{entry} holds credentials"
    return None


def _may_name(pattern: str) -> bool:
    """Whether a name of a secret begins and ends as a glob does: quick, since nearly none does."""
    first = min(at for mark in "*?[" if (at := pattern.find(mark)) >= 0)
    last = max(pattern.rfind(mark) for mark in "*?]")
    start, end = pattern[:first], pattern[last + 1 :]
    return any(name.startswith(start) and name.endswith(end) for name in _names_of_secrets())


@cache
def _names_of_secrets() -> frozenset[str]:
    places = (name for _, wanted in _FOLDED_PLACES for name in wanted)
    return frozenset((*places, *map(fold_name, _SECRET_NAMES), ".env"))


def _glob_matches(name: str, pattern: str) -> bool:
    return (name[:1] != "." or pattern[:1] in (".", "[")) and fnmatchcase(name, pattern)


def guarded_places(home: PurePath, factory_home: PurePath, folders: Iterable[PurePath]) -> Iterator[PurePath]:
    """Where guarded files usually are, for comparing them with a file that has several names.

    A place is a file or a folder whose files all count; it need not exist.

    Args:
        folders: Where projects may be; those above them count too.
    """
    at_home = (*_SECRET_PLACES, *_SECRET_IN_HOME, *_SECRET_NAMES, *_STARTUP_FILES)
    yield from (home / name for name in at_home)
    yield home / ".config/fish/config.fish"
    yield from (PurePath(name) for name in _SECRET_IN_SYSTEM)
    yield from (factory_home / name for name in _POLICY_PLACES)
    for root in dict.fromkeys(above for folder in folders for above in (folder, *folder.parents)):
        yield from (root / name for name in (*_SECRETS_IN_PROJECT, *_GIT_PLACES))
        yield from (root / ".factory" / name for name in _POLICY_PLACES)


def _is_policy(parts: Parts) -> bool:
    name = parts[-1]
    return name in _POLICY_FILES or (name.startswith("settings") and name.endswith(".json"))


def _begins(parts: Parts, wanted: Parts) -> bool:
    return parts[: len(wanted)] == wanted


def _holds(parts: Parts, wanted: Parts) -> bool:
    """Whether the wanted names follow each other somewhere in a path."""
    return wanted[0] in parts and any(_begins(parts[at:], wanted) for at in range(len(parts)))


def _all_folded(entries: Sequence[str]) -> tuple[tuple[str, Parts], ...]:
    return tuple((entry, fold_path(PurePath(entry))) for entry in entries)


_FOLDED_PLACES = _all_folded(_SECRET_PLACES)
_FOLDED_IN_HOME = _all_folded(_SECRET_IN_HOME)
_FOLDED_IN_SYSTEM = _all_folded(_SECRET_IN_SYSTEM)
