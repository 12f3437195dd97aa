"""What is said of a buffer, of what it comes to among the levels, and of its secrets."""

from pathlib import Path

import pytest
from tests.unit.settings.authoring.drafts import ORG_FILE, Place, marked

from droid.settings.authoring.draft import Draft
from droid.settings.authoring.findings import Finding, Severity, findings_of
from droid.settings.authoring.hints import hints_of
from droid.settings.authoring.hovering import Hover, hover_at
from droid.settings.authoring.pointing import definition_at, key_at
from droid.settings.authoring.symbols import symbols_of
from droid.settings.factory_file import Kind

ORG = """{
  "maxAutonomyLevel": "low",
  "model": "house",
  "allowManagedHooksOnly": false,
  "customModels": [
    {"id": "custom:house", "model": "m", "provider": "openai", "apiKey": "org-secret"}
  ]
}"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, ORG, variables=("SET",))


def said(draft: Draft) -> list[tuple[str, str, str]]:
    """Code, what is marked, message."""
    return [(one.code, draft.text[slice(*one.span)], one.message) for one in findings_of(draft)]


@pytest.mark.parametrize(
    ("text", "code", "mark", "message"),
    [
        ("", "syntax", "", "the file is empty; an empty object is {}"),
        ('{"a" 1}', "syntax", "1", "a colon is missing here"),
        ('{"taint": "x"}', "schema", '"x"', "taint: must be one of deny, ask, off"),
        ('{"sandbox": []}', "schema", '"sandbox"', "sandbox: must be an object in { }"),
        ('{"customModels": [{"id": "a"}]}', "schema", "", "customModels[0]: the key 'model' is missing"),
        ('{"tain": 1}', "unknown-key", '"tain"', "unknown key tain; did you mean taint?"),
        ('{"maxAutonomyLevel": "high"}', "looser", '"maxAutonomyLevel": "high"', f"has no effect: looser than org's: {ORG_FILE}:2"),
        ('{"model": "mine"}', "overridden", '"model": "mine"', f"has no effect: a higher level sets it: {ORG_FILE}:3"),
        ('{"commandAllowlist": ["make"]}', "untrusted", '"make"', "ignored: this workspace is not trusted"),
        ('{"taint": "off"}', "untrusted", '"taint"', "ignored: this workspace is not trusted"),
        ('{"audit": {"signingKey": "${SET}"}}', "level", '"signingKey"', "ignored: honoured only from org"),
        ('{"protectedFiles": ["ghp_0123456789abcdefghijABCDEFGHIJ"]}', "secret", '"ghp_0123456789abcdefghijABCDEFGHIJ"', "a secret in"),
    ],
)  # fmt: skip
def test_each_finding(place: Place, text: str, code: str, mark: str, message: str) -> None:
    found = [one for one in said(place.draft(text)) if one[0] == code]
    (one,) = found[:1]
    assert one[2].startswith(message)
    if mark:
        assert one[1] == mark
    assert len(found) == 1 or code == "schema"


def test_what_a_level_may_say_and_what_counts_is_not_a_finding(place: Place) -> None:
    assert said(place.draft('{"maxAutonomyLevel": "low", "commandDenylist": ["rm"]}')) == []
    assert said(place.draft('{"environments": {"ci": {"maxAutonomyLevel": "high"}}}')) == []


def test_locked_is_what_a_trusted_repository_defines_again(place: Place) -> None:
    text = '{"customModels": [{"id": "house", "model": "q", "provider": "openai"}]}'
    place.write(text, "settings.json")
    place.trust()
    draft = place.draft(text)
    (one,) = findings_of(draft)
    assert (one.code, one.severity) == ("locked", Severity.WARNING)
    assert one.message == f"locked by org: {ORG_FILE}:6; this is ignored"
    assert one.related is not None
    assert (one.related.file, one.related.line) == (str(ORG_FILE), 6)
    assert [hint.text for hint in hints_of(draft)] == [f"← locked, org: {ORG_FILE}:6"]
    # Whoever writes on reads what is not saved as if it were trusted still.
    assert [one.code for one in findings_of(place.draft(text.replace("}]}", '}], "taint": "off"}')))] == [
        "locked"
    ]


def test_hooks_that_are_switched_off(place: Place) -> None:
    text = '{"hooksDisabled": true, "hooks": {"Stop": [{"hooks": []}]}}'
    place.write(text, "settings.json")
    place.trust()
    (one,) = said(place.draft(text))
    assert one[0] == "disabled"
    assert one[2].startswith("has no effect: hooksDisabled at its level: ")


@pytest.mark.parametrize("text", ['{"hooks": {"Stop": [{"hooks": []}]}}', '{"Stop": [{"hooks": []}]}'])
def test_events_in_either_place_of_a_hooks_file(place: Place, text: str) -> None:
    (one,) = said(place.draft(text, Kind.HOOKS))
    assert one == ("untrusted", '{"hooks": []}', "ignored: this workspace is not trusted")


def test_a_legacy_name_is_found_by_what_it_stands_for(place: Place) -> None:
    draft = place.draft('{"sessionDefaultSettings": {"autonomyMode": "auto-high"}}')
    (one,) = said(draft)
    assert one[:2] == ("untrusted", '"autonomyMode"')


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('{"mcpServers": {"a": {"env": {"LOG": "debug"}}}}', []),
        ('{"mcpServers": {"a": {"env": {"API_TOKEN": "x"}}}}', ["secret"]),
        ('{"mcpServers": {"a": {"env": {"API_TOKEN": ""}}}}', []),
        ('{"mcpServers": {"a": {"env": {"API_TOKEN": "${SET}"}}}}', []),
        ('{"mcpServers": {"a": {"env": {"API_TOKEN": "${UNSET}"}}}}', ["variable"]),
        ('{"mcpServers": {"a": {"env": {"API_TOKEN": "${UNSET:-none}"}}}}', []),
        ('{"mcpServers": {"a": {"env": {"API_TOKEN": "${1}"}}}}', ["variable"]),
        ('{"mcpServers": {"a": {"headers": {"Authorization": "Bearer x"}}}}', ["secret"]),
        ('{"mcpServers": {"a": {"headers": {"Authorization": "Bearer ${SET}"}}}}', []),
        ('{"mcpServers": {"a": {"args": ["${UNSET}", "${SET}"]}}}', ["variable"]),
        ('{"mcpServers": {"a": {"enabledTools": ["${UNSET}"]}}}', []),
    ],
)
def test_secrets_and_variables(place: Place, text: str, codes: list[str]) -> None:
    place.write(text, "mcp.json")
    place.trust()
    assert [code for code, _, _ in said(place.draft(text, Kind.MCP))] == codes


def test_the_persons_own_file_is_a_level_of_its_own(place: Place) -> None:
    draft = place.draft('{"commandAllowlist": ["make"], "model": "x"}', folder=place.home)
    assert [one.code for one in findings_of(draft)] == ["overridden"]


def test_a_file_that_is_no_level_of_its_place_is_only_read(place: Place, tmp_path: Path) -> None:
    draft = place.draft('{"model": "x", "modle": 1}', folder=tmp_path / "elsewhere")
    assert [one.code for one in findings_of(draft)] == ["unknown-key"]


# --- hints, hovers, definitions ----------------------------------------------------------------


def test_hints_tell_what_holds_and_from_where(place: Place) -> None:
    draft = place.draft('{"maxAutonomyLevel": "high", "model": "mine"}')
    assert [hint.text for hint in hints_of(draft)] == [
        f"← low, org: {ORG_FILE}:2",
        f"← house, org: {ORG_FILE}:3",
    ]


def test_a_value_that_a_lower_level_tightens_has_a_hint_too(place: Place) -> None:
    path = place.write({"enableDroidShield": True, "maxAutonomyLevel": "off"}, "settings.json", place.home)
    draft = place.draft('{"maxAutonomyLevel": "low"}')
    assert findings_of(draft) == []
    assert [hint.text for hint in hints_of(draft)] == [f"← off, user: {path}:1"]


def hover(draft: Draft, offset: int) -> Hover:
    found = hover_at(draft, offset)
    assert found is not None
    return found


def test_a_hover_has_the_value_in_force_and_every_refusal(place: Place) -> None:
    text, offset = marked('{"maxAuto|nomyLevel": "high"}')
    found = hover(place.draft(text), offset)
    assert found.title == "maxAutonomyLevel"
    assert found.type == '"off", "low", "medium" or "high"'
    assert text[slice(*found.span)] == '"maxAutonomyLevel"'
    rows = [(row.label, row.code, row.text) for row in found.rows]
    assert ("Default", '"high"', "") in rows
    assert ("In force", '"low"', f"org: {ORG_FILE}:2") in rows
    assert rows[-1][:2] == ("Not in force", '"high"')


def test_a_hover_holds_no_secret(place: Place) -> None:
    text, offset = marked(
        '{"custom|Models": [{"id": "b", "model": "m", "provider": "openai", "apiKey": "mine"}]}'
    )
    found = str(hover(place.draft(text), offset))
    assert '"apiKey": "***"' in found
    assert "org-secret" not in found
    assert "mine" not in found


def test_a_variable_says_only_whether_it_is_set(place: Place) -> None:
    for name, word in (("SET", "set in"), ("UNSET", "not set in")):
        text, offset = marked('{"customModels": [{"apiKey": "${|' + name + '}"}]}')
        assert hover(place.draft(text), offset).description.startswith(word)


@pytest.mark.parametrize("text", ['{"sandbox": { | }}', "|{}", '{"nothing|": 1}', '{"a": |'])
def test_where_nothing_is_known_there_is_no_hover(place: Place, text: str) -> None:
    text, offset = marked(text)
    assert hover_at(place.draft(text), offset) is None


def test_definitions(place: Place) -> None:
    place.write('{\n"mcpServers": {\n"db": {"command": "x"}}}', "mcp.json", place.home)
    for text, kind, file, line in (
        ('{"maxAuto|nomyLevel": "high"}', Kind.SETTINGS, ORG_FILE, 2),
        ('{"model": "custom:ho|use"}', Kind.SETTINGS, ORG_FILE, 6),
        ('{"SubagentStop": [{"matcher": "revi|ewer"}]}', Kind.HOOKS, place.known.droids()["reviewer"], 1),
        ("---\nmcpServers: [d|b]\n---\n", Kind.DROID, place.home / "mcp.json", 3),
        ("---\nmodel: custom:hou|se\n---\n", Kind.DROID, ORG_FILE, 6),
        ('{\n\n"taint": "de|ny"}', Kind.SETTINGS, place.root / ".factory" / "settings.json", 3),
    ):
        text, offset = marked(text)
        (found,) = definition_at(place.draft(text, kind), offset)
        assert (found.file, found.line) == (file, line), text
    text, offset = marked('{"model": "un|known", "taint": 1}')
    assert definition_at(place.draft(text), 0) == []


def test_the_key_at_a_place(place: Place) -> None:
    for text, key in (
        ('{"sandbox": {"ena|bled": true}}', "sandbox.enabled"),
        ('{"customModels": [{"api|Key": ""}]}', "customModels"),
        ('{"environments": {"ci": {"ta|int": "ask"}}}', "taint"),
        ('{"sand|box": {}}', "sandbox"),
        ('{"no|ne": {}}', None),
    ):
        text, offset = marked(text)
        assert key_at(place.draft(text), offset) == key, text


def test_symbols_name_entries_and_hide_secrets(place: Place) -> None:
    draft = place.draft('{"customModels": [{"id": "a", "apiKey": "s"}, {}], "taint": "ask", "x": {"": 1}}')
    models, taint, other = symbols_of(draft)
    assert [child.name for child in models.children] == ["a", "[1]"]
    assert [(child.name, child.detail) for child in models.children[0].children] == [
        ("id", "a"),
        ("apiKey", "***"),
    ]
    assert (taint.name, taint.detail) == ("taint", "ask")
    assert [child.name for child in other.children] == ['""']


def test_a_very_long_file_is_only_said_to_be_long(place: Place) -> None:
    draft = place.draft('{"a": "' + "x" * (1 << 20) + '"}')
    (one,) = findings_of(draft)
    assert isinstance(one, Finding)
    assert one.message == "the file is larger than 1 MiB"
    assert symbols_of(draft) == []
    assert draft.cursor(3).slot.value == "nothing"
