"""Writing into a person's own settings file: whole, alone, and nobody else's."""

from pathlib import Path

import pytest

from droid.domain.errors import SettingsError
from droid.settings.user_allowlist import allow_always

TEXT = b'{\n  // mine\n  "model": "x"\n}\n'
WITH = b'{\n  // mine\n  "model": "x",\n  "commandAllowlist": ["npm test"]\n}\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "settings.json"


def write(file: Path, data: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    file.chmod(0o600)


def test_an_entry_is_added_and_what_a_person_wrote_stays(file: Path) -> None:
    write(file, TEXT)
    assert allow_always(file, "npm test", expected=TEXT) == WITH
    assert file.read_bytes() == WITH
    assert allow_always(file, "npm test", expected=WITH) == WITH


def test_a_file_that_is_not_there_is_made_for_this_user_alone(file: Path) -> None:
    made = allow_always(file, "npm test", expected=None)
    assert file.read_bytes() == made
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_a_person_lets_others_read_they_may_still_read(file: Path) -> None:
    write(file, TEXT)
    file.chmod(0o644)
    allow_always(file, "npm test", expected=TEXT)
    assert file.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("expected", [None, b"{}"])
def test_what_somebody_else_changed_is_left_alone(file: Path, expected: bytes | None) -> None:
    write(file, TEXT)
    with pytest.raises(SettingsError, match="changed by somebody else"):
        allow_always(file, "npm test", expected=expected)
    assert file.read_bytes() == TEXT


def test_no_link_is_followed(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(TEXT)
    file.parent.mkdir()
    file.symlink_to(other)
    with pytest.raises(SettingsError, match="not a regular file"):
        allow_always(file, "npm test", expected=TEXT)
    assert other.read_bytes() == TEXT
    assert file.is_symlink()


def test_what_others_may_write_is_not_written(file: Path) -> None:
    write(file, TEXT)
    file.chmod(0o666)
    with pytest.raises(SettingsError, match="written by others"):
        allow_always(file, "npm test", expected=TEXT)


def test_a_malformed_file_is_named_with_its_line(file: Path) -> None:
    write(file, b'{\n  "model": \n}')
    with pytest.raises(SettingsError, match=r"settings\.json is malformed \(line 3"):
        allow_always(file, "npm test", expected=b'{\n  "model": \n}')
    assert file.read_bytes() == b'{\n  "model": \n}'
