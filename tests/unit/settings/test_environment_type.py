"""Where the program runs: what proves it, and that nothing a person can set does."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.settings.environment_type import environment_of, in_container

GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "1"}
GITLAB = {"CI": "true", "GITLAB_CI": "true", "CI_JOB_ID": "1"}
CLAIM = "DROID_ENVIRONMENT_TYPE"
PROVEN, UNPROVEN = True, False

ROWS: list[tuple[dict[str, str], dict[str, Any], str, bool]] = [
    ({}, {}, "local", UNPROVEN),
    ({}, {"container": True}, "sandbox", UNPROVEN),
    ({CLAIM: "sandbox"}, {}, "sandbox", UNPROVEN),
    ({CLAIM: "ci"}, {}, "ci", UNPROVEN),
    ({CLAIM: "local"}, {"container": True}, "local", UNPROVEN),
    ({CLAIM: "production"}, {}, "local", UNPROVEN),
    (GITHUB, {}, "ci", UNPROVEN),
    (GITLAB, {}, "ci", UNPROVEN),
    ({"CI": "1"}, {}, "ci", UNPROVEN),
    ({"CI": "false"}, {}, "local", UNPROVEN),
    (GITHUB, {"container": True}, "ci", UNPROVEN),
    # A variable does not hide the runner.
    (GITHUB | {CLAIM: "local"}, {}, "ci", UNPROVEN),
    (GITHUB | {CLAIM: "sandbox"}, {"trust_ci_variables": True}, "ci", PROVEN),
    # The organisation believes a runner's variables; `CI` alone is none.
    (GITHUB, {"trust_ci_variables": True}, "ci", PROVEN),
    (GITLAB, {"trust_ci_variables": True}, "ci", PROVEN),
    ({"CI": "true"}, {"trust_ci_variables": True}, "ci", UNPROVEN),
    ({"GITHUB_ACTIONS": "true"}, {"trust_ci_variables": True}, "local", UNPROVEN),
    ({CLAIM: "ci"}, {"trust_ci_variables": True}, "ci", UNPROVEN),
    ({}, {"trust_ci_variables": True, "container": True}, "sandbox", UNPROVEN),
    # What only an administrator can have written proves itself.
    ({}, {"system_type": "sandbox"}, "sandbox", PROVEN),
    (GITHUB, {"system_type": "sandbox"}, "sandbox", PROVEN),
    (GITHUB | {CLAIM: "local"}, {"system_type": "ci"}, "ci", PROVEN),
    ({}, {"system_type": "local"}, "local", PROVEN),
    ({}, {"system_type": "moon"}, "local", UNPROVEN),
    # The rest of the organisation's settings only make it stricter.
    ({}, {"org_type": "sandbox"}, "local", UNPROVEN),
    (GITHUB, {"org_type": "local", "trust_ci_variables": True}, "local", UNPROVEN),
    (GITHUB, {"org_type": "sandbox", "trust_ci_variables": True}, "ci", PROVEN),
    ({}, {"org_type": "ci", "container": True}, "ci", UNPROVEN),
    ({}, {"org_type": "moon", "container": True}, "sandbox", UNPROVEN),
]


@pytest.mark.parametrize(("environ", "facts", "kind", "verified"), ROWS)
def test_the_type_and_whether_it_is_proven(
    environ: dict[str, str], facts: dict[str, Any], kind: str, verified: bool
) -> None:
    found = environment_of(environ, **facts)
    assert (found.type, found.verified) == (kind, verified)


names = st.sampled_from(
    ["CI", "GITHUB_ACTIONS", "GITHUB_RUN_ID", "GITLAB_CI", "CI_JOB_ID", CLAIM, "CODESPACES"]
)
texts = st.sampled_from(["", "true", "1", "local", "ci", "sandbox"])


@given(environ=st.dictionaries(names, texts), container=st.booleans(), org_type=texts)
def test_no_variable_proves_anything_by_itself(
    environ: dict[str, str], container: bool, org_type: str
) -> None:
    assert not environment_of(environ, container=container, org_type=org_type).verified


@given(environ=st.dictionaries(names, texts), container=st.booleans())
def test_no_variable_moves_what_an_administrator_has_written(
    environ: dict[str, str], container: bool
) -> None:
    found = environment_of(environ, container=container, system_type="sandbox", org_type="local")
    assert (found.type, found.verified) == ("sandbox", True)


def test_containers_are_recognised(tmp_path: Path) -> None:
    assert not in_container({}, tmp_path)
    assert not in_container({"CODESPACES": ""}, tmp_path)
    assert in_container({"CODESPACES": "true"}, tmp_path)
    (tmp_path / ".dockerenv").touch()
    assert in_container({}, tmp_path)
