"""How names are compared: without case, and without what some file systems do not see in them.

On one of those `.GIT/Hooks`, `.git.`, `.g<zero width>it`, `.git::$INDEX_ALLOCATION` and `GIT~1` are
`.git/hooks` and `.git`; on the others nobody is hurt by being asked.
"""

import re
from pathlib import PurePath

Parts = tuple[str, ...]
"""The names of a path, in the form in which they are compared."""

# What a short name (8.3) stands for only the file system knows; those of guarded names are known by heart.
_KNOWN = (
    ".aws", ".azure", ".bash_aliases", ".bash_login", ".bash_logout", ".bash_profile", ".bashrc", ".cargo",
    ".config", ".cshrc", ".docker", ".env", ".envrc", ".factory", ".git", ".git-credentials", ".gitconfig",
    ".gnupg", ".kshrc", ".kube", ".login", ".netrc", ".npmrc", ".password-store", ".pgpass", ".profile",
    ".pypirc", ".ssh", ".tcshrc", ".vault-token", ".zlogin", ".zprofile", ".zshenv", ".zshrc",
    "config.worktree", "credentials", "hooks.json", "id_ed25519", "id_ecdsa_sk", "mcp.json", "settings.json",
)  # fmt: skip
_SHORT = re.compile(r"([^~.]{1,6})~[0-9]{1,6}(?:\.([^.]{0,3}))?")
_REPLACED = str.maketrans(dict.fromkeys("+,;=[]", "_"))


def fold_path(path: PurePath) -> Parts:
    """The names of a path as they are compared."""
    return tuple(map(fold_name, path.parts))


def lexical(path: PurePath) -> PurePath:
    """A path without `..`, links not looked at."""
    if ".." not in path.parts:
        return path
    kept: list[str] = []
    for part in path.parts:
        if part != "..":
            kept.append(part)
        elif len(kept) > bool(path.anchor):
            kept.pop()
    return type(path)(*kept)


def fold_name(name: str) -> str:
    """One name as it is compared."""
    name = fold_text(name)
    if ":" in name:
        name = name.partition(":")[0] or name  # what follows is a stream of the same file
    name = name.rstrip(". ") or name
    if "~" in name and (match := _SHORT.fullmatch(name)):
        return _LONG_NAMES.get((match[1], match[2] or ""), name)
    return name


def fold_text(text: str) -> str:
    """Text without case, compatible forms and characters that nobody sees."""
    if not text.isascii():
        import unicodedata  # most names are plain

        plain = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in plain if unicodedata.category(char) != "Cf")
        # Folding may take a composed character apart again.
        return unicodedata.normalize("NFKC", text.casefold())
    return text.lower()


def short_form(name: str) -> tuple[str, str] | None:
    """The two parts of a folded name's short form, without its number; None where it needs none."""
    stem, dot, extension = name.lstrip(".").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    plain = name[:1] != "." and "." not in stem and " " not in name
    if plain and len(stem) <= 8 and len(extension) <= 3:
        return None
    stem = stem.replace(".", "").replace(" ", "").translate(_REPLACED)
    return stem[:6], extension.replace(" ", "").translate(_REPLACED)[:3]


_LONG_NAMES = {form: name for name in _KNOWN if (form := short_form(name)) is not None}
