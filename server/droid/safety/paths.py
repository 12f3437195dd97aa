"""Paths that deserve care: secrets, policy files, git's own files, shell start-up files.

Names compare without case everywhere: on a case-insensitive file system `.GIT/Hooks` is `.git/hooks`,
and on the others nobody is hurt by being asked.
"""

from pathlib import PurePath

from droid.safety.facts import CallFacts, PathFact

_SECRET_IN_HOME = (
    ".ssh",
    ".gnupg",
    ".aws/credentials",
    ".azure",
    ".config/gcloud",
    ".config/gh/hosts.yml",
    ".docker/config.json",
    ".git-credentials",
    ".kube/config",
    ".netrc",
    ".npmrc",
    ".pgpass",
    ".pypirc",
)
_SECRET_NAMES = frozenset(
    {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".netrc", ".pgpass", ".git-credentials"}
)
_PUBLIC_ENV_SUFFIXES = (".example", ".sample", ".template", ".dist")
_STARTUP_FILES = frozenset(
    {
        ".bash_login", ".bash_logout", ".bash_profile", ".bashrc", ".cshrc", ".envrc", ".gitconfig",
        ".kshrc", ".login", ".profile", ".tcshrc", ".zlogin", ".zlogout", ".zprofile", ".zshenv", ".zshrc",
    }
)  # fmt: skip
_POLICY_FILES = frozenset({"hooks.json", "mcp.json"})


def _folded(path: PurePath) -> tuple[str, ...]:
    return tuple(part.casefold() for part in path.parts)


def is_below(path: PurePath, folder: PurePath) -> bool:
    """Whether a path is a folder or lies in it, names compared without case."""
    inner, outer = _folded(path), _folded(folder)
    return inner[: len(outer)] == outer


def secret_path(path: PurePath, home: PurePath) -> str | None:
    """Why reading this path would hand out a secret; None where it would not."""
    for entry in _SECRET_IN_HOME:
        if is_below(path, home / entry):
            return f"~/{entry} holds credentials"
    name = path.name.casefold()
    if name in _SECRET_NAMES:
        return f"{name} holds credentials"
    if (name == ".env" or name.startswith(".env.")) and not name.endswith(_PUBLIC_ENV_SUFFIXES):
        return f"{name} holds secrets"
    return None


def guarded_write(path: PathFact, facts: CallFacts) -> str | None:
    """Why a person should be asked before this path is written; None where it is ordinary."""
    # A symlink may make an innocent name reach a guarded file, or a guarded name an innocent file;
    # both are worth a question, so the name and the real path are judged alike.
    for candidate in (path.real, facts.cwd / path.named):
        parts = _folded(candidate)
        if ".git" in parts:
            return "git's own files"
        if is_below(candidate, facts.factory_home) or (".factory" in parts[:-1] and _is_policy(parts)):
            return "a policy file"
        if parts and parts[-1] in _STARTUP_FILES:
            return "a shell start-up file"
    if not path.in_workspace:
        return "a path outside the workspace"
    return None


def _is_policy(parts: tuple[str, ...]) -> bool:
    name = parts[-1]
    return name in _POLICY_FILES or (name.startswith("settings") and name.endswith(".json"))
