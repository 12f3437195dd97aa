"""What mends a finding, and that nothing else of the text goes with it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.settings.authoring.drafts import Place

from droid.settings import jsonc
from droid.settings.authoring.findings import findings_of
from droid.settings.authoring.fixes import Fix, fixes_for, removal
from droid.settings.factory_file import Kind


def mended(text: str, edits: tuple[tuple[tuple[int, int], str], ...]) -> str:
    for (start, end), new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def fixes(place: Place, text: str, kind: Kind = Kind.SETTINGS) -> dict[str, Fix]:
    draft = place.draft(text, kind)
    return {fix.title: fix for fix in fixes_for(draft, findings_of(draft))}


@pytest.mark.parametrize(
    ("text", "key", "result"),
    [
        ('{"a": 1, "b": 2, "c": 3}', "b", '{"a": 1, "c": 3}'),
        ('{"a": 1, "b": 2}', "b", '{"a": 1}'),
        ('{"a": 1, "b": 2}', "a", '{"b": 2}'),
        ('{"b": 2}', "b", "{}"),
        ('{\n  "a": 1,\n  "b": {\n    "x": 1\n  },\n  "c": 3\n}', "b", '{\n  "a": 1,\n  "c": 3\n}'),
        ('{\n  "a": 1,\n  // why\n  "b": 2\n}', "b", '{\n  "a": 1\n  // why\n}'),
        ('{\n  "a": 1, // one\n  "b": 2,\n}', "b", '{\n  "a": 1, // one\n}'),
        ('{\n  "b": 2, "c": 3\n}', "b", '{\n  "c": 3\n}'),
    ],
)
def test_a_key_is_taken_out_with_its_comma(tmp_path: Path, text: str, key: str, result: str) -> None:
    draft = Place(tmp_path).draft(text)
    item = draft.outline.get((key,))
    assert item is not None
    assert mended(text, removal(draft, item)) == result


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def somewhere(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("place"))


@settings(deadline=None)
@given(
    st.dictionaries(st.text(max_size=3), VALUES, min_size=1, max_size=4),
    st.sampled_from([None, 2]),
    st.data(),
)
def test_taking_out_anything_leaves_the_rest(
    somewhere: Place, value: dict[str, Any], indent: int | None, data: st.DataObject
) -> None:
    text = json.dumps(value, indent=indent)
    draft = somewhere.draft(text)
    item = data.draw(st.sampled_from([one for one in draft.outline.items() if one.path]))
    found = jsonc.parse(mended(text, removal(draft, item)).encode()).value
    *outer, last = item.path
    around: Any = value
    for step in outer:
        around = around[step]
    del around[last]
    assert found == value


def test_unknown_keys_are_renamed_in_json_and_in_front_matter(tmp_path: Path) -> None:
    place = Place(tmp_path)
    found = fixes(place, '{"modle": "x"}')
    assert set(found) == {"Rename to model", "Remove modle"}
    assert mended('{"modle": "x"}', found["Rename to model"].edits) == '{"model": "x"}'
    text = "---\nname: x\nmodle: y\n---\n"
    found = fixes(place, text, Kind.DROID)
    assert mended(text, found["Rename to model"].edits) == "---\nname: x\nmodel: y\n---\n"
    assert mended(text, found["Remove modle"].edits) == "---\nname: x\n---\n"


def test_what_waits_for_trust_offers_it_and_what_is_malformed_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (fix,) = fixes(place, '{"commandAllowlist": ["make"]}').values()
    assert (fix.title, fix.command, fix.edits) == ("Trust this workspace…", "droid.trust", ())
    assert fixes(place, '{"taint": "x"}') == {}
    assert fixes(place, '{"taint": ') == {}
