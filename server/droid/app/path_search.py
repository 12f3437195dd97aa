"""Finds paths by a few characters of them, the likeliest first.

What stands together counts more than what is scattered, the file's name more than its folders, the
beginning of a word more than its middle, a short path more than a long one.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator

_MAX_QUERY = 100
_PREFERRED = 150.0
_WORD_ENDS = "/_-. "


def best(
    paths: Iterable[str], query: str, limit: int, *, preferred: Callable[[str], bool] = lambda _: False
) -> list[str]:
    """The paths that hold the characters of the query in this order, whatever their case.

    Args:
        paths: With `/` between their parts; among equals, the first is the likelier one.
        preferred: Whether a path is likelier than its name says.
    """
    needle = query.lower()[:_MAX_QUERY]
    if not needle:
        return heapq.nsmallest(limit, paths, key=lambda path: not preferred(path))

    def scored() -> Iterator[tuple[float, int, str]]:
        for place, path in enumerate(paths):
            score = _score(path, needle)
            if score is not None:
                yield score + (_PREFERRED if preferred(path) else 0.0), -place, path

    return [path for _, _, path in heapq.nlargest(limit, scored())]


def _score(path: str, needle: str) -> float | None:
    low = path.lower()
    name = low.rfind("/") + 1
    place = low.find(needle, name)
    if place >= 0:
        return _in_name(low, needle, name, place) - _length(low, needle)
    place = low.find(needle)
    if place >= 0:
        starts = place == 0 or low[place - 1] in _WORD_ENDS
        return (550.0 if starts else 450.0) - _length(low, needle)
    scattered = _scattered(path, low, needle, name)
    return None if scattered is None else scattered - _length(low, needle)


def _in_name(low: str, needle: str, name: int, place: int) -> float:
    if place == name:
        rest = low[place + len(needle) :]
        if not rest:
            return 1000.0
        return 950.0 if rest[0] == "." else 850.0
    return 750.0 if low[place - 1] in _WORD_ENDS else 650.0


def _scattered(path: str, low: str, needle: str, name: int) -> float | None:
    """A score below those of what stands together; None where a character is missing."""
    at = -1
    for character in needle:
        at = low.find(character, at + 1)
        if at < 0:
            return None
    # From the end: characters are likelier meant to be of the file's name.
    score, after, at = 100.0, len(low), len(low)
    for character in reversed(needle):
        at = low.rfind(character, 0, at)
        if at + 1 == after:
            score += 10.0
        if at == 0 or low[at - 1] in _WORD_ENDS or (path[at].isupper() and not path[at - 1].isupper()):
            score += 15.0
        if at >= name:
            score += 5.0
        after = at
    return min(score, 400.0)


def _length(low: str, needle: str) -> float:
    return min(90.0, (len(low) - len(needle)) * 0.5)
