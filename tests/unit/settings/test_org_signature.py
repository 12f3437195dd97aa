"""Who an organisation's settings are from, whether they still hold, and what they may look like."""

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.org_server import KEY, NOW, OTHER_KEY, body, public, signature

from droid.settings.org_signature import (
    NotVerified,
    check_time,
    read_body,
    read_public_key,
    verify_signature,
)

RAW = KEY.public_key().public_bytes_raw()


def encoded(encoding: Encoding) -> bytes:
    return KEY.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "text",
    [
        public(),
        f"  {public()}\n",
        base64.b64encode(encoded(Encoding.DER)).decode(),
        encoded(Encoding.PEM).decode(),
        encoded(Encoding.PEM).decode().replace("\n", "\r\n"),
        encoded(Encoding.PEM).decode().replace("\n", " "),
    ],
    ids=["base64", "base64 with blanks", "base64 of DER", "PEM", "PEM of Windows", "PEM on one line"],
)
def test_a_public_key_is_read_however_it_is_written(text: str) -> None:
    assert read_public_key(text) == RAW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "é" * 44,
        public()[:-4],
        base64.b64encode(RAW + b"x").decode(),
        public().replace("=", ""),
        "https://example.com/key.pem",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        generate_private_key(SECP256R1())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    ],
)
def test_what_is_no_ed25519_key_is_refused(text: str) -> None:
    with pytest.raises(NotVerified, match="no Ed25519 public key"):
        read_public_key(text)


def test_a_private_key_is_not_repeated() -> None:
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(NotVerified, match="private key") as caught:
        read_public_key(pem)
    assert pem.splitlines()[1] not in str(caught.value)


def test_a_signature_by_the_key_over_the_bytes_passes() -> None:
    verify_signature(RAW, b"{}", signature(b"{}"))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "without a Droid-Signature header"),
        ("", "not base64"),
        ("?", "not base64"),
        (signature(b"{}")[:-8], "not base64"),
        (signature(b"{}") + "AAAA", "not base64"),
        (f"{signature(b'{}')}, {signature(b'{}')}", "not base64"),
        (f"ed25519={signature(b'{}')}", "not base64"),
        (base64.b64encode(bytes(64)).decode(), "not by the public key"),
        (signature(b"{}", OTHER_KEY), "not by the public key"),
        (signature(b"{} "), "not by the public key"),
    ],
)
def test_any_other_signature_is_refused(header: str | None, reason: str) -> None:
    with pytest.raises(NotVerified, match=reason):
        verify_signature(RAW, b"{}", header)


@given(data=st.binary(max_size=64), at=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_no_bit_of_body_or_signature_can_be_changed(data: bytes, at: int, bit: int) -> None:
    sign = KEY.sign(data)
    both = bytearray(data + sign)
    both[at % len(both)] ^= 1 << bit
    changed, header = bytes(both[: len(data)]), base64.b64encode(both[len(data) :]).decode()
    with pytest.raises(NotVerified):
        verify_signature(RAW, changed, header)


def test_a_key_that_another_key_signed_for_is_another_key() -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(NotVerified):
        verify_signature(other.public_key().public_bytes_raw(), b"{}", signature(b"{}"))


def test_a_signed_body_is_read() -> None:
    read = read_body(body({"maxAutonomyLevel": "low"}, version=7), signed=True)
    assert (read.organisation, read.version) == ("example", 7)
    assert read.settings == {"maxAutonomyLevel": "low"}
    assert read.not_after == datetime.fromtimestamp(NOW + 3600, UTC)
    assert not read.warnings


def test_lines_are_those_of_the_body() -> None:
    data = b'{"organisation": "x", "version": 1,\n "notAfter": "2031-01-01T00:00:00Z",\n "settings": {\n\n'
    read = read_body(data + b'"maxAutonomyLevel": "low"}}', signed=True)
    assert read.line(("maxAutonomyLevel",)) == 5
    assert read.line(()) == 3


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("version", "left out", "version is missing"),
        ("version", "7", "version must be"),
        ("version", 7.0, "version must be"),
        ("version", True, "version must be"),
        ("version", -1, "version must be"),
        ("version", 2**53, "version must be"),
        ("organisation", "left out", "organisation is missing"),
        ("organisation", "", "organisation must be"),
        ("organisation", " ", "organisation must be"),
        ("organisation", 1, "organisation must be"),
        ("organisation", "x" * 201, "organisation must be"),
        ("not_after", "left out", "notAfter is missing"),
        ("not_after", "soon", "notAfter must be"),
        ("not_after", 1_900_000_000, "notAfter must be"),
        ("not_after", "2031-01-01T00:00:00", "notAfter must be a time with its zone"),
        ("not_after", "2031-01-01", "notAfter must be a time with its zone"),
        ("settings", "left out", "settings: an object is missing"),
        ("settings", [], "settings: an object is missing"),
        ("settings", {"maxAutonomyLevel": "extreme"}, r"settings\.maxAutonomyLevel: must be one of"),
        ("settings", {"environments": {"ci": {"maxAutonomyLevel": 1}}}, "maxAutonomyLevel: must be one of"),
    ],
)
def test_a_signed_body_that_lacks_or_bends_a_member_is_refused(member: str, value: Any, reason: str) -> None:
    with pytest.raises(NotVerified, match=reason) as caught:
        read_body(body(**{member: value}), signed=True)
    assert caught.value.place is not None


HOSTILE: list[tuple[bytes, str]] = [
    (b"", "empty"),
    (b"[]", "an object"),
    (b"<html>", "an object"),
    (body()[:-1], "missing"),
    (body() + b"{}", "follows"),
    (b'{"version": 1, "version": 2}', "given twice"),
    (b'{"settings": {"a": 1, "a": 2}}', "given twice"),
    (b'{"a": "\xff"}', "UTF-8"),
    (b'{"a": "\x00"}', "NUL"),
    (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested"),
    (b'{"a": "' + b"x" * (10 << 20) + b'"}', "1 MiB"),
    (b'{"version": 1e400}', "out of range"),
]


@pytest.mark.parametrize(("data", "reason"), HOSTILE, ids=[reason for _, reason in HOSTILE])
@pytest.mark.parametrize("signed", [True, False])
def test_a_hostile_body_is_refused_at_once(data: bytes, reason: str, signed: bool) -> None:
    started = time.monotonic()
    with pytest.raises(NotVerified, match=reason):
        read_body(data, signed=signed)
    assert time.monotonic() - started < 10


def test_without_a_signature_the_settings_alone_are_enough() -> None:
    read = read_body(b'{"maxAutonomyLevel": "low"}', signed=False)
    assert read.settings == {"maxAutonomyLevel": "low"}
    assert (read.organisation, read.version, read.not_after) == (None, None, None)
    assert read_body(body(), signed=False).version == 1
    assert read_body(b'{"settings": {"maxAutonomyLevel": "low"}}', signed=False).settings == read.settings


def test_settings_alone_are_not_enough_where_they_are_signed() -> None:
    with pytest.raises(NotVerified, match="settings: an object is missing"):
        read_body(b'{"maxAutonomyLevel": "low"}', signed=True)


@pytest.mark.parametrize(("member", "value"), [("version", None), ("organisation", None), ("not_after", 7)])
def test_what_an_unsigned_body_does_say_must_be_right(member: str, value: Any) -> None:
    members = json.loads(body())
    members[{"not_after": "notAfter"}.get(member, member)] = value
    with pytest.raises(NotVerified):
        read_body(json.dumps(members).encode(), signed=False)


def test_unknown_keys_and_keys_of_the_system_file_are_told_and_left_out() -> None:
    read = read_body(body({"maxAutonomyLevl": "low", "orgRequired": True}, extra=1), signed=True)
    assert "orgRequired" not in read.settings
    extra, unknown, pointer = read.warnings
    assert "unknown key 'extra'" in extra
    assert "did you mean maxAutonomyLevel?" in unknown
    assert "system-managed file alone" in pointer
    assert all(line[0].isdigit() for line in read.warnings)


@pytest.mark.parametrize(
    ("until", "holds"),
    [
        ("2030-01-01T00:00:01Z", True),
        ("2030-01-01T00:00:00Z", False),
        ("2029-12-31T23:59:59+00:00", False),
        ("2030-01-01T01:00:00+02:00", False),
        ("2029-12-31T23:00:00-02:00", True),
        ("9999-12-31T23:59:59-12:00", True),
        ("0001-01-01T00:00:00+14:00", False),
    ],
)
def test_a_body_holds_until_its_time(until: str, holds: bool) -> None:
    read = read_body(body(not_after=until), signed=True)
    assert read.expired(NOW) is not holds
    if holds:
        check_time(read, NOW)
        return
    with pytest.raises(NotVerified, match=r"2030-01-01T00:00:00\+00:00") as caught:
        check_time(read, NOW)
    assert "set the clock" in str(caught.value)
