"""Turns an entry of `customModels` into a model that can be asked.

Secrets come from the environment at this moment, go into the profile and nowhere else. An entry that
cannot be used is left out with a reason; its literal text is never sent anywhere.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from droid.domain.errors import DroidError
from droid.domain.models import ModelProfile, Price, Wire
from droid.settings.expand import CannotExpand, expand

_WIRES = {wire.value: wire for wire in Wire}
_BASE_URL_VARIABLES = {"anthropic": "ANTHROPIC_BASE_URL", "openai": "OPENAI_BASE_URL"}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
_LEAST_THINKING_TOKENS = 1024
# What decides by itself which model answers, and where a request goes: policy judges only what is declared.
# Some servers read the names of members without their case.
_MODEL_MEMBERS = frozenset({"model", "models", "fallbacks"})
_ADDRESS_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_DEFAULTS = ModelProfile(id="", model="", wire=Wire.CHAT_COMPLETIONS, base_url="")


class ModelDisabled(DroidError):
    """An entry of `customModels` cannot be used; the message says which key and why."""


Entry = Mapping[str, Any]
"""An entry of `customModels`, validated."""


def profile_of(identity: str, entry: Entry, environ: Mapping[str, str]) -> ModelProfile:
    """The model that an entry describes, its `${NAME}` replaced.

    Raises:
        ModelDisabled: a variable is not set, the address is none, the provider's API is not spoken here.
    """
    wire = _WIRES.get(entry["provider"])
    if wire is None:
        raise ModelDisabled(f"provider {entry['provider']} is not supported by this version")
    if "bedrock" in entry:
        raise ModelDisabled("bedrock is not supported by this version")
    max_output_tokens = entry.get("maxOutputTokens", _DEFAULTS.max_output_tokens)
    return ModelProfile(
        id=identity,
        model=entry["model"],
        wire=wire,
        base_url=_base_url(entry, environ),
        api_key=_header_value("apiKey", entry.get("apiKey", ""), environ),
        display_name=entry.get("displayName") or entry["model"],
        context_tokens=entry.get("maxContextLimit", _DEFAULTS.context_tokens),
        max_output_tokens=max_output_tokens,
        supports_images=entry.get("supportsImages", True) and not entry.get("noImageSupport", False),
        thinking_tokens=_thinking_tokens(entry, max_output_tokens),
        extra_headers=_headers(entry.get("extraHeaders", {}), environ),
        extra_args=_extra_args(entry.get("extraArgs", {})),
        price=_price(entry.get("price")),
    )


def _base_url(entry: Entry, environ: Mapping[str, str]) -> str:
    given = entry.get("baseUrl")
    if given is None:
        variable = _BASE_URL_VARIABLES.get(entry["provider"], "")
        given = environ.get(variable, "")
        if not given:
            also = f", and {variable} is not set" if variable else ""
            raise ModelDisabled(f"baseUrl is missing{also}")
        return _address(given, variable)
    return _address(_expanded("baseUrl", given, environ), "baseUrl")


def _address(text: str, name: str) -> str:
    """An HTTP address without trailing slashes."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or not text.isprintable() or " " in text:
        raise ModelDisabled(f"{name} is not an http:// or https:// address")
    return text.rstrip("/")


def _extra_args(members: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in members:
        if name.casefold() in _MODEL_MEMBERS:
            raise ModelDisabled(f"extraArgs cannot have {name.casefold()}: name the model in `model`")
    return members


def _headers(headers: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    for name in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ModelDisabled("extraHeaders has a name that is no header's")
        if name.lower() in _ADDRESS_HEADERS:
            raise ModelDisabled(f"extraHeaders cannot have {name.lower()}: the address is baseUrl's")
    return {name: _header_value(f"extraHeaders.{name}", value, environ) for name, value in headers.items()}


def _header_value(name: str, text: str, environ: Mapping[str, str]) -> str:
    # Files and CI secrets often end in a newline that is not part of the key.
    value = _expanded(name, text, environ).strip()
    if not _HEADER_VALUE.fullmatch(value):
        raise ModelDisabled(f"{name} has a character that a header cannot hold")
    return value


def _expanded(name: str, text: str, environ: Mapping[str, str]) -> str:
    try:
        return expand(text, environ)
    except CannotExpand as error:
        raise ModelDisabled(f"{name} {error}") from error


def _thinking_tokens(entry: Entry, max_output_tokens: int) -> int | None:
    """The budget for reasoning, which is part of the output; half of it where none is given."""
    wanted, budget = entry.get("enableThinking"), entry.get("thinkingMaxTokens")
    if wanted is False or budget == 0:
        return None
    if budget is None and not wanted:
        return None
    return budget or max(_LEAST_THINKING_TOKENS, max_output_tokens // 2)


def _price(price: Mapping[str, float] | None) -> Price | None:
    if price is None:
        return None
    return Price(
        input_per_mtok=price.get("inputPerMTok", 0.0),
        output_per_mtok=price.get("outputPerMTok", 0.0),
        cache_read_per_mtok=price.get("cacheReadPerMTok", 0.0),
        cache_write_per_mtok=price.get("cacheWritePerMTok", 0.0),
    )
