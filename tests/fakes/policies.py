"""Settings that are the same everywhere, and stay so until a test says otherwise."""

from collections.abc import Iterable
from pathlib import Path

from droid.domain.policy import Policy


class FixedPolicies:
    """One policy for all places, and others for some."""

    def __init__(self, policy: Policy, places: dict[Path, Policy] | None = None) -> None:
        self.policy = policy
        self.places = places or {}
        self.calls = 0

    def of(self, place: Path) -> Policy:
        for folder in (place, *place.parents):
            if folder in self.places:
                return self.places[folder]
        return self.policy

    def all_of(self, cwd: Path, paths: Iterable[Path]) -> tuple[Policy, ...]:
        return tuple(self.of(place) for place in (cwd, *paths))

    def call_began(self) -> None:
        self.calls += 1

    def call_ended(self) -> None:
        self.calls -= 1
