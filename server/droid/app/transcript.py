"""The transcript's line format, for edges that show events as they are stored."""

from droid.sessions.codec import encode as encode_record

__all__ = ["encode_record"]
