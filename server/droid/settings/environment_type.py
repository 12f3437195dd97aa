"""Where the program runs, and whether that is proven: what is not can only tighten.

A person can set any variable, so a variable proves nothing; it may still say where the program runs, since
an unproven type loosens nothing. Which type holds is never a choice: a variable does not hide a runner, and
an organisation's settings only move the type towards `local`, the strictest.
"""

from collections.abc import Mapping
from pathlib import Path

from droid.settings.snapshot import Environment

VARIABLE = "DROID_ENVIRONMENT_TYPE"
_STRICTEST_FIRST = ("local", "ci", "sandbox")

# What a runner sets, with a value that only it would.
_RUNNERS = {
    "GITHUB_ACTIONS": "GITHUB_RUN_ID",
    "GITLAB_CI": "CI_JOB_ID",
    "BUILDKITE": "BUILDKITE_JOB_ID",
    "JENKINS_URL": "BUILD_ID",
    "TF_BUILD": "BUILD_BUILDID",
    "CIRCLECI": "CIRCLE_BUILD_NUM",
    "BITBUCKET_BUILD_NUMBER": "BITBUCKET_PIPELINE_UUID",
}
_CONTAINER_VARIABLES = ("CODESPACES", "REMOTE_CONTAINERS", "DEVCONTAINER", "container")
_CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")


def in_container(environ: Mapping[str, str], root: Path = Path("/")) -> bool:
    """Whether the program seems to run in a container."""
    if any(environ.get(name) for name in _CONTAINER_VARIABLES):
        return True
    return any((root / name.lstrip("/")).exists() for name in _CONTAINER_FILES)


def environment_of(
    environ: Mapping[str, str],
    *,
    container: bool = False,
    system_type: str = "",
    org_type: str = "",
    trust_ci_variables: bool = False,
) -> Environment:
    """The type of the environment, and whether it is verified.

    Args:
        container: The program seems to run in one.
        system_type: What only an administrator can have written on this machine or image; it is the proof.
        org_type: `deployment.environmentType` of the organisation's other settings.
        trust_ci_variables: `deployment.trustCiVariables` of the organisation: a runner's variables prove it.
    """
    if system_type in _STRICTEST_FIRST:
        return Environment(type=system_type, verified=True)
    runner = any(environ.get(name) and environ.get(proof) for name, proof in _RUNNERS.items())
    claimed = environ.get(VARIABLE, "")
    if runner or environ.get("CI", "").lower() in {"1", "true"}:
        detected = "ci"
    elif claimed in _STRICTEST_FIRST:
        detected = claimed
    else:
        detected = "sandbox" if container else "local"
    found = detected
    if org_type in _STRICTEST_FIRST:
        found = min(detected, org_type, key=_STRICTEST_FIRST.index)
    return Environment(type=found, verified=found == "ci" and runner and trust_ci_variables)
