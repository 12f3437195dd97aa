"""Images that a model can look at."""

import base64

from droid.domain.messages import ImagePart

MAX_IMAGE_BYTES = 3_750_000
"""What becomes 5 MB in base64, the least that every provider with images takes."""


def media_type(data: bytes) -> str | None:
    """What an image is, by its first bytes, whatever its name says; None where it is none we know."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def image_part(data: bytes, kind: str) -> ImagePart:
    """The image as it travels to a model."""
    return ImagePart(media_type=kind, data=base64.b64encode(data).decode())
