"""What a list of sessions and a search over them answer with."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """One session in a list.

    Attributes:
        title: The name it was given, or the first line of its first prompt; may be empty.
        started_at: Seconds since the epoch, UTC.
        updated_at: When its last event happened, likewise.
        tokens: All that its requests processed, cached or not.
        cost_usd: None where the price of a request is not known.
        model: The one that it goes on with.
        locked: Some process has it open for writing.
        parent: The session that it was forked from.
        path: Its transcript.
    """

    id: str
    title: str
    workspace: str
    started_at: float
    updated_at: float
    turns: int
    tokens: int
    cost_usd: float | None
    model: str
    locked: bool
    parent: str | None
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One place in a transcript that a search found.

    Attributes:
        kind: `title`, `prompt`, `answer`, `tool`, `result`, `files` or `summary`.
        seq: The number of the event.
        at: When it happened, in seconds since the epoch.
        snippet: One line around the first match.
    """

    session_id: str
    title: str
    workspace: str
    kind: str
    seq: int
    at: float
    snippet: str


_SNIPPET_BEFORE = 40
_SNIPPET_CHARACTERS = 160


def snippet_of(body: str, words: list[str]) -> str:
    """One line of text around the first of the words, with `…` where it was cut."""
    text = " ".join(body.split())
    folded = text.casefold()
    places = [place for word in words if (place := folded.find(word.casefold())) >= 0]
    start = max(0, min(places, default=0) - _SNIPPET_BEFORE)
    end = start + _SNIPPET_CHARACTERS
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def title_of(prompt: str, characters: int = 80) -> str:
    """The first line of a prompt that says something, cut to a title's length."""
    line = next((line.strip() for line in prompt.splitlines() if line.strip()), "")
    return line if len(line) <= characters else f"{line[: characters - 1]}…"
