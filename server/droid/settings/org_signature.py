"""What an organisation's endpoint serves, and how it is known to be the organisation's.

The signature covers the exact bytes and is checked before anything in them is read. It proves who wrote
them; that they are not an older version, and not out of date, is what `version` and `notAfter` inside
them are for. A body without a signature may be the settings alone.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from droid.domain.errors import DroidError
from droid.settings import jsonc
from droid.settings.jsonc import Document, MalformedJson, Path, Place
from droid.settings.schema_tree import load
from droid.settings.validate import validate

SIGNATURE_HEADER = "Droid-Signature"
SYSTEM_FILE_KEYS = ("orgEndpoint", "orgPublicKey", "orgRequired")
"""Keys that count in the system-managed file alone."""

_KEY_BYTES = 32
_SIGNATURE_BYTES = 64
_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the key itself in DER, as OpenSSL writes it (RFC 8410, section 4)."""
_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----")
_MAX_VERSION = 2**53 - 1
_MAX_NAME = 200
_MAX_WARNINGS = 20
_SETTINGS = "settings"
_MEMBERS = frozenset({"organisation", "version", "notAfter", _SETTINGS})


class NotVerified(DroidError):
    """An organisation's settings cannot be used; the message says why and what mends it.

    Attributes:
        place: Where in the body; None where it is not about a place.
    """

    def __init__(self, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrgBody:
    """An organisation's settings as its endpoint served them.

    Attributes:
        organisation: None in settings without a signature that do not say.
        version: Goes up with every change.
        not_after: When they stop to hold, with a time zone.
        settings: Validated.
        sha256: Of the exact bytes.
        warnings: What is odd about them, one line each, with line and column.
    """

    organisation: str | None
    version: int | None
    not_after: datetime | None
    settings: Mapping[str, Any]
    sha256: str
    warnings: tuple[str, ...]
    document: Document
    prefix: Path

    def line(self, path: Path) -> int:
        """The line of a value by its path in the settings, from 1."""
        return self.document.key_place((*self.prefix, *path)).line

    def expired(self, now: float) -> bool:
        """Whether they hold no longer, at a time in seconds since the epoch."""
        return self.not_after is not None and now >= self.not_after.timestamp()


def read_public_key(text: str) -> bytes:
    """The raw bytes of an Ed25519 public key: base64 of itself or of its DER, or PEM.

    Raises:
        NotVerified: it is none.
    """
    if "PRIVATE KEY" in text:
        raise NotVerified(
            "it is a private key: publish with a new pair, since this one has been shown, "
            "and set its public key here"
        )
    pem = _PEM.fullmatch(text.strip())
    try:
        data = base64.b64decode("".join((pem[1] if pem else text).split()), validate=True)
    except ValueError:
        data = b""
    key = data.removeprefix(_SPKI)
    if len(key) != _KEY_BYTES:
        raise NotVerified("it is no Ed25519 public key: set its PEM, or base64 of its 32 bytes")
    return key


def verify_signature(key: bytes, data: bytes, header: str | None) -> None:
    """Check the signature over the exact bytes of a body.

    Raises:
        NotVerified: there is none, or it is not by this key over these bytes.
    """
    if header is None:
        raise NotVerified(
            f"it came without a {SIGNATURE_HEADER} header, and a public key is set: sign what is published"
        )
    try:
        signature = base64.b64decode(header.strip(), validate=True)
    except ValueError:
        signature = b""
    if len(signature) != _SIGNATURE_BYTES:
        raise NotVerified(f"its {SIGNATURE_HEADER} header is not base64 of the 64 bytes of one signature")
    # Imported here: it takes 40 ms and 9 MB, and only organisations that sign need it.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except InvalidSignature as error:
        raise NotVerified(
            "its signature is not by the public key that is set, or not over this body: "
            "sign exactly the bytes that are served, with that key's private half"
        ) from error
    except (UnsupportedAlgorithm, ValueError) as error:
        raise NotVerified("its signature cannot be checked: this Python's OpenSSL has no Ed25519") from error


def read_body(data: bytes, *, signed: bool) -> OrgBody:
    """Read a body whose signature, where one is required, has been checked.

    Raises:
        NotVerified: it is malformed.
    """
    try:
        document = jsonc.parse(data)
    except MalformedJson as error:
        raise NotVerified(str(error), error.place) from error
    top = document.value
    wrapped = signed or _SETTINGS in top
    prefix: Path = (_SETTINGS,) if wrapped else ()
    settings = top.get(_SETTINGS) if wrapped else top
    if not isinstance(settings, dict):
        raise NotVerified("settings: an object is missing here", document.key_place(prefix))
    warnings: list[str] = []
    if wrapped:
        unknown = sorted(top.keys() - _MEMBERS)
        warnings += [
            _at(document, (key,), f"unknown key {jsonc.shown(key)}; it is ignored") for key in unknown
        ]
    values = cast("dict[str, Any]", settings)
    warnings += _check(document, prefix, values)
    return OrgBody(
        organisation=_organisation(document, signed) if wrapped else None,
        version=_version(document, signed) if wrapped else None,
        not_after=_not_after(document, signed) if wrapped else None,
        settings={key: value for key, value in values.items() if key not in SYSTEM_FILE_KEYS},
        sha256=hashlib.sha256(data).hexdigest(),
        warnings=tuple(warnings[:_MAX_WARNINGS]),
        document=document,
        prefix=prefix,
    )


def check_time(body: OrgBody, now: float) -> None:
    """Check that a body still holds.

    Raises:
        NotVerified: it has expired.
    """
    if body.expired(now) and body.not_after is not None:
        clock = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        raise NotVerified(
            f"notAfter: it expired at {body.not_after.isoformat()}, and this machine's clock says {clock}: "
            "publish it anew, or set the clock",
            body.document.key_place(("notAfter",)),
        )


def _check(document: Document, prefix: Path, values: Mapping[str, Any]) -> list[str]:
    found = validate(load("settings"), values)
    if found.problems:
        first = found.problems[0]
        path = (*prefix, *first.path)
        raise NotVerified(f"{jsonc.dotted(path)}: {first.reason}", document.key_place(path))
    warnings: list[str] = []
    for unknown in found.unknown:
        mend = f"did you mean {unknown.nearest}?" if unknown.nearest else "it is ignored"
        path = (*prefix, *unknown.path)
        warnings.append(_at(document, path, f"unknown key {jsonc.dotted(path)}; {mend}"))
    warnings += [
        _at(document, (*prefix, key), f"{key} counts in the system-managed file alone; it is ignored")
        for key in SYSTEM_FILE_KEYS
        if key in values
    ]
    return warnings


def _organisation(document: Document, signed: bool) -> str | None:
    value = document.value.get("organisation")
    if value is None and not signed and "organisation" not in document.value:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_NAME:
        raise _member(document, "organisation", f"a text of 1 to {_MAX_NAME} characters")
    return value


def _version(document: Document, signed: bool) -> int | None:
    value = document.value.get("version")
    if value is None and not signed and "version" not in document.value:
        return None
    if type(value) is not int or not 0 <= value <= _MAX_VERSION:
        raise _member(document, "version", "a whole number from 0 to 2^53 - 1")
    return value


def _not_after(document: Document, signed: bool) -> datetime | None:
    value = document.value.get("notAfter")
    if value is None and not signed and "notAfter" not in document.value:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _member(document, "notAfter", "a time with its zone, such as 2030-01-31T00:00:00Z")
    return moment


def _member(document: Document, key: str, wanted: str) -> NotVerified:
    problem = "must be" if key in document.value else "is missing; it must be"
    return NotVerified(f"{key} {problem} {wanted}", document.key_place((key,)))


def _at(document: Document, path: Path, message: str) -> str:
    place = document.key_place(path)
    return f"{place.line}:{place.column}: {message}"
