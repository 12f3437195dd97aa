"""What is kept on disk of an organisation's endpoint: its last good copy, and the highest version seen.

They are two files in two folders, so that clearing the cache does not let an older version back in. Both
belong to the user, who can delete or replace them: the signature is what protects the copy, and where no
key is set its hash tells damage, not intent.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

from droid.settings.jsonc import MAX_BYTES, shown
from droid.settings.org_signature import NotVerified, OrgBody
from droid.settings.own_files import StoreUnusable, locked, read_own, replace_own

_FORMAT = 1
_MAX_HEAD_BYTES = 16 * 1024
_END_OF_TIME = 1e11


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A body as it was kept.

    Attributes:
        confirmed: When the endpoint last said that this is what holds, in seconds since the epoch.
        etag, signature: Headers that it came with; empty where it came without.
        data: Its exact bytes.
    """

    confirmed: float
    etag: str
    signature: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The newest body that was ever accepted from an endpoint under a key."""

    organisation: str | None
    version: int
    sha256: str


class OrgStore:
    """The two files of one endpoint and key; several processes may use them at once."""

    def __init__(self, home: Path, url: str, key: bytes | None) -> None:
        name = hashlib.sha256(f"{url}\n{(key or b'').hex()}".encode()).hexdigest()[:32]
        self.copy_file = home / "cache" / "org" / f"{name}.policy"
        self.seen_file = home / "org" / f"{name}.json"
        self._url = url
        self._seen: Seen | None = None

    def read(self) -> Copy | None:
        """The copy that is kept; None where there is none. Nothing in it has been verified.

        Raises:
            StoreUnusable: it cannot be read, or is damaged.
        """
        data = read_own(self.copy_file, MAX_BYTES + _MAX_HEAD_BYTES)
        if data is None:
            return None
        head, newline, body = data.partition(b"\n")
        members = _object(head) if newline and len(head) <= _MAX_HEAD_BYTES else {}
        confirmed, etag, signature = (members.get(key) for key in ("confirmed", "etag", "signature"))
        whole = members.get("format") == _FORMAT and members.get("url") == self._url
        if (
            not whole
            or not isinstance(confirmed, int | float)
            or not 0 <= confirmed < _END_OF_TIME
            or not isinstance(etag, str)
            or not isinstance(signature, str)
            or members.get("sha256") != hashlib.sha256(body).hexdigest()
        ):
            raise StoreUnusable(f"{self.copy_file} is damaged")
        return Copy(confirmed=float(confirmed), etag=etag, signature=signature, data=body)

    def check(self, body: OrgBody) -> list[str]:
        """Check that a body does not go back behind what was seen; what could not be looked at is returned.

        Raises:
            NotVerified: it does.
        """
        told: list[str] = []
        try:
            remembered = self._remembered()
        except StoreUnusable as error:
            told.append(f"{error}, so an older version of the organisation's settings may not be noticed")
            remembered = None
        for seen in (self._seen, remembered):
            if seen is not None:
                _compare(body, seen, self.seen_file)
        return told

    def noted(self, body: OrgBody) -> None:
        """Remember within this process what was accepted, also where nothing can be written."""
        if body.version is not None and (self._seen is None or body.version > self._seen.version):
            self._seen = _seen(body, body.version)

    def accept(self, body: OrgBody, copy: Copy) -> list[str]:
        """Keep a verified body; what could not be kept is returned, one line each.

        Raises:
            NotVerified: another process has seen a newer version.
        """
        told: list[str] = []
        try:
            with locked(self.seen_file):
                told += self.check(body)
                if body.version is not None:
                    data = json.dumps({"format": _FORMAT, **asdict(_seen(body, body.version))}).encode()
                    told += _write_told(self.seen_file, data + b"\n", "their version is not remembered")
                told += self._write(copy)
        except StoreUnusable as error:
            told += [*self.check(body), f"{error}; the organisation's settings hold, but are not kept"]
        self.noted(body)
        return told

    def confirm(self, copy: Copy, now: float) -> list[str]:
        """Note that the endpoint still serves a copy; what could not be noted is returned."""
        try:
            with locked(self.seen_file):
                kept = self.read()
                if kept is None or kept.data != copy.data:
                    return []  # another process has kept a newer one
                return self._write(replace(kept, confirmed=now))
        except StoreUnusable as error:
            return [str(error)]

    def _write(self, copy: Copy) -> list[str]:
        head = {
            "format": _FORMAT,
            "url": self._url,
            "confirmed": copy.confirmed,
            "etag": copy.etag,
            "signature": copy.signature,
            "sha256": hashlib.sha256(copy.data).hexdigest(),
        }
        data = json.dumps(head).encode() + b"\n" + copy.data
        return _write_told(self.copy_file, data, "the organisation's settings hold, but no copy is kept")

    def _remembered(self) -> Seen | None:
        data = read_own(self.seen_file, _MAX_HEAD_BYTES)
        if data is None:
            return None
        members = _object(data)
        organisation, version, sha256 = (members.get(key) for key in ("organisation", "version", "sha256"))
        if (
            members.get("format") != _FORMAT
            or type(version) is not int
            or not isinstance(sha256, str)
            or not isinstance(organisation, str | None)
        ):
            raise StoreUnusable(f"{self.seen_file} is damaged")
        return Seen(organisation=organisation, version=version, sha256=sha256)


def _write_told(file: Path, data: bytes, otherwise: str) -> list[str]:
    """Replace a file; where that fails, one line says so and what holds instead."""
    try:
        replace_own(file, data)
    except StoreUnusable as error:
        return [f"{error}; {otherwise}"]
    return []


def _compare(body: OrgBody, seen: Seen, file: Path) -> None:
    if body.version is None:
        return  # only what is not signed may be without, and there it proves nothing
    mend = f"where that is meant, delete {file}"
    if body.organisation != seen.organisation:
        raise NotVerified(
            f"organisation: it is {_name(body.organisation)}, and this address has served "
            f"{_name(seen.organisation)}: publish it at an address of its own; {mend}",
            body.document.key_place(("organisation",)),
        )
    if body.version < seen.version:
        raise NotVerified(
            f"version: it is version {body.version}, and version {seen.version} was seen already: "
            f"publish it under a higher version; {mend}",
            body.document.key_place(("version",)),
        )
    if body.version == seen.version and body.sha256 != seen.sha256:
        raise NotVerified(
            f"version: version {body.version} was seen with other content: "
            f"publish every change under a higher version; {mend}",
            body.document.key_place(("version",)),
        )


def _seen(body: OrgBody, version: int) -> Seen:
    return Seen(organisation=body.organisation, version=version, sha256=body.sha256)


def _name(organisation: str | None) -> str:
    return "nobody's" if organisation is None else f"{shown(organisation)}'s"


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
