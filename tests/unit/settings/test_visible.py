import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.settings.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rm -rf / # plain", "rm -rf / # plain"),
        ("naïve 日本語 🚀", "naïve 日本語 🚀"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
        ("a\u200bb\u200db\ufeff", "a⟨U+200B⟩b⟨U+200D⟩b⟨U+FEFF⟩"),
        ("a\x1b[2Kb\r\x07", "a⟨U+001B⟩[2Kb⟨U+000D⟩⟨U+0007⟩"),
        ("a\u00a0b\u3000c\u2028d", "a⟨U+00A0⟩b⟨U+3000⟩c⟨U+2028⟩d"),
        ("a\u3164b\u2800c\ufe0fd", "a⟨U+3164⟩b⟨U+2800⟩c⟨U+FE0F⟩d"),
        ("a\udc80\U000e0041b", "a⟨U+DC80⟩⟨U+E0041⟩b"),
        ("ls" + " " * 200 + "; rm x", "ls⟨U+0020 ×200⟩; rm x"),
        ("ls" + "\n" * 50 + "rm x", "ls⟨U+000A ×50⟩rm x"),
    ],
)
def test_what_does_not_show_is_written_as_its_code_point(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_what_is_shown_is_printable_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    assert visible(shown) == shown
