"""The models that are known without settings: window, output, price and abilities.

The facts are in `catalogue.json`. A model inherits from the first family whose pattern its name begins
with, and overrides what differs; prices are dollars for a million tokens of input, output, cache reads
and cache writes. A name that is not listed but belongs to a family works too, with smaller limits than
it may have and no price.

`window` is what may be sent: the vendors that state a limit on input below input and output together
are listed with the limit on input.

Source: https://platform.claude.com/docs/en/models and https://developers.openai.com/api/docs/models
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from droid.domain.models import ModelProfile, Price, Wire

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""From the least reasoning to the most; a model knows some of them."""

_UNLISTED_WINDOW = 200_000
_UNLISTED_OUTPUT = 32_000
_VENDOR_PREFIX = re.compile(r"^(?:.*/)?(?:(?:[a-z]{2,6}\.)?(?:anthropic|openai)\.)?")
_RELEASE = re.compile(r"(?:[-@]20[0-9]{2}-?[0-9]{2}-?[0-9]{2}|-latest)?(?:-v[0-9]+(?::[0-9]+)?)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What the wires must know of a model.

    Attributes:
        thinking: `none`: it cannot; `budget`: by a number of tokens; `optional`: adaptive where asked;
            `default`: unless switched off; `always`: it cannot be switched off.
        efforts: The reasoning efforts that it accepts; empty where it has no such setting.
        hides_thinking: It must be asked for thinking that can be shown.
        bound_thinking: It refuses thinking whose conversation has changed before it.
    """

    thinking: str = "budget"
    efforts: tuple[str, ...] = ()
    hides_thinking: bool = False
    bound_thinking: bool = False

    @property
    def thinks(self) -> bool:
        """Whether it reasons without being asked to."""
        return self.thinking in {"default", "always"}

    def effort(self, wanted: str | None) -> str | None:
        """The effort nearest to the wanted one that the model accepts, the lower of two as near.

        None where nothing, or the model's own choice (`dynamic`), is wanted.
        """
        wanted = "none" if wanted == "off" else wanted
        if wanted is None or wanted == "dynamic" or not self.efforts:
            return None
        if wanted in self.efforts or wanted not in EFFORTS:
            return wanted
        rank = EFFORTS.index(wanted)
        some = [effort for effort in self.efforts if effort != "none"]  # who wants little wants not none
        return min(
            some or self.efforts,
            key=lambda effort: (abs(EFFORTS.index(effort) - rank), EFFORTS.index(effort)),
        )


def catalogue_models(environ: Mapping[str, str]) -> dict[str, ModelProfile]:
    """Profiles by id of the listed models whose vendor's key is in the environment, best first."""
    profiles: dict[str, ModelProfile] = {}
    data = _data()
    for model in data["models"]:
        vendor = data["vendors"][_facts(model)["vendor"]]
        if environ.get(vendor["api_key"], "").strip():
            profiles[model] = _profile(model, model, environ)
    return profiles


def profile_for(model_id: str, environ: Mapping[str, str]) -> ModelProfile | None:
    """The profile of a model of a known vendor, listed or not; None where its family is not known.

    Without the vendor's key in the environment its `api_key` is empty.
    """
    listed = _listed(model_id)
    if listed is not None:
        return _profile(model_id, listed, environ)
    return _profile(model_id, None, environ) if _family(_plain(model_id)) else None


def base_url_for(wire: Wire, environ: Mapping[str, str], configured: str | None = None) -> str:
    """The address of an API: the settings', else the environment's, else the vendor's; no final slash."""
    data = _data()
    name = "anthropic" if wire is Wire.ANTHROPIC else "openai"
    vendor = data["vendors"][name]
    url = configured or environ.get(vendor["base_url_variable"], "").strip() or vendor["base_url"]
    return url.rstrip("/")


def api_key_variable(wire: Wire) -> str:
    """The environment variable that holds the key of a wire's vendor."""
    return _data()["vendors"]["anthropic" if wire is Wire.ANTHROPIC else "openai"]["api_key"]


@cache
def traits_of(model: str) -> Traits:
    """The traits of a model by its name on the wire, whatever a gateway put before or after it."""
    facts = _facts(_listed(model) or _plain(model))
    return Traits(
        thinking=facts.get("thinking", "budget"),
        efforts=tuple(facts.get("efforts", ())),
        hides_thinking=facts.get("hides_thinking", False),
        bound_thinking=facts.get("bound_thinking", False),
    )


def _profile(model_id: str, listed: str | None, environ: Mapping[str, str]) -> ModelProfile:
    facts = _facts(listed or _plain(model_id))
    vendor = _data()["vendors"][facts["vendor"]]
    wire = Wire(vendor["wire"])
    window, output = facts["window"], facts["output"]
    if listed is None:
        window, output = min(window, _UNLISTED_WINDOW), min(output, _UNLISTED_OUTPUT)
    return ModelProfile(
        id=model_id,
        model=model_id,
        wire=wire,
        base_url=base_url_for(wire, environ),
        api_key=environ.get(vendor["api_key"], "").strip(),
        display_name=facts.get("name", model_id),
        context_tokens=window,
        max_output_tokens=output,
        supports_images=facts.get("images", True),
        price=_price(facts["price"]) if "price" in facts else None,
    )


def _price(row: Sequence[float]) -> Price:
    return Price(
        input_per_mtok=row[0], output_per_mtok=row[1], cache_read_per_mtok=row[2], cache_write_per_mtok=row[3]
    )


@cache
def _data() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("catalogue.json").read_bytes())


@cache
def _facts(model: str) -> dict[str, Any]:
    """What is known of a model: its family's facts under its own; empty for a stranger."""
    return {**(_family(model) or {}), **_data()["models"].get(model, {})}


def _family(model: str) -> dict[str, Any] | None:
    for family in _data()["families"]:
        if re.match(family["pattern"], model):
            return family
    return None


def _listed(model: str) -> str | None:
    """The catalogue's id of a model, from an id that may carry a vendor, a date or a version suffix."""
    models = _data()["models"]
    if model in models:
        return model
    plain = _plain(model)
    undated = _RELEASE.sub("", plain, count=1)
    for name in (plain, undated):
        if name in models:
            return name
        for listed, facts in models.items():
            if name in facts.get("aliases", ()):
                return listed
    return None


def _plain(model: str) -> str:
    """A model's name as its vendor writes it: `us.anthropic.claude-opus-4.6` → `claude-opus-4-6`."""
    name = _VENDOR_PREFIX.sub("", model.lower(), count=1)
    return name.replace(".", "-") if name.startswith("claude") else name
