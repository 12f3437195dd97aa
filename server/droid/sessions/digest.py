"""What the index keeps of a transcript, taken from its lines one by one.

It looks at the JSON itself: a list of a thousand sessions needs neither the event types nor their
validation, and a value that does not fit is simply not indexed.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from droid.sessions.codec import CorruptLine, parse
from droid.sessions.summaries import title_of

_BODY_CHARACTERS = 16_384
_RESULT_CHARACTERS = 4_096
_LARGEST_INTEGER = 2**53


@dataclass(slots=True)
class Passage:
    """Text that a search can find."""

    kind: str
    seq: int
    at: float
    body: str


@dataclass(slots=True)
class Digest:
    """The running summary of one transcript; `add` continues it.

    Attributes:
        started_at: None before the session's first event.
        title_is_given: A person named the session, so a prompt no longer does.
        unpriced: Requests whose price is not known.
        passages: What came with the lines added since it was last emptied.
    """

    workspace: str = ""
    model: str = ""
    parent: str | None = None
    title: str = ""
    title_is_given: bool = False
    started_at: float | None = None
    updated_at: float = 0.0
    turns: int = 0
    tokens: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0
    passages: list[Passage] = field(default_factory=list[Passage])

    def add(self, line: bytes) -> None:
        """Take one line of the transcript in; what cannot be read is passed over."""
        try:
            event = parse(line.strip(b"\0 \t\r\n"))
        except CorruptLine:
            return
        self.updated_at = max(self.updated_at, _number(event.get("at")) or 0.0)
        match event:
            case {"type": "session_started", "workspace": str(workspace), "model": str(model)}:
                self.workspace, self.model = _utf8(workspace), _utf8(model)
                parent = event.get("parent")
                self.parent = _utf8(parent) if isinstance(parent, str) else None
                self.started_at = self.updated_at if self.started_at is None else self.started_at
            case {"type": "session_renamed", "title": str(title)}:
                self.title, self.title_is_given = _utf8(title), True
                self._keep("title", event, title)
            case {"type": "model_set", "model": str(model)}:
                self.model = _utf8(model)
            case {"type": "turn_started", "prompt": str(prompt)}:
                self.turns += 1
                if event.get("dropped") is not True:
                    self.title = self.title or title_of(_utf8(prompt))
                self._keep("prompt", event, prompt)
            case {"type": "steered", "prompt": str(prompt)}:
                self._keep("prompt", event, prompt)
            case {"type": "assistant_answered", "message": {"parts": [*parts]}}:
                self._keep("answer", event, _text_of(parts))
            case {"type": "usage_reported", "usage": {**usage}}:
                self.tokens += int(sum(_number(count) or 0 for count in usage.values()))
                cost = _number(event.get("cost_usd"))
                self.cost_usd += cost or 0.0
                self.unpriced += cost is None
            case {"type": "tool_proposed", "title": str(title), "arguments": str(arguments)}:
                self._keep("tool", event, f"{title}\n{arguments}")
            case {"type": "tool_finished", "result": {"text": str(text)}}:
                self._keep("result", event, text[:_RESULT_CHARACTERS])
            case {"type": "files_changed", "changes": [*changes]}:
                self._keep("files", event, _paths_of(changes))
            case {"type": "compacted", "summary": str(summary)}:
                self._keep("summary", event, summary)
            case _:
                pass

    def _keep(self, kind: str, event: dict[str, Any], body: str) -> None:
        seq, at = _number(event.get("seq")), _number(event.get("at"))
        if body.strip() and seq is not None and at is not None:
            text = _utf8(body[:_BODY_CHARACTERS])
            self.passages.append(Passage(kind=kind, seq=int(seq), at=at, body=text))


def _number(value: object) -> float | None:
    """A number that a database can hold, or None."""
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < _LARGEST_INTEGER:
        return float(value)
    return None


def _utf8(text: str) -> str:
    """A lone surrogate is text for a transcript, and none for a database."""
    return text.encode(errors="replace").decode()


def _text_of(parts: list[object]) -> str:
    texts: list[str] = []
    for part in parts:
        match part:
            case {"type": "text", "text": str(text)}:
                texts.append(text)
            case _:
                pass
    return "".join(texts)


def _paths_of(changes: list[object]) -> str:
    paths: list[str] = []
    for change in changes:
        match change:
            case {"path": str(path)}:
                paths.append(path)
            case _:
                pass
    return "\n".join(paths)
