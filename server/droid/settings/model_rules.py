"""Which models policy lets be asked, and why another is not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from droid.domain.levels import SettingsLevel
from droid.domain.models import ModelProfile
from droid.domain.policy import BUILTIN, Source

CUSTOM = "custom:"
_PORTS = {"http": 80, "https": 443}
_VENDOR = re.compile(
    r"^(?:[a-z-]{2,6}\.)?(?:amazon|anthropic|google|meta|mistral|mistralai|openai|vertex_ai)[./]"
)
_VARIANT = re.compile(r"(?:@[^/@]*|\[[^]]*\])$")
_TAG = re.compile(r":[^:/]*$")
_RELEASE = re.compile(r"(?:-v[0-9]+|-latest|[-@]20[0-9]{2}-?[0-9]{2}-?[0-9]{2})$")
_ENDS = (_TAG, _RELEASE, _VARIANT)
_MAX_SUFFIXES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A list that one place gives.

    Attributes:
        spares_catalogue: Models that are not custom ones pass, listed or not.
    """

    names: tuple[str, ...]
    source: Source
    spares_catalogue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRules:
    """What every level says of models, together.

    Attributes:
        allowed: A model has to pass each of these lists; by id, with or without `custom:`. Without it, one
            that is defined below the list has to ask for a model of the list, too.
        blocked: Names that no model may have, neither as its id nor on the wire, nor in its address, whatever
            vendor, date, version or variant stands around them there.
        custom_refused: Where custom models are forbidden; those of that level or a higher one are spared.
        base_urls: Every address that models are asked at has to begin with one of each of these lists;
            `*.` before a host stands for its subdomains.
    """

    allowed: tuple[Names, ...] = ()
    blocked: tuple[Names, ...] = ()
    custom_refused: Source | None = None
    base_urls: tuple[Names, ...] = ()

    def refusal(self, profile: ModelProfile, source: Source = BUILTIN) -> str | None:
        """Why a model may not be asked, in one line; None where it may.

        Args:
            source: Where the model is defined; `BUILTIN` for one of the catalogue.
        """
        return next(self._refusals(profile, source), None)

    def _refusals(self, profile: ModelProfile, source: Source) -> Iterator[str]:
        custom = profile.id.startswith(CUSTOM)
        mine = {_folded(profile.id), _folded(profile.id.removeprefix(CUSTOM))}
        known_as = {
            form for name in (*mine, profile.model, *_steps(profile.base_url)) for form in _forms(name)
        }
        for block in self.blocked:
            if any(known_as & _meant(name) for name in block.names):
                yield f"blockedModelIds of {where(block.source)} names it"
        for allow in self.allowed:
            spared = allow.spares_catalogue and not custom
            names = {_folded(name) for name in allow.names}
            if not spared and not mine & names:
                yield f"allowedModelIds of {where(allow.source)} does not name it"
            elif _borrows(profile, names) and not _at_or_above(source.level, allow.source.level):
                yield (
                    f"allowedModelIds of {where(allow.source)} names neither {profile.id} nor the model that "
                    "it asks"
                )
        forbids = self.custom_refused
        if custom and forbids is not None and not _at_or_above(source.level, forbids.level):
            yield f"allowCustomModels is false in {where(forbids)}"
        for urls in self.base_urls:
            if not any(_begins(profile.base_url, allowed) for allowed in urls.names):
                yield f"its address is not among allowedBaseUrls of {where(urls.source)}"


def _borrows(profile: ModelProfile, names: set[str]) -> bool:
    """Whether it is a custom model that is listed by a name that could be another's."""
    custom = profile.id.startswith(CUSTOM)
    return custom and _folded(profile.id) not in names and _folded(profile.model) not in names


def where(source: Source) -> str:
    """`org settings, /etc/factory/settings.json:12`, as far as it is known."""
    place = f", {source.file}" if source.file else ""
    line = f":{source.line}" if source.file and source.line else ""
    return f"{source.level} settings{place}{line}"


def _steps(url: str) -> list[str]:
    """The parts of an address's path: there are servers whose address names the model."""
    parts = _split(url)
    return [] if parts is None else [step.partition(":")[0] for step in parts.path.split("/") if step]


def _meant(name: str) -> set[str]:
    """A name that is blocked, in the forms that are compared."""
    name = _folded(name)
    return {_dashed(name), _dashed(_VENDOR.sub("", name))}


def _forms(name: str) -> set[str]:
    """Every name that a model goes by: as written, and less and less of what vendors put around it."""
    name = _folded(name)
    plain = name.rpartition("/")[2]
    forms = [name, _VENDOR.sub("", name), plain, _VENDOR.sub("", plain)]
    left = forms[-1]
    for _ in range(_MAX_SUFFIXES):
        shorter = next((cut for end in _ENDS if (cut := end.sub("", left)) not in (left, "")), None)
        if shorter is None:
            break
        forms.append(left := shorter)
    return {_dashed(form) for form in forms}


def _dashed(name: str) -> str:
    return name.replace(".", "-")


def _folded(name: str) -> str:
    return name.strip().casefold()


def _at_or_above(level: SettingsLevel, other: SettingsLevel) -> bool:
    return level is not SettingsLevel.BUILTIN and level.rank <= other.rank


def _begins(url: str, allowed: str) -> bool:
    """Whether an address is the allowed one or lies below it, part by part and not as text."""
    have, want = _split(url), _split(allowed)
    if have is None or want is None or have.username is not None or have.scheme != want.scheme:
        return False
    if (have.port or _PORTS[have.scheme]) != (want.port or _PORTS[want.scheme]):
        return False
    host, wanted = have.hostname or "", want.hostname or ""
    if host.rstrip(".") != wanted.rstrip(".") and not (
        wanted.startswith("*.") and host.rstrip(".").endswith(wanted[1:]) and len(host) > len(wanted[1:])
    ):
        return False
    steps = [step for step in want.path.split("/") if step]
    mine = [step for step in have.path.split("/") if step]
    # A server may take `..`, written or escaped, to lead out of the path that was allowed.
    escapes = any("%" in step or step in (".", "..") for step in mine)
    return mine[: len(steps)] == steps and not (steps and escapes)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in _PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable and "\\" not in url else None
