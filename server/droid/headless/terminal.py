"""What may be shown on a stream: progress and colour are for terminals."""

import os
from collections.abc import Mapping
from typing import TextIO


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person watches this stream."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def wants_colour(stream: TextIO | None, env: Mapping[str, str] | None = None) -> bool:
    """Whether colour is welcome there. Source: https://no-color.org"""
    env = os.environ if env is None else env
    return is_terminal(stream) and not env.get("NO_COLOR") and env.get("TERM") != "dumb"
