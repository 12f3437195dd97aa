"""The pinned lists in `requirements/` fit what the project asks for, and each other."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
RUN: list[str] = PROJECT["project"]["dependencies"]
ASKED = {
    "run": RUN,
    "test": [*RUN, *GROUPS["test"]],
    "bench": [*RUN, *GROUPS["bench"]],
    "build": GROUPS["build"],
    "editors": GROUPS["editors"],
    "fuzz": [*RUN, *GROUPS["fuzz"]],
    "lock": GROUPS["lock"],
    "mutation": GROUPS["mutation"],
    "release": GROUPS["release"],
    "sample": GROUPS["sample"],
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, Version]:
    return {package.lower(): Version(version) for package, version in PIN.findall(text_of(name))}


def test_every_list_is_one_that_the_project_declares() -> None:
    assert {path.stem for path in (ROOT / "requirements").iterdir()} == set(ASKED)
    assert set(GROUPS) | {"run"} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_what_the_project_asks_for_is_pinned_within_its_range(name: str) -> None:
    """Run `make lock` after a change of the dependencies."""
    found = pins(name)
    for line in ASKED[name]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(found[requirement.name.lower()]), line


@pytest.mark.parametrize("name", ASKED)
def test_every_pin_has_a_digest_and_names_no_host(name: str) -> None:
    text = text_of(name)
    assert "://" not in text
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_a_package_is_the_same_release_in_every_list() -> None:
    seen: dict[str, Version] = {}
    for name in ("run", "test", "build", "bench", "fuzz", "mutation", "release"):
        for package, version in pins(name).items():
            assert seen.setdefault(package, version) == version, f"{package} in {name}"


def test_the_build_backend_is_pinned_as_the_build_asks() -> None:
    """The set-ups build without isolation, so what the build needs comes from the pinned list."""
    assert PROJECT["build-system"]["requires"] == GROUPS["build"]
