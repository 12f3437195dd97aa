import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.settings.jsonc import MAX_BYTES, Document, MalformedJson, Place, dotted, parse, shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        (' \t\r\n{ "a" : 1 } \n', {"a": 1}),
        ('{"a": [1, -2.5, 1e3, 0, -0, true, false, null, "x", {}, []]}', None),
        ('{"a": "\\u00e9\\n\\ud83d\\ude00 é"}', {"a": "é\n😀 é"}),
        ('\ufeff{"a": 1}', {"a": 1}),
        ('{"a": 1,}', {"a": 1}),
        ('{"a": [1, 2, ], }', {"a": [1, 2]}),
        ('// first\n{/**/"a"/* x */:// y\n1/* z\n*/,}// end', {"a": 1}),
        ('{"a": "// no comment /* here */"}', {"a": "// no comment /* here */"}),
        ('/***/{"a": 1}/* a * / b **/', {"a": 1}),
        ('{"": {"": 1}}', {"": {"": 1}}),
        ('{"a": ' + "[" * 63 + "]" * 63 + "}", None),
    ],
)
def test_settings_are_read_as_people_write_them(text: str, value: object) -> None:
    assert parse(text.encode()).value == (json.loads(text) if value is None else value)


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"", 1, 1, "empty"),
        (b"  \n // nothing\n", 3, 1, "empty"),
        (b"[]", 1, 1, "object in { }"),
        (b'"a"', 1, 1, "object in { }"),
        (b"{", 1, 2, "key in double quotes"),
        (b"{'a': 1}", 1, 2, "key in double quotes"),
        (b"{a: 1}", 1, 2, "key in double quotes"),
        (b"{,}", 1, 2, "key in double quotes"),
        (b'{"a"}', 1, 5, "colon"),
        (b'{"a" 1}', 1, 6, "colon"),
        (b'{"a":}', 1, 6, "value is missing"),
        (b'{"a":', 1, 6, "value is missing"),
        (b'{"a": 1 "b": 2}', 1, 9, "comma or }"),
        (b'{"a": 1,,}', 1, 9, "key in double quotes"),
        (b'{"a": [1 2]}', 1, 10, "comma or ]"),
        (b'{"a": [,]}', 1, 8, "value is missing"),
        (b'{"a": [1}', 1, 9, "comma or ]"),
        (b'{"a": tru}', 1, 7, "not a JSON value"),
        (b'{"a": True}', 1, 7, "not a JSON value"),
        (b'{"a": NaN}', 1, 7, "not a JSON value"),
        (b'{"a": -Infinity}', 1, 7, "not a number"),
        (b'{"a": +1}', 1, 7, "not a JSON value"),
        (b'{"a": .5}', 1, 7, "not a JSON value"),
        (b'{"a": 01}', 1, 8, "comma or }"),
        (b'{"a": 1.}', 1, 8, "comma or }"),
        (b'{"a": 0x10}', 1, 8, "comma or }"),
        (b'{"a": 1e999}', 1, 7, "out of range"),
        (b'{"a": ' + b"9" * 100 + b"}", 1, 7, "not a number"),
        (b'{"a": "x', 1, 7, "unterminated"),
        (b'{"a": "\x01"}', 1, 8, "control character"),
        (b'{"a": "x\ny"}', 1, 9, "control character"),
        (b'{"a": "\\q"}', 1, 8, "escape"),
        (b'{"a": "\\ud800"}', 1, 7, "surrogate"),
        (b'{"a": 1} x', 1, 10, "follows the end"),
        (b'{"a": 1}{}', 1, 9, "follows the end"),
        (b'{} /* open', 1, 4, "not closed"),
        (b'{"a": /* open', 1, 7, "not closed"),
        (b'{\n  "model": "a",\n  "model": "b"\n}', 3, 3, "'model' is given twice, first on line 2"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', 1, 16, "'b' is given twice"),
        (b'{"a": "\xff"}', 1, 8, "not UTF-8"),
        ('{"é\n": "'.encode() + b"\xff", 2, 5, "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), 1, 1, "not UTF-8"),
        (b'{"a": 1}\0', 1, 9, "NUL"),
        (b'{"a": "\\u0000"} // \0', 1, 20, "NUL"),
        (b"x" * (MAX_BYTES + 1), 1, 1, "larger than 1 MiB"),
        (b'{"a": ' + b"[" * 100_000, 1, 71, "nested more than 64 deep"),
        (b'{"a": ' * 100_000, 1, 391, "nested more than 64 deep"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_with_its_place(data: bytes, line: int, column: int, reason: str) -> None:
    with pytest.raises(MalformedJson) as caught:
        parse(data)
    assert reason in str(caught.value)
    assert caught.value.place == Place(line=line, column=column)


def test_every_part_knows_its_place() -> None:
    document = parse(b'{\n  "a": 1,\n  "b": [\n    {"c": "x"},\n    2\n  ]\n}')

    def places(*path: str | int) -> tuple[tuple[int, int], tuple[int, int]]:
        key, value = document.key_place(path), document.value_place(path)
        return (key.line, key.column), (value.line, value.column)

    assert places("a") == ((2, 3), (2, 8))
    assert places("b") == ((3, 3), (3, 8))
    assert places("b", 0) == ((4, 5), (4, 5))
    assert places("b", 0, "c") == ((4, 6), (4, 11))
    assert places("b", 1) == ((5, 5), (5, 5))
    assert places("b", 1, "missing") == ((5, 5), (5, 5))
    assert places("missing") == places() == ((1, 1), (1, 1))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip
OBJECTS = st.dictionaries(st.text(st.characters(codec="utf-8")), JSON, max_size=5)


@given(OBJECTS, st.sampled_from([None, 2]), st.booleans())
def test_all_json_is_read_as_any_reader_would(
    value: dict[str, object], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if "\\u0000" not in text or ascii_only:
        assert parse(text.encode()).value == value


@given(st.binary(max_size=200) | st.text(st.sampled_from('{}[]",:/*\\\n 0123eE-+.ntfau\ud83d'), max_size=60).map(
    lambda text: text.encode(errors="replace")))  # fmt: skip
def test_any_bytes_are_either_read_or_refused(data: bytes) -> None:
    place = Place(line=1, column=1)
    try:
        assert isinstance(parse(data), Document)
    except MalformedJson as error:
        place = error.place
    assert 1 <= place.line <= data.count(b"\n") + 1
    assert place.column >= 1


@given(OBJECTS, st.data())
def test_a_file_that_was_cut_short_is_never_read_as_a_smaller_one(
    value: dict[str, object], data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=False).encode()
    with pytest.raises(MalformedJson):
        parse(text[: data.draw(st.integers(0, len(text) - 1))])


def test_paths_are_shown_as_people_write_them() -> None:
    assert dotted(("customModels", 0, "apiKey")) == "customModels[0].apiKey"
    assert dotted(("a b", "\x1b[31m")) == "'a b'.'\\x1b[31m'"
    assert dotted(()) == ""
    assert len(shown("x" * 1000)) < 50
