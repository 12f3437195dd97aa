"""What the wires share when they write domain values as JSON, and read it.

History is sent again and again, so nothing in it may make a request fail for ever: text with halves of
surrogate pairs, arguments that are no JSON object, names and ids that a vendor's pattern refuses are
all written in a form that every server takes.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from droid.domain.messages import ImagePart, Message, TextPart
from droid.domain.models import ModelProfile

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_strictly = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

_raw_decode = json.JSONDecoder().raw_decode

_IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]")
_LONGEST_NAME = 64

EMPTY_USER_TEXT = "(empty message)"
EMPTY_ANSWER_TEXT = "(no answer)"


def to_json(value: Any) -> bytes:
    """Compact UTF-8 JSON; halves of surrogate pairs become U+FFFD, which servers would refuse."""
    text = _encode(value)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def from_json(text: str) -> Any:
    """What `json.loads` gives, in two thirds of its time for documents as short as a stream's events.

    Raises:
        ValueError: it is not JSON.
    """
    try:
        value, end = _raw_decode(text)
    except json.JSONDecodeError:  # or white space before the value
        return json.loads(text)
    return value if end == len(text) else json.loads(text)


def members(fields: Iterable[tuple[str, Any]]) -> bytes:
    """JSON members without the braces around them, fields whose value is None left out."""
    return to_json({name: value for name, value in fields if value is not None})[1:-1]


def arguments_object(arguments: str) -> dict[str, Any]:
    """A tool call's arguments as the JSON object that wires and chat templates need.

    What the model wrote badly stays readable for it, as the one member `malformed_arguments`.
    """
    try:
        value = json.loads(arguments or "{}")
        if isinstance(value, dict):
            _encode_strictly(value)
            return value  # pyright: ignore[reportUnknownVariableType]
    except (ValueError, RecursionError):
        pass
    return {"malformed_arguments": arguments}


def output_limit(profile: ModelProfile) -> int:
    """How much output to ask for: servers refuse a request for more than the window holds."""
    if profile.max_output_tokens < profile.context_tokens:
        return profile.max_output_tokens
    return max(profile.context_tokens // 2, 1)


def tool_name(name: str) -> str:
    """A name that every vendor's pattern allows; a model may have made one up that none does."""
    return _NOT_IN_NAMES.sub("_", name)[:_LONGEST_NAME] or "_"


def call_id(value: str, *, longest: int = 64) -> str:
    """An id that strict vendors allow, the same for a call and its result."""
    cleaned = _NOT_IN_NAMES.sub("_", value)
    if 0 < len(cleaned) <= longest:
        return cleaned
    return f"call_{hashlib.blake2b(value.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"


def image_refusal(image: ImagePart, profile: ModelProfile) -> str | None:
    """The note that stands for an image the model cannot be given, or None where it can."""
    if not profile.supports_images:
        return f"[an image ({image.media_type}) was left out: this model does not read images]"
    if image.media_type not in _IMAGE_TYPES:
        return f"[an image was left out: models do not read {image.media_type}]"
    return None


def joined_text(messages: Sequence[Message]) -> str:
    """The text of consecutive messages: parts are pieces of one text, messages are paragraphs."""
    texts = (
        "".join(part.text for part in message.parts if isinstance(part, TextPart)) for message in messages
    )
    return "\n\n".join(text for text in texts if text)
