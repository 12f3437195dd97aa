"""Which proxy a request goes through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droid.net.proxies import is_loopback, proxy_for

PROXY = "http://proxy.corp:3128"
BOTH = {"HTTPS_PROXY": PROXY, "HTTP_PROXY": "http://plain.corp:80"}


@pytest.mark.parametrize(
    ("scheme", "host", "environ", "expected"),
    [
        ("https", "api.example.com", {}, None),
        ("https", "api.example.com", BOTH, PROXY),
        ("http", "api.example.com", BOTH, "http://plain.corp:80"),
        ("http", "api.example.com", {"HTTPS_PROXY": PROXY}, None),
        ("https", "api.example.com", {"ALL_PROXY": PROXY}, PROXY),
        ("https", "api.example.com", {"ALL_PROXY": "http://other", "HTTPS_PROXY": PROXY}, PROXY),
        ("https", "api.example.com", {"https_proxy": PROXY, "HTTPS_PROXY": "http://loses"}, PROXY),
        ("https", "api.example.com", {"HTTPS_PROXY": "proxy.corp:3128"}, PROXY),
        ("https", "api.example.com", {"HTTPS_PROXY": ""}, None),
        ("https", "api.example.com", {"HTTPS_PROXY": "  "}, None),
    ],
)
def test_the_scheme_chooses_the_proxy(
    scheme: str, host: str, environ: dict[str, str], expected: str | None
) -> None:
    assert proxy_for(scheme, host, None, environ) == expected


@pytest.mark.parametrize(
    ("host", "port", "no_proxy", "direct"),
    [
        ("api.example.com", None, "example.com", True),
        ("api.example.com", None, ".example.com", True),
        ("api.example.com", None, "*.example.com", True),
        ("example.com", None, ".example.com", True),
        ("badexample.com", None, "example.com", False),
        ("api.example.com", None, "api.example.com", True),
        ("API.Example.COM", None, "api.example.com", True),
        ("api.example.com.", None, "api.example.com", True),
        ("api.example.com", None, "other.com, example.com", True),
        ("api.example.com", None, "other.com example.com", True),
        ("api.example.com", None, "*", True),
        ("api.example.com", None, "", False),
        ("api.example.com", None, ",, ,", False),
        ("api.example.com", None, ".", False),
        ("api.example.com", 8080, "example.com:8080", True),
        ("api.example.com", 8081, "example.com:8080", False),
        ("10.1.2.3", None, "10.0.0.0/8", True),
        ("10.1.2.3", None, "10.1.2.9/8", True),
        ("11.1.2.3", None, "10.0.0.0/8", False),
        ("10.1.2.3", None, "10.1.2.3", True),
        ("10.1.2.3", 80, "10.1.2.3:80", True),
        ("10.1.2.3", None, "2.3", False),
        ("[fd00::1]", None, "fd00::/8", True),
        ("fd00::1", None, "[fd00::1]", True),
        ("fd00::1", 80, "[fd00::1]:80", True),
        ("fd00::1", 81, "[fd00::1]:80", False),
        ("fe80::1", None, "fd00::/8", False),
        ("10.1.2.3", None, "fd00::/8", False),
        ("10.1.2.3", None, "10.0.0.0/99, nonsense/x", False),
    ],
)
def test_exempt_hosts_are_reached_directly(host: str, port: int | None, no_proxy: str, direct: bool) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        environ = {"HTTPS_PROXY": PROXY, name: no_proxy}
        assert (proxy_for("https", host, port, environ) is None) is direct


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_loopback_is_never_proxied(host: str) -> None:
    """A model on this machine must not depend on a company's proxy."""
    assert proxy_for("http", host, 11434, {"HTTP_PROXY": PROXY, "ALL_PROXY": PROXY}) is None


@pytest.mark.parametrize("host", ["localhost.example.com", "notlocalhost", "128.0.0.1", "::2", "", "0.0.0.0"])
def test_what_looks_like_loopback_is_not(host: str) -> None:
    assert not is_loopback(host)


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=60))
def test_no_list_of_exempt_hosts_breaks_a_request(host: str, no_proxy: str) -> None:
    assert proxy_for("https", host, 443, {"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy}) in {PROXY, None}
