import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.settings.jsonc import parse
from droid.settings.list_edit import CannotEdit, with_item

KEY = "commandAllowlist"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n  "commandAllowlist": [\n    "npm test"\n  ]\n}\n'),
        ("{}", '{\n  "commandAllowlist": ["npm test"]\n}'),
        ('{"model": "x"}', '{"model": "x", "commandAllowlist": ["npm test"]}'),
        ('{"commandAllowlist": []}', '{"commandAllowlist": ["npm test"]}'),
        ('{"commandAllowlist": ["ls"]}', '{"commandAllowlist": ["ls", "npm test"]}'),
        ('{"commandAllowlist": ["ls",]}', '{"commandAllowlist": ["ls", "npm test",]}'),
        ('{"commandAllowlist": ["npm test"]}', '{"commandAllowlist": ["npm test"]}'),
        (
            '{\n  // mine\n  "model": "x" // the best\n}\n',
            '{\n  // mine\n  "model": "x", // the best\n  "commandAllowlist": ["npm test"]\n}\n',
        ),
        (
            '{\n\t"model": {"a": [1, "}"]},\n}\n',
            '{\n\t"model": {"a": [1, "}"]},\n\t"commandAllowlist": ["npm test"],\n}\n',
        ),
        (
            '{\n  "commandAllowlist": [\n    "ls" /* looks */\n    // more to come\n  ],\n  "model": "x"\n}\n',
            '{\n  "commandAllowlist": [\n    "ls", /* looks */\n    "npm test"\n    // more to come\n  ],\n  "model": "x"\n}\n',
        ),
        (
            '{\r\n  "commandAllowlist": [\r\n    "ls"\r\n  ]\r\n}\r\n',
            '{\r\n  "commandAllowlist": [\r\n    "ls",\r\n    "npm test"\r\n  ]\r\n}\r\n',
        ),
        ('{"a": 1 // one\n}', '{"a": 1, "commandAllowlist": ["npm test"] // one\n}'),
        ('\ufeff{"a": true}', '\ufeff{"a": true, "commandAllowlist": ["npm test"]}'),
        ('{"commandAllowlist": ["a\\"] // b"]}', '{"commandAllowlist": ["a\\"] // b", "npm test"]}'),
    ],
)
def test_an_item_is_added_and_the_rest_of_the_text_stays(before: str, after: str) -> None:
    assert with_item(before.encode(), KEY, "npm test").decode() == after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "malformed"),
        ('{"a": 1, "a": 2}', "given twice"),
        ("[]", "malformed"),
        (" ", "malformed"),
        ('{"commandAllowlist": "npm test"}', "no list"),
        ('{"commandAllowlist": null}', "no list"),
    ],
)
def test_what_cannot_be_read_is_not_written(text: str, why: str) -> None:
    with pytest.raises(CannotEdit, match=why):
        with_item(text.encode(), KEY, "npm test")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
_ITEMS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(
    value=st.dictionaries(st.text(max_size=4), _VALUES, max_size=4),
    known=st.none() | st.lists(_ITEMS, max_size=3),
    item=_ITEMS,
    indent=st.sampled_from([None, 0, 2, "\t"]),
)
def test_whatever_the_file_says_it_says_the_same_and_the_item(
    value: dict[str, Any], known: list[str] | None, item: str, indent: int | str | None
) -> None:
    if known is not None:
        value[KEY] = known
    data = json.dumps(value, indent=indent).encode()
    made = parse(with_item(data, KEY, item)).value
    items = [*(known or [])]
    assert made == {**value, KEY: items if item in items else [*items, item]}
    assert with_item(with_item(data, KEY, item), KEY, item) == with_item(data, KEY, item)
