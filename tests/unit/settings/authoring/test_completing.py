"""What can be written: keys and values with all that they need around them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.settings.authoring.drafts import Place, marked

from droid.settings import jsonc
from droid.settings.authoring.completing import Completion, completions_at
from droid.settings.authoring.draft import Draft
from droid.settings.factory_file import Kind, parse_file


def taken(text: str, one: Completion) -> str:
    """The text with a completion taken."""
    edits = [(one.span, one.insert)]
    if one.comma_at is not None:
        edits.append(((one.comma_at, one.comma_at), ","))
    for (start, end), new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def offered(draft: Draft, offset: int) -> dict[str, Completion]:
    return {one.label: one for one in completions_at(draft, offset)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, variables=("HOME", "ANTHROPIC_API_KEY"))


@pytest.mark.parametrize(
    ("text", "label", "result"),
    [
        ("{|}", "model", '{"model": ""}'),
        ('{"|"}', "model", '{"model": ""}'),
        ('{"mo|', "model", '{"model": ""'),
        ("{ mo| }", "model", '{ "model": "" }'),
        ('{"mo|": "x"}', "model", '{"model": "x"}'),
        ('{"taint": "ask" |}', "model", '{"taint": "ask", "model": ""}'),
        ('{"taint": "ask"\n|\n"model": ""}', "sandbox", '{"taint": "ask",\n"sandbox": {},\n"model": ""}'),
        ('{| "model": ""}', "commandAllowlist", '{"commandAllowlist": [], "model": ""}'),
        ('{"sandbox": {|}}', "enabled", '{"sandbox": {"enabled": true}}'),
        ('{"sandbox": {"enabled": |}}', "false", '{"sandbox": {"enabled": false}}'),
        ('{"sandbox": {"enabled":|}}', "false", '{"sandbox": {"enabled":false}}'),
        ('{"taint": "|", "model": ""}', "deny", '{"taint": "deny", "model": ""}'),
        ('{"taint": |\n"model": ""}', "deny", '{"taint": "deny",\n"model": ""}'),
        ('{"taint": de|}', "deny", '{"taint": "deny"}'),
        ('{"taint": "a|sk"}', "deny", '{"taint": "deny"}'),
        ('{"model": |}', "custom:house", '{"model": "custom:house"}'),
        ('{"modelPolicy": {"allowedModelIds": ["sonnet", |]}}', "custom:house", None),
        ('{"environments": {"ci": {"|"}}}', "maxAutonomyLevel", None),
        ('{"customModels": [{"apiKey": |}]}', "${ANTHROPIC_API_KEY}", None),
        ('{"customModels": [{"apiKey": "${ANT|"}]}', "${ANTHROPIC_API_KEY}", None),
        ('{"customModels": [{"apiKey": "$|"}]}', "${HOME}", '{"customModels": [{"apiKey": "${HOME}"}]}'),
        (
            '{"customModels": [{"extraHeaders": {"A": "Bearer ${|}"}}]}',
            "${HOME}",
            '{"customModels": [{"extraHeaders": {"A": "Bearer ${HOME}"}}]}',
        ),
        ('{"shield": {"mode": |}}', "redact", '{"shield": {"mode": "redact"}}'),
        ('{"shield": {"mode": {|}}}', "push", None),
    ],
)
def test_what_is_taken_fits(place: Place, text: str, label: str, result: str | None) -> None:
    text, offset = marked(text)
    found = taken(text, offered(place.draft(text), offset)[label])
    if result is None:
        assert not any(issue.code == "syntax" for issue in parse_file(Kind.SETTINGS, found.encode()).issues)
        assert label in found
    else:
        assert found == result


def test_keys_that_are_there_and_names_that_stand_in_a_list_are_not_offered_again(place: Place) -> None:
    text, offset = marked('{"model": "", |}')
    assert "model" not in offered(place.draft(text), offset)
    text, offset = marked('{"modelPolicy": {"blockedModelIds": ["sonnet", "|"]}}')
    assert list(offered(place.draft(text), offset)) == ["custom:house"]


def test_of_secrets_the_likely_variables_come_first(place: Place) -> None:
    text, offset = marked('{"customModels": [{"apiKey": "|"}]}')
    assert list(offered(place.draft(text), offset))[:2] == ["${ANTHROPIC_API_KEY}", "${HOME}"]


def test_hooks_offer_events_and_tools(place: Place) -> None:
    text, offset = marked('{"hooks": {"|"}}')
    assert "PreToolUse" in offered(place.draft(text, Kind.HOOKS), offset)
    text, offset = marked('{"PreToolUse": [{"matcher": "Edit|Ex§"}]}'.replace("|", "¦").replace("§", "|"))
    text = text.replace("¦", "|")
    assert taken(text, offered(place.draft(text, Kind.HOOKS), offset)["Execute"]) == (
        '{"PreToolUse": [{"matcher": "Edit|Execute"}]}'
    )


@pytest.mark.parametrize(
    ("text", "label", "result"),
    [
        ("---\n|\n---\n", "name", "---\nname: \n---\n"),
        ("---\nmo|: x\n---\n", "model", "---\nmodel: x\n---\n"),
        ("---\nmodel: |\n---\n", "inherit", "---\nmodel: inherit\n---\n"),
        ("---\nmodel:|\n---\n", "sonnet", "---\nmodel: sonnet\n---\n"),
        ("---\ntools: [Read, E|]\n---\n", "Edit", "---\ntools: [Read, Edit]\n---\n"),
        ("---\ntools: |\n---\n", "read-only", "---\ntools: read-only\n---\n"),
        ("---\nreasoningEffort: l|\n---\n", "low", "---\nreasoningEffort: low\n---\n"),
    ],
)
def test_front_matter(place: Place, text: str, label: str, result: str) -> None:
    text, offset = marked(text)
    assert taken(text, offered(place.draft(text, Kind.DROID), offset)[label]) == result


WHOLE = """{
  // about the model
  "model": "x",
  "sandbox": { "enabled": true, "filesystem": {} },
  "customModels": [{ "id": "a" }, {}],
  "taint": "ask", /* last */
}"""


@pytest.fixture(scope="module")
def somewhere(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("place"))


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(WHOLE)), st.data())
def test_a_whole_text_stays_whole(somewhere: Place, offset: int, data: st.DataObject) -> None:
    """Wherever in it, whatever is taken: but for a value that the person has to write themselves."""
    found = completions_at(somewhere.draft(WHOLE), offset)
    if not found:
        return
    one = data.draw(st.sampled_from(found))
    text = taken(WHOLE, one)
    if not one.insert.rstrip().endswith(":"):
        jsonc.parse(text.encode())
