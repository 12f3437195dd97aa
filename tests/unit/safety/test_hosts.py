"""Addresses: read as the strictest of their readers would, and matched by lists of hosts without accidents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.domain.policy import ListEntry
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.hosts import (
    allowing,
    canonical_host,
    host_destination,
    unnamed,
    url_destination,
    word_destination,
)


@pytest.mark.parametrize(
    ("url", "name", "host"),
    [
        ("https://example.com", "example.com", "example.com"),
        ("https://EXAMPLE.com./x?y#z", "example.com", "example.com"),
        ("https://example.com:443/", "example.com", "example.com"),
        ("https://example.com:8443/", "example.com:8443", "example.com"),
        ("http://example.com:443/", "example.com:443", "example.com"),
        ("example.com/path", "example.com", "example.com"),
        ("https://user:secret@example.com/", "example.com", "example.com"),
        ("https://good.example@evil.example/", "evil.example", "evil.example"),
        ("https://evil.example#@good.example/", "evil.example", "evil.example"),
        ("https://evil.example?@good.example/", "evil.example", "evil.example"),
        ("https://evil.example/good.example", "evil.example", "evil.example"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:80/", "[::1]", "::1"),
        ("http://[0:0:0:0:0:0:0:1]:8080/", "[::1]:8080", "::1"),
        ("https://bücher.example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://good。example", "good.example", "good.example"),
        ("ws://example.com", "example.com", "example.com"),
        # Named by what is written, and allowed by no list.
        ("http://2130706433/", "2130706433", ""),
        ("http://0x7f000001/", "0x7f000001", ""),
        ("http://0177.0.0.1/", "0177.0.0.1", ""),
        ("http://127.1/", "127.1", ""),
        ("http://faß.example/", "faß.example", ""),
        ("http://ev%69l.example/", "ev%69l.example", ""),
        ("http://good.example..", "good.example..", ""),
    ],
)
def test_an_address_leads_to_one_place(url: str, name: str, host: str) -> None:
    place = url_destination(url)
    assert place is not None
    assert (place.name, place.host, place.named) == (name, host, True)


@pytest.mark.parametrize(
    "url",
    [
        "https://good.example\\@evil.example/",
        "https://good.example\\.evil.example/",
        "https://a@b@c.example/",
        "https://good.example\t.evil.example/",
        "https://good.example /",
        "https://x@ev%69l.example/",
        "https://good.example:port/",
        "https://[::1/",
        "https:///evil.example",
        "",
    ],
)
def test_an_address_with_two_meanings_is_no_place_that_anything_allows(url: str) -> None:
    place = url_destination(url)
    assert place is not None
    assert (place.named, place.host) == (False, "")


@pytest.mark.parametrize("url", ["file:///etc/hosts", "data://x", "FILE://localhost/x"])
def test_what_stays_on_the_machine_leads_nowhere(url: str) -> None:
    assert url_destination(url) is None


@pytest.mark.parametrize(
    ("word", "name"),
    [
        (Word("https://a.example/x"), "a.example"),
        (Word(f"https://a.example/{UNKNOWN}"), "a.example"),
        (Word(f"https://a.example?q={UNKNOWN}"), "a.example"),
        (Word("https://a.example/*", glob=True), "a.example"),
        (Word("a.example:8080/x"), "a.example:8080"),
        (Word("ada@a.example"), "a.example"),
        (Word("ada@a.example:dir/file"), "a.example"),
        (Word("a.example::module"), "a.example"),
        (Word("[::1]:8080"), "[::1]:8080"),
    ],
)
def test_a_word_leads_to_a_place(word: Word, name: str) -> None:
    place = word_destination(word)
    assert place is not None
    assert (place.name, place.named) == (name, True)


@pytest.mark.parametrize(
    "word",
    [
        Word(f"https://a.example{UNKNOWN}"),
        Word(f"https://{UNKNOWN}/a.example"),
        Word(f"https://{UNKNOWN}@a.example/"),
        Word(UNKNOWN),
        Word("https://a.example/x", may_split=True),
        Word("https://{a,b}.example/"),
        Word("https://a.exampl?", glob=True),
        Word("https://a[1-9].example/"),
        Word("*.example", glob=True),
    ],
)
def test_a_word_that_is_not_known_leads_to_no_place_that_can_be_told(word: Word) -> None:
    place = word_destination(word)
    assert place is not None
    assert not place.named
    assert UNKNOWN not in place.name


@pytest.mark.parametrize(
    ("entry", "url", "expected"),
    [
        ("example.com", "https://example.com/x", True),
        ("EXAMPLE.com.", "https://example.com/x", True),
        ("example.com", "https://example.com:8443/x", True),
        ("example.com:8443", "https://example.com:8443/x", True),
        ("example.com:8443", "https://example.com/x", False),
        ("example.com", "https://api.example.com/", False),
        ("*.example.com", "https://api.example.com/", True),
        ("*.example.com", "https://a.b.example.com/", True),
        ("*.example.com", "https://example.com/", False),
        ("*.example.com", "https://evilexample.com/", False),
        ("*.example.com", "https://example.com.evil.example/", False),
        ("*.example.com", "https://example.com@evil.example/", False),
        ("*.example.com", "https://x.example.com\\@evil.example/", False),
        ("bücher.example", "https://xn--bcher-kva.example/", True),
        ("*.0.0.1", "http://127.0.0.1/", False),
        ("127.0.0.1", "http://127.0.0.1:3000/", True),
        ("127.0.0.1", "http://2130706433/", False),
        ("127.0.0.1", "http://0x7f.0.0.1/", False),
        ("2130706433", "http://2130706433/", False),
        ("::1", "http://[::1]/", True),
        ("[::1]:80", "http://[::1]:8080/", False),
        ("*", "https://example.com/", False),
        ("*.", "https://example.com/", False),
        ("", "https://example.com/", False),
    ],
)
def test_a_list_of_hosts_allows_what_it_says_and_nothing_else(entry: str, url: str, expected: bool) -> None:
    place = url_destination(url)
    assert place is not None
    assert (allowing([ListEntry(text=entry)], place) is not None) is expected


def test_nothing_allows_a_place_that_cannot_be_told() -> None:
    assert allowing([ListEntry(text="*.com"), ListEntry(text="")], unnamed("example.com")) is None


@given(st.text(max_size=30))
def test_any_text_is_read(text: str) -> None:
    url_destination(text)
    word_destination(Word(text))
    place = host_destination(text)
    assert canonical_host(place.host) == place.host
