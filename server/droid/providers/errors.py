"""Turns what a provider or the network answered into one line that says what to check.

Every message names the model and its address and carries what the server said about it, cut short, on
one line and without the key. Nothing is retried here; `kind` tells the engine what it may do.
"""

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from droid.domain.errors import ProviderError, ProviderErrorKind
from droid.domain.models import ModelProfile
from droid.net.failures import explain_failure
from droid.net.redaction import shown_url
from droid.providers.catalogue import api_key_variable

_LONGEST_QUOTE = 400

_OVERFLOW = re.compile(
    r"""prompt\ is\ too\ long
    | input\ is\ too\ long
    | exceeds?\ (the|this|its)?\ ?(model'?s?|available|maximum)?\ ?context\ (window|length|size|limit)
    | exceed(s|ed)?\ (the\ )?(max_model_len|model\ token\ limit|maximum\ (context|prompt)\ length)
    | context[_ ](length|window)[_ ]exceeded | context\ window\ exceeds
    | (maximum|max)\ (context|prompt)\ length | maximum\ model\ length
    | input\ token\ count.{0,40}exceeds
    | token\ count\ of\ \d+\ exceeds
    | exceed_context_size | longer\ than\ the\ (maximum\ )?(model|context)
    | greater\ than\ the\ context\ length | context\ the\ overflows
    | reduce\ the\ length\ of\ (the|your)\ (messages|prompt|input)
    | tokens?\ .{0,40}must\ be\ <= | prompt\ exceeds\ max\ length
    | request_too_large | request\ exceeds\ the\ maximum\ size""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_CREDIT = re.compile(
    r"insufficient[_ ](quota|balance|credit)|credit balance is too low|exceeded your current quota|billing_",
    re.IGNORECASE,
)
_WAIT_IN_TEXT = re.compile(r"try again in ([0-9]+(?:\.[0-9]+)?) ?(ms|s|m)\b", re.IGNORECASE)

# Errors inside a stream have no status; their type or code says what the status would have been.
_STATUS_OF = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "request_too_large": 413,
    "context_length_exceeded": 400,
    "insufficient_quota": 429,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "invalid_prompt": 400,
    "invalid_image": 400,
    "bad_request": 400,
    "BadRequestError": 400,
}


def refused(
    profile: ModelProfile, status: int, headers: Mapping[str, str], body: bytes, now: float | None = None
) -> ProviderError:
    """The error for an answer that is no stream.

    Args:
        now: Seconds since the epoch, to reckon a date in `Retry-After`.
    """
    if 300 <= status < 400:
        target = shown_url(headers.get("location", ""))
        return _error(
            profile,
            f"the address redirects to {target}: use that as the base URL",
            ProviderErrorKind.REJECTED,
            status,
        )
    wait = retry_after_s(headers, time.time() if now is None else now)
    said, code = _said(body)
    return _classified(profile, status, said, code, wait)


def streamed(profile: ModelProfile, error: Any) -> ProviderError:
    """The error for an error object inside a stream (or in a 200 answer that is no stream)."""
    said, code = _said_by(error)
    status = _STATUS_OF.get(code)
    if status is None and code.isdigit() and 400 <= int(code) < 600:
        status = int(code)
    wait = _WAIT_IN_TEXT.search(said)
    wait_s = float(wait[1]) * {"ms": 0.001, "s": 1.0, "m": 60.0}[wait[2].lower()] if wait else None
    return _classified(profile, status, said or "it reported an error without a reason", code, wait_s)


def unreachable(profile: ModelProfile, error: Exception) -> ProviderError:
    """The error for a request that got no answer, or whose answer broke off."""
    failure = explain_failure(error, profile.base_url)
    kind = ProviderErrorKind.RETRY if failure.passing else ProviderErrorKind.REJECTED
    return _error(profile, _short(profile, failure.reason), kind)


def broken(profile: ModelProfile, reason: str) -> ProviderError:
    """The error for a stream that ended early or made no sense."""
    return _error(profile, f"{_address(profile)} {reason}", ProviderErrorKind.RETRY)


def unusable(profile: ModelProfile, reason: str) -> ProviderError:
    """The error for an answer that is not a model's, and will not be next time."""
    return _error(profile, f"{_address(profile)} {reason}: check the base URL", ProviderErrorKind.REJECTED)


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """The wait that an answer asks for: `retry-after-ms`, or `Retry-After` in seconds or as a date."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or not value:
        return seconds
    from email.utils import parsedate_to_datetime

    try:
        return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return max(number, 0.0) if number < 1e9 else None  # false for NaN too


def _classified(
    profile: ModelProfile, status: int | None, said: str, code: str, wait_s: float | None
) -> ProviderError:
    kind, reason = _reason(profile, status, said, code)
    quote = _short(profile, said)
    message = f"{reason}. It said: {quote}" if quote else reason
    return _error(profile, message, kind, status, wait_s if kind is ProviderErrorKind.RETRY else None)


def _reason(profile: ModelProfile, status: int | None, said: str, code: str) -> tuple[ProviderErrorKind, str]:
    address = _address(profile)
    number = f" ({status})" if status else ""
    if _NO_CREDIT.search(f"{code} {said}") or status == 402:
        check = f"check plan and billing of {_key(profile)}"
        return ProviderErrorKind.UNAUTHORISED, f"{address} has no credit for this key{number}: {check}"
    if (
        code == "context_length_exceeded"
        or (status != 429 and _OVERFLOW.search(f"{code} {said}"))
        or status == 413
    ):
        return (
            ProviderErrorKind.CONTEXT_OVERFLOW,
            f"the conversation does not fit the window of {profile.model}{number}",
        )
    if status == 401:
        if not profile.api_key:
            return ProviderErrorKind.UNAUTHORISED, f"{address} wants a key{number}: set {_key(profile)}"
        return ProviderErrorKind.UNAUTHORISED, f"{address} refused the key{number}: check {_key(profile)}"
    if status == 403:
        check = f"check what {_key(profile)} may use"
        return (
            ProviderErrorKind.UNAUTHORISED,
            f"{address} does not allow this model or request{number}: {check}",
        )
    if status == 404:
        check = "check the model's name and the base URL"
        return ProviderErrorKind.REJECTED, f"{address} does not know {profile.model}{number}: {check}"
    if status == 407:
        return ProviderErrorKind.REJECTED, f"the proxy wants a user and password{number}: check HTTPS_PROXY"
    if status == 429:
        return ProviderErrorKind.RETRY, f"{address} limits the rate of requests{number}"
    if status is None or status in {408, 409, 425} or status >= 500:
        what = "is overloaded" if status == 529 or code == "overloaded_error" else "failed"
        return ProviderErrorKind.RETRY, f"{address} {what}{number}"
    return ProviderErrorKind.REJECTED, f"{address} rejected the request{number}"


def _said(body: bytes) -> tuple[str, str]:
    """What an error body says and its type or code; bodies are JSON, plain text or somebody's web page."""
    text = body.decode("utf-8", "replace").strip()
    try:
        return _said_by(json.loads(text))
    except (ValueError, RecursionError):
        pass
    if text.startswith("<"):
        title = re.search(r"<title[^>]*>([^<]{1,200})", text, re.IGNORECASE)
        return (f"a web page titled “{title[1].strip()}”" if title else "a web page"), ""
    return text, ""


def _said_by(value: Any) -> tuple[str, str]:
    """The message and the code (or type) of an error object, however deeply a server wrapped it."""
    if isinstance(value, str):
        return value, ""
    fields = _object(value)
    for wrapper in ("error", "detail"):
        inner = fields.get(wrapper)
        if inner and "message" not in fields:
            return _said_by(inner)
    message = fields.get("message") or fields.get("msg") or (json.dumps(value) if value else "")
    code = fields.get("code") or fields.get("type") or ""
    return (message if isinstance(message, str) else json.dumps(message)), str(code)


def _object(value: Any) -> dict[str, Any]:
    """A JSON object, or the first of a list of them; empty for anything else."""
    if isinstance(value, list) and value:
        value = value[0]  # pyright: ignore[reportUnknownVariableType]
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _short(profile: ModelProfile, text: str) -> str:
    """Somebody else's text, made fit to be shown: one line, bounded, without secrets."""
    secrets = [profile.api_key, *profile.extra_headers.values()]
    for secret in sorted((value for value in secrets if len(value) >= 6), key=len, reverse=True):
        for form in (secret, secret.removeprefix("Bearer ")):
            text = text.replace(form, "***")
    line = " ".join(text[: 8 * _LONGEST_QUOTE].split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"


def _error(
    profile: ModelProfile,
    message: str,
    kind: ProviderErrorKind,
    status: int | None = None,
    wait_s: float | None = None,
) -> ProviderError:
    return ProviderError(f"{profile.id}: {message}", kind=kind, status=status, retry_after_s=wait_s)


def _address(profile: ModelProfile) -> str:
    return shown_url(profile.base_url) or "(no base URL)"


def _key(profile: ModelProfile) -> str:
    if profile.id.startswith("custom:"):
        return f"apiKey of {profile.id} in settings"
    return api_key_variable(profile.wire)
