"""Text from elsewhere on its way into the context: told of, and fenced where it carries injection marks.

What looks at text is imported with the first that there is: a prompt alone needs none of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from droid.domain.events import InjectionFlagged, UntrustedTextEntered
from droid.domain.untrusted import InjectionMark, UntrustedKind
from droid.engine.core import SessionCore

_LINE_NUMBER = re.compile(r" *([0-9]{1,9})(?:→|: )")
_DEVICES = PurePath("/dev")


def workspace_entered(core: SessionCore) -> None:
    """Tell that the workspace's own text is untrusted: its rules and what an editor shows come unasked."""
    why = core.policy.untrusted
    if why is not None and UntrustedKind.WORKSPACE not in kinds(core):
        entered(core, UntrustedKind.WORKSPACE, why)


def entered(core: SessionCore, kind: UntrustedKind, source: str, *, call_id: str | None = None) -> None:
    """Tell that untrusted text enters, once for each source; with the first, which remotes are known."""
    state = core.state
    if (kind, source) in state.untrusted:
        return
    remotes: frozenset[str] = frozenset()
    if not state.untrusted:
        from droid.safety.remotes import remotes_of

        for folder in dict.fromkeys((state.workspace, state.cwd)):
            found = core.ports.paths.repository(core.ports.paths.real(folder), None, core.ports.home)
            remotes |= remotes_of(found.settings).known()
    core.emit(UntrustedTextEntered(kind=kind, source=source, remotes=tuple(sorted(remotes)), call_id=call_id))


class Attachments:
    """What goes with one prompt. It is told of after the prompt, so that it stands in its turn."""

    def __init__(self, core: SessionCore) -> None:
        self._core = core
        self._outside: dict[Path, None] = {}
        self._marked: list[tuple[str, tuple[InjectionMark, ...]]] = []

    def take(self, path: Path | None, name: str, text: str) -> str:
        """The text as the model may see it.

        Args:
            path: Real; None for what is no file.
        """
        if path is not None and is_outside(self._core, path):
            self._outside[path] = None
        from droid.safety.injection import marks

        found = marks(text)
        if not found:
            return text
        from droid.engine.fence import fenced

        self._marked.append((name, in_file(text, found)))
        return fenced(text, name, found)

    def tell(self) -> None:
        """Tell what has entered with it."""
        workspace_entered(self._core)
        for path in self._outside:
            entered(self._core, UntrustedKind.FILE, str(path))
        for name, found in self._marked:
            flagged(self._core, name, found)


def flagged(
    core: SessionCore, source: str, found: Iterable[InjectionMark], *, call_id: str | None = None
) -> None:
    """Tell a person where text addresses the agent or hides something; it is untrusted from then on."""
    core.emit(InjectionFlagged(source=source, marks=tuple(found), call_id=call_id))
    entered(core, UntrustedKind.MARKED, source, call_id=call_id)


def plain_rules(text: str) -> tuple[str, tuple[InjectionMark, ...]]:
    """Rules without anything hidden, and what was.

    Rules are instructions, so that they address the agent is no mark; what a person cannot see in them is.
    """
    from droid.safety.hidden_text import hidden_marks, shown

    hidden = hidden_marks(text)
    return (shown(text), hidden) if hidden else (text, ())


def in_file(text: str, found: Sequence[InjectionMark]) -> tuple[InjectionMark, ...]:
    """The marks by the lines of the file, where a text shows one with its numbers."""
    lines = text.split("\n")
    numbers = {mark.line: _LINE_NUMBER.match(lines[mark.line - 1]) for mark in found}
    return tuple(
        replace(mark, line=int(number[1])) if (number := numbers[mark.line]) is not None else mark
        for mark in found
    )


def kinds(core: SessionCore) -> set[UntrustedKind]:
    """What has entered so far."""
    return {kind for kind, _ in core.state.untrusted}


def is_outside(core: SessionCore, real: Path) -> bool:
    """Whether a file is neither of the workspace nor ours: outputs of this session, the user's settings."""
    ours = (core.ports.paths.real(core.state.workspace), core.ports.artifacts, core.ports.factory_home)
    return not real.is_relative_to(_DEVICES) and not any(
        real.is_relative_to(core.ports.paths.real(folder)) for folder in ours
    )
