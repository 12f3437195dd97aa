"""What a file would be without a turn's changes of it, where others changed it in between."""

from collections.abc import Callable, Sequence

from droid.domain.files import FileChange, digest_of
from droid.engine.hunks import FileHunks


def base_of(
    name: str, changes: Sequence[FileChange], content: Callable[[str | None], bytes | None]
) -> bytes | None:
    """The content that a file had before the first of its changes, with what others did between them.

    Where each change found what the one before had left, that is what the first one found. Else what came in
    between stays, and a hunk that cannot be found for that any more stays with it.

    Args:
        changes: Of one file, oldest first.
        content: What is kept under a digest; None is no file.
    """
    base = content(changes[-1].before)
    found = changes[-1].before
    for change in reversed(changes[:-1]):
        if found == change.after:
            base, found = content(change.before), change.before
            continue
        hunks = FileHunks(name, content(change.before), content(change.after))
        base, _ = hunks.taken_back(base, hunks.ids, hunks.ids)
        found = None if base is None else digest_of(base)
    return base
