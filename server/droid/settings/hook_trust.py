"""Whether an organisation's hook would run a file of the repository that nobody has trusted."""

from pathlib import Path

from droid.settings.trust import TrustDecision
from droid.settings.trust_names import TooMuchToName, names_of
from droid.settings.trust_places import Places


def untrusted_file(command: str, *, cwd: Path, root: Path, trust: TrustDecision) -> str | None:
    """Why a command must not run; None where every file of the repository that it names is trusted.

    Args:
        cwd: Where it would run; real.
        root: The project, real; `$FACTORY_PROJECT_DIR` for the command.
        trust: As the repository is now.
    """
    try:
        names = names_of(command)
    except TooMuchToName:
        return "is too long to look for files of the repository in"
    places = Places(str(root))
    bases = {"", cwd.relative_to(root).as_posix() if cwd.is_relative_to(root) and cwd != root else ""}
    files = {file for name in names for base in bases for file in places.find(name, base).files}
    content = trust.content if trust.trusted else None
    covered = {entry.real for entry in content.files.values()} if content is not None else set[str]()
    left = sorted(files - covered)
    if not left:
        return None
    return f"runs {left[0]} of this repository, which is not trusted; `droid-lsp trust` shows and trusts it"
