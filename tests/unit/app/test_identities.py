"""What a person may be known by, whatever stands in the place of their git configuration."""

import os
from pathlib import Path

import pytest

from droid.app.policies import identities


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / ".gitconfig"


def test_a_person_is_known_by_their_names_and_the_address_of_their_commits(config: Path) -> None:
    config.write_text('[core]\n\temail = no\n[user]\n\temail = "a@x.example"\n')
    assert identities({"HOME": str(config.parent), "USER": "a", "LOGNAME": "a"}) == ("a", "a@x.example")


def test_what_is_no_file_of_a_sensible_size_is_not_waited_for(config: Path) -> None:
    os.mkfifo(config)
    assert identities({"HOME": str(config.parent)}) == ()
    assert identities({"GIT_CONFIG_GLOBAL": "/dev/zero"}) == ()
    assert identities({"GIT_CONFIG_GLOBAL": str(config.parent)}) == ()
