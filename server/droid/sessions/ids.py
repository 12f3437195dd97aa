"""Session ids: twelve characters that sort by time and are easy to type.

Seven characters count 1/32 s since 2024 (until 2058), five are random; the alphabet leaves out the
letters that look like digits.
"""

import os

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH = 1_704_067_200
_TICKS_PER_SECOND = 32
_TIME_CHARACTERS = 7
_RANDOM_CHARACTERS = 5


def new_id(now: float) -> str:
    """A new id; `now` is in seconds since the epoch, UTC."""
    ticks = max(0, int((now - _EPOCH) * _TICKS_PER_SECOND))
    random = int.from_bytes(os.urandom(_RANDOM_CHARACTERS), "big")
    return _digits(ticks, _TIME_CHARACTERS) + _digits(random, _RANDOM_CHARACTERS)


def _digits(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in reversed(range(count)))
