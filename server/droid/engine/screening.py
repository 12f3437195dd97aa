"""`PreModelRequest`: what has joined the conversation since the last request is shown to hooks before it
leaves for a model.

A block keeps the request from being sent, and withholds what was new for good: else the session could never
go on, since it would leave with the next request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from droid.domain.errors import PolicyRefused
from droid.domain.events import MessageRedacted
from droid.domain.hooks import HookEvent, HookOutcome, Redaction
from droid.domain.messages import ImagePart, Message, Part, Role, TextPart, ToolResultPart
from droid.engine.hook_points import HookHost, HookPoints

_WITHHELD = "[withheld: a hook did not let this leave for a model]"


class ScreenedHost(HookHost, Protocol):
    """The session whose conversation it is."""

    @property
    def hooks(self) -> HookPoints: ...


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of the conversation; `message` is its message's place."""

    message: int
    part: int


class Screening:
    """What hooks have let pass so far. Nothing is kept while there are none."""

    def __init__(self, core: ScreenedHost) -> None:
        self._core = core
        self._passed: dict[int, Message] | None = None
        self._system_passed = False

    async def check(self) -> None:
        """Show what is new; returns when it may be sent, redacted where hooks want that.

        Raises:
            PolicyRefused: it may not, or a hook has ended the turn.
        """
        core = self._core
        if core.hooks.stop is not None:
            raise PolicyRefused(core.hooks.stop)
        rules = core.hooks.rules(HookEvent.PRE_MODEL_REQUEST)
        if not rules:
            return
        new = self._new()
        shown: list[dict[str, Any]] = []
        places: list[_Place | None] = []
        if not self._system_passed and not _was_sent(core.state.messages):
            shown.append({"type": "system", "text": core.state.system})
            places.append(None)
        for index in new:
            for number, part in enumerate(core.state.messages[index].parts):
                if (view := _view(part)) is not None:
                    shown.append(view)
                    places.append(_Place(index, number))
        if shown:
            fields = {"model": core.state.model, "parts": shown}
            call = core.hooks.call(HookEvent.PRE_MODEL_REQUEST, fields=fields)
            outcome = await core.hooks.run([call], rules)
            self._apply(outcome, places, shown)
        self._passed = {id(message): message for message in core.state.messages}
        self._system_passed = True

    def _new(self) -> list[int]:
        """The messages that no request has had; an answer came from a model, and is none of them."""
        messages = self._core.state.messages
        if self._passed is None:
            answers = [at for at, message in enumerate(messages) if message.role is Role.ASSISTANT]
            return list(range(answers[-1] + 1 if answers else 0, len(messages)))
        return [
            at
            for at, message in enumerate(messages)
            if message.role is not Role.ASSISTANT and self._passed.get(id(message)) is not message
        ]

    def _apply(
        self, outcome: HookOutcome, places: Sequence[_Place | None], shown: Sequence[dict[str, Any]]
    ) -> None:
        reason = outcome.stop or (outcome.reason if outcome.blocked else None)
        if reason is None:
            reason = _unfit(outcome.redactions, places, shown)
        if reason is not None:
            everything = [Redaction(part=at, start=0, end=0) for at in range(len(places))]
            self._redact(everything, places, reason, withhold=True)
            raise PolicyRefused(f"a hook did not let the request be sent: {reason}")
        self._redact(outcome.redactions, places, "a hook redacted it", withhold=False)

    def _redact(
        self, spans: Iterable[Redaction], places: Sequence[_Place | None], reason: str, *, withhold: bool
    ) -> None:
        core = self._core
        by_message: dict[int, dict[int, list[Redaction]]] = {}
        for span in spans:
            place = places[span.part]
            if place is not None:
                by_message.setdefault(place.message, {}).setdefault(place.part, []).append(span)
        for index, by_part in by_message.items():
            message = core.state.messages[index]
            parts = [
                _redacted(part, by_part[number], withhold=withhold) if number in by_part else part
                for number, part in enumerate(message.parts)
            ]
            core.emit(
                MessageRedacted(index=index, message=replace(message, parts=tuple(parts)), reason=reason)
            )


def _was_sent(messages: Iterable[Message]) -> bool:
    return any(message.role is Role.ASSISTANT for message in messages)


def _view(part: Part) -> dict[str, Any] | None:
    """A part as hooks see it; None for what only a model writes."""
    match part:
        case TextPart(text=text):
            return {"type": "text", "text": text}
        case ToolResultPart(text=text, images=images):
            return {"type": "tool_result", "text": text, "images": len(images)}
        case ImagePart(media_type=media_type, data=data):
            return {"type": "image", "text": "", "media_type": media_type, "data": data}
        case _:
            return None


def _unfit(
    spans: Iterable[Redaction], places: Sequence[_Place | None], shown: Sequence[dict[str, Any]]
) -> str | None:
    """Why spans cannot be redacted, so that nothing may be sent; None where they can."""
    for span in spans:
        if span.part >= len(places) or span.end > len(shown[span.part]["text"]):
            return "it wants something redacted that is not there"
        if places[span.part] is None:
            return "it wants something of the system prompt redacted; change the rules file that it is from"
    return None


def _redacted(part: Part, spans: Sequence[Redaction], *, withhold: bool) -> Part:
    match part:
        case TextPart(text=text):
            return replace(part, text=_WITHHELD if withhold else _cut(text, spans))
        case ToolResultPart(text=text, images=images):
            kept = () if withhold else images
            return replace(part, text=_WITHHELD if withhold else _cut(text, spans), images=kept)
        case ImagePart():
            return TextPart(text=_WITHHELD)
        case _:
            return part


def _cut(text: str, spans: Sequence[Redaction]) -> str:
    """The text with each span replaced by its mark; spans that overlap are one."""
    pieces: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.end <= at:
            continue
        if span.start >= at:
            pieces += [text[at : span.start], f"[REDACTED:{span.kind}]"]
        at = span.end
    return "".join([*pieces, text[at:]])
