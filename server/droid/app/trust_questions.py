"""Whether a person is to be asked to trust a workspace, what they are shown, and what they said before.

Where nothing would be enabled nobody is asked. A no is remembered for the content that it was said of, or
for the workspace where the person never wants to hear of it again; neither changes what counts.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from droid.app.trust import RootTrust
from droid.domain.errors import DroidError
from droid.settings.own_files import StoreUnusable, read_own, replace_own
from droid.settings.paths import factory_home
from droid.settings.trust_content import TrustedContent
from droid.settings.trust_enables import Enabled
from droid.settings.visible import visible

logger = logging.getLogger(__name__)

_DECLINED_FILE = "trust-declined.json"
_VERSION = 1
_MAX_BYTES = 1024 * 1024
_MAX_ROOTS = 1000
_SHOWN_ROWS = 12
_SHOWN_LINES = 4
_WIDTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustQuestion:
    """What a person is asked.

    Attributes:
        sha256: Of the content that is shown; nothing else is trusted by a yes.
        short: For a message.
        full: Everything that it would enable; the same as `short` where that is short enough.
    """

    root: Path
    sha256: str
    short: str
    full: str
    content: TrustedContent


class NothingToTrust(DroidError):
    """Trusting would change nothing, or cannot be done; the message says why."""


class TrustQuestions:
    """The questions of one user about all workspaces. Its methods look through `.factory` folders: call them
    from a thread.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._declined = factory_home(self._environ) / _DECLINED_FILE

    def due(self, place: Path) -> TrustQuestion | None:
        """What to ask unasked: None where nothing waits for an answer, or it was given."""
        try:
            question = self.question(place)
        except DroidError as error:
            logger.debug("not asked about trust: %s", type(error).__name__)
            return None
        said = self._said().get(str(question.root), {})
        if said.get("never") is True or said.get("sha256") == question.sha256:
            return None
        return question

    def question(self, place: Path) -> TrustQuestion:
        """What to ask somebody who wants to be asked.

        Raises:
            NothingToTrust: it is trusted, or trusting it would enable nothing.
            DroidError: it cannot be trusted.
        """
        trust = self._of(place)
        decision = trust.decide()
        if decision.trusted:
            raise NothingToTrust(f"{trust.root} is trusted: {decision.reason}")
        content = trust.content()
        rows = trust.enables(content)
        if not rows:
            raise NothingToTrust(f"there is nothing in {trust.root} that trusting it would enable")
        return TrustQuestion(
            root=trust.root,
            sha256=content.sha256,
            short=_text(trust.root, rows, content, limit=_SHOWN_ROWS),
            full=_text(trust.root, rows, content, limit=None),
            content=content,
        )

    def trust(self, question: TrustQuestion) -> None:
        """Trust what was shown.

        Raises:
            DroidError: it has changed since, or it cannot be remembered.
        """
        self._of(question.root).trust(question.content, "lsp")

    def decline(self, question: TrustQuestion, *, for_ever: bool = False) -> None:
        """Remember a no; where that cannot be, the person is asked again one day."""
        roots = self._said()
        roots.pop(str(question.root), None)
        roots[str(question.root)] = {"sha256": question.sha256, **({"never": True} if for_ever else {})}
        while len(roots) > _MAX_ROOTS:
            del roots[next(iter(roots))]
        data = json.dumps({"version": _VERSION, "roots": roots}, indent=2).encode() + b"\n"
        try:
            replace_own(self._declined, data)
        except StoreUnusable as error:
            logger.warning("a no to trust is not remembered: %s", error)

    def _of(self, place: Path) -> RootTrust:
        # A new one each time: what the organisation says of trust may have changed.
        return RootTrust(place, self._environ)

    def _said(self) -> dict[str, dict[str, Any]]:
        try:
            data = read_own(self._declined, _MAX_BYTES)
            document: object = json.loads(data) if data else {}
        except (StoreUnusable, ValueError, RecursionError) as error:
            logger.warning("what was said about trust before cannot be read: %s", type(error).__name__)
            return {}
        top = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
        roots = top.get("roots")
        if not isinstance(roots, dict):
            return {}
        entries = cast("dict[str, Any]", roots).items()
        return {root: cast("dict[str, Any]", said) for root, said in entries if isinstance(said, dict)}


def _text(root: Path, rows: tuple[Enabled, ...], content: TrustedContent, *, limit: int | None) -> str:
    lines = [f"Trust {visible(str(root))}? Its .factory files would then enable:", ""]
    kind = ""
    for row in rows if limit is None else rows[:limit]:
        if row.kind != kind:
            kind = row.kind
            lines.append(f"{kind}:")
        lines += _row(row, limit)
    more = 0 if limit is None else len(rows) - limit
    if more > 0:
        kinds = sorted({row.kind for row in rows[limit:]})
        lines.append(f"… and {more} more ({', '.join(kinds)})")
    if content.named:
        named = [visible(name) for name in content.named]
        shown = named if limit is None else named[:limit]
        others = f" and {len(named) - len(shown)} more" if len(named) > len(shown) else ""
        lines += ["", f"They name these files: {', '.join(shown)}{others}"]
    lines += ["", "It holds until any of this changes. Until then, what they tighten counts already."]
    return "\n".join(lines)


def _row(row: Enabled, limit: int | None) -> list[str]:
    lines = row.text.split("\n")
    if limit is not None:
        cut = [line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…" for line in lines[:_SHOWN_LINES]]
        lines = [*cut, "…"] if len(lines) > _SHOWN_LINES else cut
    first, *rest = lines
    return [f"  {first}  ({row.file}:{row.line})", *(f"    {line}" for line in rest)]
