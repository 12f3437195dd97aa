"""What is checked at run time, and what the models say: the same of every value."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.unit.settings.json_values import JUNK, ODD_VALUES, at_the_bounds, fitting, nearly_fitting, places

from droid.settings.generate import MODELS
from droid.settings.schema_tree import SCHEMA_NAMES, SchemaName, load
from droid.settings.validate import validate

SLOW = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def complaints_of_pydantic(name: SchemaName, value: Any) -> set[Any]:
    """The outermost keys that the models refuse; `()` stands for the value itself."""
    try:
        MODELS[name].model_validate_json(json.dumps(value))
    except ValidationError as error:
        return {one["loc"][0] if one["loc"] else () for one in error.errors()}
    return set()


def complaints_of_ours(name: SchemaName, value: Any) -> set[Any]:
    found: set[Any] = set()
    for problem in validate(load(name), value).problems:
        missing = problem.reason.removeprefix("the key '").removesuffix("' is missing")
        at_root = () if missing == problem.reason else missing
        found.add(problem.path[0] if problem.path else at_root)
    return found


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_place_of_a_file_takes_the_same_values(name: SchemaName) -> None:
    for node, wrap in places(load(name)):
        for value in (*ODD_VALUES, *at_the_bounds(node)):
            file = wrap(value)
            assert complaints_of_ours(name, file) == complaints_of_pydantic(name, file), (node.path, value)


@pytest.mark.parametrize("name", SCHEMA_NAMES)
@SLOW
@given(data=st.data())
def test_what_fits_is_accepted_by_both(name: SchemaName, data: st.DataObject) -> None:
    value = data.draw(fitting(load(name)))
    assert complaints_of_pydantic(name, value) == set()
    assert validate(load(name), value).problems == []


@pytest.mark.parametrize("name", SCHEMA_NAMES)
@SLOW
@given(data=st.data())
def test_what_does_not_fit_is_refused_by_both_and_at_the_same_keys(
    name: SchemaName, data: st.DataObject
) -> None:
    value = data.draw(nearly_fitting(load(name)))
    assert complaints_of_ours(name, value) == complaints_of_pydantic(name, value)


@pytest.mark.parametrize("name", SCHEMA_NAMES)
@SLOW
@given(data=st.data())
def test_each_key_takes_or_refuses_anything_as_the_models_do(name: SchemaName, data: st.DataObject) -> None:
    node = load(name)
    keys = data.draw(st.lists(st.sampled_from(sorted(node.properties)), min_size=1, max_size=3, unique=True))
    value = {key: data.draw(JUNK) for key in keys}
    assert complaints_of_ours(name, value) == complaints_of_pydantic(name, value)


@pytest.mark.parametrize("name", SCHEMA_NAMES)
@given(value=JUNK)
def test_a_file_that_is_no_object_is_refused_by_both(name: SchemaName, value: Any) -> None:
    assert bool(complaints_of_ours(name, value)) is bool(complaints_of_pydantic(name, value))
