"""Which remote a git root came from, read from its configuration without starting git.

What git itself adds (`insteadOf`, included files, the worktree's own configuration) is not looked at: the
remote only says which entries of the organisation are compared, and the hash in them decides.

Source: https://git-scm.com/docs/git-config
"""

from pathlib import Path

from droid.engine.git_files import common_folder, repository_of, text_of
from droid.safety.git_config import config_entries
from droid.safety.remotes import normalise_remote


def remote_of(root: Path) -> str | None:
    """The normalised URL of the remote `origin`; None where there is none, or none that can be told."""
    repository = repository_of(root)
    text = None if repository is None else text_of(common_folder(repository) / "config")
    urls = (value for key, value in config_entries(text or "") if key == "remote.origin.url")
    url = next(urls, None)
    return None if url is None else normalise_remote(url)
